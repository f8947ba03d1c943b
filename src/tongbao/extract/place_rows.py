"""How rows of the gazetteer's tables are read: the usual forms of a name, heads of document numbers, orders.

What belongs here: pure functions of rows and places. What does not: looking names up (`places.py`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tongbao.extract.lexicon import load
from tongbao.extract.place_types import Place


def variants(row: dict[str, str]) -> Iterator[str]:
    """Yield the usual short forms of a region: 临夏州 and 临夏, 融水县 and 融水, 苏州."""
    name, short = row["name"], row["short_name"]
    if short != name:
        yield short
    for ending in ("自治州", "自治县", "自治旗"):
        if name.endswith(ending) and short[-1] != ending[-1]:
            yield short + ending[-1]


def head_rows(head: str, folder: Path | None) -> list[dict[str, str]]:
    """Rows of doc_number_heads.csv for a head: the whole head, else its longest place part with a known ending."""
    rows = load("doc_number_heads", required=("head", "kind", "place_code", "zone", "body"), folder=folder)
    whole = [row for row in rows if row["kind"] == "full" and row["head"] == head]
    if whole:
        return whole
    endings = {row["head"] for row in rows if row["kind"] == "suffix"}
    for length in range(len(head) - 1, 0, -1):
        if head[length:] in endings:
            parts = [row for row in rows if row["kind"] == "place" and row["head"] == head[:length]]
            if parts:
                return parts
    return []


def span(row: dict[str, str]) -> tuple[str, str]:
    """Return the months from and to which a row is valid."""
    return row["valid_from"], row["valid_to"]


def ordered(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return the places once each, in order of code."""
    return tuple(sorted(dict.fromkeys(places), key=lambda p: (p.anchor, p.name, p.valid_from)))


def highest(places: list[Place]) -> list[Place]:
    """Drop counties and zones where a province or prefecture has the short name too."""
    high = [p for p in places if p.level in ("province", "prefecture")]
    return high or places
