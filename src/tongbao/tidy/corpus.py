"""The collection as a whole, as far as one circular must know of it: who else is there, and under which number."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongbao.tidy.candidates import CIRCULARS
from tongbao.tidy.corrections import Correction

CITATIONS = "citations"

_CIRCULAR = '"circular": '  # how the line begins on which the extraction writes the circular itself


@dataclass(frozen=True, slots=True)
class Corpus:
    """All circulars of the collection.

    Attributes:
        ids: their ids.
        by_number: document number -> id, for numbers that one circular alone bears.
    """

    ids: frozenset[str]
    by_number: Mapping[str, str] = field(default_factory=dict)

    def cited(self, citation: Mapping[str, Any], citing: str) -> str | None:
        """Return the circular that a citation means by its number, the likely one where it is misprinted."""
        number = str(citation.get("doc_number_likely") or citation.get("doc_number") or "")
        found = self.by_number.get(_bare(number))
        return None if found == citing else found


def read_corpus(interim: Path, ids: Iterable[str], corrections: Mapping[str, Iterable[Correction]]) -> Corpus:
    """Read the numbers of all circulars from what was extracted, with the researcher's corrections.

    Args:
        interim: folder of the interim files.
        ids: the circulars.
        corrections: the entries by circular.
    """
    numbers = {}
    for circular_id in ids:
        number = _circular(interim / "extracted" / f"{circular_id}.json").get("doc_number")
        for entry in corrections.get(circular_id, ()):
            if (entry.table, entry.action, entry.column) == (CIRCULARS, "set", "doc_number"):
                number = entry.value
        numbers[circular_id] = _bare(str(number or ""))
    borne = Counter(numbers.values())
    alone = {number: circular_id for circular_id, number in numbers.items() if number and borne[number] == 1}
    return Corpus(frozenset(numbers), alone)


def _circular(path: Path) -> dict[str, Any]:
    """Return what was extracted of the circular itself, without reading its facts where they stand apart.

    A file that is broken says nothing here: who reads it as a whole tells what is wrong.
    """
    with path.open(encoding="utf-8") as file:
        line = next((line for line in file if line.startswith(_CIRCULAR)), "")
    try:
        if line:
            return dict(json.loads(line[len(_CIRCULAR) :].rstrip().removesuffix(",")))
        return dict(json.loads(path.read_bytes())["circular"])
    except (ValueError, KeyError, TypeError):
        return {}


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number)
