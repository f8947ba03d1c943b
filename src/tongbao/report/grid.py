"""Tables whose cells hold links: for the pages that functions make.

What belongs here: the HTML of such tables and links. What does not: what stands in them. The tables of notebooks come
from `figure`, which takes no HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tongbao.report.language import say
from tongbao.report.safe import attribute, escape


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (plain text), whether it holds numbers, whether it is the heading of its rows."""

    title: str
    is_number: bool = False
    is_head: bool = False


def grid(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    language: str,
    ids: Sequence[str] = (),
    can_search: bool = False,
) -> str:
    """Return a table in a box that scrolls by itself.

    Args:
        caption: what the rows are; plain text in the page's language.
        columns: in their order.
        rows: cells as safe HTML.
        name: the id of the table.
        language: of the page.
        ids: an id a row, where links lead to rows; an empty one is none.
        can_search: offer a field that hides the rows without the words typed (by the script of the page).
    """
    search = f' data-search="{attribute(say("Show only rows with", language))}"' if can_search else ""
    lines = [
        '<div class="scroll" tabindex="0">',
        f'<table class="grid" id="{attribute(name)}"{search}>',
        f"<caption>{escape(caption)}</caption>",
        f"<thead><tr>{''.join(_head(column) for column in columns)}</tr></thead>",
        "<tbody>",
    ]
    for number, row in enumerate(rows):
        own = f' id="{attribute(ids[number])}"' if ids and ids[number] else ""
        cells = "".join(_cell(column, cell) for column, cell in zip(columns, row, strict=True))
        lines.append(f"<tr{own}>{cells}</tr>")
    if not rows:
        lines.append(f'<tr><td colspan="{len(columns)}">{escape(say("no rows", language))}</td></tr>')
    return "\n".join([*lines, "</tbody></table></div>"])


def link(target: str, text: str) -> str:
    """Return a link; both are plain text."""
    return f'<a href="{attribute(target)}">{escape(text)}</a>'


def _head(column: Column) -> str:
    return f'<th scope="col"{_aligned(column)}>{escape(column.title)}</th>'


def _cell(column: Column, cell: str) -> str:
    return f'<th scope="row">{cell}</th>' if column.is_head else f"<td{_aligned(column)}>{cell}</td>"


def _aligned(column: Column) -> str:
    return ' class="n"' if column.is_number else ""
