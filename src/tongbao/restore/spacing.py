"""Blanks and line breaks: one paragraph a line, no blank lines, no indents, no blanks inside words.

Lines are joined only where the break cannot be the author's: in a title that the page prints whole, or
where Chinese typesetting allows no line to end or begin so. Characters other than blanks never change.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from tongbao.restore.changes import Changes, codes_of
from tongbao.restore.edits import Edit
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.parts import Parts

_BREAK = "\n\x0b\x0c\x85\u2028\u2029"
_BLANK = " \t\xa0\u1680\u202f\u205f\u3000\ufeff\xad" + "".join(map(chr, range(0x2000, 0x200E)))
_HAN = re.compile(r"[\u3400-\u9fff]")
_FOUR_HAN = re.compile(r"[\u3400-\u9fff]{4}")
_MARK = "，。；：！？、（）《》〔〕“”"
_UNIT = "年月日号个家条项次分季度%"
_FIGURE = re.compile(rf"\d+[{re.escape(_BLANK)}]*[{_UNIT}]")
_HEAD_LINES = 6
_LONGEST_HEAD = 200
_NO_LINE_STARTS = "，。；：！？、）》〕”%"
_NO_LINE_ENDS = "，、（《〔“"
_TITLE_END = re.compile(r"(?:通报|通知|通告|公告|函|报告|公示|决定)》?$")
_OFFICE = re.compile(r"^[\u4e00-\u9fff]{4,30}(?:人民政府|办公厅|办公室|委员会|领导小组|局)$")
_IN_BLANK, _IN_BREAK, _IN_MARK, _NO_START, _NO_END = 1, 2, 4, 8, 16
_FEED, _SPACE, _BAR = ord("\n"), ord(" "), ord("|")


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """For every code point up to U+FFFF the classes above, as bits."""
    classes = np.zeros(0x10000, dtype=np.uint8)
    listed = (
        (_IN_BLANK, _BLANK),
        (_IN_BREAK, _BREAK),
        (_IN_MARK, _MARK),
        (_NO_START, _NO_LINE_STARTS),
        (_NO_END, _NO_LINE_ENDS),
    )
    for bit, characters in listed:
        for character in characters:
            classes[ord(character)] |= bit
    return classes


def fix(text: str, lexicon: Lexicon, page_titles: Sequence[str] = ("",), parts: Parts | None = None) -> Sequence[Edit]:
    """Return the edits of blanks and line breaks.

    Args:
        text: the text, of one document or of several.
        lexicon: the word lists.
        page_titles: for each document the title that the page around it prints, "" if it prints none.
        parts: where in `text` the documents lie; by default it is one.
    """
    parts = parts or Parts.of(text)
    codes = codes_of(text)
    classes = _classes()[np.minimum(codes, 0xFFFF)]
    starts, ends = _runs((classes & (_IN_BLANK | _IN_BREAK)) > 0)
    if not len(starts):
        return Changes("spacing", [], [])
    framed = np.concatenate(([0], classes, [0]))
    before, after = framed[starts], framed[ends + 1]
    own_start, own_end = parts.clip(starts, ends)  # without the line feeds that keep documents apart
    at_edge = parts.at_edge(own_start, own_end)
    found = _Found(text, lexicon)
    for low, high in zip(own_start[at_edge].tolist(), own_end[at_edge].tolist(), strict=True):
        found.delete(low, high)

    is_break = (np.add.reduceat(classes & _IN_BREAK, starts) > 0) & ~at_edge
    joins: dict[int, str] = {}
    suspects = is_break & ((after & _NO_START > 0) | (before & _NO_END > 0))
    for k in np.flatnonzero(suspects).tolist():
        if "|" not in _line_before(text, starts[k]) and "|" not in _line_after(text, ends[k]):
            joins[k] = "no line of Chinese ends or begins so"
    breaks = np.flatnonzero(is_break)
    _join_titles(text, starts, ends, breaks, page_titles, parts, joins)

    simple = (ends - starts == 1) & (codes[starts] == _FEED)
    for k in np.flatnonzero(is_break & ~simple).tolist():
        if k not in joins:
            found.leave_one("\n", int(starts[k]), int(ends[k]))
    for k, why in joins.items():
        found.delete(int(starts[k]), int(ends[k]), why=why)
    lone = (ends - starts == 1) & (codes[starts] == _SPACE)
    cell = np.concatenate(([0], codes == _BAR, [0])).astype(bool)
    inner = ~is_break & ~at_edge & ~(lone & (cell[starts] | cell[ends + 1]))  # a blank beside a cell's bar stays
    beside = (before | after) & _IN_MARK > 0
    for k in np.flatnonzero(inner).tolist():
        found.inner(int(starts[k]), int(ends[k]), bool(beside[k]), parts)
    return found.result()


class _Found:
    """The edits found so far: plain deletions, and all others."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon
        self.edits: list[Edit] = []
        self._deleted: list[tuple[int, int, str, str]] = []

    def delete(self, low: int, high: int, note: str = "", why: str = "") -> None:
        if low < high:
            self._deleted.append((low, high, note, why))

    def leave_one(self, character: str, start: int, end: int) -> None:
        """Leave one line feed of a break, one blank of several."""
        at = self.text.find(character, start, end)
        if at < 0:
            self.edits.append(Edit(start, end, character, "spacing"))
            return
        self.delete(start, at)
        self.delete(at + 1, end)

    def inner(self, start: int, end: int, beside_mark: bool, parts: Parts) -> None:
        """Blanks inside a line, where they do not separate things."""
        text = self.text
        before, after = text[start - 1], text[end]
        if before != "|" and after != "|":
            if beside_mark:
                self.delete(start, end, "blank beside punctuation")
                return
            if before.isdigit() and after in _UNIT:
                self.delete(start, end, "blank before a unit")
                return
            if after.isdigit() and _HAN.match(before) and _FIGURE.match(text, end, end + 12):
                self.delete(start, end, "blank before a figure")
                return
            if _HAN.match(before) and _HAN.match(after):
                word = text[max(0, start - 2) : start] + text[end : end + 2]
                if len(word) == 4 and _FOUR_HAN.fullmatch(word) and (why := self._known(word, start, parts)):
                    self.delete(start, end, why=why)
                    return
        if end - start > 1 or text[start] != " ":
            self.leave_one(" ", start, end)

    def _known(self, word: str, at: int, parts: Parts) -> str:
        low, high = parts.around(at)
        if self.text.find(word, low, high) >= 0:
            return "the same words without the blank elsewhere"
        return "a known term" if any(word in term for term in self.lexicon.admin_words) else ""

    def result(self) -> Sequence[Edit]:
        self._deleted.sort()
        lows, highs, notes, verified = zip(*self._deleted, strict=True) if self._deleted else ((), (), (), ())
        deletions = Changes("spacing", lows, highs, notes=notes, verified=verified)
        return sorted([*self.edits, *deletions], key=lambda e: e.start) if self.edits else deletions


def _runs(inside: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each stretch of True begins and ends."""
    steps = np.diff(np.concatenate(([0], inside.astype(np.int8), [0])))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def _line_before(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 : at]


def _line_after(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[at : end if end >= 0 else len(text)]


def _join_titles(
    text: str,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    breaks: npt.NDArray[np.int64],
    page_titles: Sequence[str],
    parts: Parts,
    joins: dict[int, str],
) -> None:
    """Find the breaks inside a title: one that the page prints whole, or one of a title's form at the head."""
    owners = parts.index(starts[breaks])
    for part, title in enumerate(page_titles):
        own = breaks[slice(*np.searchsorted(owners, (part, part + 1)))].tolist()
        if not own:
            continue
        begin, finish = parts.span(part)
        head = own if title else own[: _HEAD_LINES + 2]
        lows = [begin, *(int(ends[k]) for k in head)]
        highs = [*(int(starts[k]) for k in head), int(starts[own[len(head)]]) if len(head) < len(own) else finish]
        lines = [text[low:high].strip() for low, high in zip(lows, highs, strict=True)]
        whole = re.sub(r"\s", "", title)
        for i, k in enumerate(head):
            upper, lower = lines[i], lines[i + 1]
            if not upper or not lower:
                continue
            if whole and upper[0] == whole[0] and whole.startswith(re.sub(r"\s", "", upper[:_LONGEST_HEAD])):
                for last in (i + 1, i + 2):
                    if re.sub(r"\s", "", "".join(lines[i : last + 1])) == whole:
                        joins |= dict.fromkeys(head[i:last], "the title that the page prints whole")
            if i < _HEAD_LINES and k not in joins and "|" not in upper + lower and _is_broken_title(upper, lower):
                joins[k] = "form of a title"


def _is_broken_title(upper: str, lower: str) -> bool:
    if len(upper) + len(lower) > 120 or not _TITLE_END.search(lower) or re.search(r"[。！？：，；]", upper + lower):
        return False
    if "关于" in upper:
        return "关于" not in lower and not _TITLE_END.search(upper)
    return lower.startswith("关于") and bool(_OFFICE.match(upper))
