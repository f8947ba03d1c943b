"""Whether restoration leaves sound modern Chinese alone: a large text of freely licensed documentation goes through it.

The text is gathered from Debian packages with Chinese documentation, which are fetched by `apt-get download` into a
folder (nothing is installed): the manual pages (manpages-zh, GPL-2+ and GFDL), the Debian Reference
(debian-reference-zh-cn, GPL-2+), the Debian Administrator's Handbook (debian-handbook, GPL-2+ and CC-BY-SA-3.0), the
help of GNOME (gnome-user-docs, CC-BY-SA-3.0) and of LibreOffice (libreoffice-help-zh-cn, MPL-2.0). Paragraphs that are
mostly Chinese and written in simplified characters are put together to documents. They must come out with changes of
width and of blanks and line breaks only; everything else is counted and shown. The same text is then put into
traditional characters and back: what differs is counted, 着/著 apart. Written to benchmarks/sound_text.json.

    python benchmarks/sound_text.py FOLDER [--fetch]
"""

import argparse
import gzip
import html
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import opencc

from tongbao.read.folder import RawDocument
from tongbao.restore import script
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore_stream

PACKAGES = ("debian-handbook", "debian-reference-zh-cn", "gnome-user-docs", "libreoffice-help-zh-cn", "manpages-zh")
HARMLESS = frozenset({"width", "spacing"})
DOCUMENT = 4_000  # characters of a document
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BLOCK = re.compile(
    r"</?(?:p|div|li|td|th|tr|h\d|dt|dd|br|pre|table|ul|ol|title|body|item|section|list|info|desc|note|steps|media|page|links)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_MACRO = re.compile(r"\\f[A-Z]|\\f\(..|\\[&|^/,%]|\\s[-+]?\d")


def paragraphs(folder: Path) -> Iterator[str]:
    """The mostly Chinese paragraphs of the packages unpacked in `folder`, each once, in the order of paths."""
    seen: set[str] = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        if path.suffix in {".html", ".xhtml"} or (path.suffix == ".page" and "zh_CN" in path.parts):
            lines = _of_html(path.read_text("utf-8", "replace"))
        elif path.suffix == ".gz" and "man" in path.parts and "zh_CN" in path.parts:
            lines = _of_manual(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
        else:
            continue
        for line in lines:
            if len(_HAN.findall(line)) > max(6, len(line) / 4) and line not in seen:
                seen.add(line)
                yield line


def _of_html(page: str) -> list[str]:
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page)
    body = re.sub(r"\s+", " ", body)
    return [html.unescape(_TAG.sub("", piece)).strip() for piece in _BLOCK.split(body)]


def _of_manual(page: str) -> list[str]:
    """Lines of text between the macros, joined to paragraphs."""
    lines = [_MACRO.sub("", line).replace("\\-", "-").strip() for line in page.split("\n") if line[:1] not in "'\\"]
    return ["".join(piece.split("\n")).strip() for piece in re.split(r"\n(?:\.[^\n]*|)(?=\n|$)", "\n".join(lines))]


def documents(lines: Iterable[str]) -> Iterator[RawDocument]:
    """Documents of some thousand characters each; lines with traditional forms among them are left out."""
    held: list[str] = []
    length = n = 0
    for line in lines:
        if script.traditional_share(line) > 0 or "\ufffd" in line:
            continue
        held.append(line)
        length += len(line)
        if length > DOCUMENT:
            yield RawDocument(f"sound-{n}", "", "", "\n".join(held), "utf-8", 0)
            held, length, n = [], 0, n + 1
    if held:
        yield RawDocument(f"sound-{n}", "", "", "\n".join(held), "utf-8", 0)


def changes(found: Iterable[RawDocument]) -> tuple[Counter[str], list[str], int, Counter[str]]:
    """Restore documents: repairs by kind, the harmful ones in words, bytes of UTF-8, and the gaps and copy kinds."""
    kinds: Counter[str] = Counter()
    others: Counter[str] = Counter()
    shown: list[str] = []
    n_bytes = 0
    for raw in found:
        n_bytes += len(raw.text.encode("utf-8"))
        restored = next(restore_stream([raw]))
        others[f"copy kind {restored.copy_kind}"] += 1
        others["gaps"] += len(restored.gaps)
        for repair in restored.repairs:
            kinds[repair.kind] += 1
            if repair.kind not in HARMLESS or _changes_words(
                raw.text[repair.raw_start : repair.raw_end], repair.restored
            ):
                around = raw.text[max(0, repair.raw_start - 10) : repair.raw_end + 10].replace("\n", "/")
                shown.append(f"{repair.kind}: {around} -> {repair.restored} ({repair.note})")
    return kinds, shown, n_bytes, others


def _changes_words(before: str, after: str) -> bool:
    """Whether a change of width or blanks changed any letter, figure or Chinese character."""
    fold = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)})
    blank = r"[\s\xad\u200b-\u200d\ufeff]"
    return re.sub(blank, "", before.translate(fold)) != re.sub(blank, "", after.translate(fold))


def round_trip(found: Iterable[RawDocument]) -> tuple[int, Counter[str]]:
    """Simplified to traditional (character by character, as the mirrors do) and back: characters, and differences."""
    to_traditional = opencc.OpenCC("s2t")
    table: dict[str, str] = {}
    lexicon = load_lexicon()
    n, different = 0, Counter[str]()
    for raw in found:
        for c in set(raw.text) - table.keys():
            table[c] = to_traditional.convert(c)
        written = raw.text.translate({ord(c): table[c] for c in set(raw.text)}).replace("着", "著")
        back = script.simplify(written, lexicon)
        n += len(raw.text)
        different.update(f"{a}>{b}" for a, b in zip(raw.text, back, strict=True) if a != b)
    return n, different


def unpack(folder: Path, fetch: bool) -> None:
    """Fetch the packages into `folder` where that is asked for, and unpack those that lie in it."""
    if fetch:
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, check=True)
    for package in sorted(folder.glob("*.deb")):
        target = folder / package.stem
        if not target.is_dir():
            subprocess.run(["dpkg-deb", "-x", str(package), str(target)], check=True)


def main() -> None:
    """Gather, restore, count, write sound_text.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fetch", action="store_true")
    options = parser.parse_args()
    unpack(options.folder, options.fetch)
    texts = list(documents(paragraphs(options.folder)))
    if not texts:
        sys.exit(f"no Chinese text in {options.folder}: run with --fetch, or put packages there")
    kinds, shown, n_bytes, others = changes(texts)
    n, different = round_trip(texts)
    zhu = sum(times for pair, times in different.items() if set(pair) & set("着著"))
    result = {
        "packages": sorted(path.stem for path in options.folder.glob("*.deb")),
        "n_documents": len(texts),
        "bytes": n_bytes,
        "repairs": dict(sorted(kinds.items())),
        "n_harmful": len(shown),
        "others": dict(sorted(others.items())),
        "round_trip": {
            "characters": n,
            "different": sum(different.values()),
            "of_these_zhu": zhu,
            "pairs": dict(different.most_common(20)),
        },
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(shown[:60]))
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
