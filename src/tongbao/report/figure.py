"""What a notebook shows: figures, tables, refusals and notes, as HTML that is safe to publish.

What belongs here: turning results into display objects. What does not: drawing (`plots`), computing
(`tongbao.stats`). Every text passes through `safe`; the renderer publishes no other HTML.
"""

import base64
import hashlib
import io
import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tongbao.errors import TongbaoError
from tongbao.report.headings import heading
from tongbao.report.safe import attribute, escape, visible
from tongbao.stats.result import Refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MADE_HERE = "tongbao"
"""Mark in an output's metadata: its HTML was made by this module."""

MISSING = "–"

GATE = "gate"
"""Column that proves that a row's numbers may be printed; it becomes an attribute of the row, not a cell."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of a page. As the last line of a cell, or given to `display`, it appears."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, object]]:
        return {"text/html": self.html, "text/plain": self.text}, {MADE_HERE: True}


def figure(fig: "Figure", *, alt: str, caption: str, table: pd.DataFrame | None = None, name: str = "") -> Shown:
    """Show `fig` with its caption and, folded below it, the numbers it was drawn from; close it.

    Args:
        fig: the matplotlib figure.
        alt: what one who cannot see it needs to know.
        caption: what it shows, its units, and what it cannot show.
        table: the numbers in the figure (rows and columns as they shall be read).
        name: the id on the page; made from the caption if empty.

    Raises:
        TongbaoError: `alt` or `caption` is empty.
    """
    if not alt.strip() or not caption.strip():
        raise TongbaoError("a figure needs an alternative text and a caption", remedy="pass alt= and caption=")
    buffer = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    fig.savefig(buffer, format="svg", bbox_inches="tight", pad_inches=0.08, metadata=nothing)
    import matplotlib.pyplot as plt  # takes a second; a table needs none

    plt.close(fig)
    source = base64.b64encode(buffer.getvalue()).decode("ascii")
    key = name or _key("figure", caption)
    parts = [
        f'<figure id="{attribute(key)}">',
        '<div class="plot" tabindex="0">',
        f'<img src="data:image/svg+xml;base64,{source}" alt="{attribute(alt)}"></div>',
        f"<figcaption>{escape(caption)}</figcaption>",
    ]
    if table is not None:
        numbers_html = _table_html(table, "", f"{key}-numbers", {}, {})
        parts.append(f'<details class="numbers"><summary>Numbers</summary>{numbers_html}</details>')
    return Shown("\n".join([*parts, "</figure>"]), visible(caption))


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    name: str = "",
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> Shown:
    """Show `frame` as a table. Missing values appear as "–"; the index is not shown.

    Args:
        frame: the rows; a column `gate` is not shown, see `GATE`. With columns `circular_id` and `row` each row gets
            the id `<name>-<circular_id>-<row>`, which a link can lead to.
        caption: what the rows are.
        name: the id on the page; made from the caption if empty.
        headers: column name -> heading, where the one of `headings` is not good enough.
        formats: column name -> format specification, like `{"rate": ".1%"}`.
    """
    key = name or _key("table", caption)
    return Shown(_table_html(frame, caption, key, headers or {}, formats or {}), visible(caption))


def refusals(refused: Iterable[Refusal]) -> Shown:
    """Show what was not computed and why: the `refused` of an analysis."""
    items = [f"<li><b>{escape(r.what)}</b>: {escape(r.reason)}</li>" for r in refused]
    if not items:
        return note("Nothing was refused for want of data.")
    inner = "\n".join(items)
    return Shown(
        f'<section class="refused"><h4>Not enough data</h4>\n<ul>\n{inner}\n</ul></section>',
        "Not enough data",
    )


def note(*texts: str) -> Shown:
    """Show each text as a paragraph of remarks."""
    return Shown("\n".join(f'<p class="note">{escape(text)}</p>' for text in texts), "\n".join(texts))


def cell_text(value: object, specification: str = "") -> str:
    """Return one value as a table prints it (plain text, not escaped).

    Whole numbers are printed in full, others with four significant digits; nothing is "–".
    """
    if value is None or value is pd.NA or value is pd.NaT or value == "":
        return MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, numbers.Real):
        number = float(value)
        if math.isnan(number):
            return MISSING
        if specification:
            return format(value, specification).replace("-", "−")
        if math.isinf(number):
            return "∞" if number > 0 else "−∞"
        if not number.is_integer():
            text = _short(number)
        else:
            text = f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))
        return text.replace("-", "−")
    return str(value)


def _short(number: float) -> str:
    digits = max(0, 3 - math.floor(math.log10(abs(number))))
    return f"{number:.{min(digits, 6)}f}"


def _table_html(
    frame: pd.DataFrame, caption: str, key: str, headers: Mapping[str, str], formats: Mapping[str, str]
) -> str:
    every = [str(c) for c in frame.columns]
    columns = [c for c in every if c != GATE]
    rows = [dict(zip(every, values, strict=True)) for values in frame.itertuples(index=False, name=None)]
    numeric = {c for c in columns if any(_is_number(r[c]) for r in rows)}
    lines = ['<div class="scroll" tabindex="0">', f'<table id="{attribute(key)}">']
    if caption:
        lines.append(f"<caption>{escape(caption)}</caption>")
    heads = "".join(
        f'<th{_aligned(c in numeric)} scope="col">{escape(headers.get(c) or heading(c))}</th>' for c in columns
    )
    lines += [f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    seen: set[str] = set()
    for row in rows:
        cells = "".join(
            f"<td{_aligned(c in numeric)}>{escape(cell_text(row[c], formats.get(c, '')))}</td>" for c in columns
        )
        lines.append(f"<tr{_row_id(key, row, seen)}{_proof(row)}>{cells}</tr>")
    if not rows:
        lines.append(f'<tr><td colspan="{max(1, len(columns))}">no rows</td></tr>')
    return "\n".join([*lines, "</tbody></table></div>"])


def _row_id(key: str, row: Mapping[str, object], seen: set[str]) -> str:
    if not {"circular_id", "row"} <= row.keys():
        return ""
    name = f"{key}-{cell_text(row['circular_id'])}-{cell_text(row['row'])}"
    if name in seen:
        return ""  # the first row of that origin is the one that a link leads to
    seen.add(name)
    return f' id="{attribute(name)}"'


def _proof(row: Mapping[str, object]) -> str:
    """The proof of `tongbao.stats.gate` as an attribute of the row: there to be checked, not to be read."""
    proof = row.get(GATE)
    return f' data-gate="{attribute(proof)}"' if isinstance(proof, str) and proof else ""


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and not math.isnan(float(value))


def _aligned(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def _key(kind: str, caption: str) -> str:
    return f"{kind}-{hashlib.sha256(caption.encode()).hexdigest()[:8]}"
