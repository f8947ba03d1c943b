"""The menu of every page: the main places, the page itself marked, the same page in the other language.

It names no single province or circular, so that a new one leaves all other pages as they are.
"""

from collections.abc import Sequence

from tongbao.report.language import say
from tongbao.report.page import address
from tongbao.report.safe import attribute, escape
from tongbao.report.themes import THEMES

LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
_TAGS = {"en": "en", "zh": "zh-CN"}

PLACES = (
    ("index", "", "Overview"),
    *((f"themes/{name}", "", title) for name, title in THEMES.items()),
    ("index", "provinces", "Provinces"),
    ("index", "circulars", "Circulars"),
    ("data-quality", "", "Data quality"),
    ("codebook", "", "Codebook"),
)
"""Address, anchor and English name of every entry."""


def language_tag(language: str) -> str:
    """Return the tag for the attribute `lang`."""
    return _TAGS[language]


def menu_html(path: str, language: str, languages: Sequence[str]) -> str:
    """Return the menu of the page at `path` (without language), with links to it in the other `languages`."""
    home = "../" * address(path, language).count("/")
    items = []
    for place, anchor, name in PLACES:
        target = f"{home}{address(place, language)}.html" + (f"#{anchor}" if anchor else "")
        items.append(
            f'<li><a href="{attribute(target)}"{_current(path, place, anchor)}>{escape(say(name, language))}</a></li>'
        )
    for other in languages:
        if other != language:
            tag, target = _TAGS[other], f"{home}{address(path, other)}.html"
            text = escape(LANGUAGE_NAMES[other])
            items.append(
                f'<li class="language"><a href="{attribute(target)}" lang="{tag}" hreflang="{tag}">{text}</a></li>'
            )
    return f'<nav class="menu" aria-label="{attribute(say("Main menu", language))}"><ul>{"".join(items)}</ul></nav>'


def _current(path: str, place: str, anchor: str) -> str:
    """Mark the entry of the page itself, or the part of the front page that lists pages such as this one."""
    if path == place and not anchor:
        return ' aria-current="page"'
    return ' aria-current="true"' if anchor and path.startswith(f"{anchor}/") else ""
