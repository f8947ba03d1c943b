import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from report import made_up
from tongbao.project import Project
from tongbao.report.site import SiteResult, build_site


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, SiteResult]:
    """The made-up project, built once from nothing. Tests read it only."""
    project = made_up.make(tmp_path_factory.mktemp("built"))
    return project, build_site(project, workers=2)


@pytest.fixture
def project(built: tuple[Project, SiteResult], tmp_path: Path) -> Iterator[Project]:
    """A copy of the built project, cache included, to change at will."""
    root = tmp_path / "copy"
    shutil.copytree(built[0].root, root)
    yield Project(root)
