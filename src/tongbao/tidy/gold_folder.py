"""A folder of annotated circulars, compared with the tidy tables of a build. The comparing itself is in `evaluate`.

A gold folder holds one folder a circular with one `<table>.csv` a table (a file with a header only says that nothing
may be found), and beside them, both optional: `accepted_differences.csv` (circular_id, table, column, gold, ours,
reason) and `not_compared.csv` (table, column, reason; an empty table means every table, an empty column means
every column, so the whole table is left out).
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.tidy.escape import restore_text
from tongbao.tidy.evaluate import CIRCULAR, Accepted, Evaluation, evaluate

ACCEPTED = "accepted_differences.csv"
NOT_COMPARED = "not_compared.csv"
_PLACES = frozenset({"quote", "start", "end", "row"})  # where a row was read, not what it says

Rows = list[dict[str, str]]


def evaluate_folder(gold_dir: Path, tidy_dir: Path) -> Evaluation:
    """Compare the tables of `tidy_dir` with the annotation in `gold_dir`.

    Only circulars with a folder in `gold_dir` are looked at, only tables that one of them annotates, and only columns
    that both sides have.

    Raises:
        TongbaoError: there is no annotation, an annotated table is missing, or a file is not as described above.
    """
    circulars = sorted(p for p in gold_dir.iterdir() if p.is_dir()) if gold_dir.is_dir() else []
    if not any(p.glob("*.csv") for p in circulars):
        raise TongbaoError(
            "no annotated circulars here",
            place=str(gold_dir),
            remedy="name a folder that holds one folder a circular with one CSV file a table",
        )
    left_out = {(r["table"], r["column"]) for r in _read(gold_dir / NOT_COMPARED, ("table", "column"))}
    accepted = [
        Accepted(r[CIRCULAR], r["table"], r["column"], r["gold"], r["ours"], r.get("reason", ""))
        for r in _read(gold_dir / ACCEPTED, (CIRCULAR, "table", "column", "gold", "ours"))
    ]
    gold: dict[str, Rows] = {}
    headers: dict[str, list[str]] = {}
    annotated: dict[str, set[str]] = {}
    for folder in circulars:
        for path in sorted(folder.glob("*.csv")):
            name = path.stem
            header, rows = _table(path)
            headers[name] = list(dict.fromkeys([*headers.get(name, []), *header]))
            gold.setdefault(name, []).extend({**row, CIRCULAR: folder.name} for row in rows)
            annotated.setdefault(name, set()).add(folder.name)
    ours: dict[str, Rows] = {}
    columns: dict[str, list[str]] = {}
    for name in sorted(headers):
        if (name, "") in left_out:
            continue
        path = tidy_dir / f"{name}.csv"
        if not path.is_file():
            raise TongbaoError(
                f"the annotation has a table {name}, the build has none",
                place=str(path),
                remedy="build the tables first (`dvc repro`), or name their folder",
            )
        header, rows = _table(path)
        ours[name] = [row for row in rows if row.get(CIRCULAR) in annotated[name]]
        skip = {c for t, c in left_out if t in ("", name)} | _PLACES
        columns[name] = [c for c in headers[name] if c in header and c not in skip]
    return evaluate(gold, ours, columns, accepted)


def _table(path: Path) -> tuple[list[str], Rows]:
    """A CSV file as written by the tidy room, with its escapes undone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        rows: Rows = []
        for number, line in enumerate(reader, 2):
            if None in line or None in line.values():
                raise TongbaoError(
                    "the line has not as many cells as the header",
                    place=f"{path}, line {number}",
                    remedy="quote cells that hold a comma",
                )
            try:
                rows.append({column: restore_text(cell) for column, cell in line.items()})
            except ValueError as error:
                raise TongbaoError(
                    str(error), place=f"{path}, line {number}", remedy="write a backslash as two"
                ) from None
    return header, rows


def _read(path: Path, wanted: Sequence[str]) -> Rows:
    if not path.is_file():
        return []
    header, rows = _table(path)
    missing = [column for column in wanted if column not in header]
    if missing:
        raise TongbaoError(
            f"no column {', '.join(missing)}", place=f"{path}, line 1", remedy=f"head it {','.join(wanted)}"
        )
    return rows
