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


def windows(
    documents: Iterable[RawDocument], length: int = BATCH_LENGTH, most: int = MAX_WAITING
) -> Iterator[list[RawDocument]]:
    """Documents to be held together, in their order.

    Args:
        documents: as they come.
        length: characters from which on a window is full.
        most: documents that a window holds at most.
    """
    waiting: list[RawDocument] = []
    n_characters = 0
    for raw in documents:
        waiting.append(raw)
        n_characters += len(raw.text)
        if n_characters > length or len(waiting) >= most:
            yield waiting
            waiting, n_characters = [], 0
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
