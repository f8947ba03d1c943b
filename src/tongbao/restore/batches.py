"""Which documents go through the fixes together, so that memory stays bounded and nothing leaks between them."""

from collections.abc import Iterable, Iterator, Sequence

from tongbao.read.folder import RawDocument
from tongbao.restore import shifted_bytes
from tongbao.restore.gbk import LOST_BYTE
from tongbao.restore.parts import APART

BATCH_LENGTH = 200_000
"""Characters from which on a batch of documents is full."""
MAX_WAITING = 2_000
"""Documents that are held at most, however short they are."""


def windows(documents: Iterable[RawDocument]) -> Iterator[list[RawDocument]]:
    """Documents to be held together, in their order: about a batch's length of them."""
    waiting: list[RawDocument] = []
    length = 0
    for raw in documents:
        waiting.append(raw)
        length += len(raw.text)
        if length > BATCH_LENGTH or len(waiting) >= MAX_WAITING:
            yield waiting
            waiting, length = [], 0
    if waiting:
        yield waiting


def batches(documents: Sequence[RawDocument]) -> Iterator[list[int]]:
    """Put documents (their places) together that go through all fixes at once; one that may be damaged goes alone."""
    batch: list[int] = []
    for k, raw in enumerate(documents):
        is_damaged = LOST_BYTE.search(raw.text) or shifted_bytes.unreadable(raw.text)
        if APART in raw.text or is_damaged or len(raw.text) > BATCH_LENGTH:
            yield [k]
        else:
            batch.append(k)
    if batch:
        yield batch
