"""Two counts of the same units in two years, when the circular does not say which unit moved.

Belongs here: what every possible pairing has in common. Does not belong here: independent samples (`intervals.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from statsmodels.stats.contingency_tables import mcnemar

from tongbao.errors import TongbaoError


@dataclass(frozen=True, slots=True)
class PairedRange:
    """The exact McNemar p-values over all pairings: smallest, largest, and how many pairings there are."""

    p_min: float
    p_max: float
    n_pairings: int

    def verdict(self, level: float = 0.95) -> str:
        """Return `significant`, `not significant` or `undetermined` (the pairing decides)."""
        alpha = round(1 - level, 12)
        if self.p_max < alpha:
            return "significant"
        return "not significant" if self.p_min >= alpha else "undetermined"


def mcnemar_range(a: int, b: int, n: int | Iterable[int] | None = None) -> PairedRange:
    """Return the range of the exact McNemar p-value over every table with these two margins.

    Args:
        a: units over the threshold in one year.
        b: units over the threshold in the other year.
        n: units scored in both years; a collection gives the range over its members; None stands for every
            number of units that can hold both counts.

    Returns:
        The range. It holds only if the same units were scored under an unchanged rubric, which the caller states.

    Raises:
        TongbaoError: a count is negative or larger than every n.
    """
    sizes = [a + b] if n is None else [n] if isinstance(n, int) else sorted(set(n))
    if not sizes or min(a, b) < 0 or max(a, b) > min(sizes):
        raise TongbaoError(f"{a} and {b} units cannot be part of {sizes}", remedy="give n as large as both counts")
    # Every n allows the overlaps from a + b - n up; None allows all, as a + b units do.
    overlaps = sorted({both for size in sizes for both in range(max(0, a + b - size), min(a, b) + 1)})
    p_values = [_exact_p(a - both, b - both) for both in overlaps]
    return PairedRange(min(p_values), max(p_values), len(p_values))


def _exact_p(only_a: int, only_b: int) -> float:
    if only_a + only_b == 0:
        return 1.0  # no unit moved
    return float(mcnemar([[0, only_a], [only_b, 0]], exact=True).pvalue)
