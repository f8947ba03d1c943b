"""Damage done on purpose to made-up circulars that the scoring model has not seen: floors for what is read again.

`benchmarks/damage.py` does the damage, and measures it with more places.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from tongbao.project import find_project
from tongbao.restore import script

ROOT = Path(__file__).resolve().parents[2]
N_EACH = 120


@cache
def report() -> ModuleType:
    spec = importlib.util.spec_from_file_location("damage", ROOT / "benchmarks" / "damage.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["damage"] = module
    spec.loader.exec_module(module)
    return module


@cache
def lines() -> tuple[str, ...]:
    return tuple(report().sentences(ROOT / "tests" / "corpus"))


def test_what_is_claimed_is_right_and_much_is_claimed() -> None:
    table = report().summary(list(report().outcomes(list(lines()), N_EACH)))
    claims = table["all"]["exact"] + table["all"]["wrong"]
    assert claims >= 100
    assert table["all"]["wrong"] <= max(2, 0.02 * claims), table
    assert table["all"]["wrong_share"] < 0.01, table
    assert table["unaligned"]["exact_share"] >= 0.55 and table["unaligned_annotated"]["exact_share"] >= 0.55, table
    assert table["lead"]["exact_share"] >= 0.5, table
    assert table["unaligned"]["missed"] <= 0.05 * table["unaligned"]["n"], table


def test_a_margin_that_is_wide_enough_leaves_no_mistakes() -> None:
    rows = report().by_margin(list(report().outcomes(list(lines()), N_EACH, 0.0)))
    assert rows[0]["n_wrong"] > 0, "without a margin there are mistakes to avoid"
    assert rows[-1]["margin"] == 8.0 and rows[-1]["n_wrong"] == 0 and rows[-1]["n_repaired"] > 50
    precisions = [row["precision"] for row in rows]
    assert precisions == sorted(precisions)


def test_the_damage_is_what_it_says() -> None:
    found = list(report().damaged_lines(list(lines()), 20))
    assert {kind for kind, _, _ in found} == set(report().KINDS)
    assert all(damaged != report().fold(line) and "?" in damaged for _, line, damaged in found)
    assert all(script.traditional_share(line) > 0 for _, line, _ in found)
    annotated = [damaged for kind, _, damaged in found if kind == "unaligned_annotated"]
    assert sum("ǎ" in text or "(" in text for text in annotated) > len(annotated) / 2


def test_the_sentences_are_in_no_source_of_the_model() -> None:
    project = find_project()
    prose = (project.reference / "official_prose.txt").read_text("utf-8")
    raw = "".join(path.read_text("utf-8") for path in sorted(project.raw.glob("*.txt")))
    assert len(lines()) > 200
    assert not [line for line in lines() if line in prose or line in raw]
