"""Adjustment of p-values for one family of tests, declared before the numbers are read.

Belongs here: adjusted p-values that keep order and gaps. Does not belong here: simultaneous intervals
(`intervals.goodman`).
"""

import math
from collections.abc import Sequence

import numpy as np
from statsmodels.stats.multitest import multipletests

from tongbao.errors import TongbaoError


def _adjust(p_values: Sequence[float | None], method: str) -> list[float]:
    numbers = [math.nan if p is None else float(p) for p in p_values]
    if any(not math.isnan(p) and not 0 <= p <= 1 for p in numbers):
        raise TongbaoError(f"p-values lie between 0 and 1: {numbers}")
    # A test that was not made is no member of the family. Left in, one NaN makes every BH value NaN.
    made = [i for i, p in enumerate(numbers) if not math.isnan(p)]
    adjusted = np.full(len(numbers), math.nan)
    if made:
        adjusted[made] = multipletests([numbers[i] for i in made], method=method)[1]
    return [float(p) for p in adjusted]


def holm(p_values: Sequence[float | None]) -> list[float]:
    """Return p-values adjusted after Holm (1979), in the order given; NaN or None stays NaN and counts for nothing."""
    return _adjust(p_values, "holm")


def benjamini_hochberg(p_values: Sequence[float | None], *, dependent: bool = False) -> list[float]:
    """Return false-discovery-rate p-values after Benjamini and Hochberg (1995), in the order given.

    Args:
        p_values: NaN or None stays NaN and counts for nothing.
        dependent: the tests share units: Benjamini and Yekutieli (2001) instead.
    """
    return _adjust(p_values, "fdr_by" if dependent else "fdr_bh")
