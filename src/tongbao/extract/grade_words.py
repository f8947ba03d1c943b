"""Grade words and the scales they belong to.

A grade has meaning only within its scale; the scale is chosen from the set of grades that a document announces
or uses, never from one word alone where several scales would rank it differently.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.lexicon import load
from tongbao.extract.scopes import any_of

_ANNOUNCED = re.compile(
    r"(?:分为|分成|划分为|设|设置为|评定为|确定为)?(?P<list>[^，。；：]{4,60}?)(?:[一二三四五六七八九两\d]+)个?(?:等次|等级|档次|档|梯队)"
)


_LETTER = re.compile(r"“?([好中差优良AaBbCcDdEe])”?(?:等次|等级|档次|档|级|等)?(?=的|（|：|$)")
_SCALE_END = re.compile(r"[一二三四五六七八九两\d]个?(?:等次|等级|档次|档|梯队)")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of grades, best first where it is ordered (优秀 beside 提升较快 are two lists, no scale)."""

    scale_id: str
    grades: tuple[str, ...]
    is_ordered: bool
    has_bounds: bool

    def rank(self, grade: str) -> int | None:
        """Return 1 for the best grade; None for a grade of another scale, or where nothing is ordered."""
        return self.grades.index(grade) + 1 if self.is_ordered and grade in self.grades else None


@cache
def scales() -> tuple[Scale, ...]:
    """Return the known scales, by id."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in load("grade_scales", required=("scale_id", "grade", "rank", "is_ordered", "score_low")):
        rows.setdefault(row["scale_id"], []).append(row)
    found = []
    for scale_id, own in sorted(rows.items()):
        is_ordered = all(row["is_ordered"] == "true" and row["rank"] for row in own)
        own = sorted(own, key=lambda row: int(row["rank"])) if is_ordered else own
        bounded = any(row["score_low"] for row in own)
        found.append(Scale(scale_id, tuple(row["grade"] for row in own), is_ordered, bounded))
    return tuple(found)


@cache
def grades() -> tuple[str, ...]:
    """Return every grade word, longest first."""
    return tuple(sorted({g for s in scales() for g in s.grades}, key=lambda g: (-len(g), g)))


@cache
def grade_pattern() -> str:
    """Return a regular expression for a grade word with optional quotes, in the group `grade`.

    合格 within 不合格 or 合格率 is no grade; one-character grades (A, 好) are read in tables only.
    """
    words = tuple(g for g in grades() if len(g) > 1)
    return rf"“?(?<!不)(?P<grade>{any_of(words)})(?![率性])”?"


def announced_letter(text: str, label: str) -> str:
    """Return the grade of one character that a label is, where the text announces it: 好（100分以上） -> 好; else ''.

    好 and 差 are everyday words: without 分为好、较好、一般、差四个等次 they are no grades.
    """
    m = _LETTER.match(label)
    return m[1] if m and m[1] in announced_grades(text) else ""


@lru_cache(maxsize=16)
def announced_grades(text: str) -> tuple[str, ...]:
    """Return the grades that the text announces, in their order.

    Example: 分为优秀、良好、一般、不合格四个等次 -> the four words; () where nothing is announced.
    """
    if not _SCALE_END.search(text):
        return ()
    for m in _ANNOUNCED.finditer(text):
        words = re.split(
            r"、|和|及", re.sub(r"(?s)^.*?(?:分为|分成|划分为|设置为|评定为|确定为)", "", m["list"]).strip("“”")
        )
        words = [w.strip("“”") for w in words]
        if len(words) >= 2 and all(w in grades() for w in words):
            return tuple(words)
    return ()


def choose_scale(used: frozenset[str], announced: tuple[str, ...]) -> Scale | None:
    """Return the scale of a document's grades, None where none or several equally small ones fit.

    An announced order decides alone. Otherwise the scales that hold every grade used are compared and the
    smallest is taken, if all of that size rank the grades alike. Of scales with the same words the one without
    score bounds is taken: bounds are not to be read into a text that prints none.
    """
    known = sorted(scales(), key=lambda s: (s.has_bounds, s.scale_id))
    if announced:
        exact = [s for s in known if s.grades == announced]
        if exact:
            return exact[0]
        used = used | set(announced)
    fitting = [s for s in known if used <= set(s.grades)]
    smallest = min((len(s.grades) for s in fitting), default=0)
    best = [s for s in fitting if len(s.grades) == smallest]
    alike = {tuple(s.grades) for s in best}
    return best[0] if len(alike) == 1 else None
