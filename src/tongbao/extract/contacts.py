"""Where a text says how to reach a person: passages that no table may quote.

This is the last gate before publication, so it errs towards finding too much; but a label without what it
labels (办事指南缺少联系电话) is no contact. The labels lie in `data/reference/contact_words.csv`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongbao.errors import TongbaoError

Span = tuple[int, int]

_EMAIL = r"[A-Za-z0-9._%+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:[.．][A-Za-z0-9-]{1,63}){1,4}"
_DASH = r"－—–‑―\-"  # inside a character class
_PHONE = (
    rf"(?<![\dA-Za-z])(?:[(（]0\d{{2,3}}[)）][ {_DASH}]{{0,2}}\d{{7,8}}|0\d{{2,3}}[ {_DASH}]{{1,2}}\d{{7,8}}"
    rf"|(?:\+?86[ {_DASH}]?)?1[3-9]\d{{9}}"
    rf"|1[3-9]\d[ {_DASH}]\d{{4}}[ {_DASH}]\d{{4}})(?![\dA-Za-z])"
)
_REACH = re.compile(rf"{_EMAIL}|{_PHONE}")
# What must follow a label for it to be a contact. Between several labels stand 及, 和 and the like.
_AFTER = {
    "digits": rf"[^。；;\n]{{0,12}}?\d[\d {_DASH}]{{4,}}",
    "address": rf"[^。；;\n]{{0,12}}?(?:{_EMAIL}|\d{{5,}})",
    "name": r"[^。；;\n:：]{0,8}[:：]\s*[\u3400-\u9fff·]{2,}",
    "line": r"[^。；;\n:：]{0,4}[:：]\s*[^\s。；;\n]",
}
_FIELDS = ["word", "value", "not_after", "source"]
_CLAUSE_END = re.compile(r"[。；;！？\n]")
_CLAUSE_START = re.compile(r"[。；;！？，,、：:（(|\n]")


@dataclass(frozen=True, slots=True)
class ContactFinder:
    """Finds contact passages; `labels` matches a label together with what it labels, `words` the labels alone."""

    labels: re.Pattern[str]
    words: re.Pattern[str]

    def spans(self, text: str) -> list[Span]:
        """Return the contact passages of `text`: sorted, disjoint, from the label to the end of the clause."""
        found: list[Span] = []
        for match in self.labels.finditer(text):
            found.append((match.start(), _clause_end(text, match.end())))
        for match in _REACH.finditer(text):
            found.append((_clause_start(text, match.start()), _clause_end(text, match.end())))
        found.extend(self._cells(text))
        return _merged(found)

    def __contains__(self, text: str) -> bool:
        """Whether a text, such as one cell, holds a contact."""
        return bool(self.labels.search(text) or _REACH.search(text))

    def _cells(self, text: str) -> Iterator[Span]:
        """Cells below a heading of names or numbers (联系人 | 联系电话 |), down to the end of the table."""
        private: set[int] = set()
        at = 0
        for line in text.splitlines(keepends=True):
            cells = line.split("|")
            if len(cells) < 3:
                private = set()
            else:
                heads = {i for i, cell in enumerate(cells) if self.words.fullmatch(cell.strip())}
                offset = at
                for i, cell in enumerate(cells):
                    if i in private and i not in heads and cell.strip():
                        yield offset, offset + len(cell)
                    offset += len(cell) + 1
                private |= heads
            at += len(line)


@cache
def load_contacts(reference: Path) -> ContactFinder:
    """Return the finder that `contact_words.csv` in the folder `reference` describes.

    Raises:
        TongbaoError: the file is missing or a line of it does not make sense.
    """
    path = reference / "contact_words.csv"
    if not path.is_file():
        raise TongbaoError(
            "the labels of contact passages are missing, so nothing can be published safely",
            place=str(path),
            remedy="restore the file from version control",
        )
    patterns, words = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != _FIELDS:
            raise TongbaoError(
                "unexpected columns", place=f"{path.name}, line 1", remedy="wanted are: " + ",".join(_FIELDS)
            )
        for record in reader:
            word, value = record["word"], record["value"]
            if not word or value not in _AFTER:
                raise TongbaoError(
                    f"the line of {word!r} has value {value!r}",
                    place=f"{path.name}, line {reader.line_num}",
                    remedy="use one of " + ", ".join(_AFTER),
                )
            before = "".join(f"(?<!{re.escape(other)})" for other in record["not_after"].split("|") if other)
            patterns.append(f"{before}{re.escape(word)}{_AFTER[value]}")
            if value != "line":
                words.append(re.escape(word))
    return ContactFinder(
        labels=re.compile("|".join(patterns), re.IGNORECASE),
        words=re.compile(rf".{{0,4}}?(?:{'|'.join(words)}).{{0,4}}", re.IGNORECASE),
    )


def overlaps(spans: list[Span], start: int, end: int) -> bool:
    """Whether `[start, end)` shares a character with one of `spans`."""
    return any(low < end and start < high for low, high in spans)


def _clause_end(text: str, at: int) -> int:
    match = _CLAUSE_END.search(text, at)
    return match.start() if match else len(text)


def _clause_start(text: str, at: int) -> int:
    window = text[max(0, at - 40) : at]
    last = max((m.end() for m in _CLAUSE_START.finditer(window)), default=0)
    return at - len(window) + last


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
