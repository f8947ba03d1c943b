"""A pool of warm processes, as seen from the build: jobs in, finished pages out.

What belongs here: starting and ending the warm process, what is sent to it. What does not: what it does
(`warm_server`).
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import tongbao
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import execute
from tongbao.report.page import NotebookPage, Page

Run = Callable[[NotebookPage, Project], Any]
"""Runs a page's notebook and returns it executed."""

Make = Callable[[Page, Project, Run], Any]
"""Makes something of a page with the help of `Run`. A function of a module; what it returns can be pickled."""


def executed(page: Page, project: Project, run: Run) -> Any:
    """The simplest `Make`: return the executed notebook."""
    assert isinstance(page, NotebookPage)
    return run(page, project)


@dataclass(frozen=True, slots=True)
class Job:
    """What one child does: call `make`; `seconds` is the limit of each cell, and of the rest."""

    make: Make
    page: Page
    project: Project
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A TongbaoError on its way between processes."""

    message: str
    place: str
    remedy: str

    @classmethod
    def of(cls, error: TongbaoError) -> "Failed":
        """Return `error` as it travels."""
        return cls(error.message, error.place, error.remedy)

    def error(self) -> TongbaoError:
        """Return it as it was."""
        return TongbaoError(self.message, place=self.place, remedy=self.remedy)


_ONE_THREAD = {"MKL_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""What keeps libraries from starting a thread when they are imported: a fork would not take it along."""


def is_possible() -> bool:
    """Say whether processes can be forked here. macOS can, but its own libraries do not survive it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class Pool:
    """Warm processes, to be used in a `with` statement; leaving it ends all of them.

    Args:
        workers: pages that are made at a time.
    """

    def __init__(self, workers: int = 2) -> None:
        self._workers = max(1, workers)

    def __enter__(self) -> "Pool":
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            # -P: a file of the working folder must not take the place of a library.
            [sys.executable, "-P", "-m", "tongbao.report.warm_server", str(self._workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, **execute.FIXED, **_ONE_THREAD, "PYTHONPATH": _path()},
            start_new_session=True,  # Ctrl-C is ours to handle
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()  # its children notice
            self._process.wait()
        self._log.close()

    @property
    def process(self) -> int:
        """Number of the warm process."""
        return self._process.pid

    def run(
        self, make: Make, pages: Iterable[Page], project: Project, seconds: float = execute.CELL_SECONDS
    ) -> Iterator[tuple[Page, Any]]:
        """Call `make(page, project, run)` for each page in a fresh child, and yield (page, result) as they come.

        The result is a TongbaoError when a page failed; the others go on.

        Raises:
            TongbaoError: the warm process itself came to an end.
        """
        from tongbao.report.warm_server import frame, frames

        wanted = dict(enumerate(pages))
        jobs, answers = self._process.stdin, self._process.stdout
        assert jobs is not None and answers is not None
        try:
            for number, page in wanted.items():
                jobs.write(frame((number, Job(make, page, project, seconds))))
            jobs.flush()
        except BrokenPipeError:
            raise self._gone() from None
        buffer = bytearray()
        while wanted:
            received = os.read(answers.fileno(), 1 << 16)
            if not received:
                raise self._gone()
            buffer += received
            for number, result in frames(buffer):
                yield wanted.pop(number), result.error() if isinstance(result, Failed) else result

    def _gone(self) -> TongbaoError:
        self._log.seek(0)
        words = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return TongbaoError(
            f"the process that makes the pages came to an end: {words[-1] if words else 'without a word'}",
            remedy="run `tongbao report --kernels real`, which does without it",
        )


def _path() -> str:
    """PYTHONPATH with which another Python finds the package that runs now."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(tongbao.__file__)))  # noqa: PTH100, PTH120
    return os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH", "")])])
