"""Plots of ordered grades."""

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Patch

from tongbao.report import style
from tongbao.report.plots.common import legend_above, need, whole
from tongbao.report.safe import visible

SMALL_GROUP = 20
"""Groups with fewer units are drawn unit by unit instead of as shares."""


def grade_bars(frame: pd.DataFrame, *, n_below: int) -> Axes:
    """Draw the grades of groups: a bar of shares that diverges at pass, or a dot a unit where units are few.

    Bars and dots have their counts printed. Groups of fewer than 20 units get dots, and no percentages.

    Args:
        frame: `group`, `grade`, `grade_rank` (1 = best), `n` (units; missing = not known, and the whole group is
            then left without a bar). One row a group and grade; groups in the order of the frame.
        n_below: how many of the worst ranks mean "not passed" on this scale and stand left of the line; 0 where the
            scale has none.
    """
    need(frame, "group", "grade", "grade_rank", "n")
    ranked = frame.drop_duplicates("grade_rank").sort_values("grade_rank")
    ranks = [int(r) for r in ranked["grade_rank"]]
    names = {int(r): visible(str(g)) for r, g in zip(ranked["grade_rank"], ranked["grade"], strict=True)}
    failing = set(ranks[len(ranks) - n_below :])
    colours = _ordered_colours(len(ranks))
    groups = list(dict.fromkeys(frame["group"]))
    _, ax = plt.subplots(figsize=(style.WIDTH, 1.1 + 0.62 * len(groups)), layout="constrained")
    labels = []
    for y, group in enumerate(groups):
        rows = frame[frame["group"] == group]
        counts = {int(r): whole(n) for r, n in zip(rows["grade_rank"], rows["n"], strict=True)}
        known = {r: n for r, n in counts.items() if n is not None}
        total = sum(known.values())
        complete = len(known) == len(counts) and total > 0
        dots = ", a dot each" if complete and total < SMALL_GROUP else ""
        labels.append(f"{visible(str(group))}\nN = {total if complete else '?'}{dots}")
        if not complete:
            ax.text(0.01, y, "counts not printed", ha="left", va="center", color=style.MUTED)
        elif total < SMALL_GROUP:
            _unit_dots(ax, y, known, total, failing, dict(zip(ranks, colours, strict=True)))
        else:
            _share_bar(ax, y, known, total, failing, dict(zip(ranks, colours, strict=True)))
    ax.axvline(0, color=style.INK, linewidth=1)
    ax.set_yticks(range(len(groups)), labels)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(min(-0.12, ax.get_xlim()[0] - 0.02), max(1.02, ax.get_xlim()[1]))
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):.0%}")
    ax.set_xlabel("not passed  |  passed, share of the group" if n_below else "share of the group")
    ax.grid(visible=False, axis="y")
    handles = [Patch(facecolor=c, edgecolor=style.MUTED, label=names[r]) for r, c in zip(ranks, colours, strict=True)]
    legend_above(ax, handles)
    return ax


def _share_bar(
    ax: Axes, y: int, counts: dict[int, int], total: int, failing: set[int], colours: dict[int, str]
) -> None:
    """A bar that grows from the line: passed grades to the right, worst nearest the line; others to the left."""
    for side, ranks in ((1, [r for r in sorted(counts, reverse=True) if r not in failing]),
                        (-1, [r for r in sorted(counts) if r in failing])):  # fmt: skip
        at = 0.0
        for rank in ranks:
            width = side * counts[rank] / total
            ax.barh(y, width, left=at, height=0.6, color=colours[rank], edgecolor=style.MUTED, linewidth=0.6)
            if counts[rank]:
                narrow = abs(width) < 0.045
                x, ink = (
                    (at + width + side * 0.008, style.INK) if narrow else (at + width / 2, style.ink_on(colours[rank]))
                )
                align = "center" if not narrow else "left" if side > 0 else "right"
                ax.text(x, y, str(counts[rank]), ha=align, va="center", color=ink, fontsize=8.5)
            at += width


def _unit_dots(
    ax: Axes, y: int, counts: dict[int, int], total: int, failing: set[int], colours: dict[int, str]
) -> None:
    """A dot a unit, spaced so that the whole group is as long as a whole bar."""
    step = 1.0 / total
    for side, ranks in ((1, [r for r in sorted(counts, reverse=True) if r not in failing]),
                        (-1, [r for r in sorted(counts) if r in failing])):  # fmt: skip
        at = 0
        for rank in ranks:
            xs = [side * step * (at + i + 0.5) for i in range(counts[rank])]
            ax.plot(xs, [y] * len(xs), "o", markersize=9, markerfacecolor=colours[rank], markeredgecolor=style.MUTED)
            if xs:
                ax.text(sum(xs) / len(xs), y - 0.34, str(counts[rank]), ha="center", va="center", fontsize=8)
            at += counts[rank]


def _ordered_colours(n: int) -> list[str]:
    """The first and last of the palette stay; other numbers of grades are spread between them."""
    if n == len(style.GRADES):
        return list(style.GRADES)
    blend = sns.blend_palette(style.GRADES, max(n, 2))
    return [to_hex(colour) for colour in blend][:n]


def counts_in_two_years(frame: pd.DataFrame) -> Axes:
    """Draw two counts of units a row, the year before and this year, joined by a line.

    Args:
        frame: `name`, `value_before`, `value` (units), one row a count, first on top.
    """
    need(frame, "name", "value_before", "value")
    _, ax = plt.subplots(figsize=(style.WIDTH, 1.0 + 0.42 * len(frame)), layout="constrained")
    names = [visible(str(name)) for name in frame["name"]]
    before, now = frame["value_before"].astype(float), frame["value"].astype(float)
    ax.hlines(names, before, now, color=style.IDENTIFIED, linewidth=2)
    ax.plot(before, names, "o", color=style.GRADES[2], label="year before")
    ax.plot(now, names, "o", color=style.GRADES[0], label="this year")
    ax.set(xlabel="units", xlim=(0, 1.1 * max(before.max(), now.max())))
    ax.invert_yaxis()
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
    return ax
