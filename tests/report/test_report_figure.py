import base64
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from report import made_up
from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report import figure, selfcheck, style
from tongbao.stats.result import Refusal

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def styled() -> None:
    style.use(find_project())


def drawn() -> plt.Figure:
    fig, ax = plt.subplots()
    ax.plot([1, 2], [-0.5, 3])
    ax.set_title("江苏省 “合格率” −é≥")
    return fig


def svg_of(shown: figure.Shown) -> str:
    found = re.search(r"base64,([^\"]+)", shown.html)
    assert found
    return base64.b64decode(found[1]).decode()


def test_figure() -> None:
    shown = figure.figure(drawn(), alt='bars "<b>', caption="<i>省</i>", table=pd.DataFrame({"n": [1]}), name="one")
    assert 'alt="bars &quot;&lt;b&gt;"' in shown.html
    assert '<figcaption>&lt;i&gt;<span lang="zh-CN">省</span>&lt;/i&gt;</figcaption>' in shown.html
    assert 'id="one-numbers"' in shown.html and "<details" in shown.html
    assert selfcheck.faults(shown.html) == []
    assert plt.get_fignums() == []


def test_figure_is_the_same_twice_and_has_no_date_and_no_text() -> None:
    first, second = (figure.figure(drawn(), alt="a", caption="c") for _ in range(2))
    assert first.html == second.html
    svg = svg_of(first)
    assert "<text" not in svg and "date" not in svg and "matplotlib.org" not in svg


def test_chinese_in_figures_comes_from_the_projects_font() -> None:
    assert "TongbaoCJK" in svg_of(figure.figure(drawn(), alt="a", caption="c")) or "NotoSansCJK" in svg_of(
        figure.figure(drawn(), alt="a", caption="c")
    )


def test_a_glyph_that_no_font_has_is_an_error() -> None:
    fig, ax = plt.subplots()
    ax.set_title("\ue000")
    with pytest.raises(UserWarning, match="missing from font"):
        figure.figure(fig, alt="a", caption="c")
    plt.close(fig)


def test_figure_needs_words() -> None:
    for words in ({"alt": "", "caption": "c"}, {"alt": "a", "caption": " "}):
        with pytest.raises(TongbaoError, match="alternative text"):
            figure.figure(drawn(), **words)
    plt.close("all")


@pytest.mark.parametrize(
    ("value", "specification", "text"),
    [
        (None, "", "–"),
        (float("nan"), "", "–"),
        (pd.NA, "", "–"),
        (pd.NaT, "", "–"),
        ("", "", "–"),
        (None, ".1%", "–"),
        (0, "", "0"),
        (0.0, "", "0"),
        (True, "", "yes"),
        (np.bool_(False), "", "no"),
        (2016, "", "2016"),
        (np.int64(12345), "", "12,345"),
        (7.0, "", "7"),
        (0.959259, "", "0.9593"),
        (83.3, "", "83.3"),
        (0.000012345, "", "0.000012"),
        (-2.5, "", "−2.5"),
        (1e-9, "", "<0.000001"),
        (-1e-9, "", ">−0.000001"),
        (0.0000026, "", "0.000003"),
        (0.959259, ".1%", "95.9%"),
        (-0.1, ".0%", "−10%"),
        ("-3", "", "-3"),
        ("2018-Q3", "", "2018-Q3"),
    ],
)
def test_cell_text(value: object, specification: str, text: str) -> None:
    assert figure.cell_text(value, specification) == text


def test_hostile_table() -> None:
    rows = made_up.analysis("x").table("rows")
    html = figure.table(rows, '<b onclick="x">"', name="t").html
    assert selfcheck.faults(html) == []
    assert html.count("<table") == 1 and "<script" not in html and "<img" not in html and "\u202e" not in html
    assert "&lt;script&gt;" in html and "[U+202E]" in html


def test_rows_can_be_linked_to() -> None:
    rows = pd.DataFrame({"circular_id": ["a-2016", "a-2016", "b"], "row": [3, 3, 1]})
    html = figure.table(rows, "c", name="t").html
    assert re.findall(r'<tr id="([^"]+)"', html) == ["t-a-2016-3", "t-b-1"]


def test_table_without_rows_says_so() -> None:
    assert "no rows" in figure.table(pd.DataFrame({"a": []}), "c").html


def test_headers_and_formats() -> None:
    html = figure.table(pd.DataFrame({"rate": [0.5]}), "c", headers={"rate": "Rate <"}, formats={"rate": ".0%"}).html
    assert ">Rate &lt;</th>" in html and ">50%</td>" in html


def test_only_columns_of_numbers_are_aligned_as_such() -> None:
    frame = pd.DataFrame({"text": ["a", None], "gap": [float("nan"), None], "n": [1.5, None]})
    html = figure.table(frame, "c").html
    assert re.findall(r'<th class="n"[^>]*>(\w+)<', html) == ["Count"]


def test_refusals() -> None:
    html = figure.refusals([Refusal("a <trend>", "省 1 period")]).html
    assert "<b>a &lt;trend&gt;</b>" in html and "Not enough data" in html
    assert "Nothing was refused" in figure.refusals([]).html


def test_palettes() -> None:
    """Ordered palettes darken or lighten all the way, and what is written on them can be read (WCAG AA)."""

    def luminance(colour: str) -> float:
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in matplotlib.colors.to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for palette in (style.GRADES, tuple(reversed(style.BINS))):
        levels = [luminance(c) for c in palette]
        assert levels == sorted(levels)
        for colour, level in zip(palette, levels, strict=True):
            light, dark = sorted((level, luminance(style.ink_on(colour))), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("doc_number", "Document number"),  # the codebook, the first of its two titles
        ("n_checked", "Checked"),
        ("p_holm", "p (Holm)"),  # a column of the analyses only
        ("made_up_name", "made up name"),
    ],
)
def test_columns_are_headed_with_words(column: str, shown: str) -> None:
    assert f">{shown}</th>" in figure.table(pd.DataFrame({column: ["x"]}), "c").html
