"""Where a circular stands: the issuer's place and the date on which names are looked up.

Circulars of one place and month share one `Territory`, so what is read from a few words with its help alone can be
remembered by these words. What needs more of the circular (title, period, headings) belongs in `context`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tongbao.extract.places import Gazetteer, Resolution, month_of

_OWN_WORDS = re.compile(r"[我全本][省市区县州]")
_LEVELS = {"省": "province", "市": "prefecture", "州": "prefecture", "县": "county", "区": "county"}


@dataclass(frozen=True, eq=False)
class Territory:
    """The issuer's place and the month (`YYYY-MM`, `YYYY` or empty). Get one from `territory_of`: same place and
    month, same object, which makes it cheap to compare and to remember by."""

    place: Resolution
    month: str

    @property
    def within(self) -> str | None:
        """The code of the territory that names are looked for in first; None where it is not known."""
        return self.place.code or self.place.parent_code or None

    def resolve(self, name: str) -> Resolution:
        """Return the place that `name` means here: within the issuer's territory first, at the date of issue."""
        return Gazetteer.load().resolve(name, self.month, self.within)

    def find_places(self, words: str) -> list[tuple[int, int, Resolution]]:
        """Return the places named in a short text, with their offsets."""
        return Gazetteer.load().find_in(words, self.month, self.within)

    def own_place(self, words: str) -> Resolution | None:
        """Return the issuer's own place if `words` hold 我省, 全市, 本区 and the like of its own level."""
        m = _OWN_WORDS.search(words)
        if not m:
            return None
        level, mark = self.place.level, m.group()[1]
        if (
            level == _LEVELS[mark]
            or (mark == "区" and level in ("zone", "province"))
            or (mark == "市" and level in ("county", "province"))
        ):
            return self.place
        return None


@lru_cache(maxsize=4096)
def territory_of(place: Resolution, on: str) -> Territory:
    """Return the territory of a place on a date (`YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty)."""
    return Territory(place, month_of(on))
