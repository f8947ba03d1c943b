"""Documents stream through: in their order, a batch at a time, in memory that does not grow with their number."""

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tongbao.project import find_project
from tongbao.read.folder import RawDocument, read_folder
from tongbao.restore import batches
from tongbao.restore.pipeline import restore_all, restore_stream
from tongbao.restore.store import restore_folder

BOUND = 40_000_000
"""Bytes that restoring may hold at a time, for documents of common size: 200 a character of a batch."""


def many(n: int) -> Iterator[RawDocument]:
    seeds, _ = read_folder(find_project().raw)
    for k in range(n):
        seed = seeds[k % len(seeds)]
        text = seed.text if k % 25 == 0 else seed.text.replace("?", "")
        yield replace(seed, circular_id=f"d{k}", text=text)


def peak(n: int) -> int:
    gc.collect()
    tracemalloc.start()
    n_found = sum(1 for _ in restore_stream(many(n)))
    _, found = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_found == n
    return found


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    restore_all(many(5))  # tables that are made once
    few, more = peak(120), peak(480)
    assert more < 1.3 * few and more < BOUND, (few, more)


def test_no_more_is_read_than_a_batch_needs() -> None:
    asked = 0

    def counted() -> Iterator[RawDocument]:
        nonlocal asked
        for document in many(300):
            asked += 1
            yield document

    stream = restore_stream(counted())
    assert next(stream).circular_id == "d0"
    assert asked < 150 and len(next(many(1)).text) * asked < 3 * batches.BATCH_LENGTH


def test_order_is_kept_and_ids_need_not_differ() -> None:
    documents = [replace(raw, circular_id="same") for raw in many(27)]
    found = restore_all(documents)
    assert [r.raw_file for r in found] == [raw.file_name for raw in documents]
    assert [r.text for r in found] == [restore_all([raw])[0].text for raw in documents[:5]] * 5 + [
        restore_all([raw])[0].text for raw in documents[25:]
    ]


def test_short_documents_are_not_held_without_end() -> None:
    short = replace(next(many(1)), text="通报")
    asked = 0

    def endless() -> Iterator[RawDocument]:
        nonlocal asked
        while True:
            asked += 1
            yield short

    assert next(restore_stream(endless())).text == "通报"
    assert asked <= batches.MAX_WAITING + 1


def test_a_folder_is_written_as_it_goes(tmp_path: Path) -> None:
    raw, interim = tmp_path / "raw", tmp_path / "interim"
    raw.mkdir()
    for k, document in enumerate(many(12)):
        (raw / f"c{k:02}.txt").write_text(document.text, encoding="utf-8")
    assert restore_folder(raw, interim)[0] == 12
    assert len(list((interim / "text").iterdir())) == len(list((interim / "restored").iterdir())) == 12
    (raw / "c03.txt").unlink()
    assert restore_folder(raw, interim)[0] == 11
    assert not (interim / "text" / "c03.txt").exists()
