"""The reference tables keep their promises: sorted, no key twice, every fact with a source, every code known."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tongbao.errors import TongbaoError
from tongbao.extract.lexicon import load
from tongbao.extract.places import Gazetteer

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"

KEYS = {
    "agencies": ("alias", "form"),
    "doc_number_heads": ("head", "kind", "place_code", "zone", "body"),
    "grade_scales": ("scale_id", "grade"),
    "group_names": ("wording",),
    "office_affixes": ("side", "affix"),
    "place_stops": ("side", "form"),
    "problem_wording": ("code", "pattern"),
    "problems": ("code",),
    "regimes": ("regime",),
    "region_changes": ("date", "old_code", "old_name", "new_code", "new_name"),
    "regions": ("code", "valid_from", "name"),
    "zones": ("zone",),
}
SORT = {
    "grade_scales": lambda r: (r["scale_id"], int(r["rank"] or 99), r["grade"]),
    "region_changes": lambda r: (r["date"], r["old_code"], r["new_code"]),
}
MONTH = re.compile(r"((19|20)\d{2}(-(0[1-9]|1[0-2]))?)?")


@pytest.mark.parametrize("name", sorted(KEYS))
def test_sorted_without_duplicates_and_sourced(name: str) -> None:
    rows = load(name, required=KEYS[name])
    keys = [tuple(row[column] for column in KEYS[name]) for row in rows]
    assert rows, "an empty table is no table"
    assert len(set(keys)) == len(keys), [key for key in keys if keys.count(key) > 1][:5]
    order = SORT.get(name, lambda row: tuple(row[column] for column in KEYS[name]))
    assert rows == sorted(rows, key=order)
    column = "checked_by" if name == "regions" else "source"
    assert [row for row in rows if not row[column].strip()] == []


@pytest.mark.parametrize("name", sorted(KEYS))
def test_plain_utf8_with_unix_ends(name: str) -> None:
    data = (REFERENCE / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data and data.endswith(b"\n")
    for row in load(name):
        assert all(cell == cell.strip() for cell in row.values()), row


def test_every_table_has_a_section_in_the_readme() -> None:
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    assert [name for name in KEYS if f"## {name}.csv" not in text] == []


def test_region_codes_nest() -> None:
    rows = load("regions")
    codes = {row["code"] for row in rows}
    for row in rows:
        assert re.fullmatch(r"\d{6}", row["code"])
        assert row["level"] == (
            "province" if row["code"][2:] == "0000" else "prefecture" if row["code"][4:] == "00" else "county"
        )
        assert row["province_code"] == row["code"][:2] + "0000"
        assert row["province_code"] in codes
        assert (row["parent_code"] in codes) if row["level"] != "province" else row["parent_code"] == ""
        assert MONTH.fullmatch(row["valid_from"]) and MONTH.fullmatch(row["valid_to"])
        assert not (row["valid_from"] and row["valid_to"]) or row["valid_from"] <= row["valid_to"]
        assert row["name"] not in ("市辖区", "县", "省直辖县级行政区划")


def test_a_code_has_one_name_at_a_time() -> None:
    rows = load("regions")
    for one, two in pairwise(rows):
        if one["code"] == two["code"]:
            assert one["valid_to"] and two["valid_from"] and one["valid_to"] <= two["valid_from"], (one, two)


def test_thirty_one_provinces_of_the_regime() -> None:
    provinces = {r["code"] for r in load("regions") if r["level"] == "province"}
    assert len(provinces - {"710000", "810000", "820000"}) == 31


@pytest.mark.parametrize(
    ("month", "n_prefectures", "n_counties"),
    # Yearbook figures of the Ministry of Civil Affairs at the end of the year; zones without a code of their own
    # (加格达奇区 and others) are counted there as counties by some yearbooks and never here.
    [("2016-12", 334, 2851), ("2019-12", 333, 2846), ("2022-12", 333, 2843)],
)
def test_number_of_places_agrees_with_the_yearbooks(month: str, n_prefectures: int, n_counties: int) -> None:
    def lives(row: dict[str, str]) -> bool:
        after = not row["valid_from"] or row["valid_from"] <= month
        before = not row["valid_to"] or row["valid_to"] > month
        return after and before

    rows = [r for r in load("regions") if lives(r) and r["code"][:2] not in ("71", "81", "82")]
    prefectures = [r for r in rows if r["level"] == "prefecture"]
    counties = [r for r in rows if r["level"] == "county"]
    assert len(prefectures) == n_prefectures
    assert len(counties) == pytest.approx(n_counties, abs=6)


def test_zones_lie_in_known_regions() -> None:
    codes = {row["code"] for row in load("regions")}
    for row in load("zones"):
        assert row["region_code"] in codes, row
        assert not row["stat_code"] or re.fullmatch(r"\d{6}", row["stat_code"])
        assert MONTH.fullmatch(row["valid_from"]) and MONTH.fullmatch(row["valid_to"])


def test_statistical_codes_of_zones_are_no_regions() -> None:
    regions = {row["code"] for row in load("regions")}
    assert {row["stat_code"] for row in load("zones")} & regions == set()


def test_heads_name_known_places_and_bodies() -> None:
    codes = {row["code"] for row in load("regions")}
    zones = {row["zone"] for row in load("zones")}
    for row in load("doc_number_heads"):
        assert row["kind"] in ("full", "place", "suffix")
        assert not row["place_code"] or row["place_code"] in codes
        assert not row["zone"] or row["zone"] in zones
        assert bool(row["body"]) == (row["kind"] != "place")
        assert (row["kind"] == "suffix") == (not row["place_code"] and not row["zone"]) or row["body"].startswith(
            "state_council"
        )


def test_problem_codes_are_known_and_each_has_wording() -> None:
    codes = {row["code"] for row in load("problems")}
    assert {row["code"] for row in load("problem_wording")} == codes
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]+", code) for code in codes)


@pytest.mark.parametrize("row", load("problem_wording"), ids=lambda row: f"{row['code']}-{row['pattern'][:24]}")
def test_problem_wording_matches_its_example_only(row: dict[str, str]) -> None:
    assert row["kind"] in ("literal", "regex")
    pattern = re.compile(row["pattern"] if row["kind"] == "regex" else re.escape(row["pattern"]))
    assert pattern.search(row["example_match"])
    assert not pattern.search(row["example_no_match"])
    assert not pattern.search("")
    # Bounded: no pattern can run over a paragraph, or take long on a hostile one.
    assert not re.search(r"(?<!\\)[*+]|\{\d*,\}", re.sub(r"\[[^\]]*\]", "x", row["pattern"])), "unbounded"


def test_grade_scales_are_ordered_and_banded() -> None:
    bands = ["fail", "pass", "good", "excellent"]
    scales: dict[str, list[dict[str, str]]] = {}
    for row in load("grade_scales"):
        scales.setdefault(row["scale_id"], []).append(row)
        assert (row["band_low"] == "") == (row["band_high"] == "")
        if row["band_low"]:
            assert bands.index(row["band_low"]) <= bands.index(row["band_high"])
    for rows in scales.values():
        ranks = [int(row["rank"]) for row in rows if row["rank"]]
        assert ranks == list(range(1, len(ranks) + 1))
        assert all((row["rank"] != "") == (row["is_ordered"] == "true") for row in rows)
        lows = [bands.index(row["band_low"]) for row in rows if row["rank"] and row["band_low"]]
        assert lows == sorted(lows, reverse=True), "a better grade cannot lie in a lower band"
    assert [row["grade"] for row in scales["GD4"]] == ["优秀", "良好", "一般", "不合格"]
    assert [row["grade"] for row in scales["BIN"]] == ["合格", "不合格"]
    assert [row["grade"] for row in scales["GS"]] == ["较好"]


def test_agencies_say_how_the_office_changed() -> None:
    for row in load("agencies"):
        assert row["form"] in ("core", "full")
        assert row["relation"] in ("same", "rename", "merge", "absorb", "split")
        assert row["relation"] != "same" or row["agency"] == row["office"], row
        assert "和" not in row["alias"] and "与" not in row["alias"], "aliases are written without 和 and 与"


def test_loader_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    (tmp_path / "bytes.csv").write_bytes(b"a,b\n\xff,1\n")
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n", encoding="utf-8")
    for name, place in (("ragged", "ragged.csv, line 3"), ("twice", "twice.csv, line 1"), ("bytes", "bytes.csv")):
        with pytest.raises(TongbaoError, match=re.escape(place)):
            load(name, folder=tmp_path)
    with pytest.raises(TongbaoError, match="missing"):
        load("nowhere", folder=tmp_path)
    (tmp_path / "short.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(TongbaoError, match="lacks the column b"):
        load("short", required=("a", "b"), folder=tmp_path)


def test_loader_and_csv_module_agree() -> None:
    with (REFERENCE / "zones.csv").open(encoding="utf-8", newline="") as handle:
        assert load("zones.csv") == list(csv.DictReader(handle))


def test_gazetteer_is_built_once() -> None:
    assert Gazetteer.load() is Gazetteer.load()
