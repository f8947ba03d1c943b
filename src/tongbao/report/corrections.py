"""What people corrected, for the page on data quality: every correction before and after, with its reason.

Belongs here: the section as HTML, read from `data/tidy/corrections.csv`. What does not: making corrections.
"""

import json

from tongbao.project import Project
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape
from tongbao.report.tables import Row, read_table

CHANGES = ("set", "add", "delete")
"""Actions that change a table; the other, accept, says that somebody looked."""

_HEADS = ("Circular", "Row", "What was done", "The program says", "The tables say", "Reason", "By", "On")
_ACTIONS = {
    "set": "{column} set",
    "add": "row added",
    "delete": "row deleted",
    "accept": "looked at, left as read",
}


def corrections_section(project: Project, language: str) -> str:
    """Return the section of the corrections as HTML; without any it says so.

    Args:
        project: with `data/tidy/corrections.csv` made.
        language: `en` or `zh`.

    Raises:
        TongbaoError: the table has not been made.
    """
    rows = read_table(project, "corrections")
    title = f'<h2 id="corrections">{escape(say("Corrections by hand", language))}</h2>'
    if not rows:
        nothing = say("Nobody has corrected anything: the tables are as the program read them.", language)
        return f"{title}\n<p>{escape(nothing)}</p>"
    n_changes = sum(row["action"] in CHANGES for row in rows)
    intro = say(
        "{changes} corrections change the tables and {accepted} doubtful places were looked at and left as read. "
        "Rows that were added, or whose main value was set, have basis corrected and count as stated in the analyses; "
        "a row with only another column set keeps its basis.",
        language,
        changes=n_changes,
        accepted=len(rows) - n_changes,
    )
    head = "".join(f"<th>{escape(say(name, language))}</th>" for name in _HEADS)
    body = "\n".join(_line(row, language) for row in rows)
    return (
        f"{title}\n<p>{escape(intro)}</p>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def _line(row: Row, language: str) -> str:
    where = f"{row['table']} {row['table_row']}".strip()
    shown = escape(where)
    if row["table_row"]:
        page = f"circulars/{row['circular_id']}.html#{row['table']}-{row['table_row']}"
        shown = f'<a href="{attribute(page)}">{shown}</a>'
    done = say(_ACTIONS[row["action"]], language, column=row["column"])
    cells = [
        escape(row["circular_id"]),
        shown,
        escape(done),
        *(escape(_told(row[name], language)) for name in ("before", "after")),
        *(escape(row[name]) for name in ("reason", "who", "corrected_on")),
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _told(text: str, language: str) -> str:
    """A cell as it is; a whole row as its columns."""
    if not text.startswith("{"):
        return text or say("(empty)", language)
    try:
        values = json.loads(text)
    except ValueError:
        return text
    return "; ".join(f"{name}: {value}" for name, value in values.items() if name not in ("start", "end"))
