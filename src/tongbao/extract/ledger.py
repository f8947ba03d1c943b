"""The ledger of numerals: every numeral of a circular is tied to a row or classed with a reason, or is left open.

Classes are for numerals that say when, where to find or how to reach, never for figures: a figure that no rule
has read stays unexplained and is listed for review.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tongbao.extract.contacts import ContactFinder, load_contacts
from tongbao.extract.document import DATE, DOC_NUMBER, Document
from tongbao.extract.facts import Check, Fact, Numeral, Span
from tongbao.extract.mentions import digits_runs
from tongbao.extract.periods import find_periods
from tongbao.project import find_project

_FILES = (".doc", ".xls", ".pdf", ".wps", ".zip", ".rar")
_CLASSES: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("document number", ("〔",), DOC_NUMBER),
    ("date", (), DATE),
    ("date", (), re.compile(r"(?:(?:19|20)\d\d年)?(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])日")),
    ("date", (), re.compile(r"(?<!\d)(?:(?:19|20)\d\d年)?(?:1[0-2]|0?[1-9])月(?!\d)")),
    ("date", (), re.compile(r"(?<=[月日](?:至|到|—|-|～|~))(?:3[01]|[12]\d|0?[1-9])日")),
    ("address", ("http", "www."), re.compile(r"(?:https?://|www\.)[\w./?=&%-]+")),
    ("version", (), re.compile(r"(?:IPv|IE)\d+(?:\.\d+)?", re.I)),
    ("site code", (), re.compile(r"(?<![A-Za-z0-9])(?:N\d{9}|bm\d{8}|\d{10})(?!\d)")),
    ("list number", (), re.compile(r"(?m)^\s*(?:附件)?\d{1,2}[.．、：:|](?!\d)|(?m:^)\d{1,3}\s*\|")),
    ("list number", (), re.compile(r"(?:(?<=[\s：；;。|])|(?<=件))\d{1,2}[.．、](?!\d)")),
    ("list number", (), re.compile(r"[（(]\d{1,2}[)）]")),
    (
        "file name",
        (".doc", ".xls", ".pdf", ".wps", ".zip", ".rar"),
        re.compile(r"[^\s：:]{0,60}\.(?:docx?|xlsx?|pdf|wps|zip|rar)\b"),
    ),
)
"""Class, signs of which one must stand in the text (none: any text), and pattern."""


def read_ledger(document: Document, facts: Iterable[Fact], checks: Iterable[Check]) -> tuple[Numeral, ...]:
    """Return every numeral of the restored text with what explains it (a table, `checks`, or a class)."""
    claimed: list[tuple[Span, str]] = []
    for fact in facts:
        claimed.append(((fact.start, fact.end), fact.table))
        claimed.extend((span, fact.table) for span in fact.uses)
    for check in checks:
        claimed.extend((span, "checks") for span in check.uses)
    claimed.extend(_classed(document.text, load_contacts(find_project().reference)))
    claimed.sort(key=lambda item: (item[0][0], -item[0][1]))
    return tuple(_explained(document.text, claimed))


@lru_cache(maxsize=4)
def _classed(text: str, contacts: ContactFinder) -> tuple[tuple[Span, str], ...]:
    """Return the claims that hang on the text alone, in the order of the classes."""
    claimed = [(span, "contact") for span in contacts.spans(text)]
    for name, sign, pattern in _CLASSES:
        if not sign or any(s in text for s in sign):
            claimed.extend((m.span(), name) for m in pattern.finditer(text))
    claimed.extend(((p.start, p.end), "period") for p in find_periods(text))
    return tuple(claimed)


def _explained(text: str, claimed: list[tuple[Span, str]]) -> Iterator[Numeral]:
    """Yield every numeral with the first of the sorted claims that covers it, '' for none."""
    reaching: list[tuple[Span, str]] = []  # the claims begun that are not over yet, in their order
    at = 0
    for m in digits_runs(text):
        start, end = m.span()
        while at < len(claimed) and claimed[at][0][0] <= start:
            reaching.append(claimed[at])
            at += 1
        explained_by = ""
        if reaching:
            reaching = [claim for claim in reaching if claim[0][1] > start]
            for span, name in reaching:
                if end <= span[1]:
                    explained_by = name
                    break
        yield Numeral(start, end, m.group(), explained_by)
