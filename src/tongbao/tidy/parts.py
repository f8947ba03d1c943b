"""Some circulars at a time: from their interim files to their rows as the files of the tables hold them.

A part is what one process makes by itself. Its rows are checked against the schema here, its sums are small; putting
parts together is the work of `build`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.read.sources import Source
from tongbao.tidy.corpus import Corpus
from tongbao.tidy.corrections import Correction
from tongbao.tidy.metrics import Metrics, measure
from tongbao.tidy.rows import CIRCULARS, Interim, Rejection, Row, tidy_circular
from tongbao.tidy.schema import load_schema, to_frame
from tongbao.tidy.tallies import Rules, Tally, rules_of, tally
from tongbao.tidy.write import arrow_table, csv_lines, rejected_lines

AGAIN = "make the interim files again with `dvc repro`"


@dataclass(frozen=True, slots=True)
class Order:
    """The work that makes a part.

    Attributes:
        interim: folder of the interim files.
        reference: folder with the schema.
        circulars: ids, in order.
        sources: their lines of `sources.csv`, where they have one.
        corrections: the entries about them.
        corpus: what the citations of a circular may refer to.
    """

    interim: Path
    reference: Path
    circulars: tuple[str, ...]
    sources: Mapping[str, Source]
    corrections: Mapping[str, list[Correction]]
    corpus: Corpus


@dataclass(frozen=True, slots=True)
class Part:
    """What some circulars give: by table the lines of the CSV file, the rows for Parquet, what was counted.

    `rejected` holds lines of rejected.csv by table, `circulars` what the description of the tables says of each.
    """

    lines: Mapping[str, bytes]
    rows: Mapping[str, pa.Table]
    tallies: Mapping[str, Tally]
    rules: Rules
    metrics: Metrics
    rejected: Mapping[str, bytes]
    circulars: tuple[Row, ...]


def make_part(order: Order) -> Part:
    """Tidy some circulars.

    Raises:
        TongbaoError: an interim file is missing or broken, or names a column that does not exist.
    """
    schema, contacts = load_schema(order.reference), load_contacts(order.reference)
    rows: dict[str, list[Row]] = {table.name: [] for table in schema.tables}
    rejected: list[Rejection] = []
    rules: Rules = {}
    for circular_id in order.circulars:
        interim = read_interim(order.interim, circular_id)
        source, entries = order.sources.get(circular_id), order.corrections.get(circular_id, ())
        split = tidy_circular(interim, schema, contacts, source, order.corpus, entries)
        for name, more in split.rows.items():
            rows[name] += more
        rejected += split.rejected
        for key, names in rules_of([interim.extracted]).items():
            rules.setdefault(key, set()).update(names)
    for table in schema.tables:
        to_frame(table, rows[table.name])  # the border of the stage: raises if a table breaks its schema
    by_table: dict[str, list[Rejection]] = {}
    for item in rejected:
        by_table.setdefault(item.table, []).append(item)
    return Part(
        lines={table.name: csv_lines(table, rows[table.name]) for table in schema.tables},
        rows={table.name: arrow_table(table, rows[table.name]) for table in schema.tables},
        tallies={table.name: tally(table, rows[table.name]) for table in schema.tables},
        rules=rules,
        metrics=measure(schema, rows, rejected),
        rejected={name: rejected_lines(items) for name, items in by_table.items()},
        circulars=tuple({name: row[name] for name in _NAMED} for row in rows[CIRCULARS]),
    )


_NAMED = ("circular_id", "issuer", "title", "doc_number", "source_url")


def read_interim(interim: Path, circular_id: str) -> Interim:
    """Return what restoration and extraction hand on about one circular.

    Raises:
        TongbaoError: a file is no JSON object, or is about another circular.
    """
    text = interim / "text" / f"{circular_id}.txt"
    loaded = {kind: _json(interim / kind / f"{circular_id}.json") for kind in ("restored", "extracted")}
    for kind, value in loaded.items():
        if value.get("circular_id") != circular_id:
            raise TongbaoError(
                f"it is about {value.get('circular_id')!r}",
                place=str(interim / kind / f"{circular_id}.json"),
                remedy=AGAIN,
            )
    # Bytes, not read_text: universal newlines would move the offsets.
    return Interim(circular_id, text.read_bytes().decode("utf-8"), loaded["restored"], loaded["extracted"])


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise TongbaoError(f"not JSON ({error})", place=str(path), remedy=AGAIN) from None
    if not isinstance(value, dict):
        raise TongbaoError("not a JSON object", place=str(path), remedy=AGAIN)
    return value
