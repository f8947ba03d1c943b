"""What a run has done so far, so that the same run after an interruption begins where it was stopped.

What was added stands in `sources.csv`; the journal also knows what led to nothing (refused, not found, known bytes).
It is one line of JSON for each address, and is removed when a run reaches its end: the next run asks again.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or address.

    Args:
        what: the file or address as it was given.
        kind: `added`, `witness` (a further copy of a circular), `known` (is there already), `refused` (cannot be
            read) or `failed` (could not be had).
        message: for the person who asked.
        file: its name in data/raw, if it has one.
        circular_id: the circular it belongs to, if any.
    """

    what: str
    kind: str
    message: str
    file: str = ""
    circular_id: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal in a file."""

    path: Path

    def read(self) -> dict[str, Outcome]:
        """What is written so far, by address. A line that was being written when the run was killed is passed over."""
        found: dict[str, Outcome] = {}
        if not self.path.is_file():
            return found
        for line in self.path.read_text("utf-8", "replace").splitlines():
            try:
                outcome = Outcome(**json.loads(line))
            except (ValueError, TypeError):
                continue
            found[outcome.what] = outcome
        return found

    def note(self, outcome: Outcome) -> None:
        """Write one line, on disk when this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as handle:
            handle.write("\n" + json.dumps(asdict(outcome), ensure_ascii=False))  # a torn line ends here
            handle.flush()
            os.fsync(handle.fileno())

    def close(self) -> None:
        """The run has reached its end."""
        self.path.unlink(missing_ok=True)
