"""Build data/reference/model/trigrams.npz, the scoring model of byte repair. Run by hand (`make model`).

What belongs here: which texts are counted, and with what weight. What does not: estimating probabilities
(`tongbao.restore.language_model`) and anything at run time.

The texts are listed in data/reference/model/sources.csv with their licences: `reference:FILE` (a column of a word
list, or a whole text), `raw:*` (the circulars of data/raw), `package:NAME` (word lists of installed packages). Of the
circulars only lines without any sign of damage are counted, so that no answer to a damaged place is learnt from its
own line.
The same inputs give the same bytes; what was read, and its checksum, is written to data/reference/model/built.csv.

    python scripts/build_model.py
"""

import csv
import hashlib
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path

from tongbao.project import find_project
from tongbao.read.folder import read_folder
from tongbao.restore import language_model
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.parts import SEPARATOR
from tongbao.restore.pipeline import prepare

Weighted = Iterator[tuple[str, int]]
_FREQUENT = (100, 2_000, 20_000)  # occurrences in jieba's own count from which on a word weighs one more


def build(folder: Path, reference: Path, raw: Path) -> tuple[language_model.Counts, list[tuple[str, str, int]]]:
    """Count all sources.

    Args:
        folder: where sources.csv lies.
        reference: the word lists.
        raw: the circulars.

    Returns:
        The counts; and for each source its name, its version or checksum, and how many texts it gave.
    """
    texts: list[tuple[str, int]] = []
    read: list[tuple[str, str, int]] = []
    for row in _rows(folder / "sources.csv"):
        kind, name = row["source"].split(":", 1)
        weight, before = int(row["weight"]), len(texts)
        if kind == "package":
            version = metadata.version(name)
            texts += _jieba(weight) if name == "jieba" else _pypinyin(weight)
        elif kind == "raw":
            version, found = _circulars(raw, reference)
            texts += [(stretch, weight) for stretch in found]
        else:
            path = reference / name
            version = hashlib.sha256(path.read_bytes()).hexdigest()
            cells = [each[row["column"]] for each in _rows(path)] if row["column"] else [path.read_text("utf-8")]
            texts += [(s, weight) for cell in cells for s in language_model.sound_lines(cell)]
        read.append((f"{row['source']} {row['column']}".strip(), version, len(texts) - before))
    return language_model.count(texts), read


def circular_stretches(raw: Path, reference: Path) -> list[str]:
    """The stretches of the circulars that are learnt from, simplified: lines without any sign of damage."""
    return _circulars(raw, reference)[1]


def _circulars(raw: Path, reference: Path) -> tuple[str, list[str]]:
    documents, _ = read_folder(raw)
    prepared = [prepare([document], load_lexicon(reference)) for document in documents]
    found = [s for p in prepared for text in p.view.split(SEPARATOR) for s in language_model.sound_lines(text)]
    return hashlib.sha256("".join(document.sha256 for document in documents).encode()).hexdigest(), found


def _pypinyin(weight: int) -> Weighted:
    from pypinyin.phrases_dict import phrases_dict

    return ((phrase, weight) for phrase in sorted(phrases_dict))


def _jieba(weight: int) -> Weighted:
    """The words of jieba's list that are no names of persons."""
    for line in resources.files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, n, tag = line.split(" ")
        if not tag.startswith("nr"):
            yield word, weight + sum(int(n) >= least for least in _FREQUENT)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def main() -> None:
    """Build the model of this project and say what went into it."""
    project = find_project()
    folder = project.reference / "model"
    counts, read = build(folder, project.reference, project.raw)
    path = folder / language_model.MODEL_FILE
    language_model.save(counts, path)
    with (folder / "built.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("source", "version", "n_texts"))
        writer.writerows(read)
        writer.writerow((path.name, hashlib.sha256(path.read_bytes()).hexdigest(), len(counts.keys[2])))
    print(f"{path.name}: {len(counts.keys[2])} triples, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
