"""Entries of `data/corrections.yml` as they are written for the researcher: appended to what stands there.

The file is the researcher's: what stands in it, comments included, is never written anew.
"""

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
