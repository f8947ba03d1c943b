"""Finished English sentences in Chinese: the template that a sentence was made from is found and filled anew.

What belongs here: matching, and taking apart what no template fits as a whole. What does not: the templates
(`catalogue`), which language a page has (`language`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tongbao.report.catalogue import BREAK, FIRST, LATIN, NEXT, Catalogue, Pattern, compiled, fill, loaded

_SURE = 12
"""A template with fewer characters outside its fields is taken only if nothing of the text stays English."""
_SENTENCE_END = re.compile(rf"(?<=[.!?])\s+(?={NEXT})")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_JOINTS = (("; ", "；"), (": ", "："), (" · ", " · "), (", ", "，"))
"""How parts are joined in English and in Chinese, the loosest joint first."""

_LOOSE = _JOINTS[0][0]

_CUTS = 8
"""How many ways of cutting a text into the fields of one template are tried."""

_MOST_TOGETHER = 6


@lru_cache(maxsize=16_384)
def translated(text: str, folder: Path) -> str:
    """Return `text` in Chinese by the catalogue in `folder`; what no entry fits is returned as it is."""
    catalogue = loaded(folder)
    bare = text.strip()
    if bare != text:
        return text.replace(bare, translated(bare, folder)) if bare else text
    known = _whole(text, catalogue)
    if known is not None:
        return known
    spare = best = None
    for pattern, found in _matches(text, catalogue):
        values = {name: _part(value, folder) for name, value in found.groupdict().items()}
        filled = fill(pattern.entry.zh, values)
        if is_clean(filled, catalogue):
            if _LOOSE not in text or _LOOSE in pattern.entry.en:
                return filled
            spare = spare or filled
        elif best is None and pattern.weight >= _SURE:
            best = filled
    if spare:  # a field reached over a joint; perhaps each part has a template of its own
        return _joined(text, *_JOINTS[0], folder, catalogue) or spare
    return _taken_apart(text, folder, catalogue) or best or text


def _matches(text: str, catalogue: Catalogue) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """The templates that fit the whole text, the most specific first; each with its fields cut short, then longer."""
    marked = _SENTENCE_END.sub(BREAK, text)
    has_sentences = marked != text
    for pattern in catalogue.patterns:
        if pattern.anchor not in text or (has_sentences and not pattern.has_sentences):
            continue
        shortest = 1
        for _ in range(_CUTS if pattern.first else 1):
            found = compiled(pattern.expression.replace(FIRST, str(shortest))).fullmatch(marked)
            if not found:
                break
            yield pattern, found
            shortest = len(found[pattern.first]) + 1 if pattern.first else 1


def _whole(text: str, catalogue: Catalogue) -> str | None:
    """The entry for the text itself, or for it but for its first capital or its full stop."""
    for form in (text, text[:1].lower() + text[1:], text[:1].upper() + text[1:]):
        if form in catalogue.texts:
            return catalogue.texts[form]
    if text.endswith(".") and not text.endswith(".."):
        inner = _whole(text[:-1], catalogue)
        return None if inner is None else f"{inner}。"
    return None


def _taken_apart(text: str, folder: Path, catalogue: Catalogue) -> str | None:
    sentences = _SENTENCE_END.split(text)
    if len(sentences) > 1:
        done = [translated(sentence, folder) for sentence in sentences]
        if done != sentences:
            return _joined_sentences([_punctuated(sentence) for sentence in done])
    if text.endswith(".") and not text.endswith(".."):
        inner = translated(text[:-1], folder)
        if inner != text[:-1] and is_clean(inner, catalogue):
            return f"{inner}。"
    return next(filter(None, (_joined(text, *joint, folder, catalogue) for joint in _JOINTS)), None)


def _joined(text: str, joint: str, chinese: str, folder: Path, catalogue: Catalogue) -> str | None:
    """The parts between `joint` translated, if there are some and nothing of them stays English."""
    if joint not in text:
        return None
    parts = text.split(joint)
    done = _parts(parts, joint, folder, catalogue)
    if done == parts:
        return None  # nothing of it is known: its punctuation is its own
    return chinese.join(done) if all(is_clean(part, catalogue) for part in done) else None


def _parts(parts: list[str], joint: str, folder: Path, catalogue: Catalogue) -> list[str]:
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
    return translated(text, folder) if LATIN.search(text) else _punctuated(text)


def _punctuated(text: str) -> str:
    if LATIN.search(text) or not _CHINESE.search(text):
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


def is_clean(text: str, catalogue: Catalogue) -> bool:
    """Whether no word of `text` stayed English but for names that do."""
    return all(word in catalogue.names for word in LATIN.findall(text))
