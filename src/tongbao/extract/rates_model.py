"""What is said about passing, as read: statements and counts, each with its frame. No reading happens here."""

from dataclasses import dataclass, field

from tongbao.extract.facts import Span
from tongbao.extract.mentions import Number
from tongbao.extract.rates_counts import Count
from tongbao.extract.rates_inspection import Inspection
from tongbao.extract.statements import Scope


@dataclass(frozen=True, slots=True)
class Frame:
    """Of whom, when, of what kind of thing, and checked by whom; unknown texts are empty."""

    scope: Scope
    period: str
    measure: str
    inspector: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes a row of its own."""
        return self.scope.name, self.period, self.measure, self.inspector


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said about passing.

    `kind`: stated, failure (a failure rate), all (everything passed), change (`number` points, or level), streak
    (`steps` periods). `ref` is the period that a change compares with. `number` is None without a printed figure.
    """

    kind: str
    frame: Frame
    start: int
    end: int
    number: Number | None = None
    steps: int = 1
    sign: int = 0
    ref: str = ""
    design: str = ""
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A count with the frame it belongs to."""

    count: Count
    frame: Frame


@dataclass
class Reading:
    """All that a circular says about passing, in text order."""

    inspection: Inspection
    statements: list[Statement] = field(default_factory=list)
    counts: list[Counted] = field(default_factory=list)


@dataclass
class State:
    """What is carried from clause to clause: scopes within a sentence, measures further, a period within a line.

    `rate_words` is the kind of a rate whose figure is still to come (合格率较高，达到97%: stated; failure).
    `headed` is the inspector that a heading names, until a sentence names another.
    `role` and `parts` are of the last count and of the bare counts in a row, `latest` the rates that a change may
    refer to, `whole` whether the own place was named before several bodies, `seen` the measures of the sentence,
    `announced` is where the clause of `rate_words` begins, `is_monthly` whether the sentence tells months.
    """

    scopes: list[Scope]
    measures: list[str]
    period: str | None = None
    inspector: str | None = None
    headed: str | None = None
    role: str = ""
    rate_words: str = ""
    latest: list[Statement] = field(default_factory=list)
    parts: int = 0
    whole: bool = False
    is_monthly: bool = False
    announced: int = -1
    seen: list[str] = field(default_factory=list)
