"""`tongbao review`: one doubtful thing after the other, in the terminal or through a pipe.

Each answer is tried on the circular before it is written, so that the file of corrections always builds. Text of the
circular is shown with everything written out that could act on a terminal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, load_contacts
from tongbao.project import Project
from tongbao.review.doubts import Doubt, context, doubts, read_circular
from tongbao.review.entries import entry_text, with_entry
from tongbao.review.sheets import coded_cell, load_truths
from tongbao.tidy.build import circular_ids
from tongbao.tidy.cells import BadCell
from tongbao.tidy.corpus import Corpus
from tongbao.tidy.corrections import Correction, correctable, settable
from tongbao.tidy.corrections_apply import Reading
from tongbao.tidy.corrections_read import load_corrections
from tongbao.tidy.escape import visible
from tongbao.tidy.rows import tidy_circular
from tongbao.tidy.schema import Schema, load_schema
from tongbao.tidy.whole import write_whole

ACTIONS = {"a": "accept", "s": "set", "d": "delete", "n": "add", "k": "skip", "q": "quit"}
_EMPTY = "null"


class _Quit(Exception):
    """The researcher has had enough for now."""


class _Back(Exception):
    """The answer was taken back, or cannot be; the question is asked again."""


@dataclass(slots=True)
class Review:
    """A walk through what is doubtful.

    Attributes:
        ask: shows a prompt and returns a line; raises EOFError at the end of the input.
        say: shows a line.
        who: the researcher's name; asked for once where it is empty.
        today: the date that entries get.
    """

    project: Project
    ask: Callable[[str], str]
    say: Callable[[str], None]
    who: str = ""
    today: date = field(default_factory=date.today)
    schema: Schema = field(init=False)
    contacts: ContactFinder = field(init=False)
    ids: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.schema, self.contacts = load_schema(self.project.reference), load_contacts(self.project.reference)
        self.ids = circular_ids(self.project.interim)
        if not self.ids:
            raise TongbaoError("nothing has been read yet", place="data/interim", remedy="run `make repro` first")

    def show_all(self, circular: str = "") -> int:
        """Show everything doubtful without asking; return how many things there are."""
        n = 0
        for reading, found in self._all(circular):
            for doubt in found:
                n += 1
                self._show(reading, doubt, f"[{n}]")
        self.say(f"{n} things to look at")
        return n

    def walk(self, circular: str = "") -> int:
        """Ask about one thing after the other; return how many entries were written.

        Raises:
            TongbaoError: the file of corrections is broken, or there is no such circular.
        """
        written = 0
        work = self._all(circular)
        total, number = sum(len(found) for _, found in work), 0
        try:
            for reading, found in work:
                for doubt in found:
                    number += 1
                    self._show(reading, doubt, f"[{number}/{total}]")
                    written += self._answer(reading, doubt)
        except (_Quit, EOFError, KeyboardInterrupt):
            pass
        self.say(f"{written} entries written to data/corrections.yml" + ("; now: make repro" if written else ""))
        return written

    def _all(self, circular: str) -> list[tuple[Reading, Sequence[Doubt]]]:
        if circular and circular not in self.ids:
            raise TongbaoError(
                f"no circular {circular!r} in the collection", place="review", remedy="see data/tidy/circulars.csv"
            )
        entries = load_corrections(self.project.corrections, self.schema, self.contacts)
        work: list[tuple[Reading, Sequence[Doubt]]] = []
        for circular_id in [circular] if circular else self.ids:
            reading = read_circular(self.project.interim, circular_id, self.schema, self.contacts)
            work.append((reading, doubts(reading, _about(entries, circular_id))))
        return work

    def _show(self, reading: Reading, doubt: Doubt, number: str) -> None:
        self.say(f"{number} {visible(doubt.circular_id)} · {doubt.table}")
        for why in doubt.why:
            self.say(f"  why:     {visible(why)}")
        passage = context(reading, doubt)
        if passage:
            self.say(f"  text:    {visible(passage)}")
        if doubt.raw:
            self.say(f"  raw:     {visible('; '.join(doubt.raw))}")
        said = "; ".join(f"{name} = {value}" for name, value in doubt.says.items())
        if doubt.table == "checks":
            said = f"{doubt.what['check']}: {said}"
        self.say(f"  program: {visible(said)}")

    def _answer(self, reading: Reading, doubt: Doubt) -> int:
        """Ask until there is an answer; return how many entries it wrote."""
        allowed = [*correctable(self.schema, doubt.table), "skip", "quit"]
        if "add" not in allowed:
            allowed.insert(1, "add")
        letters = {letter: action for letter, action in ACTIONS.items() if action in allowed}
        choice = ", ".join(f"{letter} {action}" for letter, action in letters.items())
        while True:
            given = self.ask(f"  {choice} > ").strip().casefold()
            action = letters.get(given, given)
            if action in ("", "skip"):
                return 0
            if action == "quit":
                raise _Quit
            if action not in allowed:
                self.say("  one of these, please")
                continue
            try:
                fields = {"circular": doubt.circular_id, **self._fields(reading, doubt, action)}
                self._write(reading, fields)
            except _Back as back:
                self.say(f"  {visible(str(back))}")
            else:
                return 1

    def _fields(self, reading: Reading, doubt: Doubt, action: str) -> dict[str, Any]:
        if action in ("accept", "delete"):
            return {"table": doubt.table, "what": dict(doubt.what), "action": action, "expect": dict(doubt.says)}
        if action == "set":
            column = self._column(doubt.table)
            value = self._cell(doubt.table, column)
            return {
                "table": doubt.table,
                "what": dict(doubt.what),
                "action": action,
                "column": column,
                "value": value,
                "expect": doubt.says.get(column),
            }
        table = doubt.table if "add" in correctable(self.schema, doubt.table) else ""
        table = self.ask(f"  table{f' ({table})' if table else ''}: ").strip() or table
        if "add" not in correctable(self.schema, table):
            raise _Back(f"no rows can be added to {table!r}")
        quote = self.ask("  quote (the passage, exactly): ").strip() or str(doubt.what.get("quote") or "")
        values: dict[str, Any] = {}
        for spec in settable(self.schema[table]):
            if spec.required:
                values[spec.name] = self._cell(table, spec.name)
        while name := self.ask("  further column (empty: done): ").strip():
            if name not in {c.name for c in settable(self.schema[table])}:
                self.say("  no such column: " + ", ".join(c.name for c in settable(self.schema[table])))
                continue
            values[name] = self._cell(table, name)
        return {"table": table, "what": {"quote": quote}, "action": "add", "value": values}

    def _column(self, table: str) -> str:
        names = [c.name for c in settable(self.schema[table])]
        name = self.ask("  column: ").strip()
        if name not in names:
            raise _Back("use one of " + ", ".join(names))
        return name

    def _cell(self, table: str, name: str) -> Any:
        column = self.schema[table].by_name[name]
        hint = f" ({'|'.join(column.allowed)})" if column.allowed else ""
        given = self.ask(f"  {name}{hint}: ").strip()
        if not given:
            raise _Back(f"nothing given; {_EMPTY} empties a cell")
        try:
            value = None if given == _EMPTY else coded_cell(column, given, load_truths(self.project.reference))
        except BadCell as error:
            raise _Back(str(error)) from None
        return value.isoformat() if isinstance(value, date) else value

    def _write(self, reading: Reading, fields: dict[str, Any]) -> None:
        reason = self.ask("  reason: ").strip()
        if not reason:
            raise _Back("a correction needs a reason")
        while not self.who:
            self.who = self.ask("  your name (no contact details): ").strip()
        path = self.project.corrections
        content = with_entry(path, entry_text(fields, reason, self.who, self.today))
        try:
            self._try(path, content, reading)
        except TongbaoError as error:
            if "contact details" in error.message:
                self.who = ""
            raise _Back(f"not written: {error.message}. {error.remedy}") from None
        write_whole(path, content)

    def _try(self, path: Path, content: bytes, reading: Reading) -> None:
        """Raise TongbaoError unless the circular can be built with the new content."""
        with TemporaryDirectory(prefix="tongbao-review-") as folder:
            trial = Path(folder) / path.name
            trial.write_bytes(content)
            entries = load_corrections(trial, self.schema, self.contacts)
        own = _about(entries, reading.interim.circular_id)
        tidy_circular(reading.interim, self.schema, self.contacts, None, Corpus(frozenset(self.ids)), own)


def _about(entries: Sequence[Correction], circular_id: str) -> list[Correction]:
    return [entry for entry in entries if entry.circular_id == circular_id]
