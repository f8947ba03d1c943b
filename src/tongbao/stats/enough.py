"""The minimum-data rules: "not enough data" is an output, with its reason.

Belongs here: the one gate that every output goes through, and the words of its answer. What each kind needs and what is
shown otherwise are words in `data/reference/minimum_data.csv`. Does not belong here: the rules themselves
(`minimum.py`), whether two rows measure the same thing (`comparable.py`).

A fact that the source does not state is given as None. It never satisfies a rule.
"""

import csv
import inspect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.stats.minimum import RULES, Rule


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no with its reason; true in an `if`, and unpacks as (ok, reason)."""

    ok: bool
    reason: str

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[bool | str]:
        return iter((self.ok, self.reason))


@dataclass(frozen=True, slots=True)
class MinimumData:
    """One row of `minimum_data.csv`: what an output needs and what is shown otherwise."""

    kind: str
    needs_en: str
    needs_zh: str
    otherwise_en: str
    otherwise_zh: str
    source: str


def kinds() -> list[str]:
    """Return the kinds of output that have a rule, sorted."""
    return sorted(RULES)


def facts_of(kind: str) -> list[str]:
    """Return the names of the facts that a kind asks for."""
    return list(inspect.signature(_predicate(kind)).parameters)


def minimum_data(kind: str) -> MinimumData:
    """Return the words of the rule of this kind, from the project's reference data."""
    _predicate(kind)
    path = find_project().reference / "minimum_data.csv"
    words = _read_words(path)
    if kind not in words:
        raise TongbaoError(f"no row for the kind {kind!r}", place=path.name, remedy="add the row")
    return words[kind]


def enough(kind: str, **facts: object) -> Verdict:
    """Tell whether the data support an output of this kind, and why not.

    Args:
        kind: the output, one of `kinds()`.
        facts: the facts of `facts_of(kind)`, all of them; None stands for "the source does not say".

    Returns:
        The verdict. Its reason is one or more full sentences for a reader without statistics.

    Raises:
        TongbaoError: the kind is unknown, or a fact is missing or superfluous; the message names it.
    """
    wanted = facts_of(kind)
    missing = [name for name in wanted if name not in facts]
    superfluous = sorted(set(facts) - set(wanted))
    if missing or superfluous:
        found = [f"the fact {name!r} is missing" for name in missing]
        found += [f"the fact {name!r} is not asked for" for name in superfluous]
        raise TongbaoError(
            "; ".join(found),
            place=f"rule {kind}",
            remedy=f"give {', '.join(wanted)}; None where the source does not say",
        )
    words = minimum_data(kind)
    shortfalls = list(_predicate(kind)(**{name: _tidy(fact) for name, fact in facts.items()}))
    if not shortfalls:
        return Verdict(True, f"The data suffice: {words.needs_en}.")
    return Verdict(False, f"{' '.join(shortfalls)} This needs {words.needs_en}. Shown instead: {words.otherwise_en}.")


def _tidy(fact: Any) -> Any:
    """Return a fact from a table as the rules expect it: an empty cell as None, 270.0 (a column with gaps) as 270."""
    if isinstance(fact, str | Mapping):
        return fact
    if isinstance(fact, Collection):
        return [_tidy(part) for part in fact]
    if fact is None or pd.isna(fact):
        return None
    if isinstance(fact, bool | np.bool_):
        return bool(fact)
    return int(fact) if float(fact).is_integer() else float(fact)


def _predicate(kind: str) -> Rule:
    if kind not in RULES:
        raise TongbaoError(f"no minimum-data rule of the kind {kind!r}", remedy=f"use one of: {', '.join(kinds())}")
    return RULES[kind]


@lru_cache(maxsize=8)
def _read_words(path: Path) -> dict[str, MinimumData]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["kind"]: MinimumData(**row) for row in csv.DictReader(file)}
    except FileNotFoundError:
        raise TongbaoError(
            "the words of the minimum-data rules are missing", place=path.name, remedy="restore data/reference"
        ) from None
