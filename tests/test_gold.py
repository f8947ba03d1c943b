"""The five first circulars from raw file to table, against an annotation made by reading (tests/gold)."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from tongbao.build import build_folder
from tongbao.tidy.gold_folder import evaluate_folder
from tongbao.tidy.schema import load_schema

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests/gold"
CIRCULARS = sorted(p.name for p in GOLD.iterdir() if p.is_dir())


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("built")
    build_folder(ROOT / "data/raw", out, yaml.safe_load((ROOT / "params.yaml").read_text("utf-8")))
    return out / "tidy"


def test_the_tables_are_those_of_the_annotation(built):
    found = evaluate_folder(GOLD, built)
    assert found.is_perfect, found.to_text()
    assert {t.table for t in found.tables} >= {"pass_rates", "ratings", "deductions", "findings", "score_counts"}


@pytest.mark.parametrize("table", [t.name for t in load_schema(ROOT / "data/reference").tables if "quote" in t.names])
def test_quotes_are_the_characters_at_the_span(built, table):
    for row in read(built / f"{table}.csv"):
        text = (built.parent / f"interim/text/{row['circular_id']}.txt").read_text("utf-8")
        quoted = text[int(row["start"]) : int(row["end"])]
        assert row["quote"].lstrip("'").replace("\\n", "\n") == quoted and quoted


def classes(agencies: dict[str, str]) -> set[frozenset[str]]:
    """The sets of units that bear one key; how the key is spelled is no matter."""
    return {frozenset(u for u, a in agencies.items() if a == key) for key in set(agencies.values()) if key}


@pytest.mark.parametrize("circular", CIRCULARS)
def test_units_that_share_an_agency_share_it_here(built, circular):
    gold = {r["unit"]: r["agency"] for r in read(GOLD / circular / "ratings.csv")}
    ours = {r["unit"]: r["agency"] for r in read(built / "ratings.csv") if r["circular_id"] == circular}
    assert ours.keys() == gold.keys()
    assert classes(ours) == classes(gold)


BROKEN = {
    "dayawan-2018q1": {"a name twice in one list": "twice", "body against annex 3": "annex"},
    "jiangsu-2018q3": {"eleven failures announced, none listed": "annex"},
    "yanan-2016": {"a misprinted citation": "number", "annexes not in the copy": "annex"},
}


@pytest.mark.parametrize("circular", CIRCULARS)
def test_the_documents_own_inconsistencies_are_found(built, circular):
    checks = [r for r in read(built / "checks.csv") if r["circular_id"] == circular]
    broken = " ".join(f"{r['check']} {r['note']}" for r in checks if r["holds"] == "false")
    assert any(r["holds"] == "true" for r in checks)
    for what, word in BROKEN.get(circular, {}).items():
        assert word in broken, what
    if circular not in BROKEN:
        assert broken == ""


@pytest.mark.parametrize(
    ("circular", "check", "found", "note"),
    [
        ("dayawan-2018q1", "same_units_in_category", "区审计局、区社保局", "only in the body: 区市场监督管理局"),
        ("gansu-2021", "higher_threshold_not_larger", "8", "市州: 85 listed, 80 counted"),
        ("gansu-2021", "higher_threshold_not_larger", "21", "部门: 85 listed, 80 counted"),
        ("jiangsu-2018q3", "named_failures_within_total", "4", "7 are not named"),
        ("yanan-2016", "cited_number_form", "陕政办法〔2015〕13号", "no form of paper ends like this"),
    ],
)
def test_what_a_document_says_twice_is_compared(built, circular, check, found, note):
    rows = [r for r in read(built / "checks.csv") if (r["circular_id"], r["check"]) == (circular, check)]
    assert any(r["found"].startswith(found) and note in r["note"] for r in rows), rows


def private_words() -> set[str]:
    """Names, numbers and addresses of contacts and editors, and spam titles, found in the raw files themselves."""
    words: set[str] = set()
    for path in sorted((ROOT / "data/raw").glob("*.txt")):
        raw = path.read_text("utf-8")
        plain = OpenCC("t2s").convert(re.sub(r"(?<=[\u4e00-\u9fff])\([^()\u4e00-\u9fff]{1,6}\)", "", raw))
        words |= set(re.findall(r"(?:联系人|编辑)[:：]([\u4e00-\u9fff]{2,4})", plain))
        words |= set(re.findall(r"(?:电话|传真)[:：]([\d-]{7,})", plain))
        words |= set(re.findall(r"[\w.]+@[\w.]+", plain))
        first = plain.lstrip().split("\n")[0]
        words |= set(first.split("_")) if "_" in first else set()
    return {w for w in words if len(w) > 1}


def test_no_contact_and_no_spam_reaches_a_table(built):
    private = private_words()
    assert len(private) > 10
    everything = "".join(p.read_text("utf-8-sig") for p in built.glob("*.csv"))
    assert sum(word in everything for word in private) == 0  # the words themselves are not printed
