"""Many circulars in several processes: each piece of work on its own, the results in the order of the work.

What a piece of work says may not depend on any other piece, so the files are the same with any number of processes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType
from typing import TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD = 2  # pieces a process: the next lies ready while one is worked on, and no more are held in memory


class Crew:
    """Processes that work side by side; they begin with the first work that is worth it, and end with the crew.

    One crew serves several rooms after another, so that the word lists are loaded once in each process.

        with Crew(2) as crew:
            for done in crew.in_order(function, work):
                ...
    """

    def __init__(self, n: int) -> None:
        """Make a crew of `n` processes; with 1 the work is done in the caller's own."""
        self.n = max(1, n)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def of(self, n: int) -> "Crew":
        """Return the crew itself, or one who works alone where the work is worth fewer than two processes."""
        return self if min(self.n, n) > 1 else ALONE

    def in_order(self, function: Callable[[Work], Done], work: Iterable[Work]) -> Iterator[Done]:
        """Yield what `function` makes of each piece of work, in order.

        Args:
            function: one that another process can import; so must be what it is given and what it returns.
            work: asked for no more than the processes need at hand: it may be longer than memory.

        Raises:
            Exception: what `function` raises, for the first piece of work in order that it fails on.
        """
        if self.n == 1:
            yield from map(function, work)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.n, mp_context=get_context("spawn"))
        begun: deque[Future[Done]] = deque()
        try:
            for piece in work:
                begun.append(self._pool.submit(function, piece))
                if len(begun) >= _AHEAD * self.n:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for future in begun:
                future.cancel()


ALONE = Crew(1)
"""No other process."""
