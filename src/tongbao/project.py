"""Where everything of a project lies. Nothing else in the package spells out a folder."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tongbao.errors import TongbaoError


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one Tongbao project, all derived from its root."""

    root: Path

    @property
    def raw(self) -> Path:
        """Circulars as found, and `sources.csv`. Read only."""
        return self.root / "data" / "raw"

    @property
    def reference(self) -> Path:
        """Lexicons, codes and mappings: sorted CSV."""
        return self.root / "data" / "reference"

    @property
    def interim(self) -> Path:
        """Restored texts and extracted facts, made by the pipeline."""
        return self.root / "data" / "interim"

    @property
    def tidy(self) -> Path:
        """The tidy tables."""
        return self.root / "data" / "tidy"

    @property
    def corrections(self) -> Path:
        """What researchers corrected in the tables, entry by entry."""
        return self.root / "data" / "corrections.yml"

    @property
    def analysis(self) -> Path:
        """The numbers that the notebooks show."""
        return self.root / "data" / "analysis"

    @property
    def notebooks(self) -> Path:
        """The notebooks, without outputs."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """The rendered pages."""
        return self.root / "reports"

    @property
    def params(self) -> Path:
        """The parameters of the pipeline."""
        return self.root / "params.yaml"


def find_project(start: Path | None = None) -> Project:
    """Return the project that `start` (or the working folder) lies in.

    The environment variable `TONGBAO_PROJECT` wins; outside any project the one that the package was
    installed from is used, so that `tongbao build FOLDER` finds its reference data from anywhere.

    Raises:
        TongbaoError: no project is found.
    """
    named = os.environ.get("TONGBAO_PROJECT", "")
    return _find(named, str(start or "") if named else str(start or os.getcwd()))  # noqa: PTH109 (Path.cwd() is slow, and this is asked for often)


@lru_cache(maxsize=64)  # asked for thousands of times; what is not found is not remembered
def _find(named: str, start: str) -> Project:
    if named:
        candidates = [Path(named).resolve()]
    else:
        here = Path(start).resolve()
        candidates = [here, *here.parents, Path(__file__).resolve().parents[2]]
    for folder in candidates:
        if (folder / "params.yaml").is_file() and (folder / "data" / "reference").is_dir():
            return Project(folder)
    raise TongbaoError(
        "no Tongbao project here: a folder with params.yaml and data/reference/ is wanted",
        place=str(candidates[0]),
        remedy="change into the project's folder, or set TONGBAO_PROJECT to it",
    )
