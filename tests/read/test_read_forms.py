"""One circular in every form reads as the same text, and what the reader cannot see is told, not dropped."""

import re
import subprocess
import sys

import pytest

import made_files
from tongbao.read.formats.characters import Character
from tongbao.read.formats.model import Attachment, Read
from tongbao.read.formats.pdf import _without_inventions
from tongbao.read.formats.registry import text_of

EXPECTED = made_files.lines()
PAGE = made_files.page(EXPECTED)


def squeezed(text: str) -> list[str]:
    return [re.sub(r"[ \t\u3000]+", "", line) for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def read(data: bytes, name: str) -> Read:
    result = text_of(data, name)
    assert isinstance(result, Read), result
    return result


@pytest.mark.parametrize(
    ("name", "data", "encoding"),
    [
        ("a.txt", EXPECTED.encode(), "utf-8"),
        ("a.txt", EXPECTED.encode("gb18030"), "gb18030"),
        ("a.txt", EXPECTED.encode("utf-16"), "utf-16"),
        ("a.txt", EXPECTED.encode("utf-16-le"), "utf-16-le"),
        ("a.txt", EXPECTED.encode("utf-16-be"), "utf-16-be"),
        ("a.html", PAGE.encode(), "html/utf-8"),
        ("a.htm", made_files.page(EXPECTED, "gb18030").encode("gb18030"), "html/gb18030"),
        ("a.html", made_files.page(EXPECTED, "gb2312").replace("𠮷", "&#x20BB7;").encode("gbk"), "html/gb18030"),
        ("a.html", PAGE.encode("utf-16"), "html/utf-16"),
        ("a.mht", made_files.web_archive(PAGE.encode(), "utf-8"), "mht/utf-8"),
        ("a.mhtml", made_files.web_archive(PAGE.encode("gb18030"), "gb2312"), "mht/gb18030"),
        ("a.docx", made_files.docx(), "docx"),
        ("a.pdf", made_files.circular_pdf(), "pdf"),
        ("a.xlsx", made_files.zipped(made_files.xlsx_parts()), "xlsx"),
        ("a.xls", made_files.xls(), "xls"),
        ("a.et", made_files.xls(), "xls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_form_gives_the_same_text(name: str, data: bytes, encoding: str) -> None:
    found = read(data, name)
    assert squeezed(found.text) == squeezed(EXPECTED)
    assert found.encoding == encoding


@pytest.mark.parametrize("name", ["a.doc", "a.wps"])
def test_a_word_97_file_gives_the_same_text(name: str) -> None:
    found = read(made_files.doc(), name)
    assert squeezed(found.text) == ["NO.7", *squeezed(EXPECTED)]
    assert found.encoding == "doc"


def test_a_word_97_file_without_row_marks_gives_its_cells_one_by_one() -> None:
    found = read(made_files.doc(has_properties=False), "a.doc")
    assert squeezed(found.text) == ["NO.7", *squeezed(EXPECTED.replace("|", "\n"))]
    assert any("rows of its tables" in note for note in found.notes)


def test_big5_as_text_and_as_page() -> None:
    text = made_files.traditional()
    for name, written in (("a.txt", text), ("a.html", made_files.page(text, "big5"))):
        found = read(written.encode("big5hkscs", "xmlcharrefreplace"), name)
        assert squeezed(found.text) == squeezed(text)
        assert found.encoding.endswith("big5hkscs")


@pytest.mark.parametrize("name", ["a", "a.txt", "a.bin", "a.pdf", "a.xls"])
def test_the_content_counts_before_the_name(name: str) -> None:
    assert read(made_files.docx(), name).encoding == "docx"
    assert read(PAGE.encode(), name).encoding == "html/utf-8"
    assert read(EXPECTED.encode(), name).encoding == "utf-8"


def test_plain_text_is_not_touched() -> None:
    text = "　　各市：\r\n\r\n 合格率\t96% \u200b\r\n"
    assert read(text.encode("gb18030"), "a.html").text == text, "a .html without a tag is text"


def test_a_table_keeps_its_columns() -> None:
    html = """<html><body><table><caption>附表</caption><tr><th rowspan=2>市</th><th colspan=2>网站</th></tr>
    <tr><td>总数</td><td>合格</td></tr><tr><td>甲|乙</td><td></td><td>3<br>个</td></tr>
    <tr><td colspan=3>注：无</td></tr></table></body></html>"""
    assert read(html.encode(), "a.html").text.split("\n") == [
        "附表",
        "市 | 网站 | |",
        "| 总数 | 合格 |",
        "甲｜乙 | | 3 个 |",
        "注：无",
    ]


def test_a_layout_table_is_no_table() -> None:
    html = (
        "<table><tr><td>左栏</td><td>"
        + "<p>正文很长。</p>" * 400
        + "</td></tr><tr><td>页脚</td><td>版权</td></tr></table>"
    )
    assert "|" not in read(f"<html><body>{html}</body></html>".encode(), "a.html").text


def test_attachments_are_listed_and_not_fetched() -> None:
    tail = (
        '<a href="P020190708.xls">附件1：不合格网站名单</a><a href="/files/b.docx?id=3">名单下载</a>'
        '<a href="javascript:alert(1)">附件2</a><a href="mailto:x@example.org">附件3</a><a href="/about">关于我们</a>'
    )
    found = read(made_files.page(EXPECTED, tail=tail).encode(), "a.html")
    assert found.attachments == (
        Attachment("附件1：不合格网站名单", "P020190708.xls"),
        Attachment("名单下载", "/files/b.docx?id=3"),
    )


def test_what_the_page_hides_is_left_out_with_a_note_unless_it_is_the_page() -> None:
    spam = '<div style="DISPLAY: none">澳门博彩</div><p hidden>彩票</p>'
    found = read(made_files.page(EXPECTED, tail=spam).encode(), "a.html")
    assert squeezed(found.text) == squeezed(EXPECTED)
    assert any("6 Chinese characters" in note for note in found.notes)
    shown_by_script = PAGE.replace("<body>", '<body><div style="display:none">').replace("</body>", "</div></body>")
    assert squeezed(read(shown_by_script.encode(), "a.html").text) == squeezed(EXPECTED)


def test_what_a_page_says_of_itself_is_noted() -> None:
    head = '<meta name="PubDate" content="2019-07-09 10:00"><meta name="ArticleTitle" content="抽查通报">'
    notes = read(made_files.page(EXPECTED, head=head).encode(), "a.html").notes
    assert notes == ("page title: 通报_某省网", "ArticleTitle: 抽查通报", "PubDate: 2019-07-09 10:00")


def test_word_text_outside_plain_paragraphs_is_read() -> None:
    extra = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:ins w:id='1'><w:r><w:t>插入的</w:t></w:r></w:ins><w:del w:id='2'><w:r><w:delText>删去的</w:delText>"
        "</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的</w:t></w:r></w:p>"
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        "<w:p><w:pPr><w:pStyle w:val='ListNumber'/></w:pPr><w:r><w:t>2019年编号</w:t></w:r></w:p>"
    )
    text = read(made_files.docx(extra), "a.docx").text.split("\n")
    assert text[-4:] == ["控件内", "插入的", "文本框", "1. 2019年编号"]


def test_merged_word_cells_keep_their_columns() -> None:
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = [
        cell("市", '<w:vMerge w:val="restart"/>') + cell("网站", '<w:gridSpan w:val="2"/>'),
        cell("", "<w:vMerge/>") + cell("总数") + cell("合格"),
        cell("合计三个", '<w:gridSpan w:val="3"/>'),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert read(made_files.docx(table), "a.docx").text.split("\n")[-3:] == [
        "市 | 网站 | |",
        "| 总数 | 合格 |",
        "合计三个",
    ]


def test_deleted_text_of_a_word_97_file_is_left_out_with_a_note() -> None:
    found = read(made_files.doc(hidden="删去的话\r"), "a.doc")
    assert "删去" not in found.text
    assert any(note.startswith("4 characters left out") for note in found.notes)


@pytest.mark.parametrize(
    ("code", "value", "shown"), [("0%", 0.958, "96%"), ("0.0%", 0.958, "95.8%"), ("0.00", 2.005, "2.01")]
)
def test_numbers_of_a_sheet_are_as_it_shows_them(code: str, value: float, shown: str) -> None:
    styles = (
        f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs>'
    )
    cells = f'<c r="B1" s="1"><v>{value}</v></c><c r="C1"><v>120</v></c><c r="D1"><v>0.1</v></c>'
    sheet = f'<row r="1"><c r="A1" t="inlineStr"><is><t>合格率</t></is></c>{cells}</row>'
    data = made_files.zipped(made_files.xlsx_parts(sheet, styles, name="附表一"))
    assert read(data, "a.xlsx").text == f"附表一\n合格率 | {shown} | 120 | 0.1 |"


def test_numbers_of_an_older_sheet_are_as_it_shows_them() -> None:
    assert read(made_files.xls([0.958, 1.0]), "a.xls").text.split("\n")[-2:] == [
        "合格率 | 95.8% | |",
        "合格率 | 100.0% | |",
    ]


def test_pdf_paragraphs_are_joined_over_pages_and_only_where_sure() -> None:
    full = "本次共抽查各级政府网站一百二十个占运行总数的三成五其余" + "不"
    pages = [
        [(92, 700, full[:-2]), (60, 672, full), (60, 400, "短行。"), (290, 40, "— 1 —")],
        [(60, 700, "合格的将予通报。"), (60, 672, full + "再"), (290, 40, "— 2 —")],
        [(60, 700, "续上页。"), (60, 672, "一、新的一节。"), (290, 40, "— 3 —")],
    ]
    found = read(made_files.pdf(pages), "a.pdf")
    assert found.text.split("\n") == [
        full[:-2] + full,
        "短行。",
        "合格的将予通报。",
        full + "再续上页。",
        "一、新的一节。",
    ]
    assert found.notes == ("3 page numbers left out",)


def test_the_command_line_starts_without_the_libraries() -> None:
    code = (
        "import sys, tongbao.read.folder; "
        "print([m for m in ('docx', 'bs4', 'lxml', 'pypdfium2', 'olefile', 'python_calamine') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_numbers_that_word_adds_are_read_as_shown() -> None:
    def level(at: int, form: str, shown: str) -> str:
        return (
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        )

    levels = level(0, "chineseCountingThousand", "%1、") + level(1, "decimal", "%2.") + level(2, "cardinalText", "%3")
    part = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        for at, number, text in [
            *((0, 3, f"第{n}") for n in range(1, 12)),
            (1, 3, "2019年"),
            (1, 3, "问题"),
            (0, 0, "无号"),
            (2, 3, "不知"),
            (0, 3, "下一"),
            (1, 3, "重起"),
        ]
    )
    parts = {**made_files.unzipped(made_files.docx(paragraphs)), "word/numbering.xml": part.encode()}
    found = read(made_files.zipped(parts), "a.docx")
    shown = found.text.split("\n")[-17:]
    assert shown[0] == "一、第1" and shown[9:] == [
        "十、第10",
        "十一、第11",
        "1. 2019年",
        "2. 问题",
        "无号",
        "不知",
        "十二、下一",
        "1. 重起",
    ]
    assert found.notes == ("1 automatic numbers are of a kind that is not known and left out",)


def test_blanks_and_breaks_that_no_pdf_holds_are_left_out() -> None:
    def placed(text: str, left: float, is_stored: bool = True) -> Character:
        return Character(text, left, left + 10, 0, 10, 10, is_stored)

    def shown(*characters: Character) -> str:
        return "".join(c.text for c in _without_inventions(list(characters)))

    made_up = placed(" ", 0, is_stored=False), placed("\n", 0, is_stored=False)
    assert shown(placed("年", 0), made_up[0], placed("2", 12)) == "年2"
    assert shown(placed("某", 0), made_up[1], placed("市", 11)) == "某市"
    assert shown(placed("a", 0), made_up[0], placed("b", 12)) == "a b"
    assert shown(placed("年", 0), made_up[0], placed("月", 40)) == "年 月", "a gap that the page shows"
    assert shown(placed("年", 0), placed(" ", 10), placed("月", 12)) == "年 月", "a blank that the file holds"
    below = Character("市", 0, 10, -20, -10, 10)
    assert shown(placed("某", 0), made_up[1], below) == "某\n市"
