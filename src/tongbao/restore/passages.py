"""The same passage in two copies of a circular, and what both together allow at a damaged place of it.

The copies are aligned by stretches of text that occur once in each; between two of them their characters and bytes
are laid side by side. Which copies are compared, and what becomes of a settled gap, is decided in `witnesses`.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from tongbao.restore.edits import Spans
from tongbao.restore.gbk import characters, decode, runs_from
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.pipeline import Gap, Restored
from tongbao.restore.script import simplify

STRETCH = 6
"""Characters of a stretch that aligns two copies. Shorter ones repeat, longer ones leave little beside a gap."""

MAX_WINDOW = 120
"""Longest passage between two common stretches, in characters, in which copies are compared."""

MAX_READINGS = 200
"""Most ways in which the damaged places of one passage may be combined."""

MAX_LOST = 20
"""Most characters that are put back where nothing of them is left."""

_PASSED_OVER = re.compile(r"[\s|]")

Pattern = tuple[frozenset[str] | None, ...]
"""What may stand somewhere, character by character; None for any."""


class Together(NamedTuple):
    """What two copies allow at a gap, and whether the other is damaged there as well."""

    readings: tuple[Pattern, ...]
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy without white space and bars: its characters, where they stand, and its doubtful places."""

    text: str
    at: list[int]
    spans: list[tuple[int, int]]
    """Doubtful places as `[start, end)` of `text`, sorted."""
    readings: dict[tuple[int, int], list[Pattern]]
    """What may stand at a doubtful place, by its span in the restored text."""
    places: list[tuple[int, int]]
    """The doubtful places as spans of the restored text, in the order of `spans`."""
    doubtful: Spans

    @classmethod
    def of(cls, restored: Restored, lexicon: Lexicon) -> "Copy":
        """The copy that a restored text is; its repairs of shifted bytes are doubted again."""
        at = [n for n, c in enumerate(restored.text) if not _PASSED_OVER.match(c)]
        readings = {(g.start, g.end): byte_readings(restored.text[g.start : g.end], lexicon) for g in restored.gaps}
        for repair in restored.repairs:
            if repair.kind == "shifted_bytes":
                start, end = restored.map.to_restored(repair.raw_start, repair.raw_end)
                readings.setdefault((start, end), byte_readings(repair.raw, lexicon, repair.raw_end - repair.raw_start))
        places = sorted(readings)
        spans = [(bisect_left(at, start), bisect_left(at, end)) for start, end in places]
        return cls("".join(restored.text[n] for n in at), at, spans, readings, places, Spans(spans))

    def is_doubtful(self, start: int, end: int) -> bool:
        """Whether any character of `[start, end)` is doubtful."""
        return self.doubtful.overlaps(start, end)

    def inside(self, start: int, end: int) -> list[int]:
        """Numbers of the doubtful places that lie in `[start, end)`."""
        return [n for n, (low, high) in enumerate(self.spans) if start <= low and high <= end]


def byte_readings(damaged: str, lexicon: Lexicon, length: int = 0) -> list[Pattern]:
    """What the characters of a damaged place may stand for.

    Args:
        damaged: the place as the copy has it, such as `??荚u`.
        lexicon: the word lists, for simplified characters.
        length: the place's length where its characters are not known.

    Returns:
        For a run of shifted bytes every text that these bytes can be (see `shifted_bytes`); for anything else any
        text that is no longer than the place and than `MAX_LOST`.
    """
    found: list[Pattern] = []
    for run in runs_from(damaged, 0):
        if run.end != len(damaged) or len(run.data) < (2 if run.is_open else 1):
            continue
        middle = decode(run.data[1:-1] if run.is_open else run.data[1:])
        if middle is None:
            continue
        ends = [characters((lead, run.data[0]) for lead in range(0x81, 0xFF))]
        ends += [characters((run.data[-1], trail) for trail in range(0x40, 0xFF))] if run.is_open else []
        sets = [frozenset(simplify("\n".join(some), lexicon).split("\n")) for some in ends]
        fixed = [frozenset(c) for c in simplify(middle, lexicon)]
        found.append((sets[0], *fixed, *sets[1:]))
    if found and damaged[:1] in "?\ufffd":
        return found
    return [(None,) * n for n in range(1, min(max(len(damaged), length, 1), MAX_LOST) + 1)]


def _grams(copy: Copy) -> dict[str, int]:
    """The stretches that occur once and hold nothing doubtful, with their place."""
    every = [copy.text[n : n + STRETCH] for n in range(len(copy.text) - STRETCH + 1)]
    once = Counter(every)
    return {g: n for n, g in enumerate(every) if once[g] == 1 and not copy.is_doubtful(n, n + STRETCH)}


def cover_of(here: Copy, there: Copy) -> float:
    """The share of the stretches of `here` that `there` holds as well."""
    mine = {here.text[n : n + STRETCH] for n in range(len(here.text) - STRETCH + 1)}
    other = {there.text[n : n + STRETCH] for n in range(len(there.text) - STRETCH + 1)}
    return len(mine & other) / len(mine) if mine else 0.0


def anchors_of(here: Copy, there: Copy) -> list[tuple[int, int]]:
    """Where the two copies hold the same stretch: the longest chain that runs forward in both."""
    theirs = _grams(there)
    pairs = sorted((n, theirs[g]) for g, n in _grams(here).items() if g in theirs)
    tails: list[int] = []  # the end of the best chain of each length, by its place in the other copy
    last: list[int] = []
    before = [-1] * len(pairs)
    for k, (_, place) in enumerate(pairs):
        n = bisect_left(tails, place)
        before[k] = last[n - 1] if n else -1
        tails[n : n + 1], last[n : n + 1] = [place], [k]
    chain = []
    k = last[-1] if last else -1
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]


def together(
    here: Copy, there: Copy, anchors: list[tuple[int, int]], gap: Gap, known: dict[Gap, list[Pattern]]
) -> Together | None:
    """What both copies allow at a gap; None where the passage is not found or the copies contradict each other."""
    number = here.places.index((gap.start, gap.end))
    low, high = here.spans[number]
    k = bisect_right(anchors, (low - STRETCH, len(there.text))) - 1
    if k < 0 or k + 1 >= len(anchors):
        return None
    after = bisect_left(anchors, (high, -1))
    if after >= len(anchors):
        return None
    a, b = (n + STRETCH for n in anchors[k])
    c, d = anchors[after]
    while a < low and b < d and _is_same(here, there, a, b):
        a, b = a + 1, b + 1
    while c > high and d > b and _is_same(here, there, c - 1, d - 1):
        c, d = c - 1, d - 1
    if b > d or max(c - a, d - b) > MAX_WINDOW:
        return None
    by_span = {(g.start, g.end): readings for g, readings in known.items()}
    mine = _passages(here, a, c, by_span, number)
    theirs = _passages(there, b, d, {}, -1)
    if mine is None or theirs is None:
        return None
    found: dict[Pattern, None] = {}
    for (one, start, end), (two, _, _) in product(mine, theirs):
        if len(one) == len(two):
            both = [_both(x, y) for x, y in zip(one, two, strict=True)]
            if all(x is None or x for x in both):
                found[tuple(both[start:end])] = None
    return Together(tuple(found), bool(there.inside(b, d))) if found else None


def _is_same(here: Copy, there: Copy, a: int, b: int) -> bool:
    return here.text[a] == there.text[b] and not here.is_doubtful(a, a + 1) and not there.is_doubtful(b, b + 1)


def _both(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two


def _passages(
    copy: Copy, start: int, end: int, known: dict[tuple[int, int], list[Pattern]], marked: int
) -> list[tuple[Pattern, int, int]] | None:
    """Every pattern of a passage, each with where the marked doubtful place lies in it; None if there are too many."""
    parts: list[list[Pattern]] = []
    at, place = start, -1
    for number in copy.inside(start, end):
        low, high = copy.spans[number]
        parts.append([tuple(frozenset(c) for c in copy.text[at:low])])
        place = len(parts) if number == marked else place
        parts.append(known.get(copy.places[number], copy.readings[copy.places[number]]))
        at = high
    parts.append([tuple(frozenset(c) for c in copy.text[at:end])])
    n = 1
    for part in parts:
        n *= len(part)
    if not 0 < n <= MAX_READINGS:
        return None
    passages = []
    for chosen in product(*parts):
        first = sum(len(piece) for piece in chosen[: max(place, 0)])
        last = first + (len(chosen[place]) if place >= 0 else 0)
        passages.append((tuple(x for piece in chosen for x in piece), first, last))
    return passages


def only_text(readings: Sequence[Pattern]) -> str | None:
    """The one text that the readings leave, if they do."""
    if len(readings) != 1 or any(x is None or len(x) != 1 for x in readings[0]):
        return None
    return "".join(character for x in readings[0] if x is not None for character in x)
