"""The catalogue of Chinese texts, filling templates, and finding the template of a finished sentence."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report import catalogue, language, prose, style
from tongbao.report.language import say, speaking, translate, untranslated

FILES = sorted((find_project().reference / catalogue.FOLDER).glob("*.csv"))
TEMPLATES = sorted(e.en for e in language.entries() if catalogue.fields(e.en))

NAMES = st.text("甲乙丙丁戊己庚辛市省县", min_size=1, max_size=6)
GIBBERISH = st.text("qxzjvk 甲乙,;.:()“”", max_size=60)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue of a project that holds nothing else."""
    (tmp_path / "params.yaml").touch()
    made = tmp_path / "data" / "reference" / catalogue.FOLDER
    made.mkdir(parents=True)
    monkeypatch.setenv("TONGBAO_PROJECT", str(tmp_path))
    return made


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_sorted_and_holds_nothing_twice(path: Path) -> None:
    header, *rows = rows_of(path)
    assert header == ["en", "zh"]
    assert [en for en, _ in rows] == sorted({en for en, _ in rows})
    assert all(en and zh for en, zh in rows)


def test_no_text_stands_in_two_files() -> None:
    places: dict[str, list[str]] = {}
    for path in FILES:
        for en, _ in rows_of(path)[1:]:
            places.setdefault(en, []).append(path.name)
    assert {en: names for en, names in places.items() if len(names) > 1} == {}


def test_chinese_texts_are_chinese() -> None:
    for entry in language.entries():
        if entry.en != entry.zh:
            bare = say(entry.zh, "en", **dict.fromkeys(catalogue.fields(entry.zh), ""))  # fields of texts alone
            assert untranslated(bare) == [], entry.place
            assert not any(mark in bare.replace("[0, 1]", "") for mark in (", ", "; ")), (
                f"{entry.place}: punctuation of English"
            )


@given(st.sampled_from(TEMPLATES), st.data())
@settings(max_examples=300, deadline=None)
def test_values_come_through_translation(template: str, data: st.DataObject) -> None:
    values: dict[str, object] = {}
    for name, specification, _ in catalogue.parsed(template):
        number = st.integers(0, 99_999) if specification.endswith("d") else st.floats(0, 999, allow_subnormal=False)
        values[name] = data.draw(number if specification else NAMES)
    english = say(template, "en", **values)
    chinese = translate(english, "zh")
    assert untranslated(chinese) == []
    for name, specification, _ in catalogue.parsed(template):
        assert format(values[name], specification) in chinese


@given(GIBBERISH)
@settings(deadline=None)
def test_what_the_catalogue_does_not_know_is_returned_as_it_is(text: str) -> None:
    assert translate(text, "zh") == text


@given(st.one_of(GIBBERISH, st.sampled_from(TEMPLATES)))
@settings(max_examples=30, deadline=None)
def test_english_is_never_touched(text: str) -> None:
    assert translate(text, "en") == text


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Not enough data", "数据不足"),
        ("census", "普查"),
        ("Census.", "普查。"),
        ("  census ", "  普查 "),
        ("2018-Q3", "2018-Q3"),
        ("甲市: the 270 checked", "甲市：受检的 270 个"),
        ("They differ in the period (2018-Q3 and 2021).", "两者的时期不同（2018-Q3与2021）。"),
        # the first cut at "and" is wrong: the regime's own name has one
        (
            "They fall under different rules (国办秘函〔2019〕19号: inspection indicators for websites and new media "
            "and 国办秘函〔2019〕19号: yearly assessment of supervision).",
            "两者适用的规则不同（国办秘函〔2019〕19号：政府网站与政务新媒体检查指标；"
            "国办秘函〔2019〕19号：监管工作年度考核指标）。",
        ),
        # a name with commas of its own in a list with commas
        (
            "Local evaluations 考评, 绩效评估, 考核: scores, grades, deductions, website",
            "地方考评、绩效评估、考核：得分、等次、扣分，政府网站",
        ),
        # parts with different templates, joined
        (
            "Trend of 甲市 (website, 2017-Q2 to 2018-Q3); One rate over all circulars",
            "甲市的趋势（政府网站，2017-Q2 至 2018-Q3）；全部通报的合并合格率",
        ),
        ("method of Wilson, number of sites not stated", "Wilson 法，网站总数未载明"),
        ("only if Wilson had a qxz", "only if Wilson had a qxz"),
    ],
)
def test_examples(english: str, chinese: str) -> None:
    assert translate(english, "zh") == chinese


def test_a_known_sentence_beside_an_unknown_one_is_translated() -> None:
    assert translate("Zqx vjk. The period is not the same.", "zh") == "Zqx vjk. 时期不同。"


def test_say_fills_in_both_languages() -> None:
    template = "{n:d} of {all:d} checks of the documents against themselves hold, {broken:d} do not."
    values = {"n": 9, "all": 10, "broken": 1}
    assert say(template, "en", **values) == "9 of 10 checks of the documents against themselves hold, 1 do not."
    assert say(template, "zh", **values) == "文件自身核对 10 项，成立 9 项，不成立 1 项。"
    assert say("Not {written} down", "zh", written="anywhere") == "Not anywhere down"
    assert say("They differ in {what} ({a} and {b}).", "zh", what="the period", a="甲", b="乙").startswith("两者的时期")


def test_say_needs_every_value_and_a_known_language() -> None:
    with pytest.raises(TongbaoError, match=r"the field \{n\}"):
        say("{n:d} rows", "zh")
    for wrong in ("fr", "", "ZH"):
        with pytest.raises(TongbaoError, match="no language"):
            say("yes", wrong)
        with pytest.raises(TongbaoError, match="no language"):
            translate("yes", wrong)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("en,zh\na,甲\na,乙\n", r"made\.csv, line 3: 'a' already stands in .*line 2"),
        ("en,zh\n{n:d} rows,{m} 行\n", r"made\.csv, line 2: the fields differ"),
        ("en,zh\n{n:d} rows,行\n", r"made\.csv, line 2: the fields differ"),
        ("en,zh\na {b,甲\n", r"made\.csv, line 2: not a template"),
        ("en,zh\n{0} rows,{0} 行\n", r"made\.csv, line 2: a field needs a name"),
        ("en,zh\na,\n", r"made\.csv, line 2: a text is missing"),
        ("english,chinese\na,甲\n", r"made\.csv, line 1: the columns"),
    ],
)
def test_errors_name_file_and_line(folder: Path, content: str, message: str) -> None:
    (folder / "made.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TongbaoError, match=message):
        translate("some text", "zh")


def test_a_project_without_a_catalogue_speaks_english(folder: Path) -> None:
    assert translate("Not enough data", "zh") == "Not enough data"
    assert say("{n:d} rows", "zh", n=3) == "3 rows"


def test_the_most_specific_template_wins(folder: Path) -> None:
    (folder / "made.csv").write_text("en,zh\n{a} of {b},{b}之{a}\nwhole of {b},全{b}\n", encoding="utf-8")
    assert translate("whole of 甲市", "zh") == "全甲市"
    assert translate("甲市 of 乙省", "zh") == "乙省之甲市"
    assert translate("qxz of 乙省", "zh") == "qxz of 乙省"  # so short a template must not leave English inside


def test_the_language_of_a_page_is_set_once_and_anew() -> None:
    try:
        style.use(language="zh")
        assert language.current() == "zh"
        with speaking("en"):
            assert language.current() == "en"
        assert language.current() == "zh"
        style.use()
        assert language.current() == "en"
        with pytest.raises(TongbaoError, match="no language"):
            style.use(language="fr")
    finally:
        language.use("en")


def test_prose_keeps_its_marks() -> None:
    source = "## Deductions\n\nSome circulars count the units that reached a score, and how many more or fewer\n"
    source += "than the year before.\n\n- census\n- qxz\n  vjk\n"
    known = "有些通报统计达到某一分数的单位数，以及比上一年增减多少。"
    assert prose.translated(source, "zh") == f"## 扣分\n\n{known}\n\n- 普查\n- qxz vjk"
    assert prose.translated(source, "en") == source
