"""One number for several circulars of one rubric, and how far they differ.

Belongs here: random-effects pooling. Does not belong here: whether pooling is allowed (`enough.py`, `comparable.py`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.stats import t as student

from tongbao.errors import TongbaoError
from tongbao.stats.result import Refusal

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled effect with its heterogeneity.

    Attributes:
        estimate, low, high: the mean effect and its modified Hartung-Knapp interval.
        prediction_low, prediction_high: where the effect of a further circular may lie.
        tau2: variance between circulars (Paule-Mandel), never below 0.
        i2: share of the variation beyond sampling, a fraction, never below 0.
        q: Cochran's Q. k: circulars.
    """

    estimate: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float
    i2: float
    q: float
    k: int

    def as_shares(self) -> tuple[float, float, float]:
        """Return (estimate, low, high) as shares, for effects that are logits."""
        estimate, low, high = (1 / (1 + math.exp(-x)) for x in (self.estimate, self.low, self.high))
        return estimate, low, high


def logit_effects(
    x: Sequence[int], n: Sequence[int], N: Sequence[int | None] | None = None
) -> tuple[list[float], list[float]] | Refusal:
    """Return logits of pass rates and their variances, with the finite-population correction put in by hand.

    logit((x + .5)/(n + 1)), variance (1/(x + .5) + 1/(n - x + .5)) (N - n)/(N - 1). Refused when any count of passes
    or failures is below 3: the two-step logit is badly biased there (Lin and Chu 2020, Research Synthesis Methods).

    Args:
        x, n: passed and checked, per circular.
        N: populations; None, or None for one circular, leaves the correction out.
    """
    populations = [None] * len(x) if N is None else list(N)
    if not len(x) == len(n) == len(populations):
        raise TongbaoError("as many counts as samples and populations are wanted")
    effects, variances = [], []
    for passed, size, population in zip(x, n, populations, strict=True):
        if not 0 <= passed <= size or (population is not None and population < size):
            raise TongbaoError(f"{passed} of {size} of {population} is impossible")
        if min(passed, size - passed) < 3:
            return Refusal(
                "pooled rate",
                f"One circular has only {min(passed, size - passed)} failing or passing sites; "
                "with fewer than 3 a pooled rate would be badly biased.",
            )
        if population == size:
            return Refusal("pooled rate", "One circular is a census: it has no sampling error to weigh it by.")
        correction = 1.0 if population is None else (population - size) / (population - 1)
        effects.append(math.log((passed + 0.5) / (size - passed + 0.5)))
        variances.append((1 / (passed + 0.5) + 1 / (size - passed + 0.5)) * correction)
    return effects, variances


def _generalised_q(tau2: float, effect: FloatArray, variance: FloatArray) -> float:
    """Return the weighted sum of squares about the weighted mean; falls as tau2 grows, and is k - 1 at the estimate."""
    weights = 1 / (variance + tau2)
    return float(weights @ (effect - weights @ effect / weights.sum()) ** 2)


def paule_mandel(effects: Sequence[float], variances: Sequence[float], level: float = 0.95) -> Pooled | Refusal:
    """Pool effects with the variance of Paule and Mandel (1982) and the modified Hartung-Knapp interval.

    Modified: the larger of the Hartung-Knapp and the ordinary standard error (Roever, Knapp and Friede 2015), with t
    on k - 1 degrees of freedom, so that agreement by luck does not shrink the interval. Prediction interval with t
    on k - 2 (Higgins, Thompson and Spiegelhalter 2009).

    Args:
        effects, variances: one per circular, for example from `logit_effects`.
        level: confidence level.

    Returns:
        The pooled effect, or a refusal below five circulars.
    """
    k = len(effects)
    if k != len(variances) or any(not v > 0 for v in variances):
        raise TongbaoError("every effect needs a variance above 0")
    if k < 5:
        return Refusal(
            "pooled rate", f"Only {k} circulars follow the same rules; five are needed to see how they differ."
        )
    effect, variance = np.asarray(effects, dtype=float), np.asarray(variances, dtype=float)
    # Written out: statsmodels' iteration (0.15) gives up and returns 0 when rounding carries it a hair past the
    # root, which depends on the order of the circulars and happens more often the tighter its tolerance.
    q = _generalised_q(0.0, effect, variance)
    tau2 = 0.0
    if q > k - 1:
        upper = float(np.ptp(effect) ** 2)
        while _generalised_q(upper, effect, variance) > k - 1:
            upper *= 2
        tau2 = float(brentq(lambda t: _generalised_q(t, effect, variance) - (k - 1), 0.0, upper, xtol=1e-14))
    weights = 1 / (variance + tau2)
    estimate = float(weights @ effect / weights.sum())
    ordinary = 1 / float(weights.sum())
    hartung_knapp = float(weights @ (effect - estimate) ** 2 / weights.sum()) / (k - 1)
    error2 = max(ordinary, hartung_knapp)
    reach = float(student.ppf((1 + level) / 2, k - 1)) * math.sqrt(error2)
    predict = float(student.ppf((1 + level) / 2, k - 2)) * math.sqrt(tau2 + error2)
    return Pooled(
        estimate=estimate,
        low=estimate - reach,
        high=estimate + reach,
        prediction_low=estimate - predict,
        prediction_high=estimate + predict,
        tau2=tau2,
        i2=max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0,
        q=q,
        k=k,
    )
