"""The language of a page, and what a text is called in it: English is the key, the catalogue holds the Chinese.

What belongs here: which language is current, filling templates, the way to translations. What does not: the catalogue
(`catalogue`), finding the template of a finished sentence (`translating`), titles of columns (`headings`), what a page
shows (`figure`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.report.catalogue import FOLDER, LATIN, Catalogue, Entry, fill, loaded, parsed
from tongbao.report.translating import translated

LANGUAGES = ("en", "zh")
_page = ["en"]
_inside: ContextVar[str] = ContextVar("language")


def use(language: str) -> None:
    """Make `language` that of the page being made: one kernel, one page, one language.

    Raises:
        TongbaoError: there is no such language.
    """
    _page[0] = _known(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make `language` the current one within a `with`, for this thread alone: for pages made side by side.

    Raises:
        TongbaoError: there is no such language.
    """
    token = _inside.set(_known(language))
    try:
        yield
    finally:
        _inside.reset(token)


def current() -> str:
    """Return the language of the page being made."""
    return _inside.get(_page[0])


def say(template: str, language: str, /, **values: object) -> str:
    """Fill `template` with `values`, in `language`. Without an entry for it the English is filled.

    Values that are texts are translated themselves; others are printed by the field's specification.

    Raises:
        TongbaoError: there is no such language, or a field of the template has no value.
    """
    _known(language)
    filled: dict[str, str] = {}
    for name, specification, conversion in parsed(template, repr(template)):
        if name not in values:
            raise TongbaoError(
                f"nothing was given for the field {{{name}}}", place=repr(template), remedy="pass it to say()"
            )
        value = str(values[name]) if conversion == "s" else values[name]
        text = format(value, specification)
        filled[name] = translate(text, language) if isinstance(value, str) else text
    entry = _catalogue().entries.get(template) if language == "zh" else None
    if entry is None and not values:
        return translate(fill(template, {}), language)  # the tables that name things in both languages know it
    return fill(entry.zh if entry else template, filled)


def translate(text: str, language: str) -> str:
    """Return finished English `text` in `language`; what no entry of the catalogue fits is returned as it is.

    The most specific template wins: the one with the most characters outside fields. Texts of several sentences or
    parts are taken apart where they do not fit as a whole.

    Raises:
        TongbaoError: there is no such language.
    """
    if _known(language) == "en" or not LATIN.search(text):
        return text
    return translated(text, _folder())


def untranslated(text: str) -> list[str]:
    """Return the English words of a Chinese text that are not names that stay (for tests and proof-reading)."""
    names = _catalogue().names
    return [word for word in LATIN.findall(text) if word not in names]


def entries() -> tuple[Entry, ...]:
    """Return the whole catalogue in the order of its files and lines."""
    return tuple(_catalogue().entries.values())


def forget() -> None:
    """Read the catalogue anew when it is next wanted (after its files were changed)."""
    _folder_of.cache_clear()
    loaded.cache_clear()
    translated.cache_clear()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise TongbaoError(
            f"there is no language {language!r}", remedy=f"use one of {', '.join(LANGUAGES)} (params.yaml, report)"
        )
    return language


def _folder() -> Path:
    return _folder_of(os.environ.get("TONGBAO_PROJECT", ""), str(Path.cwd()))


@lru_cache(maxsize=64)
def _folder_of(named: str, here: str) -> Path:
    """The folder of the project that is found from here; finding it anew for every text would take most of the time."""
    return find_project().reference / FOLDER


def _catalogue() -> Catalogue:
    return loaded(_folder())
