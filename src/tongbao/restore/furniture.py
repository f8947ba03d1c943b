"""Find the lines of a copy that belong to the web page around the document, and cut them.

A page has a head (above the document's title), the document, and a tail (below its last line). Patterns
(`data/reference/furniture.csv`) name lines that are furniture anywhere, or only in the tail. What the page
says about itself is collected in `page`. Characters are not repaired here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tongbao.restore.changes import Changes
from tongbao.restore.lexicon import Lexicon

MAX_LINE = 300
"""A longer line is never taken for furniture by its wording (a copyright notice has some 200 characters)."""

_GENRES = "通报|通知|通告|公告|函|报告|意见|公示|情况|结果|名单|决定|公布"
_AROUND_TITLE = 60  # characters of a site's name, a number, a label beside a repeated title
TITLE = re.compile(rf"(?:关于.{{2,120}}|.{{4,120}})(?:{_GENRES})(?:[(（][^()（）]{{1,20}}[)）])?》?$")
DOC_NUMBER = re.compile(
    r"^[\s(（]*[\u4e00-\u9fff]{2,15}\s*[〔\[［【﹝(（]?\s*(?:19|20)\d{2}\s*[〕\]］】﹞)）]?\s*第?\s*\d{1,4}\s*号[\s)）]*$"
)
_ADDRESSEE = "人民政府|政府|各|部门|单位|委员会|管委会|办公室|办事处|厅|局|直属机构"
SALUTATION = re.compile(rf"^[^。！？]{{0,200}}(?:{_ADDRESSEE})[^。！？]{{0,120}}[:：]$")
_OFFICE_LINE = re.compile(
    r"^[\u4e00-\u9fff]{2,30}(?:人民政府|办公厅|办公室|委员会|领导小组|管理局|服务局|数据局|审批局)(?:文件)?$"
)
_DATED = re.compile(r"^[(（]?\s*(?:19|20|二[○〇零]).{2,12}[年].{1,4}月.{1,4}日\s*[)）]?$")
_MARK = re.compile(r"^[(（](?:此件|本文|联系|代章|不予|主动|依申请)[^()（）]{0,30}[)）]$")
_ANNEX = re.compile(r"^附(?:件|表|录)\s*[0-9一二三四五六七八九十]*\s*[:：.]?.*")
_LATIN = re.compile(r"[A-Za-z]")
_ROW = re.compile(r"\S ?\| ?\S.*\|$")
_IN_TABLES = frozenset({"address", "page_date", "counter", "source_line", "keywords", "navigation"})
"""Classes that a document's own table may hold all across a row."""
_PROSE = re.compile(r"[的了是]|以下|下列|如下")
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）])")


class Line(NamedTuple):
    """A line without its line break: `[start, end)` of the text, and its content without outer blanks."""

    start: int
    end: int
    content: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that is furniture: its class, and the line as it stood."""

    line: Line
    kind: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """The lines to cut and the document's title (as a span of numbers among its lines that are not blank)."""

    cuts: tuple[Cut, ...]
    title: tuple[int, int] | None
    is_circular: bool = True
    """Whether the text has the form of a circular: a title that says 关于, a number or a salutation."""


def find(text: str, view: str, lexicon: Lexicon) -> Furniture:
    """Find the furniture of `text`.

    Args:
        text: the text.
        view: the same text in simplified characters, of the same length; the patterns are in simplified.
        lexicon: the word lists.
    """
    pieces = view.split("\n")
    stripped = list(map(str.strip, pieces))
    lines = list(filter(None, stripped))
    spam = [set(words) for words in map(lexicon.spam_words.findall, lines)] if lexicon.spam_words.search(view) else []
    kinds: list[str] = [_class_of(line, "any", lexicon) for line in lines]
    anchor = _anchor(lines, kinds)
    title = _title(lines, kinds, anchor)
    # Without 关于 in its title, or a mark of a circular, nothing says where the document begins: its first lines stay.
    is_known = anchor is not None and _is_mark(lines[anchor]) and not _PROSE.search(lines[anchor])
    is_known = is_known and not _LATIN.search(lines[anchor or 0])
    is_known = is_known or (title is not None and any("关于" in line for line in lines[title[0] : title[1] + 1]))
    title = title if is_known else None
    head_end = title[0] if title else anchor if anchor is not None and is_known else 0
    for i in range(head_end):
        kinds[i] = kinds[i] or _head_class(i, lines, kinds, lexicon)
    for i in range(head_end, len(lines)):
        if kinds[i] and _is_own_row(lines[i], lexicon):
            kinds[i] = ""
    _repeats(lines, kinds, title, lexicon)
    _tail(lines, kinds, head_end, lexicon)
    if not is_known:  # no circular, as far as its form goes: what stands in its text stays
        above = len(lines) if anchor is None else anchor
        kinds = [*kinds[:above], *[""] * (len(lines) - above)]
    for i, words in enumerate(spam):
        if words and not kinds[i] and _is_spam(lines[i], words):
            kinds[i] = "spam"
    return Furniture(_cuts(pieces, stripped, kinds), title, is_known)


def _cuts(pieces: list[str], stripped: list[str], kinds: list[str]) -> tuple[Cut, ...]:
    """The lines that have a class, with where they stand among all, blank ones included."""
    cuts: list[Cut] = []
    start = n = 0
    for piece, content in zip(pieces, stripped, strict=True):
        if content:
            if kinds[n]:
                cuts.append(Cut(Line(start, start + len(piece), content), kinds[n]))
            n += 1
        start += len(piece) + 1
    return tuple(cuts)


def fix(text: str, furniture: Furniture) -> Changes:
    """Return the cuts: whole lines with the line break before or after them."""
    return fix_parts([(furniture, 0, len(text))])


def fix_parts(found: Iterable[tuple[Furniture, int, int]]) -> Changes:
    """The cuts of several documents, each with where it begins and ends in the text."""
    starts, ends, notes = [], [], []
    for furniture, low, high in found:
        for cut in furniture.cuts:
            starts.append(low + cut.line.start)
            ends.append(min(low + cut.line.end + 1, high))
            notes.append(f"{cut.kind}, {len(cut.line.content)} characters")
    return Changes("furniture", starts, ends, notes=notes)


def _class_of(content: str, zone: str, lexicon: Lexicon) -> str:
    if len(content) > MAX_LINE:
        return ""
    patterns = lexicon.furniture[zone]
    if not (patterns.at_start.match(content) or patterns.anywhere.search(content)):
        return ""
    return next(kind for pattern, kind in patterns.each if pattern.search(content))


def _is_own_row(line: str, lexicon: Lexicon) -> bool:
    """Whether a line is a row of the document's own table, whatever one of its cells says.

    Of a row of the page, such as 打印 and 网站地图, every cell belongs to the page.
    """
    if not _ROW.search(line):
        return False
    kinds = set()
    for cell in filter(None, map(str.strip, line.split("|"))):
        kind = _class_of(cell, "any", lexicon) or _class_of(cell, "tail", lexicon)
        if not kind:
            return True
        kinds.add(kind)
    return kinds <= _IN_TABLES


def _is_spam(content: str, words: set[str]) -> bool:
    """A line of several different spam words, or of titles strung together with one of them."""
    if len(content) > MAX_LINE:
        return False
    return len(words) >= 2 or (bool(words) and content.count("_") >= 1 and len(content) < 150)


def _is_mark(content: str) -> bool:
    """Whether only a circular has such a line: its number, its salutation."""
    return bool(DOC_NUMBER.match(content) or SALUTATION.match(content))


def _anchor(lines: list[str], kinds: list[str]) -> int | None:
    """The first line that only a document has: its number, its salutation, or its first long sentence."""
    for i, line in enumerate(lines):
        if kinds[i]:
            continue
        if _is_mark(line):
            return i
        if len(line) >= 40 and "。" in line:
            return i
    return None


def _title(lines: list[str], kinds: list[str], anchor: int | None) -> tuple[int, int] | None:
    """The title nearest above the anchor, as lines `[first, last]`; it may be broken over up to three."""
    if anchor is None:
        return None
    number_first = bool(DOC_NUMBER.match(lines[anchor]))
    # A number may stand above its title: then the title is the line below it.
    for i in [*range(anchor - 1, max(anchor - 12, -1), -1), *([anchor + 1] if number_first else [])]:
        if not 0 <= i < len(lines) or kinds[i] or len(lines[i]) > 150 or not TITLE.search(lines[i]):
            continue
        if SALUTATION.match(lines[i]) or _is_glued(lines[i]):
            continue
        first = i
        while first > 0 and i - first < 2 and _continues(lines, kinds, first - 1, i):
            first -= 1
        return (min(first, anchor) if i > anchor else first), i
    return None


def _is_glued(content: str) -> bool:
    """A page title that runs a document number and the 《title》 together."""
    return bool(re.match(r"^\S{2,20}号\s*[:：]?《.+》$", content))


def _continues(lines: list[str], kinds: list[str], upper: int, last: int) -> bool:
    """Whether the line `upper` is the beginning of the title that ends in line `last`."""
    if kinds[upper]:
        return False
    above, below = lines[upper], lines[upper + 1]
    if re.search(rf"(?:{_GENRES})》?$", above) or re.search(r"[。！？:：>_|]", above):
        return False
    if "关于" in above:
        return "关于" not in "".join(lines[k] for k in range(upper + 1, last + 1))
    return bool(below.startswith("关于") and _OFFICE_LINE.match(above))


def _head_class(i: int, lines: list[str], kinds: list[str], lexicon: Lexicon) -> str:
    """The class of a line above the title that no pattern names; "" for what may be the document's own."""
    content = lines[i]
    if DOC_NUMBER.match(content) or _DATED.match(content) or _MARK.match(content):
        return ""
    if _OFFICE_LINE.match(content) and not lexicon.spam_words.search(content):
        return ""
    if _is_spam(content, set(lexicon.spam_words.findall(content))):
        return "spam"
    if any(kinds[k] == "navigation" and content in lines[k] for k in range(len(lines)) if k != i):
        return "navigation"
    return "page_head"


def _squeeze(content: str) -> str:
    return re.sub(r"[\s《》]", "", content)


def _repeats(lines: list[str], kinds: list[str], title: tuple[int, int] | None, lexicon: Lexicon) -> None:
    """Class every other line that only repeats the title, alone or after a number, a site name or a label."""
    if title is None:
        return
    whole = _squeeze("".join(lines[k] for k in range(title[0], title[1] + 1)))
    for i, line in enumerate(lines):
        if title[0] <= i <= title[1] or kinds[i] not in ("", "page_head", "repeat_marker"):
            continue
        is_title_long = len(whole) <= len(line) <= len(whole) + _AROUND_TITLE
        if is_title_long and "。" not in line and whole in _squeeze(line):
            kinds[i] = "" if i > title[1] and _is_own_row(line, lexicon) else "repeated_title"
        elif kinds[i] == "repeat_marker":
            kinds[i] = ""


def _is_document_like(content: str) -> bool:
    return bool(
        _DATED.match(content)
        or _MARK.match(content)
        or _HEADING.match(content)
        or _OFFICE_LINE.match(content)
        or "|" in content
        or (_ANNEX.match(content) and len(content) > 4)
        or (len(content) >= 25 and re.search(r"[。；;]", content))
    )


def _tail(lines: list[str], kinds: list[str], head_end: int, lexicon: Lexicon) -> None:
    """Class the lines below the document.

    From the end upwards, lines that are furniture or look like nothing of the document's are passed over;
    of these the tail begins at the uppermost line that a pattern names. Lines that no pattern names stay
    the document's when they stand above it.
    """
    begin = None
    for i in range(len(lines) - 1, head_end, -1):
        if _is_own_row(lines[i], lexicon):
            break
        kind = kinds[i] or _class_of(lines[i], "tail", lexicon)
        if not kind and _ROW.search(lines[i]):  # no row of the document's: every cell is of the page
            kind = _class_of(lines[i].split("|")[0].strip(), "tail", lexicon)
        if kind:
            kinds[i] = kind
            begin = i
        elif _is_document_like(lines[i]):
            break
    if begin is None:
        return
    for i in range(begin, len(lines)):
        kinds[i] = kinds[i] or "page_tail"
