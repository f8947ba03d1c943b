"""Rates over the years from two sources: small panels with one axis of time, extracted and coded points apart."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from tongbao.project import find_project
from tongbao.report import style
from tongbao.report.plots.common import known, legend_above, need, number, whole
from tongbao.report.safe import visible
from tongbao.report.tiles import by_code

_COUNT_SIZE = 5.5
"""Points: the size of the numbers checked."""

_UP, _DOWN = {">", ">="}, {"<", "<="}


def rate_history(
    frame: pd.DataFrame, *, breaks: Sequence[float] = (), columns: int = 3, panel_height: float = 1.7
) -> Figure:
    """Draw pass rates by time, a panel a place or series, all on the same axes.

    A hollow point was coded by hand, a filled one extracted; a diamond was found by the centre, a round one by anybody
    else; a triangle is a bound and points to where the rate may be. The number below a point is how many were checked.
    A thin line is the sampling interval. Points are joined where `joined` says so, and never across a break.

    Panels of provinces stand in the order of their codes.

    Args:
        frame: `panel`, `at` (year with decimals), `rate`, `low`, `high`, `n`, `source` (coded, extracted),
            `inspector_level`, `comparator`, `joined`.
        breaks: times (years with decimals) at which the rules changed.
        columns: panels side by side.
        panel_height: in inches.
    """
    need(frame, "panel", "at", "rate", "low", "high", "n", "source", "inspector_level", "comparator", "joined")
    panels = by_code(frame["panel"], find_project())
    n_columns = min(columns, max(1, len(panels)))
    n_rows = max(1, math.ceil(len(panels) / n_columns))
    height = 0.9 + panel_height * n_rows
    # Not tied together, and margins given: with thirty panels matplotlib takes seconds to work either out.
    fig, axes = plt.subplots(
        n_rows,
        n_columns,
        figsize=(style.WIDTH, height),
        squeeze=False,
        gridspec_kw={
            "left": 0.07,
            "right": 0.99,
            "top": 1 - 0.55 / height,
            "bottom": 0.3 / height,
            "wspace": 0.08,
            "hspace": 0.32 / (panel_height - 0.32),
        },
    )
    for ax in axes.flat[len(panels) :]:
        ax.remove()
    lowest = min((float(v) for name in ("rate", "low") for v in frame[name] if known(v)), default=0.0)
    first, last = math.floor(min(frame["at"], default=0)), math.ceil(max(frame["at"], default=1))
    years = [year for year in MaxNLocator(6, integer=True).tick_values(first, last) if year == round(year)]
    bottom, top = max(-0.05, lowest - 0.12 * (1.05 - lowest)), 1 + 0.08 * (1.02 - lowest)
    levels = [v for v in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(bottom, 1) if bottom <= v <= 1.001]
    labels = [f"{level:.{0 if all(round(100 * v) == round(100 * v, 6) for v in levels) else 1}%}" for level in levels]
    for index, (ax, panel) in enumerate(zip(axes.flat, panels, strict=False)):
        rows = frame[frame["panel"] == panel].sort_values("at").to_dict("records")
        for start in breaks:
            ax.axvline(start, color=style.MUTED, linewidth=0.8, linestyle=":")
        _joined(ax, rows, breaks)
        _points(ax, rows)
        ax.set_title(visible(str(panel)), fontsize=9)
        is_lowest, is_first = index >= len(panels) - n_columns, index % n_columns == 0
        ax.set_xticks(years, [f"{year:.0f}" for year in years] if is_lowest else [])
        ax.set_yticks(levels, labels if is_first else [])
        ax.tick_params(labelsize=7.5)
        ax.set_xlim(first - 0.3, last + 0.3)
        ax.set_ylim(bottom, top)
        _counts(ax, rows)
    legend_above(axes.flat[0], _legend(frame))
    return fig


def _marker(row: Mapping[Any, Any]) -> str:
    if row["comparator"] in _UP:
        return "^"
    if row["comparator"] in _DOWN:
        return "v"
    return "D" if row["inspector_level"] == "national" else "o"


def _points(ax: Axes, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Draw the points of a panel, all of one look together: an artist for each would take seconds a page."""
    shown = [row for row in rows if number(row["rate"]) is not None]
    bars = [row for row in shown if known(row["low"]) and known(row["high"])]
    if bars:
        at, low, high = ([float(row[name]) for row in bars] for name in ("at", "low", "high"))
        ax.vlines(at, low, high, color=style.GRADES[1], linewidth=1.1)
    looks: dict[tuple[str, bool], list[Mapping[Any, Any]]] = {}
    for row in shown:
        looks.setdefault((_marker(row), row["source"] == "coded"), []).append(row)
    for (marker, is_coded), alike in looks.items():
        ax.plot(
            [float(row["at"]) for row in alike],
            [float(row["rate"]) for row in alike],
            marker,
            color=style.GRADES[0],
            markerfacecolor=style.PAPER if is_coded else style.GRADES[0],
            markersize=3.6 if marker == "D" else 4.4,
            markeredgewidth=1.0,
        )


def _counts(ax: Axes, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Write how many were checked below each point, a line lower where the number before it stands in the way.

    The limits of the panel have been set: what stands in the way depends on them.
    """
    box = ax.get_window_extent()
    scale = 72 / ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    line = 1.5 * _COUNT_SIZE
    taken: list[tuple[float, float, float]] = []
    for row in rows:
        n = whole(row["n"])
        if number(row["rate"]) is None or n is None:
            continue
        below = float(row["low"]) if known(row["low"]) else float(row["rate"])
        text = f"{n:,}"
        half = 0.3 * _COUNT_SIZE * len(text)
        at = (float(row["at"]) - left) / (right - left) * box.width * scale
        height = (below - bottom) / (top - bottom) * box.height * scale - 3
        while any(abs(at - x) < half + other and abs(height - y) < 0.95 * line for x, y, other in taken):
            height -= line
        taken.append((at, height, half))
        count = ax.annotate(
            text, (at, height), xycoords="axes points", ha="center", va="top", fontsize=_COUNT_SIZE, color=style.MUTED
        )
        count.set_in_layout(False)  # lies within the panel


def _joined(ax: Axes, rows: Sequence[Mapping[Any, Any]], breaks: Sequence[float]) -> None:
    points = [row for row in rows if row["joined"] and number(row["rate"]) is not None]
    for before, after in pairwise(points):
        if not any(float(before["at"]) < start <= float(after["at"]) for start in breaks):
            ax.plot(
                [before["at"], after["at"]],
                [before["rate"], after["rate"]],
                color=style.GRADES[2],
                linewidth=1,
                zorder=1,
            )


def _legend(frame: pd.DataFrame) -> list[Line2D]:
    """One entry for each kind of point that occurs."""
    dark = style.GRADES[0]
    kinds = {(str(r["source"]), _marker(r)) for r in frame.to_dict("records")}
    named = {"o": "", "D": ", by the centre", "^": ", at least", "v": ", at most"}
    return [
        Line2D(
            [],
            [],
            linestyle="",
            marker=marker,
            color=dark,
            markerfacecolor=style.PAPER if source == "coded" else dark,
            markersize=5,
            label=f"{source}{text}",
        )
        for source in ("extracted", "coded")
        for marker, text in named.items()
        if (source, marker) in kinds
    ]
