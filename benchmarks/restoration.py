"""How fast restoration is on one core, beside jieba's tokeniser and ftfy on the same text, and what memory it takes.

The text is made of the first circulars, perturbed: other figures, other names of places, other names of months, lines
left out and repeated; annotated, traditional and wrapped in spam as the circulars are. It is made once without byte
damage and once with it (the damaged places of the circulars, and one more in each document). Rounds of the three
programs alternate, so that a busy machine slows all of them alike: what counts are the ratios. Rates are in MB of
UTF-8 a second of processor time. Written to benchmarks/restoration.json.

    python benchmarks/restoration.py [--mb 50] [--damaged-mb 5]
"""

import argparse
import json
import random
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ftfy
import jieba
import opencc
from pypinyin.pinyin_dict import pinyin_dict

from tongbao.project import find_project
from tongbao.read.folder import RawDocument, read_folder
from tongbao.restore.pipeline import restore_stream
from tongbao.restore.script import traditional_characters

SEED = 11
GOAL = 15 / 1.4
"""15 MB/s where jieba's tokeniser does 1.4 MB/s."""
ROUNDS = 20
SLICE = 60_000
"""Bytes of each round that the other programs get: they are slower."""
_S2T = opencc.OpenCC("s2t")
_PLACES = re.compile("(?:[\u4e00-\u9fff](?:\\([a-z\u00e0-\u01dc]+\\))?){2}(?=市|縣(?:\\([a-z\u00e0-\u01dc]+\\))?|局)")


def circulars(n_bytes: int, damaged: bool, seed: int = SEED) -> Iterator[RawDocument]:
    """Perturbed circulars of together about `n_bytes` of UTF-8, the same for the same arguments."""
    rng = random.Random(seed)
    project = find_project()
    seeds = read_folder(project.raw)[0]
    if not damaged:
        seeds = [replace(raw, text=_without_damage(raw.text)) for raw in seeds]
    names = _names(project.reference / "regions.csv")
    done = n = 0
    while done < n_bytes:
        raw = seeds[n % len(seeds)]
        text = _perturbed(raw.text, names["gansu" not in raw.circular_id and "|" not in raw.text], rng)
        if damaged:
            text = _damage(text, rng)
        size = len(text.encode("utf-8"))
        done += size
        n += 1
        yield replace(raw, circular_id=f"{raw.circular_id}-{n}", text=text, n_bytes=size)


def _without_damage(text: str) -> str:
    return "\n".join(re.sub("[?\ufffd\ue000-\uf8ff]", "", line) for line in text.split("\n"))


def _names(path: Path) -> dict[bool, list[str]]:
    """Names of places of two characters: as they are, and in traditional characters with their readings."""
    short = sorted({line.split(",")[2] for line in path.read_text("utf-8").splitlines()[1:]})
    short = [name for name in short if len(name) == 2]
    written = [_S2T.convert(name) for name in short]
    changed = traditional_characters()
    return {
        False: short,
        True: ["".join(f"{c}({pinyin_dict[ord(c)].split(',')[0]})" if c in changed else c for c in w) for w in written],
    }


def _perturbed(text: str, names: list[str], rng: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(lines))
        if rng.random() < 0.5:
            del lines[at]
        else:
            lines.insert(at, rng.choice(lines))
    figures = "".join(rng.choices("0123456789", k=64))
    text = re.sub(r"(?<=\d)\d(?=[.%\u4e00-\u9fff])", lambda m: figures[m.start() % 64], "\n".join(lines))
    return _PLACES.sub(lambda m: rng.choice(names) if rng.random() < 0.3 else m.group(), text)


def _damage(text: str, rng: random.Random) -> str:
    """One more place where a first byte is lost."""
    for _ in range(20):
        at = rng.randrange(len(text))
        piece = text[at : at + 8]
        if len(piece) == 8 and all("\u4e00" <= c <= "\u9fff" for c in piece):
            data = piece.encode("gb18030")
            return text[:at] + (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?") + text[at + 8 :]
    return text


class Timed:
    """Documents whose making is not counted."""

    def __init__(self, documents: Iterator[RawDocument]) -> None:
        self._documents, self.spent, self.n_bytes, self.n = documents, 0.0, 0, 0

    def __iter__(self) -> Iterator[RawDocument]:
        while True:
            before = time.process_time()
            document = next(self._documents, None)
            self.spent += time.process_time() - before
            if document is None:
                return
            self.n_bytes += document.n_bytes
            self.n += 1
            yield document


def restore_rate(n_bytes: int, damaged: bool, seed: int) -> tuple[int, float, int]:
    """Bytes of perturbed circulars that were restored, the processor time for it, and the number of repairs."""
    documents = Timed(circulars(n_bytes, damaged, seed))
    begin = time.process_time()
    n_repairs = sum(len(restored.repairs) for restored in restore_stream(documents))
    return documents.n_bytes, time.process_time() - begin - documents.spent, n_repairs


def others_rate(n_bytes: int, seed: int) -> dict[str, tuple[int, float]]:
    """The same for jieba and ftfy, on the text of a slice."""
    texts = [raw.text for raw in circulars(n_bytes, False, seed)]
    size = sum(len(text.encode("utf-8")) for text in texts)
    found = {}
    for name, work in (("jieba", lambda t: sum(1 for _ in jieba.cut(t))), ("ftfy", lambda t: len(ftfy.fix_text(t)))):
        begin = time.process_time()
        for text in texts:
            work(text)
        found[name] = (size, time.process_time() - begin)
    return found


def main() -> None:
    """Run the rounds, print the rates, write restoration.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=float, default=50)
    parser.add_argument("--damaged-mb", type=float, default=5)
    options = parser.parse_args()
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    restore_rate(100_000, True, 0)
    others_rate(20_000, 0)
    spent: dict[str, list[tuple[int, float]]] = {name: [] for name in ("sound", "damaged", "jieba", "ftfy")}
    peaks = []
    for k in range(ROUNDS):
        size, seconds, _ = restore_rate(int(options.mb * 1e6 / ROUNDS), False, SEED + k)
        spent["sound"].append((size, seconds))
        for name, pair in others_rate(SLICE, SEED + k).items():
            spent[name].append(pair)
        peaks.append(round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    for k in range(ROUNDS):
        size, seconds, _ = restore_rate(int(options.damaged_mb * 1e6 / ROUNDS), True, SEED + k)
        spent["damaged"].append((size, seconds))
    rates = {name: sum(n for n, _ in each) / 1e6 / sum(t for _, t in each) for name, each in spent.items()}
    by_round = sorted((n / t) / (m / u) for (n, t), (m, u) in zip(spent["sound"], spent["jieba"], strict=True))
    result = {
        "mb": round(sum(n for n, _ in spent["sound"]) / 1e6, 1),
        "mb_per_second": {name: round(rate, 2) for name, rate in rates.items()},
        "times_jieba": {name: round(rates[name] / rates["jieba"], 1) for name in ("sound", "damaged", "ftfy")},
        "times_jieba_by_round": [round(x, 1) for x in by_round],
        "goal_times_jieba": round(GOAL, 1),
        "peak_mb_after_each_round": peaks,
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
