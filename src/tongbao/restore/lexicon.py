"""The word lists and tables that the fixes use, read from `data/reference/`. No list stands in code."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.project import find_project

MIN_PLACE, MIN_TERM = 3, 4
"""Least characters of a place's name and of a term that settle what a damaged place reads."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns of lines with their classes, and two that say at once whether any of them fits."""

    each: tuple[tuple[re.Pattern[str], str], ...]
    at_start: re.Pattern[str]
    anywhere: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)  # compared as one object: what is found with it can be kept
class Lexicon:
    """Everything that restoration knows beforehand."""

    folder: Path
    """Where it was read from."""
    furniture: dict[str, Patterns]
    spam_words: re.Pattern[str]
    admin_words: tuple[str, ...]
    names: frozenset[str]
    """Official terms and names of places, long enough to be no coincidence."""
    name_lengths: tuple[int, ...]
    """The lengths of `names`, the longest first."""
    list_endings: frozenset[str]
    zhu_words: tuple[str, ...]
    phrase_characters: tuple[str, ...]
    variants: dict[str, str]
    doc_prefix: re.Pattern[str]
    copy_words: dict[str, tuple[str, ...]]
    copy_kinds: dict[str, str]
    repair_kinds: dict[str, str]


def load_lexicon(reference: Path | None = None) -> Lexicon:
    """Read the lexicons of `reference` (by default the project's), once for each folder.

    Raises:
        TongbaoError: a file is missing or a pattern in it is no regular expression.
    """
    return _load(reference if reference is not None else find_project().reference)


@cache
def _load(folder: Path) -> Lexicon:
    by_zone: dict[str, list[tuple[re.Pattern[str], str]]] = {"any": [], "tail": []}
    for row, place in _rows(folder / "furniture.csv", ("class", "zone", "pattern")):
        if row["zone"] not in by_zone:
            raise TongbaoError(f"unknown zone {row['zone']!r}", place=place, remedy="write any or tail")
        by_zone[row["zone"]].append((_pattern(row["pattern"], place), row["class"]))
    spam = [row["word"] for row, _ in _rows(folder / "spam_words.csv", ("word",))]
    copies: dict[str, list[str]] = {}
    for row, _ in _rows(folder / "copy_words.csv", ("copy_kind", "word")):
        copies.setdefault(row["copy_kind"], []).append(row["word"])
    prefixes = [row["pattern"] for row, _ in _rows(folder / "doc_number_prefixes.csv", ("pattern",))]
    places = {row["name"] for row, _ in _rows(folder / "regions.csv", ("name",))}
    words = [(row["word"], row["use"]) for row, _ in _rows(folder / "admin_words.csv", ("word", "use"))]
    names = {name for name in places if len(name) >= MIN_PLACE}
    names |= {word for word, _ in words if len(word) >= MIN_TERM}
    return Lexicon(
        folder=folder,
        furniture={zone: _patterns(each) for zone, each in by_zone.items()},
        spam_words=_pattern("|".join(map(_word, spam)), str(folder / "spam_words.csv")),
        admin_words=tuple(word for word, _ in words),
        names=frozenset(names),
        name_lengths=tuple(sorted(set(map(len, names)), reverse=True)),
        list_endings=frozenset(word for word, use in words if use == "list_ending"),
        zhu_words=tuple(row["word"] for row, _ in _rows(folder / "zhu_words.csv", ("word",))),
        phrase_characters=tuple(
            row["character"] for row, _ in _rows(folder / "script_phrase_characters.csv", ("character",))
        ),
        variants={row["from"]: row["to"] for row, _ in _rows(folder / "script_variants.csv", ("from", "to"))},
        doc_prefix=_pattern(f"(?:{'|'.join(prefixes)})$", str(folder / "doc_number_prefixes.csv")),
        copy_words={kind: tuple(found) for kind, found in sorted(copies.items())},
        copy_kinds=_meanings(folder / "copy_kinds.csv"),
        repair_kinds=_meanings(folder / "repair_kinds.csv"),
    )


def _word(word: str) -> str:
    """The pattern of a word; one of Latin letters is no part of a longer one (av in save).

    The word itself comes first: all words together are looked for by their first characters then.
    """
    found = re.escape(word)
    return rf"{found}(?<![A-Za-z]{found})(?![A-Za-z])" if word.isascii() and word.isalpha() else found


def _patterns(each: list[tuple[re.Pattern[str], str]]) -> Patterns:
    texts = [pattern.pattern for pattern, _ in each]
    at_start = [text for text in texts if text.startswith("^")]
    anywhere = [text for text in texts if not text.startswith("^")]
    return Patterns(
        tuple(each),
        re.compile("|".join(f"(?:{text})" for text in at_start) or "(?!)"),
        re.compile("|".join(f"(?:{text})" for text in anywhere) or "(?!)"),
    )


def _meanings(path: Path) -> dict[str, str]:
    return {row["kind"]: row["meaning"] for row, _ in _rows(path, ("kind", "meaning"))}


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[dict[str, str], str]]:
    if not path.is_file():
        raise TongbaoError("a word list is missing", place=str(path), remedy="restore the file from the repository")
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        for column in columns:
            if column not in (reader.fieldnames or []):
                raise TongbaoError(
                    f"the column {column} is missing",
                    place=f"{path}, line 1",
                    remedy=f"give it the columns {', '.join(columns)}",
                )
        return [(row, f"{path}, line {reader.line_num}") for row in reader]


def _pattern(text: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise TongbaoError(
            f"no valid regular expression ({error})", place=place, remedy="correct the pattern"
        ) from error
