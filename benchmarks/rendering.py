"""How long the pages take: our engine against the same notebooks by the command lines of papermill and nbconvert.

    python benchmarks/rendering.py [--pages N] [--seed N] [--kernels warm|real] [--save]

Both ways start from the analyses of this project, in a fresh copy of it with an empty cache, one after the other in
one run, on the same pages: a random choice of the notebooks' pages, or with `--pages 0` all of them; then ours is the
whole site, its other pages included, and is built a second time to see what nothing to do costs. Prints seconds,
processor seconds and the ratio; `--save` keeps them in `rendering.json`. Ends with 1 if ours takes more than a quarter.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tongbao.project import Project
from tongbao.report import engine
from tongbao.report.page import NotebookPage
from tongbao.report.pages import languages, notebook_pages
from tongbao.report.site import make_page

LIMIT = 0.25
WORKERS = 2
ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_suffix(".json")
BIN = Path(sys.executable).parent
_PARTS = ("CITATION.cff", "params.yaml", "requirements.lock", "data/analysis", "data/codebook.csv", "data/interim",
          "data/raw", "data/reference", "data/tidy", "notebooks")  # fmt: skip


def main() -> int:
    """Measure, print, and say whether the limit holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=16, metavar="N", help="notebooks' pages to measure; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of pages")
    parser.add_argument("--kernels", choices=engine.KERNELS, default="warm")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.name}")
    parser.add_argument("--render", nargs="+", metavar="PAGE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render:
        return _render(options.render, options.kernels)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="tongbao-bench-") as name:
        ours, theirs = Path(name) / "ours", Path(name) / "theirs"
        for copy in (ours, theirs):
            _copy(copy)
        pages = _chosen(Project(theirs), options.pages, options.seed)
        lines = dict(_ours(ours, pages if options.pages else [], options.kernels))
        ratio_of = next(iter(lines))
        theirs_label = "papermill and jupyter nbconvert, one after another"
        lines[theirs_label] = _timed(lambda: _command_lines(pages, theirs))
    ratio = lines[ratio_of][0] / lines[theirs_label][0]
    print(f"{len(pages)} notebooks, {os.cpu_count()} cores, load before {load:.1f}")
    for label, (wall, cpu) in lines.items():
        print(f"{label:56} {wall:7.1f} s   processor {cpu:7.1f} s")
    print(f"ratio {ratio:.3f} (at most {LIMIT})")
    if options.save:
        seconds = {label: {"wall": round(wall, 1), "processor": round(cpu, 1)} for label, (wall, cpu) in lines.items()}
        kept = {"notebooks": len(pages), "seed": options.seed, "load_before": round(load, 1), "seconds": seconds}
        RESULT.write_text(json.dumps({**kept, "ratio": round(ratio, 3)}, indent=1) + "\n", "utf-8")
    return int(ratio > LIMIT)


def _copy(root: Path) -> None:
    for part in _PARTS:
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy(source, target)


def _chosen(project: Project, n: int, seed: int) -> list[NotebookPage]:
    """The pages of the notebooks in all languages, or `n` of them by chance."""
    every = [page for language in languages(project) for page in notebook_pages(project, language)]
    return random.Random(seed).sample(every, min(n, len(every))) if n else every


def _ours(root: Path, pages: Sequence[NotebookPage], kernels: str) -> Iterator[tuple[str, tuple[float, float]]]:
    """What our engine takes: for some pages, or for the whole site and again with nothing to do."""
    environment = {**os.environ, "TONGBAO_PROJECT": str(root)}
    if pages:
        command = [sys.executable, __file__, "--kernels", kernels, "--render", *(page.slug for page in pages)]
        yield (
            f"our engine, {kernels}, the same pages, nothing cached",
            _timed(lambda: _call(command, root, environment)),
        )
        return
    report = [str(BIN / "tongbao"), "report", "--kernels", kernels]
    yield f"tongbao report, {kernels}, the whole site, nothing cached", _timed(lambda: _call(report, root, environment))
    yield "tongbao report, nothing to do", _timed(lambda: _call(report, root, environment))


def _render(slugs: Sequence[str], kernels: str) -> int:
    """Make some pages of the project in the working folder, as a build does."""
    project = Project(Path.cwd())
    pages = [page for page in _chosen(project, 0, 0) if page.slug in slugs]
    made = list(engine.make_all(make_page, pages, project, workers=WORKERS, kernels=kernels))
    failed = [str(content) for _, content in made if not isinstance(content, str)]
    if failed or len(made) != len(slugs):
        sys.exit("\n".join(failed) or f"{len(made)} pages instead of {len(slugs)}")
    return 0


def _command_lines(pages: Sequence[NotebookPage], root: Path) -> None:
    environment = {**os.environ, "TONGBAO_PROJECT": str(root)}
    for page in pages:
        out = root / f"{page.slug.replace('/', '-')}.ipynb"
        given = [part for key, value in page.parameters.items() for part in ("-r", key, _plain(value))]
        command = [str(BIN / "papermill"), "--no-progress-bar", "-k", "python3", str(page.notebook), str(out), *given]
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
