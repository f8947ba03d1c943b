"""Checks of printed counts against the words beside them: lists, parts, changes, numbering, annexes."""

import re
from collections.abc import Iterator
from decimal import Decimal

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact, Span
from tongbao.extract.scopes import is_demand
from tongbao.extract.spans import clauses, sentences
from tongbao.extract.table_columns import caption_of, read_columns
from tongbao.extract.units import read_units

_PARTS = re.compile(
    r"(?P<total>\d{1,6})(?P<unit>个|家|条)(?:[^，。；：\d]{0,16})[，（(：]*(?:其中|包括)[：，]?"
    r"(?P<parts>(?:[^，。；：、\d（）]{1,16}\d{1,6}(?:个|家|条)(?:，|、|；|和|以及)?){2,8})(?=[。；）)，]|$)"
)
_PART = re.compile(r"(?P<noun>[^，。；：、\d（）]{1,16})(?P<n>\d{1,6})(?:个|家|条)")
_PREVIOUS = re.compile(
    r"(?:有|为|共|达到?|到)?(?P<n>\d{1,6}(?:\.\d+)?)(?P<unit>个百分点|个|家|条|%|分)[^，。；：]{0,6}，"
    r"(?:同比|比去年|较去年|较上年|比上年|比上季度|较上季度|环比)[^，。；：\d]{0,8}?(?P<way>增加|增长|提高|提升|上升|减少|下降|降低)了?(?P<d>\d{1,6}(?:\.\d+)?)(?P<unit2>个百分点|个|家|条|%|分)"
)
_WITHIN = re.compile(r"(?P<n>\d{1,4}(?:\.\d+)?)分（(?:总分|满分)(?P<full>\d{1,4}(?:\.\d+)?)分）")
_COUNT_OF_LIST = re.compile(
    r"(?P<etc>等)?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个|家)?(?:市州|[市州县区省镇]|县（市、?区?）|县市区|单位|部门)"
)
_ANNEX_ITEM = re.compile(r"(?:^|[；;\s：])\d{1,2}\s?[.．、](?!\d)")


def count_checks(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """Yield checks of counts in running text, of numbered tables and of the annexes announced."""
    for line in context.document.body():
        if line.kind == "heading" or is_demand(context, line):
            continue
        yield from _parts(context, line.start, line.end)
        yield from _previous(context, line.start, line.end)
        yield from _within(context, line.start, line.end)
        if _COUNT_OF_LIST.search(context.document.text, line.content, line.end):
            yield from _named_lists(context, line.content, line.end, facts)
            yield from _subsets(context, line.content, line.end)
    yield from _numbering(context)
    yield from _annexes(context)


def _parts(context: Context, start: int, end: int) -> Iterator[Check]:
    """36个，其中：网站频道35个，网站平台1个 -> 35+1=36."""
    text = context.document.text
    for m in _PARTS.finditer(text, start, end):
        numbers = [int(p["n"]) for p in _PART.finditer(m["parts"])]
        if len(numbers) < 2:
            continue
        total, found = int(m["total"]), sum(numbers)
        if found > total or found == total:
            sums = "+".join(map(str, numbers)) + f"={found}"
            yield Check(
                "parts_add_up", str(total), sums, found == total, m["parts"].strip("，、；"), ((m.start(), m.end()),)
            )
        else:
            yield Check(
                "parts_within_total",
                f"<= {total}",
                str(found),
                True,
                "parts need not be all: " + m["parts"].strip("，、；"),
                ((m.start(), m.end()),),
            )


def _previous(context: Context, start: int, end: int) -> Iterator[Check]:
    """有12个，同比增加2个: ten the year before, which is possible."""
    for m in _PREVIOUS.finditer(context.document.text, start, end):
        n, d = Decimal(m["n"]), Decimal(m["d"])
        rise = m["way"] in ("增加", "增长", "提高", "提升", "上升")
        before = n - d if rise else n + d
        points = m["unit"] == "%" and m["unit2"] in ("个百分点", "%")
        if not points and m["unit"] != m["unit2"]:
            continue
        name, wanted = ("previous_rate_possible", "0 to 100%") if points else ("previous_count_possible", ">= 0")
        holds = 0 <= before <= 100 if points else before >= 0
        shown = f"{m['n']}{'-' if rise else '+'}{m['d']}={before}"
        yield Check(name, wanted, shown, holds, m.group().strip("，"), ((m.start(), m.end()),))


def _within(context: Context, start: int, end: int) -> Iterator[Check]:
    """58分（总分60分）: a threshold within its scale."""
    for m in _WITHIN.finditer(context.document.text, start, end):
        holds = Decimal(m["n"]) <= Decimal(m["full"])
        yield Check("threshold_within_scale", f"<= {m['full']}", m["n"], holds, m.group(), ((m.start(), m.end()),))


def _named_lists(context: Context, start: int, end: int, facts: list[Fact]) -> Iterator[Check]:
    """南京、无锡、苏州7市: as many names as the number behind them says; 等 leaves the list open."""
    text = context.document.text
    graded = [(f.start, f.end) for f in facts if f.table == "grade_totals"]
    for s, e in (c for a, b in sentences(text, start, end) for c in clauses(text, a, b)):
        found = list_with_count(context, s, e)
        if not found:
            continue
        names, count, span, is_open, _ = found
        if any(a <= span[0] and span[1] <= b for a, b in graded):
            continue  # a list under a grade is compared with its own count
        holds = names <= count if is_open else names == count
        expected = f">= {names}" if is_open else str(count)
        note = "the list is open (等)" if is_open and names < count else text[s : span[1]]
        yield Check("list_length", expected, str(count if is_open else names), holds, note, (span,))


def _subsets(context: Context, start: int, end: int) -> Iterator[Check]:
    """甲、乙、丙3市…，其中，甲、乙两市…: the second list lies within the first."""
    text = context.document.text
    for a, b in sentences(text, start, end):
        pieces = list(clauses(text, a, b))
        first = None
        for i, (s, e) in enumerate(pieces):
            found = list_with_count(context, s, e)
            if found and first is None:
                first = found
                continue
            after = (i > 0 and text[pieces[i - 1][0] : pieces[i - 1][1]] == "其中") or text.startswith("其中", s)
            if found and first and after:
                whole, part = set(first[4]), list(found[4])
                outside = [u for u in part if u not in whole]
                yield Check(
                    "subset_of_list",
                    f"among the {len(whole)} names before",
                    f"{len(part) - len(outside)} of {len(part)}",
                    not outside,
                    "、".join(outside or part),
                    (found[2],),
                )


def list_with_count(context: Context, start: int, end: int) -> tuple[int, int, Span, bool, tuple[str, ...]] | None:
    """Return (length, stated count, span of the count, is the list open, names) of a clause that opens with a list."""
    text = context.document.text
    if text.find("、", start, end) < 0:
        return None
    for m in _COUNT_OF_LIST.finditer(text[start:end]):
        head = text[start : start + m.start()]
        if "、" not in head:
            continue
        lead = re.match(r"(?:其中|特别是|对)?", head)
        s = start + (lead.end() if lead else 0)
        units = read_units(context, s, start + m.start())
        if units and len(units.units) >= 2:
            names = tuple(u.name for u in units.units)
            return len(names), parse_count(m["n"]), (start + m.start("n"), start + m.end()), bool(m["etc"]), names
    return None


def _numbering(context: Context) -> Iterator[Check]:
    """A numbered table runs from 1 to its number of rows without a gap."""
    document = context.document
    for table in document.tables:
        columns = read_columns(document, table)
        if "number" not in columns or len(table.rows) == 0:
            continue
        cells = [columns.cell(row, "number") for row in table.rows]
        printed = [document.slice(c) for c in cells if c]
        if len(printed) != len(table.rows) or not all(p.isdecimal() for p in printed):
            continue
        numbers = [int(p) for p in printed]
        holds = numbers == list(range(1, len(numbers) + 1))
        caption = caption_of(document, table).split("\n")[-1]
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        note = caption + (f"; missing {missing}" if missing else "")
        yield Check("numbering_complete", f"1 to {max(numbers)}", f"{len(numbers)} rows", holds, note)


def _annexes(context: Context) -> Iterator[Check]:
    """Every annex that the letter announces stands below it, with something in it."""
    document = context.document
    announced = [x for x in document.lines if x.kind == "annex_list"]
    heads = [x for x in document.lines if x.kind == "annex_head"]
    if not announced and not heads:
        return
    n = sum(_items_announced(document.text[line.start : line.end]) for line in announced)
    n = max(n, len({x.annex for x in heads}))
    filled = {x.annex for x in document.lines if x.part == "annex" and x.kind in ("table_row", "paragraph")}
    found = len(filled)
    note = "" if found >= n else "an annex that is announced is not in this copy, or is empty"
    uses = tuple((x.start, x.end) for x in (*announced, *heads))
    yield Check("annexes_present", str(n), str(found), found >= n, note, uses)


def _items_announced(words: str) -> int:
    """Return how many annexes a line of the list names: 附件：1. 甲 2. 乙 -> 2; 附件：甲 -> 1."""
    return max(1, len(_ANNEX_ITEM.findall(words)))
