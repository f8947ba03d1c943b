"""Many pages at a time, by one of two ways to run notebooks: warm processes, or real Jupyter kernels.

Both give the same pages. What belongs here: choosing the way. What does not: the ways (`warm`, `kernel`).
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import execute, warm
from tongbao.report.page import NotebookPage, Page
from tongbao.report.warm import Make

KERNELS = ("warm", "real")
"""The two ways; `warm` is the usual one."""


def choose(wanted: str) -> str:
    """Return the way to run notebooks: `wanted`, or `real` with a word on it where processes cannot be forked.

    Raises:
        TongbaoError: there is no such way.
    """
    if wanted not in KERNELS:
        raise TongbaoError(
            f"report.kernels is {wanted!r}", place="params.yaml", remedy=f"write one of {', '.join(KERNELS)}"
        )
    if wanted == "warm" and not warm.is_possible():
        print(f"{sys.platform} cannot fork: every notebook gets a kernel of its own, which is slower", file=sys.stderr)
        return "real"
    return wanted


def make_all(
    make: Make,
    pages: Sequence[Page],
    project: Project,
    *,
    workers: int = 2,
    kernels: str = "warm",
    seconds: float = execute.CELL_SECONDS,
) -> Iterator[tuple[Page, Any]]:
    """Call `make(page, project, run)` for every page and yield (page, result) as they are finished.

    Args:
        make: a function of a module; `run(page, project)` returns the page's executed notebook, or raises.
        pages: what to make.
        project: of all of them.
        workers: pages made at a time.
        kernels: one of `KERNELS`.
        seconds: limit of each cell.

    Yields:
        the page, and what `make` returned or the TongbaoError it raised; the others go on.
    """
    if not pages:
        return
    pages = sorted(pages, key=_size, reverse=True)
    if choose(kernels) == "warm":
        with warm.Pool(min(workers, len(pages))) as pool:
            yield from pool.run(make, pages, project, seconds)
        return
    from tongbao.report import kernel

    def run(page: NotebookPage, project: Project) -> Any:
        return kernel.run(page, project, seconds)

    # Threads suffice: each waits for a kernel, and the kernels are processes.
    pool_ = ThreadPoolExecutor(max_workers=max(1, workers))
    try:
        running = {pool_.submit(make, page, project, run): page for page in pages}
        for done in as_completed(running):
            try:
                yield running[done], done.result()
            except TongbaoError as error:
                yield running[done], error
    finally:
        pool_.shutdown(cancel_futures=True)


def _size(page: Page) -> int:
    """Bytes that a page is made from. The largest begin, so that no long page is left over at the end."""
    return sum(path.stat().st_size for path in page.inputs if path.is_file())
