"""How a text stands in a CSV cell: harmless to spreadsheets, fully visible, and exactly undone on reading.

Two steps, undone in the reverse order:

1. Characters that hide or act are written out: line feed `\\n`, carriage return `\\r`, tab `\\t`, every other
   control, format (zero-width, bidirectional), line-separating or surrogate character `\\u{202e}`; a backslash
   becomes two.
2. A cell that would start a formula (= + - @ or their full-width forms, also behind white space) gains a
   leading apostrophe. So does one that starts with apostrophes before such a character, or reading would
   take one of them away. A lone sign, such as the comparator =, is no formula and stays as it is.
"""

import re
import unicodedata

_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠](?=.)")
_ESCAPE = re.compile(r"\\(?:([nrt\\])|u\{([0-9a-f]{1,6})\})")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_CHARS = {name[1]: char for char, name in _NAMED.items()}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def protect(text: str) -> str:
    """Return the text as it stands in a CSV cell."""
    shown = visible(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def visible(text: str) -> str:
    """Return the text with characters that hide or act written out (step 1 alone); safe to print on a terminal."""
    if text.isprintable() and "\\" not in text:
        return text  # nothing hides or acts: so with almost every cell
    return "".join(_visible(char) for char in text)


def restore_text(cell: str) -> str:
    """Return the text that `protect` made the cell from.

    Raises:
        ValueError: a backslash begins none of the sequences above.
    """
    shown = cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
    if "\\" not in shown:
        return shown
    parts, at = [], 0
    for match in _ESCAPE.finditer(shown):
        parts += [_plain(shown[at : match.start()]), _char(match)]
        at = match.end()
    return "".join([*parts, _plain(shown[at:])])


def _visible(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    return f"\\u{{{ord(char):x}}}" if unicodedata.category(char) in _HIDDEN else char


def _char(match: re.Match[str]) -> str:
    return _CHARS[match[1]] if match[1] else chr(int(match[2], 16))


def _plain(text: str) -> str:
    if "\\" in text:
        raise ValueError(f"stray backslash in {text!r}")
    return text
