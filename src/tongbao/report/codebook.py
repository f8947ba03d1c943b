"""The codebook as a page: every table, every variable, in English or Chinese.

What belongs here: HTML of what `tongbao.tidy.codebook` holds. What does not: any number of its own.
"""

from collections.abc import Sequence

from tongbao.project import Project
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape
from tongbao.tidy.codebook import FILE, Variable, read_codebook
from tongbao.tidy.schema import Schema, TableSpec, load_schema

INTRO = "What each variable of the tables means, the values it takes, where it comes from, and how many rows have it."
FORM = (
    "Rates and shares are fractions in [0, 1], periods are 2016, 2018-Q3, 2018-H1 or 2017-09, and an empty cell is a "
    "missing value."
)
ROWS = "{n:d} rows in this table"
HEADS = (
    "Variable",
    "Label",
    "What it means",
    "Type and unit",
    "Values taken",
    "Where from",
    "Rows filled",
    "Lowest to highest",
)
RULES = "rules: {rules}"
ROOMS = {
    "read": "as found (read)",
    "restore": "restoration (restore)",
    "extract": "extraction (extract)",
    "tidy": "made with the table (tidy)",
    "coded": "coded by hand (coded)",
}
TYPES = {
    "text": "plain text",
    "integer": "whole number",
    "number": "decimal number",
    "boolean": "true or false",
    "date": "calendar date",
    "period": "period of time",
    "region_code": "code of a region",
}
UNITS = {
    "fraction": "fraction of one",
    "code points": "unit: code points",
    "repairs": "number of repairs",
    "places": "number of places",
    "numerals": "number of numerals",
}
REQUIRED, KEY = "always filled", "part of the key"
FILLED = "{n_filled:d} of {n_rows:d}"
RANGE = "{lowest} to {highest}"
AT_LEAST, AT_MOST = "no less than {bound}", "at most {bound}"
CONTENTS = "The tables"

SENTENCES = (
    *(INTRO, FORM, ROWS, *HEADS, RULES, *ROOMS.values(), *TYPES.values(), *UNITS.values(), REQUIRED, KEY, FILLED),
    *(RANGE, AT_LEAST, AT_MOST, CONTENTS),
)
"""Everything that the page says of itself, for the proof that each has its Chinese."""


def codebook_body(project: Project, language: str = "en") -> str:
    """Return the HTML of the codebook's body.

    Every table has the id `<table>` and every variable `<table>-<variable>`, which a link can lead to.

    Args:
        project: with `data/codebook.csv` made by the tidy stage.
        language: `en` or `zh`.

    Raises:
        TongbaoError: the codebook has not been made, or there is no such language.
    """
    book = read_codebook(project.tidy.parent / FILE)
    schema = load_schema(project.reference)
    tables = [(schema[name], variables) for name, variables in book.tables.items()]
    links = "".join(
        f'<li><a href="#{attribute(table.name)}">{escape(_title(table, language))}</a></li>' for table, _ in tables
    )
    parts = [
        f"<p>{escape(say(INTRO, language))}</p>",
        f"<p>{escape(say(FORM, language))}</p>",
        f"<h2>{escape(say(CONTENTS, language))}</h2>",
        f"<ul>{links}</ul>",
        *(_table(table, variables, schema, language) for table, variables in tables),
    ]
    return "\n".join(parts)


def _title(table: TableSpec, language: str) -> str:
    return f"{table.title_zh if language == 'zh' else table.title_en} ({table.name})"


def _table(table: TableSpec, variables: Sequence[Variable], schema: Schema, language: str) -> str:
    description = table.description_zh if language == "zh" else table.description_en
    n_rows = variables[0].n_rows if variables else 0
    heads = "".join(f'<th scope="col">{escape(say(head, language))}</th>' for head in HEADS)
    rows = "\n".join(_row(variable, language) for variable in variables)
    return (
        f'<h2 id="{attribute(table.name)}">{escape(_title(table, language))}</h2>\n'
        f"<p>{escape(description)}</p>\n<p>{escape(say(ROWS, language, n=n_rows))}</p>\n"
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>'
    )


def _row(variable: Variable, language: str) -> str:
    zh = language == "zh"
    cells = [
        f"<code>{escape(variable.variable)}</code>",
        escape(variable.title_zh if zh else variable.title_en),
        escape(variable.definition_zh if zh else variable.definition_en),
        "<br>".join(escape(text) for text in _kind(variable, language)),
        "<br>".join(_values(variable, language)),
        "<br>".join(escape(text) for text in _source(variable, language)),
        escape(say(FILLED, language, n_filled=variable.n_filled, n_rows=variable.n_rows)),
        escape(_range(variable, language)),
    ]
    name = attribute(f"{variable.table}-{variable.variable}")
    return f'<tr id="{name}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _kind(variable: Variable, language: str) -> list[str]:
    found = [say(TYPES[variable.type], language)]
    if variable.unit:
        found.append(say(UNITS.get(variable.unit, variable.unit), language))
    found += [say(REQUIRED, language)] if variable.required else []
    found += [say(KEY, language)] if variable.key == "yes" else []
    return found


def _values(variable: Variable, language: str) -> list[str]:
    found = [
        f"<code>{escape(v.code)}</code> {escape(v.title_zh if language == 'zh' else v.title_en)} ({v.n_rows:d})"
        for v in variable.values
    ]
    if variable.minimum:
        found.append(escape(say(AT_LEAST, language, bound=variable.minimum)))
    if variable.maximum:
        found.append(escape(say(AT_MOST, language, bound=variable.maximum)))
    return found


def _source(variable: Variable, language: str) -> list[str]:
    found = [say(ROOMS[variable.room], language)]
    if variable.rules:
        found.append(say(RULES, language, rules=", ".join(variable.rules)))
    return found


def _range(variable: Variable, language: str) -> str:
    if not variable.lowest:
        return ""
    if variable.lowest == variable.highest:
        return variable.lowest
    return say(RANGE, language, lowest=variable.lowest, highest=variable.highest)
