"""Coefficients of agreement against the examples of the papers that define them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as reference_kappa

from tongbao.review.coefficients import cohens_kappa, krippendorffs_alpha, percent_agreement


def pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    return [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]


@pytest.mark.parametrize(
    ("table", "agreement", "kappa"),
    [
        # Cohen (1960), Table 1: two judges below chance; proportions of 100.
        ([[25, 13, 12], [12, 2, 16], [3, 15, 2]], 0.29, -0.09),
        # Cohen (1960), the example of 200 cases.
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.70, 0.492),
        # Fleiss, Cohen & Everitt (1969), Table 1: proportions of 100.
        ([[53, 5, 2], [11, 14, 5], [1, 6, 3]], 0.70, 0.429),
    ],
)
def test_kappa_of_published_tables(table: list[list[int]], agreement: float, kappa: float) -> None:
    assert percent_agreement(pairs(table)) == pytest.approx(agreement)
    found = cohens_kappa(pairs(table))
    assert found is not None and round(found, len(str(kappa).split(".")[1])) == kappa


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_kappa_agrees_with_statsmodels(values: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    for a, b in values:
        table[a, b] += 1
    ours = cohens_kappa(values)
    if ours is None:
        assert len({*values}) == 1 and values[0][0] == values[0][1]
    else:
        assert ours == pytest.approx(reference_kappa(table, return_results=False), abs=1e-9)


_ = None
# Krippendorff (2011), the four examples of the paper; one list an observer.
A = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
B = [list("aabbdcccedda"), [*list("babbbcccedd"), "d"]]
C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


@pytest.mark.parametrize(
    ("observers", "level", "alpha"),
    [
        (A, "nominal", 0.095),
        (B, "nominal", 0.692),
        (C, "nominal", 0.743),
        (C, "ordinal", 0.815),
        (C, "interval", 0.849),
        (C, "ratio", 0.797),
    ],
)
def test_alpha_of_krippendorffs_examples(observers: list[list[object]], level, alpha: float) -> None:
    found = krippendorffs_alpha(list(zip(*observers, strict=True)), level)
    assert found.value is not None and round(found.value, 3) == alpha
    assert found.low is not None and found.high is not None and found.low <= found.value <= found.high


def test_the_missing_data_example_counts_as_the_paper_does() -> None:
    found = krippendorffs_alpha(list(zip(*C, strict=True)))
    assert (found.n_units, found.n_values) == (11, 40)


@given(
    st.lists(st.lists(st.none() | st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_by_the_book(units: list[list[int | None]], level) -> None:
    """The definition written out pair by pair, as a second implementation."""
    kept = [[v for v in unit if v is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    every = [v for unit in kept for v in unit]

    def distance(a: int, b: int) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return ((a - b) / (a + b)) ** 2 if a + b else 0.0
        low, high = min(a, b), max(a, b)
        between = sum(every.count(g) for g in range(low, high + 1))
        return 0.0 if a == b else (between - (every.count(a) + every.count(b)) / 2) ** 2

    found = krippendorffs_alpha(units, level, resamples=0).value
    expected = sum(distance(a, b) for a in every for b in every)
    if not every or expected == 0:
        assert found is None
        return
    n = len(every)
    observed = sum(sum(distance(a, b) for a in unit for b in unit) / (len(unit) - 1) for unit in kept) / n
    assert found == pytest.approx(1 - observed / (expected / (n * (n - 1))), abs=1e-9)


def test_what_is_not_defined_says_so() -> None:
    assert percent_agreement([]) is None and cohens_kappa([]) is None
    assert cohens_kappa([(1, 1), (1, 1)]) is None
    same = krippendorffs_alpha([(1, 1), (1, 1)])
    assert same.value is None and "the same" in same.reason
    alone = krippendorffs_alpha([(1, None), (None, 2)])
    assert alone.value is None and "two" in alone.reason and alone.n_units == 0


def test_the_interval_is_the_same_every_time_and_narrows_with_more_units() -> None:
    units = list(zip(*C, strict=True))
    assert krippendorffs_alpha(units, seed=3) == krippendorffs_alpha(units, seed=3)
    few, many = krippendorffs_alpha(units), krippendorffs_alpha(units * 20)
    assert many.high - many.low < (few.high - few.low) / 2  # type: ignore[operator]


def test_perfect_agreement_and_the_opposite() -> None:
    assert krippendorffs_alpha([(0, 0), (1, 1)] * 5).value == 1
    assert krippendorffs_alpha([(0, 1), (1, 0)] * 5).value < 0  # type: ignore[operator]
    assert cohens_kappa([(0, 0), (1, 1)]) == 1 and cohens_kappa([(0, 1), (1, 0)]) == -1
