"""Web pages: what a reader of the page sees, in reading order.

Block elements end lines, tables of data become rows, scripts and styles are dropped. Which lines belong to the
circular and which to the page around it is told later, when the text is restored. Nothing is fetched.
"""

import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tongbao.read.decode import decode, decode_damaged
from tongbao.read.formats.model import Attachment, Read, UnreadableError
from tongbao.read.formats.rows import Cell, one_line, table_lines

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

MAX_TAGS = 200_000
"""Most tags of a page. A long circular saved by Word as a page has some 30,000."""

MAX_CELL = 1_500
"""A table with a cell of more characters than this lays out a page, it does not tabulate anything."""

_LINES = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul"
    }
)  # fmt: skip
_DROPPED = frozenset(
    {
        "applet", "audio", "button", "canvas", "embed", "frame", "frameset", "head", "iframe", "map", "math",
        "noframes", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "video"
    }
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# A line break in the source between two Chinese characters or punctuation marks is no blank.
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—]"
_SOURCE_BREAK = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n]+[ \t]*(?={_WIDE})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANNEX = re.compile(r"^\s*附\s*(?:件|表|录|錄|图|圖)")
_FILE = re.compile(r"\.(?:docx?|wps|xlsx?|et|pdf|ofd|rtf|zip|rar|7z|pptx?|csv|txt)\b", re.IGNORECASE)
_NO_FILE = re.compile(r"^\s*(?:javascript|mailto|tel|data|about):|^\s*#", re.IGNORECASE)
# Names that government sites give their meta elements; what they say about the page is worth a note.
_META = ("ArticleTitle", "PubDate", "ContentSource", "SiteName")
_BREAK = "\0"  # a line break that the reader sees; no page text holds this character
_NOTE_LENGTH = 200
_ADDRESS_LENGTH = 500


def read_page(data: bytes, charset: str = "") -> Read:
    """Read a web page.

    Args:
        data: its bytes.
        charset: the encoding that whatever delivered the page names, if anything did.

    Raises:
        UnreadableError: its bytes cannot be decoded, or it has more than `MAX_TAGS` tags.
    """
    decoded = decode(data) or decode_damaged(data, charset)
    if decoded is None:
        raise UnreadableError("cannot be decoded: the page mixes encodings or is damaged; save its text as .txt")
    notes: list[str] = []
    if lost := decoded.text.count("\ufffd"):
        notes.append(f"{lost} places could not be decoded and stand as U+FFFD")
    markup, n_controls = _CONTROL.subn("", decoded.text)
    if n_controls:
        notes.append(f"{n_controls} control characters left out")
    if markup.count("<") > MAX_TAGS:
        raise UnreadableError(f"it has more than {MAX_TAGS} tags: not a single circular; save its text as .txt")
    soup = _parse(markup)
    notes += _page_notes(soup)
    outer = {id(table.find_parent("table")) for table in soup.find_all("table")}
    hidden, n_hidden = _hidden(soup, outer)
    if n_hidden:
        notes.append(f"{n_hidden} Chinese characters left out that the page hides")
    lines = list(_lines(soup, _Marks(hidden, outer)))
    return Read("\n".join(lines), f"html/{decoded.encoding}", tuple(notes), _attachments(soup))


def _parse(markup: str) -> "BeautifulSoup":
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of text that looks like a file name or an address
        try:
            return BeautifulSoup(markup, "lxml")
        except (ParserRejectedMarkup, AssertionError, ValueError):
            return BeautifulSoup(markup, "html.parser")  # takes what the stricter parser gives up on


class _Marks(NamedTuple):
    """Elements by identity: those that the page hides, and tables that hold tables."""

    hidden: set[int]
    outer_tables: set[int]


def _lines(root: "Tag", marks: _Marks) -> Iterator[str]:
    """The lines under `root`. The walk keeps its own stack: pages are nested deeper than Python calls may be."""
    from bs4.element import NavigableString, Tag

    run: list[str] = []
    preformatted = 0
    stack: list[PageElement | int] = [root]  # a number ends a block: by how much it lowers `preformatted`
    while stack:
        node = stack.pop()
        if isinstance(node, int):
            yield from _flush(run)
            preformatted -= node
        elif isinstance(node, Tag):
            if node.name in _DROPPED or id(node) in marks.hidden:
                continue
            if node.name == "br":
                run.append(_BREAK)
            elif node.name == "table" and (rows := _data_rows(node, marks)) is not None:
                yield from _flush(run)
                yield from table_lines(rows)
            elif node.name in _LINES:
                yield from _flush(run)
                stack.append(int(node.name == "pre"))
                preformatted += int(node.name == "pre")
                stack.extend(reversed(node.contents))
            else:
                stack.extend(reversed(node.contents))
        elif type(node) is NavigableString:  # its subclasses are comments, declarations, scripts
            run.append(str(node).replace("\n", _BREAK) if preformatted else str(node))
    yield from _flush(run)


def _flush(run: list[str]) -> Iterator[str]:
    """Empty `run` into lines."""
    text = "".join(run)
    run.clear()
    for piece in text.split(_BREAK):
        if line := one_line(_SOURCE_BREAK.sub("", piece)):
            yield line


def _data_rows(table: "Tag", marks: _Marks) -> list[list[Cell]] | None:
    """The rows of a table of data; None for a table that lays out the page.

    A table of data has two rows or more with several cells, no table inside, and no cell as long as an article.
    """
    if id(table) in marks.outer_tables or table.get("role") == "presentation":
        return None
    rows: list[list[Cell]] = []
    for row in table.find_all("tr"):
        cells = row.find_all(["td", "th"], recursive=False)
        if id(row) in marks.hidden or not cells:
            continue
        rows.append([_cell(cell, marks) for cell in cells if id(cell) not in marks.hidden])
    if sum(len(cells) >= 2 for cells in rows) < 2 or any(len(c.text) > MAX_CELL for cells in rows for c in cells):
        return None
    caption = table.find("caption")
    if caption is not None and (text := "\n".join(_lines(caption, marks))):
        width = max(sum(cell.columns for cell in cells) for cells in rows)
        rows.insert(0, [Cell(text, width)])
    return rows


def _cell(cell: "Tag", marks: _Marks) -> Cell:
    return Cell("\n".join(_lines(cell, marks)), _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: "Tag", name: str) -> int:
    value = str(cell.get(name) or "").strip()
    return max(1, int(value)) if re.fullmatch(r"[0-9]{1,5}", value) else 1


def _hidden(soup: "BeautifulSoup", outer: set[int]) -> tuple[set[int], int]:
    """The elements that the page itself hides, by identity, and how many Chinese characters they hold.

    Where more than half of the page's characters are hidden, a script shows them: then nothing counts as hidden.
    """
    found = [
        tag
        for tag in soup.find_all(True)
        if tag.name not in _DROPPED and (tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style") or "")))
    ]
    if not found:
        return set(), 0
    marked = {id(tag) for tag in found}
    everything = sum(len(_HAN.findall(line)) for line in _lines(soup, _Marks(set(), outer)))
    shown = sum(len(_HAN.findall(line)) for line in _lines(soup, _Marks(marked, outer)))
    if 2 * shown < everything:
        return set(), 0
    return marked, everything - shown


def _page_notes(soup: "BeautifulSoup") -> Iterator[str]:
    if soup.title is not None and (title := one_line(soup.title.get_text())):
        yield f"page title: {title[:_NOTE_LENGTH]}"
    metas = {str(tag.get("name") or "").lower(): str(tag.get("content") or "") for tag in soup.find_all("meta")}
    for name in _META:
        if value := one_line(metas.get(name.lower(), "")):
            yield f"{name}: {value[:_NOTE_LENGTH]}"


def _attachments(soup: "BeautifulSoup") -> tuple[Attachment, ...]:
    """Links whose text begins with 附件 (附表, 附录, 附图) or that name a file of a kind that annexes come in."""
    found: dict[tuple[str, str], Attachment] = {}
    for link in soup.find_all("a", href=True):
        target = str(link["href"]).strip()[:_ADDRESS_LENGTH]
        name = one_line(link.get_text())[:_NOTE_LENGTH]
        if not name or not target or _NO_FILE.search(target):
            continue
        if _ANNEX.search(name) or _FILE.search(name) or _FILE.search(target.rpartition("/")[2]):
            found.setdefault((name, target), Attachment(name, target))
    return tuple(found.values())
