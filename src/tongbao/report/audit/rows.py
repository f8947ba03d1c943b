"""The rows that were read from a circular: a table each, printed values first, derived ones in a panel of their own.

What belongs here: tables of rows. What does not: what a row rests on (`evidence`), the text (`text`).
"""

from collections.abc import Iterable

from tongbao.report.audit import words
from tongbao.report.audit.evidence import evidence_html, quoted
from tongbao.report.audit.load import Audited, TidyRow
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape

QUOTED = 24
"""Characters of a quote in a table; the whole stands in the row's evidence."""


def rows_html(audited: Audited, language: str) -> str:
    """Return the panel of all rows whose main value is printed, then that of the derived ones."""
    stated = {name: tuple(r for r in rows if not r.is_derived) for name, rows in audited.rows.items()}
    derived = {name: tuple(r for r in rows if r.is_derived) for name, rows in audited.rows.items()}
    parts = [f'<h2 id="rows">{escape(say("Rows read from the text", language))}</h2>']
    hint = "Each row’s number opens its sentence, the raw characters and what was repaired in them."
    parts.append(f'<p class="facts">{escape(say(hint, language))}</p>')
    parts += [_section(audited, name, rows, language, name) for name, rows in stated.items() if rows]
    if not any(stated.values()):
        parts.append(f"<p>{escape(say('No row states a printed value.', language))}</p>")
    parts.append(f'<h2 id="derived">{escape(say("Derived rows", language))}</h2>')
    if any(derived.values()):
        hint = "Their main value is not printed as such; each says what it rests on and how it follows."
        parts.append(f'<p class="facts">{escape(say(hint, language))}</p>')
    else:
        parts.append(f"<p>{escape(say('None: every value was printed as such.', language))}</p>")
    for name, rows in derived.items():
        if rows:
            parts.append(_section(audited, name, rows, language, f"{name}-derived" if stated[name] else name))
    parts.append(_empty(audited, language))
    return "\n".join(parts)


def _empty(audited: Audited, language: str) -> str:
    """The tables without rows, named so that a link to one of them does not lead nowhere."""
    names = [name for name, rows in audited.rows.items() if not rows]
    titles = (
        f'<span id="{attribute(n)}">{escape(words.table_title(audited.schema[n], language))}</span>' for n in names
    )
    if not names:
        return ""
    return (
        f'<p class="facts">{escape(say("Nothing was read from this circular for:", language))} {", ".join(titles)}</p>'
    )


def _section(audited: Audited, name: str, rows: tuple[TidyRow, ...], language: str, anchor: str) -> str:
    spec = audited.schema[name]
    title = words.table_title(spec, language)
    columns = words.shown_columns(rows, spec)
    numeric = {c.name for c in columns if c.type in ("integer", "number")}
    row_title, basis_title, quote_title = (
        words.described(audited.schema, name, column, language) for column in ("row", "basis", "quote")
    )
    with_basis = any(row.is_derived for row in rows)
    heads = [(row_title, False), (quote_title, False)]
    heads += [(words.column_title(c, language), c.name in numeric) for c in columns]
    heads += [(basis_title, False)] * with_basis
    head = "".join(f'<th scope="col"{_numeric(is_number)}>{escape(text)}</th>' for text, is_number in heads)
    bodies = []
    for row in rows:
        cells = "".join(
            f"<td{_numeric(c.name in numeric)}>{escape(words.value(c, row.cells[c.name], language))}</td>"
            for c in columns
        )
        cells += f"<td>{escape(words.basis(row.cells['basis'], language))}</td>" if with_basis else ""
        key = attribute(row.key)
        bodies.append(
            f'<tbody id="{key}"><tr><th scope="row"><a href="#{key}">{row.row}</a></th>'
            f'<td class="quote" lang="zh-CN">{_quote(audited, row)}</td>{cells}</tr>\n'
            f'<tr class="more"><td colspan="{len(heads)}">{evidence_html(audited, row, language)}</td></tr></tbody>'
        )
    label = f'<span class="key t-{attribute(name)}">{attribute(words.letter(name))}</span>'
    return (
        f'<section class="rows" id="{attribute(anchor)}">\n<h3>{label} {escape(title)} ({len(rows)})</h3>\n'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{attribute(title)}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n" + "\n".join(bodies) + "\n</table></div>\n</section>"
    )


def _quote(audited: Audited, row: TidyRow) -> str:
    if row.span is None:
        return ""
    start, end = row.span
    if end - start <= QUOTED:
        return quoted(audited, start, end).strip("…")
    return quoted(audited, start, start + QUOTED - 1).strip("…") + "…"


def _numeric(is_number: bool) -> str:
    return ' class="n"' if is_number else ""


def legend_html(audited: Audited, language: str) -> str:
    """Return the tables with the letter and line of their spans, how many rows each has, and a link to them."""
    items: Iterable[str] = (
        f'<li><a href="#{attribute(name)}">'
        f'<span class="key t-{attribute(name)}">{attribute(words.letter(name))}</span> '
        f"{escape(words.table_title(audited.schema[name], language))}</a> {len(rows)}</li>"
        for name, rows in audited.rows.items()
        if rows
    )
    return f'<ul class="legend">{"".join(items)}</ul>'
