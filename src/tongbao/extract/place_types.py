"""What a place and a resolved name are, and the little arithmetic of codes and periods that goes with them.

What belongs here: the records of the gazetteer and pure functions of codes of GB/T 2260. What does not: looking
names up (`places.py`).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tongbao.errors import TongbaoError

LEVELS = ("national", "province", "prefecture", "county", "zone")


@dataclass(frozen=True, slots=True)
class Place:
    """One row of regions.csv or zones.csv. `code` is empty for zones; `parent_code` never is below a province."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    valid_from: str
    valid_to: str

    @property
    def anchor(self) -> str:
        """The code that says where the place lies: its own, or for a zone that of the region around it."""
        return self.code or self.parent_code


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name was found to mean.

    Attributes:
        code: six digits of GB/T 2260 valid on the date; empty for zones, the nation, and unresolved names.
        official_name: 苏州市 for 苏州; empty when unresolved.
        level: one of `LEVELS`; empty when unresolved.
        status: `exact` (official name, or an unambiguous head of a document number), `short` (a short form),
            `ambiguous` (see `candidates`), `unknown` (`candidates` then holds places that bore the name at another
            time or outside the territory).
        candidates: every place that fits, in order of code.
        parent_code: the region around it (for a zone: where it lies).
        in_force: False when the name itself was in force only shortly before or after the date; code and official
            name are then those of the same place on the date (海安市 for 海安县 in 2018-09), or its last ones where
            it had been merged into another.
        basis: `name` or `doc_number`: what the answer was read from.
    """

    code: str = ""
    official_name: str = ""
    level: str = ""
    status: str = "unknown"
    candidates: tuple[Place, ...] = ()
    parent_code: str = ""
    in_force: bool = True
    basis: str = "name"

    @property
    def is_resolved(self) -> bool:
        """Whether one place was found."""
        return self.status in ("exact", "short")


def province_of(code: str) -> str:
    """Return the code of the province that the six-digit `code` lies in; empty for an empty code."""
    if not code:
        return ""
    if not re.fullmatch(r"\d{6}", code):
        raise TongbaoError("not a six-digit code of GB/T 2260", place=repr(code), remedy="pass a code of regions.csv")
    return code[:2] + "0000"


def prefecture_of(code: str) -> str:
    """Return the prefecture-level code of `code`; empty for provinces, municipalities and direct counties."""
    if not code or code.endswith("0000") or code[2:4] == "90" or code[:2] in ("11", "12", "31", "50"):
        return ""
    province_of(code)
    return code[:4] + "00"


@lru_cache(maxsize=50_000)
def lies_in(code: str, territory: str) -> bool:
    """Whether the region `code` is `territory` or lies inside it (codes of six digits)."""
    stem = re.sub(r"(00){1,2}$", "", territory)
    return bool(territory) and code.startswith(stem)


@lru_cache(maxsize=4096)
def month_of(on: date | str) -> str:
    """Return a date as `YYYY-MM` (or `YYYY`, or empty, if no more is given)."""
    text = on.isoformat() if isinstance(on, date) else on.strip()
    if text and not re.match(r"\d{4}(-\d{2}(-\d{2})?)?$", text):
        raise TongbaoError("not a date", place=repr(on), remedy="pass a date or YYYY, YYYY-MM, YYYY-MM-DD")
    return text[:7]


def months_outside(place: Place, month: str) -> int:
    """Say how many months `month` lies outside the place's period; a bare year leaves its months open."""
    return _months_outside(place.valid_from, place.valid_to, month)


@lru_cache(maxsize=50_000)
def _months_outside(valid_from: str, valid_to: str, month: str) -> int:

    def number(text: str, month_of_year: int) -> int:
        return int(text[:4]) * 12 + (int(text[5:7]) if len(text) > 4 else month_of_year)

    if not month:
        return 0
    early = number(valid_from, 1) - number(month, 12) if valid_from else 0
    late = number(month, 1) - number(valid_to, 12) if valid_to else 0
    return max(early, late, 0)
