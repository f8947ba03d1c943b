"""How long the pages take: our engine against the same notebooks by the command lines of papermill and nbconvert.

    python benchmarks/rendering.py [--provinces N] [--kernels warm|real]

Both ways start from the analyses of this project, in a fresh copy of it with an empty cache, one after the other in
one run. Prints seconds, processor seconds and the ratio; ends with 1 if ours takes more than a quarter.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 0.25
ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
_PARTS = ("CITATION.cff", "params.yaml", "requirements.lock", "data/analysis", "data/interim", "data/raw",
          "data/reference", "data/tidy", "notebooks")  # fmt: skip


def main() -> int:
    """Measure, print, and say whether the limit holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--provinces", type=int, default=0, metavar="N", help="made-up provinces to add")
    parser.add_argument("--kernels", choices=["warm", "real"], default="warm")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongbao-bench-") as name:
        root = Path(name)
        ours, theirs = root / "ours", root / "theirs"
        for copy in (ours, theirs):
            _copy(copy, options.provinces)
        environment = {**os.environ, "TONGBAO_PROJECT": str(ours)}
        report = [str(BIN / "tongbao"), "report", "--kernels", options.kernels]
        first = _timed(lambda: _call(report, ours, environment))
        again = _timed(lambda: _call(report, ours, environment))
        pages = _notebook_pages(theirs)
        cold = _timed(lambda: _command_lines(pages, theirs))
    ratio = first[0] / cold[0]
    print(f"{len(pages)} notebooks, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    for label, (wall, cpu) in (
        (f"tongbao report, {options.kernels}, nothing cached", first),
        ("tongbao report, nothing to do", again),
        ("papermill and jupyter nbconvert, one after another", cold),
    ):
        print(f"{label:52} {wall:7.1f} s   processor {cpu:7.1f} s")
    print(f"ratio {ratio:.3f} (at most {LIMIT})")
    return int(ratio > LIMIT)


def _copy(root: Path, n_provinces: int) -> None:
    for part in _PARTS:
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy(source, target)
    there = sorted((root / "data/analysis").glob("province-*.json"))
    for number in range(n_provinces):
        code = f"{900000 + number}"
        content = there[number % len(there)].read_text("utf-8").replace(there[number % len(there)].stem[-6:], code)
        (root / f"data/analysis/province-{code}.json").write_text(content, "utf-8")


def _notebook_pages(root: Path) -> list[tuple[str, Path, dict[str, object]]]:
    """Slug, notebook and parameters of every page that is made from a notebook."""
    from tongbao.project import Project
    from tongbao.report.pages import all_pages

    pages = [page for page in all_pages(Project(root)) if hasattr(page, "notebook")]
    return [(page.slug.replace("/", "-"), page.notebook, dict(page.parameters)) for page in pages]


def _command_lines(pages: list[tuple[str, Path, dict[str, object]]], root: Path) -> None:
    environment = {**os.environ, "TONGBAO_PROJECT": str(root)}
    for name, notebook, parameters in pages:
        out = root / f"{name}.ipynb"
        given = [part for key, value in parameters.items() for part in ("-r", key, _plain(value))]
        command = [str(BIN / "papermill"), "--no-progress-bar", "-k", "python3", str(notebook), str(out), *given]
        _call(command, root, environment)
        _call([str(BIN / "jupyter"), "nbconvert", "--to", "html", "--log-level", "ERROR", str(out)], root, environment)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _call(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock, and of processors in all processes that ended."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
