"""How the cells of a workbook show their numbers: with how many decimals, and whether as a percentage.

A sheet that shows 96% stores 0.96. The library that reads the values does not tell the formats, so they are
read here: from the style part of .xlsx (ISO/IEC 29500-1, 18.8.30) and from the XF and FORMAT records of .xls
([MS-XLS] 2.4.126, 2.4.353). Values are not read here.
"""

import io
import re
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """The form of a number: digits after the point, and whether it is shown in per cent."""

    decimals: int
    is_percent: bool


_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_SIMPLE = re.compile(r"[#,?]*0?(?:\.(0{1,10}))?(%?)")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]| ')
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_STYLE = re.compile(rb'\bs="([0-9]{1,6})"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def shown_by(code: str) -> Shown | None:
    """What a format code says of a positive number; None where it is no plain number or percentage."""
    first = _LITERAL.sub("", code.partition(";")[0])
    match = _SIMPLE.fullmatch(first)
    if match is None or "0" not in first:
        return None
    return Shown(len(match.group(1) or ""), bool(match.group(2)))


def xlsx_formats(parts: dict[str, bytes]) -> list[dict[tuple[int, int], Shown]]:
    """The formats of the cells of each sheet, in the workbook's order, by (row, column) from 0."""
    styles = _cell_styles(parts.get("xl/styles.xml", b""))
    return [_sheet_formats(parts.get(name, b""), styles) for name in _sheet_parts(parts)]


def _parse(part: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))


def _cell_styles(part: bytes) -> list[Shown | None]:
    root = _parse(part) if part else None
    if root is None:
        return []
    codes = dict(_BUILT_IN)
    for item in root.iter("{*}numFmt"):
        if str(item.get("numFmtId", "")).isdecimal():
            codes[int(item.get("numFmtId"))] = item.get("formatCode", "")
    return [
        shown_by(codes.get(int(item.get("numFmtId", "0")), "")) if item.get("numFmtId", "0").isdecimal() else None
        for group in root.iter("{*}cellXfs")
        for item in group.iter("{*}xf")
    ]


def _sheet_parts(parts: dict[str, bytes]) -> Iterator[str]:
    workbook = _parse(parts["xl/workbook.xml"])
    relations = _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    if workbook is None or relations is None:
        return
    targets = {item.get("Id"): str(item.get("Target", "")) for item in relations.iter("{*}Relationship")}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        yield target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _sheet_formats(part: bytes, styles: list[Shown | None]) -> dict[tuple[int, int], Shown]:
    found: dict[tuple[int, int], Shown] = {}
    for match in _CELL.finditer(part):
        place, style = _PLACE.search(match.group(1)), _STYLE.search(match.group(1))
        if place is None or style is None or int(style.group(1)) >= len(styles):
            continue
        shown = styles[int(style.group(1))]
        if shown is not None:
            column = 0
            for letter in place.group(1):
                column = column * 26 + letter - 64
            found[int(place.group(2)) - 1, column - 1] = shown
    return found


def xls_formats(data: bytes) -> list[dict[tuple[int, int], Shown]]:
    """The same for a workbook in BIFF8; of older ones the formats are not known and the list is empty."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if not container.exists("Workbook"):
            return []
        stream = container.openstream("Workbook").read()
    codes = dict(_BUILT_IN)
    styles: list[int] = []
    starts: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == 0x041E and len(body) >= 5:  # FORMAT
            number, length, flags = struct.unpack_from("<HHB", body)
            raw = body[5 : 5 + (2 * length if flags & 1 else length)]
            codes[number] = raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace")
        elif kind == 0x00E0 and len(body) >= 4:  # XF
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == 0x0085 and len(body) >= 4:  # BOUNDSHEET
            starts.append(struct.unpack_from("<I", body)[0])
    shown = [shown_by(codes.get(number, "")) for number in styles]
    return [_xls_sheet(stream, start, shown) for start in starts]


def _xls_sheet(stream: bytes, start: int, shown: list[Shown | None]) -> dict[tuple[int, int], Shown]:
    found: dict[tuple[int, int], Shown] = {}
    for kind, body in _records(stream, start):
        if kind in {0x0203, 0x027E, 0x0006} and len(body) >= 6:  # NUMBER, RK, FORMULA
            row, column, style = struct.unpack_from("<HHH", body)
            cells = [(column, style)]
        elif kind == 0x00BD and len(body) >= 6:  # MULRK
            row, column = struct.unpack_from("<HH", body)
            cells = [(column + n, struct.unpack_from("<H", body, 4 + 6 * n)[0]) for n in range((len(body) - 6) // 6)]
        else:
            continue
        for at, style in cells:
            if style < len(shown) and (form := shown[style]) is not None:
                found[row, at] = form
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, up to its EOF record."""
    at = start
    while 0 <= at <= len(stream) - 4:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0x000A:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
