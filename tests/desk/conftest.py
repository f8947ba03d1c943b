"""A project of its own for the desk: the committed tables and analyses, texts restored anew, notebooks to run."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from tongbao.build import restore_stage
from tongbao.project import Project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("desk")
    (root / "data").mkdir()
    for name in ("raw", "reference", "tidy", "analysis"):
        (root / "data" / name).symlink_to(ROOT / "data" / name)
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(ROOT / "params.yaml", root)
    shutil.copy(ROOT / "CITATION.cff", root)
    (ROOT / ".tongbao").mkdir(exist_ok=True)
    (root / ".tongbao").symlink_to(ROOT / ".tongbao")  # the Chinese font is made once a machine
    made = Project(root)
    made.interim.mkdir()
    restore_stage(made.raw, made.interim, yaml.safe_load(made.params.read_text("utf-8")))
    return made


@pytest.fixture
def here(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project, as if one worked in it."""
    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    monkeypatch.chdir(project.root)
    assert os.environ["TONGBAO_PROJECT"]
    return project
