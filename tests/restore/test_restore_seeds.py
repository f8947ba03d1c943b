"""The five first circulars, whole: what must come out, and that every character leads back to the raw file."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from tongbao.project import find_project
from tongbao.read.folder import RawDocument, read_folder
from tongbao.restore import pinyin
from tongbao.restore.pipeline import Restored, restore, restore_all
from tongbao.restore.repairs import replay

IDS = ["dayawan-2018q1", "gansu-2021", "guangdong-2016", "jiangsu-2018q3", "yanan-2016"]


@cache
def both() -> dict[str, tuple[RawDocument, Restored]]:
    documents, rejected = read_folder(find_project().raw)
    assert not rejected
    documents = [d for d in documents if d.circular_id in IDS]
    return {d.circular_id: (d, r) for d, r in zip(documents, restore_all(documents), strict=True)}


FIRST_AND_LAST = {
    "dayawan-2018q1": (["惠湾管办函〔2018〕33号", "各街道办事处，各区属单位："], "14 | 区网上办事大厅领导小组办公室"),
    "gansu-2021": (
        [
            "甘肃省人民政府办公厅关于2021年政务公开工作与政府网站建设管理考核工作情况的通报",
            "甘政办发〔2022〕29号",
            "各市、自治州人民政府，兰州新区管委会，省政府各部门：",
        ],
        "（此件内容有删减）",
    ),
    "guangdong-2016": (
        [
            "广东省人民政府办公厅关于2016年度全省政府网站考评结果的通报",
            "粤办函〔2017〕121号",
            "各地级以上市人民政府、顺德区人民政府，省政府各部门、各直属机构：",
        ],
        "2017年3月8日",
    ),
    "jiangsu-2018q3": (
        ["江苏省政府办公厅关于2018年第三季度全省政府网站抽查情况的通报", "各设区市人民政府，省各有关部门和单位："],
        "抽查发现的不合格政府网站名单",
    ),
    "yanan-2016": (
        [
            "《延安市人民政府办公室关于2016年度全市政府部门网站绩效评估情况的通报》",
            "延政办函〔2017〕19号",
            "各县区人民政府，市政府各工作部门、各直属机构：",
        ],
        "附件3：2016年市政府直属机构网站绩效评估结果.doc",
    ),
}


@pytest.mark.parametrize("name", IDS)
def test_the_document_begins_and_ends_as_it_does(name: str) -> None:
    lines = both()[name][1].text.split("\n")
    first, last = FIRST_AND_LAST[name]
    assert lines[: len(first)] == first
    assert lines[-1].startswith(last)


@pytest.mark.parametrize("name", IDS)
def test_form_of_the_restored_text(name: str) -> None:
    text = both()[name][1].text
    for line in text.split("\n"):
        assert line and line == line.strip()
    assert not re.search(r"[\u3400-\u9fff][,:;()!?]|[,:;()!?][\u3400-\u9fff]", text)
    assert not re.search(r"[\ufffd\ue000-\uf8ff\u3000\xa0\u2002\r]", text)
    assert not re.search(r"[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]", text)


@pytest.mark.parametrize("name", IDS)
def test_replaying_the_repairs_and_following_the_map(name: str) -> None:
    raw, restored = both()[name]
    assert replay(raw.text, restored.repairs) == restored.text
    for one, two in zip(restored.repairs, restored.repairs[1:], strict=False):
        assert one.raw_end <= two.raw_start and one.raw_start < one.raw_end
    assert (restored.map.raw_length, restored.map.length) == (len(raw.text), len(restored.text))
    changed = {at for r in restored.repairs for at in range(r.raw_start, r.raw_end)}
    for run in restored.map.runs:
        for k in range(run.length):
            if run.raw_start + k not in changed:
                assert raw.text[run.raw_start + k] == restored.text[run.start + k]


@pytest.mark.parametrize("name", IDS)
def test_spam_and_page_never_reach_the_text_or_the_repairs(name: str) -> None:
    _raw, restored = both()[name]
    cut = [r for r in restored.repairs if r.kind == "furniture"]
    assert cut and all(r.raw == "" and r.note and r.restored.strip() == "" for r in cut)
    seen = restored.text + "".join(r.raw + r.restored + r.note for r in restored.repairs)
    for word in ("楼凤", "无码", "http", "編輯", "编辑:", "编辑：", "浏览", "ICP", "关注我们", "分享到", "全真版"):
        assert word not in seen, word


def test_all_649_annotations_go_and_no_other_bracket() -> None:
    found = {name: len(pinyin.fix(raw.text)) for name, (raw, _) in both().items()}
    assert found == {
        "dayawan-2018q1": 0,
        "gansu-2021": 0,
        "guangdong-2016": 169,
        "jiangsu-2018q3": 174,
        "yanan-2016": 306,
    }
    for name, (raw, restored) in both().items():
        kept = len(re.findall(r"[(（]", raw.text)) - found[name]
        cut = sum(
            len(re.findall(r"[(（](?![a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜ]+[)）])", raw.text[r.raw_start : r.raw_end]))
            for r in restored.repairs
            if r.kind == "furniture"
        )
        assert restored.text.count("（") == kept - cut, name


def test_damaged_places_read_as_they_should() -> None:
    guangdong = both()["guangdong-2016"][1]
    assert "60个省直单位。考评结果进行分类排名" in guangdong.text
    assert "建设管理水平。考评优秀单位要再接再厉" in guangdong.text
    assert guangdong.text.count("考评分数") == 2
    assert "省水文局、省社保基金管理局、省航道局、省体育局" in guangdong.text
    run = next(r for r in guangdong.repairs if r.restored == "保基金管理局、省航道局")
    assert "neighbours in the list" in run.verified_by
    jiangsu = both()["jiangsu-2018q3"][1]
    assert "11.8个百分点。“江苏政府采购”网、“江苏省农业资源开发局”网" in jiangsu.text
    assert "一着不让抓好" in jiangsu.text
    assert all(not restored.gaps for _, restored in both().values())


def test_a_sources_own_misprints_stay() -> None:
    text = both()["yanan-2016"][1].text
    assert "关于加强政府政府网站信息内容建设的实施意见》（陕政办法〔2015〕13号）" in text


def test_what_the_pages_say() -> None:
    pages = {name: restored.page for name, (_, restored) in both().items()}
    assert pages["gansu-2021"].published_on == "2022-03-17"
    assert pages["gansu-2021"].source_name == "甘肃省政府办公厅"
    assert pages["jiangsu-2018q3"].published_on == "2018-12-12"
    assert pages["jiangsu-2018q3"].source_name == "江苏省人民政府网站"
    assert pages["yanan-2016"].published_on == "2021-02-03"
    assert pages["yanan-2016"].title.startswith("延安市人民政府办公室关于2016年度")
    assert pages["dayawan-2018q1"].published_on == pages["dayawan-2018q1"].title == ""


def test_scripts_and_kinds_of_copy() -> None:
    found = {name: (r.script, r.copy_kind) for name, (_, r) in both().items()}
    assert found.pop("gansu-2021") == ("Hans", "clean")
    assert set(found.values()) == {("Hant", "mirror")}


def test_clean_text_changes_in_width_and_line_breaks_only() -> None:
    _raw, restored = both()["gansu-2021"]
    assert {r.kind for r in restored.repairs} == {"furniture", "width", "spacing"}
    again = restore(RawDocument("again", "again.txt", "", restored.text, "utf-8", 0))
    assert again.text == restored.text and again.repairs == ()


@pytest.mark.parametrize("name", IDS)
def test_restored_text_is_left_alone_by_a_second_pass(name: str) -> None:
    text = both()[name][1].text
    again = restore(RawDocument("again", "again.txt", "", text, "utf-8", 0))
    assert again.text == text


@pytest.mark.parametrize("name", IDS)
def test_a_document_comes_out_the_same_in_any_company(name: str) -> None:
    raw, together = both()[name]
    assert restore(raw) == together


def test_how_far_the_readings_of_damaged_places_lead() -> None:
    margins = {
        (name, repair.restored): float(found.group(1))
        for name, (_, restored) in both().items()
        for repair in restored.repairs
        if repair.kind == "shifted_bytes" and (found := re.search(r"margin ([0-9.]+) nats", repair.note))
    }
    assert set(margins) == {
        ("guangdong-2016", "。考评"),
        ("guangdong-2016", "保基金管理局、省航道局"),
        ("jiangsu-2018q3", "。“江苏"),
    }
    assert all(margin >= 3.0 for margin in margins.values()), margins


def test_every_mystery_stands_where_it_is_said_to_and_is_told_whole() -> None:
    with (Path(__file__).parent / "mysteries.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows and rows == sorted(rows, key=lambda r: r["circular_id"])
    for row in rows:
        assert all(row.values()), row
        raw, restored = both()[row["circular_id"]]
        assert row["quote"] in raw.text or row["quote"] in restored.text, row["quote"]
