"""One page on one restored file: raw and restored text side by side, line by line, repairs and gaps marked.

What belongs here: the layout of that page. What was repaired and why comes from `restore`; the pages of the
site, which know the facts taken from a text, are made elsewhere. The page loads nothing and runs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tongbao.read.folder import RawDocument
from tongbao.report.safe import attribute, escape
from tongbao.report.selfcheck import require_self_contained
from tongbao.restore.edits import Spans
from tongbao.restore.explain import before_and_after, reason
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.pipeline import Gap, Restored
from tongbao.restore.repairs import Repair, private_spans

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.7 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 1rem; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; }}
th, td {{ border: 1px solid #8888; padding: .2rem .5rem; vertical-align: top; overflow-wrap: anywhere; }}
th:first-child, td:first-child {{ width: 4rem; text-align: right; }}
del, ins {{ text-decoration: none; border-radius: .2em; color: #000; }}
del {{ background: #ffd9d0; }}
ins {{ background: #cdeccd; }}
.doubt {{ outline: 2px dashed #b05a00; }}
.gap {{ background: #ffe08a; color: #000; outline: 2px solid #7a5d00; }}
.cut {{ color: #5c5c5c; font-style: italic; }}
@media (prefers-color-scheme: dark) {{ .cut {{ color: #b8b8b8; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
"""
_PRIVATE = '<span class="cut">[contact details]</span>'


@dataclass(frozen=True, slots=True)
class _Piece:
    """The HTML of a stretch on both sides; `ends_line` where the restored text begins a new line after it."""

    raw: str
    restored: str
    ends_line: bool = False
    n_breaks: int = 0


def restoration_page(raw: RawDocument, restored: Restored, lexicon: Lexicon | None = None) -> str:
    """Return the page as HTML.

    Args:
        raw: the document.
        restored: what became of it.
        lexicon: the word lists; the project's by default.

    Raises:
        TongbaoError: the page would load or run something (a fault of this module).
    """
    lexicon = lexicon or load_lexicon()
    kind = lexicon.copy_kinds.get(restored.copy_kind, restored.copy_kind)
    parts = [
        _HEAD.format(title=f"Restoration of {escape(restored.raw_file)}"),
        f"<p>{escape(restored.encoding)}, {escape(restored.script)}. Kind of copy: <b>{escape(restored.copy_kind)}</b>"
        f" ({escape(kind)}): {escape(restored.copy_evidence)}. "
        f"{len(restored.repairs)} repairs, {len(restored.gaps)} gaps. Hover over a marked place for its reason.</p>",
        _list([*raw.notes, *(f"annex linked to, not read: {a.name}" for a in raw.attachments)]),
        '<table><thead><tr><th scope="col">Raw line</th><th scope="col">Raw</th><th scope="col">Restored</th></tr>'
        "</thead><tbody>\n",
        *_rows(raw.text, restored, lexicon),
        "</tbody></table>\n</body>\n</html>\n",
    ]
    page = "".join(parts)
    require_self_contained(page, restored.raw_file)
    return page


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>\n" if items else ""


def _rows(raw: str, restored: Restored, lexicon: Lexicon) -> Iterator[str]:
    line, first = 1, 1
    left: list[str] = []
    right: list[str] = []
    for piece in [*_pieces(raw, restored, lexicon), _Piece("", "", ends_line=True)]:
        for side, text in ((left, piece.raw), (right, piece.restored)):
            if text and not (text == _PRIVATE and side[-1:] == [_PRIVATE]):  # one label for the whole stretch
                side.append(text)
        line += piece.n_breaks
        if piece.ends_line and any(left + right):
            yield f"<tr><td>{first}</td><td>{''.join(left)}</td><td>{''.join(right)}</td></tr>\n"
            left, right, first = [], [], line


def _pieces(raw: str, restored: Restored, lexicon: Lexicon) -> Iterator[_Piece]:
    """The raw text cut at repairs, gaps, contact details and line ends; between repairs both sides are alike."""
    private = private_spans(raw)
    hidden = Spans(private)
    # Gaps and contact details cut the stretches that no repair touched.
    marks = sorted(
        [*((g.raw_start, g.raw_end, g) for g in restored.gaps), *((a, b, None) for a, b in private)], key=_at
    )
    at = k = 0
    for repair in [*restored.repairs, None]:
        end = repair.raw_start if repair else len(raw)
        while k < len(marks) and marks[k][0] < end:
            low, high, gap = marks[k]
            if low > at:
                yield from _plain(raw[at:low])
            low, high = max(low, at), min(high, end)
            if low < high:
                yield _marked(raw[low:high], gap if gap and not hidden.overlaps(low, high) else None)
                at = high
            if marks[k][1] > end:
                break  # it goes on behind the repair
            k += 1
        yield from _plain(raw[at:end])
        at = end
        if repair:
            yield _repaired(repair, raw, lexicon, is_private=hidden.overlaps(repair.raw_start, repair.raw_end))
            at = repair.raw_end


def _at(mark: tuple[int, int, Gap | None]) -> tuple[int, int]:
    return mark[0], mark[1]


def _plain(text: str) -> Iterator[_Piece]:
    *whole, rest = text.split("\n")
    for line in whole:
        yield _Piece(escape(line), escape(line), ends_line=True, n_breaks=1)
    if rest:
        yield _Piece(escape(rest), escape(rest))


def _marked(text: str, gap: Gap | None) -> _Piece:
    n_breaks = text.count("\n")
    if gap is None:
        return _Piece(_PRIVATE, _PRIVATE, ends_line=n_breaks > 0, n_breaks=n_breaks)
    found = ", ".join(f"{c.text} ({c.margin:g} nats behind)" for c in gap.candidates) or "no candidate"
    html = f'<span class="gap" title="{attribute(f"gap: {found}")}">{escape(text)}</span>'
    return _Piece(html, html, n_breaks=n_breaks)


def _repaired(repair: Repair, raw: str, lexicon: Lexicon, *, is_private: bool) -> _Piece:
    n_breaks = raw.count("\n", repair.raw_start, repair.raw_end)
    ends_line = "\n" in repair.restored
    if repair.kind == "furniture":
        label = f'<span class="cut">[cut: {repair.raw_end - repair.raw_start} characters; {escape(repair.note)}]</span>'
        return _Piece(label, "", ends_line=True, n_breaks=n_breaks)
    if repair.kind == "spam_word":
        return _Piece(f'<span class="cut">[{escape(repair.note)}]</span>', "", n_breaks=n_breaks)
    if is_private or (not repair.raw and repair.raw_start < repair.raw_end):
        return _Piece(_PRIVATE, _PRIVATE if repair.restored else "", ends_line, n_breaks)
    was, now = before_and_after(repair)
    proof = f"; verified by: {repair.verified_by}" if repair.verified_by else ""
    said = attribute(f"{repair.kind}: {reason(repair, lexicon)}; confidence {repair.confidence:.2f}{proof}")
    doubt = ' class="doubt"' if repair.confidence < 1 else ""
    left = f'<del{doubt} title="{said}">{escape(was)}</del>' if was else ""
    right = f'<ins{doubt} title="{said}">{escape(now)}</ins>' if repair.restored.strip("\n") else ""
    return _Piece(left, right, ends_line, n_breaks)
