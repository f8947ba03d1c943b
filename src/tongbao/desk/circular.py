"""One circular on the desk: its text with what was read from it, its rows, what was repaired.

What belongs here: reading and showing. What does not: restoring, extracting. Contact details are blacked out wherever a
text of the circular is given; every other character, and every offset, is as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from tongbao.desk.dress import dress
from tongbao.desk.marked import Mark, cut, masked
from tongbao.desk.passage import BOX, Passage, told
from tongbao.desk.tables import TableName, load, tables, unknown
from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.project import Project, find_project
from tongbao.read.formats.model import Refused
from tongbao.read.formats.registry import text_of
from tongbao.report.safe import attribute, escape
from tongbao.report.style import CATEGORICAL
from tongbao.restore.edits import OffsetMap
from tongbao.restore.store import read_restored

_AGAIN = "run `make repro` in a terminal (or `dvc repro`), then ask again"
_FACTS = ("title", "issuer", "doc_number", "period", "issued_on")
_ENDS = "。！？；\n"


def circular(circular_id: str) -> "Circular":
    """Return one circular; as the last line of a cell it shows its text with everything marked that was read from it.

    Args:
        circular_id: its id, the name of its raw file; `tb.circulars` lists them.

    Raises:
        TongbaoError: there is no such circular (the message lists those there are), or the interim files are missing.

    Examples:
        >>> import tongbao as tb
        >>> c = tb.circular("jiangsu-2018q3")
        >>> c.rows("pass_rates")["quote"].iloc[0]
        '抽查合格率为96%'
        >>> c.text[177:186]
        '抽查合格率为96%'
    """
    project = find_project()
    every = load("circulars")
    own = every[every["circular_id"] == str(circular_id)]
    if own.empty:
        raise unknown("circular", str(circular_id), every["circular_id"], lists="there are")
    facts = {str(name): "" if pd.isna(value) else str(value) for name, value in own.iloc[0].items()}
    facts["issued_on"] = facts["issued_on"][:10]
    restored = read_restored(_interim(project, circular_id))
    raw = _raw(project, restored.raw_file, restored.map.raw_length)
    contacts = load_contacts(project.reference)
    private = contacts.spans(restored.text)
    raw_private = [*contacts.spans(raw), *(restored.map.to_raw(*span) for span in private)]
    return Circular(
        id=circular_id,
        facts=facts,
        text=masked(restored.text, private),
        raw=masked(raw, raw_private),
        gaps=tuple((gap.start, gap.end) for gap in restored.gaps),
        private=tuple(private),
        map=restored.map,
    )


@dataclass(frozen=True)
class Circular:
    """One circular.

    Attributes:
        id: its id.
        facts: its row of `circulars` as texts; empty is missing.
        text: the restored text; rows' `start` and `end` count its characters. Contact details are blacked out.
        raw: the text as found, before any repair; repairs' `raw_start` and `raw_end` count its characters. Contact
            details are blacked out.
        gaps: places `[start, end)` of the restored text that could not be repaired safely.
        private: places that are blacked out.
    """

    id: str
    facts: Mapping[str, str]
    text: str = field(repr=False)
    raw: str = field(repr=False)
    gaps: tuple[tuple[int, int], ...] = field(repr=False)
    private: tuple[tuple[int, int], ...] = field(repr=False)
    map: OffsetMap = field(repr=False)

    def rows(self, table: TableName | str) -> pd.DataFrame:
        """Return the circular's rows of a table, in the order of the text.

        Raises:
            TongbaoError: there is no such table, or its rows belong to no circular.
        """
        frame = load(table)
        if "circular_id" not in frame.columns:
            raise TongbaoError(f"the rows of {table} belong to no circular", remedy=f"use tb.load({table!r})")
        return frame[frame["circular_id"] == self.id].reset_index(drop=True)

    @property
    def repairs(self) -> pd.DataFrame:
        """What was changed between `raw` and `text`; words that may not be published are missing."""
        return self.rows("repairs")

    def passage(self, words: str) -> "Passage":
        """Return the sentence of the restored text that holds `words`, with what was repaired in it.

        Args:
            words: as they stand in `text`, such as a row's `quote`.

        Raises:
            TongbaoError: they do not stand there.

        Examples:
            >>> import tongbao as tb
            >>> p = tb.circular("jiangsu-2018q3").passage("抽查合格率为96%")
            >>> "抽查合格率为96%" in p.restored
            True
            >>> len(p.repairs) > 0
            True
        """
        at = self.text.find(words) if words else -1
        if at < 0:
            raise TongbaoError(
                f"{words!r} does not stand in the restored text of {self.id}",
                remedy="copy the words from .text, or from the quote of one of its rows",
            )
        start = max(self.text.rfind(end, 0, at) for end in _ENDS) + 1
        stops = [found for end in _ENDS if (found := self.text.find(end, at + len(words) - 1)) >= 0]
        end = min(stops) + (self.text[min(stops)] != "\n") if stops else len(self.text)
        low, high = self.map.to_raw(start, end)
        repairs = self.repairs
        inside = (repairs["raw_start"] < high) & (repairs["raw_end"] > low)
        return Passage(self.text[start:end], self.raw[low:high], repairs[inside].reset_index(drop=True))

    def __repr__(self) -> str:
        shown = " · ".join(value for name in _FACTS if (value := self.facts[name]))
        counts = ", ".join(f"{name} {n}" for name, n in self._counts().items())
        return f"<circular {self.id}: {shown}; {counts}>"

    def _counts(self) -> dict[str, int]:
        return {name: n for name in tables if name != "circulars" and (n := len(_own(name, self.id)))}

    def __dir__(self) -> list[str]:
        """The names for completion."""
        return ["facts", "gaps", "id", "map", "passage", "private", "raw", "repairs", "rows", "text"]

    def _repr_html_(self) -> str:
        dress()
        marks, colours = self._marks()
        legend = " ".join(_chip(table, colour) for table, colour in colours.items())
        head = " · ".join(escape(self.facts[name]) for name in _FACTS if self.facts[name])
        return (
            f'<div style="{BOX}"><p><b>{escape(self.id)}</b> {head}</p>'
            f"<p>{legend} {_chip('not repaired', '#b91c1c') if self.gaps else ''}</p>"
            f"{''.join(self._paragraphs(marks, colours))}</div>"
        )

    def _marks(self) -> tuple[list[Mark], dict[str, str]]:
        marks: list[Mark] = []
        colours: dict[str, str] = {}
        for table in tables:
            frame = _own(table, self.id)
            if frame.empty or "quote" not in frame.columns:
                continue
            colours[table] = CATEGORICAL[len(colours) % len(CATEGORICAL)]
            for row in frame.to_dict("records"):
                marks.append(Mark(int(row["start"]), int(row["end"]), table, f"{table} {row['row']}: {_told(row)}"))
        marks += [Mark(start, end, "", "not repaired: no reading was safe enough") for start, end in self.gaps]
        return marks, colours

    def _paragraphs(self, marks: list[Mark], colours: Mapping[str, str]) -> Iterator[str]:
        at = 0
        for line in self.text.split("\n"):
            parts = []
            for low, high, covering in cut(at, at + len(line), marks):
                piece = escape(self.text[low:high])
                if covering:
                    notes = attribute("; ".join(mark.note for mark in covering))
                    kind = covering[0].kind
                    look = f"border-bottom:2px solid {colours[kind]};background:{colours[kind]}22" if kind else (
                        "outline:1px solid #b91c1c")  # fmt: skip
                    piece = f'<span style="{look}" title="{notes}">{piece}</span>'
                parts.append(piece)
            yield f'<p style="margin:.3em 0">{"".join(parts)}</p>'
            at += len(line) + 1


class Circulars(Mapping[str, Circular]):
    """All circulars by id: `tb.circulars` lists them, `tb.circulars["yanan-2016"]` gives one.

    Examples:
        >>> import tongbao as tb
        >>> "yanan-2016" in tb.circulars
        True
    """

    def __getitem__(self, circular_id: str) -> Circular:
        """Return one circular."""
        return circular(circular_id)

    def __contains__(self, circular_id: object) -> bool:
        return circular_id in _ids()

    def __iter__(self) -> Iterator[str]:
        return iter(_ids())

    def __len__(self) -> int:
        return len(_ids())

    def _ipython_key_completions_(self) -> list[str]:
        return _ids()

    def overview(self) -> pd.DataFrame:
        """Return one row a circular: what, by whom, about when."""
        columns = ["province", "issuer", "title", "doc_number", "period", "exercise", "copy_kind"]
        return load("circulars").set_index("circular_id")[columns]

    def __repr__(self) -> str:
        return f"{self.overview()[['issuer', 'period', 'exercise']].to_string()}\n\nOpen one with tb.circular(id)."

    def _repr_html_(self) -> str:
        dress()
        return f"{self.overview().to_html()}<p>Open one with <code>tb.circular(id)</code>.</p>"


circulars = Circulars()


def _ids() -> list[str]:
    return [str(value) for value in load("circulars")["circular_id"]]


def _own(table: str, circular_id: str) -> pd.DataFrame:
    frame = load(table)
    return frame[frame["circular_id"] == circular_id] if "circular_id" in frame.columns else frame.iloc[:0]


def _told(row: Mapping[Any, Any]) -> str:
    """The values of a row in one line, without its place."""
    hidden = {"circular_id", "row", "start", "end", "quote"}
    return ", ".join(f"{k} {told(v)}" for k, v in row.items() if k not in hidden and told(v))


def _chip(text: str, colour: str) -> str:
    return f'<span style="border-bottom:2px solid {colour};background:{colour}22">{escape(text)}</span>'


def _interim(project: Project, circular_id: str) -> Path:
    path = project.interim / "restored" / f"{circular_id}.json"
    if not path.is_file():
        raise TongbaoError(
            f"the restored text of {circular_id} has not been made",
            place=path.relative_to(project.root).as_posix(),
            remedy=_AGAIN,
        )
    return path


def _raw(project: Project, file_name: str, length: int) -> str:
    place = f"data/raw/{file_name}"
    try:
        data = (project.raw / file_name).read_bytes()
    except OSError:
        raise TongbaoError("the raw file is gone", place=place, remedy="restore it from version control") from None
    read = text_of(data, file_name)
    if isinstance(read, Refused) or len(read.text) != length:
        raise TongbaoError("the raw file is not the one that was restored", place=place, remedy=_AGAIN)
    return read.text
