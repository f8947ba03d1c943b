"""What must never be in a commit: registry hosts, paths of a machine, changed raw files, notebook outputs."""

import ast
import csv
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ["read", "restore", "extract", "tidy", "stats", "report"]
BESIDE = {"collect": ["read", "restore", "extract", "tidy"]}
"""Rooms beside the flow, with those they may import. No room of the flow imports them."""


def tracked(pattern: str = "*") -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_registry_host_is_named():
    hosts = re.compile("|".join([r"py" + r"pi\.org", r"python" + r"hosted\.org", r"registry\.np" + r"mjs"]))
    named = [str(p) for p in tracked() if hosts.search(p.read_text("utf-8", errors="replace"))]
    assert named == []


def test_the_lock_names_no_address():
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_no_path_of_a_machine():
    paths = re.compile(r"(?:^|[\s\"'(=])/(?:wor" + r"k|hom" + r"e|roo" + r"t|Us" + r"ers)/\w", re.M)
    named = [str(p) for p in tracked() if p.suffix != ".lock" and paths.search(p.read_text("utf-8", errors="replace"))]
    assert named == []


def test_raw_files_are_as_recorded():
    with (ROOT / "data/raw/sources.csv").open(encoding="utf-8-sig", newline="") as file:
        recorded = {row["file"]: row["sha256"] for row in csv.DictReader(file)}
    found = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (ROOT / "data/raw").iterdir() if p.name in recorded
    }
    assert found == recorded


def test_notebooks_are_committed_without_outputs():
    notebooks = tracked("*.ipynb")
    assert notebooks
    for path in notebooks:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            assert not cell.get("outputs") and cell.get("execution_count") is None, path


@pytest.mark.parametrize("room", [*ROOMS, *BESIDE])
def test_imports_run_with_the_flow(room):
    allowed = {*(BESIDE[room] if room in BESIDE else ROOMS[: ROOMS.index(room)]), room, "errors", "project", "workers"}
    for path in sorted((ROOT / "src/tongbao" / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                parts = name.split(".")
                if parts[0] == "tongbao" and len(parts) > 1:
                    assert parts[1] in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_the_desk_imports_rooms_of_the_flow_only():
    for path in sorted((ROOT / "src/tongbao/desk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tongbao."):
                assert node.module.split(".")[1] in {*ROOMS, "desk", "errors", "project"}, path


def test_the_review_imports_from_the_rooms_it_may_and_no_room_of_the_flow_imports_it():
    allowed = {"review", "read", "restore", "extract", "tidy", "errors", "project"}
    for path in sorted((ROOT / "src/tongbao/review").rglob("*.py")):
        for name in re.findall(r"^\s*(?:from|import) tongbao\.(\w+)", path.read_text("utf-8"), re.M):
            assert name in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_every_lexicon_is_explained():
    notes = "\n".join(p.read_text("utf-8") for p in sorted((ROOT / "data/reference").glob("*README.md")))
    unexplained = [p.name for p in sorted((ROOT / "data/reference").glob("*.csv")) if p.name not in notes]
    assert unexplained == []
