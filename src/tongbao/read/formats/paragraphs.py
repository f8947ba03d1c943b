"""Characters with places to lines, and lines to paragraphs. How a form stores them is not known here.

Lines are joined only where everything says that they are one paragraph: the upper line is full, the lower one
starts at the left margin in type of the same size, and, where the document does not indent its paragraphs, the
upper line does not end like a sentence. What is left broken is whole in its characters; what is joined wrongly
would not be.
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
_GAP = 2.5  # widths of a character between two on one line that stand in columns
_SPACING = 1.3  # type sizes between two lines of a paragraph; official documents have 0.75
_INDENT = (1.3, 4.5)  # widths of a character that a first line is set in
_SHORT = 12  # characters: a shorter line is never the upper part of a paragraph
_FEW_LINES = 6  # a page of fewer lines does not show its margins


class _Margins(NamedTuple):
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its box, its type size, whether it stands in columns (wide gaps).

    `opening` is the width of what no line break may part at its start: a word, a number, and the marks after it.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    has_gap: bool
    opening: float


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
            if last is not None and _continues(*last, thing, margins, is_indented):
                result[-1] = _glued(result[-1], text)
                last = thing, margins
            else:
                result.append(text)
                # A paragraph begins at the margin or set in from it; what begins elsewhere is centred.
                is_begun = abs(thing.left - margins.left) <= 0.4 * thing.size or _is_set_in(thing, margins)
                last = (thing, margins) if is_begun else None
    return result


def _close(run: list[Character], lines: list[Line]) -> None:
    visible = [c for c in run if c.text.strip()]
    if visible:
        size = sorted(c.size for c in visible)[len(visible) // 2]
        gaps = (b.left - a.right for a, b in pairwise(visible))
        lines.append(
            Line(
                text="".join(c.text for c in run),
                left=min(c.left for c in visible),
                right=max(c.right for c in visible),
                bottom=min(c.bottom for c in visible),
                top=max(c.top for c in visible),
                size=size,
                has_gap=any(gap > _GAP * size for gap in gaps),
                opening=_opening(visible) - visible[0].left,
            )
        )
    run.clear()


def _opening(visible: list[Character]) -> float:
    """The right edge of the first word of a line with the marks after it."""
    end = 1
    while end < len(visible) and _NARROW.match(visible[end - 1].text) and _NARROW.match(visible[end].text):
        end += 1
    while end < len(visible) and _NEVER_FIRST.match(visible[end].text):
        end += 1
    return visible[end - 1].right


def _is_elsewhere(run: list[Character], character: Character) -> bool:
    last = next((c for c in reversed(run) if c.text.strip()), None)
    if last is None:
        return False
    return character.top < last.bottom - 0.2 * last.size or character.bottom > last.top + 0.2 * last.size


def _margins(lines: list[Line]) -> _Margins:
    """The left edge that most lines have, and the right edge of the longest."""
    full = [line for line in lines if not line.has_gap]
    if not full:
        return _Margins(0.0, 0.0)
    places = Counter(round(line.left / 2) for line in full)
    commonest = min(places, key=lambda place: (-places[place], place))
    return _Margins(
        min(line.left for line in full if round(line.left / 2) == commonest), max(line.right for line in full)
    )


def _is_set_in(line: Line, margins: _Margins) -> bool:
    low, high = _INDENT
    return low * line.size <= line.left - margins.left <= high * line.size


def _continues(upper: Line, upper_margins: _Margins, lower: Line, margins: _Margins, is_indented: bool) -> bool:
    if upper.has_gap or lower.has_gap or abs(upper.size - lower.size) > 0.1 * upper.size:
        return False
    if upper.right + lower.opening < upper_margins.right - 0.3 * upper.size:  # it would have had room above
        return False
    if lower.top < upper.top and upper.bottom - lower.top > _SPACING * upper.size:
        return False
    if abs(lower.left - margins.left) > 0.8 * lower.size:
        return False
    if len(upper.text.strip()) < _SHORT or _OPENS.match(lower.text.strip()):
        return False
    return is_indented or not _SENTENCE_END.search(upper.text.strip())


def _glued(upper: str, lower: str) -> str:
    needs_blank = bool(_NARROW.match(upper[-1]) and _NARROW.match(lower[0]) and upper[-1].isalpha())
    return f"{upper} {lower}" if needs_blank else upper + lower
