"""Several documents in one text, so that a fix goes over all of them at once.

They stand one after the other, kept apart by a line of their own that no fix touches and no rule reaches
across. Documents with that character in them are not put together with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongbao.restore.changes import codes_of

Ints = npt.NDArray[np.int64]

APART = "\0"
"""The line between two documents."""
SEPARATOR = f"\n{APART}\n"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where each document begins and ends in a text."""

    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, text: str, codes: npt.NDArray[np.uint32] | None = None, n: int = 1) -> "Parts":
        """The parts of a text made by `join` of `n` texts, whatever the fixes have done to it since."""
        if n == 1:
            return cls(np.zeros(1, dtype=np.int64), np.array([len(text)], dtype=np.int64))
        apart = np.flatnonzero((codes_of(text) if codes is None else codes) == 0)
        return cls(np.concatenate(([0], apart + 2)), np.concatenate((apart - 1, [len(text)])))

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.starts)

    def span(self, part: int) -> tuple[int, int]:
        """Where a document begins and ends."""
        return int(self.starts[part]), int(self.ends[part])

    def index(self, places: Ints) -> Ints:
        """The document that each place lies in; what stands between two documents counts to the first."""
        return np.maximum(np.searchsorted(self.starts, places, side="right") - 1, 0)

    def around(self, at: int) -> tuple[int, int]:
        """The span of the document that a place lies in."""
        return self.span(int(self.index(np.array([at]))[0]))

    def clip(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Spans of blanks without the line feeds that keep documents apart."""
        if len(self) == 1:
            return starts, ends
        # Such a span lies within one document but for a line feed before or after it.
        first = np.searchsorted(self.starts, starts + 1, side="right") - 1
        low = np.maximum(starts, self.starts[np.maximum(first, 0)])
        last = np.minimum(np.searchsorted(self.ends, ends - 1, side="left"), len(self) - 1)
        return low, np.minimum(ends, self.ends[last])

    def at_edge(self, starts: Ints, ends: Ints) -> npt.NDArray[np.bool_]:
        """Whether spans, clipped, begin or end a document."""
        if len(self) == 1:
            edge: npt.NDArray[np.bool_] = (starts == self.starts[0]) | (ends == self.ends[0])
        else:
            edge = np.isin(starts, self.starts) | np.isin(ends, self.ends) | (starts >= ends)
        return edge

    def count(self, holds: npt.NDArray[np.bool_]) -> Ints:
        """For each document, at how many of its characters something holds."""
        total = np.concatenate(([0], np.cumsum(holds)))
        return total[self.ends] - total[self.starts]


def join(texts: Sequence[str]) -> str:
    """Put texts together; none holds `APART` unless it is alone."""
    return SEPARATOR.join(texts)
