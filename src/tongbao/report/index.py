"""The front page: what the project holds, what it found out, what it could not read, how to cite it.

What belongs here: the body of `reports/index.html`, read from the tidy tables and the analyses. What does not:
any number that they do not hold.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import yaml

from tongbao.project import Project
from tongbao.report import figure
from tongbao.report.safe import attribute, escape
from tongbao.report.tables import Row, read_table

_WHAT = (
    "Tongbao (通报) turns scraped circulars on inspections of Chinese government websites into repaired text, "
    "tidy tables and comparisons, and leads every number back to the characters it was read from.",
    "What the circulars do not support is refused, with the reason; nothing is guessed.",
)


def index_body(project: Project, failed: Sequence[str], language: str) -> str:
    """Return the HTML of the front page's body.

    Args:
        project: its tidy tables, analyses and CITATION.cff are read.
        failed: addresses of pages that could not be built; they are named but not linked.
        language: "en" or "zh".

    Raises:
        TongbaoError: the tidy tables have not been made.
    """
    circulars = read_table(project, "circulars")
    parts = [
        *(f"<p>{escape(text)}</p>" for text in _WHAT),
        "<h2>Comparisons</h2>",
        f"<h2>Circulars ({len(circulars)})</h2>",
        "\n".join(_circular(row) for row in circulars) or "<p>No circulars yet.</p>",
        "<h2>Tables</h2>",
        _row_counts(project),
        "<h2>How to cite</h2>",
        f"<p>{escape(citation(project.root / 'CITATION.cff'))}</p>",
    ]
    return "\n".join(parts)


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
