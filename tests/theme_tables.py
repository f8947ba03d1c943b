"""Tables for the tests of the themes: the gold annotation as tidy tables, and made-up ones."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tongbao.stats.themes import TABLES, reference_tables
from tongbao.tidy.schema import ColumnSpec, load_schema, to_frame

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold"
SCHEMA = load_schema(ROOT / "data" / "reference")
# The other readings make every figure ten times over; `test_robustness.py` asks for them.
PARAMETERS = {"level": 0.95, "include_copies": ["clean", "mirror"], "robustness": False}

# The gold leaves open what a page does not say; a repost on a news site without damage is a clean copy.
_COPY_KINDS = {"repost": "clean"}


def gold_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the gold annotation as rows of the tidy tables, by table."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for folder in sorted(p for p in GOLD.iterdir() if p.is_dir()):
        for name in TABLES:
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                for number, line in enumerate(csv.DictReader(file), start=1):
                    if name == "circulars":
                        line["copy_kind"] = _COPY_KINDS.get(line["copy_kind"], line["copy_kind"])
                    rows[name].append({"circular_id": folder.name, "row": number, **line})
    return rows


def as_tables(rows: dict[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """Return rows (values as text or typed, missing columns empty) as typed tidy tables with reference tables."""
    tables = {name: to_frame(SCHEMA[name], [_typed(name, r) for r in rows.get(name, [])]) for name in TABLES}
    return tables | reference_tables(ROOT / "data" / "reference")


def gold_tables() -> dict[str, pd.DataFrame]:
    """Return the gold annotation of the five circulars as tidy tables."""
    return as_tables(gold_rows())


def _typed(name: str, row: dict[str, Any]) -> dict[str, Any]:
    required = {"start": 10 * int(row.get("row", 1)), "end": 10 * int(row.get("row", 1)) + 1, "basis": "stated"}
    required |= {"quote": "原文", "raw_sha256": "0" * 64}
    out = {}
    for column in SCHEMA[name].columns:
        value = row.get(column.name, "")
        if value in ("", None) and column.required:
            value = required.get(column.name, 0 if column.type == "integer" else "x")
        out[column.name] = _cell(column, value)
    return out


def _cell(column: ColumnSpec, value: Any) -> Any:
    if value in ("", None):
        return None
    if not isinstance(value, str):
        return value
    match column.type:
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case "boolean":
            return value == "true"
        case "date":
            return date.fromisoformat(value)
        case _:
            return value
