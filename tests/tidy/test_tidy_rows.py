import copy
from collections.abc import Callable

import pytest

from tidy.made_up_circular import TEXT, fact, facts, interim, rate, span, with_facts
from tongbao.errors import TongbaoError
from tongbao.read.sources import Source
from tongbao.tidy.rows import Interim, Split

Tidy = Callable[..., Split]


def reasons(split: Split) -> list[str]:
    return [rejection.reason for rejection in split.rejected]


def test_every_table_gets_its_row(tidy: Tidy) -> None:
    split = tidy(interim())
    assert split.rejected == []
    expected = dict.fromkeys(split.rows, 1) | {"checks": 2, "repairs": 2, "corrections": 0}
    assert {table: len(rows) for table, rows in split.rows.items()} == expected


def test_quotes_are_slices_of_the_text(tidy: Tidy) -> None:
    split = tidy(interim())
    quoted = [row for rows in split.rows.values() for row in rows if "quote" in row]
    assert len(quoted) == len(facts())
    for row in quoted:
        assert row["quote"] == TEXT[row["start"] : row["end"]]  # type: ignore[misc]


def test_the_circulars_own_row(tidy: Tidy) -> None:
    source = Source("made-up", "made-up.txt", source_url="https://example.org/1")
    row = tidy(interim(), source).rows["circulars"][0]
    assert row["raw_file"] == "made-up.txt" and row["raw_sha256"] == "0" * 64
    assert (row["script"], row["copy_kind"], row["source_name"]) == ("Hant", "mirror", "某网")
    assert row["source_url"] == "https://example.org/1"
    assert str(row["issued_on"]) == "2018-09-07" and str(row["published_on"]) == "2018-12-12"
    assert (row["n_repairs"], row["n_unrepaired"], row["n_numerals"], row["n_numerals_explained"]) == (2, 1, 10, 9)
    assert row["doc_number"] is None and row["prefecture"] is None


def test_the_register_wins_over_the_page(tidy: Tidy) -> None:
    source = Source("made-up", "made-up.txt", source_name="甲省政府网")
    assert tidy(interim(), source).rows["circulars"][0]["source_name"] == "甲省政府网"
    assert tidy(interim(), None).rows["circulars"][0]["source_url"] is None


def test_rows_are_numbered_in_the_order_of_the_text(tidy: Tidy) -> None:
    later = fact("figures", "得分80分以上的有2个", what="甲", value=2)
    earlier = fact("figures", "随机抽查网站200个", what="乙", value=200)
    same = fact("figures", "得分80分以上的有2个", what="丙", value=3)
    rows = tidy(with_facts(later, earlier, same)).rows["figures"]
    assert [(row["row"], row["what"]) for row in rows] == [(1, "乙"), (2, "甲"), (3, "丙")]


def test_checks_and_repairs(tidy: Tidy) -> None:
    split = tidy(interim())
    assert [(row["row"], row["found"], row["holds"]) for row in split.rows["checks"]] == [
        (1, "95.5", True),
        (2, "3", False),
    ]
    assert [(row["row"], row["raw_start"], row["raw"]) for row in split.rows["repairs"]] == [
        (1, 0, None),
        (2, 120, "紀"),
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"rate": "95.5%"}, "rate '95.5%' is no number"),
        ({"rate": 95.5}, "rate 95.5 is above 1"),
        ({"scope_level": "village"}, "scope_level 'village' is not one of"),
        ({"scope": ""}, "scope is missing"),
        ({"rate_low": 0.97, "rate_high": 1.0}, "rate 0.955 is below rate_low 0.97"),
        ({"rate": "x", "n_checked": "y"}, "n_checked 'y' is no integer; rate 'x' is no number"),
    ],
)
def test_a_wrong_value_sets_the_row_aside(tidy: Tidy, values: dict[str, object], reason: str) -> None:
    split = tidy(with_facts(rate(**values)))
    assert split.rows["pass_rates"] == []
    (rejection,) = split.rejected
    assert reason in rejection.reason and rejection.table == "pass_rates"
    assert rejection.file == "made-up.txt" and rejection.values is not None
    assert {"start": rejection.start, "end": rejection.end} == span("合格率为95.5%")


def test_a_broken_sum_is_no_reason_to_reject(tidy: Tidy) -> None:
    assert tidy(with_facts(rate(n_checked=200, n_passed=9, n_failed=9))).rejected == []


@pytest.mark.parametrize("place", [(-1, 3), (3, 3), (5, 4), (len(TEXT) - 1, len(TEXT) + 1)])
def test_a_place_outside_the_text_sets_the_row_aside(tidy: Tidy, place: tuple[int, int]) -> None:
    split = tidy(with_facts(rate() | {"start": place[0], "end": place[1]}))
    assert "is none in a text" in reasons(split)[0] and split.rows["pass_rates"] == []


def test_a_missing_basis_is_not_made_up(tidy: Tidy) -> None:
    assert reasons(tidy(with_facts(rate(basis="")))) == ["basis is missing"]


def test_duplicates_name_the_row_they_repeat(tidy: Tidy) -> None:
    again = rate("按期办结率100%")
    other = rate("按期办结率100%", rate=0.9, n_failed=9)
    split = tidy(with_facts(again, rate(), other))
    assert [row["row"] for row in split.rows["pass_rates"]] == [1]
    assert reasons(split) == [
        "duplicate of row 1",
        "duplicate of row 1, which says otherwise in n_failed, rate",
    ]


def test_a_stated_row_wins_over_one_from_a_streak(tidy: Tidy) -> None:
    streak = rate("随机抽查网站200个", "streak", rate=1)
    split = tidy(with_facts(streak, rate()))
    assert [row["basis"] for row in split.rows["pass_rates"]] == ["stated"]
    assert reasons(split) == ["duplicate of row 1, which says otherwise in rate"]


def test_another_inspector_is_another_row(tidy: Tidy) -> None:
    both = rate(inspector_level="province"), rate(inspector_level="national")
    assert len(tidy(with_facts(*both)).rows["pass_rates"]) == 2


def test_contacts_reach_neither_rows_nor_rejections(tidy: Tidy) -> None:
    over = fact("figures", "联系人：王某某，电话", what="要求联系", value=1)
    inside = fact("figures", "随机抽查网站200个", what="电话0000-0000000", value=1)
    bad_too = fact("figures", "0000-0000000", what="x", value="王某某")
    split = tidy(with_facts(over, inside, bad_too))
    assert split.rows["figures"] == []
    assert len(split.rejected) == 3
    for rejection in split.rejected:
        assert "contact details" in rejection.reason and rejection.values is None
        assert "王某某" not in repr(rejection) and "0000000" not in repr(rejection)


def test_a_rejected_circular_takes_its_rows_along(tidy: Tidy) -> None:
    split = tidy(with_facts(rate(), issuer_level="galaxy"))
    assert not any(split.rows.values())
    assert [r.table for r in split.rejected] == ["circulars", "pass_rates", "checks", "checks", "repairs", "repairs"]
    assert "issuer_level 'galaxy'" in reasons(split)[0]
    assert set(reasons(split)[1:]) == {"its circular was rejected"}


def test_citations_refer_to_circulars_that_exist(tidy: Tidy) -> None:
    cited = fact("citations", "甲办发〔2018〕1号", doc_number="甲办发〔2018〕1号", cited_circular_id="other")
    assert reasons(tidy(with_facts(cited))) == ["cited_circular_id names no circular of the corpus"]
    assert tidy(with_facts(cited), None, ("made-up", "other")).rejected == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda e: e["facts"][0]["values"].update(colour="red"), "'colour'"),
        (lambda e: e["facts"][0]["values"].update(quote="x"), "'quote'"),
        (lambda e: e["circular"].update(mood="good"), "'mood'"),
        (lambda e: e["checks"][0].update(start=1), "'start'"),
        (lambda e: e["facts"][0].update(table="rumours"), "no table is called"),
        (lambda e: e["facts"][0].update(table="checks"), "cannot be a row of checks"),
        (lambda e: e.pop("checks"), "not what extraction"),
        (lambda e: e["facts"][0].update(start=None), "not what extraction"),
    ],
)
def test_faults_of_the_program_stop_the_build(
    tidy: Tidy, change: Callable[[dict[str, object]], object], message: str
) -> None:
    made = interim()
    extracted = copy.deepcopy(dict(made.extracted))
    change(extracted)
    with pytest.raises(TongbaoError, match=message):
        tidy(Interim(made.circular_id, made.text, made.restored, extracted))


def test_nothing_is_lost(tidy: Tidy) -> None:
    many = [*facts(), *facts(), rate(rate="x"), fact("figures", "0000-0000000", what="x", value=1)]
    split = tidy(with_facts(*many))
    n_rows = sum(len(rows) for rows in split.rows.values())
    assert n_rows + len(split.rejected) == sum(split.n_in.values()) == len(many) + 1 + 2 + 2


def test_a_lost_row_is_noticed() -> None:
    split = Split(rows={"figures": []}, rejected=[], n_in={"figures": 1})
    with pytest.raises(TongbaoError, match="1 of 1 rows of figures"):
        split.assert_conserved("made-up")
