"""Reasons outside the language model to prefer one reading of a damaged place to another.

A list of offices ends its items as offices do; brackets close; an annotation names the sound of a character.
Reasons settle what is nearly level. They never invent a reading.
"""

import re
from dataclasses import dataclass

from tongbao.restore.gbk import LOST_BYTE
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.script import simplify

MIN_NEIGHBOURS = 3
MIN_PARALLEL = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a run up to `end`, in simplified characters, and its gain in nats over the text as is."""

    end: int
    plain: str
    gain: float
    annotated: str = ""
    is_weak: bool = False
    """No byte pair of it is certain."""
    is_open: bool = False
    """Its last character is unknown, as its first is."""


def by_evidence(
    text: str, start: int, ranked: list[Reading], lexicon: Lexicon, accept_margin: float, bracket_margin: float
) -> tuple[list[Reading], str]:
    """Leave only the readings that agree with what the model does not see, and say what that is.

    Evidence settles near-ties; it never overrules a clear lead.
    """
    best = ranked[0]
    if best.annotated:
        return ranked, f"the annotation {best.annotated} fits the last character"
    same = [r for r in ranked if r.end == best.end]
    if not _brackets_close(text, start, best):
        closed = [r for r in same if best.gain - r.gain < bracket_margin and _brackets_close(text, start, r)]
        if closed:
            return closed, "only so do the brackets of the sentence close"
    parallel = _parallel_endings(text, start, best.end, lexicon)
    if parallel is None:
        return ranked, ""
    endings, note = parallel
    fitting = [r for r in same if all(item.endswith(endings) for item in _items_ended_in(text, r))]
    if not fitting or best.gain - fitting[0].gain >= accept_margin:
        return ranked, ""
    return fitting, note


def _brackets_close(text: str, start: int, reading: Reading) -> bool:
    """Whether every round bracket of the sentence has its partner with this reading."""
    low = max(text.rfind(mark, 0, start) for mark in "。\n") + 1
    stops = [at for mark in "。\n" if (at := text.find(mark, reading.end)) >= 0]
    depth = 0
    for character in text[low:start] + reading.plain + text[reading.end : min(stops, default=len(text))]:
        depth += (character in "(（") - (character in ")）")
        if depth < 0:
            return False
    return depth == 0


def _parallel_endings(text: str, start: int, end: int, lexicon: Lexicon) -> tuple[tuple[str, ...], str] | None:
    """What the other items of the list around `[start, end)` end in, if they all name offices or places."""
    if text[end : end + 1] not in tuple("、；;。"):
        return None
    low = max((text.rfind(mark, 0, start) for mark in "：:；;。\n"), default=-1) + 1
    stops = [at for mark in "：:；;。\n" if (at := text.find(mark, end)) >= 0]
    high = min(stops, default=len(text))
    items = [*text[low:start].split("、")[:-1], *text[end:high].split("、")[1:]]
    plain = [re.sub(r"[(（].*?[)）]$", "", simplify(item, lexicon).strip()) for item in items]
    plain = [item for item in plain if item and not LOST_BYTE.search(item)]
    found = [e for item in plain if (e := next((x for x in lexicon.list_endings if item.endswith(x)), ""))]
    if len(plain) < MIN_NEIGHBOURS or len(found) < MIN_PARALLEL * len(plain):
        return None
    endings = sorted(set(found))
    return tuple(endings), (
        f"list parallelism: {len(found)} of {len(plain)} neighbours in the list end in {'/'.join(endings)}"
    )


def _items_ended_in(text: str, reading: Reading) -> list[str]:
    """The ends of the list items that end inside a reading or right behind it."""
    pieces = reading.plain.split("、")
    return [piece for piece in pieces if piece]
