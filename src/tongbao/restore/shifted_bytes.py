"""Undo what a byte-wise replacement in GBK text did: characters read from the wrong byte on.

A mirror's tool replaced byte pairs wherever they stood, also across two characters. Where it hit the second
byte of one and the first of the next, one byte was lost (it shows as `?`) and everything up to the next
single-byte character was read one byte off: 单位。考评 became 单位??荚u. The bytes between are all still
there, so the reading is fixed but for the lost byte at the start, and one at the end where the run ends in
another `?`. Those are enumerated and scored by a language model, see `run_readings`; what it cannot tell apart stays
a gap.

Whether the text is then put into simplified characters is not decided here.
"""

import math
import re
from dataclasses import dataclass, field

from tongbao.restore.edits import Candidate, Edit, Spans
from tongbao.restore.evidence import Reading, by_evidence
from tongbao.restore.gbk import FOLDED, LOST_BYTE
from tongbao.restore.language_model import LanguageModel
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.run_readings import Judge
from tongbao.restore.script import GATE, traditional_share

MAX_PLACES = 1000
"""A text with more suspicious question marks is no document: nothing is tried on it. Each takes some milliseconds."""
MIN_GAIN = 10.0
"""Nats by which a reading must beat the text as it stands before the place counts as damaged at all."""
MIN_WEAK_GAIN = 6.0
"""The same for a place that is only marked, since no byte pair of it is certain."""
OPEN_MARGIN = 4.0
"""Nats more by which a reading must lead where two characters are unknown: each may be the wrong one."""
UNATTESTED_MARGIN = 4.0
"""Nats more where no neighbours attest a character (`Judge.is_attested`). Chosen by benchmarks/damage.py on sentences
that the published shares of mistakes are not measured on."""
N_CANDIDATES = 5

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
    judge = Judge(text, is_copy, model, lexicon)
    for start in starts if len(starts) <= MAX_PLACES else ():
        if start < done:
            continue
        ranked = judge.rank(start)
        if ranked and ranked[0].is_weak and ranked[0].gain >= MIN_WEAK_GAIN:
            done = ranked[0].end
            gap = Gap(start, done, _candidates(ranked))
            is_plain = is_copy and _HAN_OR_MARK.match(text, done) and judge.n_triples(start, ranked[0]) > 0
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
        needed += 0.0 if judge.is_attested(start, best) else UNATTESTED_MARGIN
        if margin < needed or judge.is_nonsense(start, best):
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
