"""The coding sheet that a coder fills in: an .xlsx with a sheet a table, drop-downs, and instructions.

What the program read is not in it, so that coders judge for themselves. Cells are text, never formulas. The same
sample gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tongbao.review.sampling import Sample
from tongbao.review.sheets import CODER
from tongbao.tidy.candidates import CHECKS, CIRCULARS, CORRECTIONS, REPAIRS
from tongbao.tidy.corrections import settable
from tongbao.tidy.escape import visible
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec

_ROWS = 500
"""Rows that have drop-downs."""

_EPOCH = datetime(2000, 1, 1)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FILL = PatternFill("solid", fgColor="E8EEF4")
_INSTRUCTIONS = "说明 instructions"
_LISTS = "lists"

_STEPS = (
    ("Read each circular listed below and fill in one row for each fact that it states.",
     "阅读下列每件通报，所述事实每项填一行。"),
    ("Keep the two header rows; add rows below them, in any order. Write your name in the column coder.",
     "保留两行表头，在其下逐行填写，先后不限；在 coder 列写编码员姓名。"),
    ("Leave a cell empty where the circular does not say. Rates as 0.959 or 95.9%; dates as 2018-09-07; 是 or 否.",
     "文中未写明的留空。比率写 0.959 或 95.9%，日期写 2018-09-07，是否写“是”或“否”。"),
    ("Cells with a list accept its values only. What a column means stands in its note and in the codebook.",
     "有下拉列表的单元格只能选列表中的值；各列含义见表头批注及变量说明。"),
    ("A sheet in which nobody fills in a row is not compared.", "无人填写的工作表不作比较。"),
    ("Do not look at the program's tables before you are done.", "完成前请勿查看程序的结果。"),
    ("Then: tongbao agree FILE", "完成后运行：tongbao agree 文件"),
)  # fmt: skip


def coding_columns(table: TableSpec) -> tuple[ColumnSpec, ...]:
    """Return the columns that a coder fills in, the circular first."""
    return (table.by_name["circular_id"], *settable(table))


def coded_tables(schema: Schema) -> list[TableSpec]:
    """Return the tables that coders fill in: those of facts, and `circulars`."""
    return [table for table in schema.tables if table.name not in (CHECKS, REPAIRS, CORRECTIONS)]


def workbook_bytes(sample: Sample, schema: Schema, texts: str = "data/interim/text") -> bytes:
    """Return the empty coding sheet of a sample.

    Args:
        sample: the circulars to code.
        schema: the tables.
        texts: where coders find the restored texts, as the instructions name it.
    """
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _instructions(first, sample, texts)
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    ranges: dict[tuple[str, ...], str] = {}

    def source(values: Sequence[str]) -> str:
        known = tuple(values)
        if known not in ranges:
            column = len(ranges) + 1
            for number, value in enumerate(known, start=1):
                _put(lists, number, column, value)
            letter = get_column_letter(column)
            ranges[known] = f"'{_LISTS}'!${letter}$1:${letter}${len(known)}"
        return ranges[known]

    for table in coded_tables(schema):
        sheet = book.create_sheet(table.name)
        _table(sheet, table, sample, source)
    book.properties.creator = "Tongbao"
    book.properties.created = _EPOCH
    buffer = io.BytesIO()
    book.save(buffer)
    return _same_bytes(buffer.getvalue())


def _instructions(sheet: Worksheet, sample: Sample, texts: str) -> None:
    sheet.title = _INSTRUCTIONS
    sheet.column_dimensions["A"].width = 60
    sheet.column_dimensions["B"].width = 60
    line = 1
    for english, chinese in _STEPS:
        _put(sheet, line, 1, english)
        _put(sheet, line, 2, chinese)
        line += 1
    line += 1
    _put(sheet, line, 1, f"Circulars (texts in {texts}) 待编码通报").font = Font(bold=True)
    for circular_id in sample.drawn:
        line += 1
        _put(sheet, line, 1, circular_id)
    line += 2
    _put(sheet, line, 1, f"Design 抽样设计 (seed {sample.seed})").font = Font(bold=True)
    for cells in sample.design():
        line += 1
        for column, cell in enumerate(cells, start=1):
            _put(sheet, line, column, cell)
    for row in sheet.iter_rows():
        for written in row:
            written.alignment = Alignment(wrap_text=True, vertical="top")


def _table(sheet: Worksheet, table: TableSpec, sample: Sample, source: Callable[[Sequence[str]], str]) -> None:
    names = [CODER, *(c.name for c in coding_columns(table))]
    titles = ["编码员 coder", *(f"{c.title_zh} {c.title_en}" for c in coding_columns(table))]
    for number, (name, title) in enumerate(zip(names, titles, strict=True), start=1):
        head, machine = _put(sheet, 1, number, title), _put(sheet, 2, number, name)
        head.font, head.fill = Font(bold=True), _FILL
        head.alignment = Alignment(wrap_text=True, vertical="top")
        machine.font = Font(color="808080")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(12, min(32, 2 * len(title)))
        if name == CODER:
            continue
        column = table.by_name[name]
        allowed: Sequence[str] = column.allowed
        if name == "circular_id":
            allowed = sample.drawn
        elif column.type == "boolean":
            allowed = ("是", "否")
        if column.type != "boolean" and column.type not in ("integer", "number"):
            sheet.column_dimensions[letter].number_format = "@"  # text: codes keep their zeros, nothing becomes a date
        if allowed:
            rule = DataValidation("list", formula1=source(allowed), allow_blank=True, showErrorMessage=True)
            rule.promptTitle, rule.prompt = title[:32], f"{column.description_zh}\n{column.description_en}"[:255]
            rule.showInputMessage = True
        else:
            rule = DataValidation(allow_blank=True)
            rule.promptTitle, rule.prompt = title[:32], f"{column.description_zh}\n{column.description_en}"[:255]
            rule.showInputMessage = True
        rule.add(f"{letter}3:{letter}{_ROWS + 2}")
        sheet.add_data_validation(rule)
    if table.name == CIRCULARS:
        for number, circular_id in enumerate(sample.drawn, start=3):
            _put(sheet, number, 2, circular_id)
    sheet.freeze_panes = "C3"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = visible(text)
    cell.data_type = "s"  # never a formula, whatever it begins with
    return cell


def _same_bytes(data: bytes) -> bytes:
    """The same workbook without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
