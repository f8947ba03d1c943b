"""What the plots share: reading cells of a frame, the legend."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tongbao.errors import TongbaoError


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Raise a TongbaoError that names the columns which `frame` lacks."""
    lacking = [c for c in columns if c not in frame.columns]
    if lacking:
        raise TongbaoError(f"the plot needs the columns {', '.join(lacking)}", remedy="see its docstring")


def known(value: object) -> bool:
    """Return whether a cell holds something (an empty text does)."""
    return value is not None and value is not pd.NA and not (isinstance(value, float) and math.isnan(value))


def number(value: object) -> float | None:
    """Return a cell as a float, or None where it is missing."""
    return float(value) if known(value) else None  # type: ignore[arg-type]


def whole(value: object) -> int | None:
    """Return a cell as a whole number, or None where it is missing."""
    found = number(value)
    return None if found is None else int(found)


def legend_above(ax: Axes, handles: Sequence[Patch] | Sequence[Line2D]) -> None:
    """Put a legend in one line above everything else in the figure, where it covers nothing."""
    if handles:
        ax.get_figure(root=True).legend(  # type: ignore[union-attr]
            handles=list(handles),
            loc="outside upper left",
            ncols=5,
            frameon=False,
            handlelength=1.4,
            columnspacing=1.2,
        )
