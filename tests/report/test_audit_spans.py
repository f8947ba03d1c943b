"""Spans of any overlap: the text is cut at every border, and nothing that lies on it is lost."""

import hypothesis.strategies as st
import lxml.html
from hypothesis import given, settings

from report.audited import audited
from tongbao.report.audit.raw import pieces
from tongbao.report.audit.rows import rows_html
from tongbao.report.audit.spans import Mark, lines, merged, segments, sentence
from tongbao.report.audit.text import text_html

LENGTH = 40
spans = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda p: (min(p), max(p)))


@given(st.lists(spans, max_size=12), spans)
@settings(max_examples=150, deadline=None)
def test_segments_join_to_the_text_and_carry_exactly_what_covers_them(found, window):
    marks = [Mark(a, b, "row", str(n)) for n, (a, b) in enumerate(found)]
    low, high = window
    cut = list(segments(low, high, marks))
    assert [s.start for s in cut] == [low, *(s.end for s in cut[:-1])][: len(cut)]
    assert (cut[-1].end if cut else low) == high
    for at in range(low, high):
        (segment,) = [s for s in cut if s.start <= at < s.end]
        assert {m.key for m in segment.marks} == {m.key for m in marks if m.start <= at < m.end}
    for segment in cut:
        lengths = [m.end - m.start for m in segment.marks]
        assert lengths == sorted(lengths)  # the innermost row leads


@given(st.lists(spans.filter(lambda s: s[0] < s[1]), max_size=10))
@settings(max_examples=60, deadline=None)
def test_every_row_with_a_span_has_a_mark_that_leads_to_it_and_back(found):
    made = audited("抽查合格率为96%，\n其中四十个网站不合格。合计一百二十三\n完毕。" + "网" * 9, found)
    text = lxml.html.fromstring(f"<div>{text_html(made, 'en')}</div>")
    rows = lxml.html.fromstring(f"<div>{rows_html(made, 'en')}</div>")
    ids = {e.get("id") for e in [*text.xpath("//*[@id]"), *rows.xpath("//*[@id]")]}
    for row in made.every_row():
        assert row.span is not None
        marked = [e for e in text.xpath("//*[@data-rows]") if row.key in e.get("data-rows").split()]
        characters = {at for at in range(*row.span) if made.text[at] != "\n"}
        covered = {int(e.get("id")[1:]) for e in marked}
        assert bool(marked) == bool(characters)
        assert not characters or min(covered) >= row.span[0]
        assert row.key in ids  # the link of the mark leads somewhere
        assert all(f"#{row.key}" in e.xpath(".//a/@href") for e in marked)
        (body,) = rows.xpath("//tbody[@id=$key]", key=row.key)
        (back,) = body.xpath(".//a[@class='back']/@href")
        assert not characters or back[1:] in ids
    shown = "".join(text.xpath("//p[@class='restored']//text()[not(ancestor::sup or ancestor::*[@class='tip'])]"))
    assert shown == made.text.replace("\n", "")


def test_lines_and_sentences():
    text = "一，二。三\n\n四五六；七"
    assert [text[a:b] for a, b in lines(text)] == ["一，二。三", "四五六；七"]
    assert text[slice(*sentence(text, 0, 1))] == "一，二。"
    assert text[slice(*sentence(text, 4, 5))] == "三"
    assert text[slice(*sentence(text, 8, 9))] == "四五六；"
    assert text[slice(*sentence(text, 0, 4))] == "一，二。"
    assert merged([(5, 7), (0, 2), (2, 3), (6, 9)]) == [(0, 3), (5, 9)]


def test_a_long_sentence_is_cut_at_its_reach():
    assert sentence("一二三四五六七八九", 4, 5, reach=2) == (2, 7)


@given(st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_pieces_of_the_raw_text_join_to_it(a, b):
    made = audited("抽查合格率为96%，其中四十个网站不合格。", [])
    low, high = min(a, b, len(made.raw)), min(max(a, b), len(made.raw))
    cut = [p for p in pieces(made, low, high) if p.start < p.end]
    assert "".join(made.raw[p.start : p.end] for p in cut) == made.raw[low:high]
