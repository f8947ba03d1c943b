"""Plots of rates and deductions with what is not known about them."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from tongbao.report import style
from tongbao.report.plots.common import known, legend_above, need, number, whole
from tongbao.report.safe import visible


def caterpillar(frame: pd.DataFrame, *, cut: float | None = None, x_label: str = "pass rate") -> Axes:
    """Draw rates with both uncertainties, highest on top; n/N stands at the right.

    Args:
        frame: `label`, `rate`, `low`, `high` (sampling interval; missing = none), `set_low`, `set_high` (values
            that the printed figures leave possible; missing = none), `n`, `n_total` (missing prints as ?),
            `design`. A census point is hollow. A row without `rate` but with one of `set_low`, `set_high` is a
            bound: the known end is marked and an arrow points to where the rate may lie.
        cut: a rate that the circulars name, drawn as a line.
    """
    need(frame, "label", "rate", "low", "high", "set_low", "set_high", "n", "n_total", "design")
    order = frame["rate"].astype(float).fillna(frame["set_low"].astype(float)).fillna(frame["set_high"].astype(float))
    rows = frame.assign(_order=order).sort_values("_order", ascending=False, kind="stable").to_dict("records")
    _, ax = plt.subplots(figsize=(style.WIDTH, 1.0 + 0.36 * len(rows)), layout="constrained")
    ends = []
    for y, row in enumerate(rows):
        rate, set_low, set_high = (number(row[k]) for k in ("rate", "set_low", "set_high"))
        low, high = number(row["low"]), number(row["high"])
        ends += [v for v in (rate, set_low, set_high, low, high) if v is not None]
        if set_low is not None and set_high is not None:
            ax.hlines(y, set_low, set_high, color=style.IDENTIFIED, linewidth=9, zorder=2)
        if low is not None and high is not None:
            ax.hlines(y, low, high, color=style.GRADES[0], linewidth=1.2, zorder=3)
        if rate is not None:
            face = style.PAPER if row["design"] == "census" else style.GRADES[0]
            ax.plot(rate, y, "o", markersize=6, markerfacecolor=face, markeredgecolor=style.GRADES[0], zorder=4)
    # Every end and the cut stay in view; what is drawn as an arrow needs room beyond its known end.
    left = min([*ends, 0.95 if cut is None else cut], default=0.0)
    ax.set_xlim(max(-0.01, left - 0.05), 1.01)
    for y, row in enumerate(rows):
        if number(row["rate"]) is None:
            _bound_arrow(ax, y, number(row["set_low"]), number(row["set_high"]))
        sizes = " / ".join("?" if whole(row[k]) is None else str(whole(row[k])) for k in ("n", "n_total"))
        ax.annotate(sizes, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                    va="center", fontsize=8.5, annotation_clip=False)  # fmt: skip
    ax.annotate("n / N", (1, 1), xycoords="axes fraction", xytext=(6, 3), textcoords="offset points", fontsize=8.5)
    if cut is not None:
        ax.axvline(cut, color=style.CATEGORICAL[3], linewidth=1, linestyle="--")
    ax.set_yticks(range(len(rows)), [visible(str(row["label"])) for row in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel(x_label)
    ax.grid(visible=False, axis="y")
    legend_above(ax, _caterpillar_legend(rows))
    return ax


def deduction_intervals(frame: pd.DataFrame, *, threshold: float | None = None, x_label: str = "points off") -> Axes:
    """Draw what is known of the points taken off each unit: a segment, a point, or an open end with an arrow.

    Args:
        frame: `unit` (empty for the scope's own rows), `statistic` (min, max, unit), `points`, `points_low`,
            `points_high`, and `points_low_closed`, `points_high_closed`, which say whether the end itself belongs
            to the interval (filled mark) or not (hollow). A missing end is not known.
        threshold: a number of points that the circular names, drawn as a line.
    """
    need(frame, "unit", "statistic", "points", "points_low", "points_high")
    rows = frame.to_dict("records")
    _, ax = plt.subplots(figsize=(style.WIDTH, 1.0 + 0.32 * len(rows)), layout="constrained")
    ends = [v for r in rows for k in ("points", "points_low", "points_high") if (v := number(r[k])) is not None]
    ends += [] if threshold is None else [threshold]
    span = (max(ends) - min(ends, default=0.0)) if ends else 1.0
    pad = 0.12 * (span or 1.0)
    left, right = (min([*ends, 0.0]) - 0.02 * span, max(ends) + pad) if ends else (0.0, 1.0)
    ax.set_xlim(left, right)
    labels = []
    for y, row in enumerate(rows):
        extreme = row["statistic"] in ("min", "max")
        name = visible(str(row["unit"])) if known(row["unit"]) and row["unit"] != "" else ""
        labels.append(
            f"{name} ({row['statistic']})" if extreme and name else str(row["statistic"]) if extreme else name
        )
        points, low, high = (number(row[k]) for k in ("points", "points_low", "points_high"))
        if points is not None and low is not None and high is not None and low < high:
            ax.hlines(y, low, high, color=style.IDENTIFIED, linewidth=7)
        if points is not None:
            ax.plot(points, y, "D" if extreme else "o", color=style.GRADES[0], markersize=6, zorder=3)
            ax.annotate(f"{points:g}", (points, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8)
        elif low is not None or high is not None:
            closed = (bool(row.get(f"points_{end}_closed") is True or row.get(f"points_{end}_closed") == 1)
                      for end in ("low", "high"))  # fmt: skip
            _open_segment(ax, y, low, high, *closed)
        else:
            ax.text(0.01, y, "not printed", transform=ax.get_yaxis_transform(), va="center", color=style.MUTED)
    if threshold is not None:
        ax.axvline(threshold, color=style.CATEGORICAL[3], linewidth=1, linestyle="--")
        ax.annotate(f"{threshold:g}", (threshold, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                    textcoords="offset points", ha="center", fontsize=8.5)  # fmt: skip
    ax.set_yticks(range(len(rows)), labels)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlabel(x_label)
    ax.grid(visible=False, axis="y")
    return ax


def _bound_arrow(ax: Axes, y: int, low: float | None, high: float | None) -> None:
    """A bound without an estimate: a tick at the known end, an arrow into the values it allows."""
    if (low is None) == (high is None):
        return
    left, right = ax.get_xlim()
    start = low if low is not None else high
    end = min(1.0, right) if low is not None else max(0.0, left)
    assert start is not None  # one of the two is known, see above
    ax.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "->", "color": style.MUTED, "lw": 1.6})
    ax.plot(start, y, "|", color=style.MUTED, markersize=10, markeredgewidth=2)


def _open_segment(ax: Axes, y: int, low: float | None, high: float | None, low_in: bool, high_in: bool) -> None:
    left, right = ax.get_xlim()
    if low is not None and high is not None:
        ax.hlines(y, low, high, color=style.GRADES[1], linewidth=2)
    else:
        start, end = (low, right) if low is not None else (high, left)
        ax.annotate("", (end, y), (start, y), arrowprops={"arrowstyle": "->", "color": style.GRADES[1], "lw": 2})
    for value, inside in ((low, low_in), (high, high_in)):
        if value is not None:
            face = style.GRADES[1] if inside else style.PAPER
            ax.plot(value, y, "o", markersize=5.5, markerfacecolor=face, markeredgecolor=style.GRADES[1], zorder=3)


def _caterpillar_legend(rows: Sequence[Mapping[Any, Any]]) -> list[Line2D]:
    ink = style.GRADES[0]
    unsaid = "sample" if all(known(r["design"]) and r["design"] for r in rows) else "sample, or not said"
    entries: list[tuple[str, bool, dict[str, Any]]] = [
        ("census", any(r["design"] == "census" for r in rows),
         {"marker": "o", "linestyle": "", "markerfacecolor": style.PAPER, "markeredgecolor": ink}),
        (unsaid, any(r["design"] != "census" and number(r["rate"]) is not None for r in rows),
         {"marker": "o", "linestyle": "", "markerfacecolor": ink, "markeredgecolor": ink}),
        ("sampling interval", any(number(r["low"]) is not None for r in rows), {"linewidth": 1.2}),
        ("possible by the printed figures", any(number(r["set_low"]) is not None for r in rows),
         {"linewidth": 7, "color": style.IDENTIFIED}),
    ]  # fmt: skip
    return [Line2D([], [], **{"color": ink, **look}, label=name) for name, used, look in entries if used]
