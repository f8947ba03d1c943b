"""Ready plots for a notebook: `tb.plot.rates()`, `tb.plot.grades(id)`, `tb.plot.deductions(id)` return matplotlib axes.

What belongs here: choosing the frame for a plot of `tongbao.report.plots`. What does not: drawing.
"""

import warnings
from functools import lru_cache
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from tongbao.desk.rates import rates as all_rates
from tongbao.desk.tables import unknown
from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report import plots, style
from tongbao.stats.result import Analysis

__all__ = ["deductions", "grades", "missing_glyphs", "rates"]


def __dir__() -> list[str]:
    """The names for completion."""
    return __all__


def rates(frame: pd.DataFrame | str | None = None) -> Axes:
    """Draw pass rates with what is not known about them: thin line sampling, grey bar rounding and missing counts.

    Rates side by side in one figure are not thereby comparable: ask `tb.compare`.

    Args:
        frame: rows of `tb.rates()` or `tb.readings()`, or a circular's id for all its rates; the widest stated rate of
            every circular if not given.

    Returns:
        The axes, to be changed further.

    Raises:
        TongbaoError: these are no such rows or none at all, or the circular states no pass rate.

    Examples:
        >>> import tongbao as tb
        >>> ax = tb.plot.rates(tb.readings("jiangsu-2018q3"))
        >>> len(ax.get_yticks())
        3
    """
    _dress()
    if frame is None:
        every = all_rates()
        stated = every[every["basis"] == "stated"]
        frame = stated.groupby("circular_id", sort=False).head(1)
    elif isinstance(frame, str):
        frame = all_rates(frame)
    needed = {"label", "rate", "low", "high", "set_low", "set_high", "n", "n_total", "design"}
    if not isinstance(frame, pd.DataFrame) or needed - set(frame.columns):
        raise TongbaoError("these are no rates with intervals", remedy="give rows of tb.rates() or tb.readings()")
    if frame.empty:
        raise TongbaoError("there is no rate to draw", remedy="see tb.rates() for those that there are")
    return plots.caterpillar(frame.reset_index(drop=True), x_label="pass rate (合格率)")


def grades(circular_id: str, group: str | None = None) -> Axes:
    """Draw how the units of a circular's groups were graded.

    Args:
        circular_id: a circular that grades whole groups.
        group: one of its groups, where they do not share a scale; see the message.

    Raises:
        TongbaoError: the circular grades no whole group, or its groups stand on several scales.

    Examples:
        >>> import tongbao as tb
        >>> ax = tb.plot.grades("guangdong-2016")
        >>> ax.get_yticklabels()[0].get_text().startswith("地级以上市")
        True
    """
    frame = _of("grade_shares", "distribution", circular_id)
    if group is not None:
        if group not in set(frame["group"]):
            raise unknown("group", group, dict.fromkeys(frame["group"]), lists="the groups are")
        frame = frame[frame["group"] == group]
    if frame["figure"].nunique() > 1:
        groups = ", ".join(dict.fromkeys(frame["group"]))
        raise TongbaoError(
            f"the groups of {circular_id} stand on several scales", remedy=f"give group=, one of {groups}"
        )
    _dress()
    return plots.grade_bars(frame, n_below=frame.loc[frame["is_fail"].astype(bool), "grade"].nunique())


def deductions(circular_id: str) -> Axes:
    """Draw what is known of the points that a circular took off.

    Args:
        circular_id: a circular with deductions.

    Raises:
        TongbaoError: it has none.

    Examples:
        >>> import tongbao as tb
        >>> tb.plot.deductions("yanan-2016").get_xlabel()
        'points taken off (扣分)'
    """
    frame = _of("deduction_ranges", "units", circular_id)
    thresholds = _analysis("deduction_ranges").table("ranges").set_index("figure")["threshold"]
    threshold = thresholds[frame["figure"].iloc[0]]
    _dress()
    named = frame.assign(unit=frame["unit_name"].fillna(frame["unit"]))
    return plots.deduction_intervals(
        named, threshold=None if pd.isna(threshold) else float(threshold), x_label="points taken off (扣分)"
    )


def missing_glyphs(ax: Axes) -> list[str]:
    """Return what matplotlib says of characters of the figure that no font of ours can draw; empty is well."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ax.get_figure(root=True).canvas.draw()  # type: ignore[union-attr]
    return [str(warning.message) for warning in caught if "Glyph" in str(warning.message)]


def _of(analysis: str, table: str, circular_id: str) -> pd.DataFrame:
    every = _analysis(analysis).table(table)
    own = every[every["circular_id"] == circular_id]
    if own.empty:
        what = {"distribution": "circular that grades whole groups", "units": "circular with deductions"}[table]
        raise unknown(what, circular_id, dict.fromkeys(every["circular_id"]), lists="there are")
    return own


def _analysis(name: str) -> Analysis:
    return Analysis.read(find_project().analysis / f"{name}.json")


def _dress() -> None:
    _dressed(find_project().root)


@lru_cache(maxsize=2)
def _dressed(root: Path) -> None:
    """Set theme and font once: the style sheet for the notebook need not come with every figure."""
    style.use(find_project())
