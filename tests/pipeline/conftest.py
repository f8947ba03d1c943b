"""One real build that all tests of this folder share."""

import fcntl
from pathlib import Path

import pytest

from small_project import CIRCULARS, SmallProject, make_small_project


@pytest.fixture(scope="session")
def first_build(tmp_path_factory, worker_id) -> SmallProject:
    """A project of three circulars, built once from nothing, also for several workers. Tests read it only."""
    base = tmp_path_factory.getbasetemp()
    shared: Path = base if worker_id == "master" else base.parent
    root, done = shared / "first" / "project", shared / "first.done"
    with (shared / "first.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the second worker waits until the first has built
        if not done.is_file():
            project = make_small_project(root, CIRCULARS)
            assert project.repro() == ["restore", "extract", "tidy", "analyse", "report", "evaluate"]
            done.touch()
    return SmallProject(root)
