"""Figures, tables and refusals of a Chinese page."""

import html
import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from matplotlib.text import Text

from report.made_up import HOSTILE
from tongbao.report import figure, labels, language, plots, style
from tongbao.report import html as pages
from tongbao.report.language import speaking, untranslated
from tongbao.stats.result import Refusal

TAG = re.compile(r"<[^>]*>")


@pytest.fixture(autouse=True)
def drawn() -> Iterator[None]:
    style.use()
    yield
    plt.close("all")


def words(shown: str) -> str:
    return html.unescape(TAG.sub("", shown))


def rates() -> pd.DataFrame:
    columns = ["label", "rate", "low", "high", "set_low", "set_high", "n", "n_total", "design"]
    rows = [
        ["甲市: the 270 checked", 0.96, 0.93, 0.98, 0.95, 0.97, 270, 825, "random_sample"],
        ["乙市 2018-Q3", 1.0, None, None, None, None, 36, 36, "census"],
    ]
    return pd.DataFrame(rows, columns=columns)


def visible_texts(fig: plt.Figure) -> set[str]:
    fig.canvas.draw()  # ticks get their texts when they are drawn
    return {t.get_text() for t in fig.findobj(Text) if t.get_visible() and t.get_text().strip()}


def test_every_label_of_a_figure_is_chinese() -> None:
    ax = plots.caterpillar(rates(), x_label="pass rate (合格率)")
    with speaking("zh"):
        labels.relabel(ax.figure)
    found = visible_texts(ax.figure)
    assert {"合格率", "普查", "抽样置信区间", "甲市：受检的 270 个", "乙市 2018-Q3"} <= found
    assert [text for text in sorted(found) if untranslated(text)] == []


def test_labels_of_grades_and_of_categories() -> None:
    frame = pd.DataFrame(
        [["甲组", "优秀", 1, 3], ["甲组", "合格", 2, 5]], columns=["group", "grade", "grade_rank", "n"]
    )  # fmt: skip
    ax = plots.grade_bars(frame, n_below=0)
    fig, lines = plt.subplots()
    lines.plot([1, 2], ["市州, website, at least 96", "部门, openness, full marks"], label="year before")
    lines.set_xlabel("units")
    lines.legend()
    with speaking("zh"):
        labels.relabel(ax.figure)
        labels.relabel(fig)
    assert {"甲组\nN = 8，每点一个单位", "占该群体的比例"} <= visible_texts(ax.figure)
    assert {"上年", "单位", "市州，政府网站，96 分及以上", "部门，政务公开，满分"} <= visible_texts(fig)


def test_an_english_figure_keeps_its_bytes() -> None:
    texts = []
    for relabelled in (False, True):
        ax = plots.caterpillar(rates())
        if relabelled:
            labels.relabel(ax.figure)
        texts.append(figure.figure(ax.figure, alt="alt", caption="A caption.").html)
    assert texts[0] == texts[1]
    assert ">Numbers<" in figure.figure(plt.figure(), alt="a", caption="b", table=rates()).html


def test_a_figure_with_its_words() -> None:
    with speaking("zh"):
        shown = figure.figure(
            plots.caterpillar(rates()).figure,
            alt="Pass rates as printed. 甲市 96%; 乙市 100%.",
            caption="The numbers are counts. The order says nothing of the distance between two places: "
            "neighbours may have all but the same score.",
            table=rates()[["label", "rate", "design"]],
        ).html
    assert 'alt="原文所载合格率。甲市 96%；乙市 100%。"' in shown
    assert "图中数字为个数。名次不反映相邻名次之间的差距：相邻者得分可能几乎相同。" in words(shown)
    assert "数据" in words(shown)
    assert "随机抽样" in words(shown)
    assert untranslated(words(shown)) == []


def test_the_address_of_a_figure_is_the_same_in_both_languages() -> None:
    def address() -> str:
        found = re.search(r'<table id="([^"]*)"', figure.table(rates(), "Broken checks").html)
        assert found
        return found[1]

    english = address()
    with speaking("zh"):
        assert address() == english


def test_a_table_is_translated_but_for_what_circulars_print() -> None:
    frame = pd.DataFrame(
        {"quote": ["census"], "design": ["census"], "is_fixed": [True], "n": [12], "circular_id": ["mean"], "row": [1]}
    )
    with speaking("zh"):
        shown = figure.table(frame, "Broken checks", headers={"design": "known"}).html
        empty = figure.table(frame.iloc[:0], "Broken checks").html
    cells = [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", shown)]
    assert cells == ["census", "普查", "是", "12", "mean", "1"]
    assert "不成立的核对" in words(shown)
    assert "已知" in words(shown)
    assert "无数据行" in words(empty)


def test_refusals_and_notes() -> None:
    reason = "There is 1 period with a printed number of sites checked, fewer than 4."
    with speaking("zh"):
        assert words(figure.refusals([Refusal("Trend of 甲市", reason)]).html) == (
            "数据不足\n\n甲市的趋势：载明受检网站数的时期仅有 1 个，不足 4 个。\n"
        )
        assert words(figure.refusals([]).html) == "没有因数据不足而不作计算的项目。"
        assert words(figure.note("Assumed: random choice stated.", "甲 <b>").html) == "假定：原文说明随机抽取。\n甲 <b>"


def test_hostile_texts_stay_harmless_in_chinese() -> None:
    with speaking("zh"):
        shown = (
            figure.table(pd.DataFrame({"unit": HOSTILE}, dtype="object"), "Broken checks").html
            + figure.note(*HOSTILE).html
        )
    english = (
        figure.table(pd.DataFrame({"unit": HOSTILE}, dtype="object"), "Broken checks").html + figure.note(*HOSTILE).html
    )
    for text in ("<script", "<img", "<h1", "\u202e", "\u0007"):
        assert text not in shown
    assert re.findall(r"<td>(.*?)</td>", shown) == re.findall(r"<td>(.*?)</td>", english)


def test_prose_of_a_notebook_is_chinese_and_its_code_is_not() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("## Deductions\n\nPrinted or coded that way, and kept\nthat way. "),
            nbformat.v4.new_code_cell('note("census")'),
        ]
    )
    chinese = pages.notebook_body(notebook, "made up", "zh")
    english = pages.notebook_body(notebook, "made up")
    assert "扣分" in chinese
    assert "原文如此或编码如此，照样保留。" in words(chinese)
    assert "代码" in chinese
    assert "Deductions" not in chinese
    assert "census" in chinese  # what was run is shown as it was run
    assert "Deductions" in english
    assert language.current() == "en"
