"""The Frictionless data package that describes the tables: made from the schema and the files alone."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tongbao.tidy.files import Written
from tongbao.tidy.rows import Row
from tongbao.tidy.schema import PERIOD, REGION_CODE, ColumnSpec, Schema, TableSpec
from tongbao.tidy.write import csv_values

_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "period": "string",
    "region_code": "string",
}
_PATTERNS = {"period": PERIOD.pattern, "region_code": REGION_CODE.pattern}
_DESCRIPTION = (
    "Facts from official circulars on inspections of government websites, each with the passage of the restored text "
    "that states it. Rates and shares are fractions in [0, 1], counts are integers, dates are ISO dates, an empty "
    "cell is a missing value. In the CSV files a text that would start a formula has a leading apostrophe, and "
    "control and other invisible characters are written out (\\n, \\t, \\r, \\u{202e}; a backslash is doubled); the "
    "Parquet files hold the texts as they are."
)
_DESCRIPTION_ZH = (
    "取自政府网站检查通报的事实，每条附复原文本中的出处。比率与占比为0至1之间的小数，计数为整数，日期为 ISO 格式，"
    "空单元格为缺失值。CSV 中会被当作公式的文字前加一个半角撇号，控制字符及其他不可见字符写作 \\n、\\t、\\r、"
    "\\u{202e}，反斜线写作两个；Parquet 文件保存原样文字。"
)
_CODED = (
    {
        "title": "Figures printed in other circulars, coded by hand from copies (data/raw/coded)",
        "title_zh": "其他通报所印数字，由人工据转载件编码（data/raw/coded）",
    },
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_LICENCES = {
    "CC0-1.0": {
        "name": "CC0-1.0",
        "title": "Creative Commons Zero v1.0 Universal",
        "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
}


def descriptor(
    schema: Schema,
    files: Mapping[str, Written],
    *,
    circulars: Iterable[Row] = (),
    titles: Mapping[tuple[str, str], tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Return `datapackage.json` as plain data.

    Args:
        schema: the tables, in the order in which they are to be listed.
        files: each table's CSV file as written, by table; coded tables are described where they are among them.
        circulars: rows of the table of that name; each is named among the sources.
        titles: English and Chinese names of the codes of a column, see `tongbao.tidy.codebook.value_titles`.
    """
    tables = [*schema.tables, *(table for table in schema.coded if table.name in files)]
    licences = sorted({table.licence for table in tables})
    return {
        "profile": "tabular-data-package",
        "name": "tongbao",
        "title": "Tongbao: inspections of Chinese government websites",
        "title_zh": "通报：中国政府网站检查情况数据",
        "description": _DESCRIPTION,
        "description_zh": _DESCRIPTION_ZH,
        "licenses": [_licence(name) for name in licences],
        "sources": [*(_source(row) for row in circulars), *(_CODED if len(tables) > len(schema.tables) else ())],
        "resources": [_resource(table, files[table.name], titles or {}) for table in tables],
    }


def _licence(name: str) -> dict[str, str]:
    return dict(_LICENCES.get(name, {"name": name}))


def _source(row: Row) -> dict[str, str]:
    """A circular as a source: who issued what, and where this copy was found."""
    named = [str(row[name]) for name in ("issuer", "title", "doc_number") if row[name]]
    source = {"title": " ".join(named) or str(row["circular_id"])}
    address = str(row["source_url"] or "")
    return source | ({"path": address} if _ADDRESS.fullmatch(address) else {})


def _resource(table: TableSpec, file: Written, titles: Mapping[tuple[str, str], tuple[str, str]]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, titles) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.primary_key),
    }
    if "circular_id" in table.by_name and table.primary_key != ("circular_id",):
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": "circulars", "fields": ["circular_id"]}}
            for name in ("circular_id", "cited_circular_id")
            if name in table.by_name
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title_en,
        "title_zh": table.title_zh,
        "description": table.description_en,
        "description_zh": table.description_zh,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "bytes": file.n_bytes,
        "hash": f"sha256:{file.sha256}",
        "licenses": [_licence(table.licence)],
        "schema": schema,
    }


def _field(column: ColumnSpec, titles: Mapping[tuple[str, str], tuple[str, str]]) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.allowed:
        constraints["enum"] = list(csv_values(column))
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            constraints[name] = int(bound) if bound.is_integer() else bound
    pattern = column.pattern or _PATTERNS.get(column.type, "")
    if pattern:
        constraints["pattern"] = pattern
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type]}
    if column.type == "date":
        field["format"] = "default"
    field |= {
        "title": column.title_en,
        "title_zh": column.title_zh,
        "description": column.description_en,
        "description_zh": column.description_zh,
    }
    if column.unit:
        field["unit"] = column.unit
    named = [titles.get((column.name, code)) for code in column.allowed]
    if named and all(named):
        field["categories"] = [
            {"value": value, "label": both[0], "label_zh": both[1]}
            for value, both in zip(csv_values(column), named, strict=True)
            if both
        ]
    if constraints:
        field["constraints"] = constraints
    return field
