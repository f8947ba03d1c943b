"""One real build that all tests of this folder share."""

import pytest

from small_project import CIRCULARS, SmallProject, make_small_project


@pytest.fixture(scope="session")
def first_build(tmp_path_factory) -> SmallProject:
    """A project of three circulars, built once from nothing. Tests read it only."""
    project = make_small_project(tmp_path_factory.mktemp("first") / "project", CIRCULARS)
    assert project.repro() == ["restore", "extract", "tidy", "analyse", "report"]
    return project
