"""The warm process: it has imported what notebooks and pages need, and forks a child for every page.

It is started by `warm` as a process of its own, because a fork is safe only from a process with one thread and
because some settings (`PYTHONHASHSEED`) count from the start of an interpreter only. It reads jobs from its
standard input and ends when that is closed, with all its children; a child ends when it does. So neither Ctrl-C nor
a killed build leaves a process behind.

What belongs here: children, their limit, their answers. What does not: what a child does (`warm_shell`, and the
function that comes with the job).
"""

import contextlib
import gc
import os
import pickle
import selectors
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.report import execute
from tongbao.report.warm import Failed, Job

_LENGTH = struct.Struct("!Q")

_WARM = (
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbconvert",
    "pandas",
    "papermill.parameterize",
    "pyarrow",
    "scipy.stats",
    "seaborn",
    "statsmodels.api",
    "tongbao.report.html",
    "tongbao.report.inputs",
    "tongbao.report.plots",
    "tongbao.report.style",
    "tongbao.report.warm_shell",
)
"""What nearly every notebook and page imports. A module that is missing here costs time only."""


@dataclass(slots=True)
class _Child:
    """A page that is being made."""

    number: int
    job: Job
    process: int
    scratch: Path
    answer: int
    buffer: bytearray = field(default_factory=bytearray)
    cell: str = ""
    since: float = field(default_factory=time.monotonic)


def frame(message: object) -> bytes:
    """Return `message` pickled, with its length before it."""
    body = pickle.dumps(message)
    return _LENGTH.pack(len(body)) + body


def frames(buffer: bytearray) -> list[Any]:
    """Take the complete messages out of `buffer`."""
    found = []
    while len(buffer) >= _LENGTH.size:
        (length,) = _LENGTH.unpack_from(buffer)
        end = _LENGTH.size + length
        if len(buffer) < end:
            break
        found.append(pickle.loads(buffer[_LENGTH.size : end]))
        del buffer[:end]
    return found


def preload() -> None:
    """Import what pages need, and everything a child would otherwise do again."""
    import importlib
    import warnings

    # nbformat asks for it through jsonschema, only to check the format of addresses; it takes a second to import.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in _WARM:
            importlib.import_module(name)
    _make_nothing()


def _make_nothing() -> None:
    """Convert an empty notebook: what is imported, compiled and looked up for the first page serves all."""
    import nbformat.v4

    from tongbao.report import font, html

    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = [
        nbformat.v4.new_markdown_cell("# A *b* `c` [d](#e)\n\n- f"),  # type: ignore[no-untyped-call]
        nbformat.v4.new_code_cell("a = [f'{b}', 1.0]  # c"),  # type: ignore[no-untyped-call]
    ]
    html.page(title="通报", body=html.notebook_body(notebook, ""))
    font.warm()


class Server:
    """Children of this process, `workers` at a time."""

    def __init__(self, workers: int, jobs: int, answers: int) -> None:
        self._workers, self._jobs, self._answers = workers, jobs, answers
        self._waiting: deque[tuple[int, Job]] = deque()
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(jobs, selectors.EVENT_READ)
        # Nobody writes to it; a child that reads its end knows that this process is gone.
        self._alive, self._held = os.pipe()

    def serve(self) -> None:
        """Work until the jobs' end is closed."""
        buffer = bytearray()
        try:
            while True:
                for key, _ in self._selector.select(self._patience()):
                    if key.fd in self._children:
                        self._hear(self._children[key.fd])
                        continue
                    received = os.read(key.fd, 1 << 16)
                    if not received:
                        return
                    buffer += received
                    self._waiting.extend(frames(buffer))
                self._stop_the_slow()
                while self._waiting and len(self._children) < self._workers:
                    self._start(*self._waiting.popleft())
        finally:
            for child in list(self._children.values()):
                self._end(child)

    def _patience(self) -> float | None:
        """Seconds until the next child is over its limit."""
        ends = [child.since + child.job.seconds for child in self._children.values()]
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _start(self, number: int, job: Job) -> None:
        scratch = Path(tempfile.mkdtemp(prefix="tongbao-page-"))
        answer, theirs = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                self._become_child(answer)
                _work(job, scratch, theirs)
            finally:
                os._exit(0)
        with contextlib.suppress(OSError):
            os.setpgid(process, process)  # both sides do it: whoever is first
        os.close(theirs)
        self._children[answer] = _Child(number, job, process, scratch, answer)
        self._selector.register(answer, selectors.EVENT_READ)

    def _become_child(self, answer: int) -> None:
        """Let go of all that is the parent's."""
        os.setpgid(0, 0)
        self._selector.close()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, self._jobs)  # standard input stays open, and empty
        for number in (nothing, answer, self._answers, self._held, *self._children):
            os.close(number)
        threading.Thread(target=_end_with_parent, args=(self._alive,), daemon=True).start()

    def _hear(self, child: _Child) -> None:
        received = os.read(child.answer, 1 << 16)
        child.buffer += received
        for kind, content in frames(child.buffer):
            child.since = time.monotonic()
            if kind == "cell":
                child.cell = content
            else:
                self._finish(child, content)
                return
        if not received:
            self._finish(child, self._stopped(child, execute.died(_last_words(child.scratch))))

    def _stop_the_slow(self) -> None:
        now = time.monotonic()
        for child in list(self._children.values()):
            if now - child.since > child.job.seconds:
                self._finish(child, self._stopped(child, execute.too_long(child.job.seconds)))

    def _stopped(self, child: _Child, reason: str) -> Failed:
        return Failed.of(execute.stopped(child.job.page, child.job.project, child.cell, reason))

    def _finish(self, child: _Child, content: object) -> None:
        """End the child, then pass on its answer."""
        self._end(child)
        message = memoryview(frame((child.number, content)))
        while message:
            message = message[os.write(self._answers, message) :]

    def _end(self, child: _Child) -> None:
        """See to it that neither the child nor what it started is left."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process, signal.SIGKILL)
        os.waitpid(child.process, 0)
        self._selector.unregister(child.answer)
        os.close(child.answer)
        del self._children[child.answer]
        shutil.rmtree(child.scratch, ignore_errors=True)


def _work(job: Job, scratch: Path, answer: int) -> None:
    """Make the page of `job` and write the answer: what the function returned, or why it failed."""
    import numpy as np

    gc.set_threshold(100_000)  # a page needs little memory and gives it back at its end
    np.random.seed()  # a fresh kernel has a seed of its own, and so has every child

    def send(message: object) -> None:
        rest = memoryview(frame(message))
        while rest:
            rest = rest[os.write(answer, rest) :]

    from tongbao.report import warm_shell

    run = partial(warm_shell.run, scratch=scratch, started=lambda cell: send(("cell", cell)))
    try:
        send(("done", job.make(job.page, job.project, run)))
    except TongbaoError as error:
        send(("done", Failed.of(error)))
    except BaseException as error:
        told = "".join(traceback.format_exception_only(error)).strip()
        send(("done", Failed.of(execute.stopped(job.page, job.project, "", f"the page could not be made: {told}"))))


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)
    os.killpg(0, signal.SIGKILL)


def _last_words(scratch: Path) -> str:
    path = scratch / "stderr"
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def main() -> None:
    """Serve the process that started this one: jobs on standard input, answers on standard output."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not get between the answers
    preload()
    gc.collect()
    gc.freeze()  # children share these objects; collecting would copy their pages
    Server(int(sys.argv[1]), 0, answers).serve()


if __name__ == "__main__":
    main()
