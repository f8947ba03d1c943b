"""What a printed percentage says about the counts behind it, in exact arithmetic.

Belongs here: sets of counts, populations and designs that agree with a printed figure, and the interval of
true rates that it allows. Does not belong here: anything about chance (`intervals.py`).

A printed figure is a set of possible truths, never a point. Everything is done in `Fraction`, because
`round(0.955 * 100)` depends on the machine's binary fractions and on rounding half to even.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, get_args

from tongbao.errors import TongbaoError

Rule = Literal["half_up", "half_even", "truncate", "rounded", "any"]
Comparator = Literal["=", ">=", ">", "<=", "<", "~"]
CONVENTIONS: tuple[Rule, ...] = ("half_up", "half_even", "truncate")


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of real numbers between two exact ends, each of which belongs to it or not."""

    low: Fraction
    high: Fraction
    low_closed: bool
    high_closed: bool

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | Fraction):
            raise TypeError(f"an exact number is wanted, not {value!r}")
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return above and below

    def __sub__(self, other: "Interval") -> "Interval":
        """Return every difference of a member of this interval and a member of the other."""
        return Interval(
            self.low - other.high,
            self.high - other.low,
            self.low_closed and other.high_closed,
            self.high_closed and other.low_closed,
        )

    def as_floats(self) -> tuple[float, float]:
        """Return (low, high) as floats, for printing and plotting only."""
        return float(self.low), float(self.high)

    def counts(self, n: int) -> list[int]:
        """Return every count x with 0 <= x <= n whose share x/n lies in the interval, ascending."""
        first, last = max(0, math.ceil(self.low * n)), min(n, math.floor(self.high * n))
        return [x for x in range(first, last + 1) if Fraction(x, n) in self]


def point(value: Fraction | int) -> Interval:
    """Return the interval that holds one exact number."""
    return Interval(Fraction(value), Fraction(value), True, True)


def _percent(printed: str | Decimal) -> tuple[Decimal, Fraction]:
    """Return the printed percentage and the unit of its last digit, both in per cent."""
    text = printed if isinstance(printed, Decimal) else str(printed).strip().rstrip("%％").strip()
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise TongbaoError(f"not a percentage: {printed!r}", remedy='give it as printed, such as "84.2"')
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # only NaN and infinities carry a letter here
    return value, Fraction(1, 10 ** max(0, -exponent))


def _rate(printed: str | Decimal) -> tuple[Decimal, Fraction]:
    value, unit = _percent(printed)
    if not 0 <= value <= 100:
        raise TongbaoError(
            f"a share cannot be {value} %", remedy="a change in points goes to change_interval, not here"
        )
    return value, unit


def _spread(value: Decimal, unit: Fraction, rule: Rule) -> Interval:
    """Return every real number that is printed as `value` when the last digit counts `unit`."""
    if rule not in get_args(Rule):
        raise TongbaoError(f"unknown rounding rule {rule!r}", remedy=f"use one of {', '.join(get_args(Rule))}")
    centre, half = Fraction(value), unit / 2
    even = int(centre / unit) % 2 == 0
    low, high = centre - half, centre + half
    if rule == "half_up":
        # Half up means away from zero, which matters for a printed fall of -0.5 points.
        return Interval(low, high, True, False) if centre >= 0 else Interval(low, high, False, True)
    if rule == "half_even":
        return Interval(low, high, even, even)
    if rule == "rounded":
        return Interval(low, high, even or centre >= 0, even or centre < 0)
    if rule == "truncate":
        if centre == 0:
            return Interval(-unit, unit, False, False)
        return (
            Interval(centre, centre + unit, True, False) if centre > 0 else Interval(centre - unit, centre, False, True)
        )
    rounded, cut = _spread(value, unit, "rounded"), _spread(value, unit, "truncate")
    low, high = min(rounded.low, cut.low), max(rounded.high, cut.high)
    return Interval(
        low,
        high,
        any(i.low == low and i.low_closed for i in (rounded, cut)),
        any(i.high == high and i.high_closed for i in (rounded, cut)),
    )


def rate_interval(printed: str | Decimal, comparator: Comparator = "=", *, rule: Rule = "half_up") -> Interval:
    """Return the true rates that a printed percentage allows.

    Args:
        printed: the percentage as printed, with its own number of decimals ("96", "84.2", "95.0").
        comparator: `=` opens the rounding interval; `>=`, `>`, `<=`, `<` are taken as exact thresholds
            (以上 and 达到 include the number, 超过 and 高于 do not); `~` (近, 约) promises nothing and gives [0, 1].
        rule: `half_up`, `half_even`, `truncate`, `rounded` (either way at a half) or `any` of the three.

    Returns:
        An interval of fractions within [0, 1].

    Raises:
        TongbaoError: the text is no percentage between 0 and 100, or comparator or rule are unknown.
    """
    value, unit = _rate(printed)
    share, zero, one = Fraction(value) / 100, Fraction(0), Fraction(1)
    if comparator == "=":
        around = _spread(value, unit, rule)
        low, high = around.low / 100, around.high / 100
        return Interval(max(low, zero), min(high, one), around.low_closed or low < 0, around.high_closed or high > 1)
    fixed = {
        ">=": Interval(share, one, True, True),
        ">": Interval(share, one, False, True),
        "<=": Interval(zero, share, True, True),
        "<": Interval(zero, share, True, False),
        "~": Interval(zero, one, True, True),
    }
    if comparator not in fixed:
        raise TongbaoError(f"unknown comparator {comparator!r}", remedy=f"use one of {' '.join(get_args(Comparator))}")
    return fixed[comparator]


def counts_for_rate(printed: str | Decimal, n: int, *, rule: Rule = "half_up") -> list[int]:
    """Return the counts x, ascending, for which x of n is printed as this percentage.

    An empty list means that no count does: figure and n contradict each other under this rule.

    Raises:
        TongbaoError: n is below 1, or the text is no percentage.
    """
    if n < 1:
        raise TongbaoError(f"a rate needs at least one unit, not n = {n}")
    return rate_interval(printed, rule=rule).counts(n)


def populations_for_share(
    printed: str | Decimal, n_checked: int, limit: int = 100_000, *, rule: Rule = "half_up"
) -> list[int]:
    """Return the populations N, ascending, of which `n_checked` is the printed share.

    Args:
        printed: the share as printed ("32.7").
        n_checked: how many were checked.
        limit: the largest population thought possible.
        rule: see `rate_interval`.

    Raises:
        TongbaoError: the share leaves populations beyond the limit open, so no finite list is honest.
    """
    if n_checked < 1:
        raise TongbaoError(f"a share needs at least one checked unit, not {n_checked}")
    share = rate_interval(printed, rule=rule)
    if share.low * limit < n_checked:
        raise TongbaoError(
            f"{printed} % of the whole being {n_checked} leaves populations above {limit} open",
            remedy="raise the limit, or treat the population as unknown",
        )
    first, last = math.ceil(n_checked / share.high), math.floor(n_checked / share.low)
    return [N for N in range(max(first, n_checked), last + 1) if Fraction(n_checked, N) in share]


def denominators_for_rate(printed: str | Decimal, candidates: Iterable[int], *, rule: Rule = "half_up") -> list[int]:
    """Return those of the candidate group sizes for which some count is printed as this percentage, ascending."""
    return [n for n in sorted(set(candidates)) if counts_for_rate(printed, n, rule=rule)]


def designs_for_rate(
    printed: str | Decimal,
    max_failed: int,
    *,
    max_n: int | None = None,
    min_n: int = 1,
    rule: Rule = "half_up",
) -> list[tuple[int, int]]:
    """Return every (n, failed), ascending, that prints as this pass rate with at most `max_failed` failures.

    Args:
        printed: the pass rate as printed.
        max_failed: the largest possible number of failures (for a group: the failures of the whole).
        max_n: the largest possible group; needed when the printed rate allows 100 %.
        min_n: the smallest possible group.
        rule: see `rate_interval`.

    Raises:
        TongbaoError: the figure allows groups of any size and no `max_n` is given.
    """
    share = rate_interval(printed, rule=rule)
    if max_n is None:
        if share.high == 1:
            raise TongbaoError(
                f"a printed {printed} % fits groups of any size",
                remedy="give max_n, the largest possible group",
            )
        max_n = math.floor(max_failed / (1 - share.high))
    return [
        (n, n - x) for n in range(max(min_n, 1), max_n + 1) for x in reversed(share.counts(n)) if n - x <= max_failed
    ]


def change_interval(printed_points: str | Decimal, *, rule: Rule = "half_up") -> Interval:
    """Return the true changes, as fractions, that a printed change in percentage points allows."""
    value, unit = _percent(printed_points)
    around = _spread(value, unit, rule)
    return Interval(around.low / 100, around.high / 100, around.low_closed, around.high_closed)


def previous_rate(printed: str | Decimal, printed_points: str | Decimal, *, rule: Rule = "half_up") -> Interval:
    """Return the earlier rates that "`printed` %, up `printed_points` points" allows (down: a negative change)."""
    earlier = rate_interval(printed, rule=rule) - change_interval(printed_points, rule=rule)
    zero, one = Fraction(0), Fraction(1)
    return Interval(
        max(earlier.low, zero),
        min(earlier.high, one),
        earlier.low_closed or earlier.low < 0,
        earlier.high_closed or earlier.high > 1,
    )


def change_if_level(now: Interval, printed: str | Decimal, *, rule: Rule = "half_up") -> Interval:
    """Return the true changes behind "level with last time" (持平).

    持平 is a statement about two printed figures: the earlier rate is only known to print as `printed`.

    Args:
        now: what is known of the present rate (`point(Fraction(259, 270))` where the count is known).
        printed: the figure that both rates are printed as.
        rule: see `rate_interval`.
    """
    return now - rate_interval(printed, rule=rule)


def conventions_compatible(facts: Iterable[tuple[str | Decimal, int, int]]) -> list[Rule]:
    """Return the rounding conventions under which every fact (printed, x, n) of one text holds.

    An empty list means that no single convention fits: the figures of the text contradict each other.
    """
    kept = list(facts)
    return [rule for rule in CONVENTIONS if all(x in counts_for_rate(printed, n, rule=rule) for printed, x, n in kept)]
