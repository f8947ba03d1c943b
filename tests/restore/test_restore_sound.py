"""Sound modern Chinese comes out as it went in, but for widths, blanks and line breaks; in traditional form as well."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest
import yaml

from tongbao.read.folder import RawDocument
from tongbao.restore import script
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore_all

TESTS = Path(__file__).resolve().parents[1]
SAMPLE = (Path(__file__).parent / "sound" / "libreoffice-help.txt").read_text("utf-8")
LEXICON = load_lexicon()
LINES = 60


def words(text: str) -> str:
    """The text without widths and blanks."""
    return re.sub(r"[\s\xad\u200b]", "", unicodedata.normalize("NFKC", text))


@cache
def circulars() -> dict[str, str]:
    paths = sorted((TESTS / "corpus").glob("*.yml"))
    texts = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in paths}
    return {name: value["text"].strip() for name, value in texts.items() if not value.get("damaged")}


def documents(text: str) -> Iterator[RawDocument]:
    lines = text.strip().split("\n")
    for at in range(0, len(lines), LINES):
        yield RawDocument(f"d{at}", "d.txt", "", "\n".join(lines[at : at + LINES]), "utf-8", 0)


def test_not_one_edit_to_prose_but_widths_and_blanks() -> None:
    given = list(documents(SAMPLE))
    assert sum(len(raw.text.encode("utf-8")) for raw in given) > 190_000
    kinds: Counter[str] = Counter()
    for raw, restored in zip(given, restore_all(given), strict=True):
        kinds.update(repair.kind for repair in restored.repairs)
        assert words(restored.text) == words(raw.text) and not restored.gaps
    assert set(kinds) <= {"width", "spacing"}, kinds


def test_not_one_edit_to_circulars_that_are_sound() -> None:
    given = [RawDocument(name, f"{name}.txt", "", text, "utf-8", 0) for name, text in circulars().items()]
    assert len(given) > 70
    for raw, restored in zip(given, restore_all(given), strict=True):
        assert {repair.kind for repair in restored.repairs} <= {"width", "spacing"}, raw.circular_id
        assert words(restored.text) == words(raw.text), raw.circular_id


@pytest.mark.parametrize(("name", "least_zhu"), [("sample", 1), ("circulars", 0)])
def test_there_and_back_in_traditional_characters(name: str, least_zhu: int) -> None:
    """Of 10,000 characters hardly one comes back as another; 着 and 著 are counted by themselves."""
    text = SAMPLE if name == "sample" else "\n".join(circulars().values())
    to_traditional = opencc.OpenCC("s2t")
    table = {ord(c): to_traditional.convert(c) for c in set(text)} | {ord("着"): "著"}
    back = script.simplify(text.translate(table), LEXICON)
    different = Counter(f"{a}{b}" for a, b in zip(text, back, strict=True) if a != b)
    zhu = sum(n for pair, n in different.items() if set(pair) <= {"着", "著"})
    assert sum(different.values()) - zhu <= len(text) / 10_000, different
    assert text.count("着") >= least_zhu
    assert zhu <= 0.2 * max(text.count("着") + text.count("著"), 5), (zhu, different)
