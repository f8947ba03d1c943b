"""The front page: what the project holds, what it found out, what it could not read, how to cite it.

What belongs here: the body of `reports/index.html`, read from the tidy tables and the analyses. What does not:
any number that they do not hold.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import yaml

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import figure
from tongbao.report.pages import Page
from tongbao.report.safe import attribute, escape
from tongbao.stats.result import Analysis
from tongbao.tidy.escape import restore_text

Row = dict[str, str]

_WHAT = (
    "Tongbao (通报) turns scraped circulars on inspections of Chinese government websites into repaired text, "
    "tidy tables and comparisons, and leads every number back to the characters it was read from.",
    "What the circulars do not support is refused, with the reason; nothing is guessed.",
)


def index_body(project: Project, pages: Sequence[Page], failed: Iterable[str]) -> str:
    """Return the HTML of the front page's body.

    Args:
        project: its tidy tables, analyses and CITATION.cff are read.
        pages: all pages in order.
        failed: slugs of those that could not be built; they are named but not linked.

    Raises:
        TongbaoError: the tidy tables have not been made.
    """
    circulars = read_table(project, "circulars")
    broken = set(failed)
    themes = [p for p in pages if p.slug.startswith("themes/")]
    provinces = [p for p in pages if p.slug.startswith("provinces/")]
    parts = [
        *(f"<p>{escape(text)}</p>" for text in _WHAT),
        "<h2>Comparisons</h2>",
        _page_list(themes, broken),
        "<h2>Provinces</h2>",
        _page_list(provinces, broken) if provinces else "<p>No province has an analysis yet.</p>",
        f"<h2>Circulars ({len(circulars)})</h2>",
        "\n".join(_circular(row) for row in circulars) or "<p>No circulars yet.</p>",
        "<h2>Tables</h2>",
        _row_counts(project),
        "<h2>Checks</h2>",
        _checks(read_table(project, "checks")),
        "<h2>Left out</h2>",
        _rejected(read_table(project, "rejected")),
        "<h2>How to cite</h2>",
        f"<p>{escape(citation(project.root / 'CITATION.cff'))}</p>",
    ]
    return "\n".join(parts)


def read_table(project: Project, name: str) -> list[Row]:
    """Return the rows of `data/tidy/<name>.csv` with the texts as they were before they were made safe for CSV.

    Raises:
        TongbaoError: the table has not been made.
    """
    path = project.tidy / f"{name}.csv"
    if not path.is_file():
        raise TongbaoError(
            f"the table {name} has not been made",
            place=path.relative_to(project.root).as_posix(),
            remedy="run `dvc repro`, which makes it before the pages",
        )
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [{k: restore_text(v) for k, v in row.items()} for row in csv.DictReader(handle)]


def citation(path: Path) -> str:
    """Return the citation that a CITATION.cff file asks for, as a sentence."""
    if not path.is_file():
        return "This project has no CITATION.cff; cite the circulars themselves."
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    authors = ", ".join(_author(a) for a in content.get("authors", []))
    known = [authors, str(content["title"])]
    known += [f"Version {content['version']}"] if "version" in content else []
    known += [str(content[key]) for key in ("doi", "repository-code", "url") if key in content]
    return ". ".join(part.rstrip(".") for part in known if part) + "."


def _author(author: Row) -> str:
    return author.get("name") or " ".join(filter(None, (author.get("given-names"), author.get("family-names"))))


def _page_list(pages: Sequence[Page], failed: set[str]) -> str:
    items = []
    for page in pages:
        name = escape(page.title)
        link = f'<a href="{attribute(page.slug)}.html">{name}</a>'
        note = _headline(page)
        text = f"{name}: this page could not be built" if page.slug in failed else link
        items.append(f"<li>{text}{'<br>' + escape(note) if note else ''}</li>")
    return "<ul>\n" + "\n".join(items) + "\n</ul>"


def _headline(page: Page) -> str:
    """The first note of the page's own analysis."""
    own = [path for path in page.inputs[:1] if path.is_file()]
    notes = Analysis.read(own[0]).notes if own else []
    return notes[0] if notes else ""


def _circular(row: Row) -> str:
    title = escape(row["title"]) if row["title"] else "<i>no title printed</i>"
    facts = [
        row["issuer"] or "issuer not printed",
        row["doc_number"] or "no document number",
        row["period"] or "period not stated",
        row["exercise"].replace("_", " "),
        f"{row['n_repairs']} repairs",
        f"{row['n_numerals_explained']} of {row['n_numerals']} numerals explained",
    ]
    name = attribute(f"circular-{row['circular_id']}")
    shown = escape(" · ".join(fact for fact in facts if fact))
    return f'<h3 id="{name}">{title}</h3>\n<p class="facts">{escape(row["circular_id"])}<br>{shown}</p>'


def _row_counts(project: Project) -> str:
    names = sorted(p.stem for p in project.tidy.glob("*.csv") if p.stem != "rejected")
    counts = pd.DataFrame({"table": names, "rows": [len(read_table(project, n)) for n in names]})
    return figure.table(counts, "Rows in data/tidy", name="tables").html


def _checks(checks: Sequence[Row]) -> str:
    broken = [row for row in checks if row["holds"].lower() != "true"]
    text = f"{len(checks) - len(broken)} of {len(checks)} checks hold; {len(broken)} do not."
    if not broken:
        return f"<p>{text}</p>"
    columns = ["circular_id", "row", "check", "expected", "found", "note"]
    shown = pd.DataFrame([{c: row[c] for c in columns} for row in broken], columns=columns)
    return f'<p class="broken">{text}</p>\n' + figure.table(shown, "Broken checks", name="checks").html


def _rejected(rejected: Sequence[Row]) -> str:
    if not rejected:
        return "<p>No row and no file was left out.</p>"
    columns = ["table", "circular_id", "file", "reason"]
    shown = pd.DataFrame([{c: row.get(c, "") for c in columns} for row in rejected], columns=columns)
    return figure.table(shown, "Rows and files left out", name="rejected").html
