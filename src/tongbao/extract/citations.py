"""Documents that a circular cites: every document number but its own, with the title printed before it."""

import re
from collections.abc import Iterator

from tongbao.extract.context import Context
from tongbao.extract.document import DOC_NUMBER
from tongbao.extract.facts import Check, Fact
from tongbao.extract.lexicon import load

_HEAD_TRIM = re.compile(r"^.*(?:根据|按照|依据|遵照|按|和|及|与|的)")


def citations(context: Context) -> Iterator[Fact]:
    """Yield a row for every cited document number, and for every 《title》 that basis words introduce alone.

    Example: 根据《全省政府网站考评办法》（粤办函〔2015〕555号） -> number and title.
    """
    text = context.document.text
    titled: set[int] = set()
    for m in DOC_NUMBER.finditer(text):
        line = context.document.line_at(m.start())
        if line.part == "head":
            continue
        number = _HEAD_TRIM.sub("", m.group().split("〔")[0]) + "〔" + m.group().split("〔")[1]
        start = m.end() - len(number)
        title = _title_before(text, start)
        values = {"doc_number": number}
        if title is not None:
            values["title"] = text[title[0] : title[1]]
            titled.add(title[0])
        likely = likely_number(number)
        if likely:
            values["doc_number_likely"] = likely
        span = (title[0] - 1, m.end()) if title else (start, m.end())
        yield Fact("citations", span[0], span[1], "stated", "cited_number", values)
    for m in re.finditer(r"(?:根据|按照|依据)(?:[^《》，。；]{0,30})《([^《》]+)》", text):
        if m.start(1) not in titled:
            yield Fact("citations", m.start(1), m.end(1), "stated", "cited_title", {"title": m[1]})


def citation_checks(context: Context) -> Iterator[Check]:
    """Yield a broken check for every number whose head is one character away from a known form of paper."""
    for fact in citations(context):
        if likely := fact.values.get("doc_number_likely"):
            yield Check(
                "cited_number_form",
                likely,
                fact.values["doc_number"],
                False,
                "no form of paper ends like this; one homophone differs from a form in use",
            )


def likely_number(number: str) -> str:
    """Return the number with its form of paper corrected where one homophone was typed for another, else ''.

    Example: 某政办法〔2015〕1号 -> 某政办发〔2015〕1号 (法 and 发 are both typed "fa"). With two candidates
    nothing is proposed.
    """
    head, rest = number.split("〔", 1)
    forms = {row["head"] for row in load("doc_number_heads") if row["kind"] == "suffix"}
    if any(head.endswith(form) for form in forms):
        return ""
    near = sorted(
        {
            head[: -len(form)] + form
            for form in forms
            if len(form) >= 3 and len(head) > len(form) and _one_homophone_apart(head[-len(form) :], form)
        }
    )
    return f"{near[0]}〔{rest}" if len(near) == 1 else ""


def _one_homophone_apart(a: str, b: str) -> bool:
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(different) != 1:
        return False
    from pypinyin import lazy_pinyin  # slow to load, and few circulars need it

    return bool(lazy_pinyin(different[0][0]) == lazy_pinyin(different[0][1]))


def _title_before(text: str, start: int) -> tuple[int, int] | None:
    """Return the span of the title in 《…》（number） or 《…》 number, None where none stands there."""
    m = re.search(r"《([^《》]+)》[（(]?$", text[max(0, start - 120) : start])
    if not m:
        return None
    offset = max(0, start - 120)
    return offset + m.start(1), offset + m.end(1)
