"""Spreadsheets (.xlsx, .xls, WPS .et): each visible sheet as table lines, numbers as the sheet shows them.

How a cell shows its number is found out in `number_formats`.
"""

import datetime
import io
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tongbao.read.formats.archive import repack
from tongbao.read.formats.model import Read, UnreadableError
from tongbao.read.formats.number_formats import Shown, xls_formats, xlsx_formats
from tongbao.read.formats.rows import MAX_COLUMNS, Cell, table_lines

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_CELLS = 2_000_000
"""Largest area (rows x columns, empty cells too) of a sheet."""

MAX_SHEETS = 200
"""Most sheets of a workbook."""

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d+", re.IGNORECASE)
_REFERENCE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_Formats = dict[tuple[int, int], Shown]


def read_xlsx(parts: dict[str, bytes]) -> Read:
    """Read a workbook from the XML parts that `archive.open_container` has unpacked.

    Raises:
        UnreadableError: a sheet spans more than `MAX_CELLS` cells, or the workbook is damaged.
    """
    for name, part in parts.items():
        if name.startswith("xl/worksheets/"):
            _check_area(part)
    return _read(repack(parts), "xlsx", xlsx_formats(parts))


def read_xls(data: bytes) -> Read:
    """Read a workbook of the older form (BIFF in an OLE container), which WPS also writes as .et.

    Raises:
        UnreadableError: it is encrypted, too large or damaged.
    """
    return _read(data, "xls", xls_formats(data))


def _check_area(part: bytes) -> None:
    low_row = low_column = 1 << 30
    high_row = high_column = 0
    for letters, digits in _REFERENCE.findall(part):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        row = int(digits)
        low_row, high_row = min(low_row, row), max(high_row, row)
        low_column, high_column = min(low_column, column), max(high_column, column)
    if (high_row - low_row + 1) * (high_column - low_column + 1) > MAX_CELLS and high_row:
        raise UnreadableError(_TOO_LARGE)


_TOO_LARGE = f"a sheet spans more than {MAX_CELLS:,} cells: not a single circular; delete the stray cells"


def _read(data: bytes, form: str, formats: list[_Formats]) -> Read:
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise UnreadableError("encrypted: save a copy without a password") from error
    if len(workbook.sheets_metadata) > MAX_SHEETS:
        raise UnreadableError(f"it has more than {MAX_SHEETS} sheets: not a single circular")
    lines: list[str] = []
    notes: list[str] = []
    for n, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible != SheetVisibleEnum.Visible:
            notes.append(f"the hidden sheet {sheet.name!r} is left out")
            continue
        content = _sheet(workbook.get_sheet_by_index(n), formats[n] if n < len(formats) else {})
        if content and not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
            lines.append(sheet.name.strip())
        lines += content
    return Read("\n".join(lines), form, tuple(notes))


def _sheet(sheet: "CalamineSheet", formats: _Formats) -> list[str]:
    """The lines of a sheet. Above its first and below its last row with several cells, a row is a plain line."""
    if sheet.start is None:
        return []
    if sheet.height * sheet.width > MAX_CELLS:
        raise UnreadableError(_TOO_LARGE)
    top, left = sheet.start
    grid = [
        [_shown(value, formats.get((top + y, left + x))) for x, value in enumerate(row)]
        for y, row in enumerate(sheet.to_python(skip_empty_area=True))
    ]
    several = [y for y, row in enumerate(grid) if sum(bool(text) for text in row) >= 2]
    if not several:
        return [line for row in grid for text in row for line in table_lines([[Cell(text)]])]
    wide = {a[0] - top for a, b in sheet.merged_cell_ranges or [] if a[1] <= left and b[1] >= left + sheet.width - 1}
    rows: list[list[Cell]] = []
    for y, row in enumerate(grid):
        is_alone = bool(row[0]) and not any(row[1:])
        if is_alone and (y in wide or not several[0] <= y <= several[-1]):
            rows.append([Cell(row[0], min(len(row), MAX_COLUMNS))])
        else:
            rows.append([Cell(text) for text in _trimmed(row, grid)])
    return table_lines(rows)


def _trimmed(row: list[str], grid: Sequence[Sequence[str]]) -> list[str]:
    return row[:MAX_COLUMNS] if len(grid[0]) > MAX_COLUMNS and not any(row[MAX_COLUMNS:]) else row


def _shown(value: Any, shown: Shown | None) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, shown)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).strip()


def _number(value: float, shown: Shown | None) -> str:
    """A number as its format shows it: 0.9567 in the format 0.0% is 95.7%. Without a format, all its digits."""
    if shown is None:
        text = format(value, ".15g")
        return format(Decimal(text), "f") if "e" in text else text
    exact = Decimal(repr(value)) * (100 if shown.is_percent else 1)
    if not exact.is_finite() or abs(exact) > 10**15:
        return format(value, ".15g")
    rounded = exact.quantize(Decimal(1).scaleb(-shown.decimals), ROUND_HALF_UP)
    return f"{rounded:f}" + ("%" if shown.is_percent else "")
