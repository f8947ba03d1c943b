"""The shape of a circular: title, number, salutation, headings, tables, signature, annexes.

It says what each line is and under which headings it stands. It reads no figures.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.facts import Span
from tongbao.extract.spans import split_outside

DOC_NUMBER = re.compile(r"[一-鿿]{2,16}?〔(?:19|20)\d{2}〕\d{1,4}号")
_OWN_NUMBER = re.compile(rf"（?(?:(?:发文字号|文\s*号)[：:]?\s*)?{DOC_NUMBER.pattern}）?")
DATE = re.compile(r"((?:19|20)\d\d)年(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日")
CHINESE_DATE = re.compile(
    r"([二一][〇零○九]?[〇零○一二三四五六七八九]{2,3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_GENRE = re.compile(r"(?:通报|通知|公告|公示|报告|函|情况|结果|意见|名单)[）》]?$")
_SALUTATION = re.compile(r"(?:各|政府|委|局|厅|办|单位|部门|机构|企业|院校|有关)[^。]*：$")
_LEADS_ON = re.compile(r"如下：$|现将|予以(?:通报|公布)|(?:进行|开展|组织)了|(?<!各)情况(?:是|为)?：$")
_ANNEX_HEAD = re.compile(
    r"附(?:\s*[件表录]\s*(?P<number>[一二三四五六七八九十\d]{0,2})\s*[：:]?|\s*[：:]|$)\s*(?P<title>.*)"
)
_ANNEX_LIST = re.compile(r"附\s*[件表录]?\s*[一二三四五六七八九十\d]{0,2}\s*[：:]\s*\S")
_NOTE = re.compile(r"[（(]此件.{0,12}[）)]")
_HEADINGS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"（[一二三四五六七八九十]{1,3}）")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"（\d{1,2}）")),
)
_FURNITURE = re.compile("打印|关闭|字号|上一篇|下一篇|首页")  # what stands round a page, in cells too
_STATES = re.compile(r"，.*\d|\d.*，")  # （一）县区网站最低扣4分，最高扣61.5分。 is a result, not a title
_ANNEX_LIMIT = 60  # characters
_HEADING_LIMIT = 45  # characters: a longer first sentence is content, not a heading


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level (1 一、 2 （一） 3 1. 4 （1）), span and words without number and closing mark."""

    level: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line (paragraph, table row) of the restored text.

    `part` is head, body, tail or annex; `kind` one of title, doc_number, salutation, heading, paragraph,
    table_row, signature, date, note, annex_list, annex_head, annex_title. `content` is where the words after a
    numbered heading on the same line begin. `annex` is the annex number, 0 outside.
    """

    index: int
    start: int
    end: int
    part: str
    kind: str
    content: int
    path: tuple[Heading, ...] = ()
    annex: int = 0


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Consecutive `a | b |` lines: the header cells and the rows, every cell as a span."""

    caption: tuple[Span, ...]
    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]
    annex: int
    part: str


@dataclass(frozen=True)
class Document:
    """A restored circular with its shape."""

    circular_id: str
    text: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the text with its kind."""
        return tuple(_read_lines(self.text))

    @cached_property
    def tables(self) -> tuple[TableBlock, ...]:
        """The tables printed as text."""
        return tuple(_read_tables(self.text, self.lines))

    def first(self, kind: str) -> Line | None:
        """Return the first line of a kind."""
        return self._firsts.get(kind)

    @cached_property
    def _firsts(self) -> dict[str, Line]:
        return {line.kind: line for line in reversed(self.lines)}

    def slice(self, span: Span) -> str:
        """Return the characters of a span."""
        return self.text[span[0] : span[1]]

    def body(self) -> tuple[Line, ...]:
        """Return the running text: paragraphs and headings between salutation and signature."""
        return self._body

    @cached_property
    def _body(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.part == "body")

    def line_at(self, offset: int) -> Line:
        """Return the line that holds an offset."""
        return next(line for line in self.lines if line.start <= offset <= line.end)


def _spans_of_lines(text: str) -> list[Span]:
    spans, start = [], 0
    for piece in text.split("\n"):
        if piece.strip():
            spans.append((start, start + len(piece)))
        start += len(piece) + 1
    return spans


def _read_lines(text: str) -> list[Line]:
    spans = _spans_of_lines(text)
    words = [text[s:e] for s, e in spans]
    salutation = next((i for i, w in enumerate(words[:12]) if _greets(w)), None)
    head_end = salutation if salutation is not None else _title_index(words)
    body_from = 0 if head_end is None else head_end + 1
    dates = [i for i, w in enumerate(words) if i >= body_from and _is_date(w)]
    signed = dates[0] if dates else None
    annex_from = _annex_start(words, signed if signed is not None else body_from, signed is not None)
    lines: list[Line] = []
    path: tuple[Heading, ...] = ()
    annex, in_list = 0, False
    for i, (s, e) in enumerate(spans):
        w = words[i]
        part, kind, content = "body", "paragraph", s
        if i < body_from:
            part = "head"
            kind = "salutation" if i == salutation else _head_kind(w)
        elif annex_from is not None and i >= annex_from and (number := _annex_number(w)) is not None:
            part, kind, path = "annex", "annex_head", ()
            annex = number or annex + 1
        elif annex_from is not None and i == annex_from:
            part, kind, path, annex = "annex", "annex_title", (), 1
        elif annex:
            part = "annex"
            kind = "table_row" if _is_row(w) else ("annex_title" if lines[-1].kind == "annex_head" else "paragraph")
        elif signed is not None and i == signed:
            part, kind = "tail", "date"
        elif signed is not None and i == signed - 1 and len(w) <= 60 and "。" not in w:
            part, kind = "tail", "signature"
        elif _NOTE.fullmatch(w):
            part, kind = "tail", "note"
        elif _ANNEX_LIST.match(w) or (in_list and re.match(r"(?:附\s*[件表录])?\s*\d{1,2}[.．、：:]", w)):
            part, kind = "tail", "annex_list"
        elif signed is not None and i > signed:
            part = "tail"
        elif _is_row(w):
            kind = "table_row"
        in_list = kind == "annex_list"
        if kind == "paragraph" and part in ("body", "annex"):
            heading, content = _read_heading(text, s, e)
            if heading is not None:
                path = (*(h for h in path if h.level < heading.level), heading)
                kind = "heading" if content >= e else "paragraph"
        lines.append(Line(i, s, e, part, kind, content, path if part in ("body", "annex") else (), annex))
    return lines


def _greets(words: str) -> bool:
    """Whether a line addresses somebody (各市人民政府：), not one that leads on to the text (…，现通报如下：)."""
    return len(words) < 400 and _SALUTATION.search(words) is not None and _LEADS_ON.search(words) is None


def _annex_start(words: list[str], after: int, is_signed: bool) -> int | None:
    """Return the line of the first annex heading; without a signature a list of annexes may stand before."""
    for i in range(after + 1, len(words)):
        if _annex_number(words[i]) is not None and (is_signed or not _ANNEX_LIST.match(words[i])):
            return i
    return _bare_annex(words, after) if is_signed else None


def _bare_annex(words: list[str], signed: int) -> int | None:
    """Return the line of the title of a table below the date that no 附件 announces, None where no table stands there.

    Example: date / 全县政务新媒体检查结果 / 序号 | 账号名称 | 检查结果 | -> the second line. A title needs its own line
    right above the table; up to two lines stand there.
    """
    row = next((i for i in range(signed + 1, len(words)) if _is_row(words[i])), None)
    if row is None:
        return None
    first = row
    while first > max(signed + 1, row - 2) and len(words[first - 1]) <= _ANNEX_LIMIT and "。" not in words[first - 1]:
        first -= 1
    while first < row and (_NOTE.fullmatch(words[first]) or _ANNEX_LIST.match(words[first])):
        first += 1
    return first if first < row and not _FURNITURE.search(words[row]) else None


def _title_index(words: list[str]) -> int | None:
    return next((i for i, w in enumerate(words[:6]) if len(w) < 120 and _GENRE.search(w)), None)


def _head_kind(words: str) -> str:
    if _OWN_NUMBER.fullmatch(words):
        return "doc_number"
    return "title" if _GENRE.search(words) else "other"


def _is_date(words: str) -> bool:
    return bool(DATE.fullmatch(words.replace(" ", "")) or CHINESE_DATE.fullmatch(words.replace(" ", "")))


def _is_row(words: str) -> bool:
    return words.count("|") >= 2 or words.endswith("|")


def _annex_number(words: str) -> int | None:
    """Return the number of an annex heading (0 where it has none), None if the line is no such heading."""
    m = _ANNEX_HEAD.fullmatch(words)
    if not m or len(words) >= _ANNEX_LIMIT:
        return None
    return parse_count(m["number"]) if m["number"] else 0


def _read_heading(text: str, start: int, end: int) -> tuple[Heading | None, int]:
    """Return the heading that a line opens with, and where the content after it begins."""
    for level, pattern in _HEADINGS:
        m = pattern.match(text, start, end)
        if not m:
            continue
        first = next(iter(split_outside(text, m.end(), end, "。")), (m.end(), end))
        stop = first[1]
        closed = stop < end and text[stop] == "。"
        words = text[m.end() : stop]
        is_title = stop - start <= _HEADING_LIMIT and "：" not in words and (closed or stop == end)
        is_title = is_title and not (closed and _STATES.search(words))
        if not is_title:
            return Heading(level, start, m.end(), ""), m.end()
        return Heading(level, start, stop, words), min(end, stop + (1 if closed else 0))
    return None, start


def _read_tables(text: str, lines: tuple[Line, ...]) -> list[TableBlock]:
    blocks: list[TableBlock] = []
    i = 0
    while i < len(lines):
        if lines[i].kind != "table_row":
            i += 1
            continue
        j = i
        while j < len(lines) and lines[j].kind == "table_row":
            j += 1
        rows = [_cells(text, line) for line in lines[i:j]]
        caption: list[Span] = []
        for line in reversed(lines[:i]):
            if line.kind in ("annex_head", "annex_title", "heading", "paragraph") and line.annex == lines[i].annex:
                if line.kind == "annex_head" or len(caption) == 2:
                    break
                if line.end - line.start <= 60:
                    caption.append((line.start, line.end))
                    continue
            break
        blocks.append(TableBlock(tuple(reversed(caption)), rows[0], tuple(rows[1:]), lines[i].annex, lines[i].part))
        i = j
    return blocks


def _cells(text: str, line: Line) -> tuple[Span, ...]:
    """Return the cells of a row, empty ones too, trimmed; what follows the last bar is no cell if empty."""
    cells, start = [], line.start
    for stop in [i for i in range(line.start, line.end) if text[i] == "|"] + [line.end]:
        s, e = start, stop
        while s < e and text[s] == " ":
            s += 1
        while e > s and text[e - 1] == " ":
            e -= 1
        cells.append((s, e))
        start = stop + 1
    return tuple(cells[:-1] if cells[-1][0] == cells[-1][1] else cells)
