"""Markup that stands in a text as characters: `&nbsp;`, `&#8220;`, `<br>`, left by a careless copy of a page.

Only tags and character references that HTML knows are undone, and only where they touch the Chinese around them:
a text that speaks of markup (代码<br>, <p>标签, "例如 <br> 或") sets it apart and keeps it. Which lines then belong to
the page around the document is told in `furniture`.
"""

import re
import unicodedata
from html.entities import html5

from tongbao.restore.edits import Edit

KIND = "html_remains"
_REFERENCE = re.compile(r"&(?:amp;){0,3}(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,24}));")
_BLOCK = "address|article|blockquote|br|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|section|table|tbody|td|th|thead|tr|ul"
_INLINE = "a|b|big|em|font|i|img|label|o:p|s|small|span|st1:[a-z]{1,20}|strike|strong|sub|sup|u"
_TAG = re.compile(rf"</?({_BLOCK}|{_INLINE})((?:\s[^<>\n\0]{{0,500}})?)\s?/?>", re.IGNORECASE)
_IS_BLOCK = re.compile(_BLOCK, re.IGNORECASE)
_SPEAKS_OF = re.compile(r"代码|标签|標簽|標籤|标记|標記|元素|源码|源碼|HTML|html|语句|語句|[“”‘’\"'`]")
_ATTRIBUTES = re.compile(r"\s*(?:/?|[A-Za-z][\w:-]*\s*=.*)", re.DOTALL)
_TOUCHED = re.compile(r"[\n\0<>&;0-9%\u3001-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")
_CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—]")
_NEAR = 6  # characters before and after a tag in which a text speaks of it


def fix(text: str) -> list[Edit]:
    """Return the edits that undo markup: references become their character, blocks end lines, the rest goes."""
    edits: list[Edit] = []
    if "&" in text:
        for match in _REFERENCE.finditer(text):
            character = _character(*match.groups())
            # A sign of code (&lt; in a program) is written so on purpose unless it stands in Chinese.
            if character and (character == " " or character > "\xff" or _touches(text, *match.span(), _CHINESE)):
                edits.append(Edit(*match.span(), character, KIND, note="a character reference"))
    if "<" in text:
        for match in _TAG.finditer(text):
            start, end = match.span()
            if _SPEAKS_OF.search(text, max(0, start - _NEAR), start) or _SPEAKS_OF.search(text, end, end + _NEAR):
                continue
            if not _ATTRIBUTES.fullmatch(match.group(2)) or not _touches(text, start, end, _TOUCHED):
                continue
            new = "\n" if _IS_BLOCK.fullmatch(match.group(1)) else ""
            edits.append(Edit(start, end, new, KIND, note="a tag"))
        edits.sort(key=lambda e: e.start)
    return edits


def _touches(text: str, start: int, end: int, what: re.Pattern[str]) -> bool:
    """Whether one of `what` stands right before or behind `[start, end)`; an end of the text is that of a line."""
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    return bool(what.match(before) or what.match(after))


def _character(decimal: str | None, hexadecimal: str | None, name: str | None) -> str:
    """The one character that a reference stands for; "" where it is none, or one that acts instead of showing."""
    if name:
        found = html5.get(f"{name};", "")
    else:
        code = int(decimal) if decimal else int(hexadecimal or "0", 16)
        found = chr(code) if code < 0x110000 else ""
    if len(found) != 1:
        return ""
    if found.isspace() or found in "\u200b\ufeff\xad":
        return " "
    return "" if unicodedata.category(found) in {"Cc", "Cf", "Cs", "Co", "Cn"} else found
