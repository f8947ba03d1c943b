"""Many edits of one kind at once, and texts as arrays of code points, so that fixes need no loop over characters.

What an edit is, and how edits lead back to the raw text, is said in `edits`.
"""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import overload

import numpy as np
import numpy.typing as npt

from tongbao.restore.edits import Edit, Spans


class Changes(Sequence[Edit]):
    """Many edits of one kind, kept as arrays: deletions of spans, or changes of single characters.

    It is the sequence of its edits; they are made when asked for.
    """

    def __init__(
        self,
        kind: str,
        starts: Iterable[int] | npt.NDArray[np.int64],
        ends: Iterable[int] | npt.NDArray[np.int64],
        *,
        new: npt.NDArray[np.uint32] | None = None,
        note: str = "",
        notes: Sequence[str] | None = None,
        verified: Sequence[str] | None = None,
    ) -> None:
        """Take sorted spans that do not overlap.

        Args:
            kind: the kind of all edits.
            starts: where each span begins.
            ends: where each ends; not at its beginning.
            new: the code points that replace the spans, each of one character then; None deletes the spans.
            note: what is to be said of each edit.
            notes: the same where it differs from edit to edit.
            verified: for each edit what verified it.
        """
        self.kind, self.new, self.note, self.notes, self.verified = kind, new, note, notes, verified
        self.starts = np.asarray(starts, dtype=np.int64)
        self.ends = np.asarray(ends, dtype=np.int64)

    def __len__(self) -> int:
        """The number of edits."""
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> Edit: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Edit]: ...
    def __getitem__(self, at: int | slice) -> Edit | Sequence[Edit]:
        """One edit, or some."""
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        new = "" if self.new is None else chr(self.new[at])
        note = self.note if self.notes is None else self.notes[at]
        why = "" if self.verified is None else self.verified[at]
        return Edit(int(self.starts[at]), int(self.ends[at]), new, self.kind, verified_by=why, note=note)

    def outside(self, spans: Spans) -> "Changes":
        """The edits that touch none of `spans`."""
        keep = ~spans.overlap_each(self.starts, self.ends)
        return Changes(
            self.kind,
            self.starts[keep],
            self.ends[keep],
            new=None if self.new is None else self.new[keep],
            note=self.note,
            notes=None if self.notes is None else list(compress(self.notes, keep.tolist())),
            verified=None if self.verified is None else list(compress(self.verified, keep.tolist())),
        )


def codes_of(text: str) -> npt.NDArray[np.uint32]:
    """The code points of `text`, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def as_text(codes: npt.NDArray[np.uint32]) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
