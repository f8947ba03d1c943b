"""Which pages a project has: front page, themes, provinces, circulars, data quality, codebook; each in all languages.

What belongs here: names, notebooks or functions, parameters, inputs. What does not: running or rendering.
"""

from pathlib import Path

import yaml

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.audit import STYLES
from tongbao.report.language import LANGUAGES, say
from tongbao.report.page import FunctionPage, NotebookPage, Page, address, read_notebook
from tongbao.report.tables import read_table
from tongbao.report.themes import THEMES
from tongbao.report.tiles import province_title

__all__ = [
    "THEMES",
    "FunctionPage",
    "NotebookPage",
    "Page",
    "address",
    "all_pages",
    "languages",
    "notebook_pages",
    "read_notebook",
]

DATA = "data"
"""Folder beside the English front page that the tables lie in, for downloads."""


def languages(project: Project) -> tuple[str, ...]:
    """Return the languages of the pages: `report.languages` of params.yaml, or all.

    Raises:
        TongbaoError: one of them is unknown, or English, which the addresses begin with, is not among them.
    """
    text = project.params.read_text(encoding="utf-8") if project.params.is_file() else ""
    wanted = ((yaml.safe_load(text) or {}).get("report") or {}).get("languages", list(LANGUAGES))
    if not isinstance(wanted, list) or LANGUAGES[0] not in wanted or set(wanted) - set(LANGUAGES):
        raise TongbaoError(
            f"report.languages is {wanted!r}", place="params.yaml", remedy="write [en, zh], or [en] for English only"
        )
    return tuple(code for code in LANGUAGES if code in wanted)


def all_pages(project: Project) -> list[Page]:
    """Return the pages of `project` but for the front pages: by language themes, provinces, circulars, the others.

    Raises:
        TongbaoError: the analysis of a theme or the table of circulars has not been made.
    """
    return [page for language in languages(project) for page in _pages(project, language)]


def front_page(project: Project, language: str, failed: tuple[str, ...]) -> FunctionPage:
    """Return the front page in `language`; it names the pages that could not be built instead of linking to them."""
    return FunctionPage(
        "index",
        "tongbao.report.index:index_body",
        say("Inspections of Chinese government websites", language),
        {"failed": list(failed)},
        (*_files(project.tidy, "*.csv"), *_files(project.analysis, "*.json"), project.root / "CITATION.cff"),
        language=language,
    )


def notebook_pages(project: Project, language: str = LANGUAGES[0]) -> list[NotebookPage]:
    """Return the pages in `language` that notebooks make: themes in their order, then provinces by code.

    Raises:
        TongbaoError: the analysis of a theme has not been made.
    """
    return [*_themes(project, language), *_provinces(project, language)]


def _pages(project: Project, language: str) -> list[Page]:
    return [
        *notebook_pages(project, language),
        *_circulars(project, language),
        FunctionPage(
            "data-quality",
            "tongbao.report.quality:quality_body",
            say("Data quality", language),
            inputs=(*_files(project.tidy, "*.csv"), *_files(project.interim, "*/*.*")),
            language=language,
        ),
        FunctionPage(
            "codebook",
            "tongbao.report.codebook:codebook_body",
            say("Codebook", language),
            inputs=(project.tidy.parent / "codebook.csv",),
            language=language,
        ),
        FunctionPage(
            "coded",
            "tongbao.report.audit.coded:coded_body",
            say("Figures coded by hand", language),
            inputs=_files(project.tidy, "coded_*.csv"),
            language=language,
            styles=STYLES,
        ),
    ]


def _themes(project: Project, language: str) -> list[NotebookPage]:
    pages = []
    for name, title in THEMES.items():
        own = project.analysis / f"{name}.json"
        if not own.is_file():
            raise TongbaoError(
                f"the analysis {name} has not been made",
                place=own.relative_to(project.root).as_posix(),
                remedy="run `dvc repro`, which makes it before the pages",
            )
        notebook = project.notebooks / f"{name}.ipynb"
        parameters = {"language": language}
        pages.append(NotebookPage(f"themes/{name}", notebook, say(title, language), parameters, (own,), language))
    return pages


def _provinces(project: Project, language: str) -> list[NotebookPage]:
    return [
        NotebookPage(
            f"provinces/{code}",
            project.notebooks / "province.ipynb",
            province_title(project, code, language),
            {"province_code": code, "language": language},
            (own,),
            language,
        )
        for own in _files(project.analysis, "province-*.json")
        for code in [own.stem.removeprefix("province-")]
    ]


def _circulars(project: Project, language: str) -> list[Page]:
    tables = _files(project.tidy, "*.csv")
    pages: list[Page] = []
    for row in read_table(project, "circulars"):
        name = row["circular_id"]
        interim = [project.interim / part for part in (f"restored/{name}.json", f"text/{name}.txt")]
        pages.append(
            FunctionPage(
                f"circulars/{name}",
                "tongbao.report.audit.page:audit_body",
                row["title"] or say("{circular} (no title printed)", language, circular=name),
                {"circular_id": name},
                (*interim, project.interim / f"extracted/{name}.json", project.raw / row["raw_file"], *tables),
                circular_id=name,
                language=language,
                styles=STYLES,
            )
        )
    return pages


def _files(folder: Path, pattern: str) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob(pattern)))
