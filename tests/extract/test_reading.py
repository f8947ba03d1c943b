"""The grammar that all rules stand on: numerals, numbers, periods, pieces of text."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.extract.chinese_numbers import parse_chinese, parse_count
from tongbao.extract.context import complete_period
from tongbao.extract.mentions import find_counts, find_numbers
from tongbao.extract.periods import find_periods, shift_period
from tongbao.extract.spans import clauses, list_items, sentences, split_outside


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("三千二百", 3200),
        ("二〇一八", 2018),
        ("一万零一十二", 10012),
    ],
)
def test_chinese_numerals(text, value):
    assert parse_chinese(text) == value


@pytest.mark.parametrize("text", ["", "几", "十a", "12"])
def test_what_is_no_chinese_numeral_is_an_error(text):
    with pytest.raises(ValueError, match="not a Chinese numeral"):
        parse_chinese(text)


def test_counts_in_both_scripts():
    assert [parse_count(x) for x in ("7", "七", "十一")] == [7, 7, 11]


@pytest.mark.parametrize(
    ("text", "found", "unit", "comparator"),
    [
        ("抽查政府网站270个", "270", "个", "="),
        ("合格率为96.5%", "96.5", "%", "="),
        ("合格率稳定在95%以上", "95", "%", ">="),
        ("得分80分及以上的有", "80", "分", ">="),
        ("扣分均超过100分", "100", "分", ">"),
        ("超过（含）10个", "10", "个", ">="),
        ("合格率不足60%", "60", "%", "<"),
        ("不低于30%的比例", "30", "%", ">="),
        ("不得超过100个", "100", "个", "<="),
        ("不得少于5条", "5", "条", ">="),
        ("90分以下", "90", "分", "<="),
        ("近1000万条", "1000", "万", "~"),
        ("约30家", "30", "家", "~"),
        ("17800多个", "17800", "", ">"),
        ("提高3个百分点", "3", "个百分点", "="),
        ("5个工作日内", "5", "个工作日", "="),
    ],
)
def test_numbers_units_and_comparators(text, found, unit, comparator):
    (number,) = find_numbers(text)
    assert (number.text, number.unit, number.comparator) == (found, unit, comparator)
    assert text[number.start : number.end].startswith(found)
    assert text[slice(*number.outer)] in text


@pytest.mark.parametrize("text", ["N000007775是标识码", "IPv6改造", "第一季度", "网站标识码"])
def test_what_is_no_number(text):
    assert find_numbers(text) == []


def test_a_percentage_becomes_the_nearest_fraction():
    (number,) = find_numbers("占32.7%")
    assert number.as_fraction() == 0.327
    assert number.value == Decimal("32.7")


def test_small_counts_in_chinese():
    text = "苏州、泰州两市连续五个季度合格，统一标准，第三个"
    assert [(n.text, n.unit) for n in find_counts(text)] == [("2", "市"), ("5", "个")]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2018年第三季度全省", "2018-Q3"),
        ("2018年三季度", "2018-Q3"),
        ("2016年度考评", "2016"),
        ("2017年上半年", "2017-H1"),
        ("2017年9月份全市", "2017-09"),
        ("2021年，各单位", "2021"),
        ("第二季度", ""),
    ],
)
def test_periods(text, period):
    assert [m.period for m in find_periods(text)] == [period]


@pytest.mark.parametrize("text", ["2018年9月7日", "于2022年12月31日前", "国办发〔2015〕15号", "四个季度"])
def test_what_is_no_period(text):
    assert find_periods(text) == []


@pytest.mark.parametrize(
    ("period", "steps", "result"),
    [("2018-Q3", -5, "2017-Q2"), ("2017-01", -1, "2016-12"), ("2016", 1, "2017"), ("2018-H1", -1, "2017-H2")],
)
def test_counting_periods(period, steps, result):
    assert shift_period(period, steps) == result
    assert shift_period(result, -steps) == period


def test_no_period_cannot_be_counted_on():
    with pytest.raises(ValueError, match="not a period"):
        shift_period("Q3", 1)


@pytest.mark.parametrize(
    ("issued", "period"), [(date(2018, 4, 2), "2018-Q1"), (date(2018, 1, 10), "2018-Q1"), (None, "")]
)
def test_a_quarter_without_a_year(issued, period):
    (mention,) = find_periods("第一季度抽查")
    assert complete_period(mention, issued) == period


def test_a_fourth_quarter_reported_in_january_is_last_years():
    (mention,) = find_periods("第四季度抽查")
    assert complete_period(mention, date(2019, 1, 15)) == "2018-Q4"


def pieces(spans, text):
    return [text[s:e] for s, e in spans]


def test_brackets_and_quotes_hold_together():
    text = "市发改委（含粮食、物资）、“甲、乙”网、规划局"
    assert pieces(list_items(text, 0, len(text)), text) == ["市发改委（含粮食、物资）", "“甲、乙”网", "规划局"]


def test_an_unclosed_bracket_swallows_nothing():
    text = "甲（乙、丙、丁"
    assert pieces(list_items(text, 0, len(text)), text) == ["甲（乙", "丙", "丁"]


def test_sentences_and_clauses():
    text = "抽查270个，占32.7%；合格率96%。发现问题！"
    assert pieces(sentences(text, 0, len(text)), text) == ["抽查270个，占32.7%；合格率96%", "发现问题"]
    assert pieces(clauses(text, 0, 20), text) == ["抽查270个", "占32.7%", "合格率96%"]


@given(st.text(alphabet="甲乙、（）“”《》 ，。a1", max_size=40))
def test_pieces_are_slices_in_order_and_never_overlap(text):
    spans = list(split_outside(text, 0, len(text), "、，"))
    assert all(0 <= s < e <= len(text) for s, e in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[s:e] == text[s:e].strip() for s, e in spans)
