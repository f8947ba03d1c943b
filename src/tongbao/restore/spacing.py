"""Blanks and line breaks: one paragraph a line, no blank lines, no indents, no blanks inside words.

Lines are joined only where the break cannot be the author's: in a title that the page prints whole, or
where Chinese typesetting allows no line to end or begin so. Characters other than blanks never change.
"""

import re
from collections.abc import Sequence

from tongbao.restore.edits import Changes, Edit
from tongbao.restore.lexicon import Lexicon

_BREAK = "\n\x0b\x0c\x85\u2028\u2029"
_BLANK = " \t\xa0\u1680\u2000-\u200d\u202f\u205f\u3000\ufeff\xad"
# One pass over all blanks: nested repeats would take quadratic time on a page of nothing but blanks.
_GAPS = re.compile(f"[{_BLANK}{_BREAK}]+")
_HAS_BREAK = re.compile(f"[{_BREAK}]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MARK = "，。；：！？、（）《》〔〕“”"
_UNIT = "年月日号个家条项次分季度%"
_HEAD_LINES = 6
_NO_LINE_STARTS = "，。；：！？、）》〕”%"
_NO_LINE_ENDS = "，、（《〔“"
_TITLE_END = re.compile(r"(?:通报|通知|通告|公告|函|报告|公示|决定)》?$")
_OFFICE = re.compile(r"^[\u4e00-\u9fff]{4,30}(?:人民政府|办公厅|办公室|委员会|领导小组|局)$")


def fix(text: str, lexicon: Lexicon, page_title: str = "") -> Sequence[Edit]:
    """Return the edits of blanks and line breaks.

    Args:
        text: the text.
        lexicon: the word lists.
        page_title: the title that the page around the document prints, "" if it prints none.
    """
    gaps = [m.span() for m in _GAPS.finditer(text)]
    last = len(text)
    breaks = [(a, b) for a, b in gaps if a > 0 and b < last and (b - a == 1 or _HAS_BREAK.search(text, a, b))]
    breaks = [(a, b) for a, b in breaks if b - a > 1 or text[a] in _BREAK]
    joins = _joins(text, breaks, page_title)
    broken = set(breaks)
    edits: list[Edit] = []
    simple: list[tuple[int, int]] = []
    for start, end in gaps:
        if (start, end) in broken:
            new, why = joins.get(start, ("\n", ""))
            at = text.find("\n", start, end)
            if new == "\n" and at >= 0:  # one line feed stays, the rest goes
                simple += [(a, b) for a, b in ((start, at), (at + 1, end)) if a < b]
            elif text[start:end] != new:
                edits.append(Edit(start, end, new, "spacing", verified_by=why))
        elif start == 0 or end == last:
            simple.append((start, end))
        elif edit := _inner(text, start, end, lexicon):
            edits.append(edit)
    if not edits:
        return Changes("spacing", [a for a, _ in simple], [b for _, b in simple])
    return sorted([*edits, *(Edit(a, b, "", "spacing") for a, b in simple)], key=lambda e: e.start)


def _joins(text: str, breaks: list[tuple[int, int]], page_title: str) -> dict[int, tuple[str, str]]:
    """The line breaks that are to go: start of the break -> (what takes its place, why)."""
    joins: dict[int, tuple[str, str]] = {}
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    lines = [text[low:high].strip() for low, high in zip(starts, ends, strict=True)]
    whole = re.sub(r"\s", "", page_title)
    for i in range(len(lines) - 1):
        upper, lower = lines[i], lines[i + 1]
        if not upper or not lower or ends[i] in joins:
            continue
        if whole and whole.startswith(re.sub(r"\s", "", upper[:200])):
            for last in (i + 1, i + 2):
                if re.sub(r"\s", "", "".join(lines[i : last + 1])) == whole:
                    joins |= {ends[k]: ("", "the title that the page prints whole") for k in range(i, last)}
        if ends[i] in joins or "|" in upper or "|" in lower:
            continue
        if lower[0] in _NO_LINE_STARTS or upper[-1] in _NO_LINE_ENDS:
            joins[ends[i]] = ("", "no line of Chinese ends or begins so")
        elif i < _HEAD_LINES and _is_broken_title(upper, lower):
            joins[ends[i]] = ("", "form of a title")
    return joins


def _is_broken_title(upper: str, lower: str) -> bool:
    if len(upper) + len(lower) > 120 or not _TITLE_END.search(lower) or re.search(r"[。！？：，；]", upper + lower):
        return False
    if "关于" in upper:
        return "关于" not in lower and not _TITLE_END.search(upper)
    return lower.startswith("关于") and bool(_OFFICE.match(upper))


def _inner(text: str, start: int, end: int, lexicon: Lexicon) -> Edit | None:
    """An edit for blanks inside a line, or None where they may separate things."""
    before, after = text[start - 1], text[end]
    if before == "|" or after == "|":
        return None if text[start:end] == " " else Edit(start, end, " ", "spacing")
    if before in _MARK or after in _MARK:
        return Edit(start, end, "", "spacing", note="blank beside punctuation")
    if before.isdigit() and after in _UNIT:
        return Edit(start, end, "", "spacing", note="blank before a unit")
    if _HAN.match(before) and after.isdigit() and re.match(rf"\d+[{_BLANK}]*[{_UNIT}]", text[end : end + 12]):
        return Edit(start, end, "", "spacing", note="blank before a figure")
    if _HAN.match(before) and _HAN.match(after):
        word = text[max(0, start - 2) : start] + text[end : end + 2]
        if len(word) == 4 and re.fullmatch(r"[\u3400-\u9fff]{4}", word):
            if word in text:
                return Edit(start, end, "", "spacing", verified_by="the same words without the blank elsewhere")
            if any(word in term for term in lexicon.admin_words):
                return Edit(start, end, "", "spacing", verified_by="a known term")
    return None if text[start:end] == " " else Edit(start, end, " ", "spacing")
