"""Found rows against an annotation: what is right, what was missed, what is too much, and how near it came.

Rows are matched one to one. A pair is right if every compared cell agrees; of the rest, each miss is shown with the
found row of the same circular that differs in the fewest columns. Nothing is weighted: a row with one wrong cell is
one miss and one extra. Precision and recall are those of information retrieval (van Rijsbergen 1979, ch. 7):
right rows by found rows, right rows by gold rows. Files of a gold folder are read in `gold_folder`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongbao.tidy.agree import agrees, plain, shown

Row = Mapping[str, Any]
CIRCULAR = "circular_id"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A cell in which ours may differ from the gold, with the reason."""

    circular_id: str
    table: str
    column: str
    gold: str
    ours: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row without partner: a miss (a gold row) or an extra (a found row), and its nearest counterpart.

    `nearest` is None where the other side has no row left for this circular and table. `differing` holds
    (column, cell of the gold, cell of ours) of the columns in which the two disagree.
    """

    circular_id: str
    row: tuple[tuple[str, str], ...]
    nearest: tuple[tuple[str, str], ...] | None
    differing: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TableEvaluation:
    """One table's result over all circulars."""

    table: str
    n_gold: int
    n_found: int
    n_right: int
    misses: tuple[Unmatched, ...]
    extras: tuple[Unmatched, ...]

    @property
    def precision(self) -> float | None:
        """Share of found rows that are right; None where nothing was found."""
        return self.n_right / self.n_found if self.n_found else None

    @property
    def recall(self) -> float | None:
        """Share of gold rows that were found; None where there are none."""
        return self.n_right / self.n_gold if self.n_gold else None

    @property
    def is_perfect(self) -> bool:
        """Whether nothing was missed and nothing is too much."""
        return not self.misses and not self.extras


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of a comparison, table by table; `unused` are accepted differences that did not occur."""

    tables: tuple[TableEvaluation, ...]
    unused: tuple[Accepted, ...] = ()

    @property
    def is_perfect(self) -> bool:
        """Whether every row of every table is right and every accepted difference occurred."""
        return all(table.is_perfect for table in self.tables) and not self.unused

    def summary(self) -> str:
        """The numbers alone, a line a table."""
        lines = [f"{'table':<14}{'gold':>6}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}"]
        for t in self.tables:
            rates = f"{_share(t.precision):>11}{_share(t.recall):>8}"
            lines.append(f"{t.table:<14}{t.n_gold:>6}{t.n_found:>7}{t.n_right:>7}{rates}")
        return "\n".join(lines)

    def to_text(self) -> str:
        """The numbers, then every miss and extra with its nearest counterpart."""
        parts = [self.summary()]
        for table in self.tables:
            if not table.is_perfect:
                parts += ["", table.table]
                parts += [_told("missed", m) for m in table.misses]
                parts += [_told("extra", e) for e in table.extras]
        if self.unused:
            parts += ["", "accepted differences that did not occur"]
            parts += [f"  {a.circular_id} {a.table} {a.column}: {a.gold!r} / {a.ours!r}" for a in self.unused]
        return "\n".join(parts)

    def to_metrics(self) -> dict[str, Any]:
        """The numbers alone, as DVC compares them between two builds."""
        return {t.table: _numbers(t) for t in self.tables}

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values; shares rounded to six digits, null where they are not defined."""
        return {
            "tables": {t.table: _table_json(t) for t in self.tables},
            "unused_accepted": [
                {"circular_id": a.circular_id, "table": a.table, "column": a.column} for a in self.unused
            ],
        }


@dataclass(slots=True)
class _Same:
    """Whether two cells agree; keeps in mind which accepted differences were needed."""

    accepted: Mapping[tuple[str, str, str, str, str], Accepted]
    needed: set[Accepted] = field(default_factory=set)

    def excuse(self, circular: str, table: str, column: str, gold: Any, ours: Any) -> Accepted | None:
        return self.accepted.get((circular, table, column, plain(gold), plain(ours)))

    def cells(self, circular: str, table: str, column: str, gold: Any, ours: Any) -> bool:
        return agrees(gold, ours) or self.excuse(circular, table, column, gold, ours) is not None


def evaluate(
    gold: Mapping[str, Sequence[Row]],
    ours: Mapping[str, Sequence[Row]],
    columns: Mapping[str, Sequence[str]],
    accepted: Iterable[Accepted] = (),
) -> Evaluation:
    """Compare found rows with gold rows.

    Args:
        gold: rows by table. A cell that a row does not hold is empty; `ANYTHING` and `OneOf` are wild cards.
        ours: found rows by table; tables that `columns` does not name are left out.
        columns: the columns to compare, by table. Rows are compared only within the same `circular_id`,
            where they hold one (it need not be named here).
        accepted: differences that count as agreement.

    Returns:
        one `TableEvaluation` a table of `columns`, in its order; misses and extras in the order of the rows.
    """
    listed = tuple(accepted)
    same = _Same({(a.circular_id, a.table, a.column, plain(a.gold), plain(a.ours)): a for a in listed})
    tables = tuple(
        _table(name, list(gold.get(name, ())), list(ours.get(name, ())), tuple(columns[name]), same) for name in columns
    )
    return Evaluation(tables, tuple(a for a in listed if a not in same.needed))


def _table(name: str, gold: list[Row], ours: list[Row], columns: tuple[str, ...], same: _Same) -> TableEvaluation:
    matched: dict[int, int] = {}
    by_circular: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((gold, ours)):
        for at, row in enumerate(rows):
            by_circular[plain(row.get(CIRCULAR))][side].append(at)

    def differing(i: int, j: int) -> list[str]:
        g, o = gold[i], ours[j]
        circular = plain(g.get(CIRCULAR))
        return [c for c in columns if not same.cells(circular, name, c, g.get(c), o.get(c))]

    nearest: dict[int, int] = {}
    for left, right in by_circular.values():
        pairs = _match(left, right, lambda i, j: not differing(i, j))
        matched |= pairs
        nearest |= _nearest(
            [i for i in left if i not in pairs], [j for j in right if j not in set(pairs.values())], differing
        )
    for i, j in matched.items():
        for column in columns:
            cell, found = gold[i].get(column), ours[j].get(column)
            excuse = same.excuse(plain(gold[i].get(CIRCULAR)), name, column, cell, found)
            if excuse is not None and not agrees(cell, found):
                same.needed.add(excuse)
    back = {j: i for i, j in nearest.items()}
    taken = set(matched.values())

    def unmatched(row: Row, i: int | None, j: int | None) -> Unmatched:
        other = None
        told: tuple[tuple[str, str, str], ...] = ()
        if i is not None and j is not None:
            other = ours[j] if row is gold[i] else gold[i]
            told = tuple((c, shown(gold[i].get(c)), shown(ours[j].get(c))) for c in differing(i, j))
        return Unmatched(
            plain(row.get(CIRCULAR)), _cells(row, columns), None if other is None else _cells(other, columns), told
        )

    misses = tuple(unmatched(g, i, nearest.get(i)) for i, g in enumerate(gold) if i not in matched)
    extras = tuple(unmatched(o, back.get(j), j) for j, o in enumerate(ours) if j not in taken)
    return TableEvaluation(name, len(gold), len(ours), len(matched), misses, extras)


def _match(left: list[int], right: list[int], fits: Callable[[int, int], bool]) -> dict[int, int]:
    """Pair as many as possible (augmenting paths, Kuhn 1955), since a wild card may fit several rows."""
    partner: dict[int, int] = {}
    edges = {i: [j for j in right if fits(i, j)] for i in left}

    def augment(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in partner or augment(partner[j], seen):
                    partner[j] = i
                    return True
        return False

    for i in left:
        augment(i, set())
    return {i: j for j, i in sorted(partner.items())}


def _nearest(left: list[int], right: list[int], differing: Callable[[int, int], list[str]]) -> dict[int, int]:
    """Pair what is left by the fewest differing columns, ties in the order of the rows."""
    costs = sorted((len(differing(i, j)), i, j) for i in left for j in right)
    pairs: dict[int, int] = {}
    for _, i, j in costs:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _cells(row: Row, columns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((c, shown(row.get(c))) for c in columns if shown(row.get(c)))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _told(kind: str, row: Unmatched) -> str:
    cells = " ".join(f"{c}={v}" for c, v in row.row)
    if row.nearest is None:
        return f"  {kind} {row.circular_id}: {cells}"
    differences = "; ".join(f"{c}: gold {g!r}, ours {o!r}" for c, g, o in row.differing)
    return f"  {kind} {row.circular_id}: {cells}\n    nearest differs in {differences}"


def _table_json(table: TableEvaluation) -> dict[str, Any]:
    def rows(unmatched: tuple[Unmatched, ...]) -> list[dict[str, Any]]:
        return [
            {
                CIRCULAR: u.circular_id,
                "row": dict(u.row),
                "nearest": None if u.nearest is None else dict(u.nearest),
                "differing": [{"column": c, "gold": g, "ours": o} for c, g, o in u.differing],
            }
            for u in unmatched
        ]

    return {**_numbers(table), "misses": rows(table.misses), "extras": rows(table.extras)}


def _numbers(table: TableEvaluation) -> dict[str, Any]:
    return {
        "n_gold": table.n_gold,
        "n_found": table.n_found,
        "n_right": table.n_right,
        "precision": None if table.precision is None else round(table.precision, 6),
        "recall": None if table.recall is None else round(table.recall, 6),
    }
