"""What restoration did to one file, in lines of text: every repair and gap with its place, reason and proof.

Words only: the fixes themselves are recorded in `repairs`, pages are made elsewhere. What was cut because it
surrounds the document, and who may be rung up, is told by its length, never repeated.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from tongbao.read.folder import RawDocument
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.pipeline import Gap, Restored
from tongbao.restore.repairs import Repair


def explain(raw: RawDocument, restored: Restored, lexicon: Lexicon | None = None) -> Iterator[str]:
    """Yield the lines of the explanation: the copy, then repairs and gaps in the order of the raw text.

    A place is `line:column` of the raw text, both from 1, with the raw offsets `[start, end)` behind it.

    Args:
        raw: the document.
        restored: what became of it.
        lexicon: the word lists; the project's by default.
    """
    lexicon = lexicon or load_lexicon()
    n, gaps = len(restored.repairs), len(restored.gaps)
    yield f"{visible(restored.raw_file)}: {restored.encoding}, {restored.script}, {len(raw.text)} characters"
    yield f"copy: {restored.copy_kind} ({restored.copy_evidence})"
    for note in raw.notes:
        yield f"read: {visible(note)}"
    for attachment in raw.attachments:
        yield f"annex linked to, not read: {visible(attachment.name)}"
    if restored.residue:
        yield f"left as they stand, not simplified characters: {visible(restored.residue)}"
    yield f"{n} {'repair' if n == 1 else 'repairs'}, {gaps} {'gap' if gaps == 1 else 'gaps'}"
    breaks = [at for at, character in enumerate(raw.text) if character == "\n"]
    places: list[tuple[int, str]] = [(r.raw_start, _of_repair(r, breaks, lexicon)) for r in restored.repairs]
    places += [(g.raw_start, _of_gap(g, raw.text, breaks)) for g in restored.gaps]
    yield from (line for _, line in sorted(places, key=lambda place: place[0]))


def reason(repair: Repair, lexicon: Lexicon) -> str:
    """Why a place was changed: what the kind of repair means, and what the fix noted about this place."""
    meaning = lexicon.repair_kinds.get(repair.kind, repair.kind)
    return f"{meaning}; {repair.note}" if repair.note else meaning


def before_and_after(repair: Repair) -> tuple[str, str]:
    """What stood in the raw text and what stands now, as may be shown: hidden words as their length."""
    is_hidden = not repair.raw and repair.raw_start < repair.raw_end
    if not is_hidden:
        return visible(repair.raw), visible(repair.restored)
    was = f"[{repair.raw_end - repair.raw_start} characters not shown]"
    return was, "[not shown]" if repair.restored else ""


def visible(text: str) -> str:
    """`text` on one line, with every character that acts instead of showing as its code."""
    return "".join(c if c.isprintable() or c in "\u3000" else _code(c) for c in text)


def harmless(text: str) -> str:
    """`text` with its lines, for a terminal: characters that act instead of showing as their codes."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _code(character: str) -> str:
    if character == "\n":
        return "⏎"
    if character == "\t" or unicodedata.category(character) == "Zs":
        return "␣"
    return f"[U+{ord(character):04X}]"


def _place(start: int, end: int, breaks: list[int]) -> str:
    line = bisect_right(breaks, start - 1)
    column = start - (breaks[line - 1] + 1 if line else 0)
    return f"{line + 1}:{column + 1} [{start}, {end})"


def _of_repair(repair: Repair, breaks: list[int], lexicon: Lexicon) -> str:
    was, now = before_and_after(repair)
    said = f"{_place(repair.raw_start, repair.raw_end, breaks)} {repair.kind}: {was} → {now or '∅'}"
    proof = f"; verified by: {repair.verified_by}" if repair.verified_by else ""
    return f"{said} | {visible(reason(repair, lexicon))} | confidence {repair.confidence:.2f}{visible(proof)}"


def _of_gap(gap: Gap, raw: str, breaks: list[int]) -> str:
    stands = visible(raw[gap.raw_start : gap.raw_end])
    found = ", ".join(f"{visible(c.text)} ({c.margin:g})" for c in gap.candidates)
    offered = f"candidates, with the nats each lies behind: {found}" if found else "no candidate"
    return f"{_place(gap.raw_start, gap.raw_end, breaks)} gap: {stands} stays | {offered}"
