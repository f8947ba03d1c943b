"""What a page is: a notebook with parameters, or a function that returns its body.

What belongs here: the two kinds of pages, their addresses, reading a notebook. What does not: which pages a project
has (`pages`), running or rendering.

Addresses: English pages lie in `reports/`, Chinese ones at the same path under `reports/zh/`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tongbao.errors import TongbaoError
from tongbao.report.language import LANGUAGES

if TYPE_CHECKING:
    import nbformat

_SAFE = re.compile(r"(?:(?:themes|provinces|circulars)/)?[a-z0-9][a-z0-9_-]*")


class _Addressed:
    """What both kinds derive from their address."""

    __slots__ = ()
    path: str
    language: str

    @property
    def slug(self) -> str:
        """Address of the file in `reports/` without its ending, such as `zh/provinces/440000`."""
        return address(self.path, self.language)

    @property
    def home(self) -> str:
        """Address of the folder `reports/` as seen from this page: nothing, or some `../`."""
        return "../" * self.slug.count("/")

    def __post_init__(self) -> None:
        if not _SAFE.fullmatch(self.path):
            raise TongbaoError(f"{self.path!r} cannot name a page", remedy="use small letters, digits, - and _ only")
        if self.language not in LANGUAGES:
            raise TongbaoError(f"no language {self.language!r}", place="params.yaml", remedy="write en or zh")


@dataclass(frozen=True, slots=True)
class NotebookPage(_Addressed):
    """A page rendered from a notebook.

    Attributes:
        path: its address without language and ending, such as `provinces/440000`.
        notebook: the notebook.
        title: what it is headed with.
        parameters: values for the notebook's parameters.
        inputs: the analyses that the notebook reads, the page's own first; a change in one renders the page anew.
        language: of the page.
    """

    path: str
    notebook: Path
    title: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class FunctionPage(_Addressed):
    """A page whose body a pure function returns.

    Attributes:
        path: its address without language and ending, such as `data-quality`.
        make: module and function, as `tongbao.report.quality:quality_body`; it is imported when a page is made, because
            a build with nothing to do must not wait for it. Called as `make(project, **parameters,
            language=language)`, it returns safe HTML.
        title: what it is headed with.
        parameters: plain values for the function.
        inputs: every file that the function reads, beyond those that all pages depend on (`cache.OTHERS`).
        circular_id: if given, of a CSV input only the rows of this circular count, so that a change in another
            circular leaves the page alone.
        language: of the page.
        styles: style sheets in the folder of templates that the page needs beyond the common one.
        scripts: our own scripts there that the page runs beyond the common one.
    """

    path: str
    make: str
    title: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()
    circular_id: str = ""
    language: str = "en"
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()

    @property
    def function(self) -> Callable[..., str]:
        """The function behind `make`."""
        module, _, name = self.make.partition(":")
        found: Callable[..., str] = getattr(import_module(module), name)
        return found


Page = NotebookPage | FunctionPage


def address(path: str, language: str) -> str:
    """Return where a page lies in `reports/`, without its ending."""
    return path if language == LANGUAGES[0] else f"{language}/{path}"


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
