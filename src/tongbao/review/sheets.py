"""Coding sheets as people fill them in: any order of rows and columns, full-width digits, percent signs, 是 and 否.

Belongs here: reading .csv and .xlsx into cells that can be compared. Nothing is guessed: a cell that cannot be read as
what its column holds is told and left out. Comparing is done in `agreement`.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.tidy.cells import BadCell, read_cell
from tongbao.tidy.escape import restore_text
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec

CODER = "coder"
CODER_TITLES = ("coder", "编码员", "编码员 coder")

_CHINESE_DATE = re.compile(r"(\d{4})[年/.\-](\d{1,2})[月/.\-](\d{1,2})日?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class CodedRow:
    """One row that somebody coded; `cells` holds what could be read, without empty cells."""

    coder: str
    table: str
    place: str
    cells: Mapping[str, Any]


@dataclass(slots=True)
class Coded:
    """All rows of some sheets.

    Attributes:
        columns: the columns that the sheets ask for, by table.
        told: cells that could not be read, columns that are not known, tables that nobody filled in, in words.
    """

    rows: list[CodedRow] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def read_sheets(paths: Iterable[Path], schema: Schema, truths: Mapping[str, bool], table: str = "") -> Coded:
    """Return the coded rows of one or several files.

    Args:
        paths: .csv (one table) or .xlsx (a sheet a table).
        schema: the tables.
        truths: what words mean yes and no.
        table: the table of .csv files; else it follows from the file's name (`pass_rates-wang.csv`).

    Raises:
        TongbaoError: a file cannot be read, or holds no table.
    """
    coded = Coded()
    for path in paths:
        if not path.is_file():
            raise TongbaoError("no such file", place=str(path), remedy="name the sheets that were filled in")
        for name, lines in _tables_of(path, schema, table):
            spec = schema[name]
            _read_table(spec, lines, path, coded, truths)
    _leave_aside_what_nobody_coded(coded)
    return coded


def _leave_aside_what_nobody_coded(coded: Coded) -> None:
    """Drop rows and tables that are as `sample` wrote them: that nobody coded them says nothing of the program."""
    coded.rows = [row for row in coded.rows if row.cells.keys() - {"circular_id"}]
    filled = {row.table for row in coded.rows}
    for name in [name for name in coded.columns if name not in filled]:
        del coded.columns[name]
        coded.told.append(f"{name}: nobody filled in a row, so the program's rows there are not judged")


def load_truths(reference: Path) -> dict[str, bool]:
    """Return the words of `truth_words.csv` with what they mean."""
    with (reference / "truth_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["value"] == "true" for row in csv.DictReader(file)}


def comparable_text(text: str) -> str:
    """Return a text without differences that only typing makes: width, white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def coded_cell(column: ColumnSpec, value: Any, truths: Mapping[str, bool]) -> Any:
    """Return a cell as the tables hold it; None where it is empty.

    Args:
        column: what the cell is to hold.
        value: text, or a number, truth value or date of a spreadsheet.
        truths: what words mean yes and no.

    Raises:
        BadCell: it cannot be read as what the column holds.
    """
    text = unicodedata.normalize("NFKC", _text(value)).strip()
    if not text:
        return None
    made: Any = text
    match column.type:
        case "boolean":
            if text.casefold() not in truths:
                raise BadCell(f"{column.name} {text!r} is neither yes nor no")
            made = truths[text.casefold()]
        case "integer" | "number":
            made = _number(column, text)
        case "date":
            found = _CHINESE_DATE.fullmatch(text)
            made = "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text
        case "text" if not column.allowed:
            return _text(value).strip()
    try:
        return read_cell(column, made)
    except BadCell as error:
        raise BadCell(f"{error}" + (" (a rate is 0.959 or 95.9%)" if column.unit == "fraction" else "")) from None


def _number(column: ColumnSpec, text: str) -> int | float:
    number = text.replace(" ", "")
    percent = number.endswith("%")
    number = number.removesuffix("%")
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    if not _NUMBER.fullmatch(number) or (percent and column.unit != "fraction"):
        raise BadCell(f"{column.name} {text!r} is no {column.type}")
    value = float(number) / 100 if percent else float(number)
    return int(value) if column.type == "integer" and value.is_integer() else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _tables_of(path: Path, schema: Schema, table: str) -> Iterator[tuple[str, list[list[Any]]]]:
    if path.suffix.lower() == ".csv":
        name = table or max((t for t in schema.by_name if path.stem.startswith(t)), key=len, default="")
        if not name:
            raise TongbaoError(
                "which table is it?", place=path.name, remedy="say --table, or begin the file's name with the table's"
            )
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                lines = [[restore_text(c) if c.startswith("'") else c for c in line] for line in csv.reader(file)]
            yield name, [list(line) for line in lines]
        except (UnicodeDecodeError, csv.Error, ValueError) as error:
            raise TongbaoError(f"no CSV in UTF-8 ({error})", place=path.name, remedy="save it as CSV UTF-8") from None
        return
    if path.suffix.lower() != ".xlsx":
        raise TongbaoError("neither .csv nor .xlsx", place=path.name, remedy="save the sheet as one of these")
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = {sheet.title: [list(line) for line in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
        book.close()
    except Exception as error:  # whatever a broken file makes a parser do
        raise TongbaoError(
            f"cannot be opened ({type(error).__name__})", place=path.name, remedy="save it anew as .xlsx"
        ) from error
    found = [(name, lines) for name, lines in sheets.items() if name in schema.by_name and table in ("", name)]
    if not found:
        raise TongbaoError(
            "no sheet is named after a table", place=path.name, remedy="name the sheets pass_rates, ratings, ..."
        )
    yield from found


def _read_table(
    spec: TableSpec, lines: Sequence[Sequence[Any]], path: Path, coded: Coded, truths: Mapping[str, bool]
) -> None:
    at, names = _header(spec, lines, path)
    where = path.name if path.suffix.lower() == ".csv" else f"{path.name}, {spec.name}"
    for i, name in enumerate(names):
        if name is None and str(_text(lines[at][i])).strip():
            coded.told.append(f"{where}: the column {_text(lines[at][i]).strip()!r} is not known and not compared")
    asked = coded.columns.setdefault(spec.name, [])
    asked += [n for n in names if n and n != CODER and n not in asked]
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        cells: dict[str, Any] = {}
        coder = path.stem
        for name, value in zip(names, line, strict=False):
            if name == CODER:
                coder = _text(value).strip() or coder
            elif name is not None:
                try:
                    cell = coded_cell(spec.by_name[name], value, truths)
                except BadCell as error:
                    coded.told.append(f"{where}, row {number}: {error}; the cell is left out")
                    continue
                if cell is not None:
                    cells[name] = cell
        if cells:
            coded.rows.append(CodedRow(coder, spec.name, f"{where}, row {number}", cells))


def _header(spec: TableSpec, lines: Sequence[Sequence[Any]], path: Path) -> tuple[int, list[str | None]]:
    """Where the header is, and the column that each of its cells names; names win over titles."""
    best: tuple[int, int, list[str | None]] = (0, 0, [])
    titles = {c.name: c.name for c in spec.columns}
    for c in spec.columns:
        for title in (c.title_en, c.title_zh, f"{c.title_zh} {c.title_en}"):
            titles.setdefault(title.casefold(), c.name)
    titles |= dict.fromkeys(CODER_TITLES, CODER)
    for at, line in enumerate(lines[:_HEADER_ROWS]):
        names = [titles.get(_text(cell).strip().casefold()) for cell in line]
        exact = sum(_text(cell).strip() in spec.by_name for cell in line)
        score = 2 * exact + sum(name is not None for name in names)
        if score > best[0]:
            best = (score, at, names)
    if not best[0]:
        raise TongbaoError(
            f"no column of {spec.name} in the first {_HEADER_ROWS} rows", place=path.name, remedy="keep the header"
        )
    named = [name for name in best[2] if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise TongbaoError(f"two columns are called {', '.join(twice)}", place=path.name, remedy="keep one of them")
    return best[1], best[2]
