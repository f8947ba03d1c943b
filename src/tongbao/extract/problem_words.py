"""Problem wordings: from the words of a circular to the codes of problems, with the printed count of things wrong.

The wordings are data (problem_wording.csv). Which unit has the problem is not decided here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tongbao.extract.facts import Span
from tongbao.extract.lexicon import load
from tongbao.extract.mentions import find_counts
from tongbao.extract.scopes import any_of, words_of
from tongbao.extract.spans import split_outside

OTHER = "OTHER"
_THINGS = frozenset({"个", "条", "处", "项", "篇", "要素", "件", "类", "次", "封"})
_ITEM_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s；;。，]))(?:(?P<n>\d{1,2})\s?[.．、]\s*(?P<digit>(?=\d))?|[（(]\d{1,2}[)）]\s*|[①-⑳]\s*)"
)
_TIMES = re.compile("季度|月|星期|工作日|小时|监测周期")
_BEFORE = re.compile(r"^\^|\(\?<[!=][^()]*\)")  # what a pattern says of the place before it
_EDGES = "，。；：、 　"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the words of the text: its code, the slice that describes it, the count of things wrong."""

    category: str
    start: int
    end: int
    n: int | None = None
    each: tuple[int, ...] = ()  # counts of several bearers in their order (分别有2个、4个栏目)


@cache
def _wordings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return (pattern, category) of every known wording."""
    needed = ("code", "pattern", "kind")
    rows = load("problem_wording", required=needed)
    found = {(row["pattern"] if row["kind"] == "regex" else re.escape(row["pattern"]), row["code"]) for row in rows}
    return tuple((re.compile(pattern), code) for pattern, code in sorted(found))


@cache
def _by_need(anywhere: bool = False) -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """Return character -> the wordings that cannot match without it; '' -> those that no single one is needed by.

    With `anywhere` the patterns care no longer for what stands before them.
    """
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    counted = Counter(c for p, _ in _wordings() for c in needed_characters(p.pattern))
    for pattern, code in _wordings():
        needed = needed_characters(pattern.pattern)
        rarest = min(sorted(needed), key=lambda c: counted[c], default="")
        own = re.compile(_BEFORE.sub("", pattern.pattern)) if anywhere else pattern
        found.setdefault(rarest, []).append((own, code))
    return {character: tuple(own) for character, own in found.items()}


def _candidates(piece: str, anywhere: bool = False) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield the wordings that can stand in a piece, by the characters it has."""
    by_need = _by_need(anywhere)
    yield from by_need.get("", ())
    for character in set(piece) & by_need.keys():
        yield from by_need[character]


def needed_characters(pattern: str) -> frozenset[str]:
    """Return characters without which a pattern cannot match: those outside its brackets, classes and quantifiers.

    Careful rather than complete: an alternative at the top, or a sign it does not know, gives none.
    """
    depth, needed, previous, at = 0, set(), "", 0
    while at < len(pattern):
        c = pattern[at]
        if c == "\\":
            at, previous = at + 2, ""
            continue
        if c == "[":
            at = pattern.index("]", at + 2 if pattern[at + 1] != "^" else at + 3)
            previous = ""
        elif c in "(":
            depth, previous = depth + 1, ""
        elif c == ")":
            depth, previous = depth - 1, ""
        elif c == "|" and depth == 0:
            return frozenset()
        elif c in "?*{":
            if previous:
                needed.discard(previous)
            if c == "{":
                at = pattern.index("}", at)
            previous = ""
        elif c in "+^$.":
            previous = ""
        elif depth == 0:
            needed.add(c)
            previous = c
        at += 1
    return frozenset(needed)


@lru_cache(maxsize=20_000)
def has_wording(words: str) -> bool:
    """Say whether any known wording can stand in the words or in a part of them."""
    return any(pattern.search(words) for pattern, _ in _candidates(words, anywhere=True))


def find_wordings(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the wordings found in `text[start:end]`: (start, end, category), longest first choice, no overlaps."""
    return [(start + s, start + e, category) for s, e, category in _found(text[start:end])]


@lru_cache(maxsize=20_000)
def _found(piece: str) -> tuple[tuple[int, int, str], ...]:
    hits = [(m.end() - m.start(), m.start(), c) for p, c in _candidates(piece) for m in p.finditer(piece) if m.group()]
    taken: list[tuple[int, int, str]] = []
    for length, at, category in sorted(hits, key=lambda h: (-h[0], h[1], h[2])):
        s, e = at, at + length
        if not any(s < b and a < e for a, b, _ in taken):
            taken.append((s, e, category))
    return tuple(sorted(taken))


def is_deficient(words: str) -> bool:
    """Say whether the words name a want of any kind (不足, 不到位, 有待)."""
    return _deficient().search(words) is not None


@cache
def _deficient() -> re.Pattern[str]:
    return re.compile(any_of(words_of("deficiency_words")))


def problems_in(text: str, start: int, end: int) -> list[Problem]:
    """Return the problems that a clause or cell item names, each with its own slice of it.

    One category: the whole clause describes it. Several: the clause is cut between them at the last 、 or 和
    before each next wording.
    """
    return [replace(found, start=start + found.start, end=start + found.end) for found in _problems(text[start:end])]


@lru_cache(maxsize=20_000)
def _problems(text: str) -> tuple[Problem, ...]:
    start, end = _trim(text, 0, len(text))
    runs: list[tuple[int, int, str]] = []
    for s, e, category in _hits(text, start, end):
        if runs and runs[-1][2] == category:
            runs[-1] = (runs[-1][0], e, category)
        else:
            runs.append((s, e, category))
    problems, at = [], start
    for i, (_, e, category) in enumerate(runs):
        stop = end
        if i + 1 < len(runs):
            stop = _cut(text, e, runs[i + 1][0])
        a, b = _trim(text, at, stop)
        problems.append(Problem(category, a, b, count_of(text, a, b)))
        at = stop
    return tuple(problems)


def _hits(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the wordings of a clause, read item by item where its 、-items say all that the whole says.

    Example: 信息表述错误、信息更新不及时 are two problems, though 信息…更新不及时 could be read across both.
    """
    whole = find_wordings(text, start, end)
    items = [hit for s, e in split_outside(text, start, end, "、") for hit in find_wordings(text, s, e)]
    return items if {c for _, _, c in whole} <= {c for _, _, c in items} else whole


def cell_problems(text: str, start: int, end: int) -> list[Problem]:
    """Return the problems of a table cell: numbered items, each with its categories, OTHER where none fits.

    Example: 1.发现1个栏目空白 2.办事指南缺少6要素 -> two problems with n 1 and 6.
    """
    marks = _item_numbers(text[start:end])
    if marks:
        cuts = [start + m.start() for m in marks] + [end]
        items: list[Span] = [(start + m.end(), cuts[i + 1]) for i, m in enumerate(marks)]
        if start + marks[0].start() > start:
            items.insert(0, (start, start + marks[0].start()))
    else:
        items = list(split_outside(text, start, end, "；;。"))
    found = []
    for s, e in items:
        s, e = _trim(text, s, e)
        if s < e and text[s:e] not in ("无", "—", "-", "/"):
            found.extend(problems_in(text, s, e) or [Problem(OTHER, s, e, count_of(text, s, e))])
    return found


def _item_numbers(words: str) -> list[re.Match[str]]:
    """Return the numbers of items; before a digit only the number that comes next: 2.3个栏目 is item 2, not 2.3."""
    marks: list[re.Match[str]] = []
    for m in _ITEM_NUMBER.finditer(words):
        if m["digit"] is None or int(m["n"]) == len(marks) + 1:
            marks.append(m)
    return marks


def count_of(text: str, start: int, end: int) -> int | None:
    """Return the printed count of things wrong (1个栏目, 缺少3要素); a duration (1年, 6个月, 2周) is none."""
    words = text[start:end]  # a slice: the number of the item before is no part of the count
    for number in find_counts(words):
        if _TIMES.match(words, number.end) or words[: number.start].endswith("连续"):
            continue
        if number.unit in _THINGS and number.is_integer and number.comparator in ("=", ">="):
            return int(number.value)
    return None


def _cut(text: str, after: int, before: int) -> int:
    for mark in ("，", "；", "、", "和", "且", "及", "或", "，"):
        at = text.rfind(mark, after, before)
        if at >= 0:
            return at
    return before


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and (text[start] in _EDGES or text[start] in "和且及或"):
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
