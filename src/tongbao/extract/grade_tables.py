"""Tables that rate units: columns of grades, scores or ranks beside the names of units or sites."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.column_roles import RANK, bare_grade, column_words, grade_in
from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.grade_annexes import told_grade
from tongbao.extract.grade_list_parts import grade_of_title
from tongbao.extract.memory import once
from tongbao.extract.scopes import clean_group, group_kind, measure_in
from tongbao.extract.site_tables import paired, platform_owners
from tongbao.extract.table_columns import site_kind
from tongbao.extract.table_subjects import (
    counts_something_else,
    group_above,
    group_columns,
    is_ordered,
    main_column,
    name_column,
    names_in,
    row_group,
    table_measure,
    unnumbered,
)
from tongbao.extract.table_views import View, ViewRow, views

_KIND_GROUP = {"channel": "channels", "platform": "platforms", "portal": "portals"}
_PART = re.compile(r"(?P<noun>(?:网站)?频道|(?:网站)?平台|门户网站)(?:共|有|为)?(?P<n>\d{1,4})(?:个|家)")
_SCORE = re.compile(r"\d{1,4}(?:\.\d{1,4})?分?")
_Group = tuple[str, str, int | None, tuple[Span, ...]]
_NO_RESULT = re.compile(
    r"\W*|(?:未|不|暂不)(?:参评|参与|纳入|评定|考核|定级)[^，。]{0,6}|免评|无"
)  # a result that says there is none
_FOLLOWS = re.compile(r"(?:[^为]{0,20}为)?(?P<list>[^为]{2,30}?)的?(?:名单)?(?:如下表?|见下表|见附表)(?:所示)?：?")
_GRADE_LIMIT = 8  # characters
_TOTAL_OF_POINTS = re.compile("得分|分数|成绩|评分|满分|总分|排名")


@dataclass(frozen=True, slots=True)
class RatedRow:
    """One rated unit: its name as printed, grade ('' without one), score, rank, group and place in its list."""

    unit: Span
    result: Span | None
    grade: str
    score: Span | None
    rank: Span | None
    position: int | None
    ordered: bool
    group: str
    group_kind: str
    group_n: int | None
    measure: str
    table: int
    uses: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which columns of a view say what; a view without any of result, score, rank and title rates nobody."""

    name: int | None
    result: int | None
    score: int | None
    rank: int | None
    title_grade: str
    marks: tuple[int, ...]  # columns headed by a grade: 优秀 | 良好
    measure: str = ""  # where scores of several measures stand side by side: 网站得分 | 新媒体得分


def read_tables(context: Context) -> Iterator[RatedRow]:
    """Yield the rated units of every table.

    Examples: 名次 | 单位 | 得分; 类别 | 等次 | 单位 with several names in a cell; 单位 | 是否合格; 优秀 | 良好 with the
    names below; a list under the title 不合格网站名单. A row whose result is no grade and that has no score gives none.
    """
    for view in views(context):
        for plan in _plans(context, view):
            yield from _placed(context, view, plan)


def _plans(context: Context, view: View) -> Iterator[_Plan]:
    """Yield how to read a view: once, or once for every group or measure that has its own column."""
    if matrix := group_columns(context, view):
        result, rank = next(iter(view.indices("result")), None), next(iter(view.indices("rank")), None)
        title = "" if result is not None else _title_grade(context, view)
        other = result is None and counts_something_else(context, view, "")
        for column in [] if other or (result, rank, title) == (None, None, "") else matrix:
            yield _Plan(column, result, None, rank, title, ())
        return
    plan = _plan(context, view)
    results = {measure_in(view.heads[i]): i for i in view.indices("result")}
    if plan is not None and "" not in results and 1 < len(results) == len(view.indices("result")):
        yield from (replace(plan, result=i, score=None, rank=None, measure=m) for m, i in results.items())
        return
    if plan is not None:
        yield plan
    columns = view.indices("score")
    measures = [measure_in(view.heads[i]) for i in columns]
    if plan is None and all(measures) and 1 < len(set(measures)) == len(measures):
        name = name_column(context, view)
        for column, measure in zip(columns, measures, strict=True):
            ranks = [i for i in view.indices("rank") if measure_in(view.heads[i]) == measure]
            if name is not None:
                yield _Plan(name, None, column, ranks[0] if len(ranks) == 1 else None, "", (), measure)


def _plan(context: Context, view: View) -> _Plan | None:
    name = name_column(context, view)
    marks = tuple(view.indices("grade_mark"))
    title = _title_grade(context, view)
    results = view.indices("result")
    score = _score_column(context, view)
    by_other = score is None and not results and view.indices("count", "rate", "deduction")
    rank = None if by_other else main_column(context, view, "rank")
    if (score is not None or rank is not None) and not results:
        heads = "".join(view.heads[i] for i in (score, rank) if i is not None)
        if counts_something_else(context, view, heads):
            score = rank = None
    if name is None and len(marks) < 2:
        return None
    result = results[0] if results else None
    if result is not None and counts_something_else(context, view, view.heads[result]):
        result = None
    if result is None and score is None and rank is None and not title and not marks:
        return None
    return _Plan(name, result, score, rank, title if result is None else "", marks)


def _score_column(context: Context, view: View) -> int | None:
    """Return the column of the scores that count: that of the whole, or a total over columns of points."""
    score = main_column(context, view, "score")
    if score is not None or view.indices("score"):
        return score
    totals = view.indices("total")
    above = "".join(context.document.slice(span) for span in view.titles[:2])
    if len(totals) != 1 or "扣分" in above or view.indices("count", "rate"):
        return None
    points = view.indices("indicator", "rank") or _TOTAL_OF_POINTS.search(above)
    return totals[0] if points else None


def _title_grade(context: Context, view: View) -> str:
    """Return the grade that title or sentence gives to every row: 不合格网站名单, 评为优秀的单位如下, 一、优秀."""
    for span in view.titles:
        words = context.document.slice(span)
        if frame := grade_of_title(words, span):
            return frame.grade
        if not re.search("[，。]", words) and (frame := told_grade(words, span)):
            return frame.grade
        m = _FOLLOWS.fullmatch(re.split("[，；。]", words)[-1])
        if m and (frame := grade_of_title(m["list"] + "名单", span)):
            return frame.grade
    path = view.line.path
    return grade_in(unnumbered(path[-1].words)) if path and not view.titles else ""


def _placed(context: Context, view: View, plan: _Plan) -> Iterator[RatedRow]:
    """Yield the rows with their places: the rank, else the place within the list of measure, group and grade.

    Behind a unit whose result cannot be read no place is known: it may belong to any of the lists.
    """
    counted: dict[tuple[str, str, str], int] = {}
    rows = list(_rated(context, view, plan))
    unread = _first_unread(context, view, plan, rows)
    for row in rows:
        key = (row.measure, "" if row.group_kind in _KIND_GROUP.values() else row.group, row.grade)  # one list of sites
        counted[key] = counted.get(key, 0) + 1
        position = _rank(context, row.rank) if row.rank else counted[key]
        yield replace(row, position=position if row.rank or row.unit[0] < unread else None)


def _first_unread(context: Context, view: View, plan: _Plan, rows: list[RatedRow]) -> int:
    """Return where the first unit stands whose printed result is no grade; behind the text where there is none."""
    if plan.name is None or plan.result is None:
        return len(context.document.text)
    rated = {row.unit[0] for row in rows}
    for row in view.rows:
        name, result = row.at(plan.name), row.at(plan.result)
        if not name or not result or any(name[0] <= start < name[1] for start in rated):
            continue
        if not _NO_RESULT.fullmatch(context.document.slice(result)):
            return name[0]
    return len(context.document.text)


def _rated(context: Context, view: View, plan: _Plan) -> Iterator[RatedRow]:
    document = context.document
    role = view.columns.each[plan.name].name if plan.name is not None else ""
    head = view.heads[plan.name] if plan.name is not None else ""
    measure = plan.measure or table_measure(context, view, head)
    above, parts = group_above(context, view), _stated_parts(context)
    ordered = plan.rank is not None or is_ordered(context, view, plan.score)
    repeated = _repeated(context, view, plan)
    for row in view.rows:
        for names, grade, result in _graded_cells(context, view, plan, row):
            score, rank = _figure(context, row, plan.score, _SCORE), _figure(context, row, plan.rank, RANK)
            for name in names:
                if not (grade or score or rank) or document.slice(name) in repeated:
                    continue
                own = row_group(context, view, row, head) if role != "site" or view.indices("group") else None
                whom: _Group = (own if own is not None else above, "", None, ())
                if role == "site" and own is None:
                    whom = _site_group(context, document.slice(name), head, above, parts)
                yield RatedRow(name, result, grade, score, rank, 0, ordered, *whom[:3], measure, view.table, whom[3])


def _graded_cells(
    context: Context, view: View, plan: _Plan, row: ViewRow
) -> Iterator[tuple[list[Span], str, Span | None]]:
    """Yield the names of a row with their grade and its cell."""
    document = context.document
    name = row.at(plan.name) if plan.name is not None else None
    if plan.name is None:
        for index in plan.marks:
            if cell := row.at(index):
                yield names_in(context, cell), view.columns.each[index].what, view.header[index]
        return
    if name is None:
        return
    cell = row.at(plan.result) if plan.result is not None else None
    grade = _grade(context, view, plan, cell) if cell else ""
    if plan.result is None:
        grade = plan.title_grade or _section_grade(context, row)
        marked = [i for i in plan.marks if (c := row.at(i)) and document.slice(c) in column_words("yes")]
        if len(marked) == 1:
            grade, cell = view.columns.each[marked[0]].what, row.at(marked[0])
    yield names_in(context, name), grade, cell


def _grade(context: Context, view: View, plan: _Plan, cell: Span) -> str:
    """Return the grade of a result cell: a known grade, yes or no to 是否合格, or any short word below 等次."""
    head = view.heads[plan.result] if plan.result is not None else ""
    words = context.document.slice(cell)
    if m := re.fullmatch(r"是否(?P<grade>[一-鿿]{2,4})(?:（.*）)?", head):
        if words in column_words("yes"):
            return m["grade"]
        if words in column_words("no"):
            return "不" + m["grade"]
    if grade := grade_in(words):
        return grade
    strong = re.sub(r"（[^（）]*）$", "", head).endswith(column_words("strong_grade"))
    bare = bare_grade(words)
    plain = re.fullmatch(rf"[一-鿿A-E★☆+]{{1,{_GRADE_LIMIT}}}", bare) and bare not in column_words("sum_row")
    return bare if strong and plain and not group_kind(bare) else ""


def _section_grade(context: Context, row: ViewRow) -> str:
    """Return the grade of the heading row above: 一、优秀单位（5个） -> 优秀."""
    if row.section is None:
        return ""
    return grade_in(unnumbered(context.document.slice(row.section)))


def _figure(context: Context, row: ViewRow, index: int | None, pattern: re.Pattern[str]) -> Span | None:
    cell = row.at(index) if index is not None else None
    return cell if cell and pattern.fullmatch(context.document.slice(cell)) else None


def _rank(context: Context, cell: Span) -> int:
    m = RANK.fullmatch(context.document.slice(cell))
    return parse_count(m["n"]) if m else 0


def _repeated(context: Context, view: View, plan: _Plan) -> frozenset[str]:
    """Return the names that have several rows of scores, so that none of them is the unit's own."""
    if plan.score is None or plan.name is None:
        return frozenset()
    seen: dict[str, int] = {}
    last = ""
    for row in view.rows:
        cell = row.at(plan.name)
        last = context.document.slice(cell) if cell else last
        if row.at(plan.score):
            seen[last] = seen.get(last, 0) + 1
    return frozenset(name for name, n in seen.items() if n > 1)


@once
def _stated_parts(context: Context) -> dict[str, tuple[str, int, Span]]:
    """Return kind -> (words, count, span) for 其中：网站频道35个，网站平台1个 in the body."""
    parts: dict[str, tuple[str, int, Span]] = {}
    for line in context.document.body():
        for m in _PART.finditer(context.document.text, line.start, line.end):
            parts.setdefault(site_kind(m["noun"]), (m["noun"], int(m["n"]), (m.start(), m.end())))
    return parts


def _site_group(
    context: Context, unit: str, header: str, above: str, parts: dict[str, tuple[str, int, Span]]
) -> _Group:
    """Return group, its kind ('' if the name decides), its stated size and the spans used, for a listed site."""
    kind = site_kind(header) or (_kind_of_row(context, unit, parts) if parts else "")
    if kind in parts:
        words, n, span = parts[kind]
        return words, _KIND_GROUP[kind], n, (span,)
    if kind and site_kind(header):
        return clean_group(re.sub(r"名称$", "", header)) or header, _KIND_GROUP[kind], None, ()
    return above, "", None, ()


def _kind_of_row(context: Context, unit: str, parts: dict[str, tuple[str, int, Span]]) -> str:
    """Tell channel from platform in a mixed table: by the list of sites, else by the words of the name."""
    for site, result in paired(context):
        if context.document.slice(result.name) == unit:
            return site.kind
    if any(name in unit for name in platform_owners(context)):
        return "platform"
    return site_kind(unit) or ("channel" if set(parts) == {"channel"} else "")
