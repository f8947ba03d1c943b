from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from report import made_up
from tongbao.errors import TongbaoError
from tongbao.report import plots, style

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def styled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TONGBAO_PROJECT", str(made_up.ROOT))
    style.use()
    yield
    plt.gcf().canvas.draw()  # a glyph that no font has would be an error here
    plt.close("all")


def words(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.texts if t.get_text()]


def markers(ax: Axes, kind: str) -> list[tuple[float, float, str]]:
    return [
        (float(x), float(y), to_hex(line.get_markerfacecolor()))
        for line in ax.lines
        if line.get_marker() == kind
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def grades(*groups: tuple[str, list[int | None]]) -> pd.DataFrame:
    names = ["优秀", "良好", "一般", "不合格"]
    rows = [(g, names[i], i + 1, n) for g, counts in groups for i, n in enumerate(counts)]
    return pd.DataFrame(rows, columns=["group", "grade", "grade_rank", "n"]).astype({"n": "Int64"})


def test_grade_bars_print_counts_and_diverge_at_pass() -> None:
    ax = plots.grade_bars(grades(("省直单位", [12, 32, 15, 1])), n_below=1)
    assert sorted(words(ax)) == ["1", "12", "15", "32"]
    spans = {to_hex(p.get_facecolor()): (p.get_x(), p.get_x() + p.get_width()) for p in ax.patches}
    fail = spans[style.GRADES[3]]
    assert max(fail) == 0 and min(fail) == pytest.approx(-1 / 60)
    assert spans[style.GRADES[2]] == pytest.approx((0, 15 / 60))
    assert spans[style.GRADES[0]] == pytest.approx((47 / 60, 59 / 60))


def test_grade_bars_draw_small_groups_unit_by_unit() -> None:
    ax = plots.grade_bars(grades(("县区", [5, 8, 2, 1])), n_below=1)
    dots = markers(ax, "o")
    assert len(dots) == 16 and len(ax.patches) == 0
    assert len([x for x, _, _ in dots if x < 0]) == 1
    assert sorted(words(ax)) == ["1", "2", "5", "8"]
    assert "a dot each" in ax.get_yticklabels()[0].get_text()


def test_grade_bars_without_a_failing_grade_and_without_counts() -> None:
    ax = plots.grade_bars(grades(("甲", [5, 8, 2, 15]), ("乙", [5, None, 1, 0])), n_below=0)
    assert all(p.get_x() >= 0 and p.get_width() >= 0 for p in ax.patches)
    assert "counts not printed" in words(ax)
    assert ax.get_yticklabels()[1].get_text() == "乙\nN = ?"


RATES = pd.DataFrame(
    [
        ("sample", 0.9593, 0.935, 0.976, 0.955, 0.963, 270, 826, "random_sample"),
        ("census", 1.0, None, None, None, None, 36, 36, "census"),
        ("bound", None, None, None, 0.95, None, None, None, ""),
    ],
    columns=["label", "rate", "low", "high", "set_low", "set_high", "n", "n_total", "design"],
).astype({"n": "Int64", "n_total": "Int64"})


def test_caterpillar() -> None:
    ax = plots.caterpillar(RATES, cut=0.95)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["census", "sample", "bound"]
    points = {y: (x, face) for x, y, face in markers(ax, "o")}
    assert points[0] == (1.0, style.PAPER) and points[1] == (0.9593, style.GRADES[0]) and 2 not in points
    assert [t for t in words(ax) if "/" in t] == ["36 / 36", "270 / 826", "? / ?", "n / N"]
    arrow = next(t for t in ax.texts if getattr(t, "arrow_patch", None))
    assert arrow.xyann == (0.95, 2) and arrow.xy[0] > 0.95
    assert markers(ax, "|") == [(0.95, 2.0, to_hex(style.MUTED))]
    low, high = ax.get_xlim()
    assert low < 0.935 and high >= 1


def test_tick_labels_say_exactly_where_they_stand() -> None:
    ax = plots.caterpillar(RATES.assign(low=[0.84, None, None], high=[0.99, None, None]))
    ax.figure.canvas.draw()
    for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert float(label.get_text().rstrip("%")) / 100 == pytest.approx(place)


def test_caterpillar_keeps_low_ends_in_view() -> None:
    low = RATES.assign(low=[0.02, None, None], high=[0.99, None, None])
    assert plots.caterpillar(low).get_xlim()[0] <= 0.02


def deductions(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["unit", "statistic", "points", "points_low", "points_high", "points_low_closed", "points_high_closed"]
    return pd.DataFrame(list(rows), columns=columns)


def test_deduction_intervals() -> None:
    ax = plots.deduction_intervals(
        deductions(
            ("", "min", 8.5, None, None, None, None),
            ("", "max", 266.5, None, None, None, None),
            ("市规划局", "unit", None, 100, 266.5, False, True),
            ("宜川县", "unit", None, 100, None, False, None),
            ("乙局", "unit", None, None, 20, None, True),
            ("丙局", "unit", None, None, None, None, None),
        ),
        threshold=100,
    )
    assert markers(ax, "D") == [(8.5, 0, style.GRADES[0]), (266.5, 1, style.GRADES[0])]
    assert markers(ax, "o") == [
        (100, 2, style.PAPER),
        (266.5, 2, style.GRADES[1]),
        (100, 3, style.PAPER),
        (20, 4, style.GRADES[1]),
    ]
    arrows = [(t.xyann[0], t.xy[0]) for t in ax.texts if getattr(t, "arrow_patch", None)]
    assert arrows[0][0] == 100 and arrows[0][1] > 266.5
    assert arrows[1][0] == 20 and arrows[1][1] < 8.5
    assert "not printed" in words(ax)
    assert not any(float(x) == 137.5 for x, _, _ in markers(ax, "o") + markers(ax, "D"))  # the midpoint


def test_lines_stop_at_breaks_and_gaps() -> None:
    quarters = ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"]
    frame = pd.DataFrame(
        [("甲省", q, 0.9, 0.8, 1.0) for q in quarters]
        + [("乙省", q, r, None, None) for q, r in zip(quarters, (0.9, None, 0.8, 0.7), strict=True)],
        columns=["province", "period", "rate", "low", "high"],
    )
    fig = plots.small_multiples(frame, breaks=["2018-Q3"])

    def joined(ax: Axes) -> list[list[int]]:
        pairs = [list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]
        return [p for p in pairs if p[0] != p[1]]

    first, second = fig.axes
    assert joined(first) == [[0, 1], [2, 3]]
    assert joined(second) == [[2, 3]]
    assert first.get_xlim() == second.get_xlim() and first.get_ylim() == second.get_ylim()


def test_points_of_two_series_are_not_joined() -> None:
    frame = pd.DataFrame(
        {"province": "甲省", "period": ["2017", "2018"], "rate": 0.9, "low": None, "high": None, "series": ["a", "b"]}
    )
    ax = plots.small_multiples(frame).axes[0]
    assert all(len(line.get_xdata()) == 1 for line in ax.lines)


def test_tile_map_hatches_what_it_has_no_value_for() -> None:
    frame = pd.DataFrame({"province_code": ["320000", "440000", "620000"], "value": [0.0, 3.0, np.nan]})
    ax = plots.tile_map(frame, edges=[0, 1, 3])
    assert len(ax.patches) == 34
    assert len([p for p in ax.patches if p.get_hatch()]) == 32
    coloured = [to_hex(p.get_facecolor()) for p in ax.patches if not p.get_hatch()]
    assert sorted(coloured) == sorted(style.BINS[-2:])
    assert {"0", "3"} <= set(words(ax))
    labels = [t.get_text() for t in ax.get_legend().get_texts()]
    assert labels == ["0 to <1", "1 to 3", "no data"]


@pytest.mark.parametrize(
    ("frame", "edges", "message"),
    [
        ({"province_code": ["999999"], "value": [1]}, [0, 1], "no tile for 999999"),
        ({"province_code": ["320000"], "value": [5]}, [0, 1], "outside the classes"),
        ({"province_code": ["320000"], "value": [1]}, [1, 0], "ascend"),
        ({"province_code": ["320000"], "value": [1]}, [0, 1, 2, 3, 4, 5, 6], "ascend"),
    ],
)
def test_tile_map_refuses(frame: dict[str, list[object]], edges: list[float], message: str) -> None:
    with pytest.raises(TongbaoError, match=message):
        plots.tile_map(pd.DataFrame(frame), edges=edges)


def test_coverage_grid_leaves_what_is_not_there_empty() -> None:
    frame = pd.DataFrame(
        [("江苏省", "2018-Q3", 1, "random_sample"), ("甘肃省", "2016", 2, None), ("甘肃省", "2016", 1, "census")],
        columns=["province", "period", "n", "design"],
    )
    ax = plots.coverage_grid(frame)
    assert sorted(words(ax)) == ["1\nrandom sample", "3\ncensus"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2016", "2018-Q3"]


@pytest.mark.parametrize(
    "plot",
    [
        plots.coverage_grid,
        lambda f: plots.grade_bars(f, n_below=1),
        plots.caterpillar,
        plots.deduction_intervals,
        plots.small_multiples,
        plots.tile_map,
    ],
)
def test_missing_columns_are_named(plot: Callable[[pd.DataFrame], object]) -> None:
    with pytest.raises(TongbaoError, match="the plot needs the columns"):
        plot(pd.DataFrame({"x": [1]}))


def test_hostile_labels_are_shown_as_codes() -> None:
    ax = plots.caterpillar(RATES.assign(label=["a\u202eb", "\ue000", "$x^2$ $\\frac$ <b>"]))
    ax.figure.canvas.draw()
    shown = {t.get_text() for t in ax.get_yticklabels()}
    assert shown == {"a[U+202E]b", "[U+E000]", "$x^2$ $\\frac$ <b>"}


def test_colours_stay_ordered_for_any_number_of_grades() -> None:
    """Ordered colours stay ordered for any number of grades."""
    from tongbao.report.plots.grades import _ordered_colours

    for n in range(1, 8):
        shades = [sum(matplotlib.colors.to_rgb(c)) for c in _ordered_colours(n)]
        assert len(shades) == n and all(a < b for a, b in pairwise(shades))


def history(at: list[float], rates: list[float], n: list[int]) -> pd.DataFrame:
    same = {"low": None, "high": None, "source": "coded", "inspector_level": "province", "comparator": "="}
    return pd.DataFrame({"panel": "甲省", "at": at, "rate": rates, "n": n, **same, "joined": False})


def test_counts_below_points_of_one_time_do_not_cover_each_other() -> None:
    fig = plots.rate_history(history([2018.1, 2018.12, 2018.14, 2018.5], [0.97] * 4, [1234, 1250, 1300, 7]), columns=2)
    fig.canvas.draw()
    boxes = [text.get_window_extent() for text in fig.axes[0].texts]
    assert len(boxes) == 4
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    plt.close(fig)


@pytest.mark.parametrize("rates", [[0.9712, 0.9724], [0.2, 0.9]])
def test_no_tick_stands_twice(rates: list[float]) -> None:
    fig = plots.rate_history(history([2018.1, 2018.4], rates, [10, 20]))
    for axis in (fig.axes[0].xaxis, fig.axes[0].yaxis):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        assert len(labels) == len(set(labels)) > 1
    plt.close(fig)


def test_panels_of_provinces_stand_in_the_order_of_their_codes() -> None:
    frame = pd.concat([history([2018.1], [0.9], [1]).assign(panel=p) for p in ("云南省", "全国", "北京市")])
    fig = plots.rate_history(frame)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in fig.axes] == ["全国", "北京市", "云南省"]
    plt.close(fig)
