"""What every format starts from: typed rows, labels in one language, the codebook as two more tables.

Does not belong here: anything that only one format needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tongbao.errors import TongbaoError
from tongbao.tidy.codebook import FILE, Codebook, described, read_codebook
from tongbao.tidy.rows import Row
from tongbao.tidy.schema import ColumnSpec, TableSpec, load_schema, to_frame
from tongbao.tidy.write import read_rows

LANGUAGES = ("en", "zh")
CODEBOOK, VALUE_LABELS = "codebook", "value_labels"
"""Names of the two tables that describe the others in every export."""

_DATA_LABEL = {"en": "Tongbao: {title}", "zh": "通报：{title}"}
_BOOLEAN = {"en": {0: "no", 1: "yes"}, "zh": {0: "否", 1: "是"}}
_ABOUT = {
    "table": ("Table", "表"),
    "position": ("Position", "位次"),
    "variable": ("Variable", "变量"),
    "name": ("Name in this file", "在本文件中的名称"),
    "label": ("Label", "标签"),
    "definition": ("Definition", "定义"),
    "type": ("Type", "类型"),
    "unit": ("Unit", "单位"),
    "room": ("Made by", "来源环节"),
    "rules": ("Extraction rules", "提取规则"),
    "n_rows": ("Rows", "行数"),
    "n_filled": ("Rows filled", "已填行数"),
    "lowest": ("Lowest", "最小值"),
    "highest": ("Highest", "最大值"),
    "code": ("Code", "代码"),
    "number": ("Number", "编号"),
}
_COLUMNS = {
    CODEBOOK: (
        *("table", "position", "variable", "name", "label", "definition", "type", "unit", "room", "rules"),
        *("n_rows", "n_filled", "lowest", "highest"),
    ),
    VALUE_LABELS: ("table", "variable", "number", "code", "label"),
}
_TITLES = {CODEBOOK: ("Codebook", "变量说明"), VALUE_LABELS: ("Codes and their names", "代码及名称")}

_Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    Attributes:
        files: the files, in the order they were written.
        notes: what could not be held as it is, and what was done instead.
    """

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """The tables to hand on.

    Attributes:
        tables: their schemas in published order.
        rows: their rows by table; None is missing.
        codebook: of these tables.
        language: of all labels.
    """

    tables: tuple[TableSpec, ...]
    rows: dict[str, list[Row]]
    codebook: Codebook
    language: str

    def data_label(self, table: TableSpec) -> str:
        """What a table is called."""
        return _DATA_LABEL[self.language].format(title=table.title_zh if self.language == "zh" else table.title_en)

    def label(self, column: ColumnSpec) -> str:
        """What a variable is called."""
        return column.title_zh if self.language == "zh" else column.title_en

    def definition(self, column: ColumnSpec) -> str:
        """What a variable means."""
        return column.description_zh if self.language == "zh" else column.description_en

    def value_labels(self, column: ColumnSpec) -> dict[str, str]:
        """Code -> name for a variable with fixed codes, in the order of the schema; empty for any other."""
        if not column.allowed:
            return {}
        (variable,) = (v for v in self.codebook.tables[column.table] if v.variable == column.name)
        return {v.code: v.title_zh if self.language == "zh" else v.title_en for v in variable.values}

    def number_labels(self, column: ColumnSpec) -> dict[int, str]:
        """Number -> name, for formats that label numbers only: codes count from 1, false is 0 and true is 1."""
        if column.type == "boolean":
            return dict(_BOOLEAN[self.language])
        return dict(enumerate(self.value_labels(column).values(), 1))

    def frame(self, table: TableSpec) -> pd.DataFrame:
        """A table as a data frame with the types of the schema."""
        return to_frame(table, self.rows[table.name])

    def numbered(self, table: TableSpec) -> pd.DataFrame:
        """A table with its codes as the numbers of `number_labels`, nullable."""
        frame = self.frame(table)
        for column in table.columns:
            if column.allowed:
                numbers = {code: number for number, code in enumerate(column.allowed, 1)}
                frame[column.name] = frame[column.name].map(numbers).astype("Int64")
            elif column.type == "boolean":
                frame[column.name] = frame[column.name].astype("Int64")
        return frame

    def about(self, names: _Names | None = None) -> tuple[TableSpec, TableSpec, dict[str, list[Row]]]:
        """The codebook and the list of codes as two more tables, with their rows.

        Args:
            names: what a (table, variable) is called in the file, where not by its own name.
        """
        zh = self.language == "zh"
        book: list[Row] = []
        codes: list[Row] = []
        for v in self.codebook.variables:
            book.append(
                {
                    "table": v.table,
                    "position": v.position,
                    "variable": v.variable,
                    "name": (names or {}).get((v.table, v.variable), v.variable),
                    "label": v.title_zh if zh else v.title_en,
                    "definition": v.definition_zh if zh else v.definition_en,
                    "type": v.type,
                    "unit": v.unit or None,
                    "room": v.room,
                    "rules": "; ".join(v.rules) or None,
                    "n_rows": v.n_rows,
                    "n_filled": v.n_filled,
                    "lowest": v.lowest or None,
                    "highest": v.highest or None,
                }
            )
            codes += [
                {
                    "table": v.table,
                    "variable": v.variable,
                    "number": number,
                    "code": value.code,
                    "label": value.title_zh if zh else value.title_en,
                }
                for number, value in enumerate(v.values, 1)
            ]
        return _about_table(CODEBOOK), _about_table(VALUE_LABELS), {CODEBOOK: book, VALUE_LABELS: codes}

    def with_about(self, names: _Names | None = None) -> "Bundle":
        """The same bundle with codebook and list of codes among its tables."""
        book, codes, rows = self.about(names)
        return replace(self, tables=(*self.tables, book, codes), rows={**self.rows, **rows})


def load_bundle(tidy: Path, reference: Path, *, tables: Sequence[str] = (), language: str = "en") -> Bundle:
    """Read what an export needs; see `tongbao.tidy.export.export`."""
    if language not in LANGUAGES:
        raise TongbaoError(f"there are no labels in {language!r}", remedy="use --language en or --language zh")
    schema = load_schema(reference)
    there = {table.name for table in (*schema.tables, *schema.coded) if (tidy / f"{table.name}.csv").is_file()}
    for name in tables:
        schema[name]  # raises and lists the tables where there is none of that name
        if name not in there:
            raise TongbaoError(f"the table {name} has not been made", place=tidy.name, remedy="run `dvc repro`")
    if not there:
        raise TongbaoError("no table has been made", place=tidy.name, remedy="run `dvc repro`")
    specs = described(schema, tables or there)
    book = read_codebook(tidy.parent / FILE)
    missing = [table.name for table in specs if table.name not in book.tables]
    if missing:
        raise TongbaoError(
            f"the codebook does not describe {', '.join(missing)}", place=FILE, remedy="make it with `tongbao tidy`"
        )
    kept = {table.name for table in specs}
    return Bundle(
        tables=specs,
        rows={table.name: read_rows(table, tidy / f"{table.name}.csv") for table in specs},
        codebook=Codebook(tuple(v for v in book.variables if v.table in kept)),
        language=language,
    )


def _about_table(name: str) -> TableSpec:
    whole = {"position", "number", "n_rows", "n_filled"}
    columns = tuple(
        ColumnSpec(
            table=name,
            name=column,
            type="integer" if column in whole else "text",
            unit="",
            required=column in ("table", "variable"),
            key="yes" if column in ("table", "variable", *(("number",) if name == VALUE_LABELS else ())) else "",
            allowed=(),
            minimum=None,
            maximum=None,
            pattern="",
            title_en=_ABOUT[column][0],
            title_zh=_ABOUT[column][1],
            description_en=_ABOUT[column][0],
            description_zh=_ABOUT[column][1],
        )
        for column in _COLUMNS[name]
    )
    title_en, title_zh = _TITLES[name]
    return TableSpec(name, title_en, title_zh, title_en, title_zh, "CC0-1.0", columns)
