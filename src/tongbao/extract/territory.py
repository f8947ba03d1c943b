"""Where a circular stands: the issuer's place and the date on which names are looked up.

Circulars of one place and month share one `Territory`, so what is read from a few words with its help alone can be
remembered by these words. What needs more of the circular (title, period, headings) belongs in `context`.
"""

import re
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from tongbao.extract.place_types import Resolution, month_of
from tongbao.extract.places import Gazetteer

Words = ParamSpec("Words")
Result = TypeVar("Result")


_OWN_WORDS = re.compile(r"[我全本][省市区县州]")
_LEVELS = {"省": "province", "市": "prefecture", "州": "prefecture", "县": "county", "区": "county"}


_UNKNOWN = Resolution()


class Territory:
    """The issuer's place and the month (`YYYY-MM`, `YYYY` or empty).

    Get one from `territory_of`: same place and month, same object, which makes it cheap to remember by. `asked` counts
    the questions whose answer hangs on this territory; see `remembered`.
    """

    __slots__ = ("asked", "month", "place")

    def __init__(self, place: Resolution, month: str) -> None:
        self.place, self.month, self.asked = place, month, 0

    @property
    def within(self) -> str | None:
        """The code of the territory that names are looked for in first; None where it is not known."""
        return self.place.code or self.place.parent_code or None

    @property
    def own_level(self) -> str:
        """The level of the issuer's place, empty where it is not known."""
        self.asked += 1
        return self.place.level if self.place.is_resolved else ""

    def resolve(self, name: str) -> Resolution:
        """Return the place that `name` means here: within the issuer's territory first, at the date of issue."""
        places = Gazetteer.load()
        if not places.knows(name):
            return _UNKNOWN  # everywhere
        self.asked += 1
        return places.resolve(name, self.month, self.within)

    def find_places(self, words: str) -> list[tuple[int, int, Resolution]]:
        """Return the places named in a short text, with their offsets."""
        places = Gazetteer.load()
        if not places.occurs_in(words):
            return []  # seen from everywhere
        self.asked += 1
        return places.find_in(words, self.month, self.within)

    def own_place(self, words: str) -> Resolution | None:
        """Return the issuer's own place if `words` hold 我省, 全市, 本区 and the like of its own level."""
        m = _OWN_WORDS.search(words)
        if not m:
            return None
        self.asked += 1
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


def remembered(
    limit: int,
) -> Callable[[Callable[Concatenate[Territory, Words], Result]], Callable[Concatenate[Territory, Words], Result]]:
    """Let a pure function of a territory and a few words remember what it found.

    What was found without asking the territory holds everywhere and is remembered by the words alone: boilerplate is
    the same in every circular. The rest is remembered for this territory. The results are shared and must not be
    changed; more than `limit` of either kind are forgotten all at once.
    """

    def decorate(
        function: Callable[Concatenate[Territory, Words], Result],
    ) -> Callable[Concatenate[Territory, Words], Result]:
        everywhere: dict[Hashable, Result] = {}
        here: dict[Hashable, Result] = {}

        @wraps(function)
        def kept(home: Territory, /, *words: Words.args, **named: Words.kwargs) -> Result:
            if named:
                return function(home, *words, **named)
            if words in everywhere:
                return everywhere[words]
            key = (home, words)
            if key in here:
                home.asked += 1  # whoever asks through us hangs on the territory too
                return here[key]
            before = home.asked
            result = function(home, *words, **named)
            memory, own = (everywhere, words) if home.asked == before else (here, key)
            if len(memory) >= limit:
                memory.clear()
            memory[own] = result
            return result

        return kept

    return decorate
