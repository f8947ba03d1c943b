"""A text cut at the borders of the spans that lie on it, so that overlapping and nested spans can all be shown.

What belongs here: pure work on offsets. What does not: what a span means, HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

MASK = "█"
"""Stands for each character of a contact, so that offsets stay what they are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that lies on the characters `[start, end)`."""

    start: int
    end: int
    kind: str
    note: str


def cut(start: int, end: int, marks: Iterable[Mark]) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """Cut `[start, end)` at every border; yield each piece with the marks that cover it, the shortest first."""
    inside = [m for m in marks if m.start < end and start < m.end]
    borders = sorted({start, end, *(b for m in inside for b in (m.start, m.end) if start < b < end)})
    for low, high in pairwise(borders):
        covering = [m for m in inside if m.start <= low and high <= m.end]
        yield low, high, tuple(sorted(covering, key=lambda m: (m.end - m.start, m.start, m.kind, m.note)))


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text, as long as before, with the characters of the spans blacked out; line feeds stay."""
    characters = list(text)
    for start, end in spans:
        for at in range(max(0, start), min(end, len(characters))):
            if characters[at] != "\n":
                characters[at] = MASK
    return "".join(characters)
