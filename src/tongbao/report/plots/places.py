"""Plots over provinces: what the collection holds, and values on a tile map."""

import math
import textwrap
from collections.abc import Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report import style
from tongbao.report.plots.common import known, need, number
from tongbao.report.safe import visible
from tongbao.report.tiles import by_code, tile_grid

NO_DATA = "#f3f4f6"


def coverage_grid(frame: pd.DataFrame, *, row_height: float = 0.42) -> Axes:
    """Draw what the collection holds: a row a province, a column a period, the number of circulars in the cell.

    Args:
        frame: `province`, `period`, `n` (circulars), optionally `design` (census, random_sample, sample), which
            is then written below the number. A pair that does not occur is an empty cell.
        row_height: of a province, in inches.
    """
    need(frame, "province", "period", "n")
    data = frame.assign(province=[visible(str(p)) for p in frame["province"]])
    order = by_code(data["province"], find_project())
    counts = data.pivot_table(index="province", columns="period", values="n", aggfunc="sum", sort=False)
    counts = counts.reindex(index=order, columns=sorted(counts.columns)).astype(float)
    labels = counts.map(lambda n: "" if math.isnan(n) else f"{n:.0f}").astype(object)
    if "design" in data:
        for cell, rows in data.groupby(["province", "period"], sort=False):
            province, period = (str(key) for key in tuple(cell))
            designs = sorted({str(d).replace("_", " ") for d in rows["design"] if known(d) and d != ""})
            labels.at[province, period] = "\n".join([str(labels.at[province, period]), *designs])
    height = 1.0 + row_height * len(counts) * (1.35 if "design" in data else 1)
    _, ax = plt.subplots(figsize=(min(style.WIDTH, 2.0 + 1.0 * counts.shape[1]), height), layout="constrained")
    sns.heatmap(
        counts,
        annot=labels,
        fmt="",
        cmap=ListedColormap([style.GRADES[2]]),
        cbar=False,
        linewidths=2,
        linecolor=style.PAPER,
        annot_kws={"color": style.INK, "fontsize": 8.5},
        ax=ax,
    )
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_yticklabels(ax.get_yticklabels(), rotation=0)
    ax.set_facecolor(NO_DATA)
    ax.grid(visible=False)
    return ax


def count_grid(frame: pd.DataFrame, kind: str, count: str, *, zero: str = "") -> Axes:
    """Draw counts by kind and circular: a row a kind, a column a circular; a cell is filled where something is counted.

    Args:
        frame: `label` (the circular) and the two columns named here, one row a pair; a pair that does not occur is
            an empty cell.
        kind: the column of the rows.
        count: the column of the counts.
        zero: what a count of 0 prints.
    """
    need(frame, "label", kind, count)
    wide = frame.pivot(index=kind, columns="label", values=count)
    wide = wide.loc[frame[kind].unique(), frame["label"].unique()].rename_axis(index=None, columns=None)
    wide.columns = pd.Index(["\n".join(textwrap.wrap(visible(str(label)), 14)) for label in wide.columns])
    wide.index = pd.Index([visible(str(name)) for name in wide.index])
    texts = wide.map(lambda n: "" if pd.isna(n) else f"{n:.0f}" if n else zero)
    _, ax = plt.subplots(figsize=(style.WIDTH, 1.3 + 0.3 * len(wide)), layout="constrained")
    filled = wide.gt(0).astype(float).where(wide.notna())
    sns.heatmap(
        filled,
        annot=texts.to_numpy(),
        fmt="",
        cmap=ListedColormap([NO_DATA, style.GRADES[2]]),
        vmin=0,
        vmax=1,
        cbar=False,
        linewidths=1,
        annot_kws={"color": style.INK, "fontsize": 8},
        ax=ax,
    )
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelsize=8, labelrotation=0)
    ax.grid(visible=False)
    return ax


def tile_map(frame: pd.DataFrame, *, edges: Sequence[float] | None = None, form: str = "{:g}", label: str = "") -> Axes:
    """Draw a value a province as 34 equal tiles; provinces without a value are hatched, never zero.

    Args:
        frame: `province_code`, `value` (missing = no data). A province that does not occur has no data.
        edges: class borders, ascending, two to six; a value on a border belongs to the class above it. Pass the
            same for maps that are to be compared. Without them every tile with a value gets one colour.
        form: how a value is printed in its tile.
        label: what the value is.
    """
    need(frame, "province_code", "value")
    borders = list(edges or ())
    if len(borders) == 1 or len(borders) > len(style.BINS) + 1 or borders != sorted(set(borders)):
        raise TongbaoError("class borders must ascend, and be two to six", place="tile_map")
    values = {str(c): number(v) for c, v in zip(frame["province_code"], frame["value"], strict=True)}
    outside = sorted(c for c, v in values.items() if v is not None and borders and not borders[0] <= v <= borders[-1])
    if outside:
        raise TongbaoError(f"the values of {', '.join(outside)} lie outside the classes", place="tile_map")
    grid = tile_grid(find_project())
    unknown = sorted(set(values) - {row["province_code"] for row in grid})
    if unknown:
        raise TongbaoError(f"no tile for {', '.join(unknown)}", place="data/reference/tile_grid.csv")
    _, ax = plt.subplots(figsize=(style.WIDTH * 0.85, style.WIDTH * 0.78), layout="constrained")
    for row in grid:
        x, y = int(row["tile_column"]), int(row["tile_row"])
        value = values.get(row["province_code"])
        colour = NO_DATA if value is None else _binned(value, borders)
        tile = Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, facecolor=colour, linewidth=0, edgecolor=style.IDENTIFIED)
        tile.set_hatch("" if value is not None else "////")
        ax.add_patch(tile)
        ink = style.MUTED if value is None else style.ink_on(colour)
        ax.text(x, y - (0 if value is None else 0.16), row["province"], ha="center", va="center", color=ink, fontsize=8)
        if value is not None:
            ax.text(x, y + 0.2, form.format(value), ha="center", va="center", color=ink, fontsize=8)
    ax.set(xlim=(-0.6, 8.6), ylim=(7.6, -0.6), aspect="equal")
    ax.axis("off")
    handles = [
        Patch(
            facecolor=_binned(low, borders),
            label=f"{form.format(low)} to {'' if high == borders[-1] else '<'}{form.format(high)}",
        )
        for low, high in pairwise(borders)
    ]
    handles.append(Patch(facecolor=NO_DATA, hatch="////", edgecolor=style.IDENTIFIED, label="no data"))
    ax.legend(handles=handles, title=visible(label) or None, loc="lower left", frameon=False)
    return ax


def _binned(value: float, borders: Sequence[float]) -> str:
    if not borders:
        return style.BINS[2]
    number = int(np.searchsorted(borders[1:-1], value, side="right"))
    offset = len(style.BINS) - (len(borders) - 1)
    return style.BINS[number + offset]
