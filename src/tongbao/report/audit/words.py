"""How tables, columns, values and repairs are called on an audit page.

What belongs here: words and letters. What does not: layout.
"""

from decimal import Decimal, InvalidOperation

from tongbao.report.audit.load import ShownRepair, TidyRow
from tongbao.report.language import say, translate
from tongbao.tidy.schema import ColumnSpec, Schema, TableSpec

LETTERS = {
    "citations": "C",
    "pass_rates": "P",
    "grade_totals": "G",
    "ratings": "R",
    "score_counts": "S",
    "deductions": "D",
    "findings": "F",
    "sites": "W",
    "figures": "N",
}
"""The letter that stands before a span of a table, so that no reader depends on colours."""

_UNSAID = {"circular_id", "row", "start", "end", "quote", "basis"}
_REPAIRS = {
    "furniture": "page furniture cut",
    "pinyin": "annotation of a sound removed",
    "script": "traditional to simplified",
    "shifted_bytes": "bytes shifted back",
    "width": "width of punctuation",
    "spacing": "spacing of characters",
    "split_characters": "split character joined",
    "doc_number": "form of a document number",
    "doc_numbers": "form of a document number",
}
_FURNITURE = {"address": "page address", "related": "related links", "share": "share links", "counter": "visit counter"}
_BASES = {
    "stated": "printed",
    "listed": "counted from a list",
    "computed": "worked out",
    "change": "from a change",
    "streak": "from a streak",
}
_DERIVED = {
    "listed": "Counted from a printed list; the text prints no such number.",
    "computed": "Worked out by arithmetic from printed figures.",
    "change": "Follows from a change that the text states, such as “level with last quarter”.",
    "streak": "Follows from a run of periods that the text states, counted back from the period of the inspection.",
}


def letter(table: str) -> str:
    """The letter of a table; the first of its name where it has none of its own."""
    return LETTERS.get(table, table[:1].upper())


def table_title(spec: TableSpec, language: str) -> str:
    """The title of a table."""
    return spec.title_zh if language == "zh" else spec.title_en


def column_title(spec: ColumnSpec, language: str) -> str:
    """The title of a column."""
    return spec.title_zh if language == "zh" else spec.title_en


def described(schema: Schema, table: str, column: str, language: str) -> str:
    """The title of a column by its name."""
    return column_title(schema[table].by_name[column], language)


_CODE = "[a-z][a-z_]*"
"""The pattern of a column of codes whose list is open."""


def value(spec: ColumnSpec, text: str, language: str) -> str:
    """A cell as it is read: fractions as percentages, codes as words. Plain text; empty stays empty."""
    if not text:
        return ""
    if spec.type == "boolean":
        return say("yes", language) if text.lower() == "true" else say("no", language)
    if spec.unit == "fraction":
        return percent(text)
    if (spec.allowed or spec.pattern == _CODE) and text[0].isalpha():
        return code(text, language)
    return text


def code(text: str, language: str) -> str:
    """A code in words: by its own entry of the catalogue, else as it reads with blanks."""
    said = translate(text, language)
    return said if said != text else translate(text.replace("_", " "), language)


def percent(text: str) -> str:
    """A fraction as a percentage with all its digits: 0.327 is `32.7%`."""
    try:
        number = (Decimal(text) * 100).normalize()
    except InvalidOperation:
        return text
    return f"{number:f}%"


def basis(code: str, language: str) -> str:
    """How a value is known, in a word or two."""
    return say(_BASES.get(code, code), language)


def derivation(code: str, language: str) -> str:
    """How a value that is not printed follows, in a sentence."""
    return say(_DERIVED[code], language) if code in _DERIVED else basis(code, language)


def rule(name: str) -> str:
    """The name of a rule as it stands in the code."""
    return name.replace("_", " ")


def summary(row: TidyRow, schema: Schema, language: str) -> str:
    """What a row says, in one line: its filled columns with their titles. Plain text."""
    spec = schema[row.table]
    said = [
        f"{column_title(column, language)} {value(column, row.cells[column.name], language)}"
        for column in spec.columns
        if column.name not in _UNSAID and not column.name.endswith("_closed") and row.cells.get(column.name)
    ]
    return " · ".join(said)


def shown_columns(rows: tuple[TidyRow, ...], spec: TableSpec) -> list[ColumnSpec]:
    """The columns of a table that any of these rows fills, without those that every page repeats."""
    return [c for c in spec.columns if c.name not in _UNSAID and any(row.cells.get(c.name) for row in rows)]


def repair_kind(kind: str, language: str) -> str:
    """What kind of repair it is; kinds unknown here by their own name."""
    return say(_REPAIRS.get(kind, kind.replace("_", " ")), language)


def furniture_kind(kind: str, language: str) -> str:
    """What kind of furniture it is, as restoration classes it."""
    return say(_FURNITURE.get(kind, kind.replace("_", " ")), language)


def repair_proof(shown: ShownRepair, language: str) -> str:
    """How sure a repair is and why, where that needs saying. Plain text."""
    repair = shown.repair
    said = []
    if repair.confidence < 1:
        said.append(say("confidence {value}", language, value=f"{repair.confidence:.4g}"))
    if shown.is_public and repair.verified_by:
        said.append(say("verified by: {proof}", language, proof=repair.verified_by))
    return "; ".join(said)
