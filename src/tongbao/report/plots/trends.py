"""Plots over time."""

import math
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from tongbao.report import style
from tongbao.report.plots.common import need, number
from tongbao.report.safe import visible


def small_multiples(frame: pd.DataFrame, *, breaks: Sequence[str] = (), x_label: str = "") -> Figure:
    """Draw pass rates by period, a panel a province on the same axes. The line breaks where rules change.

    Args:
        frame: `province`, `period` (as in the tidy tables), `rate`, `low`, `high`, optionally `series`: only points
            of one series are joined (one rubric, inspector and design), and never across a break or a gap.
        breaks: first periods under new rules.

    Returns:
        the figure; its axes are in `figure.axes`.
    """
    need(frame, "province", "period", "rate", "low", "high")
    provinces = list(dict.fromkeys(frame["province"]))
    periods = sorted({str(p) for p in frame["period"]})
    place = {period: x for x, period in enumerate(periods)}
    n_columns = min(3, max(1, len(provinces)))
    n_rows = max(1, math.ceil(len(provinces) / n_columns))
    fig, axes = plt.subplots(
        n_rows,
        n_columns,
        figsize=(style.WIDTH if n_columns > 1 else style.WIDTH * 0.6, 0.6 + 1.9 * n_rows),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for ax in axes.flat[len(provinces) :]:
        ax.remove()
    for panel, (ax, province) in enumerate(zip(axes.flat, provinces, strict=False)):
        rows = frame[frame["province"] == province]
        for _, series in rows.groupby("series", sort=False) if "series" in rows else [("", rows)]:
            _series(ax, series, place, breaks)
        for start in breaks:
            at = sum(period < start for period in periods) - 0.5
            if -0.5 < at < len(periods) - 0.5:
                ax.axvline(at, color=style.MUTED, linewidth=0.8, linestyle=":")
        ax.tick_params(labelbottom=panel >= len(provinces) - n_columns)
        ax.set_title(visible(str(province)))
        ax.set_xticks(range(len(periods)), periods, rotation=45 if len(periods) > 3 else 0)
        ax.set_xlim(-0.5, len(periods) - 0.5)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    fig.supxlabel(x_label, fontsize=9)
    return fig


def _series(ax: Axes, rows: pd.DataFrame, place: dict[str, int], breaks: Sequence[str]) -> None:
    points = sorted(
        (place[str(r["period"])], str(r["period"]), number(r["rate"]), number(r["low"]), number(r["high"]))
        for r in rows.to_dict("records")
    )
    for before, after in pairwise(points):
        crosses = any(before[1] < start <= after[1] for start in breaks)
        if before[2] is not None and after[2] is not None and after[0] - before[0] == 1 and not crosses:
            ax.plot([before[0], after[0]], [before[2], after[2]], color=style.GRADES[1], linewidth=1)
    for x, _, rate, low, high in points:
        if low is not None and high is not None:
            ax.vlines(x, low, high, color=style.GRADES[0], linewidth=1.2)
        if rate is not None:
            ax.plot(x, rate, "o", color=style.GRADES[0], markersize=5)
