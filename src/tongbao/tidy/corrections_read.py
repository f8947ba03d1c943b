"""`data/corrections.yml` read into entries, each checked against the schema.

Whether an entry fits what the program reads today is asked in `corrections_apply`. Every error names file, line and
entry, and says what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder
from tongbao.tidy.candidates import CHECKS, CIRCULARS
from tongbao.tidy.cells import BadCell, read_cell
from tongbao.tidy.corrections import GAPS, NUMERALS, Action, Correction, What, columns_of, correctable, settable
from tongbao.tidy.corrections_yaml import Fields, Scalar, read_entries, shown_path
from tongbao.tidy.schema import DATE, ColumnSpec, Schema

_NTH = "nth"
_FIELDS = ("circular", "table", "what", "action", "column", "value", "expect", "reason", "who", "when")
_WANTED: dict[str, tuple[str, ...]] = {
    "set": ("column", "value", "expect"),
    "delete": ("expect",),
    "add": ("value",),
    "accept": ("expect",),
}
_ALWAYS = ("circular", "table", "action", "reason", "who", "when")
_EXAMPLES = {
    "text": "the text",
    "integer": "a whole number such as 270",
    "number": "a number such as 8.5",
    "boolean": "true or false",
    "date": "a date such as 2018-09-07",
    "period": "a period such as 2018-Q3",
    "region_code": "six digits such as 320000",
}


def load_corrections(path: Path, schema: Schema, contacts: ContactFinder) -> tuple[Correction, ...]:
    """Return the entries of the file in their order; none where there is no file.

    Args:
        path: usually `data/corrections.yml`.
        schema: the tables.
        contacts: finds contact details, which must not stand in the file.

    Raises:
        TongbaoError: an entry is not as the head of the file describes it; it names file, line and remedy.
    """
    file = shown_path(path)
    return tuple(
        _Reader(fields, file, number, schema, contacts).read() for number, fields in enumerate(read_entries(path), 1)
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one entry."""

    fields: Fields
    file: str
    number: int
    schema: Schema
    contacts: ContactFinder

    def read(self) -> Correction:
        given = self.fields.values
        for name, field in given.items():
            if name not in _FIELDS:
                raise self._wrong(f"unknown field {name!r}", f"use {', '.join(_FIELDS)}", field.line)
        for name in _ALWAYS:
            if name not in given:
                raise self._wrong(f"the field {name!r} is missing", "add it")
        action = self._action()
        table = self._text("table")
        allowed = correctable(self.schema, table)
        if not allowed:
            named = ", ".join(t.name for t in self.schema.tables if correctable(self.schema, t.name))
            raise self._wrong(
                f"no table {table!r} that can be corrected", f"use {named}, {NUMERALS} or {GAPS}", given["table"].line
            )
        if action not in allowed:
            raise self._wrong(f"{action} is nothing that can be done in {table}", f"use {', '.join(allowed)}")
        for name in ("column", "value", "expect"):
            if name in _WANTED[action] and name not in given:
                raise self._wrong(f"the field {name!r} is missing for {action}", "add it (null for an empty cell)")
            if name not in _WANTED[action] and name in given:
                raise self._wrong(f"{action} has no field {name!r}", "remove it", given[name].line)
        columns = columns_of(self.schema, table)
        entry = Correction(
            file=self.file,
            line=self.fields.line,
            number=self.number,
            circular_id=self._text("circular"),
            table=table,
            what=self._what(table, columns),
            action=action,
            reason=self._own_words("reason"),
            who=self._own_words("who"),
            when=self._when(),
            **self._content(action, table, columns),
        )
        if entry.action == "add" and entry.what.values:
            raise entry.wrong("what holds more than a quote", "put the columns of the new row under value")
        return entry

    def _wrong(self, message: str, remedy: str, line: int | None = None) -> TongbaoError:
        shown = [f.text for n in ("action", "table") if isinstance(f := self.fields.values.get(n), Scalar)]
        entry = f"entry {self.number}: {' '.join(shown)}" if shown else f"entry {self.number}"
        return TongbaoError(message, place=f"{self.file}, line {line or self.fields.line} ({entry})", remedy=remedy)

    def _action(self) -> Action:
        found = self._text("action")
        for action in get_args(Action):
            if found == action:
                return action  # type: ignore[no-any-return]
        raise self._wrong(
            f"unknown action {found!r}", f"use {', '.join(get_args(Action))}", self.fields.values["action"].line
        )

    def _content(self, action: Action, table: str, columns: dict[str, ColumnSpec]) -> dict[str, Any]:
        if action in ("delete", "accept"):
            return {"expect": self._values("expect", columns, least=1)}
        if action == "add":
            given = self._values("value", {c.name: c for c in settable(self.schema[table])}, least=1)
            self._complete(table, dict(given))
            return {"values": given}
        name = self._text("column")
        spec = {c.name: c for c in settable(self.schema[table])}.get(name)
        if spec is None:
            raise self._unknown(name, [c.name for c in settable(self.schema[table])], self.fields.values["column"].line)
        value = self._cell(spec, self.fields.values["value"])
        self._allowed(spec, value, self.fields.values["value"].line)
        return {"column": name, "value": value, "expect": ((name, self._cell(spec, self.fields.values["expect"])),)}

    def _what(self, table: str, columns: dict[str, ColumnSpec]) -> What:
        field = self.fields.values.get("what")
        if field is None:
            if table == CIRCULARS:
                return What(None)
            raise self._wrong("the field 'what' is missing", "name the row by its quote")
        if isinstance(field, Scalar):
            field = Fields({"quote": field}, field.line)
        quoted = table not in (CIRCULARS, CHECKS)
        quote, nth, values = None, None, []
        for name, value in field.values.items():
            if not isinstance(value, Scalar):
                raise self._wrong(f"what.{name} is no plain value", "write one value", value.line)
            if name == "quote" and quoted:
                quote = value.text
            elif name == _NTH:
                if value.kind != "int" or not value.text.isdigit() or int(value.text) < 1:
                    raise self._wrong("what.nth is no number from 1", "count the equal rows from 1", value.line)
                nth = int(value.text)
            elif name in columns:
                values.append((name, self._cell(columns[name], value)))
            else:
                raise self._unknown(name, [*(["quote"] if quoted else []), *columns, _NTH], value.line)
        if quoted and not quote:
            raise self._wrong("what has no quote", "quote the passage that the row is tied to", field.line)
        if quote is not None and quote in self.contacts:
            raise self._private(field.line)
        return What(quote, tuple(values), nth)

    def _values(self, name: str, columns: dict[str, ColumnSpec], least: int) -> tuple[tuple[str, Any], ...]:
        field = self.fields.values[name]
        if not isinstance(field, Fields) or len(field.values) < least:
            raise self._wrong(f"{name} names no columns", "write `column: value` below it", field.line)
        cells = []
        for column, value in field.values.items():
            if column not in columns:
                raise self._unknown(column, columns, value.line)
            cell = self._cell(columns[column], value)
            if name == "value":
                self._allowed(columns[column], cell, value.line)
            cells.append((column, cell))
        return tuple(cells)

    def _cell(self, column: ColumnSpec, field: Scalar | Fields) -> Any:
        """The value in the type of its column; whether the column allows it is another question."""
        if not isinstance(field, Scalar):
            raise self._wrong(f"{column.name} is no plain value", "write one value", field.line)
        if field.kind == "null":
            return None
        text, remedy = field.text, f"write {_EXAMPLES[column.type]}"
        if text in self.contacts:
            raise self._private(field.line)
        try:
            if column.type == "integer" and field.kind == "int":
                return int(text)
            if column.type == "number" and field.kind in ("int", "float"):
                return float(text)
            if column.type == "boolean" and field.kind == "bool":
                return {"true": True, "false": False}[text.lower()]
        except (ValueError, KeyError):
            pass
        else:
            if column.type not in ("integer", "number", "boolean"):
                return text
        if column.unit == "fraction":
            remedy = "write a fraction such as 0.959 for 95.9%"
        raise self._wrong(f"{column.name} {text!r} is no {column.type}", remedy, field.line)

    def _allowed(self, column: ColumnSpec, value: Any, line: int) -> None:
        try:
            read_cell(column, value)
        except BadCell as error:
            raise self._wrong(str(error), "write a value that the codebook allows for this column", line) from None

    def _complete(self, table: str, values: dict[str, Any]) -> None:
        missing = [c.name for c in settable(self.schema[table]) if c.required and values.get(c.name) is None]
        if missing:
            line = self.fields.values["value"].line
            raise self._wrong(f"a row of {table} needs {', '.join(missing)}", "add them under value", line)

    def _text(self, name: str) -> str:
        field = self.fields.values[name]
        if not isinstance(field, Scalar) or field.kind == "null" or not field.text.strip():
            raise self._wrong(f"the field {name!r} is empty", "fill it in", field.line)
        return field.text

    def _own_words(self, name: str) -> str:
        text = self._text(name)
        if text in self.contacts:
            raise self._private(self.fields.values[name].line)
        return text

    def _when(self) -> date:
        text = self._text("when")
        try:
            if DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self._wrong(f"when {text!r} is no date", "write it as 2026-03-31", self.fields.values["when"].line)

    def _unknown(self, name: str, known: Iterable[str], line: int) -> TongbaoError:
        return self._wrong(f"unknown column {name!r}", f"use {', '.join(known)}", line)

    def _private(self, line: int) -> TongbaoError:
        return self._wrong("it holds contact details", "leave them out: the file is published", line)
