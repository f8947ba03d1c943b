"""What holds for every extraction: proof of each row, rates in range, no order, and nothing new out of damage."""

import csv
import dataclasses
import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from corpus_exam import Circular, load, rows_of
from phrases_exam import load as load_phrases
from restore.mirror import annotate, fold, shift, shift_places, traditional
from tongbao.extract.facts import Extraction, Fact
from tongbao.extract.folder import extract_folder
from tongbao.extract.pipeline import extract
from tongbao.project import find_project
from tongbao.read.folder import RawDocument
from tongbao.restore.pipeline import Restored, restore_all
from tongbao.tidy.agree import plain

CIRCULARS = load()
SEED = 20
TABLES = ("pass_rates", "ratings", "score_counts", "deductions")
RATES = ("rate", "rate_low", "rate_high", "share_checked")


@pytest.fixture(scope="module")
def extractions() -> dict[str, tuple[str, Extraction]]:
    """The made-up circulars and the cases of the phrasebook that need no restoring, each with its text."""
    texts = {c.id: c.text + "\n" for c in CIRCULARS}
    texts |= {c.id: c.text for c in load_phrases() if not c.is_raw}
    return {name: (text, extract(name, text)) for name, text in texts.items()}


def _facts(extractions: dict[str, tuple[str, Extraction]]) -> Iterator[tuple[str, Extraction, Fact]]:
    for text, extraction in extractions.values():
        for fact in extraction.facts:
            yield text, extraction, fact


def test_every_quote_is_a_slice_of_the_text_that_says_something(extractions):
    n = 0
    for text, extraction, fact in _facts(extractions):
        assert 0 <= fact.start < fact.end <= len(text), (extraction.circular_id, fact)
        quote = text[fact.start : fact.end]
        assert quote.strip() == quote and quote, (extraction.circular_id, fact)
        assert all(0 <= a < b <= len(text) for a, b in fact.uses), (extraction.circular_id, fact)
        if fact.table == "ratings":
            assert str(fact.values["unit"]) in quote or quote in str(fact.values["unit"]), fact
        n += 1
    assert n > 1000


def test_rates_are_fractions_in_order_and_counts_are_whole(extractions):
    n = 0
    for _, extraction, fact in _facts(extractions):
        if fact.table != "pass_rates":
            continue
        values = fact.values
        for column in RATES:
            assert values.get(column) is None or 0 <= values[column] <= 1, (extraction.circular_id, fact)
        low, high = values.get("rate_low"), values.get("rate_high")
        assert (low is None) == (high is None) and (low is None or low <= high), (extraction.circular_id, fact)
        for column in ("n_total", "n_checked", "n_passed", "n_failed"):
            assert values.get(column) is None or (isinstance(values[column], int) and values[column] >= 0), fact
        n += 1
    assert n > 300


def test_rows_are_in_the_order_of_the_text_and_know_their_table(extractions):
    with (find_project().reference / "columns.csv").open(encoding="utf-8", newline="") as file:
        known = {row["table"] for row in csv.DictReader(file)}
    for _, extraction, fact in _facts(extractions):
        assert fact.table in known, extraction.circular_id
        assert fact.basis in ("stated", "listed", "computed", "change", "streak")
    for _, extraction in extractions.values():
        for table in TABLES:
            starts = [f.start for f in extraction.facts if f.table == table]
            assert starts == sorted(starts), (extraction.circular_id, table)


def test_the_order_of_documents_changes_nothing(extractions):
    names = [c.id for c in CIRCULARS]
    random.Random(SEED).shuffle(names)
    for name in names[:25]:
        assert extract(name, extractions[name][0]) == extractions[name][1], name


def test_a_folder_gives_one_extraction_a_circular_and_its_name_is_in_each(tmp_path):
    chosen = CIRCULARS[:4]
    (tmp_path / "text").mkdir()
    (tmp_path / "extracted").mkdir()
    (tmp_path / "extracted" / "gone.json").write_text("{}", "utf-8")
    for circular in chosen:
        (tmp_path / "text" / f"{circular.id}.txt").write_text(circular.text + "\n", "utf-8")
    extract_folder(tmp_path)
    found = {p.stem: p.read_text("utf-8") for p in (tmp_path / "extracted").glob("*.json")}
    assert set(found) == {c.id for c in chosen}
    assert all(f'"circular_id": "{name}"' in text for name, text in found.items())


# --- damage ---------------------------------------------------------------------------------------------------------


def damaged(circular: Circular, rng: random.Random) -> str:
    """What a mirror makes of a text: traditional characters, places shifted or bytes lost, readings, narrow signs."""
    lines = traditional(circular.text).split("\n")
    for number in rng.sample(range(len(lines)), min(3, len(lines))):
        line = lines[number]
        if places := [*shift_places(line)]:
            lines[number] = shift(line, rng.choice(places))
        elif len(line) > 30:
            at = rng.randrange(2, len(line) - 6)
            lines[number] = line[:at] + lose_byte(line[at:])
    return fold(annotate("\n".join(lines)))


def lose_byte(text: str) -> str:
    """The first byte of a text of two-byte characters becomes a question mark; what follows is read anew."""
    data = text.encode("gb18030")
    if data[0] < 0x80:
        return text
    return (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?")


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Circular, Restored]]:
    chosen = [c for c in CIRCULARS if len(c.text) < 1500]
    raws = []
    for circular in chosen:
        text = damaged(circular, random.Random(f"{SEED} {circular.id}"))  # a new circular leaves the others as they are
        data = text.encode("utf-8")
        sha256 = hashlib.sha256(data).hexdigest()
        raws.append(RawDocument(circular.id, f"{circular.id}.txt", sha256, text, "utf-8", len(data)))
    return list(zip(chosen, restore_all(raws), strict=True))


def _cells(fact: Fact) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((c, plain(v)) for c, v in {**fact.values, "basis": fact.basis}.items()))


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    stop = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if stop < 0 else stop


def _marked(result: Restored) -> list[tuple[int, int]]:
    """The places of a restored text in which a gap stands or shifted bytes were read again."""
    marks = [(g.start, g.end) for g in result.gaps]
    return marks + [result.map.to_restored(r.raw_start, r.raw_end) for r in result.repairs if r.kind == "shifted_bytes"]


def _unmarked(result: Restored) -> list[tuple[int, int]]:
    """What is left of a lost byte and stands in no gap: a question mark, of which the sound texts have none."""
    marks = _marked(result)
    found = [m.span() for m in re.finditer("[?？]", result.text)]
    return [(a, b) for a, b in found if not any(start < b and a < end for start, end in marks)]


def _says_less(fact: Fact, sound: Counter[tuple[str, tuple[tuple[str, str], ...]]]) -> bool:
    """Whether a row of the sound text says all that this one says; what follows from its counts is left aside."""
    derived = {"rate_low", "rate_high", "design"}
    own = {cell for cell in _cells(fact) if cell[0] not in derived}
    return any(table == fact.table and own < set(cells) for table, cells in sound)


def test_damage_gives_no_row_that_the_sound_text_does_not_give(pairs):
    beside: list[tuple[str, Fact]] = []
    n_same = n_rows = 0
    for circular, result in pairs:
        sound = Counter((f.table, _cells(f)) for f in extract(circular.id, circular.text + "\n").facts)
        damage = _marked(result) + _unmarked(result)
        marks = [_paragraph(result.text, a, b) for a, b in damage]
        if any(a == 0 for a, _ in marks):
            marks = [(0, len(result.text))]  # period, place and measure of every row come from the title
        for fact in extract(circular.id, result.text).facts:
            if fact.table not in TABLES:
                continue
            n_rows += 1
            key = (fact.table, _cells(fact))
            if sound[key]:
                sound[key] -= 1
                n_same += 1
                continue
            places = [(fact.start, fact.end), *fact.uses]
            touched = any(a < end and start < b for a, b in marks for start, end in places)
            if not touched and not (damage and _says_less(fact, sound)):
                beside.append((circular.id, fact))
    assert beside == []
    assert n_same >= 0.9 * n_rows > 200, (n_same, n_rows)


@pytest.mark.xfail(strict=True, reason="a lost byte before a second byte that is a letter is not always seen as a gap")
def test_what_is_left_of_a_lost_byte_is_marked(pairs):
    assert [c.id for c, result in pairs if _unmarked(result)] == []


def test_the_damage_is_real_and_some_of_it_stays_open(pairs):
    n_gaps = sum(len(result.gaps) for _, result in pairs)
    n_read = sum(r.kind == "shifted_bytes" for _, result in pairs for r in result.repairs)
    assert n_gaps + n_read > len(pairs) / 2
    assert n_read > 10
    changed = [c.id for c, result in pairs if result.text.rstrip("\n") != c.text]
    assert len(changed) < len(pairs) * 0.8


def test_rows_of_a_text_read_back_do_not_depend_on_its_name(extractions):
    circular = CIRCULARS[0]
    found = extract("another", extractions[circular.id][0])
    assert dataclasses.replace(found, circular_id=circular.id) == extractions[circular.id][1]
    assert {row["circular_id"] for rows in rows_of(found).values() for row in rows} == {"another"}
