"""The room's one door: all interim files in, all tables with their description out."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, load_contacts
from tongbao.project import find_project
from tongbao.read.sources import Source
from tongbao.tidy.codebook import make_codebook, value_titles
from tongbao.tidy.coded import CODED, CODED_CHECKS, Coded, read_coded
from tongbao.tidy.coded_checks import coded_checks
from tongbao.tidy.corpus import read_corpus
from tongbao.tidy.corrections import Correction
from tongbao.tidy.corrections_read import load_corrections
from tongbao.tidy.files import RejectedFile, TableFiles, table_files
from tongbao.tidy.metrics import Metrics, measure
from tongbao.tidy.package import descriptor
from tongbao.tidy.parts import AGAIN, Order, Part, make_part
from tongbao.tidy.rows import Rejection, Row
from tongbao.tidy.schema import Schema, load_schema, to_frame
from tongbao.tidy.tallies import Rules, tally
from tongbao.tidy.whole import write_whole
from tongbao.tidy.write import arrow_table, csv_lines, json_bytes, rejected_lines
from tongbao.workers import ALONE, Crew

_PART = 500  # circulars: how many are tidied, checked and written at a time, so that memory does not grow with them


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
    crew: Crew = ALONE,
) -> Metrics:
    """Make every tidy table.

    Reads `text/<id>.txt`, `restored/<id>.json`, `extracted/<id>.json` and, where it exists,
    `rejected_files.csv` (file, reason) in `interim`. Writes `<table>.csv` and `<table>.parquet` for every table
    of the schema, `datapackage.json` and `rejected.csv` to `out`, circulars in the order of their ids.
    No file takes its place unless everything could be made. Circulars are read and written some at a time, so that
    memory does not grow with their rows.

    Args:
        interim: folder of the interim files.
        out: folder of the tables; made if missing.
        sources: lines of `sources.csv`, or these by circular id as `check_sources` gives them.
        metrics: file to write the metrics to, if any.
        reference: folder with the schema; that of the project by default.
        corrections: the file of corrections, if there are any; every entry must fit what the program reads.
        coded: folder of figures coded by hand; their tables are made where it is named, empty if it is not there.
        codebook: file to write the codebook to, if any.
        crew: who may work side by side; the files are the same.

    Raises:
        TongbaoError: an interim file is missing or broken, or names a column that does not exist.
    """
    reference = reference or find_project().reference
    schema, contacts = load_schema(reference), load_contacts(reference)
    lines = sources.values() if isinstance(sources, Mapping) else sources
    by_id = {source.circular_id: source for source in lines}
    ids = circular_ids(interim)
    entries = _by_circular(corrections, schema, contacts, ids)
    corpus = read_corpus(interim, ids, entries)
    whole = _Whole(schema, _rejected_files(interim / "rejected_files.csv"))
    second = read_coded(coded, schema, reference) if coded is not None else None
    specs = [*schema.tables, *(schema.coded if second is not None else ())]

    def order(start: int) -> Order:
        own = tuple(ids[start : start + _PART])
        given = {i: by_id[i] for i in own if i in by_id}
        return Order(interim, reference, own, given, {i: entries[i] for i in own if i in entries}, corpus)

    out.mkdir(parents=True, exist_ok=True)
    with RejectedFile(("files", *(table.name for table in specs))) as rejected, table_files(out, specs) as files:
        rejected.add({"files": rejected_lines(whole.rejected_files)})
        for part in crew.of(len(ids) // _PART).in_order(make_part, map(order, range(0, len(ids), _PART))):
            for name, rows in part.rows.items():
                files[name].add(part.lines[name], rows)
            rejected.add(part.rejected)
            whole.add(part)
        counted = whole.metrics.to_json()
        if second is not None:
            rejected.add({CODED: rejected_lines(second.rejected)})
            counted["coded"] = _add_coded(second, schema, files, whole)
        written = {name: file.close() for name, file in files.items()}
        package = descriptor(schema, written, circulars=whole.circulars, titles=value_titles(reference))
        book = make_codebook(specs, whole.tallies, reference, whole.rules).to_csv() if codebook is not None else b""
        rejected.write(out / "rejected.csv")
    write_whole(out / "datapackage.json", json_bytes(package))
    if metrics is not None:
        metrics.parent.mkdir(parents=True, exist_ok=True)
        write_whole(metrics, json_bytes(counted))
    if codebook is not None:
        write_whole(codebook, book)
    return whole.metrics


class _Whole:
    """What the parts add up to; of their rows only what the description of the tables needs of each circular."""

    def __init__(self, schema: Schema, rejected_files: list[Rejection]) -> None:
        nothing: dict[str, list[Row]] = {table.name: [] for table in schema.tables}
        self.rejected_files = rejected_files
        self.metrics: Metrics = measure(schema, nothing, rejected_files)
        self.tallies = {table.name: tally(table, []) for table in schema.tables}
        self.rules: Rules = {}
        self.circulars: list[Row] = []

    def add(self, part: Part) -> None:
        self.metrics += part.metrics
        self.circulars += part.circulars
        for name, counted in part.tallies.items():
            self.tallies[name].add(counted)
        for key, names in part.rules.items():
            self.rules.setdefault(key, set()).update(names)


def _add_coded(second: Coded, schema: Schema, files: Mapping[str, TableFiles], whole: _Whole) -> dict[str, int]:
    """Write the tables of the figures coded by hand; return their numbers."""
    rows = {CODED: second.rows, CODED_CHECKS: coded_checks(second.rows)}
    for table in schema.coded:
        to_frame(table, rows[table.name])
        files[table.name].add(csv_lines(table, rows[table.name]), arrow_table(table, rows[table.name]))
        whole.tallies[table.name] = tally(table, rows[table.name])
    broken = sum(not check["holds"] for check in rows[CODED_CHECKS])
    return {"accepted": len(second.rows), "rejected": len(second.rejected), "checks_broken": broken}


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
                    remedy=AGAIN,
                )
    return every


def _rejected_files(path: Path) -> list[Rejection]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {"file", "reason"} <= set(reader.fieldnames or ()):
            raise TongbaoError("the columns file and reason are wanted", place=f"{path}, line 1", remedy=AGAIN)
        found = [Rejection("files", "", line["file"] or "", line["reason"] or "") for line in reader]
    return sorted(found, key=lambda r: (r.file, r.reason))
