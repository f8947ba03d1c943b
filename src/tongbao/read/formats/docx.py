"""Word files (.docx) and WPS files in that form: paragraphs, table rows, notes, in reading order.

Read from the markup itself (ISO/IEC 29500-1), because the library's paragraph list leaves out what stands in
content controls, text boxes and tracked insertions. Numbers that Word puts before headings are in `numbering`.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tongbao.read.formats.model import Read
from tongbao.read.formats.numbering import Numbering
from tongbao.read.formats.rows import Cell, one_line, table_lines

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a second form of the same
# What was deleted or moved away, instructions of fields, and properties are no text of the document.
_SKIPPED = frozenset({_W + n for n in ("del", "moveFrom", "instrText", "delText", "pPr", "tblPr", "trPr", "tcPr")})
_MARKS = {_W + "tab": " ", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "ptab": " "}
_NOTE_PARTS = {"/footnotes": "footnote", "/endnotes": "footnote"}


def read_docx(data: bytes) -> Read:
    """Read a Word file.

    Args:
        data: a container that `archive.open_container` has found safe.
    """
    import docx

    document = docx.Document(io.BytesIO(data))
    numbering = Numbering.of(document)
    body = document.element.body
    lines = list(_blocks(body, numbering))
    notes: list[str] = []
    foot = list(_foot_lines(document, numbering))
    if foot:
        notes.append(f"{len(foot)} lines of footnotes stand after the text")
    if numbering.n_unknown:
        notes.append(f"{numbering.n_unknown} automatic numbers are of a kind that is not known and left out")
    if n_pictures := sum(1 for _ in body.iter(_W + "drawing", _W + "pict")):
        notes.append(f"{n_pictures} pictures or shapes; text in pictures is not read")
    return Read("\n".join([*lines, *foot]), "docx", tuple(notes))


def _blocks(parent: Any, numbering: Numbering) -> Iterator[str]:
    """The lines of a body, cell, text box or content control. Nesting is bounded by the XML parser (256)."""
    for child in parent:
        if child.tag == _W + "p":
            yield from _paragraph(child, numbering)
        elif child.tag == _W + "tbl":
            yield from table_lines(list(_rows(child, numbering)))
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK and isinstance(child.tag, str):
            yield from _blocks(child, numbering)


def _paragraph(paragraph: Any, numbering: Numbering) -> Iterator[str]:
    if _is_hidden(paragraph.find(f"{_W}pPr/{_W}rPr")) and paragraph.find(f".//{_W}t") is None:
        return
    boxes: list[Any] = []
    text = "".join(_inline(paragraph, boxes))
    label = numbering.label(paragraph) if text.strip() else ""
    for n, piece in enumerate(text.split("\n")):
        if line := one_line((label if n == 0 else "") + piece):
            yield line
    for box in boxes:
        yield from _blocks(box, numbering)


def _inline(parent: Any, boxes: list[Any]) -> Iterator[str]:
    for child in parent:
        tag = child.tag
        if tag == _W + "t":
            yield child.text or ""
        elif tag in _MARKS:
            yield _MARKS[tag]
        elif tag == _W + "sym":
            yield "\ufffd"  # a sign of a font of its own: which one cannot be told
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _W + "r" and _is_hidden(child.find(_W + "rPr")):
            continue
        elif tag not in _SKIPPED and tag != _FALLBACK and isinstance(tag, str):
            yield from _inline(child, boxes)


def _is_hidden(properties: Any) -> bool:
    vanish = None if properties is None else properties.find(_W + "vanish")
    return vanish is not None and vanish.get(_W + "val", "1") not in {"0", "false", "off"}


def _rows(table: Any, numbering: Numbering) -> Iterator[list[Cell]]:
    """The rows with their cells. A cell merged with the one above is there in Word, and empty."""
    for row in _inside(table, _W + "tr"):
        cells = [Cell("", _number(row, "gridBefore"))] if _number(row, "gridBefore") else []
        for cell in _inside(row, _W + "tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            is_continued = merge is not None and merge.get(_W + "val", "continue") == "continue"
            text = "" if is_continued else "\n".join(_blocks(cell, numbering))
            cells.append(Cell(text, max(1, _number(cell, "gridSpan"))))
        yield cells


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or cells of a row, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            if child.find(f"{_W}trPr/{_W}del") is None:
                yield child
        elif child.tag not in _SKIPPED and child.tag != _FALLBACK and isinstance(child.tag, str):
            yield from _inside(child, tag)


def _number(element: Any, name: str) -> int:
    for properties in ("trPr", "tcPr"):
        found = element.find(f"{_W}{properties}/{_W}{name}")
        if found is not None and str(found.get(_W + "val", "")).isascii() and str(found.get(_W + "val", "")).isdigit():
            return min(int(found.get(_W + "val")), 256)
    return 0


def _foot_lines(document: "Document", numbering: Numbering) -> Iterator[str]:
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        name = next((n for end, n in _NOTE_PARTS.items() if relation.reltype.endswith(end)), "")
        if not name or relation.is_external:
            continue
        root: Any = parse_xml(relation.target_part.blob)
        for note in root:
            if note.get(_W + "type") in {None, "normal"}:  # the others are the lines that separate notes from text
                yield from _blocks(note, numbering)
