"""Points of which only extremes, thresholds or intervals are printed.

Belongs here: sharp bounds by arithmetic and the nonparametric maximum-likelihood distribution of interval-censored
values. Does not belong here: shares of counts (`intervals.py`). Never a midpoint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tongbao.errors import TongbaoError
from tongbao.stats.counts import Interval
from tongbao.stats.result import Refusal

Points = int | float | str | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class DeductionBounds:
    """What minimum, maximum and a count above a threshold say about a group.

    Attributes:
        n_above: units named above the threshold.
        n: units in the group, or None.
        share_above: share above the threshold; one number unless the list is open.
        median, mean: sharp bounds in points.
        refused: what cannot be given, and why.
    """

    n_above: int
    n: int | None
    share_above: Interval | None
    median: Interval | None
    mean: Interval | None
    refused: tuple[Refusal, ...] = ()


def _exact(value: Points) -> Fraction:
    """Return a printed number exactly: 8.5, not the nearest binary fraction."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


def _order_statistics(
    minimum: Fraction, maximum: Fraction, threshold: Fraction, n_above: int, n: int
) -> list[Interval]:
    """Return for each unit, from the smallest deduction to the largest, where its value lies."""
    if n < 1 or not 0 <= n_above <= n or not minimum <= maximum:
        raise TongbaoError(f"{n_above} of {n} units above {threshold}, from {minimum} to {maximum}: impossible")
    if (n_above > 0) != (maximum > threshold) or (n_above == n) != (minimum > threshold):
        raise TongbaoError(
            f"{n_above} of {n} units above {float(threshold)} contradicts the extremes "
            f"{float(minimum)} and {float(maximum)}"
        )
    if n == 1 and minimum != maximum:
        raise TongbaoError(f"one unit cannot have both {float(minimum)} and {float(maximum)} points")
    below = Interval(minimum, min(threshold, maximum), True, True)
    above = (
        Interval(threshold, maximum, False, True) if minimum <= threshold else Interval(minimum, maximum, True, True)
    )
    values = [below] * (n - n_above) + [above] * n_above
    values[0] = Interval(minimum, minimum, True, True)
    values[-1] = Interval(maximum, maximum, True, True)
    return values


def _mean(values: Sequence[Interval]) -> Interval:
    n = len(values)
    return Interval(
        sum((v.low for v in values), start=Fraction(0)) / n,
        sum((v.high for v in values), start=Fraction(0)) / n,
        all(v.low_closed for v in values),
        all(v.high_closed for v in values),
    )


def mean_bounds(minimum: Points, maximum: Points, threshold: Points, n_above: int, n: int) -> Interval:
    """Return the sharp bounds of the mean from attained extremes and the number of units above a threshold.

    Args:
        minimum, maximum: smallest and largest printed value; both are attained.
        threshold: "above 100 points" (超过100分) does not include 100.
        n_above: units above the threshold.
        n: units in the group.
    """
    return _mean(_order_statistics(_exact(minimum), _exact(maximum), _exact(threshold), n_above, n))


def deduction_bounds(
    minimum: Points, maximum: Points, threshold: Points, n_above: int, n: int | None, *, complete: bool = True
) -> DeductionBounds:
    """Return everything that extremes and a count above a threshold fix, and refuse the rest.

    Args:
        minimum, maximum, threshold, n_above: as in `mean_bounds`.
        n: units in the group; None where the text does not say, which refuses share, median and mean.
        complete: whether everyone above the threshold is named. A list closed by 等 or opened by 如 is a selection:
            the share is then only bounded below, and median and mean are refused.
    """
    if n is None:
        reason = (
            "The circular does not say how many units were scored, so the units above the threshold "
            "are a count and not a share of anything."
        )
        refused = tuple(Refusal(what, reason) for what in ("share above the threshold", "median", "mean"))
        return DeductionBounds(n_above, None, None, None, None, refused)
    values = _order_statistics(_exact(minimum), _exact(maximum), _exact(threshold), n_above, n)
    share = Fraction(n_above, n)
    if not complete:
        reason = "The circular names examples only, so nothing is known about the units it does not name."
        most = Fraction(n if _exact(minimum) > _exact(threshold) else n - 1, n)
        return DeductionBounds(
            n_above,
            n,
            Interval(share, most, True, True),
            None,
            None,
            (Refusal("median", reason), Refusal("mean", reason)),
        )
    middle = values[(n - 1) // 2 : n // 2 + 1]
    return DeductionBounds(n_above, n, Interval(share, share, True, True), _mean(middle), _mean(values))


@dataclass(frozen=True, slots=True)
class Turnbull:
    """The nonparametric maximum-likelihood distribution of interval-censored values.

    Attributes:
        intervals: innermost intervals, each (low, high], or an exact point when both ends are equal.
        mass: probability of each. Where inside its interval the mass lies is not identified: draw a box.
        max_gradient: the largest Kuhn-Tucker gradient divided by n; 1 at the maximum.
    """

    intervals: tuple[tuple[float, float], ...]
    mass: tuple[float, ...]
    max_gradient: float


def turnbull(
    intervals: Sequence[tuple[float, float]], *, tolerance: float = 1e-9, max_iterations: int = 200_000
) -> Turnbull:
    """Return the nonparametric maximum-likelihood estimate by self-consistency (Turnbull 1976).

    Args:
        intervals: one (low, high] per unit: the value is above `low` and at most `high`; equal ends are an exact
            value; `math.inf` as high end is "at least so much, no upper end". The interval must not have been
            chosen because of the value: fixed thresholds are harmless, "for example" is not.
        tolerance: how far the Kuhn-Tucker gradient may lie above its bound (Gentleman and Geyer 1994).
        max_iterations: after which a fit without that certificate is an error.

    Raises:
        TongbaoError: an interval is upside down, there is none, or the maximum was not reached.
    """
    if not intervals or any(not low <= high for low, high in intervals):
        raise TongbaoError("at least one interval is wanted, each with its low end at or below its high end")
    # Along the line: a point x opens just before x, every interval closes at its high end, (x, ... opens just after.
    opens = {(low, -1 if low == high else 1) for low, high in intervals}
    closes = {(high, 0) for _, high in intervals}
    ends = sorted([(place, True) for place in opens] + [(place, False) for place in closes])
    inner = [(left, right) for (left, opening), (right, also_opening) in pairwise(ends) if opening and not also_opening]
    member = np.array(
        [
            [(low, -1 if low == high else 1) <= left and right <= (high, 0) for left, right in inner]
            for low, high in intervals
        ],
        dtype=float,
    )
    n, m = member.shape
    mass = np.full(m, 1 / m)
    gradient = np.full(m, np.inf)
    for iteration in range(max_iterations):
        gradient = member.T @ (1 / (member @ mass)) / n
        # The certificate: no interval wants more mass (gradient above 1), and none with mass wants less.
        if gradient.max() - 1 <= tolerance and float(mass @ np.abs(gradient - 1)) <= tolerance:
            break
        mass = mass * gradient
        mass /= mass.sum()
        if iteration % 100 == 99:
            # Self-consistency only approaches zero; an interval on its way there that wants less is emptied.
            mass[(mass < 1e-6) & (gradient < 1 - 1e-3)] = 0.0
            mass /= mass.sum()
    else:
        raise TongbaoError(
            f"the distribution was not found in {max_iterations} steps (largest gradient {gradient.max():.9f})",
            remedy="raise max_iterations",
        )
    kept = [j for j in range(m) if mass[j] > 0]
    return Turnbull(
        intervals=tuple((inner[j][0][0], inner[j][1][0]) for j in kept),
        mass=tuple(float(mass[j]) for j in kept),
        max_gradient=float(gradient.max()),
    )
