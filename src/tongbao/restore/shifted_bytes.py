"""Undo what a byte-wise replacement in GBK text did: characters read from the wrong byte on.

A mirror's tool replaced byte pairs wherever they stood, also across two characters. Where it hit the second
byte of one and the first of the next, one byte was lost (it shows as `?`) and everything up to the next
single-byte character was read one byte off: 单位。考评 became 单位??荚u. The bytes between are all still
there, so the reading is fixed but for the lost byte at the start, and one at the end where the run ends in
another `?`. Those are enumerated and scored by a language model; what it cannot tell apart stays a gap.

Whether the text is then put into simplified characters is not decided here.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np

from tongbao.restore.edits import Candidate, Edit, Spans
from tongbao.restore.evidence import Reading, by_evidence
from tongbao.restore.gbk import FOLDED, LOST_BYTE, Run, decode, leading, runs_from, trailing
from tongbao.restore.language_model import LanguageModel
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.pinyin import readings
from tongbao.restore.script import GATE, simplified_characters, simplify, traditional_characters, traditional_share

MAX_PLACES = 2000
"""A text with more suspicious question marks is no document: nothing is tried on it."""
MIN_GAIN = 10.0
"""Nats by which a reading must beat the text as it stands before the place counts as damaged at all."""
MIN_WEAK_GAIN = 6.0
"""The same for a place that is only marked, since no byte pair of it is certain."""
OPEN_MARGIN = 4.0
"""Nats more by which a reading must lead where two characters are unknown: each may be the wrong one."""
UNATTESTED_MARGIN = 4.0
"""Nats more where no neighbours attest a character (`_is_attested`). Chosen by benchmarks/damage.py on sentences that
the published shares of mistakes are not measured on."""
CONTEXT = 2
N_CANDIDATES = 5
N_TOGETHER = 20
NONSENSE_LENGTH = 4
"""Characters in a row that are judged together."""
_NONSENSE = -9.0  # nats a character: the logarithm of one in 8,000
_ATTESTED = 2  # of the three triples that hold a character; a mark parts words, so one is much for it
_MARKS = frozenset("，。、；：（）《》“”‘’〔〕？！")
_START_PENALTY = {True: 1.0, False: 5.0}  # with and without a folded full-width mark right at the start
_END_PENALTY = 2.0
_OTHER_SCRIPT = 4.0  # nats for a form that the script of the text hardly shows: 经 in a traditional text, 經 in another

_TO_WIDE = str.maketrans(",;:()!?", "，；：（）！？")
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]+")
_LOST = re.compile(r"[\ufffd\ue000-\uf8ff]+|(?<=[\u3400-\u9fff、，。])\?{2,}(?=[\u3400-\u9fff])")
_LOST_IN_COPY = re.compile(
    r"[\ufffd\ue000-\uf8ff]+|(?<=[\u3400-\u9fff、，。,;:)）%”0-9])\?{2,}(?=[\u3400-\u9fff、，,;:(（“0-9])"
)  # in a mirror's copy, which is in traditional characters
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_OR_MARK = re.compile(r"[\u3400-\u9fff、，。,;:)）]")


@dataclass(frozen=True, slots=True)
class Gap:
    """A damaged place that stays as it is, with the readings that come into question, best first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Repairs:
    """What was found in one text: edits that are made and places left as gaps."""

    edits: list[Edit] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def is_suspect(text: str) -> bool:
    """A quick test whether there is anything for `fix` to look at."""
    return any(True for _ in _starts(text))


def unreadable(text: str) -> list[tuple[int, int]]:
    """The places of characters that no reader can know: U+FFFD and private ones, with or without a `?` beside."""
    return [match.span() for match in _UNREADABLE.finditer(text)]


def fix(
    text: str,
    model: LanguageModel,
    lexicon: Lexicon,
    accept_margin: float,
) -> Repairs:
    """Repair shifted runs in `text`.

    Args:
        text: the text, without annotations.
        model: a model of simplified text.
        lexicon: the word lists.
        accept_margin: nats by which the best reading must lead the second to be taken on its own.

    Returns:
        The edits to make (in simplified characters), and the gaps: places that are damaged beyond what the
        text can tell.
    """
    repairs = Repairs()
    weak: list[Gap] = []
    done = 0
    starts = _starts(text)
    is_copy = bool(starts) and traditional_share(text) > GATE
    foreign = simplified_characters() if is_copy else traditional_characters()
    for start in starts if len(starts) <= MAX_PLACES else ():
        if start < done:
            continue
        ranked = _rank(text, start, model, lexicon, foreign)
        if ranked and ranked[0].is_weak and ranked[0].gain >= MIN_WEAK_GAIN:
            done = ranked[0].end
            gap = Gap(start, done, _candidates(ranked))
            is_plain = (
                is_copy and _HAN_OR_MARK.match(text, done) and _triples(text, start, ranked[0], model, lexicon) > 0
            )
            (repairs.gaps if is_plain else weak).append(gap)
            continue
        if not ranked or ranked[0].gain < MIN_GAIN:
            continue
        done = ranked[0].end
        left, evidence = by_evidence(text, start, ranked, lexicon, accept_margin, MIN_GAIN)
        best = left[0]
        margin = best.gain - left[1].gain if len(left) > 1 else 99.0
        candidates = _candidates(left)
        needed = accept_margin + OPEN_MARGIN * best.is_open
        needed += 0.0 if _is_attested(text, start, best, model, lexicon) else UNATTESTED_MARGIN
        if margin < needed or _is_nonsense(text, start, best, model, lexicon):
            repairs.gaps.append(Gap(start, best.end, candidates))
            continue
        repairs.edits.append(
            Edit(
                start,
                best.end,
                best.plain,
                "shifted_bytes",
                confidence=_confidence(left, best),
                verified_by=evidence,
                note=f"margin {min(margin, 99.0):.1f} nats, {needed:.1f} needed",
                candidates=candidates,
            )
        )
    # `?A` may as well be a question before a letter; in a text with shifted runs it is one of them.
    if repairs.edits:
        repairs.gaps.extend(weak)
    repairs.gaps.extend(_lost(text, repairs, _LOST_IN_COPY if is_copy else _LOST))
    repairs.gaps.sort(key=lambda g: g.start)
    return repairs


def _candidates(ranked: list[Reading]) -> tuple[Candidate, ...]:
    return tuple(Candidate(r.plain, round(ranked[0].gain - r.gain, 2)) for r in ranked[:N_CANDIDATES])


def _starts(text: str) -> list[int]:
    """Where a run may begin: at a `?` (or U+FFFD) after Chinese, with more than an end of sentence behind."""
    starts = []
    for match in LOST_BYTE.finditer(text):
        at = match.start()
        before = text[at - 1] if at else "\n"
        after = text[at + 1] if at + 1 < len(text) else "\n"
        if not (before > "\u3000" or before in FOLDED or before.isdigit() or before in "%”’"):
            continue
        if after in "\n\r ”’》」』)":
            continue
        # `list.asp?id=1` is an address; a comma before and Chinese behind the letter are in none.
        is_address = after.isascii() and after.isalnum() and before.isascii()
        if is_address and not (before in ",;:)" and _HAN.match(text, at + 2)):
            continue
        starts.append(at)
    return starts


def _rank(
    text: str, start: int, model: LanguageModel, lexicon: Lexicon, foreign: frozenset[str] = frozenset()
) -> list[Reading]:
    """All readings of the run that begins at `start`, one for each simplified text, best first."""
    best: dict[str, Reading] = {}
    for run in runs_from(text, start):
        for reading in _readings(text, start, run, model, lexicon, foreign):
            if reading.plain not in best or best[reading.plain].gain < reading.gain:
                best[reading.plain] = reading
    return sorted(best.values(), key=lambda r: (-r.gain, r.plain))


def _readings(
    text: str, start: int, run: Run, model: LanguageModel, lexicon: Lexicon, foreign: frozenset[str]
) -> list[Reading]:
    if len(run.data) < (2 if run.is_open else 1):
        return []
    inner = decode(run.data[1:-1] if run.is_open else run.data[1:])
    if inner is None or (run.annotated and inner and run.annotated not in readings(inner[-1])):
        return []
    firsts = _plain(leading(run.data[0], "" if inner else run.annotated), lexicon, foreign)
    if not firsts:
        return []
    middle = simplify(inner, lexicon)
    before = _wide(simplify(text[max(0, start - CONTEXT) : start], lexicon))
    after = _wide(simplify(text[run.end : run.end + CONTEXT], lexicon))
    penalty = _START_PENALTY[text[start + 1 : start + 2] in tuple(FOLDED)] + _END_PENALTY * run.is_open
    # A question mark is no less likely than another end of a sentence; the model has seen none.
    as_is = _wide(simplify(text[start : run.end], lexicon)).replace("？", "。")
    base = model.score(before + as_is + after, len(before)) + penalty
    if run.is_open:
        lasts = _plain(trailing(run.data[-1]), lexicon, foreign)
        found = _pairs(before, firsts, middle, lasts, after, model)
    else:
        scores = model.scores([before + c + middle + after for c in firsts], len(before)).tolist()
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
) -> list[tuple[str, float]]:
    """The likeliest readings of a run whose first and last character are unknown, with their scores.

    The unknown characters come with what is taken off for their form.
    """
    firsts, lasts = list(first_of), list(last_of)
    by_first = model.scores([before + c + middle[:2] for c in firsts], len(before)) - list(first_of.values())
    by_last = model.scores([middle[-2:] + c + after for c in lasts], len(middle[-2:])) - list(last_of.values())
    if len(middle) > 1:  # two known characters between them: neither sees the other
        inside = model.score(middle, 2)
        return [
            (firsts[i] + middle + lasts[k], float(by_first[i] + by_last[k]) + inside)
            for i in np.argsort(-by_first, kind="stable")[:N_TOGETHER].tolist()
            for k in np.argsort(-by_last, kind="stable")[:N_TOGETHER].tolist()
        ]
    pairs = [
        (firsts[i], lasts[k])
        for i in np.argsort(-by_first, kind="stable")[: 3 * N_TOGETHER].tolist()
        for k in np.argsort(-by_last, kind="stable")[: 3 * N_TOGETHER].tolist()
    ]
    scores = model.scores([before + c + middle + d + after for c, d in pairs], len(before)).tolist()
    return [(c + middle + d, s - first_of[c] - last_of[d]) for (c, d), s in zip(pairs, scores, strict=True)]


def _plain(characters: str, lexicon: Lexicon, foreign: frozenset[str]) -> dict[str, float]:
    """The distinct simplified forms of characters, sorted, each with what is taken off for its form."""
    forms = simplify("\n".join(characters), lexicon).split("\n")
    native = {form for c, form in zip(characters, forms, strict=True) if c not in foreign} if characters else set()
    return {form: 0.0 if form in native else _OTHER_SCRIPT for form in sorted(set(forms) - {""})}


def _is_nonsense(text: str, start: int, reading: Reading, model: LanguageModel, lexicon: Lexicon) -> bool:
    """Whether a few characters in a row are no likelier than any others: then the run was followed too far."""
    before = _wide(simplify(text[max(0, start - CONTEXT) : start], lexicon))
    line = before + reading.plain
    windows = [
        line[max(0, at - 2) : at + NONSENSE_LENGTH] for at in range(len(before), len(line) - NONSENSE_LENGTH + 1)
    ]
    lengths = sorted(set(map(len, windows)))  # those at the beginning of a line have less before them
    scores = [model.scores([w for w in windows if len(w) == n], n - NONSENSE_LENGTH) for n in lengths]
    return any((each < NONSENSE_LENGTH * _NONSENSE).any() for each in scores)


def _is_attested(text: str, start: int, reading: Reading, model: LanguageModel, lexicon: Lexicon) -> bool:
    """Whether the model has seen the unknown characters among their neighbours.

    Where it has not, it ranks them by how frequent they are elsewhere, and a lead of one says little.
    """
    last = reading.plain[-1:] if reading.is_open else ""
    return all(
        _triples(text, start, reading, model, lexicon, is_last) >= (1 if character in _MARKS else _ATTESTED)
        for character, is_last in ((reading.plain[0], False), (last, True))
        if character
    )


def _triples(
    text: str, start: int, reading: Reading, model: LanguageModel, lexicon: Lexicon, is_last: bool = False
) -> int:
    """How many triples with the first (or last) character of a reading the model has seen."""
    before = _wide(simplify(text[max(0, start - CONTEXT) : start], lexicon))
    after = _wide(simplify(text[reading.end : reading.end + CONTEXT], lexicon))
    return model.n_seen(before + reading.plain + after, len(before) + (len(reading.plain) - 1 if is_last else 0))


def _wide(text: str) -> str:
    return text.translate(_TO_WIDE)


def _confidence(ranked: list[Reading], taken: Reading) -> float:
    """The share of the taken reading in the likelihood of all that were considered."""
    total = sum(math.exp(min(0.0, r.gain - ranked[0].gain)) for r in ranked)
    return round(math.exp(min(0.0, taken.gain - ranked[0].gain)) / total, 4)


def _lost(text: str, repairs: Repairs, pattern: re.Pattern[str]) -> list[Gap]:
    """Places where characters are gone without a reading: private characters, U+FFFD, `??` in a sentence."""
    taken = Spans([(e.start, e.end) for e in repairs.edits] + [(g.start, g.end) for g in repairs.gaps])
    return [
        Gap(match.start(), match.end())
        for match in pattern.finditer(text)
        if not taken.overlaps(match.start(), match.end())
    ]
