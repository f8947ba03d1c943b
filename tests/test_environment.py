"""environment.yml, pyproject.toml and the lock say the same."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))


def locked() -> dict[str, list[tuple[Version, str]]]:
    versions: dict[str, list[tuple[Version, str]]] = {}
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if m := re.match(r"([a-zA-Z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)\s*(?:;\s*(.*?))?\s*\\?$", line):
            versions.setdefault(canonicalize_name(m[1]), []).append((Version(m[2]), m[3] or ""))
    return versions


@pytest.mark.parametrize(
    "text",
    PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"],
    ids=lambda t: Requirement(t).name,
)
def test_the_lock_meets_every_requirement(text):
    requirement = Requirement(text)
    entries = locked()[canonicalize_name(requirement.name)]
    assert entries
    assert all(requirement.specifier.contains(version) for version, _ in entries)


def test_every_locked_package_has_hashes():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-zA-Z0-9])", text)
    without = [b.splitlines()[0] for b in blocks if re.match(r"[a-zA-Z0-9._-]+==", b) and "--hash=sha256:" not in b]
    assert without == []


def test_environment_yml_takes_the_same_lock():
    assert CONDA["name"] == PROJECT["name"]
    assert CONDA["channels"][0] == "conda-forge"
    pip = next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))
    assert pip == ["-r requirements.lock"]


def test_environment_yml_and_pyproject_want_the_same_python():
    python = next(e for e in CONDA["dependencies"] if isinstance(e, str) and e.startswith("python"))
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(PROJECT["requires-python"])


def test_conda_brings_nothing_that_the_lock_pins():
    conda = {re.match(r"[a-z]+", e)[0] for e in CONDA["dependencies"] if isinstance(e, str)}
    assert conda == {"python", "pip", "git", "make"}


def test_this_environment_is_the_locked_one():
    listing = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "freeze", "-p", sys.executable],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    here = {canonicalize_name(n): Version(v) for n, v in re.findall(r"^([\w.-]+)==(\S+)$", listing, re.M)}
    lock = locked()
    strangers = {n: str(v) for n, v in here.items() if n not in {"pip"} and v not in [x for x, _ in lock.get(n, [])]}
    assert strangers == {}
