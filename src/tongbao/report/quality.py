"""The page on the quality of the data: what is covered, what broke, what was repaired, left out or not understood.

What belongs here: the order of its parts, and those about whole tables. What does not: the parts that read a circular's
own record (`quality_texts`), the second source (`quality_coded`).
"""

from collections import Counter
from collections.abc import Sequence

from tongbao.project import Project
from tongbao.report.corrections import corrections_section
from tongbao.report.grid import Column, grid, link
from tongbao.report.headings import check_title, checks_held
from tongbao.report.language import say, translate
from tongbao.report.quality_coded import coded_part
from tongbao.report.quality_texts import texts_part
from tongbao.report.safe import attribute, escape
from tongbao.report.tables import Row, fact_tables, read_table
from tongbao.report.tiles import province_title

SURE = "stated"
"""The basis of a row that the text states outright; every other one is worked out from it."""


def quality_body(project: Project, language: str) -> str:
    """Return the HTML of the page's body.

    Raises:
        TongbaoError: the tidy tables or a circular's record have not been made.
    """
    circulars = read_table(project, "circulars")
    facts = {name: read_table(project, name) for name in fact_tables(project)}
    parts = [
        f"<p>{escape(say(_WHAT, language))}</p>",
        _contents(language),
        _head("coverage", language),
        _coverage(project, circulars, language),
        _rows(circulars, facts, language),
        _head("checks", language),
        _checks(read_table(project, "checks"), language),
        _head("repairs", language),
        _repairs(read_table(project, "repairs"), language),
        texts_part(project, circulars, facts, _head, language),
        _head("basis", language),
        _basis(facts, language),
        corrections_section(project, language),
        _head("left-out", language),
        _rejected(read_table(project, "rejected"), language),
        _head("coded", language),
        coded_part(project, language),
    ]
    return "\n".join(parts)


_WHAT = (
    "What the tables rest on, and where they may be wrong. Nothing was removed to make the picture better: a check "
    "that does not hold, a damaged place and a row left out all stand here with the reason."
)

_HEADS = {
    "coverage": "What is covered",
    "checks": "Checks of the circulars against themselves",
    "repairs": "Repairs",
    "copies": "Copies",
    "gaps": "Gaps",
    "doubtful": "Rows read from doubtful characters",
    "numerals": "Numerals not explained",
    "basis": "Rows not stated outright",
    "left-out": "Left out",
    "coded": "The second source: figures coded by hand",
}
"""Anchor and heading of every part, in their order."""


def _head(name: str, language: str) -> str:
    return f'<h2 id="{name}">{escape(say(_HEADS[name], language))}</h2>'


def _contents(language: str) -> str:
    items = "".join(f"<li>{link(f'#{name}', say(text, language))}</li>" for name, text in _HEADS.items())
    return f'<nav class="contents" aria-label="{attribute(say("On this page", language))}"><ul>{items}</ul></nav>'


def _coverage(project: Project, circulars: Sequence[Row], language: str) -> str:
    """Province by year: the number of circulars."""
    years = sorted({row["period"][:4] or "–" for row in circulars})
    counts = Counter((row["province_code"], row["period"][:4] or "–") for row in circulars)
    codes = sorted({row["province_code"] for row in circulars}, key=lambda code: (not code, code))
    columns = [Column(say("Province", language), is_head=True), *(Column(year, is_number=True) for year in years)]
    rows = [
        [
            escape(province_title(project, code, language) if code else say("no province", language)),
            *(str(counts[code, year] or "–") for year in years),
        ]
        for code in codes
    ]
    caption = say("Circulars by province and year of the period they report on", language)
    return grid(caption, columns, rows, name="by-province", language=language)


def _rows(circulars: Sequence[Row], facts: dict[str, list[Row]], language: str) -> str:
    counts = Counter((row["circular_id"], name) for name, rows in facts.items() for row in rows)
    columns = [
        Column(say("Circular", language), is_head=True),
        *(Column(translate(name, language).replace("_", " "), is_number=True) for name in facts),
    ]
    rows = [
        [_page(row["circular_id"]), *(str(counts[row["circular_id"], name] or "–") for name in facts)]
        for row in circulars
    ]
    return grid(say("Rows by circular and table", language), columns, rows, name="by-table", language=language)


def _checks(checks: Sequence[Row], language: str) -> str:
    broken = [row for row in checks if row["holds"].lower() != "true"]
    kinds = Counter(row["check"] for row in checks)
    failing = Counter(row["check"] for row in broken)
    columns = [
        Column(say("Check", language), is_head=True),
        Column(say("Made", language), is_number=True),
        Column(say("Hold", language), is_number=True),
        Column(say("Do not hold", language), is_number=True),
    ]
    rows = [
        [escape(check_title(k, language)), str(n), str(n - failing[k]), str(failing[k])]
        for k, n in sorted(kinds.items())
    ]
    summary = checks_held(len(checks), len(broken), language)
    both = grid(say("Checks by kind", language), columns, rows, name="checks-by-kind", language=language)
    return f"<p>{escape(summary)}</p>\n{both}\n{_broken(broken, language)}"


def _broken(broken: Sequence[Row], language: str) -> str:
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Check", language)),
        Column(say("Expected", language)),
        Column(say("Found", language)),
        Column(say("Note", language)),
    ]
    rows = [
        [
            link(f"circulars/{row['circular_id']}.html#checks-{row['row']}", f"{row['circular_id']} · {row['row']}"),
            escape(check_title(row["check"], language)),
            escape(translate(row["expected"], language)),
            escape(translate(row["found"], language)),
            escape(translate(row["note"], language)),
        ]
        for row in broken
    ]
    caption = say("Checks that do not hold, with both sides; the link leads to the place in the circular", language)
    return grid(caption, columns, rows, name="broken-checks", language=language)


def _repairs(repairs: Sequence[Row], language: str) -> str:
    columns = [
        Column(say("Kind of repair", language), is_head=True),
        Column(say("Repairs", language), is_number=True),
        Column(say("Confidence 1", language), is_number=True),
        Column(say("Below 1", language), is_number=True),
        Column(say("Lowest confidence", language), is_number=True),
    ]
    rows = []
    for kind in sorted({row["kind"] for row in repairs}):
        own = [float(row["confidence"]) for row in repairs if row["kind"] == kind]
        below = sum(value < 1 for value in own)
        name = say(kind.replace("_", " "), language)
        rows.append([escape(name), str(len(own)), str(len(own) - below), str(below), f"{min(own):.4g}"])
    unsure = [row for row in repairs if float(row["confidence"]) < 1]
    listed = [
        [
            link(f"circulars/{row['circular_id']}.html#repairs-{row['row']}", f"{row['circular_id']} · {row['row']}"),
            escape(row["raw"]),
            escape(row["restored"]),
            escape(say(row["kind"].replace("_", " "), language)),
            f"{float(row['confidence']):.4g}",
            escape(row["verified_by"] or "–"),
        ]
        for row in unsure
    ]
    single = [
        Column(say("Circular", language), is_head=True),
        Column(say("Raw", language)),
        Column(say("Restored", language)),
        Column(say("Kind of repair", language)),
        Column(say("Confidence", language), is_number=True),
        Column(say("Verified by", language)),
    ]
    caption = say("Repairs by kind and confidence", language)
    both = grid(caption, columns, rows, name="repairs-by-kind", language=language)
    caption = say("Every repair with a confidence below 1", language)
    return f"{both}\n{grid(caption, single, listed, name='unsure-repairs', language=language)}"


def _basis(facts: dict[str, list[Row]], language: str) -> str:
    """Rows by table and basis; all that are not stated outright are listed by circular."""
    kinds = sorted({row["basis"] for rows in facts.values() for row in rows} - {SURE})
    columns = [
        Column(say("Table", language), is_head=True),
        *(Column(say(kind, language), is_number=True) for kind in (SURE, *kinds)),
    ]
    rows = []
    for name, own in facts.items():
        counts = Counter(row["basis"] for row in own)
        title = translate(name, language).replace("_", " ")
        rows.append([escape(title), *(str(counts[kind] or "–") for kind in (SURE, *kinds))])
    caption = say("Rows by table and by what they rest on", language)
    table = grid(caption, columns, rows, name="by-basis", language=language)
    return f"<p>{escape(say(_BASIS, language))}</p>\n{table}"


_BASIS = (
    "Stated: the text says it. Listed: counted from a list of names. Computed: follows from other figures of the same "
    "text. Change: worked out from a change against another period. Streak: one of the periods of a run quoted as a "
    "whole."
)


def _rejected(rejected: Sequence[Row], language: str) -> str:
    if not rejected:
        return f"<p>{escape(say('No row and no file was left out.', language))}</p>"
    columns = [
        Column(say("Table", language), is_head=True),
        Column(say("Circular or file", language)),
        Column(say("Reason", language)),
        Column(say("Values", language)),
    ]
    rows = [
        [
            escape(say(row["table"], language).replace("_", " ")),
            _page(row["circular_id"]) if row["circular_id"] else escape(row.get("file") or "–"),
            escape(row["reason"]),
            escape(row.get("values") or "–"),
        ]
        for row in rejected
    ]
    return grid(say("Rows and files left out", language), columns, rows, name="rejected", language=language)


def _page(circular_id: str) -> str:
    return link(f"circulars/{circular_id}.html", circular_id)
