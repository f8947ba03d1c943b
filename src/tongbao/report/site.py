"""All pages of a project, built side by side, and the front page.

What belongs here: the order of work and what happens when a page fails. What does not: how a page is made.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import cache, engine, execute, html, index
from tongbao.report.pages import Page, all_pages
from tongbao.report.stamp import build_stamp
from tongbao.report.warm import Run
from tongbao.stats.result import Analysis

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class SiteResult:
    """What a build did: slugs of pages run anew, taken from the cache, and of pages no longer wanted."""

    rendered: tuple[str, ...]
    cached: tuple[str, ...]
    removed: tuple[str, ...]
    index: Path


def build_site(project: Project, workers: int = 2, kernels: str = "warm") -> SiteResult:
    """Render all pages of `project` and its front page to `reports/`; remove pages no longer wanted.

    A page whose inputs have not changed is taken from the cache and only stamped. What was rendered and what
    was not is written to `.tongbao/last_render.json`.

    Args:
        project: with analyses and tidy tables made.
        workers: notebooks that run at a time, each in a process of its own.
        kernels: how they run (`tongbao.report.engine.KERNELS`); the pages are the same.

    Raises:
        TongbaoError: at the end, with every page that failed; all others are in place.
    """
    pages = all_pages(project)
    states: dict[str, str] = {}
    finished: dict[str, str] = {}
    failures: dict[str, TongbaoError] = {}
    tell = _teller(len(pages))
    keys = {page.slug: cache.page_key(page, project) for page in pages}
    wanted = []
    for page in pages:
        kept = cache.load(project, keys[page.slug])
        if kept is None:
            wanted.append(page)
        else:
            finished[page.slug], states[page.slug] = kept, "cached"
            tell(page.slug, "cached")
    for page, made in engine.make_all(make_page, wanted, project, workers=workers, kernels=kernels):
        if isinstance(made, TongbaoError):
            failures[page.slug], states[page.slug] = made, "failed"
        else:
            cache.store(project, keys[page.slug], made)
            finished[page.slug], states[page.slug] = made, "rendered"
        tell(page.slug, states[page.slug])
    front = html.page(title="Inspections of government websites", body=index.index_body(project, pages, failures))
    removed = _write(project, {**finished, "index": front})
    cache.prune(project, len(pages))
    ordered = {page.slug: states[page.slug] for page in pages}
    _record(project, ordered)
    if failures:
        listed = "\n".join(f"- {p.slug}: {failures[p.slug]}" for p in pages if p.slug in failures)
        raise TongbaoError(f"{len(failures)} of {len(pages)} pages could not be built\n{listed}", place="reports")
    return SiteResult(
        rendered=tuple(slug for slug, state in ordered.items() if state == "rendered"),
        cached=tuple(slug for slug, state in ordered.items() if state == "cached"),
        removed=removed,
        index=project.reports / INDEX,
    )


def make_page(page: Page, project: Project, run: Run) -> str:
    """Return the page, not stamped yet; `run` executes its notebook."""
    place = f"{page.notebook.name} ({execute.parameters_text(page)})"
    body = html.notebook_body(run(page, project), place)
    return html.page(title=page.title, body=body, home=page.home, parameters=_parameters(page), place=place)


def _parameters(page: Page) -> str:
    """The parameters of the page's own analysis and of its notebook."""
    own = Analysis.read(page.inputs[0]).params if page.inputs else {}
    values = {**own, **page.parameters}
    return "; ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(values.items()))


def _write(project: Project, finished: dict[str, str]) -> tuple[str, ...]:
    """Stamp and write the pages; remove all others, those of this build that failed included."""
    stamp = build_stamp(project).html()
    project.reports.mkdir(parents=True, exist_ok=True)
    for slug, content in finished.items():
        path = project.reports / f"{slug}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html.stamped(content, stamp), encoding="utf-8", newline="\n")
    there = {p.relative_to(project.reports).with_suffix("").as_posix() for p in project.reports.rglob("*.html")}
    stale = sorted(there - set(finished))
    for slug in stale:
        (project.reports / f"{slug}.html").unlink()
    return tuple(stale)


def _record(project: Project, states: dict[str, str]) -> None:
    path = project.root / ".tongbao" / "last_render.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(states, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _teller(n_pages: int) -> Callable[[str, str], None]:
    """Return a function that tells of each page on a terminal, and says nothing elsewhere."""
    count = 0

    def tell(slug: str, state: str) -> None:
        nonlocal count
        count += 1
        if sys.stderr.isatty():
            print(f"[{count}/{n_pages}] {slug}: {state}", file=sys.stderr)

    return tell
