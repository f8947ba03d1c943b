"""The room's one door: all interim files in, all tables with their description out."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, load_contacts
from tongbao.project import find_project
from tongbao.read.sources import Source
from tongbao.tidy.codebook import make_codebook, rules_of, value_titles
from tongbao.tidy.coded import CODED, CODED_CHECKS, read_coded
from tongbao.tidy.coded_checks import coded_checks
from tongbao.tidy.corrections import Correction
from tongbao.tidy.corrections_read import load_corrections
from tongbao.tidy.metrics import Metrics, measure
from tongbao.tidy.package import descriptor
from tongbao.tidy.rows import Interim, Rejection, Row, tidy_circular
from tongbao.tidy.schema import Schema, load_schema, to_frame
from tongbao.tidy.write import csv_bytes, json_bytes, parquet_bytes, rejected_bytes

_AGAIN = "make the interim files again with `dvc repro`"


def build_tables(
    interim: Path,
    out: Path,
    sources: Iterable[Source] | Mapping[str, Source] = (),
    *,
    metrics: Path | None = None,
    reference: Path | None = None,
    coded: Path | None = None,
    codebook: Path | None = None,
    corrections: Path | None = None,
) -> Metrics:
    """Make every tidy table.

    Reads `text/<id>.txt`, `restored/<id>.json`, `extracted/<id>.json` and, where it exists,
    `rejected_files.csv` (file, reason) in `interim`. Writes `<table>.csv` and `<table>.parquet` for every table
    of the schema, `datapackage.json` and `rejected.csv` to `out`, circulars in the order of their ids.
    Nothing is written unless everything could be made.

    Args:
        interim: folder of the interim files.
        out: folder of the tables; made if missing.
        sources: lines of `sources.csv`, or these by circular id as `check_sources` gives them.
        metrics: file to write the metrics to, if any.
        reference: folder with the schema; that of the project by default.
        corrections: the file of corrections, if there are any; every entry must fit what the program reads.
        coded: folder of figures coded by hand; their tables are made where it is named, empty if it is not there.
        codebook: file to write the codebook to, if any.

    Raises:
        TongbaoError: an interim file is missing or broken, or names a column that does not exist.
    """
    reference = reference or find_project().reference
    schema, contacts = load_schema(reference), load_contacts(reference)
    lines = sources.values() if isinstance(sources, Mapping) else sources
    by_id = {source.circular_id: source for source in lines}
    ids = circular_ids(interim)
    by_circular = _by_circular(corrections, schema, contacts, ids)
    rows: dict[str, list[Row]] = {table.name: [] for table in schema.tables}
    rejected = _rejected_files(interim / "rejected_files.csv")
    found: dict[str, list[Rejection]] = {table.name: [] for table in schema.tables}
    known = frozenset(ids)
    for circular_id in ids:
        own = by_circular.get(circular_id, ())
        split = tidy_circular(read_interim(interim, circular_id), schema, contacts, by_id.get(circular_id), known, own)
        for name, more in split.rows.items():
            rows[name] += more
        for rejection in split.rejected:
            found[rejection.table].append(rejection)
    for table in schema.tables:
        rejected += found[table.name]
        to_frame(table, rows[table.name])  # the border of the stage: raises if a table breaks its schema
    result = measure(schema, rows, rejected)
    counted = result.to_json()
    specs = list(schema.tables)
    if coded is not None:
        second = read_coded(coded, schema, reference)
        rows[CODED] = second.rows
        rows[CODED_CHECKS] = coded_checks(second.rows)
        rejected += second.rejected
        for table in schema.coded:
            to_frame(table, rows[table.name])
        specs += schema.coded
        counted["coded"] = {
            "accepted": len(second.rows),
            "rejected": len(second.rejected),
            "checks_broken": sum(not check["holds"] for check in rows[CODED_CHECKS]),
        }
    tables = {table.name: csv_bytes(table, rows[table.name]) for table in specs}
    files = {f"{name}.csv": data for name, data in tables.items()}
    files |= {f"{t.name}.parquet": parquet_bytes(t, rows[t.name]) for t in specs}
    files["datapackage.json"] = json_bytes(
        descriptor(schema, tables, circulars=rows["circulars"], titles=value_titles(reference))
    )
    files["rejected.csv"] = rejected_bytes(rejected)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (out / name).write_bytes(data)
    if metrics is not None:
        metrics.parent.mkdir(parents=True, exist_ok=True)
        metrics.write_bytes(json_bytes(counted))
    if codebook is not None:
        rules = rules_of(_json(interim / "extracted" / f"{circular_id}.json") for circular_id in ids)
        codebook.write_bytes(make_codebook(specs, rows, reference, rules).to_csv())
    return result


def _by_circular(
    path: Path | None, schema: Schema, contacts: ContactFinder, ids: list[str]
) -> dict[str, list[Correction]]:
    """The corrections by circular; one about a circular that is not there stops the build."""
    found: dict[str, list[Correction]] = {}
    for entry in load_corrections(path, schema, contacts) if path is not None else ():
        if entry.circular_id not in ids:
            raise entry.wrong(
                f"no circular {entry.circular_id!r} in the collection", "mend its id, or remove the entry"
            )
        found.setdefault(entry.circular_id, []).append(entry)
    return found


def circular_ids(interim: Path) -> list[str]:
    """Return the ids of all circulars; every one must have come through restoration and extraction.

    Raises:
        TongbaoError: a stage has a circular that another has not.
    """
    stems = {
        kind: {path.stem for path in (interim / kind).glob(f"*{suffix}")}
        for kind, suffix in (("text", ".txt"), ("restored", ".json"), ("extracted", ".json"))
    }
    every = sorted(set().union(*stems.values()))
    for circular_id in every:
        for kind, have in stems.items():
            if circular_id not in have:
                raise TongbaoError(
                    f"nothing of {circular_id} in {kind}/, though other stages have it",
                    place=str(interim),
                    remedy=_AGAIN,
                )
    return every


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
                remedy=_AGAIN,
            )
    # Bytes, not read_text: universal newlines would move the offsets.
    return Interim(circular_id, text.read_bytes().decode("utf-8"), loaded["restored"], loaded["extracted"])


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise TongbaoError(f"not JSON ({error})", place=str(path), remedy=_AGAIN) from None
    if not isinstance(value, dict):
        raise TongbaoError("not a JSON object", place=str(path), remedy=_AGAIN)
    return value


def _rejected_files(path: Path) -> list[Rejection]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"file", "reason"} <= set(reader.fieldnames or ()):
            raise TongbaoError("the columns file and reason are wanted", place=f"{path}, line 1", remedy=_AGAIN)
        found = [Rejection("files", "", line["file"] or "", line["reason"] or "") for line in reader]
    return sorted(found, key=lambda r: (r.file, r.reason))
