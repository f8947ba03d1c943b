"""Pass rates of several provinces over periods that a change of rules cuts in two: steps and errors by province.

Belongs here: the trend with a step at each break, and errors that allow the periods of a province to hang together.
Does not belong here: the plain trend (`trend.py`), whether figures of two regimes may stand on one axis
(`comparable.py`): a step says how far the figures moved when the rules did, never that the sites did.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy.stats import t as student
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from tongbao.errors import TongbaoError
from tongbao.stats.result import Refusal

MIN_CLUSTERS = 10
Errors = Literal["quasi", "cluster"]
_WHAT = "trend over periods with breaks"


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect on the log odds of passing, with its standard error and interval."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RegimeTrend:
    """A common slope per period, and a step at each break.

    Attributes:
        slope: per period, the same on both sides of every break.
        steps: (break, effect) in the order of time: the shift of the level at the break.
        df: degrees of freedom of the t in the intervals.
        dispersion: Pearson chi-square over its degrees of freedom.
        errors: `quasi` (scaled by the dispersion, never below 1) or `cluster` (provinces as clusters).
    """

    slope: Effect
    steps: tuple[tuple[float, Effect], ...]
    df: int
    dispersion: float
    errors: Errors


def regime_trend(
    passed: Sequence[int],
    n: Sequence[int],
    time: Sequence[float],
    group: Sequence[str],
    breaks: Sequence[float] = (),
    *,
    errors: Errors = "quasi",
    level: float = 0.95,
) -> RegimeTrend | Refusal:
    """Fit the log odds of passing with province effects, a common slope and a step at each break.

    Binomial likelihood. `quasi`: standard errors times the root of the Pearson dispersion, for fewer than ten
    provinces. `cluster`: generalised estimating equations with working independence (Liang and Zeger 1986), whose
    estimates are those of the binomial fit, bias-reduced errors (Mancl and DeRouen 2001, Biometrics 57:126-134) and t
    on provinces less parameters that are not province effects; at least ten provinces.

    Args:
        passed, n: passed and checked, one pair per province and period.
        time: the period as a number.
        group: the province.
        breaks: times at which a new regime begins (a row at the break belongs to the new one).
        errors: see above.
        level: confidence level.

    Returns:
        The fit, or a refusal in words.
    """
    if not len(passed) == len(n) == len(time) == len(group):
        raise TongbaoError("as many counts as group sizes, times and groups are wanted")
    if any(not 0 <= x <= size for x, size in zip(passed, n, strict=True)):
        raise TongbaoError(f"counts {list(passed)} of {list(n)}: each must lie between 0 and its n")
    whole: dict[str, list[int]] = {}
    for x, size, name in zip(passed, n, group, strict=True):
        totals = whole.setdefault(str(name), [0, 0])
        totals[0] += x
        totals[1] += size
    mixed = {name for name, (x, size) in whole.items() if 0 < x < size}
    rows = [
        (int(x), int(size), float(when), str(name))
        for x, size, when, name in zip(passed, n, time, group, strict=True)
        if size > 0 and str(name) in mixed
    ]
    names = sorted(mixed)
    cuts = sorted(float(b) for b in breaks)
    refused = _why_not(rows, names, cuts, errors)
    if refused:
        return Refusal(_WHAT, refused)
    effects = np.array([[when, *(float(when >= cut) for cut in cuts)] for _, _, when, _ in rows])
    design = np.hstack([np.array([[float(row[3] == name) for name in names] for row in rows]), effects])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return Refusal(_WHAT, "The periods do not tell the slope, the steps and the provinces apart.")
    sizes = np.array([row[1] for row in rows], dtype=float)
    share = np.array([row[0] for row in rows]) / sizes
    df = len(rows) - design.shape[1] if errors == "quasi" else len(names) - effects.shape[1]
    if df < 1:
        return Refusal(_WHAT, "There are too few periods to tell a trend from the scatter around it.")
    found = _fitted(design, share, sizes, [row[3] for row in rows], errors)
    if found is None:
        return Refusal(_WHAT, "Passes and failures do not overlap, so a fitted effect would be infinite.")
    values, spread, pearson = found
    residual = len(rows) - design.shape[1]
    dispersion = pearson / residual if residual else math.nan
    if errors == "quasi":
        spread = spread * math.sqrt(max(1.0, dispersion))
    reach = float(student.ppf((1 + level) / 2, df))
    made = [
        Effect(float(v), float(e), float(v - reach * e), float(v + reach * e))
        for v, e in zip(values[len(names) :], spread[len(names) :], strict=True)
    ]
    return RegimeTrend(made[0], tuple(zip(cuts, made[1:], strict=True)), df, dispersion, errors)


def _why_not(rows: list[tuple[int, int, float, str]], names: list[str], cuts: list[float], errors: Errors) -> str:
    if not rows:
        return "In every province all sites passed or all failed, so no trend can be seen."
    if errors == "cluster" and len(names) < MIN_CLUSTERS:
        return (
            f"{len(names)} provinces are too few for errors by province: at least {MIN_CLUSTERS} are needed, and fewer "
            "make the interval too narrow."
        )
    for cut in cuts:
        if not any(r[2] < cut for r in rows) or not any(r[2] >= cut for r in rows):
            return "One side of a break has no figure."
    return ""


def _fitted(
    design: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
    size: npt.NDArray[np.float64],
    groups: list[str],
    errors: Errors,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float] | None:
    """Return estimates, standard errors and the Pearson chi-square; None where an estimate is infinite."""
    family = sm.families.Binomial()
    with warnings.catch_warnings():
        # statsmodels warns alike of figures that lie on the model by luck and of effects without end; the errors tell.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        plain = sm.GLM(share, design, family=family, var_weights=size).fit()
    values, spread = np.asarray(plain.params), np.asarray(plain.bse)
    if not np.isfinite(spread).all() or spread.max() > 100:
        return None
    if errors == "cluster":
        spread = cluster_errors(design, share, size, groups, np.asarray(plain.fittedvalues))
    return values, spread, float(plain.pearson_chi2)


def cluster_errors(
    design: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
    size: npt.NDArray[np.float64],
    groups: list[str],
    mean: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Return the bias-reduced sandwich errors with groups as clusters.

    Written out: GEE in statsmodels 0.15 drops the counts of a two-column outcome, stops at weights that differ within
    a cluster, and would need a row per site otherwise.
    """
    slope = mean * (1 - mean)
    bread = np.linalg.inv(design.T @ ((size * slope)[:, None] * design))
    meat = np.zeros_like(bread)
    labels = np.array(groups)
    for name in np.unique(labels):
        own = labels == name
        gradient = slope[own][:, None] * design[own]
        precision = np.diag(size[own] / slope[own])
        leverage = gradient @ bread @ gradient.T @ precision
        # A province's own effect takes up one direction whole, where I - H is singular and the residual is zero.
        residual = np.linalg.lstsq(np.eye(int(own.sum())) - leverage, (share - mean)[own], rcond=1e-10)[0]
        score = gradient.T @ precision @ residual
        meat += np.outer(score, score)
    return np.asarray(np.sqrt(np.diag(bread @ meat @ bread)))
