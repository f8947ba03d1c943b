"""Which pages a project has: the three themes, and one page a province that has an analysis.

What belongs here: names, notebooks, parameters, inputs. What does not: running or rendering.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.tiles import province_title

if TYPE_CHECKING:
    import nbformat

THEMES = {
    "grade_shares": "Grade shares",
    "deduction_ranges": "Deduction ranges",
    "pass_rate_trends": "Pass-rate trends",
}
"""Themes in the order of the index: name of notebook and analysis -> title."""

_SAFE = re.compile(r"(?:(?:themes|provinces)/)?[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Page:
    """One page to render.

    Attributes:
        slug: address of the file in `reports/` without its ending, such as `provinces/440000`.
        notebook: the notebook it is rendered from.
        title: what it is headed with.
        parameters: values for the notebook's parameters.
        inputs: the analyses that the notebook reads, the page's own first; a change in one renders the page anew.
    """

    slug: str
    notebook: Path
    title: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()

    @property
    def home(self) -> str:
        """Address of the front page as seen from this page."""
        return "../" * self.slug.count("/") + "index.html"

    def __post_init__(self) -> None:
        if not _SAFE.fullmatch(self.slug):
            raise TongbaoError(
                f"{self.slug!r} cannot name a page",
                place=self.notebook.name,
                remedy="use small letters, digits, - and _ only",
            )


def all_pages(project: Project) -> list[Page]:
    """Return the pages of `project`: themes in their order, then provinces by code.

    Raises:
        TongbaoError: the analysis of a theme has not been made.
    """
    pages = []
    for name, title in THEMES.items():
        own = project.analysis / f"{name}.json"
        if not own.is_file():
            raise TongbaoError(
                f"the analysis {name} has not been made",
                place=own.relative_to(project.root).as_posix(),
                remedy="run `dvc repro`, which makes it before the pages",
            )
        pages.append(Page(f"themes/{name}", project.notebooks / f"{name}.ipynb", title, {}, (own,)))
    for own in sorted(project.analysis.glob("province-*.json")):
        code = own.stem.removeprefix("province-")
        pages.append(
            Page(
                f"provinces/{code}",
                project.notebooks / "province.ipynb",
                province_title(project, code),
                {"province_code": code},
                (own,),
            )
        )
    return pages


def read_notebook(path: Path) -> "nbformat.NotebookNode":
    """Return the notebook at `path` in format 4.

    Raises:
        TongbaoError: it is missing or no notebook.
    """
    import nbformat  # takes a second; a build with nothing to do needs none

    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        raise TongbaoError("no such notebook", place=path.name, remedy="restore it from git") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise TongbaoError(f"not a notebook: {error}", place=path.name, remedy="restore it from git") from error
    return notebook
