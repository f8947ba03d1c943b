"""A text on its way from raw to restored: its characters now, and for each the raw characters it stands for.

A circular has thousands of changed places, so they are kept as arrays and no object is made for any of them
until somebody asks (`tongbao.restore.repairs`). Which changes are made is decided by the fixes.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tongbao.restore.changes import Changes, as_text, codes_of
from tongbao.restore.edits import Edit, OffsetMap, apply_edits
from tongbao.restore.marks import Mark, Marks
from tongbao.restore.parts import Parts

Ints = npt.NDArray[np.int64]


class Draft:
    """A text under repair.

    Attributes:
        raw: the raw text.
        text: the text after the fixes so far.
        kinds: how many places each kind of fix changed.
    """

    def __init__(self, raw: str) -> None:
        """Begin with the raw text."""
        self.raw = self.text = raw
        self.kinds: Counter[str] = Counter()
        self._codes: npt.NDArray[np.uint32] | None = None
        # Each character's raw position; characters that replaced others as a whole (a block) share the
        # position where those began, and `_ends` knows where they ended.
        self._slots: Ints = np.arange(len(raw), dtype=np.int64)
        self._in_block: npt.NDArray[np.bool_] | None = None
        self._ends: dict[int, int] = {}
        # For each raw character: which marks it bears, as a number of `_marks`; 0 for none.
        self._owner: Ints = np.zeros(len(raw), dtype=np.int64)
        self._marks = Marks()
        self._order = 0

    @property
    def codes(self) -> npt.NDArray[np.uint32]:
        """The code points of `text`."""
        if self._codes is None:
            self._codes = codes_of(self.text)
        return self._codes

    def apply(self, edits: Sequence[Edit]) -> None:
        """Apply one fix's edits, which are sorted and do not overlap.

        Raises:
            ValueError: the edits overlap, are unsorted, lie outside the text, or insert text where nothing stood.
        """
        if isinstance(edits, Changes):
            if len(edits):
                self._change(edits)
        elif edits:
            self._edit(edits)
        self._order += 1

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw span that `text[start:end]` was made from; for an empty span, what lies between its neighbours."""
        if start < end:
            return int(self._slots[start]), self._end_of(end - 1)
        before = self._end_of(start - 1) if start else 0
        after = int(self._slots[start]) if start < len(self._slots) else len(self.raw)
        return min(before, after) if self._is_inside(start) else before, max(before, after)

    def to_text(self, low: int, high: int) -> tuple[int, int]:
        """The span of `text` that holds what became of the raw span `[low, high)`."""
        start, end = np.searchsorted(self._slots, (low, high))
        if start and self._in_block is not None and self._in_block[start - 1] and self._end_of(start - 1) > low:
            start = np.searchsorted(self._slots, self._slots[start - 1])
        return int(start), int(end)

    def to_texts(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The same for many raw spans at once."""
        if not spans:
            return []
        raw = np.asarray(spans, dtype=np.int64)
        found = np.searchsorted(self._slots, raw)
        if self._in_block is not None:
            for k in np.flatnonzero(self._in_block[np.maximum(found[:, 0] - 1, 0)]).tolist():
                found[k] = self.to_text(*spans[k])
        return list(map(tuple, found.tolist()))

    def parts(self, n: int) -> Parts:
        """Where the `n` documents that the text was joined of lie now."""
        return Parts.of(self.text, self.codes if n > 1 else None, n)

    def map(self, raw_span: tuple[int, int] | None = None, span: tuple[int, int] | None = None) -> OffsetMap:
        """The map between raw text and text, or that of one document's spans in both."""
        low, high = raw_span or (0, len(self.raw))
        within = slice(*(span or (0, len(self.text))))
        slots = self._slots[within]
        return OffsetMap.from_slots(
            high - low, slots - low if low else slots, None if self._in_block is None else self._in_block[within]
        )

    @cached_property
    def segments(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Every changed stretch of the raw text: raw starts, raw ends, starts and ends in the text.

        To be asked for when no fix is left to apply.
        """
        owner = self._owner
        apart = owner[1:] != owner[:-1]
        if self._marks.cut:  # cut lines that touch one another are one place, and blanks beside them went with them
            beside = np.zeros(len(self._marks), dtype=bool)
            beside[self._marks.cut + self._marks.blank] = True
            found = beside[owner]
            apart &= ~(found[1:] & found[:-1])
        cuts = np.flatnonzero(apart) + 1
        starts = np.concatenate(([0], cuts)) if len(owner) else cuts
        ends = np.concatenate((cuts, [len(owner)])) if len(owner) else cuts
        changed = owner[starts] > 0
        starts, ends = starts[changed], ends[changed]
        low, high = np.searchsorted(self._slots, starts), np.searchsorted(self._slots, ends)
        if self._in_block is not None:  # only what was replaced as a whole can have become what it was
            blocks = np.zeros(len(self.raw) + 1, dtype=bool)
            blocks[self._slots[self._in_block]] = True
            same = [
                k
                for k in np.flatnonzero(blocks[starts])
                if self.raw[starts[k] : ends[k]] == self.text[low[k] : high[k]]
            ]
            keep = np.ones(len(starts), dtype=bool)
            keep[same] = False
            starts, ends, low, high = starts[keep], ends[keep], low[keep], high[keep]
        return starts, ends, low, high

    def marks_at(self, raw_start: int, raw_end: int) -> tuple[Mark, ...]:
        """The marks on a raw stretch, in the order of the fixes and of the text."""
        ids = dict.fromkeys(self._owner[raw_start:raw_end].tolist())
        return tuple(sorted(dict.fromkeys(m for i in ids for m in self._marks[i]), key=lambda m: m.order))

    # -- inner workings ---------------------------------------------------------------------------------

    def _change(self, changes: Changes) -> None:
        """Apply deletions, or changes of single characters, all at once."""
        ids = self._ids_of(changes)
        if changes.new is not None:
            places, characters = changes.starts, changes.new
            if self._in_block is not None and (inside := self._in_block[places]).any():
                self._edit([changes[k] for k in np.flatnonzero(inside).tolist()])
                places, characters, ids = places[~inside], characters[~inside], ids[~inside]
            self.kinds[changes.kind] += len(places)
            self._own(self._slots[places], ids)
            codes = self.codes.copy()
            codes[places] = characters
            self._codes, self.text = codes, as_text(codes)
            return
        self.kinds[changes.kind] += len(changes)
        lows, highs = self._slots[changes.starts], self._slots[changes.ends - 1] + 1
        if self._in_block is not None:
            last = changes.ends - 1
            for k in np.flatnonzero(self._in_block[last]).tolist():
                highs[k] = self._end_of(int(last[k]))
        at = _flat(lows, highs, len(self.raw))
        new = ids[np.searchsorted(lows, at, side="right") - 1]
        if changes.kind in ("furniture", "spam_word"):  # what was done to characters that are cut is not told
            self._owner[at] = new
        else:
            self._own(at, new)
        self._keep(~_covered(changes.starts, changes.ends, len(self.text)))

    def _keep(self, keep: npt.NDArray[np.bool_]) -> None:
        codes = self.codes[keep]
        self._codes, self.text = codes, as_text(codes)
        self._slots = self._slots[keep]
        if self._in_block is not None:
            self._in_block = self._in_block[keep]

    def _ids_of(self, changes: Changes) -> Ints:
        """For each change the index of its mark."""
        n = len(changes)
        if changes.notes is None and changes.verified is None:
            return np.full(n, self._marks.number((Mark(self._order, changes.kind, note=changes.note),)), dtype=np.int64)
        notes = [changes.note] * n if changes.notes is None else changes.notes
        verified = [""] * n if changes.verified is None else changes.verified
        known = {
            (why, note): self._marks.number((Mark(self._order, changes.kind, verified_by=why, note=note),))
            for why, note in dict.fromkeys(zip(verified, notes, strict=True))
        }
        return np.fromiter(map(known.__getitem__, zip(verified, notes, strict=True)), dtype=np.int64, count=n)

    def _edit(self, edits: Sequence[Edit]) -> None:
        """Apply edits of any shape, one by one."""
        text = apply_edits(self.text, edits)
        slots, blocks, at = [], [], 0
        in_block = self._in_block if self._in_block is not None else np.zeros(len(self.text), dtype=bool)
        for edit in edits:
            self.kinds[edit.kind] += 1
            mark = self._marks.number((Mark(self._order, edit.kind, edit.confidence, edit.verified_by, edit.note),))
            slots.append(self._slots[at : edit.start])
            blocks.append(in_block[at : edit.start])
            if edit.is_aligned:
                self._own_characters(edit, in_block, mark)
                slots.append(self._slots[edit.start : edit.end])
                blocks.append(in_block[edit.start : edit.end])
            else:
                low, high = self.to_raw(edit.start, edit.end)
                if edit.replacement and low == high:
                    raise ValueError(f"an edit inserts text at {edit.start}, where nothing stood")
                if edit.replacement:
                    self._own_whole(low, high, mark)
                    slots.append(np.full(len(edit.replacement), low, dtype=np.int64))
                    blocks.append(np.ones(len(edit.replacement), dtype=bool))
                    self._ends[low] = max(high, self._ends.get(low, high))
                elif low < high:
                    self._own(np.arange(low, high), mark)
            at = edit.end
        slots.append(self._slots[at:])
        blocks.append(in_block[at:])
        self.text, self._codes = text, None
        self._slots, found = np.concatenate(slots), np.concatenate(blocks)
        self._in_block = found if found.any() else None
        self._join_blocks()

    def _join_blocks(self) -> None:
        """Blocks that reach into one another (an edit that took part of an older one) become one."""
        if self._in_block is None:
            return
        begins = np.unique(self._slots[self._in_block]).tolist()
        k = 0
        while k < len(begins):
            low = begins[k]
            high = self._ends[low]
            k += 1
            while k < len(begins) and begins[k] < high:
                high = max(high, self._ends[begins[k]])
                inside = (self._slots == begins[k]) & self._in_block
                self._slots[inside] = low
                k += 1
            if high != self._ends[low] or len(set(self._owner[low:high].tolist())) > 1:
                self._ends[low] = high
                self._own_whole(low, high, 0)

    def _own_characters(self, edit: Edit, in_block: npt.NDArray[np.bool_], mark: int) -> None:
        for at, new in enumerate(edit.replacement, edit.start):
            if self.text[at] == new:
                continue
            low, high = self.to_raw(at, at + 1)
            if in_block[at]:
                self._own_whole(low, high, mark)
            else:
                self._own(np.arange(low, high), mark)

    def _own(self, at: Ints, new: int | Ints) -> None:
        """Add a mark to raw characters."""
        before = self._owner[at]
        if not before.any():
            self._owner[at] = new
            return
        ids = np.broadcast_to(np.asarray(new, dtype=np.int64), before.shape)
        keys, where = np.unique(before * len(self._marks) + ids, return_inverse=True)
        n = len(self._marks)
        joined = [self._marks.number(self._marks[key // n] + self._marks[key % n]) for key in keys.tolist()]
        self._owner[at] = np.asarray(joined, dtype=np.int64)[where]

    def _own_whole(self, low: int, high: int, new: int) -> None:
        """Give all characters of a raw stretch the same marks: all that any of them has, and `new`."""
        ids = [*dict.fromkeys(self._owner[low:high].tolist()), new]
        self._owner[low:high] = self._marks.number(tuple(m for i in ids for m in self._marks[i]))

    def _end_of(self, at: int) -> int:
        slot = int(self._slots[at])
        return self._ends[slot] if self._in_block is not None and self._in_block[at] else slot + 1

    def _is_inside(self, at: int) -> bool:
        """Whether a position lies between two characters of one block."""
        return bool(
            self._in_block is not None
            and 0 < at < len(self._slots)
            and self._in_block[at]
            and self._slots[at - 1] == self._slots[at]
        )


def _covered(starts: Ints, ends: Ints, length: int) -> npt.NDArray[np.bool_]:
    """Which of `length` characters lie in one of the sorted spans."""
    steps = np.zeros(length + 1, dtype=np.int8)
    steps[starts] += 1
    steps[ends] -= 1
    covered: npt.NDArray[np.bool_] = np.cumsum(steps[:-1], dtype=np.int8) > 0
    return covered


def _flat(starts: Ints, ends: Ints, length: int) -> Ints:
    """The positions inside sorted spans."""
    return np.flatnonzero(_covered(starts, ends, length))
