"""Tables to sort, search and filter in a notebook, without a network.

What belongs here: handing a frame to itables as it is to be read. What does not: the frame.
"""

from typing import Any

import pandas as pd

from tongbao.desk.dress import dress
from tongbao.errors import TongbaoError
from tongbao.report.safe import visible


def show(frame: pd.DataFrame, caption: str = "", **options: Any) -> None:
    """Show a frame as a table to sort and search; titles of columns come from its `.attrs`.

    Texts are shown as texts, whatever they hold. Nothing is loaded from anywhere: call
    `itables.init_notebook_mode(connected=False)` once in the notebook.

    Args:
        frame: any frame; one of `tb.load` brings its labels.
        caption: what the rows are.
        options: of itables, such as `pageLength=20`.

    Raises:
        TongbaoError: it is no frame.

    Examples:
        >>> import tongbao as tb
        >>> tb.show(tb.load("circulars"))  # doctest: +SKIP
    """
    from itables import show as show_table

    if not isinstance(frame, pd.DataFrame):
        raise TongbaoError("this is no table", remedy='give a frame, such as tb.load("ratings")')
    dress()
    options = {"allow_html": False, "maxBytes": 0, "pageLength": 10, **options}
    show_table(readable(frame), caption=visible(caption) or None, **options)


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame as it is read: titles for names, days without a time, nothing that acts instead of showing."""
    labels = dict(frame.attrs.get("labels", {}))
    shown = frame.copy()
    shown.attrs = {}
    for name in shown.columns:
        kind = str(shown[name].dtype)
        if kind.startswith("datetime"):
            shown[name] = shown[name].dt.strftime("%Y-%m-%d").fillna("")
        elif kind in ("str", "string", "object", "category"):
            shown[name] = shown[name].astype(object).map(lambda v: "" if pd.isna(v) else visible(str(v)))
    return shown.rename(columns={name: labels.get(name, name) for name in shown.columns})
