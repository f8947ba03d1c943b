"""What a clause is about: the kind of thing inspected, the shape of a scope, and the masked text they are read on.

Whom a clause is about is read in `scope_reading`, its period in `told_periods`. No rate, score or count is read here.
Reading goes on masked text, in which titles, quotations and remarks in brackets are blanked, so that their words and
numbers say nothing.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.group_words import is_name_part
from tongbao.extract.lexicon import load
from tongbao.extract.spans import sentences, split_outside

BLANK = "＿"
_HIDDEN = re.compile(r"《[^《》\n]*》|“[^“”\n]*”|〔[^〔〕\n]*〕")
_REMARK = re.compile(r"（(?:(?P<n>\d{1,6})）(?=[个家])|([^（）\n]*)）)")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a figure is about: a place by its official name, a group or unit as printed, and where it stands."""

    name: str
    level: str
    code: str
    start: int
    end: int

    def moved(self, by: int) -> "Scope":
        """Return the scope with its offsets `by` characters further on."""
        return Scope(self.name, self.level, self.code, self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Subject:
    """An inspected kind of thing as printed: `measure` is its code; `is_group` for one platform or the portals."""

    measure: str
    words: str
    is_group: bool
    start: int
    end: int


@lru_cache(maxsize=16)
def mask(text: str) -> str:
    """Return the text with titles, quotations and longer remarks blanked, every character at its place.

    Short brackets without digits are part of a name and stay: 县（市）, 市（州）. So do counts: 不合格（5）个.
    """
    masked = _HIDDEN.sub(lambda m: BLANK * len(m.group()), text)
    return _REMARK.sub(lambda m: m.group() if m["n"] or is_name_part(m[2]) else BLANK * len(m.group()), masked)


def sentence_clauses(text: str, start: int, end: int) -> list[list[Span]]:
    """Return the sentences of a passage, each as its clauses (pieces between ，and ；); none is without a clause."""
    return [[(start + s, start + e) for s, e in clauses] for clauses in _sentence_clauses(text[start:end])]


@lru_cache(maxsize=20_000)
def _sentence_clauses(text: str) -> tuple[tuple[Span, ...], ...]:
    cut = (tuple(split_outside(text, s, e, "，；,;")) for s, e in sentences(text, 0, len(text)))
    return tuple(clauses for clauses in cut if clauses)


@cache
def _objects() -> re.Pattern[str]:
    """Every wording of an inspected thing, longest first."""
    return re.compile("|".join(map(re.escape, sorted(_object_kinds(), key=lambda w: (-len(w), w)))))


@cache
def _object_kinds() -> dict[str, tuple[str, bool]]:
    """Wording -> what is measured, and whether it names a group."""
    rows = load("inspected_objects", required=("wording", "measure", "group"))
    found = {(r["wording"], r["measure"], r["group"] == "yes") for r in rows}
    return {words: (measure, is_group) for words, measure, is_group in sorted(found, reverse=True)}


def find_subjects(masked: str, start: int, end: int) -> list[Subject]:
    """Return the inspected things named in a passage, longest wording first, left to right.

    Example: 抽查政府网站30个、政务新媒体50个 -> website, new_media.
    """
    return [
        Subject(measure, words, is_group, start + s, start + e)
        for measure, words, is_group, s, e in _things(masked[start:end])
    ]


@lru_cache(maxsize=50_000)
def _things(words: str) -> tuple[tuple[str, str, bool, int, int], ...]:
    kinds = _object_kinds()
    found = [(kinds[m.group()][0], m.group(), kinds[m.group()][1], *m.span()) for m in _objects().finditer(words)]
    if "频道" in words:  # of 门户网站各频道 the channels are meant
        behind = [*found[1:], None]
        found = [a for a, b in zip(found, behind, strict=True) if not (b and _is_owner(words, a[0], a[4], b[0], b[3]))]
    return tuple(found)


def _is_owner(words: str, measure: str, end: int, next_measure: str, start: int) -> bool:
    """Whether a site is named only as that of the channels right behind it: 门户网站各频道."""
    is_near = re.fullmatch("的?(?:各|部门|各部门|子)?", words[end:start]) is not None
    return measure == "website" and next_measure == "channel" and is_near


def own_scope(context: Context, start: int = 0, end: int = 0) -> Scope | None:
    """Return the issuer's own territory as a scope; None where it is not known."""
    place = context.place
    if place.level == "national":
        return Scope("全国", "national", "", start, end)
    if not place.is_resolved:
        return None
    return Scope(place.official_name, place.level, place.code, start, end)
