"""Entries of `data/corrections.yml` as they are written for the researcher: appended whole, or not at all.

The file is the researcher's: what stands in it, comments included, is never written anew.
"""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml


def entry_text(fields: Mapping[str, Any], reason: str, who: str, when: date) -> str:
    """Return one entry as YAML text.

    Args:
        fields: circular, table, what, action and what the action wants, in order.
        reason, who, when: why it was made, by whom, and the day.
    """
    entry = {**fields, "reason": reason, "who": who, "when": when}
    return str(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10**6))


def with_entry(path: Path, text: str) -> bytes:
    """Return the file's content with an entry behind it."""
    old = path.read_bytes() if path.is_file() else b""
    gap = b"" if not old or old.endswith(b"\n") else b"\n"
    return old + gap + text.encode("utf-8")


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step: a kill leaves the old content or the new, never a part."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
