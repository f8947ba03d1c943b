"""Writing a file as a whole: at any moment, also after a kill, there is the old one or the new one, never a part.

What belongs here: how a file that somebody asked for is put in place. What does not: data/raw, which has rules of its
own (`tongbao.collect.store`), and what the stages make, which DVC makes anew.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a hidden name beside `path` to write to; what stands there afterwards takes the place of `path` at once.

    A writer that fails leaves an older file as it was and nothing beside it. What a killed one leaves under the hidden
    name, the next one for the same file writes over.

    Args:
        path: the file; its folder must be there. The name given ends as it does, since some writers go by the ending.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    part = path.with_name(f".{path.name}.part{path.suffix}")
    _clear(part)
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        _clear(part)


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace a file in one step, as `replacing` does.

    Raises:
        OSError: the file cannot be written.
    """
    with replacing(path) as part:
        part.write_bytes(content)


def _clear(part: Path) -> None:
    """Remove what has that name or begins with it: databases leave journals, which would enter the next one."""
    for left in part.parent.glob(f"{escape(part.name)}*"):
        left.unlink(missing_ok=True)
