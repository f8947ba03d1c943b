"""The second source in short: how many figures were coded by hand, from what, and which of their checks do not hold.

What belongs here: counts and broken checks. What does not: the figures themselves, which have a page (`audit.coded`).
"""

from collections import Counter
from collections.abc import Sequence

from tongbao.project import Project
from tongbao.report.grid import Column, grid, link
from tongbao.report.headings import check_title, checks_held
from tongbao.report.language import say, translate
from tongbao.report.safe import escape
from tongbao.report.tables import Row, read_table


def coded_part(project: Project, language: str) -> str:
    """Return the HTML of the part: what it is, where all figures stand, how many there are, the broken checks.

    Raises:
        TongbaoError: the tables have not been made.
    """
    figures, checks = read_table(project, "coded_pass_rates"), read_table(project, "coded_checks")
    anchors = {_anchor(row["coded_file"], row["coded_row"]) for row in figures}
    return "\n".join(
        [
            f"<p>{escape(say(_WHAT, language))}</p>",
            f"<p>{link(PAGE, say('All figures coded by hand', language))} ({len(figures)})</p>",
            _by_kind(figures, language),
            _broken(checks, anchors, language),
        ]
    )


PAGE = "coded.html"
"""The page of all figures; it lies beside the one that this part belongs to."""

_WHAT = (
    "Pass rates that other circulars printed, coded by hand from copies and press reports. They were not extracted "
    "here, are shown apart everywhere, and are never pooled with extracted figures."
)


def _anchor(file: str, row: str) -> str:
    return f"coded-{file}-{row}"


def _by_kind(figures: Sequence[Row], language: str) -> str:
    counts = Counter((row["coded_file"], row["source_kind"]) for row in figures)
    columns = [
        Column(say("File", language), is_head=True),
        Column(say("Kind of source", language)),
        Column(say("Figures", language), is_number=True),
    ]
    rows = [
        [escape(file), escape(say(kind.replace("_", " "), language) if kind else "–"), str(n)]
        for (file, kind), n in sorted(counts.items())
    ]
    return grid(say("Coded figures by file", language), columns, rows, name="coded-files", language=language)


def _broken(checks: Sequence[Row], anchors: set[str], language: str) -> str:
    broken = [row for row in checks if row["holds"].lower() != "true"]
    summary = checks_held(len(checks), len(broken), language)
    columns = [
        Column(say("Figure", language), is_head=True),
        Column(say("Place", language)),
        Column(say("Period", language)),
        Column(say("Check", language)),
        Column(say("Expected", language)),
        Column(say("Found", language)),
        Column(say("Note", language)),
    ]
    rows = [
        [
            _to_figure(row["coded_file"], row["coded_row"], anchors)
            + (f"; {_to_figure(row['other_file'], row['other_row'], anchors)}" if row["other_file"] else ""),
            escape(row["scope"] or "–"),
            escape(row["period"] or "–"),
            escape(check_title(row["check"], language)),
            escape(translate(row["expected"], language)),
            escape(translate(row["found"], language)),
            escape(translate(row["note"], language) or "–"),
        ]
        for row in broken
    ]
    caption = say("Checks of the coded figures that do not hold, with both sides", language)
    return f"<p>{escape(summary)}</p>\n{grid(caption, columns, rows, name='coded-broken', language=language)}"


def _to_figure(file: str, row: str, anchors: set[str]) -> str:
    """A link to the figure on its page; plain text where the row gave none."""
    name = _anchor(file, row)
    return link(f"{PAGE}#{name}", f"{file} {row}") if name in anchors else escape(f"{file} {row}")
