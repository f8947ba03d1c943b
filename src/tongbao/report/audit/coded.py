"""The page of the second source: every figure that was coded by hand, so that a link to it has somewhere to lead.

What belongs here: the coded rows with what is known of their source, and the checks they are in. What does not: any
statistic. There is no text behind these figures; the page says so instead of a passage.
"""

from collections import defaultdict

from tongbao.project import Project
from tongbao.report.audit import words
from tongbao.report.audit.load import Cells, coded_tables
from tongbao.report.headings import check_title
from tongbao.report.language import say, translate
from tongbao.report.safe import attribute, escape
from tongbao.tidy.schema import Schema, load_schema

TABLE, CHECKS = "coded_pass_rates", "coded_checks"
_HIDDEN = {"coded_file", "scope_code", "province", "province_code", "parent"}


def coded_body(project: Project, language: str) -> str:
    """Return the body of the page: a table a province, each row with the id `coded-<file>-<row>`.

    Args:
        project: with tidy tables made; without a second source the page says so.
        language: of the words of the page (`en`, `zh`).
    """
    rows, checks = coded_tables(project, TABLE), coded_tables(project, CHECKS)
    said = (
        "Figures that other circulars printed, read by people in copies and coded by hand. Nothing was extracted here, "
        "so no passage stands behind them; each row names its source instead."
    )
    parts = ['<div class="audit coded" id="coded">', f"<p>{escape(say(said, language))}</p>"]
    if not rows:
        parts.append(f"<p>{escape(say('This collection holds no coded figures.', language))}</p>")
    schema = load_schema(project.reference)
    grouped: dict[str, list[Cells]] = defaultdict(list)
    for row in rows:
        grouped[row["province"]].append(row)
    broken = _broken(checks, schema, language)
    for province in sorted(grouped, key=lambda name: (name != "", grouped[name][0]["province_code"], name)):
        title = escape(province) if province else escape(say("The nation", language))
        parts.append(f"<h2>{title} ({len(grouped[province])})</h2>")
        parts.append(_table(grouped[province], broken, schema, province, language))
    return "\n".join([*parts, "</div>"])


def _broken(checks: list[Cells], schema: Schema, language: str) -> dict[tuple[str, str], list[str]]:
    """The checks that do not hold, by each row they are about."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    spec = schema[CHECKS].by_name
    for check in checks:
        if check["holds"].lower() == "true":
            continue
        sides = (
            f"{check_title(check['check'], language)}: "
            f"{words.column_title(spec['expected'], language)} {translate(check['expected'], language)}; "
            f"{words.column_title(spec['found'], language)} {translate(check['found'], language)}"
        )
        for file, row in (("coded_file", "coded_row"), ("other_file", "other_row")):
            if check[row]:
                found[(check[file], check[row])].append(sides)
    return found


def _table(
    rows: list[Cells], broken: dict[tuple[str, str], list[str]], schema: Schema, name: str, language: str
) -> str:
    spec = schema[TABLE]
    columns = [c for c in spec.columns if c.name not in _HIDDEN and any(row[c.name] for row in rows)]
    with_checks = any((row["coded_file"], row["coded_row"]) in broken for row in rows)
    heads = [words.column_title(c, language) for c in columns]
    heads += [say("Broken checks of the row", language)] * with_checks
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    lines = []
    for row in rows:
        key = attribute(f"coded-{row['coded_file']}-{row['coded_row']}")
        cells = []
        for column in columns:
            text = words.value(column, row[column.name], language)
            if column.name == "note":
                text = translate(text, language)
            if column.name == "coded_row":
                text = f"{row['coded_file'].replace('_', ' ')} {text}"
            kind = ' class="n"' if column.type in ("integer", "number") and column.name != "coded_row" else ""
            cells.append(f"<td{kind}>{escape(text)}</td>")
        if with_checks:
            said = "; ".join(broken.get((row["coded_file"], row["coded_row"]), ()))
            cells.append(f'<td class="broken">{escape(said)}</td>')
        lines.append(f'<tr id="{key}">{"".join(cells)}</tr>')
    label = attribute(name or say("The nation", language))
    body = "\n".join(lines)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )
