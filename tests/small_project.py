"""A small project of its own that DVC can run: same code, fewer circulars."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CIRCULARS = ["guangdong-2016", "jiangsu-2018q3", "yanan-2016"]
PROVINCES = {"江苏省": "320000", "广东省": "440000", "海南省": "460000", "陕西省": "610000"}
"""Those with a page: three have a circular, Hainan has coded figures only."""
_PARTS = [
    "dvc.yaml",
    "params.yaml",
    "requirements.lock",
    "CITATION.cff",
    "LICENSE",
    "data/corrections.yml",
    ".dvcignore",
    ".dvc/config",
]
_FOLDERS = ["notebooks", "data/raw/coded", "data/reference", "src/tongbao", "tests/gold"]


@dataclass(frozen=True)
class SmallProject:
    """A complete project in a folder of its own, under git, with its own copy of the code."""

    root: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k not in {"TONGBAO_PROJECT", "GIT_DIR"}}
        environment |= {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
            "PYTHONPATH": str(self.root / "src"),
            "DVC_NO_ANALYTICS": "1",
            "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
        }
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    def repro(self, *stages: str) -> list[str]:
        """Run `dvc repro` (up to some stages); return those that ran, in their order."""
        done = self.run("dvc", "repro", *stages)
        assert done.returncode == 0, done.stdout + done.stderr
        ran = re.findall(r"Running stage '(\w+)'", done.stdout)
        assert bool(ran) != ("Data and pipelines are up to date." in done.stdout)
        return ran

    def rendered(self) -> set[str]:
        """The pages that the last report stage rendered, rather than took from the page cache."""
        states = json.loads((self.root / ".tongbao/last_render.json").read_text("utf-8"))
        return {slug for slug, state in states.items() if state == "rendered"}

    def commit(self) -> None:
        who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
        for command in (["git", "add", "-A"], ["git", *who, "commit", "-q", "-m", "state"]):
            done = self.run(*command)
            assert done.returncode == 0, done.stdout + done.stderr

    def bytes_of(self, *patterns: str) -> dict[str, bytes]:
        files = [p for pattern in patterns for p in self.root.glob(pattern) if p.is_file()]
        return {str(p.relative_to(self.root)): p.read_bytes() for p in sorted(files)}


def both_languages(paths: set[str]) -> set[str]:
    return paths | {f"zh/{path}" for path in paths}


def make_small_project(root: Path, circulars: list[str]) -> SmallProject:
    for name in _PARTS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in _FOLDERS:
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    raw = root / "data/raw"
    lines = (ROOT / "data/raw/sources.csv").read_text("utf-8").splitlines(keepends=True)
    (raw / "sources.csv").write_text(
        "".join(x for i, x in enumerate(lines) if i == 0 or x.split(",")[0] in circulars), "utf-8"
    )
    for name in circulars:
        shutil.copy(ROOT / f"data/raw/{name}.txt", raw)
    _keep_some_provinces(raw / "coded")
    (root / ".gitignore").write_text("__pycache__/\n.tongbao/\n")
    project = SmallProject(root)
    assert project.run("git", "init", "-q", "-b", "main").returncode == 0
    project.commit()
    return project


def _keep_some_provinces(coded: Path) -> None:
    """Fewer coded rows, so fewer pages to render: the nation's and those of `PROVINCES`."""
    kept = {"全国": "", "national": "", **PROVINCES}.keys()
    for path in coded.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            columns = list(reader.fieldnames or ())
            rows = [row for row in reader if kept & {row["scope"], row.get("province")}]
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
