"""How fast `tongbao build` is: circulars as found to tables, in one process and in two, beside jieba's tokeniser.

The circulars are those of `circulars.py`: made up, no two alike, a third of them in GB18030. Each build is a process of
its own, so that its start and its memory are its own; the tokeniser runs on the same characters in this process, its
dictionary loaded beforehand. Rates are megabytes of the circulars' files a second.

    python benchmarks/extraction.py [--megabytes 2]
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jieba
from circulars import ROOT, made_up

_RUN = """
import json, resource, sys, time
from pathlib import Path
{setup}
began = time.perf_counter()
{work}
took = time.perf_counter() - began
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
cpu = sum(u.ru_utime + u.ru_stime for u in used)
print(json.dumps([took, cpu, max(u.ru_maxrss for u in used) / 1024]), file=sys.stderr)
"""
_BUILD = (
    "from tongbao.cli import main",
    "main(['build', sys.argv[1], '--out', sys.argv[2], '--workers', sys.argv[3]])",
)
_EXTRACT = (
    "from tongbao.extract.folder import extract_folder; from tongbao.workers import Crew",
    "with Crew(int(sys.argv[3])) as crew: extract_folder(Path(sys.argv[2]) / 'interim', crew)",
)


def write_circulars(folder: Path, n_bytes: int) -> tuple[int, int]:
    """Write circulars of about `n_bytes`; return how many there are, and their size on disk."""
    n, size = 0, 0
    for n, (name, text) in enumerate(made_up(n_bytes), 1):
        path = folder / f"{name}.txt"
        path.write_bytes(text.encode(_encoding(n - 1)))
        size += path.stat().st_size
    return n, size


def _encoding(index: int) -> str:
    return "gb18030" if index % 3 == 2 else "utf-8"


def timed(code: tuple[str, str], folder: Path, out: Path, workers: int) -> tuple[float, float, float]:
    """Run the code in a process of its own; return seconds, processor seconds, largest memory of a process in MB."""
    return _told(_begun(code, folder, out, workers))


def _begun(code: tuple[str, str], folder: Path, out: Path, workers: int) -> subprocess.Popen[str]:
    source = _RUN.format(setup=code[0], work=code[1])
    words = [sys.executable, "-c", source, str(folder), str(out), str(workers)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def _told(process: subprocess.Popen[str]) -> tuple[float, float, float]:
    _, errors = process.communicate()
    found = re.findall(r"\[([\d.]+), ([\d.]+), ([\d.]+)\]", errors)
    if process.returncode or not found:
        raise SystemExit(f"the build failed:\n{errors[-2000:]}")
    return float(found[-1][0]), float(found[-1][1]), float(found[-1][2])


def two_apart(folder: Path, out: Path) -> tuple[float, float, float]:
    """Build both halves of the folder at once, each in one process that knows nothing of the other.

    What this gains over one process is all that the machine has to give: its cores may share their units and memory.
    """
    halves = [out / "circulars-0", out / "circulars-1"]
    for half in halves:
        half.mkdir(parents=True)
    for i, path in enumerate(sorted(folder.glob("*.txt"))):
        (halves[i % 2] / path.name).hardlink_to(path)
    begun = [_begun(_BUILD, half, out / half.name.replace("circulars", "out"), 1) for half in halves]
    told = [_told(process) for process in begun]
    return max(t[0] for t in told), sum(t[1] for t in told), max(t[2] for t in told)


def tokenised(folder: Path) -> tuple[float, float]:
    """Return the seconds, and the seconds of the processor, that jieba's tokeniser takes for the same circulars."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    paths = sorted(folder.glob("*.txt"))
    raw = [path.read_bytes() for path in paths]
    texts = [
        data.decode("gb18030" if int(p.stem[-6:]) % 3 == 2 else "utf-8") for p, data in zip(paths, raw, strict=True)
    ]
    began, worked = time.perf_counter(), time.process_time()
    for text in texts:
        for _ in jieba.cut(text):
            pass
    return time.perf_counter() - began, time.process_time() - worked


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="speed of tongbao build")
    parser.add_argument("--megabytes", type=float, default=2.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "circulars"
        folder.mkdir()
        n, size = write_circulars(folder, int(options.megabytes * 1e6))
        rows = [("jieba, tokeniser alone", *tokenised(folder), 0.0)]
        for workers in (1, 2):
            out = Path(name) / f"out{workers}"
            rows.append((f"tongbao build, {workers} processes", *timed(_BUILD, folder, out, workers)))
            rows.append((f"  of it extraction, {workers} processes", *timed(_EXTRACT, folder, out, workers)))
        rows.append(("two builds of one process, a half each", *two_apart(folder, Path(name) / "apart")))
        alike = all(
            path.read_bytes() == (Path(name) / "out2" / path.relative_to(Path(name) / "out1")).read_bytes()
            for path in sorted((Path(name) / "out1").rglob("*.*"))
        )
    base = rows[0][2]
    print(f"{n} circulars, {size / 1e6:.2f} MB; results of one and two processes alike: {'yes' if alike else 'NO'}")
    print(f"{'':40} {'clock s':>8} {'MB/s':>8} {'cpu s':>8} {'MB/cpu s':>9} {'x jieba':>8} {'peak MB':>8}")
    for label, seconds, cpu, peak in rows:
        rates = f"{seconds:8.2f} {size / seconds / 1e6:8.3f} {cpu:8.2f} {size / cpu / 1e6:9.3f} {base / cpu:8.3f}"
        print(f"{label:40} {rates} {peak:8.0f}" if peak else f"{label:40} {rates}")


if __name__ == "__main__":
    main()
