"""Scraped text made harmless for pages and figures: shown as it is printed, never acted upon.

What belongs here: the one way that text enters HTML or a figure. What does not: layout.
"""

import html
import re
import unicodedata

from tongbao.report import font

_ZH = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u31c0-\u31ef\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Chinese with the punctuation between and around it; nothing in here needs escaping.
_ZH_RUN = re.compile(r"[“”‘’—…·\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")


def visible(text: str) -> str:
    """Return `text` with every character that acts instead of showing replaced by its code, like `[U+202E]`.

    These are controls of direction, of format and of the terminal, half surrogates, private characters and
    whatever the project's font has no glyph for. Line feed and tab become a space.

    The result is still plain text: escape it before it enters HTML.
    """
    return "".join(c if c.isascii() and c.isprintable() else _shown(c) for c in text)


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    acts = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    if acts or ord(character) not in font.covered():
        return f"[U+{ord(character):04X}]"
    return character


def escape(text: str) -> str:
    """Return `text` as HTML: visible, `& < > " '` escaped, Chinese runs marked with `lang="zh-CN"`."""
    return "".join(_marked(html.escape(part, quote=True)) for part in _split_runs(visible(text)))


def mark_chinese(trusted: str) -> str:
    """Return HTML that is safe already with Chinese runs of its text (not of its tags) marked as in `escape`."""
    return "".join(
        part if part.startswith("<") else "".join(_marked(run) for run in _split_runs(part))
        for part in re.split(r"(<[^>]*>)", trusted)
    )


def attribute(text: str) -> str:
    """Return `text` for a double-quoted HTML attribute."""
    return html.escape(visible(text), quote=True)


def preformatted(text: str) -> str:
    """Return `text` for a `<pre>`: as `escape`, but lines and tabs are kept."""
    return re.sub(r"[^\n\t]+", lambda part: escape(part.group()), text)


def _marked(run: str) -> str:
    return f'<span lang="zh-CN">{run}</span>' if _ZH.search(run) else run


def _split_runs(text: str) -> list[str]:
    """Cut `text` into runs with and without Chinese; joined again they are `text`."""
    runs, last = [], 0
    for match in _ZH_RUN.finditer(text):
        runs += [text[last : match.start()], match.group()]
        last = match.end()
    return [run for run in [*runs, text[last:]] if run]
