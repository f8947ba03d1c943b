"""Made-up circulars in any number for the benchmarks: those of tests/corpus with other places, numbers and clauses.

Every copy of a circular has places, counts, rates, document numbers and dates of its own; what is left alike is the
boilerplate that real folders repeat. Nothing here is meant to be true; the same seed gives the same bytes.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from tongbao.extract.lexicon import load
from tongbao.extract.places import Gazetteer

ROOT = Path(__file__).resolve().parents[1]
SEED = 11
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CLAUSE = re.compile(r"(?<=。)")


@cache
def originals() -> tuple[tuple[str, str], ...]:
    """Return name and text of the made-up circulars, undamaged ones only."""
    found = []
    for path in sorted((ROOT / "tests" / "corpus").glob("*.yml")):
        circular = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        if not circular.get("damaged"):
            found.append((path.stem, str(circular["text"])))
    return tuple(found)


@cache
def _places() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return name -> kind of every place in force, and the names of each kind."""
    rows = [r for r in load("regions") if not r["valid_to"] and r["level"] in ("prefecture", "county")]
    kinds: dict[str, str] = {}
    for row in rows:
        kinds.setdefault(row["name"], f"{row['level']} {row['name'][-1]}")
    for row in rows:
        if len(row["short_name"]) > 1:
            kinds.setdefault(row["short_name"], f"{row['level']} short {len(row['short_name'])}")
    members: dict[str, list[str]] = {}
    for name, kind in sorted(kinds.items()):
        members.setdefault(kind, []).append(name)
    return kinds, {k: tuple(v) for k, v in members.items()}


@cache
def _cut(text: str) -> tuple[str, ...]:
    """Return the text cut so that every second piece is the name of a place."""
    pieces, at = [], 0
    for start, end, _ in Gazetteer.load().find_in(text, ""):
        pieces += [text[at:start], text[start:end]]
        at = end
    return (*pieces, text[at:])


def perturbed(text: str, chance: random.Random) -> str:
    """Return the circular with other places, other numbers and some sentences left out or exchanged."""
    kinds, members = _places()
    exchanged: dict[str, str] = {}

    def place(name: str) -> str:
        if name not in kinds:
            return name
        return exchanged.setdefault(name, chance.choice(members[kinds[name]]))

    def number(m: re.Match[str]) -> str:
        digits, behind = m.group(), m.string[m.end() : m.end() + 1]
        if len(digits) == 4 and digits[:2] in ("19", "20") and behind in ("年", "〕"):
            return digits
        if behind and behind in "月日季":
            return str(chance.randint(1, 12 if behind == "月" else 28)) if behind != "季" else digits
        if "." in digits:
            whole, _, part = digits.partition(".")
            return f"{chance.randint(int(whole) // 2, int(whole))}.{chance.randint(1, 10 ** len(part) - 1)}"
        return str(chance.randint(1, max(int(digits[:9]), 2)))

    moved = "".join(place(piece) if i % 2 else piece for i, piece in enumerate(_cut(text)))
    lines = []
    for line in _DIGITS.sub(number, moved).split("\n"):
        sentences = [s for s in _CLAUSE.split(line) if s]
        if len(sentences) > 2 and chance.random() < 0.5:
            del sentences[chance.randrange(1, len(sentences))]
        lines.append("".join(sentences))
    return "\n".join(lines)


def made_up(n_bytes: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of perturbed circulars until about `n_bytes` of UTF-8 are given."""
    chance, given, index = random.Random(seed), 0, 0
    while given < n_bytes:
        name, text = originals()[index % len(originals())]
        changed = perturbed(text, chance)
        yield f"{name}-{index:06d}", changed
        given += len(changed.encode())
        index += 1
