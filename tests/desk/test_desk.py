"""The desk: what `import tongbao as tb` gives in a notebook."""

import doctest
import html
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import tongbao as tb
from tongbao.desk import circular as circular_module
from tongbao.desk import dress
from tongbao.desk.marked import MASK, Mark, cut, masked
from tongbao.desk.tables import TableName
from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.report import lab
from tongbao.tidy.schema import load_schema

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data/reference"
NAMES = [name for name in tb.__all__ if name != "__version__"]
MODULES = ["circular", "compare", "marked", "plot", "rates", "show", "tables"]
pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture(autouse=True)
def no_open_figures():
    yield
    plt.close("all")


def test_importing_tongbao_imports_nothing_slow():
    code = (
        "import sys, tongbao; print([m for m in ('pandas', 'matplotlib', 'scipy', 'tongbao.desk') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_completed_and_exist():
    assert set(NAMES) <= set(dir(tb))
    for name in NAMES:
        assert getattr(tb, name) is not None
    with pytest.raises(AttributeError, match="try one of circular"):
        tb.lode  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(f"tongbao.desk.{name}")
    assert isinstance(module, type(sys))
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", [n for n in NAMES if n != "plot"])
def test_everything_offered_has_an_example(name):
    thing = getattr(tb, name)
    documented = thing if inspect.isfunction(thing) else type(thing)
    assert ">>> import tongbao as tb" in inspect.getdoc(documented)


def test_plots_are_completed_without_what_they_are_made_of():
    assert dir(tb.plot) == ["deductions", "grades", "missing_glyphs", "rates"]
    assert len(tb.plot.rates("jiangsu-2018q3").get_yticks()) == len(tb.rates("jiangsu-2018q3"))


@pytest.mark.parametrize(
    "shown",
    [
        lambda: tb.circulars._repr_html_(),
        lambda: tb.tables._repr_html_(),
        lambda: tb.circular("yanan-2016")._repr_html_(),
        lambda: tb.circular("jiangsu-2018q3").passage("抽查合格率为96%")._repr_html_(),
        lambda: tb.compare("jiangsu-2018q3", "guangdong-2016")._repr_html_(),
        lambda: tb.show(tb.load("circulars")),
    ],
)
def test_a_notebook_gets_a_chinese_font_with_the_first_thing_shown_and_once(shown, monkeypatch):
    """Not only with the first plot: many machines have no such font."""
    dressed = []
    monkeypatch.setattr(lab, "is_interactive", lambda: True)
    monkeypatch.setattr(lab, "dress", dressed.append)
    dress._once.cache_clear()
    shown()
    tb.tables._repr_html_()
    dress._once.cache_clear()
    assert len(dressed) == 1


def test_the_font_has_the_characters_of_the_tables(here, monkeypatch):
    cut = []
    monkeypatch.setattr(lab, "_kept", lambda folder, wanted: cut.append(wanted) or b"")
    lab.dress(here)
    shown = "".join([*tb.load("circulars")["issuer"].dropna(), *tb.names("category", "zh")])
    assert {c for c in shown if "\u4e00" <= c <= "\u9fff"} <= cut[0]


def test_the_completed_table_names_are_those_of_the_schema():
    schema = load_schema(REFERENCE)
    assert list(get_args(TableName)) == [t.name for t in (*schema.tables, *schema.coded)]
    assert list(tb.tables) == list(get_args(TableName))
    assert dir(tb.tables) == sorted(get_args(TableName))


@pytest.mark.parametrize("name", get_args(TableName))
def test_tables_are_typed_and_labelled(name):
    table = load_schema(REFERENCE)[name]
    frame = tb.load(name)
    assert list(frame.columns) == list(table.names)
    assert frame.attrs["table"] == name
    for language, title in (("en", "title_en"), ("zh", "title_zh")):
        labels = tb.load(name, language).attrs["labels"]
        assert labels == {c.name: getattr(c, title) for c in table.columns}
    for column in table.columns:
        kind = str(frame[column.name].dtype)
        if column.allowed:
            assert list(frame[column.name].cat.categories) == list(column.allowed)
            assert set(frame.attrs["value_labels"][column.name]) >= set(column.allowed)
        elif column.type in ("integer", "number", "boolean"):
            assert kind in ("Int64", "Float64", "boolean")
        elif column.type == "date":
            assert kind.startswith("datetime64")


def test_provinces_stand_in_the_order_of_their_codes():
    frame = tb.load("circulars")
    assert frame["province"].cat.ordered
    order = frame["province"].cat.categories.tolist()
    assert order[0] == "北京市" and order.index("江苏省") < order.index("广东省") < order.index("甘肃省")
    assert frame.sort_values("province")["province_code"].astype(str).is_monotonic_increasing


def test_grades_are_in_order_and_only_one_scale_is_comparable():
    every = tb.load("ratings")["grade"]
    assert every.cat.categories.tolist().index("优秀") < every.cat.categories.tolist().index("合格")
    assert not every.cat.ordered


def test_a_frame_may_be_changed_without_changing_the_next_one():
    changed = tb.load("pass_rates")
    changed["rate"] = 0.0
    assert tb.load("pass_rates")["rate"].max() == 1.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: tb.load("pass_rate"), "did you mean 'pass_rates'? the tables are circulars, citations"),
        (lambda: tb.load("pass_rates", "fr"), 'write "en" or "zh"'),
        (lambda: tb.circular("jiangsu-2018"), "did you mean 'jiangsu-2018q3'? there are dayawan-2018q1"),
        (lambda: tb.circular("yanan-2016").rows("coded_checks"), "belong to no circular"),
        (lambda: tb.circular("yanan-2016").passage("没有这句话"), "does not stand in the restored text"),
        (lambda: tb.names("title"), "has no codes"),
        (lambda: tb.rates("yanan-2016"), "circular with pass rates"),
        (lambda: tb.readings(("jiangsu-2018q3", 99)), "has no pass rate in row 99"),
        (lambda: tb.compare("jiangsu-2018q3", "jiangsu-2018q3"), "given twice"),
        (lambda: tb.compare("jiangsu-2018q3"), "two rows are wanted"),
        (lambda: tb.compare(tb.load("ratings")), "never compared across circulars"),
        (lambda: tb.compare(tb.load("pass_rates").head(1)), "one row cannot be compared"),
        (lambda: tb.compare(tb.load("pass_rates").head(0)), "look whether what you chose by is spelt"),
        (lambda: tb.compare(tb.load("coded_pass_rates").head(2)), "coded by hand are shown apart"),
        (lambda: tb.compare({"rate": 1}, {"rate": 1}), "no row of pass_rates"),
        # rows of other tables have a circular and a number too; those of pass_rates with that number are not meant
        (lambda: tb.compare(tb.load("ratings").iloc[0], tb.load("ratings").iloc[1]), "no row of pass_rates"),
        (lambda: tb.compare(1, None), "two rows are wanted"),
        (lambda: tb.compare(1, 2), "no row of pass_rates"),
        (lambda: tb.readings(None), "no row of pass_rates"),
        (lambda: tb.circular(None), "there are dayawan-2018q1"),
        (lambda: tb.show("ratings"), "this is no table"),
        (lambda: tb.plot.rates("yanan-2016"), "circular with pass rates"),
        (lambda: tb.plot.rates(tb.rates().head(0)), "no rate to draw"),
        (lambda: tb.plot.grades("yanan-2016"), "circular that grades whole groups"),
        (lambda: tb.plot.rates(pd.DataFrame({"a": [1]})), "no rates with intervals"),
    ],
)
def test_errors_say_what_to_do(call, said):
    with pytest.raises(TongbaoError) as error:
        call()
    assert said in str(error.value)


def test_a_circular_shows_every_row_on_its_own_characters():
    c = tb.circular("jiangsu-2018q3")
    shown = c._repr_html_()
    assert "抽查合格率为" in html.unescape(re.sub(r"<[^>]+>", "", shown))
    for table in ("pass_rates", "ratings", "findings", "figures"):
        for row in c.rows(table).to_dict("records"):
            assert f"{table} {row['row']}: " in shown
            assert row["quote"] == c.text[row["start"] : row["end"]]
    assert not re.search(r"<(script|link|img|iframe)|src=|href=|https?://", shown)


def test_text_and_raw_lead_to_each_other():
    c = tb.circular("jiangsu-2018q3")
    p = c.passage("抽查合格率为96%")
    assert p.restored.startswith("此次共随机抽查") and p.restored.endswith("。")
    assert "機(jī)" in p.raw and p.raw in c.raw
    for row in p.repairs.dropna(subset=["raw"]).to_dict("records"):
        assert c.raw[row["raw_start"] : row["raw_end"]] == row["raw"]
    assert "隨" in p._repr_html_()


@pytest.mark.parametrize("circular_id", ["dayawan-2018q1", "jiangsu-2018q3"])
def test_contacts_are_blacked_out_everywhere(here, circular_id):
    c = tb.circular(circular_id)
    assert MASK in c.text and MASK in c.raw and c.private
    finder = load_contacts(here.reference)
    plain = (here.interim / f"text/{circular_id}.txt").read_text("utf-8")
    assert len(plain) == len(c.text)
    for start, end in finder.spans(plain):
        secret = plain[start:end]
        for shown in (c.text, c.raw, html.unescape(c._repr_html_()), repr(c)):
            assert secret not in shown
            for digits in re.findall(r"\d{7,}", secret):
                assert digits not in shown
    assert finder.spans(c.text) == []


def test_hostile_text_is_shown_and_never_acted_upon(here):
    c = tb.circular("yanan-2016")
    bad = "<script>alert(1)</script><b onclick='x'>\u202e"
    hostile = circular_module.Circular(c.id, {**c.facts, "title": bad}, bad, bad, ((0, 3),), (), c.map)
    shown = hostile._repr_html_()
    assert "<script" not in shown and "<b onclick" not in shown and "\u202e" not in shown
    passage = circular_module.Passage(bad, bad, c.repairs.head(2).assign(note=bad))._repr_html_()
    assert "<script" not in passage and "<b onclick" not in passage


def test_short_representations():
    assert len(repr(tb.circular("jiangsu-2018q3"))) < 400
    assert "pass_rates" in repr(tb.tables) and "<table" in tb.tables._repr_html_()
    assert "yanan-2016" in repr(tb.circulars) and "<table" in tb.circulars._repr_html_()
    assert tb.tables._ipython_key_completions_() == list(tb.tables)
    assert tb.circulars._ipython_key_completions_() == list(tb.circulars)


@pytest.mark.parametrize(
    ("marks", "pieces"),
    [
        ([], [(0, 6, "")]),
        ([(1, 3)], [(0, 1, ""), (1, 3, "a"), (3, 6, "")]),
        ([(0, 4), (2, 6)], [(0, 2, "a"), (2, 4, "ab"), (4, 6, "b")]),
        ([(0, 6), (2, 3)], [(0, 2, "a"), (2, 3, "ba"), (3, 6, "a")]),
        ([(2, 2)], [(0, 2, ""), (2, 6, "")]),
        ([(6, 9)], [(0, 6, "")]),
    ],
)
def test_overlapping_and_nested_marks_are_all_kept(marks, pieces):
    given = [Mark(start, end, "k", "ab"[n]) for n, (start, end) in enumerate(marks)]
    assert [(a, b, "".join(m.note for m in own)) for a, b, own in cut(0, 6, given)] == pieces


def test_masking_keeps_length_and_lines():
    assert masked("电话：123\n好", [(0, 7), (20, 30)]) == "█" * 6 + "\n好"


def test_comparing_says_no_with_every_obstacle_and_hides_the_values():
    answer = tb.compare("jiangsu-2018q3", "guangdong-2016")
    assert not answer
    assert "period" in answer.reason and "who inspected" in answer.reason
    assert "May not be compared" in repr(answer) and "<table" not in answer._repr_html_()
    with pytest.raises(TongbaoError, match="may not be compared"):
        _ = answer.values


def test_comparing_says_yes_and_shows_intervals():
    answer = tb.compare(("jiangsu-2018q3", 1), ("jiangsu-2018q3", 20))
    assert answer and answer.values["printed"].tolist() == ["96%", "84.2%"]
    assert answer.values["low"].iloc[0] == pytest.approx(0.9345, abs=1e-4)
    assert "May be compared" in repr(answer) and "<table" in answer._repr_html_()
    assert "None" not in repr(answer) + answer._repr_html_() and "–" in repr(answer)  # what the text does not say


def test_comparing_a_frame_needs_every_pair_to_agree():
    frame = tb.load("pass_rates")
    cities = frame[(frame["circular_id"] == "jiangsu-2018q3") & (frame["scope_level"] == "prefecture")].head(3)
    assert tb.compare(cities) and len(tb.compare(cities).pairs) == 3
    mixed = pd.concat([cities.head(2), frame[frame["circular_id"] == "guangdong-2016"].head(1)])
    answer = tb.compare(mixed)
    assert not answer and answer.reason.startswith("2 of 3 pairs may not.")


def test_over_time_only_one_place_is_compared():
    rows = tb.load("pass_rates").query("circular_id == 'jiangsu-2018q3'")
    before, now = rows[rows["basis"] == "change"].iloc[0], rows.iloc[0]
    assert before["scope"] == now["scope"] and before["period"] != now["period"]
    assert not tb.compare(before, now)
    other = rows[rows["scope"] != now["scope"]].iloc[0]
    refused = tb.compare(now, other, across_periods=True)
    assert not refused and "different places" in refused.reason


@pytest.mark.parametrize(
    ("draw", "label"),
    [
        (lambda: tb.plot.rates(), "江苏省"),
        (lambda: tb.plot.grades("guangdong-2016"), "地级以上市"),
        (lambda: tb.plot.deductions("yanan-2016"), "市规划局"),
    ],
)
def test_plots_return_axes_with_chinese_labels_that_the_font_has(draw, label):
    ax = draw()
    assert isinstance(ax, plt.Axes)
    assert any(label in tick.get_text() for tick in ax.get_yticklabels())
    assert tb.plot.missing_glyphs(ax) == []


def test_a_missing_glyph_is_noticed():
    ax = tb.plot.deductions("yanan-2016")
    ax.set_title("\U000f1234")
    assert tb.plot.missing_glyphs(ax) != []


def test_shown_tables_hold_texts_and_act_on_nothing():
    from tongbao.desk.show import readable

    frame = tb.load("circulars").head(1).assign(title="<img src=x onerror=alert(1)>\u202e", issuer=None)
    shown = readable(frame)
    assert shown.columns[0] == "Circular" and "\u202e" not in shown["Title"].iloc[0]
    assert shown["Issued on"].iloc[0] == "2018-04-02"
    from itables import to_html_datatable

    made = to_html_datatable(shown, allow_html=False, connected=True)
    assert "<img src=x" not in made
