"""One circular from restored text to facts: the rules in their order, then the ledger of numerals."""

from collections.abc import Callable, Iterator
from typing import Any

from tongbao.extract.checks import document_checks
from tongbao.extract.citations import citation_checks, citations
from tongbao.extract.context import Context, read_context
from tongbao.extract.deduction_tables import table_deductions
from tongbao.extract.document import Document
from tongbao.extract.facts import Check, Extraction, Fact
from tongbao.extract.figures import figures
from tongbao.extract.findings import findings
from tongbao.extract.grades import grades
from tongbao.extract.ledger import read_ledger
from tongbao.extract.pass_rates import pass_rates
from tongbao.extract.rates_inspection import exercise_of
from tongbao.extract.scores import scores
from tongbao.extract.sites import sites

Rule = Callable[[Context], Iterator[Fact | Check]]

RULES: tuple[Rule, ...] = (citations, citation_checks, pass_rates, scores, table_deductions, grades, findings, sites)
"""Every rule reads the same context; none sees another's facts. Figures come last: they take what is left."""


def extract(circular_id: str, text: str) -> Extraction:
    """Read one restored text.

    Args:
        circular_id: its id.
        text: the restored text; offsets of all facts count its characters.
    """
    context = read_context(Document(circular_id, text))
    found: list[Fact | Check] = []
    for rule in RULES:
        found.extend(rule(context))
    facts = [x for x in found if isinstance(x, Fact)]
    facts += figures(context, facts)
    facts.sort(key=lambda f: (f.table, f.start, f.end))  # stable: rows of one span keep the order of their rule
    checks = [x for x in found if isinstance(x, Check)]
    checks += document_checks(context, facts)
    return Extraction(
        circular_id=circular_id,
        circular=circular_row(context),
        facts=tuple(facts),
        checks=tuple(checks),
        numerals=read_ledger(context.document, facts, checks),
    )


def circular_row(context: Context) -> dict[str, Any]:
    """Return the columns of `circulars` that the text itself gives."""
    row: dict[str, Any] = {
        "title": context.title,
        "doc_number": context.doc_number,
        "issuer": context.issuer,
        "issuer_level": context.issuer_level,
        "issued_on": context.issued_on.isoformat() if context.issued_on else "",
        "period": context.period,
        "exercise": exercise_of(context),
    }
    return {k: v for k, v in row.items() if v != ""} | context.territory


def to_json(extraction: Extraction) -> dict[str, Any]:
    """Return the extraction as plain data; text around unexplained numerals is not copied (it may be private).

    An explained numeral is handed on by its place and what explains it: a table, `checks`, or a class.
    """
    open_numerals = [n for n in extraction.numerals if not n.explained_by]
    return {
        "circular_id": extraction.circular_id,
        "circular": dict(extraction.circular),
        "facts": [
            {
                "table": f.table,
                "start": f.start,
                "end": f.end,
                "basis": f.basis,
                "rule": f.rule,
                "values": dict(f.values),
                "uses": [list(span) for span in f.uses],
            }
            for f in extraction.facts
        ],
        "checks": [
            {"check": c.check, "expected": c.expected, "found": c.found, "holds": c.holds, "note": c.note}
            for c in extraction.checks
        ],
        "numerals": {
            "n_numerals": len(extraction.numerals),
            "n_numerals_explained": len(extraction.numerals) - len(open_numerals),
            "unexplained": [{"start": n.start, "end": n.end, "text": n.text} for n in open_numerals],
            "explained": [
                {"start": n.start, "end": n.end, "explained_by": n.explained_by}
                for n in extraction.numerals
                if n.explained_by
            ],
        },
    }
