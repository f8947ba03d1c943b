"""Places: names, dates, territories; what is ambiguous stays so, and the known traps yield nothing."""

from datetime import date

import pytest

from tongbao.errors import TongbaoError
from tongbao.extract.lexicon import load
from tongbao.extract.place_types import months_outside
from tongbao.extract.places import Gazetteer, gazetteer, lies_in, prefecture_of, province_of


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


GUANGDONG = {
    "深圳": "440300", "广州": "440100", "湛江": "440800", "东莞": "441900", "珠海": "440400", "佛山": "440600",
    "江门": "440700", "肇庆": "441200", "惠州": "441300", "清远": "441800", "汕头": "440500", "顺德": "440606",
    "梅州": "441400", "中山": "442000", "茂名": "440900", "韶关": "440200", "揭阳": "445200", "潮州": "445100",
    "阳江": "441700", "汕尾": "441500", "云浮": "445300", "河源": "441600",
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), GUANGDONG.items())
def test_cities_of_guangdong_2016(places: Gazetteer, name: str, code: str) -> None:
    found = places.resolve(name, date(2017, 3, 8), "440000")
    assert (found.code, found.status) == (code, "short")


@pytest.mark.parametrize(
    ("name", "on", "within", "code", "official", "status"),
    [
        ("临夏州", "2022-03-09", "620000", "622900", "临夏回族自治州", "short"),
        ("嘉峪关市", "2022-03-09", "620000", "620200", "嘉峪关市", "exact"),
        ("洛川县", "2017-03-03", "610600", "610629", "洛川县", "exact"),
        ("睢宁", "2018-09-07", "320000", "320324", "睢宁县", "short"),
        ("海安", "2018-09-07", "320000", "320685", "海安市", "short"),
        ("海安", "2018-01", "320000", "320621", "海安县", "short"),
        ("海安县", "2018-01", None, "320621", "海安县", "exact"),
        ("莱芜", "2018-03", "370000", "371200", "莱芜市", "short"),
        ("莱芜", "2020-01", "370000", "370116", "莱芜区", "short"),
        ("巢湖市", "2010", None, "341400", "巢湖市", "exact"),
        ("巢湖市", "2020", None, "340181", "巢湖市", "exact"),
        ("济源", "2018", "410000", "419001", "济源市", "short"),
        ("融水县", "2018", "450000", "450225", "融水苗族自治县", "short"),
        ("海南藏族自治州", "2018", None, "632500", "海南藏族自治州", "exact"),
        ("海南州", "2018", None, "632500", "海南藏族自治州", "short"),
        ("海南", "2018", None, "460000", "海南省", "short"),
        ("河南县", "2018", "630000", "632324", "河南蒙古族自治县", "short"),
        ("承德", "2018", "130000", "130800", "承德市", "short"),
        ("承德县", "2018", "130000", "130821", "承德县", "exact"),
        ("鼓楼区", "2018", "320100", "320106", "鼓楼区", "exact"),
        ("东兴", "2018", "450000", "450681", "东兴市", "short"),
        ("东兴", "2018", "510000", "511011", "东兴区", "short"),
    ],
)
def test_resolved(
    places: Gazetteer, name: str, on: str, within: str | None, code: str, official: str, status: str
) -> None:
    found = places.resolve(name, on, within)
    assert (found.code, found.official_name, found.status, found.in_force) == (code, official, status, True)


@pytest.mark.parametrize(
    ("name", "on", "within", "codes"),
    [
        ("吉林", "2018", None, {"220000", "220200"}),
        ("吉林", "2018", "220000", {"220000", "220200"}),
        ("鼓楼区", "2018", "320000", {"320106", "320302"}),
        ("市中区", "2018", None, {"370103", "370402", "511002", "511102"}),
        ("东兴", "2018", None, {"450681", "511011"}),
        ("富阳", "2014-06", "330000", {"330183", "330111"}),  # only the year of the change is known
    ],
)
def test_ambiguous_lists_its_candidates(
    places: Gazetteer, name: str, on: str, within: str | None, codes: set[str]
) -> None:
    found = places.resolve(name, on, within)
    assert (found.status, found.code, found.official_name) == ("ambiguous", "", "")
    assert {c.code for c in found.candidates} == codes
    assert not found.is_resolved


@pytest.mark.parametrize(
    "name", ["县", "市辖区", "省直辖县级行政区划", "", "我省", "全市", "重庆路", "省司法厅", "虚构市", "区", "高新区"]
)
def test_no_place(places: Gazetteer, name: str) -> None:
    found = places.resolve(name, "2018")
    assert (found.status, found.code) == ("unknown", "")


def test_level_told_by_the_text_decides(places: Gazetteer) -> None:
    assert places.resolve("吉林", "2018", "220000", level="prefecture").code == "220200"
    assert places.resolve("吉林", "2018", level="province").code == "220000"


def test_short_names_of_counties_stay_in_their_territory(places: Gazetteer) -> None:
    assert places.resolve("睢宁", "2018", "620000").status == "unknown"
    assert places.resolve("睢宁县", "2018", "620000").code == "320324"
    assert places.resolve("苏州", "2018", "620000").code == "320500"


def test_old_name_shortly_after_the_change_means_the_place_of_today(places: Gazetteer) -> None:
    found = places.resolve("海安县", "2018-09-07", "320000")
    assert (found.code, found.official_name, found.in_force) == ("320685", "海安市", False)
    merged = places.resolve("莱芜市", "2019-03")
    assert (merged.code, merged.in_force) == ("371200", False)


def test_old_name_long_after_the_change_is_only_a_candidate(places: Gazetteer) -> None:
    found = places.resolve("海安县", "2022")
    assert (found.status, [c.code for c in found.candidates]) == ("unknown", ["320621"])


def test_zones_have_no_code_but_a_region_around_them(places: Gazetteer) -> None:
    for name, within, parent in [
        ("兰州新区", "620000", "620100"),
        ("大亚湾区", None, "441300"),
        ("大亚湾", "441300", "441300"),
        ("平潭综合实验区", "350000", "350100"),
        ("杨凌示范区", "610000", "610400"),
        ("高新区", "410100", "410100"),
        ("兵团", None, "650000"),
    ]:
        found = places.resolve(name, "2018", within)
        assert (found.code, found.level, found.parent_code) == ("", "zone", parent), name
        assert found.is_resolved
    assert places.resolve("大亚湾", "2018").status == "unknown"
    assert places.resolve("雄安新区", "2015").status == "unknown"


@pytest.mark.parametrize("on", ["2011-01", "2016-09", "2019-06", "2025-01"])
def test_every_official_name_is_found_in_its_own_region(places: Gazetteer, on: str) -> None:
    """Only a change inside the very month or year may leave two candidates; and never a wrong one."""
    unclear = []
    for row in load("regions"):
        place = places.named(row["code"], on)
        if place is None or place.name != row["name"] or months_outside(place, on):
            continue
        found = places.resolve(row["name"], on, row["parent_code"] or None)
        if found.status == "ambiguous":
            assert row["code"] in {c.code for c in found.candidates}
            unclear.append(row["code"])
        else:
            assert (found.code, found.status) == (row["code"], "exact"), row
    assert len(unclear) <= 2, unclear


def test_shunde_is_a_district(places: Gazetteer) -> None:
    assert places.resolve("顺德区", "2017").level == "county"


@pytest.mark.parametrize(
    ("text", "within", "expected"),
    [
        ("南京、无锡、苏州、连云港、扬州、泰州、宿迁7市抽查合格率达100%", "320000",
         "南京320100 无锡320200 苏州320500 连云港320700 扬州321000 泰州321200 宿迁321300"),
        ("睢宁、邳州、海安、句容4县（市）", "320000", "睢宁320324 邳州320382 海安320685 句容321183"),
        ("睢宁、邳州、海安、句容4县（市）", None, ""),
        ("广东省人民政府办公厅关于2016年度全省政府网站考评结果的通报", "440000", "广东省440000"),
        ("各地级以上市政府、顺德区政府门户网站", "440000", "顺德区440606"),
        ("江苏省徐州市鼓楼区", None, "江苏省320000 徐州市320300 鼓楼区320302"),
        ("青海西宁", None, "青海630000 西宁630100"),
        ("吉林省吉林市", None, "吉林省220000 吉林市220200"),
        ("海南藏族自治州人民政府", None, "海南藏族自治州632500"),
        ("广西东兴市", None, "广西450000 东兴市450681"),
        ("重庆路小学和红河路、北京银行", None, ""),
        ("县政府、各县（市、区）、全省、我市、市辖区", None, ""),
        ("虚构县人民政府", None, ""),
        ("", None, ""),
        ("京", None, ""),
    ],
)  # fmt: skip
def test_found_in_text(places: Gazetteer, text: str, within: str | None, expected: str) -> None:
    hits = places.find_in(text, "2018-09-07", within)
    assert " ".join(text[a:b] + r.code for a, b, r in hits) == expected
    assert all(a < b for a, b, _ in hits)


def test_found_in_text_keeps_ambiguity(places: Gazetteer) -> None:
    [(start, end, found)] = places.find_in("市中区政府网站", "2018")
    assert (start, end, found.status) == (0, 3, "ambiguous")


@pytest.mark.parametrize(
    ("issuer", "number", "code", "level", "parent", "basis"),
    [
        ("甘肃省人民政府办公厅", "", "620000", "province", "", "name"),
        ("江苏省政府办公厅", "", "320000", "province", "", "name"),
        ("延安市人民政府办公室", "延政办函〔2017〕19号", "610600", "prefecture", "610000", "name"),
        ("惠州大亚湾经济技术开发区管理委员会办公室", "惠湾管办函〔2018〕33号", "", "zone", "441300", "name"),
        ("", "惠湾管办函〔2018〕33号", "", "zone", "441300", "doc_number"),
        ("省府办公厅", "粤办函〔2017〕121号", "440000", "province", "", "doc_number"),
        ("市人民政府办公室", "延政办函〔2017〕19号", "610600", "prefecture", "610000", "doc_number"),
        ("湖南省司法厅", "", "430000", "province", "", "name"),
        ("国务院办公厅", "", "", "national", "", "name"),
        ("", "国办秘函〔2018〕37号", "", "national", "", "doc_number"),
        ("恩施州人民政府办公室", "", "422800", "prefecture", "420000", "name"),
        ("", "陕政办法〔2015〕13号", "610000", "province", "", "doc_number"),
    ],
)
def test_place_of_an_issuer(
    places: Gazetteer, issuer: str, number: str, code: str, level: str, parent: str, basis: str
) -> None:
    found = places.issuer_place(issuer, number, "2018-04-02")
    assert (found.code, found.level, found.parent_code, found.basis) == (code, level, parent, basis)
    assert found.is_resolved


@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("宁政办发〔2018〕3号", ["南京市", "宁德市", "西宁市", "宁夏回族自治区"]),
        ("市政办〔2009〕153号", ["桂林市", "西安市"]),
        ("甘办发〔2019〕1号", ["甘孜藏族自治州", "甘肃省"]),
    ],
)
def test_colliding_heads_stay_ambiguous(places: Gazetteer, number: str, names: list[str]) -> None:
    found = places.issuer_place("市人民政府办公室", number, "2018")
    assert found.status == "ambiguous"
    assert [c.name for c in found.candidates] == names
    assert not found.code


def test_the_host_s_province_settles_a_collision(places: Gazetteer) -> None:
    assert places.issuer_place("", "宁政办发〔2018〕3号", "2018", within="350000").code == "350900"


@pytest.mark.parametrize("number", ["", "〔2018〕3号", "天地玄黄〔2018〕3号", "2018年3号"])
def test_unknown_heads(places: Gazetteer, number: str) -> None:
    assert places.issuer_place("省府办公厅", number, "2018").status == "unknown"


def test_codes() -> None:
    assert province_of("320685") == "320000"
    assert prefecture_of("320685") == "320600"
    assert [prefecture_of(c) for c in ("320000", "110101", "419001", "")] == ["", "", "", ""]
    assert lies_in("320685", "320000") and lies_in("320685", "320600") and lies_in("320000", "320000")
    assert not lies_in("320685", "320500") and not lies_in("320685", "")
    for wrong in ("32", "abcdef", "3206850"):
        with pytest.raises(TongbaoError, match="six-digit"):
            province_of(wrong)


def test_wrong_date_is_refused(places: Gazetteer) -> None:
    with pytest.raises(TongbaoError, match="not a date"):
        places.resolve("苏州", "7.9.2018")
