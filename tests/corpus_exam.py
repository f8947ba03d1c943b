"""The made-up circulars of tests/corpus as gold rows, and what the extraction makes of them.

`python tests/corpus_exam.py [TABLE …]` prints every miss and extra; with `--floors` it also writes the floors anew.
With `--unseen` it prints the numbers alone of the circulars in tests/corpus/unseen, which no rule was mended with.
"""

import csv
import hashlib
import itertools
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tongbao.extract.facts import Extraction
from tongbao.extract.pipeline import extract
from tongbao.read.folder import RawDocument
from tongbao.restore.pipeline import restore
from tongbao.tidy.agree import ANYTHING, OneOf
from tongbao.tidy.evaluate import Evaluation, Row, evaluate

FOLDER = Path(__file__).parent / "corpus"
UNSEEN = "unseen"
ALWAYS = ("pass_rates", "ratings", "score_counts", "deductions")


@dataclass(frozen=True, slots=True)
class Circular:
    """One file of the corpus; `gold` holds expanded rows by table, `raw` the damaged copy or nothing."""

    id: str
    text: str
    raw: str
    gold: Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The columns of one table that are compared: those of every row with their defaults, and those where listed."""

    always: Mapping[str, str]
    listed: tuple[str, ...]


def read_csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared() -> dict[str, Compared]:
    rows = read_csv("compared.csv")
    return {
        table: Compared(
            {r["column"]: r["default"] for r in rows if (r["table"], r["compared"]) == (table, "always")},
            tuple(r["column"] for r in rows if (r["table"], r["compared"]) == (table, "listed")),
        )
        for table in dict.fromkeys(r["table"] for r in rows)
    }


def load(below: str = "") -> list[Circular]:
    """The circulars of the corpus, or of a folder below it."""
    columns = compared()
    found = []
    for path in sorted((FOLDER / below).glob("*.yml")):
        value = yaml.safe_load(path.read_text("utf-8"))
        unknown = set(value) - {"label", "what", "text", "gold", "damaged", "raw"}
        assert not unknown, f"{path.name}: {unknown}"
        assert ("raw" in value) == value.get("damaged", False), f"{path.name}: damaged and raw belong together"
        assert set(ALWAYS) <= set(value["gold"]), f"{path.name}: {ALWAYS} are always listed"
        gold = {
            table: list(expand(table, path, rows if isinstance(rows, list) else [rows], columns))
            for table, rows in value["gold"].items()
        }
        found.append(Circular(path.stem, value["text"].rstrip("\n"), value.get("raw", ""), gold))
    return found


def expand(table: str, path: Path, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Compared]) -> Iterable[Row]:
    """One gold row for each combination of the members of list cells, with defaults and wild cards filled in."""
    assert table in columns, f"{path.name}: no columns of {table} in compared.csv"
    wanted = columns[table]
    for row in rows:
        unknown = set(row) - set(wanted.always) - set(wanted.listed)
        assert not unknown, f"{path.name}, {table}: {unknown} not in compared.csv"
        lists = {c: v for c, v in row.items() if isinstance(v, list)}
        for number, members in enumerate(itertools.product(*lists.values()), 1):
            cells = {**row, **dict(zip(lists, members, strict=True))}
            if table == "ratings" and "unit" in lists:
                cells.setdefault("position", number)
            full: dict[str, Any] = dict.fromkeys(wanted.listed, ANYTHING) | dict(wanted.always)
            full |= {c: _cell(v) for c, v in cells.items()}
            yield {**full, "circular_id": path.stem}


def _cell(value: Any) -> Any:
    if value == "*":
        return ANYTHING
    if isinstance(value, dict):
        assert set(value) == {"one_of"}, value
        return OneOf(tuple(value["one_of"]))
    return value


def rows_of(extraction: Extraction) -> dict[str, list[Row]]:
    """The rows that were found, by table, as the tables hold them."""
    found: dict[str, list[Row]] = {"circular": [{**extraction.circular, "circular_id": extraction.circular_id}]}
    for fact in extraction.facts:
        row = {"basis": fact.basis, **fact.values, "circular_id": extraction.circular_id}
        found.setdefault(fact.table, []).append(row)
    return found


def exam(circulars: Iterable[Circular]) -> Evaluation:
    """Every table over all circulars; a table that a circular's gold does not mention is not compared there."""
    columns = compared()
    gold: dict[str, list[Row]] = {table: [] for table in columns}
    ours: dict[str, list[Row]] = {table: [] for table in columns}
    for circular in circulars:
        found = rows_of(extract(circular.id, circular.text))
        for table, rows in circular.gold.items():
            gold[table] += rows
            ours[table] += found.get(table, [])
    return evaluate(gold, ours, {t: [*c.always, *c.listed] for t, c in columns.items()})


def restored_text(circular: Circular) -> str:
    """The text that the restore room makes of the damaged copy, alone in its folder."""
    data = circular.raw.encode("utf-8")
    sha256 = hashlib.sha256(data).hexdigest()
    document = RawDocument(circular.id, f"{circular.id}.txt", sha256, circular.raw, "utf-8", len(data))
    return restore(document).text


def floor(value: float | None) -> float:
    """Rounded down to two digits; nothing to find or nothing found counts as 1."""
    return 1.0 if value is None else math.floor(value * 100 + 1e-9) / 100


def write_floors(evaluation: Evaluation) -> None:
    lines = [f"{t.table},{floor(t.precision):.2f},{floor(t.recall):.2f}\n" for t in evaluation.tables]
    (FOLDER / "floors.csv").write_text("table,precision,recall\n" + "".join(lines), "utf-8")


def main(arguments: list[str]) -> None:
    if "--unseen" in arguments:
        print(exam(load(UNSEEN)).summary())
        return
    evaluation = exam(load())
    tables = [a for a in arguments if not a.startswith("-")]
    shown = tuple(t for t in evaluation.tables if not tables or t.table in tables)
    print(Evaluation(shown).to_text())
    if "--floors" in arguments:
        write_floors(evaluation)


if __name__ == "__main__":
    main(sys.argv[1:])
