import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.errors import TongbaoError
from tongbao.stats.result import Analysis, Refusal, _frame


def example():
    frame = pd.DataFrame(
        {
            "scope": ["江苏省", "苏州市", None],
            "n": pd.array([270, None, 3], dtype="Int64"),
            "rate": [259 / 270, 1.0, np.nan],
            "counts": [[258, 259, 260], [], None],
            "is_level": [True, False, True],
            "row": [1, 2, 3],
        }
    )
    return Analysis(
        "pass_rate_trends",
        params={"level": 0.95, "copies": ("clean", "mirror"), "seed": 3, "nothing": None},
        tables={"rates": frame, "empty": pd.DataFrame({"scope": [], "n": []})},
        refused=[Refusal("趋势", "只有一期。")],
        notes=["一条说明"],
    )


def test_the_bytes():
    text = example().to_json()
    document = json.loads(text)
    assert list(document) == sorted(document) and text.endswith("}\n") and "\\u" not in text
    assert document["tables"]["rates"] == {
        "columns": ["scope", "n", "rate", "counts", "is_level", "row"],
        "rows": [
            ["江苏省", 270, 0.9592592593, [258, 259, 260], True, 1],
            ["苏州市", None, 1.0, [], False, 2],
            [None, 3, None, None, True, 3],
        ],
    }
    assert document["tables"]["empty"] == {"columns": ["scope", "n"], "rows": []}
    assert document["params"] == {"level": 0.95, "copies": ["clean", "mirror"], "seed": 3, "nothing": None}
    assert document["refused"] == [{"what": "趋势", "reason": "只有一期。"}]


def test_round_trip(tmp_path):
    path = tmp_path / "deep" / "pass_rate_trends.json"
    example().write(path)
    back = Analysis.read(path)
    assert path.read_bytes() == back.to_json().encode() and b"\r" not in path.read_bytes()
    rates = back.table("rates")
    assert str(rates["n"].dtype) == "Int64" and str(rates["row"].dtype) == "int64"
    assert str(rates["rate"].dtype) == "float64" and str(rates["is_level"].dtype) == "bool"
    assert rates["rate"].isna().tolist() == [False, False, True]
    assert back.refused == example().refused and back.notes == example().notes
    assert list(back.table("empty").columns) == ["scope", "n"]


def test_same_analysis_same_bytes():
    swapped = example()
    turned = Analysis(
        swapped.name,
        dict(reversed(swapped.params.items())),
        dict(reversed(swapped.tables.items())),
        swapped.refused,
        swapped.notes,
    )
    assert turned.to_json() == example().to_json()


cells = st.one_of(
    st.none(), st.integers(-(10**6), 10**6), st.booleans(), st.text(max_size=4), st.floats(-1e6, 1e6), st.just(-0.0)
)


@given(st.lists(st.tuples(cells, st.integers(), st.floats(-1e300, 1e300) | st.just(math.nan)), max_size=6))
def test_reading_and_writing_again_changes_nothing(rows):
    analysis = Analysis("x", tables={"t": pd.DataFrame(rows, columns=["any", "count", "number"], dtype="object")})
    text = analysis.to_json()
    document = json.loads(text, parse_constant=pytest.fail)  # NaN and Infinity are no JSON
    again = Analysis("x", tables={"t": _frame(document["tables"]["t"])})
    assert again.to_json() == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(3), 3), (np.float64(1 / 3), 0.3333333333), (Fraction(1, 3), 0.3333333333), (Decimal("0.5"), 0.5),
        (np.bool_(True), True), (pd.NA, None), (pd.NaT, None), (float("nan"), None), (-0.0, 0.0),
        (pd.Timestamp("2018-09-07").date(), "2018-09-07"), (12345678901234, 12345678901234), (True, True),
    ],
)  # fmt: skip
def test_values(value, expected):
    frame = pd.DataFrame({"v": pd.Series([value], dtype="object")})
    found = json.loads(Analysis("x", tables={"t": frame}).to_json())["tables"]["t"]["rows"][0][0]
    assert found == expected and type(found) is type(expected)
    assert str(found) == str(expected)


@pytest.mark.parametrize("value", [float("inf"), {1, 2}, pd.DataFrame(), b"x"])
def test_values_without_a_place(value):
    frame = pd.DataFrame({"v": pd.Series([value], dtype="object")})
    with pytest.raises(TongbaoError, match="table t, column v"):
        Analysis("x", tables={"t": frame}).to_json()


def test_a_column_twice():
    with pytest.raises(TongbaoError, match="twice"):
        Analysis("x", tables={"t": pd.DataFrame([[1, 2]], columns=["a", "a"])}).to_json()


def test_an_unknown_table_names_the_others():
    with pytest.raises(TongbaoError, match="empty, rates"):
        example().table("grades")
    with pytest.raises(TongbaoError, match="no tables"):
        Analysis("x").table("grades")


@pytest.mark.parametrize("text", ["[]", "{}", '{"name": "x"}', "nonsense"])
def test_not_an_analysis(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TongbaoError, match=r"x\.json"):
        Analysis.read(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(TongbaoError, match="dvc repro"):
        Analysis.read(tmp_path / "coverage.json")
