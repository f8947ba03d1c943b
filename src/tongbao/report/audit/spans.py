"""Text cut at the borders of all that lies on it, so that overlapping and nested spans can all be shown.

What belongs here: pure work on offsets. What does not: what a span means, HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Span = tuple[int, int]
Kind = Literal["row", "numeral", "gap", "private", "here", "used", "repair"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that lies on the characters `[start, end)`; `key` names it among those of its kind."""

    start: int
    end: int
    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between two borders, with every mark that covers it: the shortest first, then in the order given."""

    start: int
    end: int
    marks: tuple[Mark, ...]

    def of(self, kind: Kind) -> tuple[Mark, ...]:
        """The marks of one kind."""
        return tuple(mark for mark in self.marks if mark.kind == kind)


def segments(start: int, end: int, marks: Iterable[Mark]) -> Iterator[Segment]:
    """Cut `[start, end)` at every border of the marks in it; the pieces joined are `[start, end)` again.

    An empty mark covers no character and is not met with; whoever shows empty marks places them by their offset.
    """
    inside = [m for m in marks if m.start < end and start < m.end and m.start < m.end]
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for n, mark in enumerate(inside):
        opening.setdefault(max(start, mark.start), []).append(n)
        closing.setdefault(min(end, mark.end), []).append(n)
    borders = sorted({start, end, *opening, *closing})
    covering: set[int] = set()
    for low, high in pairwise(borders):
        covering.difference_update(closing.get(low, ()))
        covering.update(opening.get(low, ()))
        found = sorted(covering, key=lambda n: (inside[n].end - inside[n].start, n))
        yield Segment(low, high, tuple(inside[n] for n in found))


def lines(text: str) -> list[Span]:
    """The lines of a text as spans, without their line feeds; empty lines are left out."""
    found, at = [], 0
    for line in text.split("\n"):
        if line:
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found


def sentence(text: str, start: int, end: int, reach: int = 60) -> Span:
    """The sentence or sentences of one line that hold `[start, end)`, no more than `reach` characters either side."""
    low = max(start - reach, 0)
    for mark in "。！？；\n":
        low = max(low, text.rfind(mark, low, start) + 1)
    high = min(end + reach, len(text))
    if end > start and text[end - 1] not in "。！？；\n":
        stops = [at + (mark != "\n") for mark in "。！？；\n" if (at := text.find(mark, end, high)) >= 0]
        high = min([high, *stops])
    else:
        high = end
    return low, high


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as sorted spans that neither overlap nor touch."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
