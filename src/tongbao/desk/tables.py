"""The tidy tables as data frames with order, types and labels.

What belongs here: reading, ordering, labelling. What does not: choosing rows, computing.
"""

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from tongbao.desk.dress import dress
from tongbao.errors import TongbaoError
from tongbao.project import Project, find_project
from tongbao.tidy.codebook import value_titles
from tongbao.tidy.schema import Schema, TableSpec, load_schema
from tongbao.tidy.write import read_table

TableName = Literal[
    "circulars",
    "citations",
    "pass_rates",
    "grade_totals",
    "ratings",
    "score_counts",
    "deductions",
    "findings",
    "sites",
    "figures",
    "checks",
    "repairs",
    "corrections",
    "coded_pass_rates",
    "coded_checks",
]
"""The tables, for editors that complete them; a test compares them with the schema."""

Language = Literal["en", "zh"]

_BANDS = ("excellent", "good", "pass", "fail")


def load(name: TableName | str, language: Language = "en") -> pd.DataFrame:
    """Return a tidy table as a data frame.

    Whole numbers are `Int64`, fractions `Float64`, truth values `boolean`, dates `datetime64`, so that a missing value
    is missing and nothing else. Codes are categories in the order of the codebook; provinces are categories in the
    order of their GB/T 2260 codes; grades are categories, best first, and may be compared (`<`) only where the table
    holds one scale.

    Args:
        name: of the table; `tb.tables` lists them.
        language: of the labels in `.attrs`.

    Returns:
        The table. `.attrs` holds `table`, `title`, `labels` (column -> title), `definitions` (column -> meaning),
        `units` and `value_labels` (column -> code -> title).

    Raises:
        TongbaoError: there is no such table (the message lists those there are), or it has not been made.

    Examples:
        >>> import tongbao as tb
        >>> rates = tb.load("pass_rates")
        >>> rates.attrs["labels"]["n_checked"]
        'Checked'
        >>> rates["basis"].cat.categories.tolist()
        ['stated', 'listed', 'computed', 'change', 'streak', 'corrected']
    """
    project = find_project()
    table = _spec(_schema(project), str(name))
    path = project.tidy / f"{table.name}.csv"
    if not path.is_file():
        raise TongbaoError(
            f"the table {name} has not been made",
            place=path.relative_to(project.root).as_posix(),
            remedy="run `make repro` in a terminal (or `dvc repro`), then ask again",
        )
    frame = _typed(project, table, path.stat().st_mtime_ns).copy()
    frame.attrs |= labels_of(table, project, language)
    return frame


def names(column: str, language: Language = "en") -> pd.Series:
    """Return what the codes of a column are called: a series of names by code.

    Args:
        column: such as `basis`, `design`, or `category` (the kinds of problems).
        language: of the names.

    Raises:
        TongbaoError: the column has no codes; the message lists those that have.

    Examples:
        >>> import tongbao as tb
        >>> tb.names("part")["annex"]
        'Annex'
        >>> tb.names("category", "zh")["AD"]
        '商业广告'
    """
    _known_language(language)
    every = _value_labels(find_project().reference, language)
    if column not in every:
        raise TongbaoError(f"{column!r} has no codes", remedy="use one of " + ", ".join(sorted(every)))
    return pd.Series(every[column], name=column, dtype="str")


class Tables(Mapping[str, pd.DataFrame]):
    """All tables by name: `tb.tables` lists them, `tb.tables["pass_rates"]` and `tb.tables.pass_rates` load one.

    Examples:
        >>> import tongbao as tb
        >>> "pass_rates" in tb.tables
        True
        >>> len(tb.tables.pass_rates) == len(tb.load("pass_rates"))
        True
    """

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Load a table."""
        return load(name)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Load a table."""
        if name.startswith("_") or name not in _names():
            raise AttributeError(f"no table is called {name!r}; there are {', '.join(_names())}")
        return load(name)

    def __contains__(self, name: object) -> bool:
        return name in _names()

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())

    def __dir__(self) -> list[str]:
        """The tables, for completion."""
        return _names()

    def _ipython_key_completions_(self) -> list[str]:
        return _names()

    def overview(self, language: Language = "en") -> pd.DataFrame:
        """Return one row a table: its name, what it is called, how many rows and columns it has."""
        _known_language(language)
        project = find_project()
        rows = []
        for table in _specs(_schema(project)):
            path = project.tidy / f"{table.name}.csv"
            n = len(load(table.name)) if path.is_file() else None
            title = table.title_zh if language == "zh" else table.title_en
            rows.append({"table": table.name, "title": title, "rows": n, "columns": len(table.columns)})
        return pd.DataFrame(rows).astype({"rows": "Int64"}).set_index("table")

    def __repr__(self) -> str:
        return f"{self.overview().to_string()}\n\nLoad one with tb.load(name)."

    def _repr_html_(self) -> str:
        dress()
        return f"{self.overview().to_html()}<p>Load one with <code>tb.load(name)</code>.</p>"


tables = Tables()


def labels_of(table: TableSpec, project: Project, language: Language) -> dict[str, object]:
    """Return what stands in `.attrs` of a frame of the table."""
    _known_language(language)
    zh = language == "zh"
    codes = _value_labels(project.reference, language)
    return {
        "table": table.name,
        "title": table.title_zh if zh else table.title_en,
        "language": language,
        "labels": {c.name: c.title_zh if zh else c.title_en for c in table.columns},
        "definitions": {c.name: c.description_zh if zh else c.description_en for c in table.columns},
        "units": {c.name: c.unit for c in table.columns if c.unit},
        "value_labels": {c.name: dict(codes[c.name]) for c in table.columns if c.name in codes},
    }


def unknown(what: str, name: str, known: Iterable[str], *, lists: str) -> TongbaoError:
    """Return the error for a name that does not exist: the nearest one, and all there are."""
    listed = list(known)
    near = difflib.get_close_matches(name, listed, n=1, cutoff=0.5)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return TongbaoError(f"no {what} is called {name!r}", remedy=f"{meant}{lists} {', '.join(listed)}")


def _spec(schema: Schema, name: str) -> TableSpec:
    found = {table.name: table for table in _specs(schema)}
    if name not in found:
        raise unknown("table", name, found, lists="the tables are")
    return found[name]


def _specs(schema: Schema) -> tuple[TableSpec, ...]:
    return (*schema.tables, *schema.coded)


def _names() -> list[str]:
    return [table.name for table in _specs(_schema(find_project()))]


def _schema(project: Project) -> Schema:
    """Read the schema once; again when one of its files has changed."""
    files = (project.reference / "columns.csv", project.reference / "tables.csv")
    return _loaded_schema(project.reference, tuple(f.stat().st_mtime_ns for f in files if f.is_file()))


@lru_cache(maxsize=4)
def _loaded_schema(reference: Path, changed: tuple[int, ...]) -> Schema:
    return load_schema(reference)


def _known_language(language: str) -> None:
    if language not in ("en", "zh"):
        raise TongbaoError(f"there are no labels in {language!r}", remedy='write "en" or "zh"')


@lru_cache(maxsize=4)
def _value_labels(reference: Path, language: str) -> dict[str, dict[str, str]]:
    at = 1 if language == "zh" else 0
    found: dict[str, dict[str, str]] = {}
    for (column, code), titles in value_titles(reference).items():
        found.setdefault(column, {})[code] = titles[at]
    key = "name_zh" if language == "zh" else "name_en"
    found["category"] = {line["code"]: line[key] for line in _lines(reference / "problems.csv")}
    return found


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=32)
def _typed(project: Project, table: TableSpec, changed: int) -> pd.DataFrame:
    """Read a table once; again when its file has changed."""
    frame = read_table(table, project.tidy / f"{table.name}.csv")
    for column in table.columns:
        if column.allowed:
            frame[column.name] = pd.Categorical(frame[column.name], categories=list(column.allowed))
    _order_provinces(frame, project)
    _order_grades(frame, project)
    return frame


def _order_provinces(frame: pd.DataFrame, project: Project) -> None:
    if not {"province", "province_code"} & set(frame.columns):
        return
    places = [r for r in _lines(project.reference / "regions.csv") if r["level"] == "province"]
    for column, key in (("province", "name"), ("province_code", "code")):
        if column in frame.columns:
            order = list(dict.fromkeys(row[key] for row in sorted(places, key=lambda r: r["code"])))
            _order(frame, column, order, ordered=True)


def _order_grades(frame: pd.DataFrame, project: Project) -> None:
    if "grade" not in frame.columns:
        return
    scales = [line for line in _lines(project.reference / "grade_scales.csv") if line["rank"]]
    of_scale = {(r["scale_id"], r["grade"]): int(r["rank"]) for r in scales}
    used = set(frame["scale_id"].dropna()) if "scale_id" in frame.columns else set()
    if len(used) == 1:
        (scale,) = used
        ranks = {grade: rank for (own, grade), rank in of_scale.items() if own == scale}
        order = sorted(ranks, key=lambda grade: ranks[grade])
        # Grades of equal rank are no order, so they are not claimed to be one.
        _order(frame, "grade", order, ordered=len(set(ranks.values())) == len(ranks))
        return
    best = {r["grade"]: (_band(r["band_high"]), int(r["rank"])) for r in reversed(scales)}
    _order(frame, "grade", sorted(best, key=lambda grade: (*best[grade], grade)), ordered=False)


def _band(name: str) -> int:
    return _BANDS.index(name) if name in _BANDS else len(_BANDS)


def _order(frame: pd.DataFrame, column: str, order: list[str], *, ordered: bool) -> None:
    others = sorted(set(frame[column].dropna()) - set(order))
    present = set(frame[column].dropna())
    kept = [value for value in order if value in present] if column == "grade" else order
    frame[column] = pd.Categorical(frame[column], categories=[*kept, *others], ordered=ordered and not others)
