"""Properties of Word 97-2003 text that decide what is read: ends of table rows, hidden and deleted characters.

Source: [MS-DOC] 2.9.33 (ChpxFkp), 2.9.175 (PapxFkp), 2.6.1 to 2.6.3 (sprms), 2.9.315 (TDefTableOperand).
Positions are byte places in the main stream, as the piece table gives them. Damaged pages are passed over: the
text is then read without them.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_CHPX, _PAPX = 0xFA, 0x102  # where the file information block tells the two tables' places
_PAGE = 512
_DELETED, _VANISH = 0x0800, 0x083C
_IN_TABLE, _ROW_END, _ROW = 0x2416, 0x2417, 0xD608
_ELSEWHERE = {0x6645, 0x6646}  # properties too long for the page stand in the data stream
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(slots=True)
class Properties:
    """What is known of each place. A span is known by its start; it reaches to the next one's."""

    _starts: list[int] = field(default_factory=list)
    _hidden: list[bool] = field(default_factory=list)
    _paragraph_starts: list[int] = field(default_factory=list)
    _paragraphs: list[tuple[bool, list[int] | None]] = field(default_factory=list)

    @property
    def has_paragraphs(self) -> bool:
        """Whether anything is known of paragraphs: if not, where the rows of tables end is not known either."""
        return bool(self._paragraphs)

    def is_hidden(self, position: int) -> bool:
        """Whether the character there is hidden or marked as deleted."""
        at = bisect_right(self._starts, position) - 1
        return at >= 0 and self._hidden[at]

    def is_in_table(self, position: int) -> bool:
        """Whether the paragraph there is in a table."""
        at = bisect_right(self._paragraph_starts, position) - 1
        return at >= 0 and self._paragraphs[at][0]

    def row_end(self, position: int) -> list[int] | None:
        """The right edges of the row's cells (twentieths of a point) if the mark there ends a table row."""
        at = bisect_right(self._paragraph_starts, position) - 1
        return self._paragraphs[at][1] if at >= 0 else None


def read_properties(main: bytes, table: bytes, data: bytes) -> Properties:
    """Read the properties of all places from the main stream, the table stream and the data stream (may be empty)."""
    characters: dict[int, bool] = {}
    for start, _, page, offset in _runs(main, table, _CHPX, 1):
        characters[start] = _is_hidden(page, offset)
    paragraphs: dict[int, tuple[bool, list[int] | None]] = {}
    for start, _, page, offset in _runs(main, table, _PAPX, 13):
        paragraphs[start] = _paragraph(page, offset, data)
    found = Properties()
    found._starts = sorted(characters)
    found._hidden = [characters[at] for at in found._starts]
    found._paragraph_starts = sorted(paragraphs)
    found._paragraphs = [paragraphs[at] for at in found._paragraph_starts]
    return found


def _runs(main: bytes, table: bytes, where: int, width: int) -> Iterator[tuple[int, int, bytes, int]]:
    """Every run of every property page: start, end, page, and where in the page its properties are (0: none)."""
    start, length = struct.unpack_from("<II", main, where)
    plc = table[start : start + length]
    n_pages = (len(plc) - 4) // 8
    for n in range(max(0, n_pages)):
        number = struct.unpack_from("<I", plc, 4 * (n_pages + 1) + 4 * n)[0] & 0x3FFFFF
        page = main[number * _PAGE : (number + 1) * _PAGE]
        if len(page) < _PAGE:
            continue
        n_runs = page[-1]
        if 4 * (n_runs + 1) + width * n_runs > _PAGE - 1:
            continue
        edges = struct.unpack_from(f"<{n_runs + 1}I", page)
        for k in range(n_runs):
            yield edges[k], edges[k + 1], page, 2 * page[4 * (n_runs + 1) + width * k]


def _sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(grpprl):
        code = struct.unpack_from("<H", grpprl, at)[0]
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None and code == _ROW:  # its length takes two bytes, and counts one too many
            if at + 2 > len(grpprl):
                return
            size = struct.unpack_from("<H", grpprl, at)[0] + 1
        elif size is None:
            size = 1 + grpprl[at] if at < len(grpprl) else 1
        yield code, grpprl[at : at + size]
        at += size


def _is_hidden(page: bytes, offset: int) -> bool:
    if not offset:
        return False
    grpprl = page[offset + 1 : offset + 1 + page[offset]]
    return any(code in {_DELETED, _VANISH} and operand[:1] == b"\x01" for code, operand in _sprms(grpprl))


def _paragraph(page: bytes, offset: int, data: bytes) -> tuple[bool, list[int] | None]:
    if not offset or offset + 2 > _PAGE:
        return False, None
    size = 2 * page[offset] - 1
    begin = offset + 1
    if page[offset] == 0:
        size, begin = 2 * page[offset + 1], offset + 2
    is_in_table = is_row_end = False
    edges: list[int] = []
    sprms = list(_sprms(page[begin + 2 : begin + size]))  # two bytes name the style
    if sprms and sprms[0][0] in _ELSEWHERE and len(sprms[0][1]) == 4:
        at = struct.unpack("<I", sprms[0][1])[0]
        sprms = list(_sprms(data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "little")]))
    for code, operand in sprms:
        if code == _IN_TABLE:
            is_in_table = operand[:1] == b"\x01"
        elif code == _ROW_END:
            is_row_end = operand[:1] == b"\x01"
        elif code == _ROW and len(operand) >= 3:
            n_cells = operand[2]
            if 3 + 2 * (n_cells + 1) <= len(operand):
                places = struct.unpack_from(f"<{n_cells + 1}h", operand, 3)
                edges = [place - places[0] for place in places[1:]]
    return is_in_table, edges if is_row_end else None
