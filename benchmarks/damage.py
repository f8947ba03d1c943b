"""How much of damage done on purpose is read again, how much is left open, and how much is misread.

The sentences are those of the made-up circulars in tests/corpus, which the scoring model has not seen. The names of
the files cut them in halves: on one the margins are chosen, on the other the mistakes are counted; a new circular moves
no other, and each sentence draws its damaged places by itself. Each sentence is put into
traditional characters, damaged at one place by the mirrors' own mechanism, and repaired on its own, so that nothing
but the shipped model (and the rest of the sentence) helps. Kinds of damage:

* `unaligned`: a byte pair folded across two characters (？ ； ！ of GBK), as in the copies: such places of the lines,
  and of sentences put together anew, one that ends before one that begins so;
* `unaligned_annotated`: the same with the readings of characters written into the line, as in the copies;
* `lead`: the first byte of a character lost;
* `both`: the first byte of one character and the second byte of another, up to eight characters on, lost.

The outcome is `exact` when the line comes out as it was; `wrong` when a repair puts other characters than were there;
`open` when a place is marked as a gap; `missed` when damage is left that nothing points to (also
beside a right repair). Written to benchmarks/damage.json and printed as a table.

    python benchmarks/damage.py [--each N]
"""

import argparse
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import opencc
import yaml
from pypinyin.pinyin_dict import pinyin_dict
from scipy.stats import beta

from tongbao.restore import language_model, pinyin, script, shifted_bytes, width
from tongbao.restore.edits import apply_edits
from tongbao.restore.lexicon import Lexicon, load_lexicon

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
PLACES = 8
"""Damaged places of a kind in each line."""
ACCEPT_MARGIN = 3.0
MARGINS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
EXTRA = (0.0, 2.0, 3.0, 4.0, 5.0)
"""Margins more for readings that no neighbours attest, among which one is chosen."""
KINDS = ("unaligned", "unaligned_annotated", "lead", "both")
FOLDS = {b"\xa3\xa1": b"!", b"\xa3\xbb": b";", b"\xa3\xbf": b"?"}
_WIDE = "，：；（）？！"
_ASCII = ",:;()?!"


class Outcome(NamedTuple):
    """What became of one damaged line; `margin` is that of the best reading (None where there is none)."""

    kind: str
    line: str
    result: str
    margin: float | None


_S2T = opencc.OpenCC("s2t")


@cache
def _to_traditional(character: str) -> str:
    return str(_S2T.convert(character))


def traditional(text: str) -> str:
    """Character by character, as the mirrors do."""
    return "".join(map(_to_traditional, text))


def fold(text: str) -> str:
    """What the mirror or the collector did to punctuation."""
    return text.translate(str.maketrans(_WIDE, _ASCII))


def annotate(text: str) -> str:
    """The first reading behind every character that has a simplified form."""
    changed = script.traditional_characters()
    return "".join(f"{c}({pinyin_dict[ord(c)].split(',')[0]})" if c in changed else c for c in text)


def sentences(folder: Path, half: str) -> list[str]:
    """The distinct paragraphs of some length in half (`choose` or `measure`) of the made-up circulars, by file.

    What both halves say is in the half to choose on only.
    """
    found: dict[str, dict[str, None]] = {"choose": {}, "measure": {}}
    for path in sorted(folder.glob("*.yml")):
        text = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["text"]
        lines = (line for line in text.split("\n") if len(line) >= 25 and "|" not in line)
        found[half_of(path.name)] |= dict.fromkeys(line for line in lines if not re.search("[?？]", line))
    return [line for line in found[half] if half == "choose" or line not in found["choose"]]


def half_of(name: str) -> str:
    """The half that a file belongs to: by its name, not by what is in it."""
    return ("choose", "measure")[hashlib.sha256(name.encode()).digest()[0] & 1]


def unaligned(line: str) -> Iterator[str]:
    """The traditional line damaged at each place where a folded pair lies across two characters."""
    for at in range(len(line) - 1):
        pair = line[at : at + 2].encode("gb18030")
        if len(pair) == 4 and pair[1:3] in FOLDS:
            data = line[at:].encode("gb18030")
            broken = data[:1] + FOLDS[data[1:3]] + data[3:]
            yield line[:at] + broken.decode("gb18030", "replace").replace("\ufffd", "?")


def _joined(lines: list[str], n_ends: int) -> list[str]:
    """Sentences put behind others: full stop and next sentence often hold a folded pair, lines rarely."""
    ends = sorted({piece + "。" for line in lines for piece in line.split("。")[:-1] if 8 <= len(piece) <= 60})
    pieces = {piece for line in lines for piece in re.split("[。，；：、]", line) if len(piece) >= 8}
    begins = sorted(piece for piece in pieces if piece[:1].encode("gb18030")[0] in (0xA1, 0xBB, 0xBF))

    def chance(end: str, begin: str) -> bytes:
        return hashlib.sha256((end + begin).encode()).digest()

    return [end + begin for begin in begins for end in sorted(ends, key=lambda e: chance(e, begin))[:n_ends]]


def lost_lead(line: str, at: int) -> str:
    """The line with the first byte of the character at `at` lost."""
    data = line[at:].encode("gb18030")
    return line[:at] + (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?")


def lost_both(line: str, at: int, last: int) -> str:
    """The line with the first byte of the character at `at` and the second of that at `last` lost."""
    data = line[at : last + 1].encode("gb18030")
    broken = b"?" + data[1:-1] + b"?"
    return line[:at] + broken.decode("gb18030", "replace").replace("\ufffd", "?") + line[last + 1 :]


def damaged_lines(lines: list[str], n_places: int, kinds: tuple[str, ...] = KINDS) -> Iterator[tuple[str, str, str]]:
    """Kind of damage, the sound line in traditional characters, the damaged line as a copy shows it; none twice."""
    written = [traditional(line) for line in lines]
    for line in [*written, *_joined(written, n_places)]:
        for broken in unaligned(line):
            if "unaligned" in kinds:
                yield "unaligned", line, fold(broken)
            if "unaligned_annotated" in kinds:
                yield "unaligned_annotated", line, fold(_annotated(line, broken))
    for line in written:
        rng = random.Random(f"{SEED} {line}")
        places = {(at, at + rng.randrange(1, 9)) for at in (rng.randrange(2, len(line) - 12) for _ in range(n_places))}
        for at, last in sorted(places):
            if not any(ord(c) < 0x80 for c in line[at : last + 1]):
                if "lead" in kinds:
                    yield "lead", line, fold(lost_lead(line, at))
                if "both" in kinds:
                    yield "both", line, fold(lost_both(line, at, last))


def _annotated(line: str, broken: str) -> str:
    """Annotations come after the damage: what the shift made of characters is not annotated, what is sound is."""
    at = next(i for i, (a, b) in enumerate(zip(line, broken, strict=False)) if a != b)
    return annotate(line[:at]) + broken[at:]


def outcomes(
    lines: list[str], n_places: int, accept_margin: float = ACCEPT_MARGIN, kinds: tuple[str, ...] = KINDS
) -> Iterator[Outcome]:
    """Damage lines and repair them, each on its own."""
    lexicon = load_lexicon()
    model = language_model.load(lexicon.folder)
    for kind, line, damaged in damaged_lines(lines, n_places, kinds):
        text = apply_edits(damaged, pinyin.fix(damaged)) if kind.endswith("annotated") else damaged
        repairs = shifted_bytes.fix(text, model, lexicon, accept_margin)
        yield Outcome(kind, line, *_judge(text, line, repairs, lexicon))


def _judge(text: str, line: str, repairs: shifted_bytes.Repairs, lexicon: Lexicon) -> tuple[str, float | None]:
    def plain(some: str) -> str:
        simplified = script.simplify(some, lexicon)
        return apply_edits(simplified, width.fix(simplified))

    if not repairs.edits:
        return ("open" if repairs.gaps else "missed"), None
    margin = min((_spare(edit.note) for edit in repairs.edits), default=None)
    whole, sound = plain(apply_edits(text, repairs.edits)), plain(line)
    if whole == sound:
        return "exact", margin
    first = repairs.edits[0]
    if not sound.startswith(first.replacement, first.start) or len(repairs.edits) > 1:
        return "wrong", margin
    return ("open" if repairs.gaps else "missed"), margin


def _spare(note: str) -> float:
    """By how much a reading leads beyond what was asked of it."""
    lead, needed = re.findall(r"-?[0-9]+\.[0-9]", note)[:2]
    return float(lead) - float(needed)


def claims(row: dict[str, float | int]) -> dict[str, float | int]:
    """Of one row of `summary`: claims, wrong ones, their share, and its upper bound."""
    n, k = int(row["exact"] + row["wrong"]), int(row["wrong"])
    upper = float(beta.ppf(0.95, k + 1, n - k)) if n > k else 1.0
    return {"claims": n, "wrong": k, "share": round(k / max(n, 1), 4), "upper_bound": round(upper, 4)}


def choice(lines: list[str], n_places: int) -> list[dict[str, float | int]]:
    """What each extra margin for readings without attestation leaves of claims and of mistakes."""
    rows: list[dict[str, float | int]] = []
    chosen = shifted_bytes.UNATTESTED_MARGIN
    try:
        for extra in EXTRA:
            shifted_bytes.UNATTESTED_MARGIN = extra
            rows.append({"extra": extra, **claims(summary(list(outcomes(lines, n_places)))["all"])})
    finally:
        shifted_bytes.UNATTESTED_MARGIN = chosen
    return rows


def summary(found: list[Outcome]) -> dict[str, dict[str, float | int]]:
    """Counts and shares of a kind's outcomes. `precision` is exact / (exact + wrong)."""
    table: dict[str, dict[str, float | int]] = {}
    for kind in (*KINDS, "all"):
        n = Counter(o.result for o in found if kind == o.kind or (kind == "all" and o.kind != "unaligned_annotated"))
        total, sure = sum(n.values()), n["exact"] + n["wrong"]
        table[kind] = {
            "n": total,
            **{result: n[result] for result in ("exact", "open", "missed", "wrong")},
            "exact_share": round(n["exact"] / max(total, 1), 4),
            "precision": round(n["exact"] / max(sure, 1), 4),
            "wrong_share": round(n["wrong"] / max(total, 1), 4),
        }
    return table


def by_margin(found: list[Outcome]) -> list[dict[str, float | int]]:
    """Precision and cover of the repairs whose margin is at least so many nats, of outcomes found with margin 0."""
    rows: list[dict[str, float | int]] = []
    for least in MARGINS:
        taken = [o for o in found if o.margin is not None and o.margin >= least]
        n_wrong = sum(o.result == "wrong" for o in taken)
        rows.append(
            {
                "margin": least,
                "n_repaired": len(taken),
                "n_wrong": n_wrong,
                "precision": round(1 - n_wrong / max(len(taken), 1), 4),
                "cover": round(len(taken) / max(len(found), 1), 4),
            }
        )
    return rows


def main() -> None:
    """Measure, print the tables, write damage.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=PLACES, help="damaged places of a kind in each line")
    n_places = parser.parse_args().places
    halves = {half: sentences(ROOT / "tests" / "corpus", half) for half in ("choose", "measure")}
    chosen = choice(halves["choose"], n_places)
    table = summary(list(outcomes(halves["measure"], n_places)))
    measured = [{"kind": kind, **row} for kind, row in table.items()]
    sure = [{"kind": kind, **claims(row)} for kind, row in table.items()]
    margins = by_margin(list(outcomes(halves["measure"], n_places, 0.0)))
    result = {
        "n_lines": {half: len(lines) for half, lines in halves.items()},
        "places": n_places,
        "accept_margin": ACCEPT_MARGIN,
        "unattested_margin": shifted_bytes.UNATTESTED_MARGIN,
        "open_margin": shifted_bytes.OPEN_MARGIN,
        "choose": chosen,
        "kinds": table,
        "claims": {row["kind"]: {k: v for k, v in row.items() if k != "kind"} for row in sure},
        "margins": margins,
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tables = {
        "half to choose on: margin more without attestation": chosen,
        "half to measure on": measured,
        "claims there": sure,
        "accept margins there": margins,
    }
    for name, rows in tables.items():
        print(f"\n{name}\n| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
        for row in rows:
            print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    main()
