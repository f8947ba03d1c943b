"""How much of damage done on purpose is read again, how much is left open, and how much is misread.

The sentences are those of the made-up circulars in tests/corpus, which the scoring model has not seen; each is put into
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

from tongbao.restore import language_model, pinyin, script, shifted_bytes, width
from tongbao.restore.edits import apply_edits
from tongbao.restore.lexicon import Lexicon, load_lexicon

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
MARGINS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
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


def sentences(folder: Path) -> list[str]:
    """The distinct paragraphs of the made-up circulars that have some length, in the order of files."""
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.yml")):
        text = yaml.safe_load(path.read_text("utf-8"))["text"]
        found |= dict.fromkeys(line for line in text.split("\n") if len(line) >= 25 and "|" not in line)
    return [line for line in found if not re.search("[?？]", line)]


def unaligned(line: str) -> Iterator[str]:
    """The traditional line damaged at each place where a folded pair lies across two characters."""
    for at in range(len(line) - 1):
        pair = line[at : at + 2].encode("gb18030")
        if len(pair) == 4 and pair[1:3] in FOLDS:
            data = line[at:].encode("gb18030")
            broken = data[:1] + FOLDS[data[1:3]] + data[3:]
            yield line[:at] + broken.decode("gb18030", "replace").replace("\ufffd", "?")


def _joined(lines: list[str], rng: random.Random) -> list[str]:
    """Sentences put behind others: full stop and next sentence often hold a folded pair, lines rarely."""
    ends = [piece + "。" for line in lines for piece in line.split("。")[:-1] if 8 <= len(piece) <= 60]
    pieces = {piece for line in lines for piece in re.split("[。，；：、]", line) if len(piece) >= 12}
    begins = sorted(piece for piece in pieces if piece[:1].encode("gb18030")[0] in (0xA1, 0xBB, 0xBF))
    return [rng.choice(ends) + begin for begin in begins for _ in range(3)]


def lost_lead(line: str, at: int) -> str:
    """The line with the first byte of the character at `at` lost."""
    data = line[at:].encode("gb18030")
    return line[:at] + (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?")


def lost_both(line: str, at: int, last: int) -> str:
    """The line with the first byte of the character at `at` and the second of that at `last` lost."""
    data = line[at : last + 1].encode("gb18030")
    broken = b"?" + data[1:-1] + b"?"
    return line[:at] + broken.decode("gb18030", "replace").replace("\ufffd", "?") + line[last + 1 :]


def damaged_lines(lines: list[str], n_each: int, seed: int = SEED) -> Iterator[tuple[str, str, str]]:
    """Kind of damage, the sound line in traditional characters, the damaged line as a copy shows it."""
    rng = random.Random(seed)
    written = [traditional(line) for line in lines]
    folded = [(line, broken) for line in [*written, *_joined(written, rng)] for broken in unaligned(line)]
    for line, broken in rng.sample(folded, min(n_each, len(folded))):
        yield "unaligned", line, fold(broken)
        yield "unaligned_annotated", line, fold(_annotated(line, broken))
    for kind in ("lead", "both"):
        for _ in range(n_each):
            line = rng.choice(written)
            at = rng.randrange(2, len(line) - 12)
            last = at + rng.randrange(1, 9)
            if any(ord(c) < 0x80 for c in line[at : last + 1]):
                continue
            yield kind, line, fold(lost_lead(line, at) if kind == "lead" else lost_both(line, at, last))


def _annotated(line: str, broken: str) -> str:
    """Annotations come after the damage: what the shift made of characters is not annotated, what is sound is."""
    at = next(i for i, (a, b) in enumerate(zip(line, broken, strict=False)) if a != b)
    return annotate(line[:at]) + broken[at:]


def outcomes(lines: list[str], n_each: int, accept_margin: float = 3.0, seed: int = SEED) -> Iterator[Outcome]:
    """Damage lines and repair them, each on its own."""
    lexicon = load_lexicon()
    model = language_model.load(lexicon.folder)
    for kind, line, damaged in damaged_lines(lines, n_each, seed):
        text = apply_edits(damaged, pinyin.fix(damaged)) if kind.endswith("annotated") else damaged
        repairs = shifted_bytes.fix(text, model, lexicon, accept_margin)
        yield Outcome(kind, line, *_judge(text, line, repairs, lexicon))


def _judge(text: str, line: str, repairs: shifted_bytes.Repairs, lexicon: Lexicon) -> tuple[str, float | None]:
    def plain(some: str) -> str:
        simplified = script.simplify(some, lexicon)
        return apply_edits(simplified, width.fix(simplified))

    if not repairs.edits:
        return ("open" if repairs.gaps else "missed"), None
    margins = [float(found.group(1)) for e in repairs.edits if (found := re.search(r"margin ([0-9.]+)", e.note))]
    margin = min(margins, default=None)
    whole, sound = plain(apply_edits(text, repairs.edits)), plain(line)
    if whole == sound:
        return "exact", margin
    first = repairs.edits[0]
    if not sound.startswith(first.replacement, first.start) or len(repairs.edits) > 1:
        return "wrong", margin
    return ("open" if repairs.gaps else "missed"), margin


def summary(found: list[Outcome]) -> dict[str, dict[str, float | int]]:
    """Counts and shares of a kind's outcomes. `precision` is exact / (exact + wrong)."""
    table: dict[str, dict[str, float | int]] = {}
    for kind in (*KINDS, "all"):
        n = Counter(o.result for o in found if kind in (o.kind, "all"))
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
    parser.add_argument("--each", type=int, default=800, help="damaged places of a kind")
    n_each = parser.parse_args().each
    lines = sentences(ROOT / "tests" / "corpus")
    found = list(outcomes(lines, n_each))
    table = summary(found)
    margins = by_margin(list(outcomes(lines, n_each, 0.0)))
    result = {"n_lines": len(lines), "accept_margin": 3.0, "seed": SEED, "kinds": table, "margins": margins}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for rows, name in (([{"kind": k, **row} for k, row in table.items()], "at margin 3"), (margins, "by margin")):
        print(f"\n{name}\n| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
        for row in rows:
            print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    main()
