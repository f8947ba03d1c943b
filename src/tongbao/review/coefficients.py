"""How far raters agree: percent agreement, Cohen's kappa, Krippendorff's alpha with an interval. Numbers alone.

Sources: Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20,
37-46. Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability (levels of measurement and missing values as
there). The interval is a percentile bootstrap over units (Efron, B. & Tibshirani, R. (1993), An introduction to the
bootstrap, ch. 13), not the resampling of pairs in Krippendorff's own macro: units are what was sampled.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = get_args(Level)

Floats = npt.NDArray[np.float64]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha; None where it is not defined, with the reason.

    Attributes:
        low, high: the interval; None where fewer than nine of ten resamples define alpha.
        n_units: units that at least two raters coded.
        n_values: values in them.
    """

    value: float | None
    low: float | None
    high: float | None
    n_units: int
    n_values: int
    reason: str = ""


def percent_agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return the share of pairs whose two values are the same; None without pairs."""
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def cohens_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa of two raters, unweighted.

    Args:
        pairs: the two raters' values of each unit.

    Returns:
        kappa, or None where it is not defined: without pairs, or where both raters used one and the same value only.
    """
    observed = percent_agreement(pairs)
    if observed is None:
        return None
    n = len(pairs)
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    expected = sum(first.count(value) * second.count(value) for value in dict.fromkeys(first)) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorffs_alpha(
    units: Sequence[Sequence[Any]], level: Level = "nominal", *, seed: int = 0, resamples: int = RESAMPLES
) -> Alpha:
    """Return Krippendorff's alpha of any number of raters, values missing or not.

    Args:
        units: the values that each unit was given; None is missing. The order of raters does not matter.
        level: how values differ. Ordinal values are ranked by their order, so they must be comparable; interval and
            ratio values must be numbers, ratio values not negative.
        seed: of the bootstrap.
        resamples: of the bootstrap; 0 gives no interval.
    """
    kept = [present for unit in units if len(present := [v for v in unit if v is not None]) >= 2]
    n_values = sum(map(len, kept))
    if not kept:
        return Alpha(None, None, None, 0, 0, "no unit was coded by two")
    values = _ordered({value for unit in kept for value in unit}, level)
    index = {value: i for i, value in enumerate(values)}
    counts = np.zeros((len(kept), len(values)))
    for row, unit in enumerate(kept):
        for value in unit:
            counts[row, index[value]] += 1
    if len(values) == 1:
        return Alpha(None, None, None, len(kept), n_values, "every value is the same")
    point = _alpha(counts, np.ones(len(kept)), values, level)
    low = high = None
    if resamples and point is not None:
        generator = np.random.Generator(np.random.PCG64(seed))
        weights = generator.multinomial(len(kept), [1 / len(kept)] * len(kept), size=resamples).astype(float)
        drawn = [a for w in weights if (a := _alpha(counts, w, values, level)) is not None]
        if len(drawn) >= 0.9 * resamples:
            low, high = (float(q) for q in np.quantile(drawn, [0.025, 0.975]))
    return Alpha(point, low, high, len(kept), n_values)


def _ordered(values: set[Any], level: Level) -> list[Any]:
    return sorted(values, key=repr) if level == "nominal" else sorted(values)


def _alpha(counts: Floats, weights: Floats, values: Sequence[Any], level: Level) -> float | None:
    """Alpha of units that count `weights` times: 1 - observed by expected disagreement."""
    weighted = counts * weights[:, None]
    totals = weighted.sum(axis=0)
    n = totals.sum()
    distance = _DISTANCES[level](values, totals)
    per_unit = counts.sum(axis=1)
    # Within a unit, pairs of its values; those of a value with itself differ by nothing.
    within = ((counts @ distance) * counts).sum(axis=1) / (per_unit - 1)
    observed = float(weights @ within) / n
    expected = float(totals @ distance @ totals) / (n * (n - 1))
    return None if expected == 0 else 1 - observed / expected


def _nominal(values: Sequence[Any], totals: Floats) -> Floats:
    return 1 - np.eye(len(values))


def _ordinal(values: Sequence[Any], totals: Floats) -> Floats:
    upto = np.cumsum(totals)
    low = np.minimum.outer(np.arange(len(values)), np.arange(len(values)))
    high = np.maximum.outer(np.arange(len(values)), np.arange(len(values)))
    between = upto[high] - upto[low] + totals[low]
    squared: Floats = (between - (totals[low] + totals[high]) / 2) ** 2
    np.fill_diagonal(squared, 0)
    return squared


def _interval(values: Sequence[Any], totals: Floats) -> Floats:
    numbers = np.asarray(values, dtype=float)
    squared: Floats = np.subtract.outer(numbers, numbers) ** 2
    return squared


def _ratio(values: Sequence[Any], totals: Floats) -> Floats:
    numbers = np.asarray(values, dtype=float)
    sums = np.add.outer(numbers, numbers)
    squared: Floats = (np.subtract.outer(numbers, numbers) / np.where(sums == 0, 1, sums)) ** 2
    return squared


_DISTANCES: dict[Level, Callable[[Sequence[Any], Floats], Floats]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
