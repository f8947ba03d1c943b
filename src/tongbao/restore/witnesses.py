"""Several copies of one circular: which file is read, and how the others settle places that it lost.

A gap of the copy that is read is settled only where the copies together leave one reading. What a copy says of a
damaged place is what its characters and bytes allow, never what a language model prefers: sound characters stand
for themselves, a run of shifted bytes for every text that its bytes can be, a lost character for any. Two copies
damaged in different ways may settle together what neither settles alone.

The two copies are aligned by stretches of text that occur once in each. This finds the same passage in another
document; inside one document the way from raw to restored text stays the exact map of the edits, to which a settled
gap is one edit more.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from tongbao.read.folder import RawDocument, Rejected
from tongbao.read.sources import Source
from tongbao.restore.edits import Edit, OffsetMap, apply_edits
from tongbao.restore.gbk import characters, decode, runs_from
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.pipeline import Gap, Restored, Witness, restore_all
from tongbao.restore.repairs import Repair, private_spans
from tongbao.restore.script import simplify

MIN_COVER = 0.5
"""Share of the read copy's stretches that a witness must hold to be one. Copies of one circular hold 0.8 and more."""

STRETCH = 6
"""Characters of a stretch that aligns two copies. Shorter ones repeat, longer ones leave little beside a gap."""

MAX_WINDOW = 120
"""Longest passage between two common stretches, in characters, in which copies are compared."""

MAX_READINGS = 200
"""Most ways in which the damaged places of one passage may be combined."""

MAX_LOST = 20
"""Most characters that are put back where nothing of them is left."""

_PASSED_OVER = re.compile(r"[\s|]")
_READABLE = re.compile(r"[\u3400-\u9fff0-9A-Za-z，。、；：（）《》〔〕“”‘’%．.…—·\-]+")

Pattern = tuple[frozenset[str] | None, ...]
"""What may stand somewhere, character by character; None for any."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The documents of a folder: those that are read as circulars, and further copies by circular id."""

    read: list[RawDocument]
    witnesses: dict[str, list[RawDocument]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)


def sort_copies(documents: Sequence[RawDocument], register: Sequence[Source]) -> Copies:
    """Tell circulars and witnesses apart, and give every registered document the id that the register gives it.

    Where the copy that is to be read is not among the documents (it cannot be opened), its first witness is read.
    """
    lines = {source.file: source for source in register}
    read: dict[str, RawDocument] = {}
    further: dict[str, list[RawDocument]] = {}
    rejected = []
    unnamed = [d for d in documents if d.file_name not in lines]
    for document in documents:
        line = lines.get(document.file_name)
        if line is not None and line.is_witness:
            further.setdefault(line.circular_id, []).append(replace(document, circular_id=line.circular_id))
        elif line is not None:
            read[line.circular_id] = replace(document, circular_id=line.circular_id)
    for circular_id in sorted(further.keys() - read.keys()):
        read[circular_id] = further[circular_id].pop(0)
    for document in unnamed:
        if document.circular_id in read:
            other = read[document.circular_id].file_name
            rejected.append(Rejected(document.file_name, f"its name gives the id of {other}: rename it"))
        else:
            read[document.circular_id] = document
    return Copies([read[key] for key in sorted(read)], {k: v for k, v in sorted(further.items()) if v}, rejected)


def restore_copies(copies: Copies, accept_margin: float, lexicon: Lexicon) -> Iterator[Restored]:
    """Restore the circulars, in the order of their ids, each with the help of its witnesses.

    The circulars are restored as if there were no witnesses, so that a witness changes nothing but gaps.
    """
    read = restore_all(copies.read, accept_margin, lexicon)
    further = restore_all([raw for found in copies.witnesses.values() for raw in found], accept_margin, lexicon)
    by_id: dict[str, list[Restored]] = {}
    for restored in further:
        by_id.setdefault(restored.circular_id, []).append(restored)
    for raw, restored in zip(copies.read, read, strict=True):
        yield settle(restored, raw.text, by_id.get(restored.circular_id, []), lexicon)


def settle(best: Restored, raw: str, witnesses: Sequence[Restored], lexicon: Lexicon) -> Restored:
    """Settle gaps of `best` by other copies of the same circular.

    Args:
        best: the copy that is read.
        raw: its raw text.
        witnesses: the other copies, restored.
        lexicon: the word lists.

    Returns:
        `best` with each settled gap as a repair of kind `witness`, and with its witnesses listed.
    """
    if not witnesses:
        return best
    here = _Copy.of(best, lexicon)
    open_gaps = {gap: here.readings[(gap.start, gap.end)] for gap in best.gaps}
    settled: dict[Gap, _Settled] = {}
    listed = []
    for witness in witnesses:
        there = _Copy.of(witness, lexicon)
        anchors = _anchors(here, there)
        cover = _cover(here, there)
        n_settled = 0
        if cover >= MIN_COVER:
            for gap in [g for g in best.gaps if g not in settled]:
                found = _together(here, there, anchors, gap, open_gaps)
                if found is None:
                    continue
                open_gaps[gap] = list(found.readings)
                text = _only(found.readings)
                if text is not None and _READABLE.fullmatch(text):
                    settled[gap] = _Settled(text, witness.raw_file, found.is_damaged)
                    n_settled += 1
        listed.append(
            Witness(
                witness.raw_file,
                witness.raw_sha256,
                witness.copy_kind,
                len(witness.gaps),
                round(cover, 4),
                n_settled,
            )
        )
    return replace(_apply(best, raw, settled), witnesses=tuple(listed))


class _Settled(NamedTuple):
    text: str
    file: str
    is_damaged: bool
    """The witness is damaged there as well."""


class _Together(NamedTuple):
    readings: tuple[Pattern, ...]
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy without white space and bars: its characters, where they stand, and its doubtful places."""

    text: str
    at: list[int]
    spans: list[tuple[int, int]]
    """Doubtful places as `[start, end)` of `text`, sorted."""
    readings: dict[tuple[int, int], list[Pattern]]
    """What may stand at a doubtful place, by its span in the restored text."""
    places: list[tuple[int, int]]
    """The doubtful places as spans of the restored text, in the order of `spans`."""

    @classmethod
    def of(cls, restored: Restored, lexicon: Lexicon) -> "_Copy":
        at = [n for n, c in enumerate(restored.text) if not _PASSED_OVER.match(c)]
        readings = {(g.start, g.end): byte_readings(restored.text[g.start : g.end], lexicon) for g in restored.gaps}
        for repair in restored.repairs:
            if repair.kind == "shifted_bytes":
                start, end = restored.map.to_restored(repair.raw_start, repair.raw_end)
                readings.setdefault((start, end), byte_readings(repair.raw, lexicon, repair.raw_end - repair.raw_start))
        places = sorted(readings)
        spans = [(bisect_left(at, start), bisect_left(at, end)) for start, end in places]
        return cls("".join(restored.text[n] for n in at), at, spans, readings, places)

    def is_doubtful(self, start: int, end: int) -> bool:
        k = bisect_right(self.spans, (end, -1)) - 1
        return k >= 0 and self.spans[k][0] < end and start < self.spans[k][1]

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


def _grams(copy: _Copy) -> dict[str, int]:
    """The stretches that occur once and hold nothing doubtful, with their place."""
    every = [copy.text[n : n + STRETCH] for n in range(len(copy.text) - STRETCH + 1)]
    once = Counter(every)
    return {g: n for n, g in enumerate(every) if once[g] == 1 and not copy.is_doubtful(n, n + STRETCH)}


def _cover(here: _Copy, there: _Copy) -> float:
    mine = {here.text[n : n + STRETCH] for n in range(len(here.text) - STRETCH + 1)}
    other = {there.text[n : n + STRETCH] for n in range(len(there.text) - STRETCH + 1)}
    return len(mine & other) / len(mine) if mine else 0.0


def _anchors(here: _Copy, there: _Copy) -> list[tuple[int, int]]:
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


def _together(
    here: _Copy, there: _Copy, anchors: list[tuple[int, int]], gap: Gap, known: dict[Gap, list[Pattern]]
) -> _Together | None:
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
    return _Together(tuple(found), bool(there.inside(b, d))) if found else None


def _is_same(here: _Copy, there: _Copy, a: int, b: int) -> bool:
    return here.text[a] == there.text[b] and not here.is_doubtful(a, a + 1) and not there.is_doubtful(b, b + 1)


def _both(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two


def _passages(
    copy: _Copy, start: int, end: int, known: dict[tuple[int, int], list[Pattern]], marked: int
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


def _only(readings: Sequence[Pattern]) -> str | None:
    """The one text that the readings leave, if they do."""
    if len(readings) != 1 or any(x is None or len(x) != 1 for x in readings[0]):
        return None
    return "".join(character for x in readings[0] if x is not None for character in x)


def _apply(best: Restored, raw: str, settled: dict[Gap, _Settled]) -> Restored:
    """Make the settled gaps edits of the copy, with their way back."""
    private = private_spans(raw)
    edits, repairs = [], list(best.repairs)
    for gap, found in sorted(settled.items(), key=lambda item: item[0].start):
        low, high = gap.raw_start, gap.raw_end
        within = [r for r in repairs if r.raw_start < high and low < r.raw_end]
        if any(r.raw_start < low or r.raw_end > high for r in within):
            continue  # it was changed together with its neighbours: no edit of its own can be told apart
        hidden = any(a < high and low < b for a, b in private)
        by = f"witness:{found.file}"
        note = "the one reading that the bytes of both copies allow" if found.is_damaged else "sound in that copy"
        edits.append(Edit(gap.start, gap.end, found.text, "witness", verified_by=by, note=note))
        repairs = [r for r in repairs if r not in within]
        old = "" if hidden else raw[low:high]
        repairs.append(Repair(low, high, old, found.text, "witness", verified_by=by, note=note))
    if not edits:
        return best
    step = OffsetMap.from_edits(len(best.text), edits)
    done = {(edit.start, edit.end) for edit in edits}
    gaps = []
    for gap in best.gaps:
        if (gap.start, gap.end) not in done:
            start, end = step.to_restored(gap.start, gap.end)
            gaps.append(replace(gap, start=start, end=end))
    return replace(
        best,
        text=apply_edits(best.text, edits),
        map=best.map.then(step),
        repairs=tuple(sorted(repairs, key=lambda r: (r.raw_start, r.raw_end))),
        gaps=tuple(gaps),
    )
