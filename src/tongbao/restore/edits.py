"""What a fix did to a text, and the exact way back: edits, their application, composable offset maps.

Positions are only ever carried through edits. Nothing here compares two texts or searches for a string to
find out where something went.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ALIGNED_KINDS = frozenset({"script", "width"})
"""Kinds whose edits replace character by character: the n-th new character stands for the n-th old one."""


class Candidate(NamedTuple):
    """A possible reading of a damaged place; `margin` is how many nats it lies behind the best one."""

    text: str
    margin: float


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]` by `replacement`. Offsets are those of the text that the fix was given."""

    start: int
    end: int
    replacement: str
    kind: str
    confidence: float = 1.0
    verified_by: str = ""
    note: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_aligned(self) -> bool:
        """Whether each new character stands for exactly one old one."""
        return self.kind in ALIGNED_KINDS and len(self.replacement) == self.end - self.start


class Spans:
    """Spans of a text, for asking quickly whether one of them overlaps a place."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        """Take spans in any order; they do not overlap one another."""
        self._spans = sorted(spans)

    def __bool__(self) -> bool:
        return bool(self._spans)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any span shares a character with `[start, end)`."""
        k = bisect_right(self._spans, (end, -1)) - 1
        return k >= 0 and self._spans[k][0] < end and start < self._spans[k][1]

    def overlap_each(self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """The same for many places at once."""
        if not self._spans:
            return np.zeros(len(starts), dtype=bool)
        lows, highs = self._columns
        k = np.searchsorted(lows, ends) - 1
        found: npt.NDArray[np.bool_] = (k >= 0) & (starts < highs[np.maximum(k, 0)])
        return found

    @cached_property
    def _columns(self) -> npt.NDArray[np.int64]:
        return np.asarray(self._spans, dtype=np.int64).T


class Run(NamedTuple):
    """`length` characters from `raw_start` on stand side by side with those from `start` on."""

    raw_start: int
    start: int
    length: int


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply sorted, non-overlapping edits.

    Raises:
        ValueError: the edits overlap, are unsorted or lie outside the text.
    """
    if not edits:
        return text
    parts: list[str] = []
    at = 0
    for edit in edits:
        if edit.start < at or edit.end < edit.start or edit.end > len(text):
            raise ValueError(f"edits overlap, are unsorted or lie outside the text at {edit.start}")
        parts.append(text[at : edit.start])
        parts.append(edit.replacement)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


_FIRST = (itemgetter(0), itemgetter(1))  # where a run begins in the raw text and in the restored one


class OffsetMap:
    """Which characters of two texts stand for each other, as sorted runs of constant offset.

    Between two runs lies a gap: what stood there was replaced, deleted or inserted as a whole. Because the
    runs say everything and neighbouring runs are joined, composing maps is associative and every change has
    one description only.
    """

    def __init__(self, raw_length: int, length: int, runs: Iterable[Run] = ()) -> None:
        """Take the lengths of both texts and the runs, sorted."""
        self.raw_length, self.length = raw_length, length
        self._runs: tuple[Run, ...] | None = tuple(runs)
        self._slots: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._in_block: npt.NDArray[np.bool_] | None = None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs; texts have thousands, so those of a restored text are made when first asked for."""
        if self._runs is None:
            self._runs = tuple(map(Run, *_runs_of(self._slots, self._in_block)))
        return self._runs

    def __eq__(self, other: object) -> bool:
        """Whether two maps say the same."""
        if not isinstance(other, OffsetMap):
            return NotImplemented
        return (self.raw_length, self.length, self.runs) == (other.raw_length, other.length, other.runs)

    def __hash__(self) -> int:
        return hash((self.raw_length, self.length, self.runs))

    def __repr__(self) -> str:
        return f"OffsetMap({self.raw_length}, {self.length}, {len(self.runs)} runs)"

    @classmethod
    def identity(cls, length: int) -> "OffsetMap":
        """The map of a text that nobody changed."""
        return cls(length, length, (Run(0, 0, length),) if length else ())

    @classmethod
    def from_edits(cls, length: int, edits: Iterable[Edit]) -> "OffsetMap":
        """The map from a text of `length` characters to what `apply_edits` makes of it."""
        runs: list[Run] = []
        at = shift = 0
        for edit in edits:
            if edit.is_aligned:
                continue
            _append(runs, at, at + shift, edit.start - at)
            shift += len(edit.replacement) - (edit.end - edit.start)
            at = edit.end
        _append(runs, at, at + shift, length - at)
        return cls(length, length + shift, tuple(runs))

    @classmethod
    def from_slots(
        cls, raw_length: int, slots: npt.NDArray[np.int64], in_block: npt.NDArray[np.bool_] | None
    ) -> "OffsetMap":
        """The map of a text whose characters stand for the raw ones at `slots`, but for those `in_block`."""
        found = cls(raw_length, len(slots))
        found._runs, found._slots, found._in_block = None, slots, in_block
        return found

    def then(self, second: "OffsetMap") -> "OffsetMap":
        """The map of this change followed by `second`.

        Raises:
            ValueError: `second` starts from a text of another length.
        """
        if self.length != second.raw_length:
            raise ValueError(f"maps do not meet: {self.length} and {second.raw_length} characters")
        runs: list[Run] = []
        i = j = 0
        while i < len(self.runs) and j < len(second.runs):
            one, two = self.runs[i], second.runs[j]
            low = max(one.start, two.raw_start)
            one_end, two_end = one.start + one.length, two.raw_start + two.length
            high = min(one_end, two_end)
            if low < high:
                _append(runs, one.raw_start + low - one.start, two.start + low - two.raw_start, high - low)
            if one_end <= two_end:
                i += 1
            if two_end <= one_end:
                j += 1
        return OffsetMap(self.raw_length, second.length, tuple(runs))

    def gaps(self) -> list[tuple[int, int, int, int]]:
        """Every changed place as (raw start, raw end, start, end), in order."""
        gaps = []
        raw = new = 0
        for run in (*self.runs, Run(self.raw_length, self.length, 0)):
            if raw < run.raw_start or new < run.start:
                gaps.append((raw, run.raw_start, new, run.start))
            raw, new = run.raw_start + run.length, run.start + run.length
        return gaps

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The smallest raw span that the restored span `[start, end)` was made from."""
        return self._across(start, end, 1)

    def to_restored(self, start: int, end: int) -> tuple[int, int]:
        """The smallest restored span that holds what became of the raw span `[start, end)`."""
        return self._across(start, end, 0)

    def _across(self, start: int, end: int, side: int) -> tuple[int, int]:
        length = self.length if side else self.raw_length
        if not 0 <= start <= end <= length:
            raise ValueError(f"[{start}, {end}) lies outside a text of {length} characters")
        if start == end:
            return self._point(start, side)
        k = bisect_right(self.runs, start, key=_FIRST[side]) - 1
        if k >= 0 and end <= self.runs[k][side] + self.runs[k].length:  # nearly always: all in one run
            shift = self.runs[k][1 - side] - self.runs[k][side]
            return start + shift, end + shift
        return self._place(start, side)[0], self._place(end - 1, side)[1]

    def _place(self, index: int, side: int) -> tuple[int, int]:
        """The span on the other side of the character at `index`."""
        k = bisect_right(self.runs, index, key=_FIRST[side]) - 1
        if k >= 0 and index < self.runs[k][side] + self.runs[k].length:
            at = self.runs[k][1 - side] + index - self.runs[k][side]
            return at, at + 1
        low = self.runs[k][1 - side] + self.runs[k].length if k >= 0 else 0
        if k + 1 < len(self.runs):
            return low, self.runs[k + 1][1 - side]
        return low, self.raw_length if side else self.length

    def _point(self, at: int, side: int) -> tuple[int, int]:
        """What lies on the other side between the characters before and after `at`."""
        here = self.length if side else self.raw_length
        there = self.raw_length if side else self.length
        before = self._place(at - 1, side) if at > 0 else (0, 0)
        after = self._place(at, side) if at < here else (there, there)
        if before == after and before[0] < before[1]:
            return before  # inside a place that changed as a whole
        return before[1], max(before[1], after[0])


def _runs_of(
    slots: npt.NDArray[np.int64], in_block: npt.NDArray[np.bool_] | None
) -> tuple[list[int], list[int], list[int]]:
    """The runs of characters that stand for raw ones in a row: raw starts, starts, lengths."""
    places = np.arange(len(slots)) if in_block is None else np.flatnonzero(~in_block)
    raws = slots[places]
    breaks = np.flatnonzero((np.diff(raws) != 1) | (np.diff(places) != 1)) + 1
    firsts = np.concatenate(([0], breaks)) if len(raws) else breaks
    lengths = np.diff(np.concatenate((firsts, [len(raws)])))
    return raws[firsts].tolist(), places[firsts].tolist(), lengths.tolist()


def _append(runs: list[Run], raw_start: int, start: int, length: int) -> None:
    if length <= 0:
        return
    if runs:
        last = runs[-1]
        if last.raw_start + last.length == raw_start and last.start + last.length == start:
            runs[-1] = Run(last.raw_start, last.start, last.length + length)
            return
    runs.append(Run(raw_start, start, length))
