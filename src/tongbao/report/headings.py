"""What a column is called on a page: the codebook's title, a heading of the analyses, or its own name made readable."""

import csv
from functools import lru_cache
from pathlib import Path

from tongbao.project import find_project
from tongbao.report import language

FILES = ("columns.csv", "headings.csv")
"""Where the headings stand; a later file wins, and of two titles in one file the first."""


def heading(column: str, spoken: str = "") -> str:
    """Return the heading of a column of a table or an analysis in the language `spoken` (default: the page's)."""
    spoken = spoken or language.current()
    known = _titles(find_project().reference).get((column, spoken))
    return known or language.translate(column.replace("_", " "), spoken)


@lru_cache(maxsize=4)
def _titles(reference: Path) -> dict[tuple[str, str], str]:
    """Titles by column and language."""
    titles: dict[tuple[str, str], str] = {}
    for name in FILES:
        own: dict[tuple[str, str], str] = {}
        if (reference / name).is_file():
            with (reference / name).open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    for spoken in language.LANGUAGES:
                        own.setdefault((row["column"], spoken), row[f"title_{spoken}"])
        titles |= own
    return titles


def check_title(kind: str, spoken: str) -> str:
    """Return what a kind of check is called; its own name made readable where `check_kinds.csv` does not know it."""
    known = _check_titles(find_project().reference).get((kind, spoken))
    return known or language.translate(kind.replace("_", " "), spoken)


def checks_held(n_checks: int, n_broken: int, spoken: str) -> str:
    """Return the sentence on how many checks hold and how many do not."""
    return language.say(
        "{held:d} of {all:d} checks hold; {broken:d} do not.",
        spoken,
        held=n_checks - n_broken,
        all=n_checks,
        broken=n_broken,
    )


@lru_cache(maxsize=4)
def _check_titles(reference: Path) -> dict[tuple[str, str], str]:
    path = reference / "check_kinds.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["check"], spoken): row[f"title_{spoken}"] for row in rows for spoken in language.LANGUAGES}
