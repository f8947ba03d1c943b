"""Automatic numbers of Word paragraphs (一、 （二） 3.), which are shown but not stored as text.

Source: ISO/IEC 29500-1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat). Only the forms that Chinese official
documents use are known; a number of another kind is counted, not guessed.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_SHOWN_AS = re.compile(r"%([1-9])")


class Numbering:
    """The counters of one document. `label` must be asked for each paragraph once, in the order of the text."""

    def __init__(self, levels: dict[str, dict[int, tuple[int, str, str]]], styles: dict[str, Any]) -> None:
        self._levels = levels  # list -> level -> (start, format, text)
        self._styles = styles  # paragraph style -> its numPr
        self._counts: dict[str, dict[int, int]] = {}
        self.n_unknown = 0

    @classmethod
    def of(cls, document: "Document") -> "Numbering":
        """Read the definitions of a document; it may have none."""
        styles: dict[str, Any] = {}
        for style in document.styles.element.iter(_W + "style"):
            found = style.find(f"{_W}pPr/{_W}numPr")
            if found is not None:
                styles[style.get(_W + "styleId", "")] = found
        root: Any = None
        for relation in document.part.rels.values():
            if relation.reltype.endswith("/numbering") and not relation.is_external:
                from docx.oxml.parser import parse_xml

                root = parse_xml(relation.target_part.blob)
        return cls({} if root is None else _definitions(root), styles)

    def label(self, paragraph: Any) -> str:
        """The number shown before `paragraph` (a `w:p` element), "" if it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        list_id, level = place
        levels = self._levels.get(list_id, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(list_id, {})
        counts[level] = counts.get(level, levels[level][0] - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        _, form, shown = levels[level]
        if form in {"bullet", "none"}:
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            start, kind, _ = levels.get(at, (1, "", ""))
            return _written(counts.get(at, start), kind)

        label = _SHOWN_AS.sub(number, shown)
        if "\0" in label:
            self.n_unknown += 1
            return ""
        # 1. before 2019年 must not read as 1.2019.
        return f"{label} " if label and label[-1].isascii() and label[-1] != ")" else label

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        if found is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            found = None if style is None else self._styles.get(style.get(_W + "val", ""))
        if found is None:
            return None
        list_id, level = found.find(_W + "numId"), found.find(_W + "ilvl")
        number = "0" if list_id is None else list_id.get(_W + "val", "0")
        at = "0" if level is None else level.get(_W + "val", "0")
        if number == "0" or not re.fullmatch("[0-8]", at):  # list 0 means: no number here
            return None
        return number, int(at)


def _definitions(root: Any) -> dict[str, dict[int, tuple[int, str, str]]]:
    abstract = {item.get(_W + "abstractNumId"): _levels_of(item) for item in root.iter(_W + "abstractNum")}
    found: dict[str, dict[int, tuple[int, str, str]]] = {}
    for item in root.iter(_W + "num"):
        target = item.find(_W + "abstractNumId")
        levels = dict(abstract.get(None if target is None else target.get(_W + "val"), {}))
        for override in item.iter(_W + "lvlOverride"):
            at, start = override.get(_W + "ilvl", ""), override.find(_W + "startOverride")
            levels |= _levels_of(override)
            if start is not None and at.isdigit() and int(at) in levels:
                levels[int(at)] = (_int(start), *levels[int(at)][1:])
        found[item.get(_W + "numId", "")] = levels
    return found


def _levels_of(item: Any) -> dict[int, tuple[int, str, str]]:
    levels: dict[int, tuple[int, str, str]] = {}
    for level in item.iter(_W + "lvl"):
        at = level.get(_W + "ilvl", "")
        start, form, text = (level.find(_W + name) for name in ("start", "numFmt", "lvlText"))
        if re.fullmatch("[0-8]", at):
            levels[int(at)] = (
                1 if start is None else _int(start),
                "" if form is None else form.get(_W + "val", ""),
                "" if text is None else text.get(_W + "val", ""),
            )
    return levels


def _int(element: Any) -> int:
    value = str(element.get(_W + "val", ""))
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else 1


def _written(number: int, form: str) -> str:
    """`number` as the form writes it; a zero character where it is not known."""
    if form == "decimal":
        return str(number)
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
        return head + (_DIGITS[ones] if ones else "")
    if form in _CIRCLED and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    return "\0"
