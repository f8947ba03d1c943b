"""A command killed at any moment leaves a state from which the next build succeeds, with the same bytes."""

import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from doc_pages import commands
from small_project import ROOT, SmallProject
from tongbao import cli

pytestmark = pytest.mark.pipeline

HERE = Path(__file__).parent
STAGES = {"restore", "extract", "tidy", "analyse", "report"}
"""Those that write what others read; the last, evaluate, writes one file, whole or not at all."""
WRITERS = {"export", "publish", "restore", "sample", "review", "build"}
"""The commands that write for a person."""
OUTPUTS = ("data/tidy/*", "data/metrics.json", "data/analysis/*", "data/interim/**/*", "reports/**/*.html")

_spec = importlib.util.spec_from_file_location("after_kill", ROOT / "scripts/after_kill.py")
assert _spec and _spec.loader
after_kill = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(after_kill)


@pytest.fixture
def project(first_build, tmp_path) -> SmallProject:
    shutil.copytree(first_build.root, tmp_path / "project", symlinks=True)
    return SmallProject(tmp_path / "project")


def environment(project: SmallProject) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k not in {"GIT_DIR"}},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project.root / "src"),
        "TONGBAO_PROJECT": str(project.root),
        "DVC_NO_ANALYTICS": "1",
    }


def killed(project: SmallProject, program: str, *arguments: str) -> list[dict[str, Any]]:
    """Run one of the programs that kill; return what it tells of each kill."""
    done = subprocess.run(
        [sys.executable, str(HERE / program), str(project.root), *arguments],
        cwd=project.root,
        env=environment(project),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_stages_killed_thirty_times(project):
    """Each stage is killed at random moments of its work and run again; nothing differs from an undisturbed build."""
    pages = project.bytes_of("reports/**/*.html")
    kills = killed(project, "killed_worker.py", "20261", "jiangsu-2018q3")
    assert len(kills) >= 30 and {kill["stage"] for kill in kills} == STAGES
    assert sum(kill["killed"] for kill in kills) >= 20  # the others had just ended
    assert any(kill["torn"] for kill in kills)  # the kills fall into the work
    assert [kill for kill in kills if not kill["same"]] == []
    assert project.bytes_of("reports/**/*.html") == pages
    for path in project.root.glob("data/raw/*.txt"):
        assert path.read_bytes() == (ROOT / "data/raw" / path.name).read_bytes()


def test_commands_killed_while_they_write(project):
    """What a command writes for a person is the older file or the new one, and nothing else is touched.

    The program ends with an error where a later run does not write what an undisturbed one does, where something is
    left beside it, or where data/raw, the tables, the numbers or the pages are others than before.
    """
    kills = killed(project, "killed_writers.py", "20262")
    assert {kill["command"] for kill in kills} == WRITERS
    assert len(kills) >= 20 and sum(kill["killed"] for kill in kills) >= 10  # the others had just ended
    assert any(kill["half"] for kill in kills)  # the kills fall into the writing
    assert [kill for kill in kills if kill["torn"] and kill["command"] != "build"] == []  # that is made of many files


def test_the_commands_that_only_tell_write_nothing(first_build, monkeypatch, capsys, tmp_path):
    """With those that are killed above, whose programs compare data/raw as well, that is every command but `add`."""
    monkeypatch.chdir(first_build.root)
    monkeypatch.setenv("TONGBAO_PROJECT", str(first_build.root))
    calls = {
        "status": ["--all"],
        "agree": [str(tmp_path / "pass_rates.csv")],
        "evaluate": [str(ROOT / "tests/gold")],
        "methods": [],
    }
    (tmp_path / "pass_rates.csv").write_text("circular_id,scope,rate\njiangsu-2018q3,江苏省,96%\n", "utf-8")
    assert STAGES | WRITERS | {*calls, "add"} == {*commands()}
    before = seen(first_build.root)
    for command, options in [*calls.items(), ("review", ["--list"]), ("restore", ["data/raw/yanan-2016.txt"])]:
        assert cli.main([command, *options]) == 0, command + capsys.readouterr().err
        assert capsys.readouterr().out and seen(first_build.root) == before, command


def seen(root: Path) -> list[tuple[str, int, int]]:
    """Every file of the project, with its size and the time of its last change."""
    found = (
        p for name in ("data", "reports", "dvc.lock", ".tongbao") for p in [root / name, *(root / name).rglob("*")]
    )
    return sorted((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in found if p.is_file())


def test_the_whole_build_killed(project):
    """`dvc repro` killed again and again with all that it started; the next `make repro` makes the same files."""
    before = project.bytes_of(*OUTPUTS, "dvc.lock")
    chance = random.Random(7)
    for _ in range(3):
        running = subprocess.Popen(
            ["dvc", "repro", "--force"],
            cwd=project.root,
            env=environment(project),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(2, 9))
        os.killpg(running.pid, signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
        after_kill.main(project.root)
    done = project.run("dvc", "repro")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.bytes_of(*OUTPUTS, "dvc.lock") == before
    assert project.repro() == []


def test_make_repro_mends_first():
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nrepro:")[1].split("\n\n")[0]
    assert "scripts/after_kill.py && dvc repro" in recipe


def test_a_lock_cut_short_anywhere_is_put_away_or_can_be_read_by_dvc(tmp_path):
    from dvc.schema import COMPILED_LOCKFILE_SCHEMA

    whole = (ROOT / "dvc.lock").read_bytes()
    assert after_kill.sound_lock(whole)
    kept = 0
    for end in range(0, len(whole), 97):
        cut = whole[: whole.find(b"\n", end) + 1] if end % 2 else whole[:end]
        if cut != whole and after_kill.sound_lock(cut):
            COMPILED_LOCKFILE_SCHEMA(yaml.safe_load(cut))
            kept += 1
    assert kept > 0
    (tmp_path / "dvc.lock").write_bytes(whole[: len(whole) // 2] + b"x")
    assert "dvc.lock" in " ".join(after_kill.main(tmp_path)) and not (tmp_path / "dvc.lock").exists()
    assert after_kill.main(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", False),
        ('{"read": {"/x": [{"pid": 1', False),
        ("[]", False),
        ("{}", True),
        ('{"read": {"/x": [{"pid": 4194303, "cmd": "dvc repro"}]}, "write": {}}', True),
        ('{"read": {}, "write": {"/x": {"pid": OURS, "cmd": "dvc repro"}}}', False),
    ],
)
def test_a_register_that_blocks_for_nothing_is_removed(tmp_path, text, kept):
    """Of a dead process DVC itself takes care; the number of this test belongs to somebody who is no DVC."""
    register = tmp_path / ".dvc/tmp/rwlock"
    register.parent.mkdir(parents=True)
    register.write_text(text.replace("OURS", str(os.getpid())))
    assert (after_kill.main(tmp_path) == []) is kept
    assert register.exists() is kept
