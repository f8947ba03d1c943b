"""The ledger of numerals: every numeral of a circular is tied to a row or classed with a reason, or is left open.

Classes are for numerals that say when, where to find or how to reach, never for figures: a figure that no rule
has read stays unexplained and is listed for review.
"""

import re
from collections.abc import Iterable

from tongbao.extract.contacts import load_contacts
from tongbao.extract.document import DATE, DOC_NUMBER, Document
from tongbao.extract.facts import Check, Fact, Numeral, Span
from tongbao.extract.mentions import digits_runs
from tongbao.extract.periods import find_periods
from tongbao.project import find_project

_CLASSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("document number", DOC_NUMBER),
    ("date", DATE),
    ("date", re.compile(r"(?:(?:19|20)\d\d年)?(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])日")),
    ("address", re.compile(r"(?:https?://|www\.)[\w./?=&%-]+")),
    ("version", re.compile(r"(?:IPv|IE)\d+(?:\.\d+)?", re.I)),
    ("site code", re.compile(r"(?<![A-Za-z0-9])(?:N\d{9}|bm\d{8}|\d{10})(?!\d)")),
    ("list number", re.compile(r"(?m)^\s*(?:附件)?\d{1,2}[.．、：:|](?!\d)|(?m:^)\d{1,3}\s*\|")),
    ("list number", re.compile(r"(?:(?<=[\s：；;。|])|(?<=件))\d{1,2}[.．、](?!\d)")),
    ("list number", re.compile(r"[（(]\d{1,2}[)）]")),
    ("file name", re.compile(r"[^\s：:]{0,60}\.(?:docx?|xlsx?|pdf|wps|zip|rar)\b")),
)


def read_ledger(document: Document, facts: Iterable[Fact], checks: Iterable[Check]) -> tuple[Numeral, ...]:
    """Return every numeral of the restored text with what explains it (a table, `checks`, or a class)."""
    claimed: list[tuple[Span, str]] = []
    for fact in facts:
        claimed.append(((fact.start, fact.end), fact.table))
        claimed.extend((span, fact.table) for span in fact.uses)
    for check in checks:
        claimed.extend((span, "checks") for span in check.uses)
    text = document.text
    claimed.extend((span, "contact") for span in load_contacts(find_project().reference).spans(text))
    for name, pattern in _CLASSES:
        claimed.extend(((m.start(), m.end()), name) for m in pattern.finditer(text))
    claimed.extend(((p.start, p.end), "period") for p in find_periods(text))
    claimed.sort(key=lambda item: (item[0][0], -item[0][1]))
    return tuple(Numeral(m.start(), m.end(), m.group(), _who(claimed, m.start(), m.end())) for m in digits_runs(text))


def _who(claimed: list[tuple[Span, str]], start: int, end: int) -> str:
    """Return the first claim that covers the numeral, '' for none."""
    for (s, e), name in claimed:
        if s > start:
            break
        if end <= e:
            return name
    return ""
