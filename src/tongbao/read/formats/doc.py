"""Word 97-2003 files (.doc), also .wps as WPS Office writes it: the text by the piece table, tables by row marks.

Source: [MS-DOC] Word (.doc) Binary File Format, sections 2.4.1 (retrieving text), 2.5 (file information block),
2.8.35 (piece table), 2.9.38 (Clx). Properties of characters and paragraphs are in `doc_properties`.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tongbao.read.formats.doc_properties import Properties, read_properties
from tongbao.read.formats.model import MAX_CHARACTERS, Read, UnreadableError
from tongbao.read.formats.rows import MAX_COLUMNS, Cell, one_line, table_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_STREAM = 50_000_000
"""Bytes of the largest stream that is read."""

_MAGIC = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_FIRST_SUPPORTED = 0x00C1  # Word 97; Word 95 keeps its text in another way
_CCP, _CLX = 0x4C, 0x1A2
_CELL, _BREAK, _PAGE, _PARAGRAPH = "\x07", "\x0b", "\x0c", "\r"
# Text stored in single bytes is Latin-1 but for these ([MS-DOC] 2.9.73).
_SINGLE = {
    0x82: "\u201a", 0x83: "\u0192", 0x84: "\u201e", 0x85: "\u2026", 0x86: "\u2020", 0x87: "\u2021", 0x88: "\u02c6",
    0x89: "\u2030", 0x8A: "\u0160", 0x8B: "\u2039", 0x8C: "\u0152", 0x91: "\u2018", 0x92: "\u2019", 0x93: "\u201c",
    0x94: "\u201d", 0x95: "\u2022", 0x96: "\u2013", 0x97: "\u2014", 0x98: "\u02dc", 0x99: "\u2122", 0x9A: "\u0161",
    0x9B: "\u203a", 0x9C: "\u0153", 0x9F: "\u0178",
}  # fmt: skip

_SAME_EDGE = 40  # twentieths of a point: edges drawn by hand differ by a little
_Row = tuple[list[str], list[int]]  # texts of the cells, and their right edges if these are known


def read_doc(container: Any) -> Read:
    """Read a Word file.

    Args:
        container: an open `olefile.OleFileIO` that has a stream `WordDocument`.

    Raises:
        UnreadableError: encrypted, older than Word 97, truncated or damaged.
    """
    main = _stream(container, "WordDocument")
    if len(main) < 0x1AA or struct.unpack_from("<H", main)[0] != _MAGIC:
        raise UnreadableError("damaged: its Word header is missing; get the file again")
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise UnreadableError("encrypted: save a copy without a password")
    if struct.unpack_from("<H", main, 2)[0] < _FIRST_SUPPORTED:
        raise UnreadableError("a file of Word 95 or older: open it and save it as .docx")
    name = "1Table" if flags & _SECOND_TABLE else "0Table"
    if not container.exists(name):
        raise UnreadableError("damaged: its piece table is missing; get the file again")
    table = _stream(container, name)
    characters, positions = _text(main, table)
    properties = read_properties(main, table, _stream(container, "Data") if container.exists("Data") else b"")
    body, foot = struct.unpack_from("<II", main, _CCP)
    lines, n_hidden = _lines(characters[:body], positions[:body], properties)
    foot_lines, _ = _lines(characters[body : body + foot], positions[body : body + foot], properties)
    notes = [f"{len(foot_lines)} lines of footnotes stand after the text"] if foot_lines else []
    if n_hidden:
        notes.append(f"{n_hidden} characters left out that are hidden or marked as deleted")
    if not properties.has_paragraphs and _CELL in characters[:body]:
        notes.append("what ends the rows of its tables is lost: each cell is a line of its own")
    notes.append("automatic numbers of paragraphs, if there are any, are not read")
    return Read("\n".join([*lines, *foot_lines]), "doc", tuple(notes))


def _stream(container: Any, name: str) -> bytes:
    if container.get_size(name) > MAX_STREAM:
        raise UnreadableError(f"it holds more than {MAX_STREAM // 1_000_000} MB: not a single circular")
    content: bytes = container.openstream(name).read()
    return content


def _text(main: bytes, table: bytes) -> tuple[str, "Sequence[int]"]:
    """All characters in order, and for each the place of its bytes in the main stream.

    A character beyond the basic plane counts as two here, as in the format; `_lines` joins them.
    """
    from array import array

    start, length = struct.unpack_from("<II", main, _CLX)
    clx = table[start : start + length]
    if len(clx) < length or length == 0:
        raise UnreadableError("damaged: its piece table is cut off; get the file again")
    at = 0
    while at < len(clx) and clx[at] == 0x01:  # properties of pieces, not text
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 0x02:
        raise UnreadableError("damaged: its piece table is missing; get the file again")
    plc = clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
    n_pieces = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{n_pieces + 1}I", plc)
    pieces: list[str] = []
    positions = array("I")
    for n in range(n_pieces):
        n_characters = places[n + 1] - places[n]
        if n_characters < 0 or len(positions) + n_characters > 2 * MAX_CHARACTERS:
            raise UnreadableError("damaged: its piece table counts wrongly; get the file again")
        fc = struct.unpack_from("<I", plc, 4 * (n_pieces + 1) + 8 * n + 2)[0]
        size = 1 if fc & 0x40000000 else 2
        begin = (fc & 0x3FFFFFFF) // 2 if size == 1 else fc & 0x3FFFFFFF
        raw = main[begin : begin + size * n_characters]
        if len(raw) < size * n_characters:
            raise UnreadableError("truncated: part of its text is missing; get the file again")
        if size == 1:
            pieces.append("".join(_SINGLE.get(byte, chr(byte)) for byte in raw))
        else:
            pieces.append("".join(map(chr, struct.unpack(f"<{n_characters}H", raw))))
        positions.extend(range(begin, begin + size * n_characters, size))
    return "".join(pieces), positions


def _lines(text: str, positions: "Sequence[int]", properties: Properties) -> tuple[list[str], int]:
    """Lines of a part of the document, and the number of hidden or deleted characters left out."""
    lines: list[str] = []
    rows: list[_Row] = []  # of the table under way
    cells: list[str] = []
    run: list[str] = []
    n_hidden = 0
    fields: list[bool] = []  # open fields: whether the shown result has begun
    for character, position in zip(text, positions, strict=True):
        if character == "\x13":
            fields.append(False)
        elif character == "\x14" and fields:
            fields[-1] = True
        elif character == "\x15" and fields:
            fields.pop()
        elif not all(fields):
            continue  # an instruction, not its result
        elif character == _CELL and properties.has_paragraphs:
            edges = properties.row_end(position)
            if edges is None:
                cells.append(_joined("".join(run)))
            else:
                rows.append((cells, edges if len(edges) == len(cells) else []))
                cells = []
            run.clear()
        elif character in {_PARAGRAPH, _PAGE, _CELL}:
            if properties.is_in_table(position):
                run.append("\n")
            else:
                lines += _table(rows)
                rows, cells = [], []
                lines += _paragraph(run)
                run.clear()
        elif properties.is_hidden(position):
            n_hidden += 1
        elif character == _BREAK:
            run.append("\n")
        elif character == "\x1e":
            run.append("-")
        elif character == "\t" or character >= " ":
            run.append(character)
    lines += _table(rows)
    lines += _paragraph([" ".join([*cells, ""]), *run])
    return lines, n_hidden


def _table(rows: "list[_Row]") -> list[str]:
    """Rows to lines. Their cells' right edges, put together, are the columns; a wide cell spans several."""
    grid: list[int] = []
    for edge in sorted({edge for _, edges in rows for edge in edges}):
        if not grid or edge - grid[-1] > _SAME_EDGE:
            grid.append(edge)
    if len(grid) > MAX_COLUMNS or not all(edges for _, edges in rows):
        return table_lines([[Cell(text) for text in texts] for texts, _ in rows])
    laid_out: list[list[Cell]] = []
    for texts, edges in rows:
        cells: list[Cell] = []
        before = 0
        for text, edge in zip(texts, edges, strict=True):
            upto = bisect_right(grid, edge)
            cells.append(Cell(text, max(1, upto - before)))
            before = max(before + 1, upto)
        laid_out.append(cells)
    return table_lines(laid_out)


def _joined(text: str) -> str:
    """Text with the two halves of characters beyond the basic plane joined; a half alone becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _paragraph(run: list[str]) -> Iterator[str]:
    for piece in _joined("".join(run)).split("\n"):
        if line := one_line(piece):
            yield line
