"""The words of a figure: what it shows, from which circulars, what uncertainty means, what must not be concluded.

Belongs here: the five parts of a caption and what all captions share. Does not belong here: the captions themselves
(`grade_words.py`, `rate_words.py`, `deduction_words.py`, `coded_words.py`), drawing, computing.
Rows to be drawn together carry the same `figure`; the table `captions` has one row a figure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from tongbao.stats.themes.corpus import Row, frame, percent

PARTS = ("shows", "sources", "units", "uncertainty", "caution")
"""What every caption says, in this order."""

COUNTED = "These are counts, and chance has no part in them."
"""The part on uncertainty where nothing was drawn by chance."""


def words(key: str, alt: str, *, shows: str, sources: str, units: str, uncertainty: str, caution: str) -> Row:
    """Return one row of the table `captions`, for a reader without statistics.

    Args:
        key: the figure.
        alt: what one who cannot see it needs to know.
        shows: what is drawn.
        sources: from which circulars.
        units: how many units, circulars or figures.
        uncertainty: what uncertainty means here, or that there is none.
        caution: what must not be concluded.
    """
    parts = [shows, sources, units, uncertainty, caution]
    return {"figure": key, "alt": alt, "caption": " ".join(parts), **dict(zip(PARTS, parts, strict=True))}


def captions_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Return captions as the table `captions`."""
    return frame(["figure", "alt", "caption", *PARTS], rows)


def each_figure(rows: Iterable[Row], say: Callable[[str, list[Row]], Row]) -> list[Row]:
    """Return a caption for each figure of the rows, in order.

    Args:
        rows: with the cell `figure`; rows of no figure are left out.
        say: makes the caption of a figure from its name and its rows.
    """
    figures: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("figure"):
            figures[row["figure"]].append(row)
    return [say(key, part) for key, part in figures.items()]


def sources_of(part: Sequence[Row]) -> str:
    """Name the circulars of the rows drawn."""
    names = dict.fromkeys(str(r.get("circular") or r.get("label")) for r in part)
    return f"From: {'、'.join(names)}."


def chance_line(level: float) -> str:
    """Say what a thin line is, and what its level promises.

    Args:
        level: of the interval, such as 0.95.
    """
    return (
        "A thin line is the range that chance leaves open, since only some of the sites were checked: lines made in "
        f"this way hold the true rate for about {percent(level, 0)} of all samples, or more."
    )


def counted(n: int, noun: str) -> str:
    """Return a number of things here: `the circular`, `the 5 circulars`."""
    return f"the {noun}" if n == 1 else f"the {n} {noun}s"


def plain(code: str) -> str:
    """Return a code as words."""
    return code.replace("_", " ")
