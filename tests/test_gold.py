"""The five first circulars from raw file to table, against an annotation made by reading (tests/gold)."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from tongbao.build import build_folder

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests/gold"
CIRCULARS = sorted(p.name for p in GOLD.iterdir() if p.is_dir())
TABLES = [
    "circulars",
    "citations",
    "pass_rates",
    "grade_totals",
    "ratings",
    "score_counts",
    "deductions",
    "findings",
    "sites",
    "figures",
]
# Wording and names of things, and what cannot be read from a page (tests/gold/README.md says which and why).
NOT_COMPARED = {
    "agency",
    "copy_kind",
    "detail",
    "n_numerals",
    "n_numerals_explained",
    "n_repairs",
    "n_unrepaired",
    "raw_file",
    "scale_id",
    "script",
    "unit_name",
    "what",
}

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("built")
    build_folder(ROOT / "data/raw", out, yaml.safe_load((ROOT / "params.yaml").read_text("utf-8")))
    return out / "tidy"


def same_form(value: str) -> str:
    """Numbers in one form, so that 1 and 1.0 are the same cell."""
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("circular", CIRCULARS)
def test_rows_are_those_of_the_annotation(built, circular, table):
    gold = read(GOLD / circular / f"{table}.csv")
    ours = [row for row in read(built / f"{table}.csv") if row["circular_id"] == circular]
    accepted = {
        (a["column"], a["gold"], a["ours"])
        for a in read(GOLD / "accepted_differences.csv")
        if (a["circular_id"], a["table"]) == (circular, table)
    }
    if not gold:
        assert ours == []
        return
    columns = [c for c in gold[0] if c not in NOT_COMPARED | {"quote", "basis"} or (c == "basis" and c in ours[0])]

    def seen(row: Row) -> tuple[str, ...]:
        return tuple(same_form(row[c]) for c in columns)

    missed = list((Counter(map(seen, gold)) - Counter(map(seen, ours))).elements())
    extra = list((Counter(map(seen, ours)) - Counter(map(seen, gold))).elements())
    differences = {
        (columns[i], a, b)
        for x, y in zip(missed, extra, strict=False)
        for i, (a, b) in enumerate(zip(x, y, strict=True))
        if a != b
    }
    assert len(missed) == len(extra), f"missed {missed}, extra {extra}"
    assert differences == accepted


@pytest.mark.parametrize("table", [t for t in TABLES if t != "circulars"])
def test_quotes_are_the_characters_at_the_span(built, table):
    for row in read(built / f"{table}.csv"):
        text = (built.parent / f"interim/text/{row['circular_id']}.txt").read_text("utf-8")
        quoted = text[int(row["start"]) : int(row["end"])]
        assert row["quote"].lstrip("'").replace("\\n", "\n") == quoted and quoted


@pytest.mark.parametrize("circular", CIRCULARS)
def test_units_that_share_an_agency_share_it_here(built, circular):
    gold = {r["unit"]: r["agency"] for r in read(GOLD / circular / "ratings.csv")}
    ours = {r["unit"]: r["agency"] for r in read(built / "ratings.csv") if r["circular_id"] == circular}
    assert ours.keys() == gold.keys()
    assert {u: bool(a) for u, a in ours.items()} == {u: bool(a) for u, a in gold.items()}


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
