"""The shape of circulars: made up ones that differ in what they print."""

from tongbao.extract.document import Document

FULL = """甲省人民政府办公厅关于2019年第二季度全省政府网站检查情况的通报
甲政办函〔2019〕35号
各市人民政府，省政府各部门：
根据有关要求，现将情况通报如下：
一、总体情况
（一）政府网站。共检查网站100个。
（二）政务新媒体。共检查账号50个。
二、工作要求
（一）根据检查结果，存在问题的单位有：甲局、乙局。
1.甲局要整改。
附件：1.检查名单
2.问题清单
甲省人民政府办公厅
2019年7月1日
（此件公开发布）
附件1
检查名单
门户网站
序号 | 网站名称 | 网站标识码 |
1 | 甲市人民政府门户网站 | 3300000001 |
2 | 乙市人民政府门户网站 |  |
附件2
问题清单
序号 | 单位 | 问题 |
1 | 甲局 | 1.栏目未更新 |
"""
BARE = """2017年8月政府网站检查情况的通报
共检查网站54个，不合格1个。
"""


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(line.part, line.kind) for line in document.lines]


def test_every_line_of_a_full_circular_has_its_place():
    document = Document("full", FULL)
    assert kinds(document) == [
        ("head", "title"),
        ("head", "doc_number"),
        ("head", "salutation"),
        ("body", "paragraph"),
        ("body", "heading"),
        ("body", "paragraph"),
        ("body", "paragraph"),
        ("body", "heading"),
        ("body", "paragraph"),
        ("body", "heading"),
        ("tail", "annex_list"),
        ("tail", "annex_list"),
        ("tail", "signature"),
        ("tail", "date"),
        ("tail", "note"),
        ("annex", "annex_head"),
        ("annex", "annex_title"),
        ("annex", "paragraph"),
        ("annex", "table_row"),
        ("annex", "table_row"),
        ("annex", "table_row"),
        ("annex", "annex_head"),
        ("annex", "annex_title"),
        ("annex", "table_row"),
        ("annex", "table_row"),
    ]


def test_headings_make_a_path_and_leave_the_content():
    document = Document("full", FULL)
    line = document.lines[5]
    assert [h.words for h in line.path] == ["总体情况", "政府网站"]
    assert document.text[line.content : line.end] == "共检查网站100个。"
    # a numbered paragraph without a title of its own keeps all its words as content
    numbered = document.lines[8]
    assert [h.words for h in numbered.path] == ["工作要求", ""]
    assert document.text[numbered.content : numbered.end].startswith("根据检查结果")


def test_tables_keep_every_cell_in_its_column():
    first, second = Document("full", FULL).tables
    document = Document("full", FULL)
    assert [document.slice(c) for c in first.header] == ["序号", "网站名称", "网站标识码"]
    assert [document.slice(c) for c in first.rows[1]] == ["2", "乙市人民政府门户网站", ""]
    assert [document.slice(c) for c in first.caption] == ["检查名单", "门户网站"]
    assert (first.annex, second.annex) == (1, 2)


def test_a_circular_without_salutation_signature_and_annex():
    assert kinds(Document("bare", BARE)) == [("head", "title"), ("body", "paragraph")]


def test_an_empty_text_has_no_lines():
    document = Document("empty", "")
    assert document.lines == () and document.tables == () and document.first("title") is None
