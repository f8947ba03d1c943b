"""Pass rates, scores, deductions and figures against small made-up circulars and sentences from the first five.

A case holds `box` (wild, made_up, must_not, known_failures), `label`, `text`, `expect` (all rows of the table, in text
order; only the listed columns are compared, null means that the column stays empty), and perhaps `frame` (see
cases/frames.yml, default province), `quotes` (the slices of the rows) and `xfail` (why it fails, strictly).
"""

import csv
from pathlib import Path

import pytest
import yaml

from tongbao.extract.context import read_context
from tongbao.extract.deduction_tables import table_deductions
from tongbao.extract.document import Document
from tongbao.extract.facts import Fact
from tongbao.extract.figures import figures
from tongbao.extract.pass_rates import pass_rates
from tongbao.extract.rates_inspection import own_inspection
from tongbao.extract.scores import scores
from tongbao.extract.statements import mask

CASES = Path(__file__).parent / "cases"
FRAMES = yaml.safe_load((CASES / "frames.yml").read_text("utf-8"))
BOXES = {"wild", "made_up", "must_not", "known_failures"}


def _cases(table):
    rows = yaml.safe_load((CASES / f"{table}.yml").read_text("utf-8"))
    for row in rows:
        marks = [pytest.mark.xfail(strict=True, reason=row["xfail"])] if "xfail" in row else []
        yield pytest.param(row, id=f"{row['box']}: {row['label']}", marks=marks)


def _read(case):
    frame = FRAMES[case.get("frame", "province")]
    text = frame["head"] + case["text"].strip() + "\n" + frame["tail"]
    context = read_context(Document("case", text.strip() + "\n"))
    facts = [x for rule in (pass_rates, scores, table_deductions) for x in rule(context) if isinstance(x, Fact)]
    facts += figures(context, facts)
    return context.document.text, facts


def _check(case, table):
    assert case["box"] in BOXES
    assert (case["box"] == "known_failures") == ("xfail" in case)
    text, facts = _read(case)
    rows = sorted((f for f in facts if f.table == table), key=lambda f: (f.start, f.end))
    assert case["box"] != "must_not" or table == "figures" or case["expect"] == []
    found = [dict(f.values) | {"basis": f.basis} for f in rows]
    wanted = case["expect"]
    shown = [{k: f.get(k) for k in w} for f, w in zip(found, wanted, strict=False)] + found[len(wanted) :]
    assert shown == wanted
    if "quotes" in case:
        assert [text[f.start : f.end] for f in rows] == case["quotes"]


@pytest.mark.parametrize("case", list(_cases("pass_rates")))
def test_pass_rates(case):
    _check(case, "pass_rates")


@pytest.mark.parametrize("case", list(_cases("score_counts")))
def test_score_counts(case):
    _check(case, "score_counts")


@pytest.mark.parametrize("case", list(_cases("deductions")))
def test_deductions(case):
    _check(case, "deductions")


@pytest.mark.parametrize("case", list(_cases("figures")))
def test_figures(case):
    _check(case, "figures")


def _decoys():
    with (CASES / "decoys.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row["text"], float(row["value"]), id=row["text"][:-1]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "value"), _decoys())
def test_a_percentage_of_something_else_is_a_figure_and_no_rate(text, value):
    _, facts = _read({"text": text})
    assert not [f for f in facts if f.table == "pass_rates"]
    assert value in [f.values["value"] for f in facts if f.table == "figures" and f.values["unit"] == "%"]


_ISSUERS = {
    "province": "山西省人民政府办公厅",
    "prefecture": "衡水市人民政府办公室",
    "county": "沛县人民政府办公室",
    "department": "江西省环境保护厅办公室",
}


def _inspectors():
    with (CASES / "inspectors.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["text"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", _inspectors())
def test_who_inspects_is_read_where_the_text_says_it(row):
    issuer = _ISSUERS[row["issuer"]]
    title = f"{issuer}关于2019年第四季度政府网站检查情况的通报"
    text = f"{title}\n各有关单位：\n{row['text']}\n{issuer}\n2019年12月13日\n"
    context = read_context(Document("case", text))
    assert own_inspection(context, mask(text)).inspector_level == row["level"]


def test_no_two_rows_have_one_key():
    for case in [p.values[0] for t in ("pass_rates", "figures", "score_counts") for p in _cases(t)]:
        _, facts = _read(case)
        keys = [
            tuple(f.values.get(k, "") for k in ("scope", "period", "measure", "inspector_level"))
            for f in facts
            if f.table == "pass_rates"
        ]
        assert len(keys) == len(set(keys)), case["label"]


def test_no_figure_repeats_a_numeral_that_a_row_already_holds():
    for case in [p.values[0] for t in ("pass_rates", "score_counts", "deductions") for p in _cases(t)]:
        _, facts = _read(case)
        taken = [span for f in facts if f.table != "figures" for span in ((f.start, f.end), *f.uses)]
        for figure in (f for f in facts if f.table == "figures"):
            inside = [s for s in taken if s[0] <= figure.start and figure.end <= s[1]]
            assert not inside, case["label"]


@pytest.mark.parametrize(
    "body",
    [
        "1" * 5000 + "%合格率" + "9" * 5000 + "%",
        "得分" + "8" * 5000 + "分以上的市州有" + "3" * 5000 + "个",
        "市民政局扣分" + "7" * 5000 + "分",
        "（" * 2000 + "合格率95%",
        "连续" + "9" * 400 + "个季度抽查合格率100%",
        "合格率" * 2000,
    ],
)
def test_hostile_text_is_read_without_error(body):
    _, facts = _read({"text": body})
    assert all(f.values.get("rate", 0) <= 1 for f in facts)
