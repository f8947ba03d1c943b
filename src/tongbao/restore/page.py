"""What the page around a document says about the copy: its date, its source, its title.

Read from furniture that is cut. None of it belongs to the document: a page's date is never a date of issue.
"""

import re
from dataclasses import dataclass
from datetime import date

from tongbao.restore.furniture import Furniture

_DAY = re.compile(r"(?<!\d)(\d{4}|\d{2})(?:-|/|年|\.)(\d{1,2})(?:-|/|月|\.)(\d{1,2})日?(?!\d)")
_SOURCE = re.compile(r"来源\s*[:：]\s*([^\s|]{2,40})")
_CRUMB = re.compile(r"(?:位置|位于)\s*[:：]\s*([^>»›]{2,30}?)\s*(?:>|»|›)")
_LABELLED = re.compile(r"^[^:：《》]{1,8}[:：]\s*(?=\S)")
_NUMBERED = re.compile(r"^\S{2,20}号\s*[:：]?(?=《)")
_DATE_CLASSES = {"page_date", "counter", "source_line"}


@dataclass(frozen=True, slots=True)
class Page:
    """Facts printed in the cut furniture; "" where the page prints none. `published_on` is an ISO date."""

    published_on: str = ""
    source_name: str = ""
    title: str = ""


def page_facts(view: str, furniture: Furniture) -> Page:
    """Collect the facts of the page from its furniture.

    Args:
        view: the text in simplified characters that `furniture` was found in.
        furniture: its furniture.
    """
    published = source = crumb = title = ""
    for cut in furniture.cuts:
        content = cut.line.content
        if not published and cut.kind in _DATE_CLASSES:
            published = _iso(content)
        if not source and (found := _SOURCE.search(content)):
            source = found.group(1)
        if not crumb and cut.kind == "navigation" and (found := _CRUMB.search(content)):
            crumb = "" if found.group(1) == "首页" else found.group(1)
        if not title and cut.kind == "repeated_title":
            title = _bare_title(content)
    return Page(published, source or crumb, title)


def _bare_title(content: str) -> str:
    content = _NUMBERED.sub("", content)
    content = _LABELLED.sub("", content)
    return content[1:-1] if content.startswith("《") and content.endswith("》") else content


def _iso(content: str) -> str:
    for found in _DAY.finditer(content):
        year = int(found.group(1))
        # Web pages are younger than 1995, so two digits can only be of this century.
        year += 2000 if year < 100 else 0
        try:
            day = date(year, int(found.group(2)), int(found.group(3)))
        except ValueError:
            continue
        if day.year >= 1995:
            return day.isoformat()
    return ""
