"""SPSS: one `.sav` file a table, Unicode, codes as numbers with value labels.

Same input, same bytes: the time that the writer puts into the header is replaced by a fixed one.

Source of the limits: IBM SPSS Statistics, Command Syntax Reference (names 64 bytes, strings 32,767 bytes, variable
labels 256 bytes); place of the time in the header: GNU PSPP, "System File Format", file header record.
"""

from pathlib import Path

import pyreadstat

from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.schema import TableSpec
from tongbao.tidy.whole import replacing

MAX_TEXT, MAX_LABEL = 32_767, 256
_TIME_AT, _TIME = 92, b"01 Jan 0000:00:00"


def write(bundle: Bundle, out: Path) -> Written:
    """Write `<table>.sav` for every table, with `codebook.sav` and `value_labels.sav`."""
    notes: list[str] = []
    files = []
    everything = bundle.with_about()
    for table in everything.tables:
        path = out / f"{table.name}.sav"
        _write(everything, table, path, notes)
        files.append(path)
    return Written(tuple(files), tuple(notes))


def _write(bundle: Bundle, table: TableSpec, path: Path, notes: list[str]) -> None:
    frame = bundle.numbered(table)
    labels: dict[str, str | None] = {}
    codes: dict[str, dict[int | float, str]] = {}
    measures: dict[str, str] = {}
    formats: dict[str, str] = {}
    for column in table.columns:
        label = bundle.label(column)
        labels[column.name] = within(label, MAX_LABEL)
        numbers = bundle.number_labels(column)
        if numbers:
            codes[column.name] = {key: within(text, 120) for key, text in numbers.items()}
            measures[column.name], formats[column.name] = "nominal", "F8.0"
        elif column.type == "date":
            days = [None if value is None else value.date() for value in frame[column.name].astype(object).where(
                frame[column.name].notna(), None)]  # fmt: skip
            frame[column.name] = frame[column.name].astype(object)
            frame[column.name] = days
            measures[column.name] = "scale"
        elif column.type == "integer":
            measures[column.name], formats[column.name] = "scale", "F10.0"
        elif column.type == "number":
            measures[column.name] = "scale"
        else:
            texts = frame[column.name].fillna("").astype(object)
            cut = texts.map(lambda text: within(text, MAX_TEXT))
            n_cut = int((cut != texts).sum())
            if n_cut:
                notes.append(f"{table.name}: {n_cut} texts of {column.name} are cut at {MAX_TEXT:,} bytes")
            frame[column.name] = cut
            measures[column.name] = "nominal"
    with replacing(path) as made:
        pyreadstat.write_sav(
            frame,
            str(made),
            file_label=within(bundle.data_label(table), 64),
            column_labels=labels,
            variable_value_labels=codes,
            variable_measure=measures,
            variable_format=formats,
        )
        with made.open("r+b") as file:
            file.seek(_TIME_AT)
            file.write(_TIME)


def within(text: str, n_bytes: int) -> str:
    """Return the longest beginning of `text` that fits into `n_bytes` of UTF-8."""
    return text.encode()[:n_bytes].decode("utf-8", "ignore")
