"""What a run of shifted bytes may read, and how likely each reading is where it stands.

Bytes give the readings, the language model ranks them. Whether the best is good enough to be taken, and what a place
without one is called, is decided in `shifted_bytes`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tongbao.restore.evidence import Reading
from tongbao.restore.gbk import FOLDED, Run, decode, leading, runs_from, trailing
from tongbao.restore.language_model import LanguageModel
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.pinyin import readings
from tongbao.restore.script import simplified_characters, simplify, traditional_characters

CONTEXT = 2
N_TOGETHER = 20
MAX_KEPT = 400
"""Readings of one run that are kept, the likeliest first."""
NONSENSE_LENGTH = 4
"""Characters in a row that are judged together."""
_NONSENSE = -9.0  # nats a character: the logarithm of one in 8,000
_ATTESTED = 2  # of the three triples that hold a character; a mark parts words, so one is much for it
_MARKS = frozenset("，。、；：（）《》“”‘’〔〕？！")
_START_PENALTY = {True: 1.0, False: 5.0}  # with and without a folded full-width mark right at the start
_END_PENALTY = 2.0
_OTHER_SCRIPT = 4.0  # nats for a form that the script of the text hardly shows: 经 in a traditional text, 經 in another
_TO_WIDE = str.maketrans(",;:()!?", "，；：（）！？")

Scored = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks the readings of the runs of one text. `is_traditional` names the script that the text is written in."""

    text: str
    is_traditional: bool
    model: LanguageModel
    lexicon: Lexicon

    def rank(self, start: int) -> list[Reading]:
        """All readings of the run that begins at `start`, one for each simplified text, best first."""
        best: dict[str, Reading] = {}
        for run in runs_from(self.text, start):
            for reading in self._readings(start, run):
                if reading.plain not in best or best[reading.plain].gain < reading.gain:
                    best[reading.plain] = reading
        return sorted(best.values(), key=lambda r: (-r.gain, r.plain))

    def is_nonsense(self, start: int, reading: Reading) -> bool:
        """Whether a few characters in a row are no likelier than any others: then the run was followed too far."""
        before = self._plain(start - CONTEXT, start)
        line = before + reading.plain
        windows = [
            line[max(0, at - 2) : at + NONSENSE_LENGTH] for at in range(len(before), len(line) - NONSENSE_LENGTH + 1)
        ]
        lengths = sorted(set(map(len, windows)))  # those at the beginning of a line have less before them
        scores = [self.model.scores([w for w in windows if len(w) == n], n - NONSENSE_LENGTH) for n in lengths]
        return any((each < NONSENSE_LENGTH * _NONSENSE).any() for each in scores)

    def is_attested(self, start: int, reading: Reading) -> bool:
        """Whether the model has seen the unknown characters among their neighbours.

        Where it has not, it ranks them by how frequent they are elsewhere, and a lead of one says little.
        """
        unknown = [(reading.plain[0], False), *([(reading.plain[-1], True)] if reading.is_open else [])]
        return all(
            self.n_triples(start, reading, is_last) >= (1 if character in _MARKS else _ATTESTED)
            for character, is_last in unknown
        )

    def n_triples(self, start: int, reading: Reading, is_last: bool = False) -> int:
        """How many triples with the first (or last) character of a reading the model has seen."""
        before = self._plain(start - CONTEXT, start)
        line = before + reading.plain + self._plain(reading.end, reading.end + CONTEXT)
        return self.model.n_seen(line, len(before) + (len(reading.plain) - 1 if is_last else 0))

    def _plain(self, start: int, end: int) -> str:
        """A piece of the text as the model knows it: simplified, with full-width marks."""
        return simplify(self.text[max(0, start) : end], self.lexicon).translate(_TO_WIDE)

    def _readings(self, start: int, run: Run) -> list[Reading]:
        if len(run.data) < (2 if run.is_open else 1):
            return []
        inner = decode(run.data[1:-1] if run.is_open else run.data[1:])
        if inner is None or (run.annotated and inner and run.annotated not in readings(inner[-1])):
            return []
        firsts = _forms(leading(run.data[0], "" if inner else run.annotated), self.is_traditional, self.lexicon)
        if not firsts:
            return []
        middle = simplify(inner, self.lexicon)
        before, after = self._plain(start - CONTEXT, start), self._plain(run.end, run.end + CONTEXT)
        penalty = _START_PENALTY[self.text[start + 1 : start + 2] in tuple(FOLDED)] + _END_PENALTY * run.is_open
        # A question mark is no less likely than another end of a sentence; the model has seen none.
        as_is = self._plain(start, run.end).replace("？", "。")
        base = self.model.score(before + as_is + after, len(before)) + penalty
        if run.is_open:
            lasts = _forms(trailing(run.data[-1]), self.is_traditional, self.lexicon)
            found = _pairs(before, firsts, middle, lasts, after, self.model)
        else:
            scores = self.model.scores([before + c + middle + after for c in firsts], len(before)).tolist()
            found = [(c + middle, score - firsts[c]) for c, score in zip(firsts, scores, strict=True)]
        is_weak = not inner and not run.annotated
        return [Reading(run.end, plain, score - base, run.annotated, is_weak, run.is_open) for plain, score in found]


def _pairs(
    before: str,
    first_of: dict[str, float],
    middle: str,
    last_of: dict[str, float],
    after: str,
    model: LanguageModel,
) -> Scored:
    """The likeliest readings of a run whose first and last character are unknown, with their scores.

    The unknown characters come with what is taken off for their form.
    """
    firsts, lasts = list(first_of), list(last_of)
    by_first = model.scores([before + c + middle[:2] for c in firsts], len(before)) - list(first_of.values())
    by_last = model.scores([middle[-2:] + c + after for c in lasts], len(middle[-2:])) - list(last_of.values())
    is_apart = len(middle) > 1  # with two known characters between them neither sees the other
    n = N_TOGETHER if is_apart else 3 * N_TOGETHER
    pairs = [
        (i, k)
        for i in np.argsort(-by_first, kind="stable")[:n].tolist()
        for k in np.argsort(-by_last, kind="stable")[:n].tolist()
    ]
    if is_apart:
        inside = model.score(middle, 2)
        return [(firsts[i] + middle + lasts[k], float(by_first[i] + by_last[k]) + inside) for i, k in pairs]
    texts = [firsts[i] + middle + lasts[k] for i, k in pairs]
    taken_off = [first_of[firsts[i]] + last_of[lasts[k]] for i, k in pairs]
    scores = model.scores([before + text + after for text in texts], len(before)) - taken_off
    return [(texts[at], float(scores[at])) for at in np.argsort(-scores, kind="stable")[:MAX_KEPT].tolist()]


@lru_cache(maxsize=2048)
def _forms(characters: str, is_traditional: bool, lexicon: Lexicon) -> dict[str, float]:
    """The distinct simplified forms of characters, sorted, each with what is taken off for its form."""
    foreign = simplified_characters() if is_traditional else traditional_characters()
    forms = simplify("\n".join(characters), lexicon).split("\n")
    native = {form for c, form in zip(characters, forms, strict=True) if c not in foreign} if characters else set()
    return {form: 0.0 if form in native else _OTHER_SCRIPT for form in sorted(set(forms) - {""})}
