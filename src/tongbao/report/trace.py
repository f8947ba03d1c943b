"""The numbers of a sentence as links: each to the row that it stands in, the rest to the list of rows behind it.

What belongs here: finding the row of an analysis that a sentence quotes. What does not: addresses (`sources`), the
sentences (`tongbao.stats`), numbers in cells (`figure`).

A row is behind a number if the sentence names the row (by its circular, place, panel or label) and the number is the
value of one of its cells, rounded as the sentence rounds. The row that explains most numbers of the sentence goes
first. Where several rows explain a number equally well, the number leads to the table of the circular that holds them
all, or, if there is none, nowhere by itself. Numbers that no row explains (counts of rows, for one) lead to where rows
are listed. Numbers that are no data are in `data/reference/numbers_apart.csv`: periods, levels of intervals, minimum
data, examples.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from tongbao.project import find_project
from tongbao.report import language, sources
from tongbao.report.safe import attribute, escape
from tongbao.report.sources import Origin
from tongbao.stats.result import Analysis
from tongbao.stats.sources import CODED, SOURCES

_NAMING = ("label", "circular", "panel", "scope", "group", "group_a", "headline", "list", "name", "unit")
"""Columns whose text names a row for a reader."""

_NUMBER = re.compile(r"(?:(?<![^\s(（])[-−+])?(?<![A-Za-z0-9_.,])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?![0-9A-Za-z_])")
"""The 6 of IPv6 belongs to a name, the minus of 1-2 to a range."""
_PERCENT = re.compile(r"\s?%|[–-]\d+(?:\.\d+)?\s?%")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_MOST = 12
"""Origins listed behind a sentence at most; more are better read in their table."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number printed in a text.

    Attributes:
        start: where it begins, its sign included.
        end: where it ends, the sign of per cent included.
        digits: without sign and commas.
        is_percent: whether it counts hundredths, as both numbers of 93.5–97.6% do.
    """

    start: int
    end: int
    digits: str
    is_percent: bool

    @property
    def decimals(self) -> int:
        """How many digits stand after its point."""
        return len(self.digits.partition(".")[2])


@dataclass(frozen=True, slots=True)
class Ground:
    """A row of an analysis that sentences may quote: what names it, its cells, its origins."""

    names: frozenset[str]
    cells: tuple[object, ...]
    origins: tuple[Origin, ...]

    def prints(self, number: Number) -> bool:
        """Whether a cell holds the number, rounded as it is printed."""
        return any(_holds(cell, number) for cell in self.cells)


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of a text that are data: all but those that `numbers_apart.csv` sets apart."""
    apart = [found.span() for pattern, _ in set_apart() for found in pattern.finditer(text)]
    return [n for n in _numbers(text) if not any(start < n.end and n.start < end for start, end in apart)]


def set_apart() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns of numbers that are no data, each with the reason."""
    return _apart(find_project().reference / "numbers_apart.csv")


def grounds(tables: Mapping[str, pd.DataFrame], labels: Mapping[str, str]) -> list[Ground]:
    """Return the rows of `tables` that say where they come from.

    Args:
        tables: by the name that `table_sources.csv` knows them by.
        labels: what readers call a circular, by its id.
    """
    found = []
    for name, frame in tables.items():
        key = re.sub(r"[._]", "-", name)
        columns = [str(c) for c in frame.columns]
        for values in frame.itertuples(index=False, name=None):
            row = dict(zip(columns, values, strict=True))
            names = _names(row, labels)
            for column, others in sources.of_columns(row, key).items():
                found.append(Ground(names, tuple(_cells({column: row.pop(column)})), others))
            if origins := tuple(sources.origins(row, key)):
                found.append(Ground(names, tuple(_cells(row)), origins))
    return found


def labels_of(analyses: Iterable[Analysis]) -> dict[str, str]:
    """Return what readers call the circulars of some analyses, by their ids."""
    found: dict[str, str] = {}
    for analysis in analyses:
        frame = analysis.tables.get("circulars", pd.DataFrame())
        if {"circular_id", "label"} <= set(frame.columns):
            found |= dict(zip(frame["circular_id"], frame["label"], strict=True))
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; joined they are the text, but for the space between two."""
    return [part for part in _SENTENCE.split(text) if part]


def traced(shown: str, known: Sequence[Ground], rest: Sequence[Origin], *, head: str = "") -> str:
    """Return a text as HTML, its numbers linked.

    Args:
        shown: the text in the language of the page.
        known: rows that it may quote.
        rest: where the rows are listed that no number of its own leads to; used only if such a number is left.
        head: how the text begins, to be printed bold.
    """
    wanted = numbers_in(shown)
    found = _explained(shown, wanted, known)
    parts = [_linked(shown, 0, len(head), found), _linked(shown, len(head), len(shown), found)]
    several = dict.fromkeys(o for number in wanted for o in found.get(number, ()) if len(found[number]) > 1)
    behind = list(several) if len(several) <= _MOST else []
    if any(number not in found for number in wanted) or (several and not behind):
        behind += [o for o in rest if o not in behind]
    return (f"<b>{parts[0]}</b>" if head else "") + parts[1] + _behind(behind)


def _linked(text: str, start: int, end: int, found: Mapping[Number, tuple[Origin, ...]]) -> str:
    """A part of the text, with each number that has one origin as a link."""
    parts, at = [], start
    for number in sorted(found, key=lambda n: n.start):
        if len(found[number]) == 1 and start <= number.start < end:
            parts += [escape(text[at : number.start])]
            parts += [sources.linked(escape(text[number.start : number.end]), found[number][0])]
            at = number.end
    return "".join([*parts, escape(text[at:end])])


@dataclass(frozen=True, slots=True)
class About:
    """What the sentences of a notebook are about: the rows of the analyses that it has read, and its circulars."""

    known: tuple[Ground, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    has_coded: bool = False

    def rest(self, english: str) -> list[Origin]:
        """Return where the rows behind a sentence are listed: its circulars, the coded figures, or all circulars."""
        named = [o for name, label in self.labels.items() if label in english for o in sources.of_cell(name)]
        if named:
            return named
        if self.has_coded and re.search(r"\bcoded\b|Second source", english):
            return sources.of_cell(CODED)
        return [Origin("#circulars", language.say("Circulars", language.current()))] if self.labels else []


def about(analyses: Sequence[Analysis]) -> About:
    """Return what sentences are about in a notebook that has read `analyses`."""
    spoken = language.current()
    for then, them, found in _last:
        if then == spoken and [id(analysis) for analysis in them] == [id(analysis) for analysis in analyses]:
            return found
    labels = labels_of(analyses)
    tables = [analysis.tables for analysis in analyses]
    known = tuple(ground for each in tables for ground in grounds(each, labels))
    has_coded = any("coded_file" in frame for each in tables for frame in each.values())
    _last[:] = [(spoken, list(analyses), About(known, labels, has_coded))]
    return _last[0][2]


_last: list[tuple[str, list[Analysis], About]] = []
"""The last answer of `about`, because every remark of a notebook asks for the same."""


def _behind(origins: Sequence[Origin]) -> str:
    """Links to the rows behind a sentence."""
    if not origins:
        return ""
    return f' <span class="behind">{"".join(_arrow(o) for o in origins)}</span>'


def _arrow(origin: Origin) -> str:
    said = language.say("rows: {place}", language.current(), place=origin.name)
    href = attribute(origin.href)
    return f'<a class="source arrow" href="{href}" title="{attribute(said)}" aria-label="{attribute(said)}">→</a>'


def _explained(text: str, wanted: Sequence[Number], known: Sequence[Ground]) -> dict[Number, tuple[Origin, ...]]:
    """The origins of each number that one row of those named in the text explains best."""
    named = [ground for ground in known if any(name in text for name in ground.names)]
    covers = [(ground, {n for n in wanted if ground.prints(n)}) for ground in named]
    left, found = set(wanted), dict[Number, tuple[Origin, ...]]()
    while most := max((len(numbers & left) for _, numbers in covers), default=0):
        best = [(ground, numbers & left) for ground, numbers in covers if len(numbers & left) == most]
        explained = best[0][1]
        rivals = list(dict.fromkeys(ground.origins for ground, numbers in best if numbers & explained))
        if origins := rivals[0] if len(rivals) == 1 else sources.common(rivals):
            found |= dict.fromkeys(explained, origins)
        left -= explained
    return found


def _names(row: Mapping[str, Any], labels: Mapping[str, str]) -> frozenset[str]:
    own = [row.get(column) for column in _NAMING]
    texts = {
        text for text in [*own, labels.get(str(row.get("circular_id")))] if isinstance(text, str) and len(text) > 1
    }
    spoken = language.current()
    return frozenset(texts | {language.translate(text, spoken) for text in texts})


def _cells(row: Mapping[str, Any]) -> Iterable[object]:
    """The values of a row that a sentence may quote: no ids, no places of origin, no truth values."""
    for column, value in row.items():
        if column in {"circular_id", "row", "coded_row", "coded_file", SOURCES, "gate", "source_table"}:
            continue
        if isinstance(value, str):
            yield frozenset((n.digits, n.is_percent) for n in _numbers(value)) if column not in _NAMING else None
        elif sources.is_number(value):
            yield float(value)


def _holds(cell: object, number: Number) -> bool:
    if isinstance(cell, frozenset):
        return (number.digits, number.is_percent) in cell
    if not isinstance(cell, float):
        return False
    k, size = number.decimals, abs(cell)
    as_hundredths = f"{100 * size:.{k}f}" == number.digits
    if number.is_percent:
        return as_hundredths
    is_itself = f"{size:.{k}f}" == number.digits and (k > 0 or size.is_integer())
    return is_itself or (k > 0 and as_hundredths)


def _numbers(text: str) -> list[Number]:
    found = []
    for m in _NUMBER.finditer(text):
        percent = _PERCENT.match(text, m.end())
        is_own = percent is not None and percent.group().strip() == "%"
        end = percent.end() if percent is not None and is_own else m.end()
        found.append(Number(m.start(), end, m.group("digits").replace(",", ""), percent is not None))
    return found


@lru_cache(maxsize=4)
def _apart(path: Path) -> tuple[tuple[re.Pattern[str], str], ...]:
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple((re.compile(row["pattern"]), row["reason"]) for row in csv.DictReader(handle))
