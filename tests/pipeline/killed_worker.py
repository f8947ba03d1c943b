"""Runs stage commands in forked children and kills them at random moments (a program of its own, not a test).

Forked from a process that has everything imported, a command spends its time working rather than importing, so that
the kills fall into its work. The report is killed on the project as it is, the other stages on one circular of it.
Arguments: the project, the seed, the circular. Prints one JSON line a kill.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

KILLS = {"restore": 9, "extract": 9, "tidy": 6, "analyse": 3}
"""Kills of each stage, with those of the report thirty and more; the slower ones are killed less often."""

KILLS_OF_REPORT = 4


def digest(root: Path) -> str:
    """One hash over all that the stages write, and over data/raw, which they must not touch."""
    found = hashlib.sha256()
    for folder in ("data/raw", "data/interim", "data/tidy", "data/analysis", "reports"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                found.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    found.update((root / "data/metrics.json").read_bytes())
    return found.hexdigest()


def start(command: str) -> int:
    """Start a command in a child with a process group of its own; return its number."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    code = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        from tongbao.cli import main

        code = main([command])
    finally:
        os._exit(code)


def run(command: str) -> float:
    """Run a command to its end; return the seconds."""
    began = time.monotonic()
    _, status = os.waitpid(start(command), 0)
    assert os.waitstatus_to_exitcode(status) == 0, f"{command} failed"
    return time.monotonic() - began


def kill(command: str, after: float) -> bool:
    """Kill a command after some seconds; return whether it was still at work."""
    child = start(command)
    time.sleep(after)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # it has not become a group yet: it is a group of one
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def forget_a_page(root: Path, chance: random.Random) -> None:
    """Take one page out of the page cache, so that a notebook runs."""
    pages = sorted((root / ".tongbao/cache/pages").glob("*.html"))
    if pages:
        chance.choice(pages).unlink()


def keep_one(root: Path, circular: str) -> None:
    """Take all circulars but one out of the project."""
    for path in (root / "data/raw").glob("*.txt"):
        if path.stem != circular:
            path.unlink()
    sources = root / "data/raw/sources.csv"
    head, *lines = sources.read_text("utf-8").splitlines(keepends=True)
    sources.write_text(head + "".join(line for line in lines if line.startswith(f"{circular},")), "utf-8")


def disturb(root: Path, stage: str, kills: int, chance: random.Random) -> None:
    """Kill a stage so many times, each time running it again and comparing what it made."""
    undisturbed, seconds = digest(root), run(stage)
    assert digest(root) == undisturbed
    for number in range(kills):
        if stage == "report" and number == 0:
            forget_a_page(root, chance)
        if number % 3 == 2:  # as DVC does: what the stage writes is removed first
            for folder in {"restore": ["restored", "text"], "extract": ["extracted"]}.get(stage, []):
                shutil.rmtree(root / "data/interim" / folder)
        killed = kill(stage, chance.uniform(0, seconds))
        torn = digest(root) != undisturbed
        run(stage)
        same = digest(root) == undisturbed
        print(json.dumps({"stage": stage, "killed": killed, "torn": torn, "same": same}), flush=True)


def main(root: Path, seed: int, circular: str) -> None:
    import tongbao.report.site
    from tongbao.cli import main as tongbao

    chance = random.Random(seed)
    disturb(root, "report", KILLS_OF_REPORT, chance)
    keep_one(root, circular)
    said, sys.stdout = sys.stdout, sys.stderr
    for stage in KILLS:  # in this process, so that the children have every word list at hand
        assert tongbao([stage]) == 0
    sys.stdout = said
    for stage, kills in KILLS.items():
        disturb(root, stage, kills, chance)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
