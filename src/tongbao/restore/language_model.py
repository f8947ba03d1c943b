"""How likely a stretch of official Chinese is: a character trigram model that is shipped with the project.

The counts lie in `data/reference/model/` (built by `scripts/build_model.py` from texts that may be shipped, listed
there with their licences); a document's own sound passages are counted on top of them. Estimates are interpolated
after Witten and Bell (1991, IEEE Transactions on Information Theory 37, method C). It judges; it repairs nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.restore.changes import codes_of

MODEL_FILE = "trigrams.npz"
MAX_OWN = 200_000
"""Characters of a document that are counted on top of the shipped model."""
OWN_WEIGHT = 2
"""What a document's own sound text counts for, beside text of the shipped model: it repeats its own names."""
MAX_COUNT = 65535
_VOCABULARY = 8000  # characters that any text may show: the uniform distribution at the bottom
_LAST = 0xFFFF  # characters above are counted as this one
_SOUND = re.compile(r"[\u4e00-\u9fff，。、；：（）《》“”〔〕0-9%]{2,}")
_WIDE = str.maketrans(",;:()!?", "，；：（）！？")
_DAMAGE = re.compile(r".{0,3}[？\ufffd\ue000-\uf8ff].{0,12}")

Codes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often characters, pairs and triples were seen.

    Attributes:
        keys: for each order (1, 2, 3) the distinct n-grams, sorted, 16 bits a character, the first highest.
        counts: for each order how often each was seen, aligned with `keys`.
    """

    keys: tuple[Codes, Codes, Codes]
    counts: tuple[Numbers, Numbers, Numbers]


class LanguageModel:
    """Character trigrams with Witten-Bell interpolation. Scores are natural logarithms (nats)."""

    def __init__(self, *counts: Counts) -> None:
        """Take one or more tables of counts; what they say is added up."""
        self._tables = [table if isinstance(table, _Table) else _Table(table) for table in counts]
        self._seen = sum((table.seen for table in self._tables), np.zeros(_LAST + 1, dtype=np.int64))
        self._following = sum((table.following for table in self._tables), np.zeros(_LAST + 1, dtype=np.int64))
        self._context = sum((table.context for table in self._tables), np.zeros(_LAST + 1, dtype=np.int64))
        types, total = int(np.count_nonzero(self._seen)), int(self._seen.sum())
        self._alone: Floats = (self._seen + types / _VOCABULARY) / (total + types)

    def with_text(self, text: str, weight: int = OWN_WEIGHT) -> "LanguageModel":
        """This model with the sound stretches of a simplified `text` added."""
        model = object.__new__(LanguageModel)
        own = _Table(count((stretch, weight) for stretch in sound_stretches(text[:MAX_OWN])))
        model._tables = [*self._tables, own]
        model._seen = self._seen + own.seen
        model._following, model._context = self._following + own.following, self._context + own.context
        types, total = int(np.count_nonzero(model._seen)), int(model._seen.sum())
        model._alone = (model._seen + types / _VOCABULARY) / (total + types)
        return model

    def score(self, text: str, start: int = 0) -> float:
        """The log probability of `text[start:]` given what stands before `start` in it."""
        return float(self.scores([text], start)[0])

    def scores(self, texts: Sequence[str], start: int = 0) -> Floats:
        """The same for several texts of equal length, at once.

        Raises:
            ValueError: the texts differ in length.
        """
        if not texts:
            return np.zeros(0)
        length = len(texts[0])
        points = codes_of("".join(texts))
        if len(points) != length * len(texts) or any(len(text) != length for text in texts):
            raise ValueError("texts that are scored together have the same length")
        if start >= length:
            return np.zeros(len(texts))
        codes: Codes = np.minimum(points, _LAST).astype(np.uint64).reshape(len(texts), length)
        total: Floats = np.zeros(len(texts))
        begin = start
        while begin < min(2, length):  # too near to the beginning for a full history
            total += np.log(self._probability(codes[:, begin], codes[:, :begin]))
            begin += 1
        if begin < length:
            history = np.stack((codes[:, begin - 2 : -2].ravel(), codes[:, begin - 1 : -1].ravel()), axis=1)
            found = np.log(self._probability(codes[:, begin:].ravel(), history))
            total += found.reshape(len(texts), -1).sum(axis=1)
        return total

    def n_seen(self, text: str, at: int) -> int:
        """How many of the (up to three) triples of `text` that hold the character at `at` were ever counted."""
        around = text[max(0, at - 2) : at + 3]
        codes = np.minimum(codes_of(around), _LAST).astype(np.uint64)
        if len(codes) < 3:
            return 0
        keys = codes[:-2] << np.uint64(32) | codes[1:-1] << np.uint64(16) | codes[2:]
        return int(np.count_nonzero(self._count(3, keys)))

    def _probability(self, last: Codes, history: Codes) -> Floats:
        """The probability of each character after its history (columns: up to two characters, the nearest last)."""
        p = self._alone[last]
        if history.shape[1] == 0:
            return p
        near = history[:, -1]
        pair = near << np.uint64(16) | last
        p = _interpolated(p, self._count(2, pair), self._context[near], self._following[near])
        if history.shape[1] == 1:
            return p
        before = history[:, -2] << np.uint64(16) | near
        following, context = np.zeros(len(last), dtype=np.int64), np.zeros(len(last), dtype=np.int64)
        for table in self._tables:
            at, is_there = _find(table.counts.keys[1], before)
            following += table.pair_following[at] * is_there
            context += table.pair_context[at] * is_there
        return _interpolated(p, self._count(3, before << np.uint64(16) | last), context, following)

    def _count(self, order: int, keys: Codes) -> Numbers:
        total = np.zeros(len(keys), dtype=np.int64)
        for table in self._tables:
            at, is_there = _find(table.counts.keys[order - 1], keys)
            total += table.counts.counts[order - 1][at] * is_there
        return total


class _Table:
    """Counts, and what follows from them: how many different characters follow a history, and how often it occurs."""

    def __init__(self, counts: Counts) -> None:
        self.counts = Counts(*_filled(counts))
        (one, two, three), (n_one, n_two, n_three) = self.counts.keys, self.counts.counts
        self.seen = np.bincount(one.astype(np.int64), n_one, minlength=_LAST + 1).astype(np.int64)
        history = (two >> np.uint64(16)).astype(np.int64)
        self.following = np.bincount(history, n_two > 0, minlength=_LAST + 1).astype(np.int64)
        self.context = np.bincount(history, n_two, minlength=_LAST + 1).astype(np.int64)
        at, is_there = _find(two, three >> np.uint64(16))  # a triple's first two were counted as a pair
        self.pair_following = np.bincount(at, is_there & (n_three > 0), minlength=len(two)).astype(np.int64)
        self.pair_context = np.bincount(at, n_three * is_there, minlength=len(two)).astype(np.int64)


def count(texts: Iterable[tuple[str, int]]) -> Counts:
    """Count the n-grams of `texts`, each with its weight; none reaches from one text into the next."""
    pieces, weights = [], []
    for text, weight in texts:
        pieces.append(text)
        weights.append(weight)
    lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    codes = np.minimum(codes_of("".join(pieces)), _LAST).astype(np.uint64)
    owner = np.repeat(np.arange(len(pieces)), lengths)
    weight_of = np.repeat(np.asarray(weights, dtype=np.int64), lengths)
    keys, counts = [], []
    key = codes
    for order in (1, 2, 3):
        if order > 1:
            key = key[: max(0, len(codes) - order + 1)] << np.uint64(16) | codes[order - 1 :]
        within = owner[: len(key)] == owner[len(owner) - len(key) :]
        distinct, where = np.unique(key[within], return_inverse=True)
        keys.append(distinct)
        counts.append(np.bincount(where, weight_of[: len(key)][within], minlength=len(distinct)).astype(np.int64))
    return Counts((keys[0], keys[1], keys[2]), (counts[0], counts[1], counts[2]))


def sound_stretches(text: str) -> list[str]:
    """The stretches of `text` that show no sign of damage, with full-width punctuation."""
    return [
        stretch
        for line in text.translate(_WIDE).split("\n")
        for piece in _DAMAGE.split(line)
        for stretch in _SOUND.findall(piece)
    ]


def sound_lines(text: str) -> list[str]:
    """The stretches of those lines of `text` that show no sign of damage anywhere."""
    return [
        stretch
        for line in text.translate(_WIDE).split("\n")
        if not _DAMAGE.search(line)
        for stretch in _SOUND.findall(line)
    ]


def save(counts: Counts, path: Path) -> None:
    """Write counts, the same bytes for the same counts."""
    columns = {f"keys_{n}": keys.astype("<u8" if n > 2 else "<u4") for n, keys in enumerate(counts.keys, 1)}
    columns |= {f"counts_{n}": np.minimum(c, MAX_COUNT).astype("<u2") for n, c in enumerate(counts.counts, 1)}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, allow_pickle=False, **columns)


def load(reference: Path | None = None) -> LanguageModel:
    """Read the shipped model of a folder of word lists (by default the project's), once for each folder.

    Raises:
        TongbaoError: the model is missing or is none.
    """
    return _load(reference if reference is not None else find_project().reference)


@cache
def _load(reference: Path) -> LanguageModel:
    path = reference / "model" / MODEL_FILE
    try:
        with np.load(path, allow_pickle=False) as found:
            keys = [found[f"keys_{n}"].astype(np.uint64) for n in (1, 2, 3)]
            counts = [found[f"counts_{n}"].astype(np.int64) for n in (1, 2, 3)]
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise TongbaoError(
            f"the scoring model cannot be read ({error})", place=str(path), remedy="run: make model"
        ) from error
    return LanguageModel(Counts((keys[0], keys[1], keys[2]), (counts[0], counts[1], counts[2])))


def _interpolated(lower: Floats, n: Numbers, context: Numbers, following: Numbers) -> Floats:
    """Witten-Bell: what a longer history says, with as much of the shorter one as it has different followers."""
    return np.where(following > 0, (n + following * lower) / np.maximum(context + following, 1), lower)


def _find(keys: Codes, wanted: Codes) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Where each of `wanted` stands in sorted `keys`, and whether it is there at all."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def _filled(counts: Counts) -> tuple[tuple[Codes, Codes, Codes], tuple[Numbers, Numbers, Numbers]]:
    """The same without empty tables, which nothing could be looked up in."""
    keys = [k if len(k) else np.zeros(1, dtype=np.uint64) for k in counts.keys]
    numbers = [n if len(n) else np.zeros(1, dtype=np.int64) for n in counts.counts]
    return (keys[0], keys[1], keys[2]), (numbers[0], numbers[1], numbers[2])
