"""Table rows to lines `a | b | c |`, each cell kept in its column. How a form stores its tables is not known here.

A cell that spans several columns or rows has its text once, in its first place; the other places stay empty:
nothing is repeated that the document says once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_COLUMNS = 256
"""Widest table that is laid out. A wider row keeps its cells, one after another."""

_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text (lines separated by a line feed) and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Lay out a table.

    A row that is one cell over the whole width is a heading or a note of the table: it becomes plain lines, one
    for each line of the cell. So does every row of a table that has one column. Empty rows are left out.
    """
    grid = _grid(rows)
    width = max((len(cells) for cells, _ in grid), default=0)
    lines: list[str] = []
    for cells, is_whole_width in grid:
        if not any(text.strip() for text in cells):
            continue
        if width == 1 or (is_whole_width and len(cells) == width):
            lines += [line for piece in cells[0].split("\n") if (line := one_line(piece))]
        else:
            lines.append(row_line([*cells, *[""] * (width - len(cells))]))
    return lines


def row_line(cells: Sequence[str]) -> str:
    """One row as a line. A bar inside a cell becomes a full-width bar, or the columns would shift."""
    clean = (one_line(text).replace("|", "｜") for text in cells)
    return " ".join(f"{text} |" if text else "|" for text in clean)


def one_line(text: str) -> str:
    """`text` with every run of blanks and line breaks as one space, without outer blanks."""
    return _BLANKS.sub(" ", text).strip()


def _grid(rows: Sequence[Sequence[Cell]]) -> list[tuple[list[str], bool]]:
    """Each row's texts by column, and whether the row is a single cell."""
    grid: list[tuple[list[str], bool]] = []
    open_below: dict[int, int] = {}  # column -> rows still covered from above
    for row in rows:
        texts: list[str] = []
        covered = dict(open_below)
        for cell in row:
            while covered.get(len(texts), 0) > 0:
                texts.append("")
            span = max(1, min(cell.columns, MAX_COLUMNS - len(texts)))
            if cell.rows > 1:
                for column in range(len(texts), len(texts) + span):
                    open_below[column] = cell.rows
            texts += [cell.text, *[""] * (span - 1)]
        while covered.get(len(texts), 0) > 0:
            texts.append("")
        is_single = len(row) == 1 and row[0].rows <= 1 and not any(left > 0 for left in covered.values())
        grid.append((texts, is_single))
        open_below = {column: left - 1 for column, left in open_below.items() if left > 1}
    return grid
