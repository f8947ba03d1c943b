"""R: one `.rds` file a table, a data frame with factors, dates and labels; `readRDS("pass_rates.rds")` opens it.

Each variable has the attribute `label`, as the packages haven, labelled and Hmisc write it. Codes are factors whose
levels are the codes, in the order of the schema; their names are in the attribute `value_labels`. Columns are built
here and handed to rdata, whose own conversion (1.1) makes an invalid level 0 of a missing factor value and knows no
dates. Same input, same bytes: compressed without a time.

Source: R Internals, chapter 1 (factors are integers with `levels`, NA_integer_ is missing; `Date` is days since 1970).
"""

import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rdata.conversion import convert_python_to_r_data
from rdata.conversion.to_r import DEFAULT_CLASS_MAP, build_r_object
from rdata.missing import R_FLOAT_NA, R_INT_NA
from rdata.parser import RObject, RObjectType
from rdata.unparser import unparse_data

from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.rows import Row
from tongbao.tidy.schema import ColumnSpec, TableSpec
from tongbao.tidy.whole import replacing

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Vector:
    """A vector of R with attributes."""

    values: Any
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Frame:
    columns: dict[str, _Vector]
    n_rows: int
    label: str


def write(bundle: Bundle, out: Path) -> Written:
    """Write `<table>.rds` for every table, with `codebook.rds` and `value_labels.rds`."""
    everything = bundle.with_about()
    files = []
    for table in everything.tables:
        path = out / f"{table.name}.rds"
        constructors: dict[type, Any] = {**DEFAULT_CLASS_MAP, _Vector: _vector, _Frame: _frame}
        data = convert_python_to_r_data(_table(everything, table), constructor_dict=constructors)
        raw = unparse_data(data, file_format="xdr", file_type="rds")
        with replacing(path) as made:
            made.write_bytes(gzip.compress(raw, mtime=0))
        files.append(path)
    return Written(tuple(files))


def _table(bundle: Bundle, table: TableSpec) -> _Frame:
    rows = bundle.rows[table.name]
    columns = {column.name: _column(bundle, column, rows) for column in table.columns}
    return _Frame(columns, len(rows), bundle.data_label(table))


def _column(bundle: Bundle, column: ColumnSpec, rows: list[Row]) -> _Vector:
    values: list[Any] = [row[column.name] for row in rows]
    attributes: dict[str, Any] = {"label": bundle.label(column)}
    if column.allowed:
        numbers = {code: number for number, code in enumerate(column.allowed, 1)}
        names = bundle.value_labels(column)
        attributes |= {
            "levels": _texts(column.allowed),
            "class": "factor",
            "value_labels": _Vector(_texts(names.values()), {"names": _texts(names)}),
        }
        return _Vector(_integers([numbers.get(value) for value in values]), attributes)
    match column.type:
        case "integer":
            return _Vector(_integers(values), attributes)
        case "number":
            return _Vector(_numbers(values), attributes)
        case "boolean":
            mask = np.array([value is None for value in values], dtype=bool)
            truth = np.array([bool(value) for value in values], dtype=bool)
            # R keeps a truth value as an integer with a third state for missing.
            return _Vector(np.ma.array(truth, mask=mask, fill_value=True) if mask.any() else truth, attributes)
        case "date":
            days = [None if value is None else float((value - _EPOCH).days) for value in values]
            return _Vector(_numbers(days), {**attributes, "class": "Date"})
        case _:
            return _Vector(_texts(values), attributes)


def _texts(values: Any) -> Any:
    found = np.empty(len(values), dtype=object)
    found[:] = list(values)
    return found


def _integers(values: list[int | None]) -> Any:
    return np.array([R_INT_NA if value is None else value for value in values], dtype=np.int32)


def _numbers(values: list[float | None]) -> Any:
    return np.array([R_FLOAT_NA if value is None else value for value in values], dtype=np.float64)


def _vector(data: _Vector, converter: Any) -> RObject:
    made = converter.convert_to_r_object(data.values)
    attributes = converter.convert_to_r_attributes(data.attributes)
    return build_r_object(made.info.type, value=made.value, is_object="class" in data.attributes, attributes=attributes)


def _frame(data: _Frame, converter: Any) -> RObject:
    columns = [converter.convert_to_r_object(column) for column in data.columns.values()]
    attributes = converter.convert_to_r_attributes(
        {
            "names": _texts(list(data.columns)),
            "class": "data.frame",
            "row.names": np.array([R_INT_NA, -data.n_rows], dtype=np.int32),
            "label": data.label,
        }
    )
    return build_r_object(RObjectType.VEC, value=columns, is_object=True, attributes=attributes)
