"""The list of repairs: one entry for each changed place of the raw text, so that replaying it restores it.

What a page wrapped around a document, and who may be rung up about it, is not repeated here: such entries
have an empty `raw` and say in `note` what was cut.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from tongbao.restore.edits import Edit, OffsetMap

_CONTACT = re.compile(r"(?:联系人|联络人|聯系人|聯絡人|联系电话|聯系電話|电话|電話|邮箱|郵箱|传真|傳真)[^。\n]*")


# Where several fixes worked on one place, these name it; else the first fix does.
_LEADING = ("furniture", "shifted_bytes")
_CONTACT_NOTE = "contact details"


class Place(NamedTuple):
    """An edit and the raw span that it fell on; `order` counts the fixes."""

    raw_start: int
    raw_end: int
    order: int
    edit: Edit


@dataclass(frozen=True, slots=True)
class Repair:
    """Raw `[raw_start, raw_end)` reads `restored`. `raw` is empty for furniture and contact details."""

    raw_start: int
    raw_end: int
    raw: str
    restored: str
    kind: str
    confidence: float = 1.0
    verified_by: str = ""
    note: str = ""


def replay(raw: str, repairs: tuple[Repair, ...] | list[Repair]) -> str:
    """Apply repairs to the raw text: the result is the restored text."""
    parts, at = [], 0
    for repair in repairs:
        parts += [raw[at : repair.raw_start], repair.restored]
        at = repair.raw_end
    return "".join([*parts, raw[at:]])


def repairs_of(raw: str, restored: str, map_: OffsetMap, places: list[Place]) -> list[Repair]:
    """Coalesce all edits into sorted, non-overlapping repairs in raw coordinates."""
    gaps = map_.gaps()
    gap_starts = [gap[0] for gap in gaps]
    inside: list[list[Place]] = [[] for _ in gaps]
    spans: list[_Span] = []
    for place in places:
        k = _gap_of(gaps, gap_starts, place)
        if k < 0:
            start, end = map_.to_restored(place.raw_start, place.raw_end)
            spans.append(_Span(place.raw_start, place.raw_end, restored[start:end], (place,)))
        else:
            inside[k].append(place)
    for (low, high, start, end), found in zip(gaps, inside, strict=True):
        spans += _pieces(raw, low, high, restored[start:end], found)
    spans.sort(key=lambda s: (s.low, s.high))
    private = private_spans(raw)
    repairs = [r for span in _coalesce(spans) if (r := _repair(raw, span, private)) is not None]
    return _merge(repairs)


def private_spans(raw: str) -> list[tuple[int, int]]:
    """Where a raw text says who may be rung up or written to; no repair repeats these words."""
    return [m.span() for m in _CONTACT.finditer(raw)]


class _Span(NamedTuple):
    low: int
    high: int
    new: str
    places: tuple[Place, ...]


def _gap_of(gaps: list[tuple[int, int, int, int]], gap_starts: list[int], place: Place) -> int:
    """The gap that a place lies in, -1 for a place of characters that kept their number."""
    low, high = place.raw_start, place.raw_end
    k = bisect_right(gap_starts, low) - 1
    for at in (k, k - 1, k + 1):
        if not 0 <= at < len(gaps):
            continue
        start, end = gaps[at][:2]
        if (start < high and low < end) or (
            start <= low and high <= end and (low == high or not place.edit.is_aligned)
        ):
            return at
    return -1


def _pieces(raw: str, low: int, high: int, new: str, places: list[Place]) -> list[_Span]:
    """Take a gap apart into what each fix did, where they did not touch the same characters."""
    ordered = sorted(places, key=lambda p: (p.raw_start, p.raw_end, p.order))
    at, built = low, ""
    for place in ordered:
        if place.raw_start < at or place.raw_start > place.raw_end:
            break
        built += raw[at : place.raw_start] + place.edit.replacement
        at = place.raw_end
    else:
        if at == high and built == new and all(p.edit.kind != "furniture" for p in ordered):
            return [_Span(p.raw_start, p.raw_end, p.edit.replacement, (p,)) for p in ordered]
    return [_Span(low, high, new, tuple(ordered))]


def _coalesce(spans: list[_Span]) -> list[_Span]:
    """Join the spans that fell on the same characters (a character can be converted more than once)."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and (span.low < last.high or (span.low, span.high) == (last.low, last.high)):
            # Only character-by-character changes overlap, and each already holds its final characters.
            new = last.new + span.new[max(0, last.high - span.low) :]
            joined[-1] = _Span(last.low, max(last.high, span.high), new, last.places + span.places)
        else:
            joined.append(span)
    return joined


def _repair(raw: str, span: _Span, private: list[tuple[int, int]]) -> Repair | None:
    low, high, new, found = span
    old = raw[low:high]
    if old == new:
        return None
    hidden = any(a < high and low < b for a, b in private)
    if len(found) == 1:  # nearly always; and texts have thousands of them
        edit = found[0].edit
        hidden_note = "; ".join(n for n in (edit.note, _CONTACT_NOTE if hidden else "") if n)
        kind, keep = edit.kind, not hidden and edit.kind != "furniture"
        note = edit.note if kind == "furniture" else hidden_note
        return Repair(low, high, old if keep else "", new, kind, edit.confidence, edit.verified_by, note)
    places = sorted(found, key=lambda p: (p.order, p.raw_start))
    kinds = list(dict.fromkeys(p.edit.kind for p in places))
    kind = next((k for k in _LEADING if k in kinds), kinds[0])
    own = [p.edit for p in places if p.edit.kind == kind]
    others = [k for k in kinds if k != kind]
    notes = list(dict.fromkeys(e.note for e in own if e.note))
    if others and kind != "furniture":
        notes.append(f"also {', '.join(others)}")
    if hidden and kind != "furniture":
        notes.append(_CONTACT_NOTE)
    hidden = hidden or kind == "furniture"
    return Repair(
        low,
        high,
        "" if hidden else old,
        new,
        kind,
        confidence=min(e.confidence for e in own),
        verified_by="; ".join(dict.fromkeys(e.verified_by for e in own if e.verified_by)),
        note="; ".join(notes),
    )


def _merge(repairs: list[Repair]) -> list[Repair]:
    """Join neighbours of one kind that say the same about themselves (and cut lines of any class)."""
    merged: list[Repair] = []
    for repair in repairs:
        last = merged[-1] if merged else None
        alike = last is not None and (
            (last.kind, last.confidence, last.verified_by, last.note)
            == (repair.kind, repair.confidence, repair.verified_by, repair.note)
            or last.kind == repair.kind == "furniture"
        )
        if last is not None and alike and last.raw_end == repair.raw_start:
            notes = dict.fromkeys([*last.note.split("; "), *repair.note.split("; ")])
            merged[-1] = Repair(
                last.raw_start,
                repair.raw_end,
                last.raw + repair.raw,
                last.restored + repair.restored,
                last.kind,
                last.confidence,
                last.verified_by,
                "; ".join(n for n in notes if n),
            )
        else:
            merged.append(repair)
    return merged
