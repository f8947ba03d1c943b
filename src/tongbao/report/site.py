"""All pages of a project, built side by side, and the front pages.

What belongs here: the order of work and what happens when a page fails. What does not: how a page is made.
"""

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import cache, engine, execute, menu
from tongbao.report.language import LANGUAGES, speaking
from tongbao.report.page import FunctionPage, NotebookPage, Page, address
from tongbao.report.pages import DATA, all_pages, front_page, languages
from tongbao.report.stamp import build_stamp, stamped
from tongbao.report.warm import Run

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class SiteResult:
    """What a build did: slugs of pages run anew, taken from the cache, and of pages no longer wanted."""

    rendered: tuple[str, ...]
    cached: tuple[str, ...]
    removed: tuple[str, ...]
    index: Path


def build_site(project: Project, workers: int = 2, kernels: str = "warm") -> SiteResult:
    """Render all pages of `project` to `reports/`, with the tables to download; remove what is no longer wanted.

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
    tell = _teller(len(pages) + len(languages(project)))

    def settle(page: Page, made: str | TongbaoError, state: str) -> None:
        if isinstance(made, TongbaoError):
            failures[page.slug], states[page.slug] = made, "failed"
        else:
            finished[page.slug], states[page.slug] = made, state
        tell(page.slug, states[page.slug])

    def build(some: Sequence[Page], kernels: str) -> None:
        keys = {page.slug: cache.page_key(page, project) for page in some}
        wanted = []
        for page in some:
            kept = cache.load(project, keys[page.slug])
            if kept is None:
                wanted.append(page)
            else:
                settle(page, kept, "cached")
        for page, made in engine.make_all(make_page, wanted, project, workers=workers, kernels=kernels):
            if not isinstance(made, TongbaoError):
                cache.store(project, keys[page.slug], made)
            settle(page, made, "rendered")

    build(pages, kernels)
    # The front pages name what failed, so they come last; no notebook makes them.
    fronts: list[Page] = [
        front_page(
            project, language, tuple(page.path for page in pages if page.slug in failures and page.language == language)
        )
        for language in languages(project)
    ]
    build(fronts, "real")
    every = [*fronts, *pages]
    removed = _write(
        project, {page.slug: (page.language, finished[page.slug]) for page in every if page.slug in finished}
    )
    cache.prune(project, len(every))
    ordered = {page.slug: states[page.slug] for page in every}
    _record(project, ordered)
    if failures:
        listed = "\n".join(f"- {p.slug}: {failures[p.slug]}" for p in every if p.slug in failures)
        raise TongbaoError(f"{len(failures)} of {len(every)} pages could not be built\n{listed}", place="reports")
    return SiteResult(
        rendered=tuple(slug for slug, state in ordered.items() if state == "rendered"),
        cached=tuple(slug for slug, state in ordered.items() if state == "cached"),
        removed=removed,
        index=project.reports / INDEX,
    )


def make_page(page: Page, project: Project, run: Run) -> str:
    """Return the page, not stamped yet; `run` executes its notebook, if it has one.

    Raises:
        TongbaoError: it cannot be made; the message names the notebook's cell or the page.
    """
    from tongbao.report import html  # what makes a page takes seconds to import; a build with nothing to do needs none

    place, body = _body(page, project, run)
    return html.page(
        title=page.title,
        body=body,
        language=page.language,
        home="" if page.path == "index" else f"{'../' * page.path.count('/')}{INDEX}",
        menu=menu.menu_html(page.path, page.language, languages(project)),
        parameters=_parameters(page),
        place=place,
        styles=page.styles if isinstance(page, FunctionPage) else (),
        scripts=page.scripts if isinstance(page, FunctionPage) else (),
    )


def _body(page: Page, project: Project, run: Run) -> tuple[str, str]:
    """What errors name, and the body."""
    if isinstance(page, NotebookPage):
        from tongbao.report import html

        place = f"{page.notebook.name} ({execute.parameters_text(page)})"
        return place, html.notebook_body(run(page, project), place, page.language)
    place = f"{page.slug}.html"
    try:
        with speaking(page.language):
            return place, page.function(project, **page.parameters, language=page.language)
    except TongbaoError:
        raise
    except Exception as error:  # one page must not take the others with it
        raise TongbaoError(
            f"its function fails: {type(error).__name__}: {error}",
            place=place,
            remedy=f"call {page.make} with these parameters to see where",
        ) from error


def _parameters(page: Page) -> str:
    """The parameters of the page's own analysis and of its notebook; functions have none that a reader could set."""
    if isinstance(page, FunctionPage):
        return ""
    own = json.loads(page.inputs[0].read_text("utf-8"))["params"] if page.inputs else {}  # the tables are not wanted
    values = {**own, **page.parameters}
    return "; ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(values.items()))


def _write(project: Project, finished: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    """Stamp and write the pages and the downloads; remove all others, pages of this build that failed included."""
    stamp = build_stamp(project)
    stamps = {language: stamp.html(language) for language in LANGUAGES}
    for language in LANGUAGES:  # also where no page is wanted in it: DVC expects the folder
        (project.reports / address("", language)).mkdir(parents=True, exist_ok=True)
    for slug, (language, content) in finished.items():
        path = project.reports / f"{slug}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(stamped(content, stamps[language]), encoding="utf-8", newline="\n")
    _copy_tables(project)
    there = {p.relative_to(project.reports).with_suffix("").as_posix() for p in project.reports.rglob("*.html")}
    stale = sorted(there - set(finished))
    for slug in stale:
        (project.reports / f"{slug}.html").unlink()
    return tuple(stale)


def _copy_tables(project: Project) -> None:
    """Put the tables where the front page links to: beside the pages, so that a zip or a web server needs no more."""
    folder = project.reports / DATA
    folder.mkdir(exist_ok=True)
    wanted = {path.name: path for pattern in ("*.csv", "*.json") for path in project.tidy.glob(pattern)}
    for path in [p for p in folder.iterdir() if p.name not in wanted]:
        path.unlink()
    for name, path in sorted(wanted.items()):
        shutil.copyfile(path, folder / name)


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
