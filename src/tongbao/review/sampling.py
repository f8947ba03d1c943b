"""Which circulars to code: a stratified sample with known inclusion probabilities. Files are written in `workbook`.

Proportional allocation with at least one circular a stratum where there are enough draws (Cochran 1977, Sampling
Techniques, ch. 5; largest remainders). Within a stratum the circulars with the smallest permanent random numbers are
taken (Ohlsson 1995, Coordination of samples using permanent random numbers): they depend on the seed and the id alone,
so a circular added later does not redraw the others. With fewer draws than strata the draw is systematic along the
strata (Cochran, ch. 8), which gives every circular the same probability.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongbao.errors import TongbaoError

YEAR = "year"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: what its circulars share, how many there are, which were drawn, and each one's chance of it."""

    values: tuple[str, ...]
    size: int
    drawn: tuple[str, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Sample:
    """The design and what it gave; strata in order, circulars in the order of their ids."""

    by: tuple[str, ...]
    seed: int
    strata: tuple[Stratum, ...]

    @property
    def drawn(self) -> tuple[str, ...]:
        """All circulars drawn."""
        return tuple(sorted(circular for stratum in self.strata for circular in stratum.drawn))

    def design(self) -> list[tuple[str, ...]]:
        """Return the design as lines of text: header first, one line a stratum."""
        head = (*self.by, "circulars", "drawn", "inclusion probability")
        return [
            head,
            *((*s.values, str(s.size), str(len(s.drawn)), f"{s.probability:.4g}") for s in self.strata),
        ]


def draw(circulars: Sequence[Mapping[str, Any]], n: int, by: Sequence[str] = (), seed: int = 0) -> Sample:
    """Draw `n` circulars.

    Args:
        circulars: the rows of the table.
        n: how many; at least one.
        by: columns of `circulars`, or `year` (of issue; else the period's); without any there is one stratum.
        seed: another seed draws another sample.

    Raises:
        TongbaoError: there are fewer circulars than `n`, or a column is not known.
    """
    if not 1 <= n <= len(circulars):
        raise TongbaoError(
            f"{n} circulars cannot be drawn from {len(circulars)}",
            place="sample",
            remedy="ask for fewer, or at least 1",
        )
    unknown = [name for name in by if name != YEAR and name not in circulars[0]]
    if unknown:
        raise TongbaoError(
            f"unknown stratum {', '.join(unknown)}", place="sample", remedy=f"use {YEAR} or a column of circulars"
        )
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in circulars:
        groups.setdefault(tuple(_value(row, name) for name in by), []).append(str(row["circular_id"]))
    names = sorted(groups)
    ranked = {name: sorted(groups[name], key=lambda i: _random(seed, i)) for name in names}
    if n < len(names):
        line = [circular for name in names for circular in ranked[name]]
        step = len(line) / n
        start = int.from_bytes(_random(seed, "")[:6]) / 2**48 * step
        chosen = {line[int(start + k * step)] for k in range(n)}
        strata = [_stratum(name, ranked[name], chosen, n / len(line)) for name in names]
    else:
        numbers = allocate([len(groups[name]) for name in names], n)
        strata = [
            _stratum(name, ranked[name], set(ranked[name][:take]), take / len(ranked[name]))
            for name, take in zip(names, numbers, strict=True)
        ]
    return Sample(tuple(by), seed, tuple(strata))


def _stratum(name: tuple[str, ...], circulars: Sequence[str], chosen: set[str], probability: float) -> Stratum:
    return Stratum(name, len(circulars), tuple(sorted(chosen & set(circulars))), probability)


def allocate(sizes: Sequence[int], n: int) -> list[int]:
    """Return how many to draw from each stratum: one each, the rest in proportion, none more than it has."""
    taken = [1] * len(sizes)
    total = sum(sizes)
    while sum(taken) < n:
        short = [size * n / total - t if t < size else float("-inf") for size, t in zip(sizes, taken, strict=True)]
        best = max(range(len(sizes)), key=lambda i: (short[i], sizes[i], -i))
        taken[best] += 1
    return taken


def _value(row: Mapping[str, Any], name: str) -> str:
    if name != YEAR:
        return "" if row[name] is None else str(row[name])
    issued = row["issued_on"]
    return str(issued.year) if isinstance(issued, date) else str(row["period"] or "")[:4]


def _random(seed: int, circular_id: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{circular_id}".encode()).digest()
