"""Cutting text into clauses and list items, with exact offsets and respect for brackets and quotation marks."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from tongbao.extract.facts import Span

_OPEN = {"（": "）", "(": ")", "“": "”", "《": "》", "〈": "〉", "〔": "〕", "【": "】", "‘": "’"}


def split_outside(text: str, start: int, end: int, separators: str) -> list[Span]:
    """Return the pieces of `text[start:end]` between `separators` that stand outside brackets and quotes.

    Pieces are trimmed of white space; empty ones are left out. A bracket that is never closed within the
    piece does not swallow the rest: it is read as plain text.
    """
    return [(start + s, start + e) for s, e in _split(text[start:end], separators)]


@lru_cache(maxsize=50_000)
def _split(text: str, separators: str) -> tuple[Span, ...]:
    """Return the pieces of a whole text: every reader cuts the same sentences into the same clauses."""
    return tuple(_pieces(text, separators))


def _pieces(text: str, separators: str) -> Iterator[Span]:
    depth: list[str] = []
    piece, end = 0, len(text)
    for m in _stops(separators).finditer(text):
        c, i = m.group(), m.start()
        if depth and c == depth[-1]:
            depth.pop()
        elif c in _OPEN and text.find(_OPEN[c], i + 1, end) >= 0:
            depth.append(_OPEN[c])
        elif not depth and c in separators:
            yield from _trimmed(text, piece, i)
            piece = i + 1
    yield from _trimmed(text, piece, end)


@cache
def _stops(separators: str) -> re.Pattern[str]:
    """All characters that may end a piece, or open or close a bracket."""
    return re.compile("[" + re.escape(separators + "".join(_OPEN) + "".join(_OPEN.values())) + "]")


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the sentences of `text[start:end]`, without their closing mark."""
    return split_outside(text, start, end, "。！？!?\n")


def clauses(text: str, start: int, end: int) -> list[Span]:
    """Return the clauses of a sentence: the pieces between ，； and ：outside brackets and quotes."""
    return split_outside(text, start, end, "，；：,;:")


def list_items(text: str, start: int, end: int) -> list[Span]:
    """Return the members of a 、-list."""
    return split_outside(text, start, end, "、")


def overlaps(a: Span, b: Span) -> bool:
    """Say whether two half-open spans share a character."""
    return a[0] < b[1] and b[0] < a[1]


def inside(inner: Span, outer: Span) -> bool:
    """Say whether `inner` lies within `outer`."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]
