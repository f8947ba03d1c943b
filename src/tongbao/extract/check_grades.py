"""Checks of grades: counts against lists, counts against group totals, one grade a unit."""

import re
from collections.abc import Iterator

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact
from tongbao.extract.grade_annexes import all_lists
from tongbao.extract.grade_list_parts import GradeList
from tongbao.extract.grade_words import announced_grades
from tongbao.extract.scopes import clean_group, group_kind

_TOTAL = re.compile(r"共(?:计|有|对)?(?P<n>\d{1,5})(?:个|家)[^，。；：\d]{0,14}?(?:网站|单位|部门|对象|账号)")
_ANNOUNCED_COUNT = re.compile(r"(?P<n>[一二三四五六七八九\d])个(?:等次|等级|档次|档|梯队)")


def grade_checks(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """Yield the checks that grade counts and lists allow; uses the rows of grade_totals and ratings."""
    totals = [f for f in facts if f.table == "grade_totals"]
    lists = all_lists(context)
    yield from _groups_add_up(context, totals)
    yield from _sizes(context, totals)
    yield from _announced(context)
    yield from _grades_add_up(totals)
    yield from _lengths(totals, lists)
    yield from _headings(lists)
    yield from _one_grade(facts)
    yield from _thresholds(context, lists)


def _by_group(totals: list[Fact]) -> dict[tuple[str, str], list[Fact]]:
    groups: dict[tuple[str, str], list[Fact]] = {}
    for fact in sorted(totals, key=lambda f: (f.start, f.end)):
        groups.setdefault((fact.values["measure"], fact.values["group"]), []).append(fact)
    return groups


def _groups_add_up(context: Context, totals: list[Fact]) -> Iterator[Check]:
    """共82个政府网站 against the groups of 22 and 60."""
    by_measure: dict[str, dict[str, int]] = {}
    for fact in totals:
        if "group_n" in fact.values and "n_stated" in fact.values:
            by_measure.setdefault(fact.values["measure"], {}).setdefault(fact.values["group"], fact.values["group_n"])
    text = context.document.text
    stated = [m for line in context.document.body() for m in _TOTAL.finditer(text, line.start, line.end)]
    for sizes in by_measure.values():
        if len(sizes) < 2 or len({m["n"] for m in stated}) != 1:
            continue
        m = stated[0]
        found = sum(sizes.values())
        parts = "+".join(map(str, sizes.values()))
        yield Check(
            "groups_add_up", m["n"], f"{parts}={found}", found == int(m["n"]), "、".join(sizes), ((m.start(), m.end()),)
        )


def _sizes(context: Context, totals: list[Fact]) -> Iterator[Check]:
    """The size of a group is the same wherever the text prints it: 22个地级以上市 … 被考评的22个地级以上市."""
    text = context.document.text
    sizes = {f.values["group"]: f.values["group_n"] for f in totals if "group_n" in f.values}
    for group, size in sizes.items():
        pattern = re.compile(rf"(?P<n>\d{{1,4}})(?:个|家){re.escape(group)}(?!中的)")
        found = [m for line in context.document.body() for m in pattern.finditer(text, line.start, line.end)]
        if len(found) < 2:
            continue
        printed = sorted({int(m["n"]) for m in found})
        uses = tuple((m.start(), m.end()) for m in found)
        holds = printed == [size]
        yield Check("group_size_agrees", str(size), ", ".join(map(str, printed)), holds, group, uses)


def _announced(context: Context) -> Iterator[Check]:
    """分为优秀、良好、一般、不合格四个等次: four words."""
    words = announced_grades(context.document.text)
    if not words:
        return
    for m in _ANNOUNCED_COUNT.finditer(context.document.text):
        if context.document.text[: m.start()].rstrip("”").endswith(words[-1]):
            n = parse_count(m["n"])
            yield Check(
                "list_length", str(n), str(len(words)), n == len(words), "、".join(words), ((m.start(), m.end()),)
            )
            return


def _grades_add_up(totals: list[Fact]) -> Iterator[Check]:
    """7+11+4+0 against the 22 of the group; only where the whole group is said to be graded."""
    for (_, group), facts in _by_group(totals).items():
        size = next((f.values["group_n"] for f in facts if "group_n" in f.values), None)
        counts = [f.values.get("n_stated", f.values.get("n_listed")) for f in facts]
        if size is None or len(counts) < 2 or any(c is None for c in counts):
            continue
        found = sum(counts)
        uses = tuple((f.start, f.end) for f in facts)
        yield Check("grades_add_up", str(size), "+".join(map(str, counts)) + f"={found}", found == size, group, uses)


def _lengths(totals: list[Fact], lists: list[GradeList]) -> Iterator[Check]:
    """As many names as the count says; an open list (等) is compared too, since names can be all of them."""
    for fact in sorted(totals, key=lambda f: (f.start, f.end)):
        stated, listed = fact.values.get("n_stated"), fact.values.get("n_listed")
        if stated is None:
            continue
        name = f"{fact.values['group']} {fact.values['grade']}"
        if stated == 0:
            yield Check("list_length", "0", str(listed or "no list"), not listed, name, ((fact.start, fact.end),))
        elif listed is not None:
            yield Check("list_length", str(stated), str(listed), stated == listed, name, ((fact.start, fact.end),))
    by_heading: dict[int, list[GradeList]] = {}
    for item in lists:
        if item.heading_at >= 0 and item.heading_n is not None:
            by_heading.setdefault(item.heading_at, []).append(item)
        if not item.units:
            continue  # reported as unread
        stated = item.n_stated
        if stated is None and item.heading_at >= 0 and sum(i.heading_at == item.heading_at for i in lists) == 1:
            stated = item.heading_n
        if not (item.grade and item.group) and stated is not None:
            found = len(item.units)
            holds = found <= stated if item.is_open else found == stated
            yield Check("list_length", str(stated), str(found), holds, item.grade or "rank list", item.uses)
    for at, items in sorted(by_heading.items()):
        if len(items) > 1 and all(i.units for i in items):
            found = sum(len(i.units) for i in items)
            n = items[0].heading_n
            parts = "+".join(str(len(i.units)) for i in items)
            yield Check("list_length", str(n), f"{parts}={found}", found == n, items[0].grade, ((at, items[0].start),))


def _headings(lists: list[GradeList]) -> Iterator[Check]:
    """The size in a group's heading, （22个）, against the names below it."""
    groups: dict[tuple[str, str], list[GradeList]] = {}
    for item in lists:
        if item.group_n is not None and item.grade and item.units:
            groups.setdefault((item.measure, item.group), []).append(item)
    for (_, group), items in groups.items():
        found = sum(len(i.units) for i in items)
        size = items[0].group_n
        uses = tuple(u for i in items for u in i.uses)
        yield Check("heading_agrees_with_list", str(size), str(found), found == size, group, uses)


def _one_grade(facts: list[Fact]) -> Iterator[Check]:
    """No unit in two grades, and none twice in one, of one measure."""
    named: dict[tuple[str, str], list[Fact]] = {}
    ratings = [f for f in facts if f.table == "ratings" and f.values.get("grade")]
    for fact in ratings:
        named.setdefault((fact.values["measure"], fact.values["unit"]), []).append(fact)
    for measure in sorted({f.values["measure"] for f in ratings}):
        mine = {u: fs for (m, u), fs in named.items() if m == measure}
        if sum(map(len, mine.values())) < 2:
            continue
        again = sorted(u for u, fs in mine.items() if len(fs) > 1)
        note = "、".join(again) if again else f"{len(mine)} different names"
        uses = tuple((f.start, f.end) for u in again for f in mine[u])
        yield Check("no_unit_in_two_grades", "0 repeated names", f"{len(again)} repeated names", not again, note, uses)


_COUNTED = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)分(?:（[^（）]*）)?(?:及)?以上的?(?P<group>[^，。；：\d]{1,20}?)(?:共)?有?(?P<n>\d{1,3})(?:个|家)"
)


def _thresholds(context: Context, lists: list[GradeList]) -> Iterator[Check]:
    """Whoever has 85 points has 80: the list above 85 may not be longer than the count above 80."""
    text = context.document.text
    for m in (m for line in context.document.body() for m in _COUNTED.finditer(text, line.start, line.end)):
        group = clean_group(m["group"])
        for item in lists:
            line = context.document.line_at(m.start())
            same = group_kind(group) == group_kind(item.group) != "" or group == item.group
            if not same or item.line != line or item.is_open or not item.units:
                continue
            threshold, n = float(m["low"]), int(m["n"])
            if item.low is None and item.high is None and n == len(item.units) and item.start > m.start():
                yield Check(
                    "list_length",
                    str(n),
                    str(n),
                    True,
                    f"{group}: as many names as score {threshold:g} or more, so that bound is computed",
                    ((m.start(), m.end()),),
                )
            if item.low is None:
                continue
            if item.low[0] > threshold:
                found = len(item.units)
                yield Check(
                    "higher_threshold_not_larger",
                    f"<= {n}",
                    str(found),
                    found <= n,
                    f"{group}: {item.low[0]:g} listed, {threshold:g} counted",
                    ((m.start(), m.end()), *item.uses),
                )
