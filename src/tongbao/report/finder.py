"""The table that leads from a figure's place and period to its characters: the headline figures of every circular.

What belongs here: choosing and printing them. A headline figure is one that the circular gives for the widest place it
speaks of, a smallest or largest deduction, a count of a grade or of scores; all others stand on the audit page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tongbao.project import Project
from tongbao.report.grid import Column, grid, link
from tongbao.report.language import say
from tongbao.report.safe import escape
from tongbao.report.tables import Row, read_table
from tongbao.report.tiles import province_title
from tongbao.stats.result import Analysis

_WIDTHS = ("national", "province", "prefecture", "county", "zone", "group", "unit")
_SIGNS = {"=": "", ">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ "}
MEASURES = {"website": "websites", "openness": "openness", "new_media": "new media"}
_DEDUCTIONS = {"min": "Smallest deduction", "max": "Largest deduction"}
_SCORES = {
    "n_at_least": "Units with at least {points} points",
    "n_full_marks": "Units with full marks",
    "mean": "Mean score",
    "min": "Lowest score",
    "max": "Highest score",
    "share_at_least": "Share with at least {points} points",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: where it stands, and how it is printed; `interval` is empty where none may be given."""

    circular_id: str
    table: str
    row: str
    place: str
    period: str
    what: str
    printed: str
    interval: str
    quote: str


def find_table(project: Project, language: str) -> str:
    """Return the table of all headline figures with links to their rows on the audit pages."""
    circulars = {row["circular_id"]: row for row in read_table(project, "circulars")}
    columns = [
        Column(say("Province", language), is_head=True),
        Column(say("Place or group", language)),
        Column(say("Period", language)),
        Column(say("Figure", language)),
        Column(say("As printed", language), is_number=True),
        Column(say("Interval", language), is_number=True),
        Column(say("Where it stands", language)),
    ]
    rows = []
    for figure in figures(project, language):
        circular = circulars[figure.circular_id]
        code = circular["province_code"]
        target = f"circulars/{figure.circular_id}.html#{figure.table}-{figure.row}"
        rows.append(
            [
                escape(province_title(project, code, language) if code else "–"),
                escape(figure.place or "–"),
                escape(figure.period or circular["period"] or "–"),
                escape(figure.what),
                escape(figure.printed),
                escape(figure.interval or "–"),
                link(target, figure.quote),
            ]
        )
    caption = say(
        "Headline figures of every circular; the quotation leads to its sentence, raw and restored, with its repairs",
        language,
    )
    return grid(caption, columns, rows, name="find-figures", language=language, can_search=True)


def figures(project: Project, language: str) -> Iterator[Figure]:
    """Give the headline figures, by table and in the order of the rows."""
    yield from _pass_rates(project, language)
    for row in read_table(project, "grade_totals"):
        count = row["n_stated"] or row["n_listed"]
        if count:
            whole = f" {say('of {n}', language, n=row['group_n'])}" if row["group_n"] else ""
            what = say("Units graded {grade}", language, grade=row["grade"])
            yield _figure("grade_totals", row, row["group"], "", what, f"{count}{whole}")
    for row in read_table(project, "deductions"):
        if row["statistic"] in _DEDUCTIONS and row["points"]:
            what = say(_DEDUCTIONS[row["statistic"]], language)
            yield _figure("deductions", row, row["scope"], "", what, row["points"])
    for row in read_table(project, "score_counts"):
        what = say(_SCORES[row["statistic"]], language, points=row["threshold"])
        what += f" ({row['indicator']})" if row["indicator"] else ""
        yield _figure("score_counts", row, row["group"], row["period"], what, row["value"])


def _pass_rates(project: Project, language: str) -> Iterator[Figure]:
    """The pass rates of the widest place in each circular, with the intervals that the analysis allows."""
    analysed = _analysed(project)
    rates = read_table(project, "pass_rates")
    widest: dict[str, int] = {}
    for row in rates:
        width = _WIDTHS.index(row["scope_level"])
        widest[row["circular_id"]] = min(width, widest.get(row["circular_id"], width))
    for row in rates:
        if _WIDTHS.index(row["scope_level"]) != widest[row["circular_id"]]:
            continue
        known = analysed.get((row["circular_id"], row["row"]), {})
        what = say("Pass rate of {measure}", language, measure=say(MEASURES[row["measure"]], language))
        yield Figure(
            row["circular_id"],
            "pass_rates",
            row["row"],
            row["scope"],
            row["period"],
            what,
            printed_rate(row),
            _interval(known),
            row["quote"],
        )


def printed_rate(row: Row) -> str:
    """Return the rate of a row of pass rates as its text prints it, bound included."""
    if not row["rate"]:
        return "–"
    return f"{_SIGNS.get(row['comparator'], '')}{float(row['rate']) * 100:.6g}%"


def _figure(table: str, row: Row, place: str, period: str, what: str, printed: str) -> Figure:
    return Figure(row["circular_id"], table, row["row"], place, period, what, printed, "", row["quote"])


def _analysed(project: Project) -> dict[tuple[str, str], dict[str, object]]:
    """The rows of the analysis of pass rates by the rows of the table that they stem from."""
    path = project.analysis / "pass_rate_trends.json"
    tables = Analysis.read(path).tables if path.is_file() else {}
    if "rates" not in tables or not {"low", "high", "circular_id", "row"} <= set(tables["rates"].columns):
        return {}
    rows = tables["rates"].to_dict("records")
    return {(str(r["circular_id"]), str(r["row"])): {str(k): v for k, v in r.items()} for r in rows}


def _interval(row: dict[str, object]) -> str:
    low, high = row.get("low"), row.get("high")
    if not isinstance(low, float) or not isinstance(high, float) or low != low or high != high:
        return ""
    return f"{low * 100:.1f}–{high * 100:.1f}%"
