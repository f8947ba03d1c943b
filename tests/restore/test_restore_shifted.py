"""Shifted bytes: what a mirror did is undone, what is sound stays, what cannot be told stays a gap."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore.mirror import annotate, fold, shift, shift_places, traditional
from tongbao.restore import language_model, script, shifted_bytes, split_characters, width
from tongbao.restore.edits import apply_edits
from tongbao.restore.lexicon import load_lexicon

LEXICON = load_lexicon()
MODEL = language_model.load()
PROSE = (LEXICON.folder / "official_prose.txt").read_text("utf-8")
MARGIN = 3.0


def restored(damaged: str) -> str:
    """The damaged line with its shifted runs undone, simplified, in full width."""
    text = apply_edits(damaged, shifted_bytes.fix(damaged, MODEL, LEXICON, MARGIN).edits)
    text = script.simplify(text, LEXICON)
    return apply_edits(text, width.fix(text))


# Sentences of our own in which the tool would hit across two characters.
MADE_UP = [
    "抽查对象为各市政府网站和省直单位。考评得分计入年度考核。",
    "比去年同期提高五个百分点。“某某县政府采购”网首页无法打开。",
    "省医保基金中心和省气象局、省地震局、省林业厅的网站均已整改。",
]


@pytest.mark.parametrize("sentence", MADE_UP)
def test_what_the_mirror_did_is_undone(sentence: str) -> None:
    line = traditional(sentence)
    places = shift_places(line)
    assert places, "the sentence shows nothing"
    for at in places:
        damaged = fold(shift(line, at))
        assert damaged != fold(line)
        assert restored(damaged) == sentence


def test_the_places_of_the_first_circulars() -> None:
    for damaged, whole in [
        ("60個省直單位??荚u結果進行分類排名", "60个省直单位。考评结果进行分类排名"),
        ("11.8個百分點?!敖\ue145K政府采購”網", "11.8个百分点。“江苏政府采购”网"),
    ]:
        assert restored(damaged) == whole


def test_a_list_of_offices_settles_what_the_model_leaves_open() -> None:
    damaged = "一般:省商務廳、省林業廳、省水文局、省社?;\ue2ae鸸芾砭帧⑹『降谰?、省體育局、省地質局;"
    repairs = shifted_bytes.fix(damaged, MODEL, LEXICON, MARGIN)
    assert restored(damaged) == "一般：省商务厅、省林业厅、省水文局、省社保基金管理局、省航道局、省体育局、省地质局；"
    assert "neighbours in the list" in repairs.edits[0].verified_by


def test_an_annotation_behind_a_run_must_fit() -> None:
    assert restored("經市政府同意?,F(xiàn)將有關情況通報如下") == "经市政府同意。现将有关情况通报如下"
    assert restored("經市政府同意，?F(xiàn)將有關情況通報如下") == "经市政府同意，现将有关情况通报如下"
    assert not shifted_bytes.fix("經市政府同意?,F(bào)將有關情況", MODEL, LEXICON, MARGIN).edits


def test_below_the_margin_a_place_is_a_gap_with_ranked_readings() -> None:
    damaged = fold(shift(line := traditional(MADE_UP[0]), shift_places(line)[0]))
    repairs = shifted_bytes.fix(damaged, MODEL, LEXICON, 1e6)
    assert not repairs.edits
    (gap,) = repairs.gaps
    margins = [c.margin for c in gap.candidates]
    assert gap.candidates[0].text == "。考评" and margins[0] == 0.0 and margins == sorted(margins)
    assert len({c.text for c in gap.candidates}) == len(gap.candidates)


@pytest.mark.parametrize("damaged", ["海口\ue145市政府", "全省\ufffd网站", "医保??卡查询", "總體??情況"])
def test_characters_lost_without_a_trace_are_gaps(damaged: str) -> None:
    repairs = shifted_bytes.fix(damaged, MODEL, LEXICON, MARGIN)
    assert not repairs.edits and len(repairs.gaps) == 1


def test_split_characters() -> None:
    (edit,) = split_characters.fix("考評分?jǐn)?shù)排序")
    assert (edit.start, edit.end, edit.replacement) == (3, 13, "數")
    for sound in ("分?jǐn)?bào)排序", "是否合格?(jǐn)", "a?jǐn)?shù)"):
        assert split_characters.fix(sound) == []


@pytest.mark.parametrize(
    "sound",
    [
        "什么是政务公开?政务公开是指行政机关公开政务信息。",
        "網站有何問題?現將有關情況通報如下。",
        "办事指南准不准?好不好?群众说了算。",
        "“我能查到吗?”不少群众这样问,QQ群里也在问?答案是能。",
        "是否更新?A类、B类单位均需填报",
        "得分?分数?等次?详见附件",
        "请问?!为什么?!",
        "http://example.org/?id=1&x=网站",
    ],
)
def test_question_marks_stay(sound: str) -> None:
    repairs = shifted_bytes.fix(sound, MODEL, LEXICON, MARGIN)
    assert repairs.edits == [] and repairs.gaps == []


def test_question_marks_for_full_stops_change_nothing_else() -> None:
    """The worst sound text there could be: every sentence of our prose as a question."""
    for line in PROSE.replace("。", "?").splitlines():
        for text in (line, traditional(line)):
            repairs = shifted_bytes.fix(text, MODEL, LEXICON, MARGIN)
            assert repairs.edits == [], text


@settings(max_examples=40, deadline=None)
@given(st.text("?!;,。、局政府A\ufffd\ue145\n(ù)", max_size=40))
def test_any_rubble_is_survived(rubble: str) -> None:
    repairs = shifted_bytes.fix(rubble, MODEL, LEXICON, MARGIN)
    spans = sorted([(e.start, e.end) for e in repairs.edits] + [(g.start, g.end) for g in repairs.gaps])
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(0 <= low < high <= len(rubble) for low, high in spans)


def test_annotated_text_is_annotated_and_back() -> None:
    from tongbao.restore import pinyin

    line = traditional("各市人民政府办公厅：现将网站检查结果通报如下。")
    marked = annotate(line)
    assert marked.count("(") >= 5
    assert apply_edits(marked, pinyin.fix(marked)) == line
