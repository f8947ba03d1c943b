"""How likely a stretch of official Chinese is: a character trigram model, trained in process.

It is trained on freely licensed words (pypinyin's phrases, MIT), on the project's own administrative
vocabulary and on the sound parts of the texts at hand. Estimates are interpolated after Witten and Bell
(1991, IEEE Transactions on Information Theory 37, method C). It judges; it repairs nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

MAX_TRAINING = 2_000_000
"""Characters of the texts at hand that are counted; more makes the model no better and costs memory."""
ADMIN_WEIGHT = 3
_VOCABULARY = 8000  # characters that any text may show: the uniform distribution at the bottom
_SOUND = re.compile(r"[\u4e00-\u9fff，。、；：（）《》“”〔〕0-9%]{2,}")
_WIDE = str.maketrans(",;:()!?", "，；：（）！？")


class LanguageModel:
    """Character trigrams with Witten-Bell interpolation. Scores are natural logarithms (nats)."""

    def __init__(self, counts: tuple[Counter[str], ...]) -> None:
        """Take the counts of single characters, pairs and triples."""
        self._counts = counts
        self._total = sum(counts[0].values())
        self._following: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._context: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for order in (1, 2):
            for gram, n in counts[order].items():
                history = gram[:order]
                self._following[order - 1][history] = self._following[order - 1].get(history, 0) + 1
                self._context[order - 1][history] = self._context[order - 1].get(history, 0) + n
        self.log_probability = lru_cache(maxsize=200_000)(self._log_probability)

    def score(self, text: str, start: int = 0) -> float:
        """The log probability of `text[start:]` given what stands before `start` in it."""
        return sum(self.log_probability(text[max(0, at - 2) : at], text[at]) for at in range(start, len(text)))

    def _log_probability(self, history: str, character: str) -> float:
        types = len(self._counts[0])
        p = (self._counts[0][character] + types / _VOCABULARY) / (self._total + types)
        for order in range(1, len(history) + 1):
            context = history[-order:]
            seen = self._following[order - 1].get(context, 0)
            if seen:
                n = self._context[order - 1][context]
                p = (self._counts[order][context + character] + seen * p) / (n + seen)
        return math.log(p)


def build(texts: Iterable[str], words: tuple[str, ...], prose: str = "") -> LanguageModel:
    """Train on `words`, `prose`, pypinyin's phrases and the sound stretches of simplified `texts`."""
    base = _base(words, prose)
    counts = tuple(Counter(c) for c in base)
    left = MAX_TRAINING
    for text in texts:
        for stretch in sound_stretches(text[:left]):
            _count(stretch, counts, 1)
        left -= len(text)
        if left <= 0:
            break
    return LanguageModel(counts)


def sound_stretches(text: str) -> list[str]:
    """The stretches of `text` that show no sign of damage, with full-width punctuation."""
    return [
        stretch
        for line in text.translate(_WIDE).split("\n")
        for piece in re.split(r".{0,3}[？\ufffd\ue000-\uf8ff].{0,12}", line)
        for stretch in _SOUND.findall(piece)
    ]


@cache
def _base(words: tuple[str, ...], prose: str) -> tuple[Counter[str], ...]:
    from pypinyin.phrases_dict import phrases_dict

    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for phrase in sorted(phrases_dict):
        _count(phrase, counts, 1)
    for word in words:
        _count(word, counts, ADMIN_WEIGHT)
    for stretch in sound_stretches(prose):
        _count(stretch, counts, 1)
    return counts


def _count(text: str, counts: tuple[Counter[str], ...], weight: int) -> None:
    for order, counter in enumerate(counts):
        for at in range(len(text) - order):
            counter[text[at : at + order + 1]] += weight
