"""The Chinese of the pages: English text is the key, `data/reference/chinese/*.csv` holds its Chinese."""

import csv
from functools import lru_cache
from pathlib import Path

from tongbao.project import find_project

LANGUAGES = ("en", "zh")


def say(template: str, language: str, /, **values: object) -> str:
    """Return the template in a language, filled; English where the catalogue has no entry."""
    text = _catalogue(find_project().reference).get(template, template) if language == "zh" else template
    return text.format(**values) if values else text


def translate(text: str, language: str) -> str:
    """Return a finished English sentence in a language; English where the catalogue has no entry."""
    return say(text, language)


@lru_cache(maxsize=4)
def _catalogue(reference: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((reference / "chinese").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["en"], row["zh"])
    return found
