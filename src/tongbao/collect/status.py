"""What the collection covers, and what needs a look, each with the next thing to do. Plain text; nothing is written.

Counts come from the tidy tables and the interim files as they are; whether these are older than data/raw is told.
"""

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.read.sources import Source, read_register, unfinished
from tongbao.restore.explain import visible
from tongbao.restore.witnesses import MIN_COVER

TABLES = ("pass_rates", "grade_totals", "ratings", "score_counts", "deductions", "findings", "sites", "figures")
"""The tables of facts, in the order in which they are counted."""

_NOT_COUNTED = {"sources.csv", "readme.md", "readme.txt"}
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Look:
    """One kind of thing that needs a look: what it is, the next thing to do, and where."""

    what: str
    todo: str
    cases: tuple[str, ...]


def status(project: Project, limit: int | None = 5) -> str:
    """Describe the collection.

    Args:
        project: which one.
        limit: how many cases of each kind are named; None for all.

    Raises:
        TongbaoError: the register or an interim file is malformed.
    """
    register = read_register(project.raw / "sources.csv")
    circulars = _rows(project.tidy / "circulars.csv")
    lines = [*_summary(project, register, circulars), "", *_coverage(project, circulars), "", "Needs a look"]
    looks = [look for look in needs_a_look(project) if look.cases]
    for look in looks:
        shown = look.cases if limit is None else look.cases[:limit]
        lines += [f"- {look.what}: {len(look.cases)}", *(f"    {case}" for case in shown)]
        if len(shown) < len(look.cases):
            lines.append(f"    ... and {len(look.cases) - len(shown)} more (tongbao status --all)")
        lines.append(f"  next: {look.todo}")
    if not looks:
        lines.append("- nothing")
    return "\n".join(lines)


def needs_a_look(project: Project) -> list[Look]:
    """Everything that may need a look, in the order in which it is best dealt with; kinds without cases too."""
    register = read_register(project.raw / "sources.csv")
    restored = {path.stem: _json(path) for path in sorted((project.interim / "restored").glob("*.json"))}
    extracted = {path.stem: _json(path) for path in sorted((project.interim / "extracted").glob("*.json"))}
    return [*_files(project, register, restored), *_contents(project, restored, extracted)]


def _files(project: Project, register: Sequence[Source], restored: Mapping[str, Any]) -> list[Look]:
    files = (
        {path.name: path for path in sorted(project.raw.iterdir()) if path.is_file()} if project.raw.is_dir() else {}
    )
    recorded = {source.file for source in register}
    half = unfinished(project.raw)
    loose = [
        name
        for name in files
        if name not in recorded | half and not name.startswith(".") and name.lower() not in _NOT_COUNTED
    ]
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    changed = [s.file for s in register if s.file in files and s.sha256 and digests[s.file] != s.sha256]
    seen = {(str(r.get("raw_file")), str(r.get("raw_sha256"))) for r in restored.values()}
    seen |= {(w["raw_file"], w["raw_sha256"]) for r in restored.values() for w in r.get("witnesses", ())}
    rejected = _rows(project.interim / "rejected_files.csv")
    known = {name for name, _ in seen} | {row["file"] for row in rejected}
    stale = [name for name in sorted({*loose, *recorded} & files.keys()) if name not in known]
    stale += sorted({name for name, digest in seen if name not in files or digests[name] != digest})
    again = "make repro"
    return [
        Look("an addition that was stopped halfway", "run the same `tongbao add` again", tuple(sorted(half))),
        Look(
            "recorded files that are not there",
            "put the file back, or delete its line from data/raw/sources.csv",
            tuple(f"{s.file} ({s.circular_id})" for s in register if s.file not in files),
        ),
        Look("raw files that are not the bytes recorded", "put the original bytes back", tuple(sorted(changed))),
        Look("files in data/raw without a record", "tongbao add data/raw/FILE records it where it lies", tuple(loose)),
        Look("raw files that the tables do not show yet, or no longer show rightly", again, tuple(stale)),
        Look(
            "rejected files",
            "do what the reason says and add the new file; delete the old one with its line",
            tuple(f"{row['file']}: {row['reason']}" for row in rejected),
        ),
    ]


def _contents(project: Project, restored: Mapping[str, Any], extracted: Mapping[str, Any]) -> list[Look]:
    gaps = [f"{key}: {n}" for key, found in restored.items() if (n := len(found.get("gaps", ())))]
    apart = [
        f"{key}: {w['raw_file']} holds {w['cover']:.0%} of the text"
        for key, found in restored.items()
        for w in found.get("witnesses", ())
        if w["cover"] < MIN_COVER
    ]
    annexes = [
        f"{key}: {visible(annex['name'])}" for key, found in restored.items() for annex in found.get("attachments", ())
    ]
    broken = Counter(row["circular_id"] for row in _rows(project.tidy / "checks.csv") if row["holds"] == "false")
    open_numerals = {
        key: n for key, found in extracted.items() if (n := len((found.get("numerals") or {}).get("unexplained", ())))
    }
    refused = Counter(
        f"{row['circular_id'] or row['file']}, {row['table']}"  # rows coded by hand belong to no circular
        for row in _rows(project.tidy / "rejected.csv")
        if row["table"] != "files"
    )
    return [
        Look(
            "witnesses that are not like the copy that is read",
            "compare the two; if they are two circulars, empty `role` in data/raw/sources.csv and give the file "
            "its own circular_id",
            tuple(apart),
        ),
        Look(
            "circulars with places that nobody can read",
            "find another copy of the circular and `tongbao add` it",
            tuple(gaps),
        ),
        Look(
            "annexes that a page only links to: they are not read",
            "fetch each by hand and `tongbao add` it if it holds facts",
            tuple(annexes),
        ),
        Look(
            "circulars with broken checks",
            "look at the note of each in data/tidy/checks.csv: the circular itself may be wrong",
            tuple(_counted(broken)),
        ),
        Look(
            "circulars with numerals that no rule explains",
            "see whether a figure was missed, in the circular's text",
            tuple(_counted(open_numerals)),
        ),
        Look("rejected rows", "see the reason of each in data/tidy/rejected.csv", tuple(_counted(refused))),
    ]


def _summary(project: Project, register: Sequence[Source], circulars: Sequence[Mapping[str, str]]) -> list[str]:
    n_witnesses = sum(source.is_witness for source in register)
    return [
        f"Collection: {len(circulars)} circulars in the tables, {len(register)} files recorded in data/raw "
        f"({n_witnesses} of them further copies)"
    ]


def _coverage(project: Project, circulars: Sequence[Mapping[str, str]]) -> list[str]:
    """Circulars and rows of each table by province, period and exercise."""
    if not circulars:
        return ["Coverage: no tables yet; next: make repro"]
    by_circular: dict[str, Counter[str]] = defaultdict(Counter)
    for table in TABLES:
        for row in _rows(project.tidy / f"{table}.csv"):
            by_circular[row["circular_id"]][table] += 1
    groups: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for one in circulars:
        code = one.get("province_code") or "~"
        key = (code, one.get("province") or _UNKNOWN, one.get("period") or _UNKNOWN, one.get("exercise") or _UNKNOWN)
        groups[key]["circulars"] += 1
        groups[key].update(by_circular[one["circular_id"]])
    counted = ("circulars", *(t for t in TABLES if any(group[t] for group in groups.values())))
    shown = [["province", "period", "exercise", *counted]]
    for place in sorted(groups):
        shown.append([*place[1:], *(str(groups[place][name]) if groups[place][name] else "." for name in counted)])
    return ["Coverage", *_aligned(shown)]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under one another; a Chinese character is two columns wide."""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        (
            "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= c <= "\uffe6" else 1 for c in text)


def _counted(counts: Mapping[str, int]) -> Iterable[str]:
    return [f"{key}: {n}" for key, n in sorted(counts.items())]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as error:
        raise TongbaoError("cannot be read", place=str(path), remedy="run make repro") from error
    return value if isinstance(value, dict) else {}
