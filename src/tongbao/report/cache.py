"""Pages kept from earlier builds, found again by everything that went into them.

A page is kept without its stamp, so that a new commit stamps it anew without running a notebook.
What belongs here: keys and files of the cache. What does not: making a page.
"""

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
from tongbao.report import headings
from tongbao.report.pages import Page

OTHERS = ("requirements.lock", "data/reference/tile_grid.csv", *(f"data/reference/{n}" for n in headings.FILES))
"""Files beyond its own inputs that every page depends on."""

KEPT = 200
"""Pages that stay in the cache at least; the ones not used for longest go first."""

KEPT_BUILDS = 4
"""Builds of the whole site that stay in the cache at least."""

_ROOMS = ("report", "stats")


def page_key(page: Page, project: Project) -> str:
    """Return the hash of all that decides how `page` looks, apart from its stamp."""
    digest = hashlib.sha256()
    parts: list[tuple[str, bytes]] = [
        ("page", json.dumps([page.slug, page.title, dict(page.parameters)], sort_keys=True).encode()),
        ("python", repr(sys.version_info[:2]).encode()),
        ("notebook", _notebook_source(page.notebook)),
        ("params", json.dumps(_report_params(project), sort_keys=True).encode()),
        ("code", _package_source()),
        *((path.name, _bytes(path)) for path in page.inputs),
        *((name, _bytes(project.root / name)) for name in OTHERS),
    ]
    for name, content in parts:
        digest.update(f"{name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


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


@lru_cache(maxsize=1)
def _package_source() -> bytes:
    """The hash of the code that makes pages, as it was when this process began."""
    root = Path(tongbao.__file__).parent
    files = [root / "project.py", root / "errors.py"]
    for room in _ROOMS:
        files += [p for p in (root / room).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}:{len(content)}:".encode())
        digest.update(content)
    return digest.digest()


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
