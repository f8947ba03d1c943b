"""What a notebook shows: figures, tables, refusals and notes, as HTML that is safe to publish.

What belongs here: turning results into display objects. What does not: drawing (`plots`), computing
(`tongbao.stats`). Texts are shown in the language of the page (`language`); what is given here is English. Every text
passes through `safe`; the renderer publishes no other HTML.
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
from tongbao.report import inputs, labels, language, sources, trace
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

VERBATIM = frozenset(
    {"category", "circular_id", "coded_file", "doc_number", "issuer", "quote", "scale_id", "series", "what"}
)
"""Columns of codes and of text as the circulars print it: the same in every language."""

HIDDEN = (GATE, "source_table")
"""Columns that say where a row comes from and what allows its numbers: for links and checks, not for reading."""


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
    labels.relabel(fig)
    buffer = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    fig.savefig(buffer, format="svg", bbox_inches="tight", pad_inches=0.08, metadata=nothing)
    import matplotlib.pyplot as plt  # takes a second; a table needs none

    plt.close(fig)
    source = base64.b64encode(buffer.getvalue()).decode("ascii")
    key = name or _key("figure", caption)
    alt, caption = _said(alt), _said(caption)
    parts = [
        f'<figure id="{attribute(key)}">',
        '<div class="plot" tabindex="0">',
        f'<img src="data:image/svg+xml;base64,{source}" alt="{attribute(alt)}"></div>',
        f"<figcaption>{_caption(caption, table, key)}</figcaption>",
    ]
    if table is not None:
        numbers_html = _table_html(table, "", f"{key}-numbers", {}, {})
        parts.append(f'<details class="numbers"><summary>{escape(_said("Numbers"))}</summary>{numbers_html}</details>')
    return Shown("\n".join([*parts, "</figure>"]), visible(caption))


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    name: str = "",
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    leads: pd.DataFrame | None = None,
) -> Shown:
    """Show `frame` as a table. Missing values appear as "–"; the index is not shown.

    Args:
        frame: the rows; a column `gate` is not shown, see `GATE`. Columns that say where a row comes from become links
            (`tongbao.report.sources`). With columns `circular_id` and `row` each row gets
            the id `<name>-<circular_id>-<row>`, which a link can lead to.
        caption: what the rows are.
        name: the id on the page; made from the caption if empty.
        headers: column name -> heading, where the one of `headings` is not good enough.
        formats: column name -> format specification, like `{"rate": ".1%"}`.
        leads: for a frame whose cells stem from different rows: the same rows, with the origin of each cell (made by
            `tongbao.report.sources.tokens`) in the column of its name.
    """
    key = name or _key("table", caption)
    caption = _said(caption)
    return Shown(_table_html(frame, caption, key, headers or {}, formats or {}, leads), visible(caption))


def refusals(refused: Iterable[Refusal]) -> Shown:
    """Show what was not computed and why: the `refused` of an analysis."""
    colon = ": " if language.current() == "en" else "："
    refused = list(refused)
    items = [
        f"<li>{_traced(f'{r.what} {r.reason}', f'{what}{colon}{_said(r.reason)}', head=what)}</li>"
        for r in refused
        for what in [_said(r.what)]
    ]
    if not items:
        return note("Nothing was refused for want of data.")
    inner = "\n".join(items)
    head = _said("Not enough data")
    return Shown(f'<section class="refused"><h4>{escape(head)}</h4>\n<ul>\n{inner}\n</ul></section>', head)


def note(*texts: str) -> Shown:
    """Show each text as a paragraph of remarks."""
    shown = [_said(text) for text in texts]
    lines = [f'<p class="note">{_traced(text, said)}</p>' for text, said in zip(texts, shown, strict=True)]
    return Shown("\n".join(lines), "\n".join(shown))


def cell_text(value: object, specification: str = "") -> str:
    """Return one value as a table prints it (plain text, not escaped).

    Whole numbers are printed in full, others with at most four significant digits; nothing is "–".
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


_MOST_DECIMALS = 6
"""Decimals that a table prints at most; what is smaller is said to be."""


def _short(number: float) -> str:
    digits = max(0, 3 - math.floor(math.log10(abs(number))))
    text = f"{number:.{min(digits, _MOST_DECIMALS)}f}"
    if not float(text):  # a p-value is never nothing
        least = f"{10**-_MOST_DECIMALS:.{_MOST_DECIMALS}f}"
        return f"<{least}" if number > 0 else f">-{least}"
    # Zeros at the end are kept where they are a result of rounding; 8.5 points were printed as 8.5.
    return text.rstrip("0") if "." in text and float(text) == number else text


def _traced(english: str, shown: str, *, head: str = "") -> str:
    """A remark as HTML, its numbers linked to the rows of what the notebook has read."""
    about = trace.about(inputs.read_so_far())
    return trace.traced(shown, about.known, about.rest(english), head=head)


def _caption(shown: str, table: pd.DataFrame | None, key: str) -> str:
    """A figure's caption as HTML, its numbers linked to the rows of its own numbers, else to the table of them."""
    if table is None:
        return escape(shown)
    known = trace.grounds({key: table}, trace.about(inputs.read_so_far()).labels)
    numbers_below = [sources.Origin(f"#{key}-numbers", _said("Numbers"))]
    space = " " if language.current() == "en" else ""
    return space.join(trace.traced(part, known, numbers_below) for part in trace.sentences(shown))


def _table_html(
    frame: pd.DataFrame,
    caption: str,
    key: str,
    headers: Mapping[str, str],
    formats: Mapping[str, str],
    leads: pd.DataFrame | None = None,
) -> str:
    every = [str(c) for c in frame.columns]
    unseen = sources.hidden(every, key)
    columns = [c for c in every if c not in HIDDEN and c not in unseen]
    rows = [dict(zip(every, values, strict=True)) for values in frame.itertuples(index=False, name=None)]
    numeric = {c for c in columns if any(_is_number(r[c]) for r in rows)}
    lines = ['<div class="scroll" tabindex="0">', f'<table id="{attribute(key)}">']
    if caption:
        lines.append(f"<caption>{escape(caption)}</caption>")
    heads = "".join(
        f'<th{_aligned(c in numeric)} scope="col" data-column="{attribute(c)}">'
        f"{escape(_said(headers[c]) if c in headers else heading(c))}</th>"
        for c in columns
    )
    found = [sources.origins(row, key) for row in rows]
    with_several = any(len(origins) > 1 for origins in found)
    if with_several:
        heads += f'<th scope="col">{sources.several_heading()}</th>'
    lines += [f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    seen: set[str] = set()
    first_text = next((c for c in columns if c not in numeric), "")
    for n, row in enumerate(rows):
        shown = {c: escape(_cell(c, row[c], formats)) for c in columns}
        for c in columns:
            own = sources.of_cell(leads[c].iloc[n]) if leads is not None and c in leads else []
            own = own or (found[n] if sources.leads(row, c, first_text) else [])
            shown[c] = sources.linked(shown[c], own[0]) if len(own) == 1 else shown[c]
        cells = "".join(f"<td{_aligned(c in numeric)}>{shown[c]}</td>" for c in columns)
        cells += f"<td>{sources.several(found[n])}</td>" if with_several else ""
        lines.append(f"<tr{_row_id(key, row, seen)}{_proof(row)}>{cells}</tr>")
    if not rows:
        lines.append(f'<tr><td colspan="{max(1, len(columns))}">{escape(_said("no rows"))}</td></tr>')
    return "\n".join([*lines, "</tbody></table></div>"])


def _cell(column: str, value: object, formats: Mapping[str, str]) -> str:
    text = cell_text(value, formats.get(column, ""))
    is_word = isinstance(value, str | bool | np.bool_) and column not in VERBATIM
    return _said(text) if is_word else text


def _said(text: str) -> str:
    """Return an English text in the language of the page."""
    return language.translate(text, language.current())


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
