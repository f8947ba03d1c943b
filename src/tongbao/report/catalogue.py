"""The catalogue: English texts and templates with their Chinese, as `data/reference` holds them.

What belongs here: reading the files, templates and the expressions that recognise finished sentences. What does not:
finding the entry for a sentence (`translating`), which language a page has (`language`), the words themselves.

The other tables of `data/reference` that name a thing in both languages (titles of columns, kinds of checks, problems,
minimum data, provinces) belong to the catalogue too; where both have a text, the folder `chinese` wins, and of its
files the first by name.

An entry is a text or a template with fields as in `str.format`: `{n:d} sites in {place}`. The specification of a field
says how a value is printed and, read backwards, what it can look like: `d`, `f`, `g` and `%` stand for numbers, any
other field for words, which are looked up in their turn. An entry whose Chinese is its English is a name that stays
(Wilson, IPv6).
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter

from tongbao.errors import TongbaoError

FOLDER = "chinese"
COLUMNS = ["en", "zh"]

OTHERS = (
    ("check_kinds.csv", "check", "title_zh"),
    ("check_kinds.csv", "title_en", "title_zh"),
    ("check_kinds.csv", "description_en", "description_zh"),
    ("columns.csv", "title_en", "title_zh"),
    ("headings.csv", "title_en", "title_zh"),
    ("minimum_data.csv", "needs_en", "needs_zh"),
    ("minimum_data.csv", "otherwise_en", "otherwise_zh"),
    ("problems.csv", "code", "name_zh"),
    ("problems.csv", "name_en", "name_zh"),
    ("tables.csv", "table", "title_zh"),
    ("tables.csv", "title_en", "title_zh"),
    ("tile_grid.csv", "name_en", "province"),
)
"""Tables of `data/reference` with a text and its Chinese in two columns."""

_NUMBER = r"[-−+]?(?:\d[\d,  ]*)(?:\.\d+)?(?:e[-+]?\d+)?"
NEXT = r"[A-Z0-9“\"（\u4e00-\u9fff]"
BREAK = "\1"  # stands for the space between two sentences while templates are tried
_WORD = f"[^{BREAK}]"  # a field does not reach over the end of a sentence
FIRST = "\0"  # stands for the shortest length of a template's first field of words
LATIN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z][A-Za-z0-9'’_-]*[A-Za-z0-9]")  # the Q3 of 2018-Q3 is no word
_AFTER_STOP = re.compile(r"(?<=[.!?]) ")
_TWO_SENTENCES = re.compile(rf"[.!?]\s+(?:\{{|{NEXT})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue; `place` is its file and line."""

    en: str
    zh: str
    place: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template read backwards: what recognises a sentence that was made from it."""

    entry: Entry
    expression: str
    first: str
    """The first field of words, where there are two or more and so more than one way to cut; else empty."""
    has_sentences: bool
    anchor: str
    """The longest piece without a field: cheap to look for before an expression is tried."""
    weight: int
    """How many characters stand outside fields."""


@dataclass(frozen=True)
class Catalogue:
    """Texts with their Chinese, entries by their English, templates (the most specific first), and names that stay."""

    texts: Mapping[str, str]
    entries: Mapping[str, Entry]
    patterns: tuple[Pattern, ...]
    names: frozenset[str]


def fields(template: str) -> tuple[str, ...]:
    """Return the names of a template's fields, each once, sorted."""
    return tuple(sorted({name for name, _, _ in parsed(template, repr(template))}))


@lru_cache(maxsize=4)
def loaded(folder: Path) -> Catalogue:
    """Return the catalogue of the files in `folder` and of the tables beside it.

    Raises:
        TongbaoError: an entry is not sound; its file and line are named.
    """
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        for entry in _read(path):
            found.setdefault(entry.en, entry)
    plain = {e.en: e for e in found.values() if not fields(e.en)}
    templates = [_pattern(e) for e in found.values() if e.en not in plain]
    texts = {fill(e.en, {}): fill(e.zh, {}) for e in plain.values()}
    return Catalogue(
        texts=_other_texts(folder.parent) | texts,
        entries=found,
        patterns=tuple(sorted(templates, key=lambda p: (-p.weight, p.entry.en))),
        names=frozenset(word for e in plain.values() if e.en == e.zh for word in LATIN.findall(e.en)),
    )


def _other_texts(reference: Path) -> dict[str, str]:
    """The texts of the other tables in two languages; of two entries for one text the first in `OTHERS`."""
    texts: dict[str, str] = {}
    for name, english, chinese in OTHERS:
        path = reference / name
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as handle:
                for row in csv.DictReader(handle):
                    if row.get(english) and row.get(chinese):
                        texts.setdefault(row[english], row[chinese])
    return texts


def _read(path: Path) -> list[Entry]:
    place = f"data/reference/{FOLDER}/{path.name}"
    read: dict[str, Entry] = {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.DictReader(handle)
        if rows.fieldnames != COLUMNS:
            raise TongbaoError("the columns are not en,zh", place=f"{place}, line 1", remedy="restore the first line")
        for row in rows:
            entry = Entry(row["en"] or "", row["zh"] or "", f"{place}, line {rows.line_num}")
            if not entry.en or not entry.zh:
                raise TongbaoError("a text is missing", place=entry.place, remedy="give the English and the Chinese")
            if _names(entry.en, entry.place) != _names(entry.zh, entry.place):
                raise TongbaoError(
                    f"the fields differ: {entry.en!r}, {entry.zh!r}",
                    place=entry.place,
                    remedy="name the same fields in both languages",
                )
            if entry.en in read:
                raise TongbaoError(
                    f"{entry.en!r} already stands in {read[entry.en].place}",
                    place=entry.place,
                    remedy="keep one of the two",
                )
            read[entry.en] = entry
    return list(read.values())


def _names(template: str, place: str) -> set[str]:
    return {name for name, _, _ in parsed(template, place)}


def parsed(template: str, place: str = "") -> list[tuple[str, str, str]]:
    """Return name, specification and conversion of each field of `template`, in order.

    Raises:
        TongbaoError: it is no template, or a field has no name; `place` is named.
    """
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise TongbaoError(
            f"not a template: {error}", place=place, remedy="write {{ and }} for braces that are no field"
        ) from None
    found = [
        (name, specification or "", conversion or "")
        for _, name, specification, conversion in parsed
        if name is not None
    ]
    for name, _, _ in found:
        if not name.isidentifier():
            raise TongbaoError(f"a field needs a name, not {name!r}", place=place, remedy="name every field")
    return found


def _pattern(entry: Entry) -> Pattern:
    pieces = [piece for piece, *_ in Formatter().parse(entry.en)]
    parts: list[str] = []
    words: list[str] = []
    seen: set[str] = set()
    for literal, name, specification, _ in Formatter().parse(entry.en):
        parts.append(f"[ {BREAK}]".join(map(re.escape, _AFTER_STOP.split(literal))))
        if name in seen:
            parts.append(f"(?P={name})")
        elif name is not None:
            seen.add(name)
            shape = _shape(specification or "")
            words += [name] if not shape else []
            parts.append(f"(?P<{name}>{shape or _WORD + (f'{{{FIRST},}}?' if len(words) == 1 else '+?')})")
    return Pattern(
        entry=entry,
        expression="".join(parts),
        first=words[0] if len(words) > 1 else "",
        has_sentences=bool(_TWO_SENTENCES.search(entry.en)),
        anchor=max(pieces, key=len),
        weight=sum(map(len, pieces)),
    )


@lru_cache(maxsize=4096)
def compiled(expression: str) -> re.Pattern[str]:
    """Compiled when first wanted: a page needs a few of several hundred."""
    return re.compile(expression, re.DOTALL)


def _shape(specification: str) -> str:
    """The expression for a number of this specification; nothing for words."""
    if specification.endswith("%"):
        return _NUMBER + "%"
    return _NUMBER if specification[-1:] in {"d", "f", "g"} else ""


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the texts of `values` into the fields; specifications have been dealt with."""
    return "".join(
        literal + (values.get(name, "") if name is not None else "")
        for literal, name, *_ in Formatter().parse(template)
    )
