"""The program's table beside coders' sheets: rows matched by their keys, agreement variable by variable.

A row that one side has and the other has not is counted apart and enters no coefficient; an empty cell is a missing
value, listed where the other side has one. The coefficients themselves are in `coefficients`.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.review.coefficients import Alpha, Level, cohens_kappa, krippendorffs_alpha, percent_agreement
from tongbao.review.sheets import Coded, CodedRow, comparable_text
from tongbao.tidy.candidates import PROVENANCE
from tongbao.tidy.rows import Row
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec

PROGRAM = "program"

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters on one variable; percent and kappa are None where they are not defined."""

    first: str
    second: str
    n: int
    n_agree: int
    percent: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Variable:
    """One column: each pair of raters, and alpha over all raters and over the coders alone (where there are two)."""

    name: str
    level: Level
    pairs: tuple[Pair, ...]
    alpha: Alpha
    alpha_coders: Alpha | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell on which raters differ; `values` by rater, None where one left it empty."""

    circular_id: str
    row: int | None
    key: Mapping[str, Any]
    column: str
    values: Mapping[str, Any]
    quote: str


@dataclass(frozen=True, slots=True)
class TableAgreement:
    """One table. `alone` counts, and `alone_keys` names, the rows that a rater has and some other has not."""

    table: str
    key: tuple[str, ...]
    raters: tuple[str, ...]
    n_rows: Mapping[str, int]
    n_shared: int
    variables: tuple[Variable, ...]
    disagreements: tuple[Disagreement, ...]
    alone: tuple[tuple[str, Mapping[str, Any], str], ...]


def load_levels(reference: Path) -> dict[tuple[str, str], Level]:
    """Return the levels of measurement that `variable_levels.csv` names, by table and column."""
    with (reference / "variable_levels.csv").open(encoding="utf-8", newline="") as file:
        return {(r["table"], r["column"]): r["level"] for r in csv.DictReader(file)}  # type: ignore[misc]


def compare(
    coded: Coded,
    tables: Mapping[str, Sequence[Row]],
    schema: Schema,
    levels: Mapping[tuple[str, str], Level],
    *,
    key: Sequence[str] = (),
    seed: int = 0,
) -> list[TableAgreement]:
    """Compare coded rows with the program's.

    Args:
        coded: the sheets.
        tables: the program's rows by table; only circulars that a coder has coded are looked at.
        schema: the tables.
        levels: levels of measurement that do not follow from a column's type.
        key: columns that name a row; by default the circular and the columns that tell rows apart in the schema.
        seed: of the bootstrap.

    Raises:
        TongbaoError: a key column is missing in the sheet, or the sheets hold nothing.
    """
    if not coded.rows:
        raise TongbaoError("the sheets hold no coded row", place="agree", remedy="fill in at least one row")
    if any(row.coder == PROGRAM for row in coded.rows):
        raise TongbaoError("a coder is called program", place="agree", remedy="give the coder another name")
    seen = {str(row.cells["circular_id"]) for row in coded.rows if "circular_id" in row.cells}
    results = []
    for name in schema.by_name:
        if name not in coded.columns:
            continue
        rows = [row for row in coded.rows if row.table == name]
        if not rows and not any(r["circular_id"] in seen for r in tables.get(name, ())):
            continue
        ours = [row for row in tables.get(name, ()) if row["circular_id"] in seen]
        results.append(_table(schema[name], rows, ours, coded.columns[name], tuple(key), levels, seed))
    return results


def _table(
    spec: TableSpec,
    coded: Sequence[CodedRow],
    ours: Sequence[Row],
    asked: Sequence[str],
    wanted: tuple[str, ...],
    levels: Mapping[tuple[str, str], Level],
    seed: int,
) -> TableAgreement:
    key = wanted or ("circular_id", *(n for n in spec.unique if n != "circular_id" and n not in PROVENANCE))
    missing = [n for n in key if n not in asked]
    if missing and (wanted or "circular_id" in missing):
        raise TongbaoError(
            f"the sheet of {spec.name} has no column {', '.join(missing)}",
            place="agree",
            remedy="add it, or name the columns that tell rows apart with --key",
        )
    key = tuple(n for n in key if n in asked)
    raters = (PROGRAM, *dict.fromkeys(row.coder for row in coded))
    units: dict[Key, dict[str, Mapping[str, Any]]] = {}
    seen: Counter[tuple[str, Key]] = Counter()
    for rater, cells in [*((PROGRAM, r) for r in ours), *((r.coder, r.cells) for r in coded)]:
        named = tuple(_form(spec.by_name[n], cells.get(n)) for n in key)
        seen[rater, named] += 1
        units.setdefault((*named, seen[rater, named]), {})[rater] = cells
    columns = [n for n in asked if n not in key and n not in PROVENANCE]
    shared = {k: given for k, given in units.items() if len(given) > 1}
    variables = tuple(_variable(spec, n, list(shared.values()), raters, levels, seed) for n in columns)
    return TableAgreement(
        table=spec.name,
        key=key,
        raters=raters,
        n_rows={r: sum(r in given for given in units.values()) for r in raters},
        n_shared=len(shared),
        variables=variables,
        disagreements=tuple(d for given in shared.values() for d in _disagreements(spec, key, columns, given)),
        alone=tuple(
            (next(iter(given)), {n: next(iter(given.values())).get(n) for n in key}, _quote(given))
            for given in units.values()
            if len(given) == 1
        ),
    )


def _variable(
    spec: TableSpec,
    name: str,
    units: Sequence[Mapping[str, Mapping[str, Any]]],
    raters: tuple[str, ...],
    levels: Mapping[tuple[str, str], Level],
    seed: int,
) -> Variable:
    column = spec.by_name[name]
    values = [{r: _form(column, cells.get(name)) for r, cells in unit.items()} for unit in units]
    level = levels.get((spec.name, name)) or ("ratio" if column.type in ("integer", "number") else "nominal")
    pairs = []
    for first, second in combinations(raters, 2):
        both = [(v[first], v[second]) for v in values if v.get(first) is not None and v.get(second) is not None]
        agree = sum(a == b for a, b in both)
        pairs.append(Pair(first, second, len(both), agree, percent_agreement(both), cohens_kappa(both)))
    coders = raters[1:]
    by_coders = [[v.get(r) for r in coders] for v in values]
    alone = krippendorffs_alpha(by_coders, level, seed=seed) if len(coders) > 1 else None
    return Variable(
        name,
        level,
        tuple(pairs),
        krippendorffs_alpha([[v.get(r) for r in raters] for v in values], level, seed=seed),
        alone,
    )


def _disagreements(
    spec: TableSpec, key: Sequence[str], columns: Sequence[str], given: Mapping[str, Mapping[str, Any]]
) -> list[Disagreement]:
    found = []
    any_row = next(iter(given.values()))
    for name in columns:
        forms = {_form(spec.by_name[name], cells.get(name)) for cells in given.values()}
        if len(forms) > 1:
            row = given[PROGRAM].get("row") if PROGRAM in given else None
            found.append(
                Disagreement(
                    circular_id=str(any_row.get("circular_id", "")),
                    row=row if isinstance(row, int) else None,
                    key={n: any_row.get(n) for n in key},
                    column=name,
                    values={rater: cells.get(name) for rater, cells in given.items()},
                    quote=_quote(given),
                )
            )
    return found


def _quote(given: Mapping[str, Mapping[str, Any]]) -> str:
    return str(given.get(PROGRAM, {}).get("quote") or "")


def _form(column: ColumnSpec, value: Any) -> Any:
    """A cell in the form in which two may be compared; None where it is empty."""
    if isinstance(value, str):
        return comparable_text(value) or None
    return float(value) if isinstance(value, int) and column.type == "number" else value
