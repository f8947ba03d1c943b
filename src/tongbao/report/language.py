"""The Chinese of the pages: English text is the key, `data/reference/chinese/*.csv` holds what it is called in Chinese.

What belongs here: the catalogue, filling templates, and finding the template that a finished English sentence was made
from. What does not: the words themselves (the CSV files), titles of columns (`headings`), what a page shows (`figure`).

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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter

from tongbao.errors import TongbaoError
from tongbao.project import find_project

LANGUAGES = ("en", "zh")

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

_SURE = 12
"""A template with fewer characters outside its fields is taken only if nothing of the text stays English."""

_NUMBER = r"[-−+]?(?:\d[\d,  ]*)(?:\.\d+)?(?:e[-+]?\d+)?"
_NEXT = r"[A-Z0-9“\"（\u4e00-\u9fff]"
_WORD = rf"(?:(?![.!?]\s+{_NEXT}).)"  # a field does not reach over the end of a sentence
_FIRST = "\0"  # stands for the shortest length of a template's first field of words
_SENTENCE_END = re.compile(rf"(?<=[.!?])\s+(?={_NEXT})")
_LATIN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z][A-Za-z0-9'’_-]*[A-Za-z0-9]")  # the Q3 of 2018-Q3 is no word
_CHINESE = re.compile("[\u4e00-\u9fff]")
_JOINTS = (("; ", "；"), (": ", "："), (" · ", " · "), (", ", "，"))
"""How parts are joined in English and in Chinese, the loosest joint first."""

_LOOSE = _JOINTS[0][0]
_TWO_SENTENCES = re.compile(rf"[.!?]\s+(?:\{{|{_NEXT})")
_CUTS = 8
"""How many ways of cutting a text into the fields of one template are tried."""

_MOST_TOGETHER = 6

_page = ["en"]
_inside: ContextVar[str] = ContextVar("language")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue; `place` is its file and line."""

    en: str
    zh: str
    place: str


@dataclass(frozen=True, slots=True)
class _Pattern:
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
class _Catalogue:
    texts: Mapping[str, str]
    entries: Mapping[str, Entry]
    patterns: tuple[_Pattern, ...]
    names: frozenset[str]


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
    return _fill(entry.zh if entry else template, filled)


def translate(text: str, language: str) -> str:
    """Return finished English `text` in `language`; what no entry of the catalogue fits is returned as it is.

    The most specific template wins: the one with the most characters outside fields. Texts of several sentences or
    parts are taken apart where they do not fit as a whole.

    Raises:
        TongbaoError: there is no such language.
    """
    if _known(language) == "en" or not _LATIN.search(text):
        return text
    return _translated(text, find_project().reference / FOLDER)


def untranslated(text: str) -> list[str]:
    """Return the English words of a Chinese text that are not names that stay (for tests and proof-reading)."""
    names = _catalogue().names
    return [word for word in _LATIN.findall(text) if word not in names]


def entries() -> tuple[Entry, ...]:
    """Return the whole catalogue in the order of its files and lines."""
    return tuple(_catalogue().entries.values())


def fields(template: str) -> tuple[str, ...]:
    """Return the names of a template's fields, each once, sorted."""
    return tuple(sorted({name for name, _, _ in parsed(template, repr(template))}))


def forget() -> None:
    """Read the catalogue anew when it is next wanted (after its files were changed)."""
    _loaded.cache_clear()
    _translated.cache_clear()


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise TongbaoError(
            f"there is no language {language!r}", remedy=f"use one of {', '.join(LANGUAGES)} (params.yaml, report)"
        )
    return language


@lru_cache(maxsize=16_384)
def _translated(text: str, folder: Path) -> str:
    catalogue = _loaded(folder)
    bare = text.strip()
    if bare != text:
        return text.replace(bare, _translated(bare, folder)) if bare else text
    known = _whole(text, catalogue)
    if known is not None:
        return known
    spare = best = None
    for pattern, found in _matches(text, catalogue):
        values = {name: _part(value, folder) for name, value in found.groupdict().items()}
        filled = _fill(pattern.entry.zh, values)
        if _is_clean(filled, catalogue):
            if _LOOSE not in text or _LOOSE in pattern.entry.en:
                return filled
            spare = spare or filled
        elif best is None and pattern.weight >= _SURE:
            best = filled
    if spare:  # a field reached over a joint; perhaps each part has a template of its own
        return _joined(text, *_JOINTS[0], folder, catalogue) or spare
    return _taken_apart(text, folder, catalogue) or best or text


def _matches(text: str, catalogue: _Catalogue) -> Iterator[tuple[_Pattern, re.Match[str]]]:
    """The templates that fit the whole text, the most specific first; each with its fields cut short, then longer."""
    has_sentences = bool(_SENTENCE_END.search(text))
    for pattern in catalogue.patterns:
        if pattern.anchor not in text or (has_sentences and not pattern.has_sentences):
            continue
        shortest = 1
        for _ in range(_CUTS if pattern.first else 1):
            found = _compiled(pattern.expression.replace(_FIRST, str(shortest))).fullmatch(text)
            if not found:
                break
            yield pattern, found
            shortest = len(found[pattern.first]) + 1 if pattern.first else 1


def _whole(text: str, catalogue: _Catalogue) -> str | None:
    """The entry for the text itself, or for it but for its first capital or its full stop."""
    for form in (text, text[:1].lower() + text[1:], text[:1].upper() + text[1:]):
        if form in catalogue.texts:
            return catalogue.texts[form]
    if text.endswith(".") and not text.endswith(".."):
        inner = _whole(text[:-1], catalogue)
        return None if inner is None else f"{inner}。"
    return None


def _taken_apart(text: str, folder: Path, catalogue: _Catalogue) -> str | None:
    sentences = _SENTENCE_END.split(text)
    if len(sentences) > 1:
        done = [_translated(sentence, folder) for sentence in sentences]
        if done != sentences:
            return _joined_sentences([_punctuated(sentence) for sentence in done])
    if text.endswith(".") and not text.endswith(".."):
        inner = _translated(text[:-1], folder)
        if inner != text[:-1] and _is_clean(inner, catalogue):
            return f"{inner}。"
    return next(filter(None, (_joined(text, *joint, folder, catalogue) for joint in _JOINTS)), None)


def _joined(text: str, joint: str, chinese: str, folder: Path, catalogue: _Catalogue) -> str | None:
    """The parts between `joint` translated, if there are some and nothing of them stays English."""
    if joint not in text:
        return None
    done = _parts(text.split(joint), joint, folder, catalogue)
    return chinese.join(done) if all(_is_clean(part, catalogue) for part in done) else None


def _parts(parts: list[str], joint: str, folder: Path, catalogue: _Catalogue) -> list[str]:
    """Translate parts one by one, but several together where an entry is known that holds the joint itself."""
    done: list[str] = []
    start = 0
    while start < len(parts):
        longest = range(min(len(parts), start + _MOST_TOGETHER), start + 1, -1)
        known = ((end, _whole(joint.join(parts[start:end]), catalogue)) for end in longest)
        end, found = next(((e, f) for e, f in known if f is not None), (start + 1, None))
        done.append(_part(parts[start], folder) if found is None else found)
        start = end
    return done


def _part(text: str, folder: Path) -> str:
    """Translate what stands within a longer text; names and numbers get the punctuation of what surrounds them."""
    return _translated(text, folder) if _LATIN.search(text) else _punctuated(text)


def _punctuated(text: str) -> str:
    if _LATIN.search(text) or not _CHINESE.search(text):
        return text
    for joint, chinese in _JOINTS:
        text = text.replace(joint, chinese)
    return f"{text[:-1]}。" if text.endswith(".") and not text.endswith("..") else text


def _joined_sentences(sentences: list[str]) -> str:
    """Chinese sentences follow each other without a space; an English one keeps its own."""
    text = ""
    for sentence in sentences:
        text += (" " if text and text[-1].isascii() else "") + sentence
    return text


def _is_clean(text: str, catalogue: _Catalogue) -> bool:
    return all(word in catalogue.names for word in _LATIN.findall(text))


def _catalogue() -> _Catalogue:
    return _loaded(find_project().reference / FOLDER)


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> _Catalogue:
    found: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        for entry in _read(path):
            found.setdefault(entry.en, entry)
    plain = {e.en: e for e in found.values() if not fields(e.en)}
    templates = [_pattern(e) for e in found.values() if e.en not in plain]
    texts = {_fill(e.en, {}): _fill(e.zh, {}) for e in plain.values()}
    return _Catalogue(
        texts=_other_texts(folder.parent) | texts,
        entries=found,
        patterns=tuple(sorted(templates, key=lambda p: (-p.weight, p.entry.en))),
        names=frozenset(word for e in plain.values() if e.en == e.zh for word in _LATIN.findall(e.en)),
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


def _pattern(entry: Entry) -> _Pattern:
    pieces = [piece for piece, *_ in Formatter().parse(entry.en)]
    parts: list[str] = []
    words: list[str] = []
    seen: set[str] = set()
    for literal, name, specification, _ in Formatter().parse(entry.en):
        parts.append(re.escape(literal))
        if name in seen:
            parts.append(f"(?P={name})")
        elif name is not None:
            seen.add(name)
            shape = _shape(specification or "")
            words += [name] if not shape else []
            parts.append(f"(?P<{name}>{shape or _WORD + (f'{{{_FIRST},}}?' if len(words) == 1 else '+?')})")
    return _Pattern(
        entry=entry,
        expression="".join(parts),
        first=words[0] if len(words) > 1 else "",
        has_sentences=bool(_TWO_SENTENCES.search(entry.en)),
        anchor=max(pieces, key=len),
        weight=sum(map(len, pieces)),
    )


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> re.Pattern[str]:
    """Compiled when first wanted: a page needs a few of several hundred."""
    return re.compile(expression, re.DOTALL)


def _shape(specification: str) -> str:
    """The expression for a number of this specification; nothing for words."""
    if specification.endswith("%"):
        return _NUMBER + "%"
    return _NUMBER if specification[-1:] in {"d", "f", "g"} else ""


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Put the texts of `values` into the fields; specifications have been dealt with."""
    return "".join(
        literal + (values.get(name, "") if name is not None else "")
        for literal, name, *_ in Formatter().parse(template)
    )
