"""Damage done on purpose to made-up circulars that the scoring model has not seen: floors for what is read again.

`benchmarks/damage.py` does the damage, and measures it with more places.
"""

import importlib.util
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from tongbao.project import find_project
from tongbao.restore import script

ROOT = Path(__file__).resolve().parents[2]
N_PLACES = 5
MARGIN = 3.0
LOOSE = -8.0
"""A margin that lets any reading through."""


@cache
def report() -> ModuleType:
    spec = importlib.util.spec_from_file_location("damage", ROOT / "benchmarks" / "damage.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["damage"] = module
    spec.loader.exec_module(module)
    return module


@cache
def lines(half: str = "measure") -> tuple[str, ...]:
    return tuple(report().sentences(ROOT / "tests" / "corpus", half))


@cache
def found() -> tuple[Any, ...]:
    """What became of every damaged place without an accept margin, on the half that no margin was chosen on."""
    return tuple(report().outcomes(list(lines()), N_PLACES, 0.0, ("unaligned", "unaligned_annotated", "lead")))


def test_what_is_claimed_is_right_and_what_is_damaged_is_seen() -> None:
    kept = [o if o.margin is None or o.margin >= MARGIN else o._replace(result="open") for o in found()]
    table = report().summary(kept)
    sure = report().claims(table["all"])
    assert sure["claims"] >= 300, table  # so many that one mistake in a new circular is no alarm
    assert sure["wrong"] < 0.01 * sure["claims"], [o for o in kept if o.result == "wrong"]
    assert table["lead"]["exact_share"] >= 0.45, table
    assert table["unaligned"]["exact_share"] >= 0.2 and table["unaligned_annotated"]["exact_share"] >= 0.2, table
    assert table["unaligned"]["missed"] <= 0.05 * table["unaligned"]["n"], table
    assert table["lead"]["missed"] <= 0.08 * table["lead"]["n"], table


def test_the_margins_are_what_keeps_mistakes_away() -> None:
    some = list(report().outcomes(list(lines()[:80]), 2, LOOSE))
    rows = [sum(o.result == "wrong" and o.margin >= least for o in some) for least in (0.0, MARGIN - LOOSE)]
    assert rows[0] >= 3 > rows[1]
    table = report().by_margin(list(found()))
    for less, more in pairwise(table):
        assert more["n_repaired"] <= less["n_repaired"] and more["n_wrong"] <= less["n_wrong"]


def test_a_new_circular_moves_no_other_to_the_other_half() -> None:
    half_of = report().half_of
    names = [path.name for path in sorted((ROOT / "tests" / "corpus").glob("*.yml"))]
    n_measured = sum(half_of(name) == "measure" for name in names)
    assert len(names) / 3 < n_measured < 2 * len(names) / 3
    assert not set(lines("choose")) & set(lines("measure"))
    few = list(report().damaged_lines(list(lines()[:10]), 2))
    more = list(report().damaged_lines(list(lines()[:20]), 2))
    assert {case for case in few if case[0] == "lead"} <= set(more)


def test_the_upper_bound_of_mistakes() -> None:
    bound = report().claims({"exact": 299, "wrong": 0})["upper_bound"]
    assert abs(bound - (1 - 0.05 ** (1 / 299))) < 1e-4  # with no mistake the bound has this form
    assert report().claims({"exact": 298, "wrong": 1})["upper_bound"] > bound


def test_the_damage_is_what_it_says() -> None:
    found = list(report().damaged_lines(list(lines()[:40]), 2))
    assert {kind for kind, _, _ in found} == set(report().KINDS)
    assert all(damaged != report().fold(line) and "?" in damaged for _, line, damaged in found)
    assert all(script.traditional_share(line) > 0 for _, line, _ in found)
    annotated = [damaged for kind, _, damaged in found if kind == "unaligned_annotated"]
    assert sum("ǎ" in text or "(" in text for text in annotated) > len(annotated) / 2


def test_the_sentences_are_in_no_source_of_the_model() -> None:
    project = find_project()
    prose = (project.reference / "official_prose.txt").read_text("utf-8")
    raw = "".join(path.read_text("utf-8") for path in sorted(project.raw.glob("*.txt")))
    every = [*lines("choose"), *lines("measure")]
    assert len(every) > 200
    assert not [line for line in every if line in prose or line in raw]
