"""Excel: one workbook, a sheet a table, then codebook and codes; nothing in it is a formula.

Texts are written as texts, also where they begin like a formula; cells of that kind carry the mark that keeps them
texts when they are edited. Control characters, which the format forbids, are written out as in the CSV files.
Same input, same bytes: times in the workbook and in its archive are fixed.

Source of the limits: Microsoft, "Excel specifications and limits" (32,767 characters a cell, sheet names 31).
"""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tongbao.tidy.escape import protect, visible
from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.schema import TableSpec
from tongbao.tidy.whole import replacing

FILE = "tongbao.xlsx"
MAX_TEXT, MAX_SHEET = 32_767, 31
_TIME = datetime(2000, 1, 1)
_WIDTHS = {"quote": 60.0, "definition": 80.0, "note": 40.0, "description": 60.0, "title": 40.0}
_BOLD = Font(bold=True)


def write(bundle: Bundle, out: Path) -> Written:
    """Write `tongbao.xlsx`: frozen header rows with the variables' names, filters, labels in the sheet `codebook`."""
    notes: list[str] = []
    everything = bundle.with_about()
    book = Workbook(write_only=True)
    for table in everything.tables:
        _sheet(book, everything, table, notes)
    book.properties.creator = "Tongbao"
    book.properties.title = "Tongbao 通报"
    book.properties.language = "zh-CN" if bundle.language == "zh" else "en"
    path = out / FILE
    with replacing(path) as made:
        book.save(made)
        _fix_times(made)
    return Written((path,), tuple(notes))


def _sheet(book: Workbook, bundle: Bundle, table: TableSpec, notes: list[str]) -> None:
    sheet = book.create_sheet(table.name[:MAX_SHEET])
    rows = bundle.rows[table.name]
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(rows) + 1}"
    for at, column in enumerate(table.columns, 1):
        width = _WIDTHS.get(column.name, max(10.0, min(24.0, len(column.name) + 4.0)))
        sheet.column_dimensions[get_column_letter(at)].width = width
    head = []
    for name in table.names:
        cell = WriteOnlyCell(sheet, name)
        cell.font = _BOLD
        cell.alignment = Alignment(vertical="top")
        head.append(cell)
    sheet.append(head)
    n_cut = dict.fromkeys(table.names, 0)
    for row in rows:
        cells = []
        for name in table.names:
            value = row[name]
            if isinstance(value, str):
                shown = visible(value)
                n_cut[name] += len(shown) > MAX_TEXT
                cells.append(_text(sheet, shown[:MAX_TEXT]))
            else:
                cells.append(_other(sheet, value))
        sheet.append(cells)
    notes += [f"{table.name}: {n} texts of {name} are cut at {MAX_TEXT:,} characters" for name, n in n_cut.items() if n]


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
    if protect(text) != text:
        cell.quotePrefix = True
    return cell


def _other(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _fix_times(path: Path) -> None:
    """Write the archive anew with fixed times, in it and in its properties."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    stamp = _TIME.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            if name == "docProps/core.xml":
                data = _with_times(data, stamp)
            archive.writestr(zipfile.ZipInfo(name, _TIME.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


def _with_times(data: bytes, stamp: bytes) -> bytes:
    for tag in (b"dcterms:created", b"dcterms:modified"):
        before, found, rest = data.partition(b"<" + tag)
        if found:
            attributes, _, rest = rest.partition(b">")
            _, _, after = rest.partition(b"</" + tag + b">")
            data = before + b"<" + tag + attributes + b">" + stamp + b"</" + tag + b">" + after
    return data
