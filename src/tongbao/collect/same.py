"""Is this document one that the collection has, from another site? And which of two copies is the better one?

Two copies of a circular share nearly all their text and, above all, their figures. Circulars of one office share
wording too, from quarter to quarter, but not the figures, the period and the document number. So wording alone never
makes two documents the same. Shares are of the shorter text's stretches (containment, Broder 1997, "On the resemblance
and containment of documents"), so that a copy may lack an annex.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tongbao.extract.context import read_context
from tongbao.extract.document import Document
from tongbao.extract.pipeline import circular_row
from tongbao.restore.pipeline import Restored
from tongbao.restore.script import count_han

STRETCH = 6
"""Characters of the stretches that are compared."""

SAME_TEXT = 0.60
"""Least share of common stretches. The five first circulars, damaged as mirrors do it at every line, keep 0.97 and more
(tests/collect); a copy with its lists in another order 0.73."""

SAME_FIGURES = 0.70
"""Least share of common figures with the characters around them. Damaged copies keep 0.82 and more, the same wording
with other figures, as in the next quarter, under 0.25."""

MIN_LENGTH = 0.5
"""Least length of the shorter copy against the longer one: less is an excerpt, not a copy."""

MIN_FIGURES = 5
"""With fewer figures in the shorter one, these decide nothing: then titles or document numbers must agree."""

MAX_COMPARED = 500_000
"""Characters of a text that are compared; more only costs memory."""

NO_COPIES = frozenset({"machine_translated", "spun", "news", "not_circular"})
"""Kinds of text that are about a circular, or no longer its text: never witnesses of it."""

_KEPT = re.compile(r"[0-9\u3400-\u9fff.%]+")
_FIGURE = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)?%?")
_QUOTES = re.compile(r"[《》\s]")
_KINDS = {"clean": 0, "mirror": 1}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a document."""

    circular_id: str
    file: str
    title: str
    doc_number: str
    period: str
    province_code: str
    copy_kind: str
    n_han: int
    n_gaps: int
    n_shifted: int
    stretches: frozenset[str]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two documents are: shares of common stretches and figures, and what follows."""

    text: float
    figures: float
    is_same: bool
    reason: str


def profile(restored: Restored) -> Profile:
    """Make the profile of a restored document."""
    row = circular_row(read_context(Document(restored.circular_id, restored.text)))
    text = "".join(_KEPT.findall(restored.text[:MAX_COMPARED]))
    return Profile(
        circular_id=restored.circular_id,
        file=restored.raw_file,
        title=_QUOTES.sub("", str(row.get("title") or "")),
        doc_number=str(row.get("doc_number") or ""),
        period=str(row.get("period") or ""),
        province_code=str(row.get("province_code") or ""),
        copy_kind=restored.copy_kind,
        n_han=count_han(restored.text),
        n_gaps=len(restored.gaps),
        n_shifted=sum(repair.kind == "shifted_bytes" for repair in restored.repairs),
        stretches=frozenset(text[n : n + STRETCH] for n in range(len(text) - STRETCH + 1)),
        figures=frozenset(text[max(0, m.start() - 3) : m.end() + 2] for m in _FIGURE.finditer(text)),
    )


def compare(one: Profile, two: Profile) -> Likeness:
    """Tell whether two documents are copies of one circular.

    They are not where they print different document numbers, periods or provinces, whatever else they share; where
    one of them is a report on a circular; or where one is only an excerpt.
    """
    text = _share(one.stretches, two.stretches)
    figures = _share(one.figures, two.figures)

    def answer(is_same: bool, reason: str) -> Likeness:
        return Likeness(round(text, 4), round(figures, 4), is_same, reason)

    if text < SAME_TEXT:
        return answer(False, "the texts differ")
    for found in (one, two):
        if found.copy_kind in NO_COPIES:
            return answer(False, f"{found.file} is no copy of a circular ({found.copy_kind})")
    if one.doc_number and two.doc_number and one.doc_number != two.doc_number:
        return answer(False, f"the document numbers differ ({one.doc_number}, {two.doc_number})")
    if one.period and two.period and one.period != two.period:
        return answer(False, f"the periods differ ({one.period}, {two.period})")
    if one.province_code and two.province_code and one.province_code != two.province_code:
        return answer(False, "the provinces differ")
    if min(one.n_han, two.n_han) < MIN_LENGTH * max(one.n_han, two.n_han):
        return answer(False, "one is only an excerpt of the other")
    if min(len(one.figures), len(two.figures)) < MIN_FIGURES:
        agree = bool(one.doc_number and one.doc_number == two.doc_number) or bool(one.title and one.title == two.title)
        return answer(agree, "title or document number agree" if agree else "there are too few figures to tell")
    if figures < SAME_FIGURES:
        return answer(False, "the wording is the same, the figures differ")
    return answer(True, f"{text:.0%} of the wording and {figures:.0%} of the figures are the same")


def nearest(new: Profile, known: Sequence[Profile]) -> tuple[Profile, Likeness] | None:
    """The known document most like a new one: a copy of the same circular before any other, then by shares."""
    compared = [(other, compare(new, other)) for other in known]
    return min(compared, key=lambda c: (not c[1].is_same, -c[1].figures, -c[1].text, c[0].circular_id), default=None)


def is_better(new: Profile, old: Profile) -> bool:
    """Whether `new` should be read instead of `old`.

    In this order: the whole text before a part, fewer gaps, a copy without damage before a mirrored one, fewer places
    that only a language model could read. Where they are level the old one stays.
    """
    longest = max(new.n_han, old.n_han)

    def rank(one: Profile) -> tuple[bool, int, int, int]:
        return one.n_han < 0.95 * longest, one.n_gaps, _KINDS.get(one.copy_kind, 2), one.n_shifted

    return rank(new) < rank(old)


def _share(one: frozenset[str], two: frozenset[str]) -> float:
    smaller = min(len(one), len(two))
    return len(one & two) / smaller if smaller else 0.0
