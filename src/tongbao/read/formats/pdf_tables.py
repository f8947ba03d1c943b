"""Tables with ruled lines on a page: which characters stand in which cell.

The tables of official documents are ruled. A table without lines stays lines of text: where its columns are
would have to be guessed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tongbao.read.formats.characters import Character
from tongbao.read.formats.rows import MAX_COLUMNS, Cell, table_lines

MAX_RULINGS = 20_000
"""Most lines on a page; a page with more holds a drawing, and no tables are looked for."""

_NEAR = 3.0  # points: lines as far apart as this are one


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line, as the box around it."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: its box, and its rows from the top."""

    left: float
    right: float
    bottom: float
    top: float
    rows: tuple[tuple[Cell, ...], ...]

    def holds(self, thing: Character) -> bool:
        """Whether the middle of `thing` is inside the table."""
        x, y = (thing.left + thing.right) / 2, (thing.bottom + thing.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def lines(self) -> list[str]:
        """The table as lines `a | b |`."""
        return table_lines(self.rows)


def tables_of(rulings: Iterable[Ruling], characters: Sequence[Character]) -> list[Table]:
    """The ruled tables of a page that have two columns and two rows or more."""
    found: list[Table] = []
    lines = list(rulings)
    if not lines or len(lines) > MAX_RULINGS:
        return found
    for group in _groups(lines):
        xs = _places([(r.x0 + r.x1) / 2 for r in group if _is_vertical(r)])
        ys = _places([(r.y0 + r.y1) / 2 for r in group if not _is_vertical(r)])
        if 3 <= len(xs) <= MAX_COLUMNS and 3 <= len(ys) <= 2000:
            found.append(_table(group, xs, ys, characters))
    return [table for table in found if sum(bool(c.text.strip()) for row in table.rows for c in row) >= 2]


def _is_vertical(ruling: Ruling) -> bool:
    return ruling.y1 - ruling.y0 > ruling.x1 - ruling.x0


def _places(values: list[float]) -> list[float]:
    """Distinct places, near ones as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _groups(lines: list[Ruling]) -> list[list[Ruling]]:
    """Lines that touch one another, directly or through others."""
    parent = list(range(len(lines)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    upright = sorted((n for n in range(len(lines)) if _is_vertical(lines[n])), key=lambda n: lines[n].x0)
    level = [n for n in range(len(lines)) if not _is_vertical(lines[n])]
    starts = [lines[n].x0 for n in upright]
    for n in level:
        a = lines[n]
        for k in upright[bisect_left(starts, a.x0 - _NEAR - 3) :]:
            b = lines[k]
            if b.x0 > a.x1 + _NEAR:
                break
            if b.y0 - _NEAR <= a.y1 and a.y0 <= b.y1 + _NEAR:
                parent[root(n)] = root(k)
    groups: dict[int, list[Ruling]] = {}
    for n in range(len(lines)):
        groups.setdefault(root(n), []).append(lines[n])
    return [group for group in groups.values() if len(group) >= 4]


def _table(group: list[Ruling], xs: list[float], ys: list[float], characters: Sequence[Character]) -> Table:
    n_columns, n_rows = len(xs) - 1, len(ys) - 1
    tops = list(reversed(ys))  # rows from the top
    upright = [r for r in group if _is_vertical(r)]
    level = [r for r in group if not _is_vertical(r)]
    # Whether the line right of a cell, and below it, is drawn.
    is_split = [[_covers_y(upright, xs[c + 1], tops[r + 1], tops[r]) for c in range(n_columns)] for r in range(n_rows)]
    is_floor = [[_covers_x(level, tops[r + 1], xs[c], xs[c + 1]) for c in range(n_columns)] for r in range(n_rows)]
    texts: dict[tuple[int, int], list[Character]] = {}
    for thing in characters:
        x, y = (thing.left + thing.right) / 2, (thing.bottom + thing.top) / 2
        if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
            c = sum(place <= x for place in xs[1:-1])
            r = sum(place >= y for place in tops[1:-1])
            texts.setdefault(_first(r, c, is_split, is_floor), []).append(thing)
    rows = tuple(tuple(_row(r, n_columns, is_split, is_floor, texts)) for r in range(n_rows))
    return Table(xs[0], xs[-1], ys[0], ys[-1], rows)


def _covers_y(lines: list[Ruling], x: float, low: float, high: float) -> bool:
    middle = (low + high) / 2
    return any(abs((r.x0 + r.x1) / 2 - x) <= _NEAR and r.y0 <= middle <= r.y1 for r in lines)


def _covers_x(lines: list[Ruling], y: float, low: float, high: float) -> bool:
    middle = (low + high) / 2
    return any(abs((r.y0 + r.y1) / 2 - y) <= _NEAR and r.x0 <= middle <= r.x1 for r in lines)


def _first(r: int, c: int, is_split: list[list[bool]], is_floor: list[list[bool]]) -> tuple[int, int]:
    """The first place of the merged cell that the place belongs to: upwards, then to the left."""
    while r > 0 and not is_floor[r - 1][c]:
        r -= 1
    while c > 0 and not is_split[r][c - 1]:
        c -= 1
    while r > 0 and not is_floor[r - 1][c]:
        r -= 1
    return r, c


def _row(
    r: int,
    n_columns: int,
    is_split: list[list[bool]],
    is_floor: list[list[bool]],
    texts: dict[tuple[int, int], list[Character]],
) -> list[Cell]:
    cells: list[Cell] = []
    c = 0
    while c < n_columns:
        width = 1
        while c + width < n_columns and not is_split[r][c + width - 1]:
            width += 1
        cells.append(Cell(_text(texts.get((r, c), [])), width))
        c += width
    return cells


def _text(things: list[Character]) -> str:
    """The characters of a cell; a line break inside a cell is where the text was too wide for it."""
    return "".join(thing.text for thing in things if thing.text not in "\r\n").strip()
