"""Many circulars in several processes: each piece of work on its own, the results in the order of the work.

What a piece of work says may not depend on any other piece, so the files are the same with any number of processes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD = 2  # pieces a process: the next lies ready while one is worked on, and no more are held in memory


def in_order(function: Callable[[Work], Done], work: Iterable[Work], workers: int) -> Iterator[Done]:
    """Yield what `function` makes of each piece of work, in order.

    Args:
        function: one that another process can import; so must be what it is given and what it returns.
        work: asked for no more than `workers` processes need at hand: it may be longer than memory.
        workers: how many processes; with 1 the work is done in this one.

    Raises:
        Exception: what `function` raises, for the first piece of work in order that it fails on.
    """
    if workers <= 1:
        yield from map(function, work)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        begun: deque[Future[Done]] = deque()
        try:
            for piece in work:
                begun.append(pool.submit(function, piece))
                if len(begun) >= _AHEAD * workers:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()
