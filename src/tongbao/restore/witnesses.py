"""Several copies of one circular: which file is read, and how the others settle places that it lost.

A gap of the copy that is read is settled only where the copies together leave one reading. What a copy says of a
damaged place is what its characters and bytes allow, never what a language model prefers: sound characters stand
for themselves, a run of shifted bytes for every text that its bytes can be, a lost character for any. Two copies
damaged in different ways may settle together what neither settles alone.

How the same passage is found in another copy is the business of `passages`. Inside one document the way from raw to
restored text stays the exact map of the edits, to which a settled gap is one edit more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tongbao.read.folder import RawDocument, Rejected
from tongbao.read.sources import Source
from tongbao.restore.edits import Edit, OffsetMap, apply_edits
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.passages import Copy, anchors_of, cover_of, only_text, together
from tongbao.restore.pipeline import Gap, Restored, Witness, restore_all
from tongbao.restore.repairs import Repair, private_spans

MIN_COVER = 0.5
"""Share of the read copy's stretches that a witness must hold to be one. Copies of one circular hold 0.8 and more."""

_READABLE = re.compile(r"[\u3400-\u9fff0-9A-Za-z，。、；：（）《》〔〕“”‘’%．.…—·\-]+")


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
    here = Copy.of(best, lexicon)
    open_gaps = {gap: here.readings[(gap.start, gap.end)] for gap in best.gaps}
    settled: dict[Gap, _Settled] = {}
    listed = []
    for witness in witnesses:
        there = Copy.of(witness, lexicon)
        anchors = anchors_of(here, there)
        cover = cover_of(here, there)
        n_settled = 0
        if cover >= MIN_COVER:
            for gap in [g for g in best.gaps if g not in settled]:
                found = together(here, there, anchors, gap, open_gaps)
                if found is None:
                    continue
                open_gaps[gap] = list(found.readings)
                text = only_text(found.readings)
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
