"""The prose of a notebook in another language: markdown cells, paragraph by paragraph.

What belongs here: cutting markdown into what the catalogue knows. What does not: the words (`language`). A paragraph is
looked up as one line; marks of headings and of list items are kept.
"""

import re

from tongbao.report.language import translate

_MARK = re.compile(r"(?:#{1,6}|[-*]|\d+\.)\s+")


def translated(source: str, language: str) -> str:
    """Return the markdown `source` in `language`; a paragraph that the catalogue does not know stays as it is."""
    if language == "en":
        return source
    return "\n\n".join(_paragraph(part, language) for part in re.split(r"\n\s*\n", source.strip()))


def paragraphs(source: str) -> list[str]:
    """Return what of a markdown cell is looked up: each paragraph, heading and list item as one line."""
    return [text for part in re.split(r"\n\s*\n", source.strip()) for _, text in _items(part)]


def _paragraph(part: str, language: str) -> str:
    return "\n".join(mark + translate(text, language) for mark, text in _items(part))


def _items(part: str) -> list[tuple[str, str]]:
    """The marked lines of a paragraph, each with the lines that go on with it."""
    items: list[tuple[str, str]] = []
    for line in part.splitlines():
        mark = _MARK.match(line)
        if mark or not items:
            items.append((mark.group() if mark else "", line[mark.end() :].strip() if mark else line.strip()))
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
    return items
