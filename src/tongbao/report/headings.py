"""What a column is called on a page: the codebook's title, a heading of the analyses, or its own name made readable."""

import csv
from functools import lru_cache
from pathlib import Path

from tongbao.project import find_project

FILES = ("columns.csv", "headings.csv")
"""Where the headings stand; a later file wins, and of two titles in one file the first."""


def heading(column: str) -> str:
    """Return the English heading of a column of a table or an analysis."""
    return _titles(find_project().reference).get(column) or column.replace("_", " ")


@lru_cache(maxsize=4)
def _titles(reference: Path) -> dict[str, str]:
    titles: dict[str, str] = {}
    for name in FILES:
        own: dict[str, str] = {}
        if (reference / name).is_file():
            with (reference / name).open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    own.setdefault(row["column"], row["title_en"])
        titles |= own
    return titles
