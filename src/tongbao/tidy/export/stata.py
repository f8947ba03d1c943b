"""Stata: one `.dta` file a table, format 118 (Stata 14 and newer, Unicode).

Codes become numbers with value labels, dates Stata dates, long texts `strL`. Names longer than Stata's 32 characters
are shortened, which is told. Same input, same bytes: the time in the header is fixed.

Source of the limits: Stata, `help limits` and `help dta` (names 32 characters, variable and data labels 80 characters,
`str#` up to 2045 bytes).
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from pandas.io.stata import StataParser

from tongbao.tidy.export.model import Bundle, Written
from tongbao.tidy.schema import TableSpec
from tongbao.tidy.whole import replacing

MAX_NAME, MAX_LABEL, MAX_STR = 32, 80, 2045
_TIME = datetime(2000, 1, 1)
_RESERVED = frozenset(StataParser().RESERVED_WORDS)  # type: ignore[attr-defined]


def write(bundle: Bundle, out: Path) -> Written:
    """Write `<table>.dta` for every table, with `codebook.dta` and `value_labels.dta`."""
    notes: list[str] = []
    names = {(t.name, c): short for t in bundle.tables for c, short in short_names(t.names).items()}
    for (where, column), short in names.items():
        if column != short:
            notes.append(f"{where}: {column} is called {short}, as Stata does not take the name itself")
    files = []
    everything = bundle.with_about(names)
    for table in everything.tables:
        path = out / f"{table.name}.dta"
        _write(everything, table, path, notes)
        files.append(path)
    return Written(tuple(files), tuple(notes))


def short_names(names: Sequence[str], limit: int = MAX_NAME) -> dict[str, str]:
    """Return name -> a name that Stata takes, of at most `limit` characters; no two become alike."""
    found: dict[str, str] = {}
    taken = {name for name in names if len(name) <= limit and name not in _RESERVED}
    for name in names:
        short, n = name[:limit], 1
        if name in _RESERVED:
            short = f"{name}_"[:limit]
        while short != name and short in taken:
            n += 1
            short = f"{name[: limit - len(str(n)) - 1]}_{n}"
        taken.add(short)
        found[name] = short
    return found


def _write(bundle: Bundle, table: TableSpec, path: Path, notes: list[str]) -> None:
    names = short_names(table.names)
    frame = bundle.numbered(table)
    labels, codes, dates, long_texts = {}, {}, {}, []
    for column in table.columns:
        name, label = names[column.name], bundle.label(column)
        labels[name] = label[:MAX_LABEL]
        if len(label) > MAX_LABEL:
            notes.append(f"{table.name}: the label of {column.name} is cut at {MAX_LABEL} characters")
        numbers = bundle.number_labels(column)
        if numbers:
            codes[name] = numbers
        elif column.type == "date":
            dates[name] = "td"
        elif str(frame[column.name].dtype) in ("str", "string", "object"):
            # Stata knows no missing text; an empty one stands for it, and the tables hold no empty texts.
            texts = frame[column.name].fillna("").astype(object)
            frame[column.name] = texts
            if texts.map(lambda text: len(text.encode())).max() > MAX_STR:
                long_texts.append(name)
    with replacing(path) as made:
        frame.rename(columns=names).pipe(_plain).to_stata(
            made,
            version=118,
            write_index=False,
            time_stamp=_TIME,
            data_label=bundle.data_label(table)[:MAX_LABEL],
            variable_labels=labels,
            value_labels=codes or None,  # type: ignore[arg-type]
            convert_dates=dates or None,  # type: ignore[arg-type]
            convert_strl=long_texts or None,
        )


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of numbers without any value become floats: the writer has no type for them."""
    empty = [c for c in frame.columns if str(frame[c].dtype) in ("Int64", "Float64") and frame[c].isna().all()]
    return frame.astype(dict.fromkeys(empty, "float64"))
