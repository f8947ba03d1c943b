"""Pages kept from earlier builds, found again by everything that went into them.

A page is kept without its stamp, so that a new commit stamps it anew without running a notebook.
What belongs here: keys and files of the cache. What does not: making a page.
"""

import csv
import hashlib
import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

import tongbao
from tongbao.project import Project
from tongbao.report.page import FunctionPage, NotebookPage, Page

OTHERS = (
    "requirements.lock",
    *(f"data/reference/{name}" for name in ("check_kinds.csv", "columns.csv", "headings.csv", "minimum_data.csv")),
    *(f"data/reference/{name}" for name in ("numbers_apart.csv", "problems.csv", "table_sources.csv", "tables.csv")),
    "data/reference/tile_grid.csv",
)
"""Files beyond its own inputs that every page depends on, and so on the words in `data/reference/chinese/`."""

KEPT = 200
"""Pages that stay in the cache at least; the ones not used for longest go first."""

KEPT_BUILDS = 4
"""Builds of the whole site that stay in the cache at least."""

_NOTEBOOK_ROOMS = ("report", "stats", "tidy")
_FUNCTION_ROOMS = ("read", "restore", "extract", *_NOTEBOOK_ROOMS)


def page_key(page: Page, project: Project) -> str:
    """Return the hash of all that decides how `page` looks, apart from its stamp."""
    digest = hashlib.sha256()
    shown = [page.path, page.language, page.title, dict(page.parameters)]
    parts: list[tuple[str, bytes]] = [
        ("page", json.dumps(shown, sort_keys=True).encode()),
        ("python", repr(sys.version_info[:2]).encode()),
        ("params", json.dumps(_report_params(project), sort_keys=True).encode()),
        *_own_parts(page),
        *((name, _bytes(project.root / name)) for name in OTHERS),
        *((path.name, _bytes(path)) for path in sorted((project.reference / "chinese").glob("*.csv"))),
    ]
    for name, content in parts:
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _own_parts(page: Page) -> list[tuple[str, bytes]]:
    """What the two kinds of pages depend on beyond what all do: code, notebook, inputs."""
    if isinstance(page, NotebookPage):
        source = ("notebook", _notebook_source(page.notebook))
        return [source, ("code", _package_source(_NOTEBOOK_ROOMS)), *((p.name, _bytes(p)) for p in page.inputs)]
    return [("code", _package_source(_FUNCTION_ROOMS)), *((p.name, _input(p, page)) for p in page.inputs)]


def _input(path: Path, page: FunctionPage) -> bytes:
    """An input as far as it concerns the page: of a table the rows of the page's circular."""
    if not page.circular_id or path.suffix != ".csv" or not path.is_file():
        return _bytes(path)
    status = path.stat()
    split = _by_circular(path, status.st_mtime_ns, status.st_size)
    return _bytes(path) if split is None else split[0] + split[1].get(page.circular_id, b"")


@lru_cache(maxsize=64)
def _by_circular(path: Path, changed: int, size: int) -> tuple[bytes, dict[str, bytes]] | None:
    """The header of a table and a hash of the rows of each circular; None for a table that is not by circular.

    `changed` and `size` only tell states of the file apart.
    """
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        header = next(reader, [])
        if "circular_id" not in header:
            return None
        at = header.index("circular_id")
        hashes: dict[str, Any] = {}
        for row in reader:
            hashes.setdefault("".join(row[at : at + 1]), hashlib.sha256()).update(json.dumps(row).encode())
    return json.dumps(header).encode(), {name: found.digest() for name, found in hashes.items()}


def load(project: Project, key: str) -> str | None:
    """Return the page kept under `key`, or None."""
    path = _folder(project) / f"{key}.html"
    if not path.is_file():
        return None
    os.utime(path)  # used now
    return path.read_text(encoding="utf-8")


def store(project: Project, key: str, page: str) -> None:
    """Keep `page` under `key`."""
    path = _folder(project) / f"{key}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(page, encoding="utf-8")
    part.replace(path)


def prune(project: Project, n_pages: int) -> None:
    """Drop the pages not used for longest, when there are more than a few builds of `n_pages` pages need."""
    kept = sorted(_folder(project).glob("*.html"), key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for path in kept[max(KEPT, KEPT_BUILDS * n_pages) :]:
        path.unlink()


def _folder(project: Project) -> Path:
    return project.root / ".tongbao" / "cache" / "pages"


def _notebook_source(path: Path) -> bytes:
    """The cells without outputs, so that running a notebook in JupyterLab changes nothing.

    Read as JSON: the library for notebooks takes longer to import than all keys take to compute.
    """
    try:
        cells = json.loads(path.read_bytes())["cells"]
        parts = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("tags", [])] for c in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _bytes(path)  # running it will say what is wrong with it
    return json.dumps(parts).encode()


def _report_params(project: Project) -> dict[str, Any]:
    """The section `report` of the parameters; how notebooks run, and how many at a time, changes no page."""
    if not project.params.is_file():
        return {}
    section = (yaml.safe_load(project.params.read_text(encoding="utf-8")) or {}).get("report") or {}
    return {key: value for key, value in section.items() if key not in {"kernels", "workers"}}


@lru_cache(maxsize=2)
def _package_source(rooms: tuple[str, ...]) -> bytes:
    """The hash of the code in `rooms`, as it was when this process began."""
    root = Path(tongbao.__file__).parent
    files = [root / "project.py", root / "errors.py"]
    for room in rooms:
        files += [p for p in (root / room).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}:{len(content)}:".encode())
        digest.update(content)
    return digest.digest()


def _bytes(path: Path) -> bytes:
    """What stands for the content of a file in a key: its hash, taken once for all pages; of no file, nothing."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return b""
    return _digest(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1024)
def _digest(path: Path, changed: int, size: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
