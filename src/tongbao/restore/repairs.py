"""The list of repairs: one entry for each changed place of the raw text, so that replaying it restores it.

What a page wrapped around a document, and who may be rung up about it, is not repeated here: such entries
have an empty `raw` and say in `note` what was cut.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from tongbao.restore.draft import Draft
from tongbao.restore.edits import Spans

_CONTACT = re.compile(r"(?:联系人|联络人|聯系人|聯絡人|联系电话|聯系電話|电话|電話|邮箱|郵箱|传真|傳真)[^。\n]*")


# Where several fixes worked on one place, these name it; else the first fix does.
_LEADING = ("furniture", "spam_word", "shifted_bytes")
_NEVER_SHOWN = ("furniture", "spam_word")
_CONTACT_NOTE = "contact details"


@dataclass(frozen=True, slots=True)
class Repair:
    """Raw `[raw_start, raw_end)` reads `restored`. `raw` is empty for furniture, spam and contact details."""

    raw_start: int
    raw_end: int
    raw: str
    restored: str
    kind: str
    confidence: float = 1.0
    verified_by: str = ""
    note: str = ""


def replay(raw: str, repairs: Iterable[Repair]) -> str:
    """Apply repairs to the raw text: the result is the restored text."""
    parts, at = [], 0
    for repair in repairs:
        parts += [raw[at : repair.raw_start], repair.restored]
        at = repair.raw_end
    return "".join([*parts, raw[at:]])


def private_spans(raw: str) -> list[tuple[int, int]]:
    """Where a raw text says who may be rung up or written to; no repair repeats these words."""
    return [m.span() for m in _CONTACT.finditer(raw)]


class Repairs(Sequence[Repair]):
    """All repairs of a text, sorted and apart from one another; each is put into words when it is asked for."""

    def __init__(
        self, draft: Draft, raw_span: tuple[int, int] | None = None, span: tuple[int, int] | None = None
    ) -> None:
        """Take a text that no fix will change any more, or one document's spans in raw text and text."""
        self._draft = draft
        self._raw_low, self._raw_high = raw_span or (0, len(draft.raw))
        self._high = span[1] if span else len(draft.text)
        first, last = np.searchsorted(draft.segments[0], (self._raw_low, self._raw_high))
        self._at = range(int(first), int(last))

    def __len__(self) -> int:
        """The number of repairs."""
        return len(self._at)

    @overload
    def __getitem__(self, at: int) -> Repair: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Repair]: ...
    def __getitem__(self, at: int | slice) -> Repair | Sequence[Repair]:
        """One repair, or some."""
        if isinstance(at, slice):
            return [self[k] for k in range(*at.indices(len(self)))]
        k = self._at[at]
        low, high, start, end = (int(column[k]) for column in self._draft.segments)
        return self._repair(low, min(high, self._raw_high), start, min(end, self._high))

    def __eq__(self, other: object) -> bool:
        """Whether two lists of repairs say the same."""
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @cached_property
    def _private(self) -> Spans:
        return Spans(m.span() for m in _CONTACT.finditer(self._draft.raw, self._raw_low, self._raw_high))

    def _repair(self, low: int, high: int, start: int, end: int) -> Repair:
        """Say of one stretch what was done to it, by which fixes, and how sure that is."""
        draft = self._draft
        marks = draft.marks_at(low, high)
        kinds = list(dict.fromkeys(mark.kind for mark in marks))
        kind = next((k for k in _LEADING if k in kinds), kinds[0])
        own = [mark for mark in marks if mark.kind == kind]
        others = [k for k in kinds if k != kind]
        is_cut = kind in _NEVER_SHOWN
        notes = list(dict.fromkeys(mark.note for mark in own if mark.note))
        hidden = self._private.overlaps(low, high)
        if others and not is_cut:
            notes.append(f"also {', '.join(others)}")
        if hidden and not is_cut:
            notes.append(_CONTACT_NOTE)
        return Repair(
            low - self._raw_low,
            high - self._raw_low,
            "" if hidden or is_cut else draft.raw[low:high],
            draft.text[start:end],
            kind,
            confidence=min(mark.confidence for mark in own),
            verified_by="; ".join(dict.fromkeys(mark.verified_by for mark in own if mark.verified_by)),
            note="; ".join(notes),
        )
