"""A made-up circular as the audit page loads it: any text, rows on any spans, any repairs."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tongbao.extract.contacts import load_contacts
from tongbao.report.audit.load import Audited, NumeralSeen, ShownRepair, TidyRow
from tongbao.report.audit.spans import merged
from tongbao.restore.edits import Candidate, OffsetMap, Run
from tongbao.restore.page import Page
from tongbao.restore.pipeline import Gap, Restored
from tongbao.restore.repairs import Repair
from tongbao.tidy.repairs import raw_spans
from tongbao.tidy.schema import Schema, load_schema

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
TABLES = ("pass_rates", "ratings", "findings")


@cache
def schema() -> Schema:
    return load_schema(REFERENCE)


def tidy_row(table: str, number: int, text: str, span: tuple[int, int], **cells: str) -> TidyRow:
    every = dict.fromkeys(schema()[table].names, "")
    every |= {"circular_id": "made-up", "row": str(number), "basis": "stated", "quote": text[slice(*span)], **cells}
    return TidyRow(table, number, every, span)


def audited(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    raw: str | None = None,
    repairs: Sequence[Repair] = (),
    runs: Sequence[Run] | None = None,
    gaps: Sequence[tuple[int, int]] = (),
    numerals: Sequence[NumeralSeen] = (),
    **cells: str,
) -> Audited:
    raw = text if raw is None else raw
    found = [Run(0, 0, len(text))] if runs is None else list(runs)
    readings = (Candidate("网站", 0.0), Candidate("网络", 1.25))
    restored = Restored(
        circular_id="made-up",
        raw_file="made-up.txt",
        raw_sha256="0" * 64,
        encoding="utf-8",
        script="Hans",
        copy_kind="clean",
        copy_evidence="",
        page=Page(),
        text=text,
        repairs=tuple(repairs),
        gaps=tuple(Gap(a, b, a, b, readings) for a, b in gaps),
        map=OffsetMap(len(raw), len(text), tuple(found)),
    )
    contacts = load_contacts(REFERENCE)
    private = contacts.spans(text)
    raw_private = [(a, min(b, len(raw))) for a, b in raw_spans({"runs": restored.map.runs}, private, "made-up")]
    rows: dict[str, list[TidyRow]] = {t.name: [] for t in schema().tables if t.has_span}
    for n, span in enumerate(spans):
        table = TABLES[n % len(TABLES)]
        rows[table].append(tidy_row(table, len(rows[table]) + 1, text, span, **cells))
    circular = dict.fromkeys(schema()["circulars"].names, "")
    return Audited(
        circular=circular | {"circular_id": "made-up", "n_numerals": "0", "n_numerals_explained": "0"},
        raw=raw,
        restored=restored,
        rows={name: tuple(own) for name, own in rows.items()},
        checks=(),
        repairs=tuple(ShownRepair(n, r, True) for n, r in enumerate(repairs, 1)),
        rejected=(),
        numerals=tuple(numerals),
        private=tuple(private),
        raw_private=tuple(merged([*contacts.spans(raw), *raw_private])),
        schema=schema(),
        reference=REFERENCE,
    )
