"""Runs the commands that write for a person, and kills them while they write (a program of its own, not a test).

Like `killed_worker`, it forks from a process that has everything imported. A kill falls into the writing: it comes at
a random moment of the time between the first touch of what the command writes and its end.
Arguments: the project, the seed. Prints one JSON line a kill.
"""

import json
import os
import random
import re
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from killed_worker import digest

FORMATS = ("stata", "spss", "excel", "r", "sqlite")
"""Those whose files are the same bytes each time; DuckDB comes last, as its threads do not outlive a fork."""


@dataclass(frozen=True)
class Writer:
    """A command that writes into `folder`; `said` is what the person types, `old` a file there that it adds to."""

    command: tuple[str, ...]
    folder: str
    kills: int
    said: str = ""
    old: str = ""

    @property
    def sign(self) -> str:
        """What stands in the name of every file that it writes."""
        return f"{Path(self.old).name}.part" if self.old else self.folder


def writers() -> list[Writer]:
    exports = [
        Writer(("export", "--to", to, "--tables", "citations", "--out", f"out/{to}"), f"out/{to}", kills)
        for to, kills in {"stata": 2, "spss": 2, "excel": 1, "r": 1, "sqlite": 1, "duckdb": 2}.items()
    ]
    answers = "a\nlooked at the text\n" * 3 + "q\n"
    return [
        Writer(("publish", "--out", "out/zip"), "out/zip", 3),
        Writer(("sample", "2", "--out", "out/sheet/coding.xlsx"), "out/sheet", 2),
        Writer(("restore", "data/raw/jiangsu-2018q3.txt", "--html", "out/page/side.html"), "out/page", 2),
        Writer(("review", "--who", "Li Hua"), "data", 3, answers, "data/corrections.yml"),
        Writer(("build", "out/circulars", "--out", "out/build", "--workers", "1"), "out/build", 1),
        *exports,
    ]


def start(writer: Writer, part: float | None, sign: int) -> int:
    """Start a command in a child; return its number.

    The child tells by the pipe `sign` when its writing begins, and is killed so many seconds later (None: not at all).
    """
    child = os.fork()
    if child:
        return child
    begun = False

    def seen(event: str, given: tuple[object, ...]) -> None:
        nonlocal begun
        if not begun and any(writer.sign in str(value) for value in given):
            begun = True
            os.write(sign, repr(time.monotonic()).encode())  # one clock for all processes
            if part is not None:
                signal.setitimer(signal.ITIMER_REAL, max(part, 1e-6))  # nobody handles the alarm: it kills

    code = 1
    try:
        os.dup2(os.open("out/typed", os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        from tongbao.cli import main

        sys.addaudithook(seen)
        code = main(list(writer.command))
    finally:
        os._exit(code)


def run(writer: Writer, part: float | None) -> tuple[float, bool]:
    """Run a command, to its end or killed so many seconds after its writing began.

    Returns:
        the seconds from the beginning of the writing to the end, and whether it was killed.
    """
    reading, sign = os.pipe()
    child = start(writer, part, sign)
    os.close(sign)
    began = os.read(reading, 99)
    os.close(reading)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 0 or (part is not None and code == -signal.SIGALRM), f"{writer.command}: {code}"
    assert began, f"{writer.command} wrote nothing"
    return time.monotonic() - float(began), code != 0


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder that are no hidden ones."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith(".")]
    return {str(p.relative_to(folder)): told(p) if p.suffix == ".duckdb" else undated(p.read_bytes()) for p in files}


def told(path: Path) -> bytes:
    """What stands in a DuckDB database, whose bytes are others each time; the bytes of what is none."""
    import duckdb

    try:
        with duckdb.connect(path, read_only=True, config={"threads": 1}) as connection:
            names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
            rows = {name: connection.table(name).fetchall() for name in names}
    except duckdb.Error:
        return path.read_bytes()
    return repr(rows).encode()


def undated(data: bytes) -> bytes:
    """A file without the day of its entries, as midnight may pass."""
    return re.sub(rb"when: [0-9-]+", b"when: today", data)


def steps(old: bytes, new: bytes) -> list[bytes]:
    """What a file may hold while entries are added to it one after the other: some of them, each as a whole."""
    starts = [m.start() for m in re.finditer(rb"^- circular:", new, re.MULTILINE)]
    assert new.startswith(old) and len(starts) >= 2
    return [new[:at] for at in starts if at >= len(old)] + [new]


def disturb(root: Path, writer: Writer, chance: random.Random) -> None:
    """Kill a command several times, each time upon what the last kill left; then run it, and compare."""
    folder, old = root / writer.folder, root / writer.old
    folder.mkdir(parents=True, exist_ok=True)
    (root / "out/typed").write_text(writer.said, "utf-8")
    first = old.read_bytes() if writer.old else b""

    def before(text: bytes) -> None:
        """What a run finds: nothing (`sample` writes over nothing), an older file, or the one it adds to."""
        if writer.old:
            old.write_bytes(first)
        for name in () if writer.old else whole:
            (folder / name).unlink(missing_ok=True)
            if writer.command[0] != "sample":
                (folder / name).write_bytes(text)

    whole: dict[str, bytes] = {}
    seconds, _ = run(writer, None)
    whole = content(folder)
    assert whole, f"{writer.command} wrote nothing"
    allowed = {name: [b"older", data] for name, data in whole.items()}
    if writer.old:
        allowed[old.name] = steps(undated(first), whole[old.name])
    for _ in range(writer.kills):
        before(b"older")
        _, killed = run(writer, seconds * chance.random() ** 2)  # rather early: a later run may be quicker
        torn = [name for name, data in content(folder).items() if data not in allowed.get(name, ())]
        hidden = [p for p in folder.rglob(".*") if "part" in p.name]
        print(
            json.dumps({"command": writer.command[0], "killed": killed, "half": bool(hidden), "torn": torn}), flush=True
        )
    before(b"older")
    run(writer, None)
    assert content(folder) == whole, f"{writer.command}: not as without a kill"
    assert not [p for p in folder.rglob(".*") if "part" in p.name], f"{writer.command}: something is left"
    if writer.old:
        old.write_bytes(first)


def main(root: Path, seed: int) -> None:
    for name in ("commands.restoring", "report.restoration", "report.publish", "review.walk", "review.workbook"):
        import_module(f"tongbao.{name}")
    for to in (*FORMATS, "duckdb"):
        import_module(f"tongbao.tidy.export.{to}")
    for name in ("review.sampling", "build", "restore.store", "extract.folder", "tidy.build", "read.sources"):
        import_module(f"tongbao.{name}")
    os.chdir(root)
    (root / "out/circulars").mkdir(parents=True)
    shutil.copy(root / "data/raw/jiangsu-2018q3.txt", root / "out/circulars")
    chance, state = random.Random(seed), digest(root)
    for writer in writers():
        disturb(root, writer, chance)
    assert digest(root) == state, "a command touched what is not its own"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
