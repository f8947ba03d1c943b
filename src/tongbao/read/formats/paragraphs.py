"""Characters with places to lines, and lines to paragraphs. How a form stores them is not known here.

Lines are joined only where everything says that they are one paragraph: the upper line is full, the lower one
starts at the left margin in type of the same size, and, where the document neither indents its paragraphs nor
set its paragraphs apart, the upper line does not end like a sentence. A row that the text itself writes with bars
ends at its last bar. What is left broken is whole in its characters; what is joined wrongly would not be.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tongbao.read.formats.characters import Character
from tongbao.read.formats.pdf_tables import Table
from tongbao.read.formats.rows import one_line

_SENTENCE_END = re.compile(r"[。！？：；!?:;][”’）)》」』]?$")
_OPENS = re.compile(
    r"^(?:附\s*[件表录]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]\D|第[一二三四五六七八九十]{1,3}[章条])"
)
_NARROW = re.compile(r"[A-Za-z0-9,.;:%/_-]")
_NEVER_FIRST = re.compile(r"[，。、；：！？）》」』”’%‰)]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_HANGS = re.compile(r"[，。、；：！？）》」』”’,.;:)]")
_ROW = re.compile(r"\|[^|]*\|\s*$")
_ROW_OPENS = re.compile(r"^\d{1,4}\s*\|")
_BAR = re.compile(r"\s*\|\s*")
_GAP = 2.5  # widths of a character between two on one line that stand in columns
_SPACING = 1.3  # type sizes between two lines of a paragraph; official documents have 0.75
_INDENT = (1.3, 4.5)  # widths of a character that a first line is set in
_SHORT = 12  # characters: a shorter line is never the upper part of a paragraph
_FEW_LINES = 6  # a page of fewer lines does not show its margins


class _Margins(NamedTuple):
    left: float
    right: float


class _Style(NamedTuple):
    """How a document sets its paragraphs. `leading` is the distance of their lines where paragraphs stand further
    apart than that, else 0; `has_rows` where the text writes tables with bars."""

    is_indented: bool
    leading: float
    has_rows: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its box, its type size, whether it stands in columns (wide gaps).

    `opening` is the width of what no line break may part at its start: a word, a number, and the marks after it.
    `body` is the right edge without a mark at the end, which may hang out into the margin. Widths are what characters
    take up on the line: where a font is missing, their boxes are narrower than that.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    has_gap: bool
    opening: float
    body: float


def lines_of(characters: Sequence[Character]) -> list[Line]:
    """Break characters, in the order of the text layer, into lines: at line breaks, and where the height changes."""
    lines: list[Line] = []
    run: list[Character] = []
    for character in characters:
        if character.text in "\r\n":
            _close(run, lines)
            continue
        if character.text.strip() and run and _is_elsewhere(run, character):
            _close(run, lines)
        run.append(character)
    _close(run, lines)
    return lines


def join_lines(pages: Sequence[Sequence[Line | Table]]) -> list[str]:
    """The paragraphs and table rows of a document, page after page."""
    everything = [thing for things in pages for thing in things if isinstance(thing, Line)]
    overall = _margins(everything)
    is_indented = any(_is_set_in(line, overall) and line.right >= overall.right - 2 * line.size for line in everything)
    style = _Style(
        is_indented, _leading(everything, overall), sum(bool(_ROW.search(line.text)) for line in everything) >= 2
    )
    result: list[str] = []
    last: tuple[Line, _Margins] | None = None  # the line above, unless nothing can be joined to it
    for things in pages:
        lines = [thing for thing in things if isinstance(thing, Line)]
        margins = _margins(lines) if len(lines) >= _FEW_LINES else overall
        for thing in things:
            if isinstance(thing, Table):
                result += thing.lines()
                last = None
                continue
            text = one_line(thing.text)
            if not text:
                continue
            in_row = style.has_rows and bool(result) and "|" in result[-1] and not result[-1].endswith("|")
            if last is not None and _continues(*last, thing, margins, style, in_row):
                result[-1] = _glued(result[-1], text)
                last = thing, margins
            else:
                result.append(text)
                # A paragraph begins at the margin or set in from it; what begins elsewhere is centred.
                is_begun = abs(thing.left - margins.left) <= 0.4 * thing.size or _is_set_in(thing, margins)
                last = (thing, margins) if is_begun else None
    return [_BAR.sub(" | ", line).strip() if style.has_rows and _ROW.search(line) else line for line in result]


def _close(run: list[Character], lines: list[Line]) -> None:
    visible = [c for c in run if c.text.strip()]
    if visible:
        size = sorted(c.size for c in visible)[len(visible) // 2]
        gaps = (b.left - a.right for a, b in pairwise(visible))
        pitch = _pitch(visible)
        rights = [max(c.right, c.left + pitch) if _WIDE.match(c.text) else c.right for c in visible]
        hangs = len(visible) > 1 and bool(_HANGS.match(visible[-1].text))
        lines.append(
            Line(
                text="".join(c.text for c in run),
                left=min(c.left for c in visible),
                right=max(rights),
                bottom=min(c.bottom for c in visible),
                top=max(c.top for c in visible),
                size=size,
                has_gap=any(gap > _GAP * size for gap in gaps),
                opening=_opening(visible, rights) - visible[0].left,
                body=max(rights[:-1]) if hangs else max(rights),
            )
        )
    run.clear()


def _pitch(visible: list[Character]) -> float:
    """What a Chinese character takes up on this line; 0 where no two stand side by side."""
    steps = sorted(
        b.left - a.left
        for a, b in pairwise(visible)
        if _WIDE.match(a.text) and _WIDE.match(b.text) and 0 < b.left - a.left < 1.5 * a.size
    )
    return steps[len(steps) // 2] if steps else 0.0


def _opening(visible: list[Character], rights: list[float]) -> float:
    """The right edge of the first word of a line with the marks after it."""
    end = 1
    while end < len(visible) and _NARROW.match(visible[end - 1].text) and _NARROW.match(visible[end].text):
        end += 1
    while end < len(visible) and _NEVER_FIRST.match(visible[end].text):
        end += 1
    return rights[end - 1]


def _is_elsewhere(run: list[Character], character: Character) -> bool:
    last = next((c for c in reversed(run) if c.text.strip()), None)
    if last is None:
        return False
    return character.top < last.bottom - 0.2 * last.size or character.bottom > last.top + 0.2 * last.size


def _margins(lines: list[Line]) -> _Margins:
    """The left edge that most lines have, and the right edge of the longest, without marks that hang out."""
    full = [line for line in lines if not line.has_gap]
    if not full:
        return _Margins(0.0, 0.0)
    places = Counter(round(line.left / 2) for line in full)
    commonest = min(places, key=lambda place: (-places[place], place))
    return _Margins(
        min(line.left for line in full if round(line.left / 2) == commonest), max(line.body for line in full)
    )


def _is_set_in(line: Line, margins: _Margins) -> bool:
    low, high = _INDENT
    return low * line.size <= line.left - margins.left <= high * line.size


def _leading(lines: Sequence[Line], margins: _Margins) -> float:
    """The distance of a paragraph's lines, where the document sets paragraphs further apart than that; else 0."""
    within, between = [], []
    for upper, lower in pairwise(lines):
        distance = upper.top - lower.top
        if not 0 < distance < 6 * upper.size or abs(upper.size - lower.size) > 0.1 * upper.size:
            continue
        is_full = upper.right >= margins.right - 2 * upper.size
        if is_full and not _SENTENCE_END.search(upper.text.strip()) and not _OPENS.match(lower.text.strip()):
            within.append(distance)
        elif upper.right < margins.right - 6 * upper.size or _OPENS.match(lower.text.strip()):
            between.append(distance)
    if len(within) < 3 or len(between) < 3:
        return 0.0
    leading = sorted(within)[len(within) // 2]
    return leading if min(between) > 1.35 * leading else 0.0


def _continues(
    upper: Line, upper_margins: _Margins, lower: Line, margins: _Margins, style: _Style, in_row: bool
) -> bool:
    if upper.has_gap or lower.has_gap or abs(upper.size - lower.size) > 0.1 * upper.size:
        return False
    if upper.right + lower.opening < upper_margins.right - 0.3 * upper.size:  # it would have had room above
        return False
    if lower.top < upper.top and upper.bottom - lower.top > _SPACING * upper.size:
        return False
    if abs(lower.left - margins.left) > 0.8 * lower.size:
        return False
    if style.has_rows and (_ROW.search(upper.text) or _ROW_OPENS.match(lower.text.strip())):
        return False
    if in_row:  # a row goes on to its last bar, whatever its cells number
        return True
    if len(upper.text.strip()) < _SHORT or _OPENS.match(lower.text.strip()):
        return False
    if style.leading and lower.top < upper.top:
        return upper.top - lower.top < 1.25 * style.leading
    return style.is_indented or not _SENTENCE_END.search(upper.text.strip())


def _glued(upper: str, lower: str) -> str:
    needs_blank = bool(_NARROW.match(upper[-1]) and _NARROW.match(lower[0]) and upper[-1].isalpha())
    return f"{upper} {lower}" if needs_blank else upper + lower
