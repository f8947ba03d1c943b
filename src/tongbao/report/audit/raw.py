"""The raw text as a page may show it: repairs marked in it, cut furniture and contact details by their length only.

What belongs here: pieces of the raw text and their HTML. What does not: the restored text (`text`).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tongbao.report.audit import words
from tongbao.report.audit.load import Audited, ShownRepair
from tongbao.report.audit.spans import Mark, Span, segments
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape

FURNITURE = "furniture"
PieceKind = Literal["plain", "repair", "cut", "private", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the raw text that is shown in one way; `is_here` where it belongs to the span asked for."""

    start: int
    end: int
    kind: PieceKind
    shown: ShownRepair | None = None
    is_here: bool = False


def pieces(audited: Audited, start: int, end: int, here: Span | None = None) -> Iterator[Piece]:
    """Cut raw `[start, end)` into pieces; joined they are that stretch again, and no private word is in a shown one.

    Args:
        audited: the circular.
        start: first raw character.
        end: behind the last raw character.
        here: a raw span within it to be marked.
    """
    found = touching(audited, start, end)
    marks = [
        Mark(r.repair.raw_start, r.repair.raw_end, "repair", str(n))
        for n, r in enumerate(found)
        if r.repair.raw_start < r.repair.raw_end
    ]
    marks += [Mark(a, b, "private", "") for a, b in audited.raw_private]
    marks += [Mark(*here, "here", "")] if here else []
    added = {r.repair.raw_start: r for r in found if r.repair.raw_start == r.repair.raw_end}
    for segment in segments(start, end, marks):
        repairs = [found[int(m.key)] for m in segment.of("repair")]
        cut = next((r for r in repairs if r.repair.kind == FURNITURE), None)
        is_here = bool(segment.of("here"))
        is_private = bool(segment.of("private"))
        if segment.start in added and not is_private:
            yield Piece(segment.start, segment.start, "added", added.pop(segment.start), is_here)
        if cut is not None:
            yield Piece(segment.start, segment.end, "cut", cut)
        elif is_private or any(r.row is None for r in repairs):
            yield Piece(segment.start, segment.end, "private")
        elif repairs:
            yield Piece(segment.start, segment.end, "repair", repairs[0], is_here)
        else:
            yield from _plain(segment.start, segment.end, added, is_here)
    yield from (Piece(at, at, "added", r) for at, r in added.items() if at == end)


def _plain(start: int, end: int, added: dict[int, ShownRepair], is_here: bool) -> Iterator[Piece]:
    """A stretch without repairs, cut where one only adds characters."""
    at = start
    for place in sorted(p for p in added if start < p < end):
        yield Piece(at, place, "plain", None, is_here)
        yield Piece(place, place, "added", added.pop(place), is_here)
        at = place
    yield Piece(at, end, "plain", None, is_here)


def touching(audited: Audited, start: int, end: int) -> list[ShownRepair]:
    """The repairs that lie on a raw character of `[start, end)` or add characters there, in their order."""
    # Repairs do not overlap, so that their ends are sorted as their starts are.
    first = bisect_left(audited.repairs, start, key=lambda r: r.repair.raw_end)
    found = []
    for shown in audited.repairs[first:]:
        low, high = shown.repair.raw_start, shown.repair.raw_end
        if low > end or (low == end and low < high):
            break
        if high > start or low == high:
            found.append(shown)
    return found


def raw_html(
    audited: Audited, start: int, end: int, language: str, *, here: Span | None = None, ids: set[str] | None = None
) -> str:
    """Return raw `[start, end)` as HTML.

    Args:
        audited: the circular.
        start: first raw character.
        end: behind the last raw character.
        language: of the labels.
        here: a raw span within it to be marked.
        ids: the ids given so far; with it each repair gets its own where it first appears, and a title.
    """
    parts: list[str] = []
    before: Piece | None = None
    for piece in pieces(audited, start, end, here):
        again = before is not None and before.kind == piece.kind and before.shown is piece.shown
        if piece.kind in ("cut", "private") and again:
            continue  # one label for the whole stretch
        parts.append(_piece(audited, piece, language, ids))
        before = piece
    return "".join(parts)


def _piece(audited: Audited, piece: Piece, language: str, ids: set[str] | None) -> str:
    if piece.kind == "cut":
        return cut_label(piece.shown, language, ids) if piece.shown else ""
    if piece.kind == "private":
        return f'<span class="cut">{escape(say("[contact details]", language))}</span>'
    text = attribute(audited.raw[piece.start : piece.end])
    if piece.shown is not None:
        repair = piece.shown.repair
        kind = attribute(repair.kind)
        classes = f"r r-{kind}" + (" gone" if not repair.restored else "") + (" in" if piece.kind == "added" else "")
        classes += " doubt" if repair.confidence < 1 else ""
        more = ""
        if ids is not None:
            key = piece.shown.key
            more = f' id="{attribute(key)}"' if key and key not in ids else ""
            ids.add(key)
            more += f' title="{attribute(change(piece.shown, language))}"'
        text = f'<span class="{classes}"{more}>{text or "‸"}</span>'
    return f"<mark>{text}</mark>" if piece.is_here and text else text


def cut_label(shown: ShownRepair, language: str, ids: set[str] | None = None) -> str:
    """What stands for furniture that was cut: how long it was and of what kind, never its words."""
    repair = shown.repair
    kinds = [part.split(",")[0].strip() for part in repair.note.split(";") if "," in part]
    text = say("[cut: {n} characters]", language, n=repair.raw_end - repair.raw_start)
    if kinds:
        named = ", ".join(dict.fromkeys(words.furniture_kind(kind, language) for kind in kinds))
        text = text[:-1] + (f"：{named}]" if language == "zh" else f", {named}]")
    key = shown.key
    own = f' id="{attribute(key)}"' if ids is not None and key and key not in ids else ""
    if ids is not None:
        ids.add(key)
    return f'<span class="cut"{own}>{escape(text)}</span>'


def change(shown: ShownRepair, language: str) -> str:
    """What a repair did, in one line of plain text: `關 → 关`, its kind, its proof."""
    repair = shown.repair
    proof = words.repair_proof(shown, language)
    said = words.repair_kind(repair.kind, language) + (f"; {proof}" if proof else "")
    if not shown.is_public or repair.kind == FURNITURE:
        return said
    nothing = say("nothing", language)
    return f"{repair.raw or nothing} → {repair.restored or nothing}: {said}"


def changes_html(audited: Audited, start: int, end: int, language: str) -> str:
    """Return the repairs of raw `[start, end)`, alike ones once with their number, as an HTML list; empty for none."""
    private = [m for m in audited.raw_private if m[0] < end and start < m[1]]
    found = [r for r in touching(audited, start, end) if r.repair.kind != FURNITURE and not _hidden(r, private)]
    counted = Counter(change(r, language) for r in found)
    items = (f"<li>{escape(text)}{f' ×{n}' if n > 1 else ''}</li>" for text, n in counted.items())
    return f'<ul class="changes">{"".join(items)}</ul>' if counted else ""


def _hidden(shown: ShownRepair, private: Sequence[Span]) -> bool:
    low, high = shown.repair.raw_start, max(shown.repair.raw_end, shown.repair.raw_start + 1)
    return not shown.is_public or any(a < high and low < b for a, b in private)
