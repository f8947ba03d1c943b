"""Reasons outside the language model to prefer one reading of a damaged place to another.

A list of offices ends its items as offices do, and has as many as the text says; brackets close; an annotation names
the sound of a character; of several readings one is the name of a place or an official term. Reasons settle what is
nearly level. They never invent a reading.
"""

import re
from dataclasses import dataclass

from tongbao.restore.gbk import LOST_BYTE
from tongbao.restore.lexicon import MIN_PLACE, Lexicon
from tongbao.restore.script import simplify

MIN_NEIGHBOURS = 3
MIN_PARALLEL = 0.9
_REACH = 10  # characters on either side in which a known name is looked for
_HAN = re.compile(r"[\u3400-\u9fff]")
_STATED = re.compile(r"(?<![\d.])(\d{1,3})(?![年月日季号號])[\u3400-\u9fff]{1,16}[:：](?=[^:：]*\Z)")


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
    near = [r for r in same if best.gain - r.gain < bracket_margin]
    for fitting, note in (
        _parallel(text, start, same, lexicon),
        _counted(text, start, near),
        _named(text, start, near, lexicon),
    ):
        if fitting and best.gain - fitting[0].gain < accept_margin:
            return fitting, note
    return ranked, ""


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


def _parallel(text: str, start: int, same: list[Reading], lexicon: Lexicon) -> tuple[list[Reading], str]:
    """The readings whose items end as those of the list around them do."""
    found = _parallel_endings(text, start, same[0].end, lexicon)
    if found is None:
        return [], ""
    endings, note = found
    return [r for r in same if all(item.endswith(endings) for item in _items_ended_in(text, r))], note


def _counted(text: str, start: int, near: list[Reading]) -> tuple[list[Reading], str]:
    """The readings with which a list has the number of members that is stated before it, if not all have."""
    low = max(text.rfind(mark, 0, start) for mark in "。；;\n") + 1
    stated = _STATED.search(text, low, start)
    stops = [at for mark in "。；;\n" if (at := text.find(mark, near[0].end)) >= 0]
    if not stated or not stops:
        return [], ""
    before, after = text[stated.end() : start], text[near[0].end : min(stops)]
    fitting = [r for r in near if (before + r.plain + after).count("、") + 1 == int(stated.group(1))]
    if len(fitting) == len(near) or re.search("[，,?\ufffd]", before + after):
        return [], ""
    return fitting, f"only so does the list have the {stated.group(1)} members that the text states"


def _named(text: str, start: int, near: list[Reading], lexicon: Lexicon) -> tuple[list[Reading], str]:
    """The one reading whose unknown characters belong to a known name; none where several do."""
    before = simplify(text[max(0, start - _REACH) : start], lexicon)
    found: dict[str, Reading] = {}
    for reading in near:
        line = before + reading.plain + simplify(text[reading.end : reading.end + _REACH], lexicon)
        unknown = [len(before), *([len(before) + len(reading.plain) - 1] if reading.is_open else [])]
        names = [_name_at(line, at, lexicon) for at in unknown]
        if all(names):
            found["/".join(dict.fromkeys(names))] = reading
    if len(found) != 1:
        return [], ""
    ((names_found, reading),) = found.items()
    return [reading], f"only so is it a known name: {names_found}"


def _name_at(line: str, at: int, lexicon: Lexicon) -> str:
    """The longest known name in `line` that holds the character at `at`; "" where there is none.

    A short one does not begin inside a run of Chinese before that character: 水平 is no beginning of 平遥县.
    """
    for length in lexicon.name_lengths:
        for low in range(max(0, at - length + 1), min(at, len(line) - length) + 1):
            name = line[low : low + length]
            is_whole = length > MIN_PLACE or low in (0, at) or not _HAN.match(line[low - 1])
            if is_whole and name in lexicon.names:
                return name
    return ""


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
