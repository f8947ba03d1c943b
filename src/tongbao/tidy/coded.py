"""The second source: figures that other circulars printed, coded by hand from copies (`data/raw/coded`).

Belongs here: reading the coded files into rows of `coded_pass_rates`, each accepted or rejected with its reason by the
same rules of cells and rows as everything extracted. Nothing is corrected and nothing is filled in. Whether the figures
agree with each other is asked in `coded_checks`.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.tidy.cells import BadCell, read_cell
from tongbao.tidy.rows import Rejection, Row
from tongbao.tidy.rules import broken
from tongbao.tidy.schema import Schema

CODED, CODED_CHECKS = "coded_pass_rates", "coded_checks"

_NATIONAL = "全国"
_RANKED = {"province", "prefecture", "county"}


@dataclass(slots=True)
class Coded:
    """Rows of `coded_pass_rates` in the order of files and lines, and what was rejected."""

    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    n_in: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Codes by rank and name, and names of provinces by code; only names that are unique in their rank."""

    codes: Mapping[tuple[str, str, str], str]

    def code(self, level: str, name: str, province_code: str = "") -> str:
        """Return the code of a place, or "" where the name is unknown or more than one place bears it."""
        return self.codes.get((level, name, province_code), "")


def read_coded(folder: Path, schema: Schema, reference: Path) -> Coded:
    """Return the rows of the coded files; a folder or file that is not there gives none.

    Args:
        folder: `data/raw/coded`.
        schema: the tables.
        reference: folder with `regions.csv`.

    Raises:
        TongbaoError: a file lacks a column or is no CSV.
    """
    places, found, table = load_places(reference / "regions.csv"), Coded(), schema[CODED]
    for name, (columns, make) in sorted(_FILES.items()):
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        for number, line in enumerate(_lines(path, columns), start=1):
            found.n_in += 1
            values = {"coded_file": name, "coded_row": number, **make(line, places)}
            reasons, row = [], {}
            for column in table.columns:
                try:
                    row[column.name] = read_cell(column, values.get(column.name))
                except BadCell as error:
                    reasons.append(str(error))
            reasons = reasons or broken(CODED, row)
            if reasons:
                place = f"coded/{name}.csv, row {number}"
                found.rejected.append(Rejection(CODED, "", place, "; ".join(reasons), values=line))
            else:
                found.rows.append(row)
    if found.n_in != len(found.rows) + len(found.rejected):
        raise TongbaoError("coded rows were lost", place=str(folder), remedy="this is a fault of the program")
    return found


def load_places(path: Path) -> Places:
    """Return the places of `regions.csv` by rank and name, full or short, alone and within their province."""
    names: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                for name in {line["name"], line["short_name"]} - {""}:
                    for province in ("", line["province_code"]):
                        names[(line["level"], name, province)].add(line["code"])
    return Places({key: min(codes) for key, codes in names.items() if len(codes) == 1})


def _published(line: Mapping[str, str], places: Places) -> dict[str, Any]:
    province = places.code("province", line["province"]) if line["province"] else ""
    level, scope = line["scope_level"], line["scope"]
    inside = province if level in ("prefecture", "county") else ""
    counts = {name: _whole(line[name]) for name in ("n_total", "n_checked", "n_failed")}
    low, high = _bounds(line["rate"], line["comparator"])
    return {
        **{name: line[name] for name in _SAME},
        **counts,
        "scope_code": places.code(level, scope, inside) if level in _RANKED else "",
        "province_code": province,
        "design": _design(counts["n_checked"], counts["n_total"]),
        "rate": _number(line["rate"]),
        "rate_low": low,
        "rate_high": high,
        "comparator": line["comparator"] if line["rate"] else "",
    }


def _national(line: Mapping[str, str], places: Places) -> dict[str, Any]:
    national = line["scope"] == "national"
    scope = _NATIONAL if national else line["scope"]
    code = "" if national else places.code("province", scope)
    sampled = line["exercise"] == "spot_check" and line["basis"] in ("central", "self_reported")
    low, high = _bounds(line["rate"], "=")
    return {
        "scope": scope,
        "scope_level": "national" if national else "province" if code else "group",
        "scope_code": code,
        "province": scope if code else "",
        "province_code": code,
        "period": line["period"],
        "measure": line["object"],
        "inspector_level": "national" if line["basis"] in ("central", "recheck") else "",
        "design": "sample" if sampled else "",
        "n_total": _whole(line["n_operating"]) if line["n_operating_basis"] == "stated" else None,
        "n_checked": _whole(line["n_checked"]),
        "n_failed": _whole(line["n_failed"]) if line["n_failed_basis"] == "stated" else None,
        "share_checked": _number(line["share_checked"]),
        "rate": _number(line["rate"]),
        "rate_low": low,
        "rate_high": high,
        "comparator": "=" if line["rate"] else "",
        "basis": line["rate_basis"] or line["n_operating_basis"] or "stated",
        "series": line["basis"],
        "exercise": line["exercise"],
        "doc_number": line["doc_number"],
        "source_url": line["source_url"],
        "note": line["note"],
    }


_SAME = [
    *("scope", "parent", "scope_level", "province", "period", "measure", "inspector_level", "basis", "issuer"),
    *("doc_number", "source_kind", "source_url"),
]
_FILES: dict[str, tuple[set[str], Callable[[Mapping[str, str], Places], dict[str, Any]]]] = {
    "national_figures": (
        {"period", "exercise", "basis", "scope", "object", "n_operating", "n_operating_basis", "n_checked", "n_failed"}
        | {"n_failed_basis", "rate", "rate_basis", "share_checked", "doc_number", "note", "source_url"},
        _national,
    ),
    "published_pass_rates": ({*_SAME, "n_total", "n_checked", "n_failed", "rate", "comparator"}, _published),
}


def decimals(rate: str) -> int:
    """Return the decimals of a coded rate read as a percentage: 0 for 0.95, 2 for 0.9607."""
    exponent = (Decimal(rate) * 100).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bounds(rate: str, comparator: str) -> tuple[float | None, float | None]:
    """What a coded rate leaves possible: half a unit of its last place either way, or the bound in words."""
    try:
        value = Decimal(rate)
    except InvalidOperation:
        return None, None
    if comparator in (">", ">="):
        return float(value), 1.0
    if comparator in ("<", "<="):
        return 0.0, float(value)
    if comparator != "=":
        return None, None
    half = Decimal(5) / 10 ** (decimals(rate) + 3)
    return float(max(Decimal(0), value - half)), float(min(Decimal(1), value + half))


def _design(checked: Any, total: Any) -> str:
    if not isinstance(checked, int) or not isinstance(total, int) or checked > total:
        return ""
    return "census" if checked == total else "sample"


def _whole(cell: str) -> int | str | None:
    """An integer where the cell is one; else the cell as it is, for the schema to refuse."""
    return int(cell) if cell.isascii() and cell.isdigit() else cell or None


def _number(cell: str) -> float | str | None:
    try:
        return float(cell) if cell else None
    except ValueError:
        return cell


def _lines(path: Path, columns: set[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise TongbaoError(f"cannot be read as CSV ({error})", place=path.name, remedy="restore the file") from None
    lacking = sorted(columns - set(reader.fieldnames or ()))
    if lacking:
        raise TongbaoError(f"no column {', '.join(lacking)}", place=f"{path.name}, line 1", remedy="restore the file")
    for number, line in enumerate(lines, start=1):
        if None in line or None in line.values():
            raise TongbaoError("too many or too few cells", place=f"{path.name}, row {number}", remedy="restore it")
    return lines
