"""Grade scales: the order of their grades and the bands of the common scale that each may belong to.

Belongs here: looking up `data/reference/grade_scales.csv`. Does not belong here: counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tongbao.stats.themes.corpus import Row, Tables, records


@dataclass(frozen=True)
class Scales:
    """The known scales.

    Attributes:
        ranks: rank by grade (1 = best), by scale; scales without an order are left out.
        bands: (lowest, highest) band by (scale, grade).
    """

    ranks: dict[str, dict[str, int]]
    bands: dict[tuple[str, str], tuple[str, str]]

    def ranks_for(self, grades: Iterable[str]) -> dict[str, int]:
        """Return ranks of grades whose scale is not stated, if all scales that have them agree on their order."""
        wanted = list(dict.fromkeys(grades))
        fitting = [ranks for ranks in self.ranks.values() if set(wanted) <= ranks.keys()]
        orders = {tuple(sorted(wanted, key=ranks.__getitem__)) for ranks in fitting}
        return {grade: fitting[0][grade] for grade in wanted} if len(orders) == 1 else {}

    def bands_for(self, scale_id: str | None, grades: Iterable[str]) -> dict[str, tuple[str, str]] | None:
        """Return the bands of these grades, or None where the scale is unknown or lacks one of them."""
        found = {grade: self.bands.get((scale_id or "", grade)) for grade in grades}
        known = {grade: band for grade, band in found.items() if band is not None}
        return known if len(known) == len(found) else None

    def is_fail(self, scale_id: str | None, grade: str | None) -> bool:
        """Tell whether a grade surely means failing."""
        return self.bands.get((scale_id or "", grade or "")) == ("fail", "fail")


def load_scales(tables: Tables) -> Scales:
    """Return the scales of the reference table `grade_scales`; none where the project has no such table."""
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    bands: dict[tuple[str, str], tuple[str, str]] = {}
    for row in records(tables.get("grade_scales")):
        _add(row, ranks, bands)
    return Scales(dict(ranks), bands)


def _add(row: Row, ranks: dict[str, dict[str, int]], bands: dict[tuple[str, str], tuple[str, str]]) -> None:
    if row["is_ordered"] == "true" and row["rank"]:
        ranks[row["scale_id"]][row["grade"]] = int(row["rank"])
    if row["band_low"] and row["band_high"]:
        bands[(row["scale_id"], row["grade"])] = (row["band_low"], row["band_high"])
