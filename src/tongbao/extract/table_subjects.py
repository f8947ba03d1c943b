"""What a table is about, and whom: its group, its measure, the order of its rows, the column that names the units."""

import re
from collections.abc import Iterator

from tongbao.extract.column_roles import NAMES, PLACES, column_words, whole_rank
from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import ordering
from tongbao.extract.group_phrases import group_in, groups_in
from tongbao.extract.offices import agency_of
from tongbao.extract.scopes import clean_group, group_kind, measure_at, measure_in
from tongbao.extract.spans import split_outside
from tongbao.extract.table_views import View, ViewRow
from tongbao.extract.unit_names import ends_like_body

_GOVERNMENT = re.compile("(?:人民政府|政府)$")
_REMARK = re.compile(r"[（(][^（）()]*[）)]|(?:单位|注)[：:].*")
_DECIMAL = re.compile(r"\d{1,4}(?:\.\d{1,4})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME_LIMIT = 40  # characters
_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.．、])\s*")
_OFFICE_END = re.compile("[局厅委办]")
_OFFICE_LIMIT = 14  # characters
_HEAD_NOUN = re.compile("(?<=.)(?:名称|(?<=[）门])单位)$")
_NO_NAME = re.compile("[。；：？！]|^[\\d.%％-]+$")
_AS_PRIORITY = {role: rank for rank, role in enumerate(NAMES)}


def name_column(context: Context, view: View) -> int | None:
    """Return the column that names what a row is about, None where no column names units.

    It is the first column of names that says another name in every row: of 主办单位 | 账号名称 the owners, where each
    has one account, else the accounts.
    """
    found = view.indices(*NAMES)
    if (inner := _inner(view, found)) is not None:
        return inner
    for index in found:
        words = view.words(context.document, index)
        if len(view.rows) <= 2 * len(words) == 2 * len(set(words)):  # a damaged cell turns no table round
            return index
    roles = view.columns.each
    return min(found, key=lambda i: (_AS_PRIORITY[roles[i].name], i)) if found else None


def _inner(view: View, found: list[int]) -> int | None:
    """Return the column of the units where another says only in which place they are: 县区 | 单位, 县区 | 乡镇."""
    kinds = {i: group_kind(view.heads[i]) for i in found if view.columns.each[i].name == "unit"}
    levels = [i for i, kind in kinds.items() if kind in PLACES[:4]]
    named = [i for i in kinds if view.heads[i] in column_words("unit_head")]
    if levels and len(named) == 1 and named[0] not in levels:
        return named[0]
    if len({kinds[i] for i in levels}) > 1 and len(levels) == len(found):
        return max(levels, key=lambda i: PLACES.index(kinds[i]))
    return None


def group_columns(context: Context, view: View) -> list[int]:
    """Return the columns of a matrix: grades or ranks down, groups across, names in the cells; [] for any other table.

    Examples: 等次 | 县区 | 市直部门 -> 1, 2; 县区 | 市直部门 below a title that grades -> 0, 1. In 等次 | 县区 | 乡镇
    one place may be part of the other: where two columns are of places, a cell with several names tells a matrix.
    """
    keys = view.indices("result", "rank")
    if len(keys) > 1 or view.indices("score", "deduction", "count", "rate", "owner", "site", "problem", "group"):
        return []
    columns = [i for i, head in enumerate(view.heads) if i not in keys and _group_of_head(head)]
    if len(columns) < 2 or (keys and keys[0] > columns[0]):
        return []
    cells = [[names_in(context, cell) for row in view.rows if (cell := row.at(i))] for i in columns]
    if not all(any(column) for column in cells):
        return []
    places = sum(group_kind(_group_of_head(view.heads[i])) in PLACES for i in columns)
    return columns if places < 2 or any(len(names) > 1 for column in cells[:-1] for names in column) else []


def _group_of_head(head: str) -> str:
    """Return the group that a head of names is: 县区政府 -> 县区; 单位名称, 责任单位 -> ''."""
    bare = plain_group(_HEAD_NOUN.sub("", head))
    return bare if groups_in(head, 0, len(head)) and bare not in column_words("any_unit") else ""


def names_in(context: Context, cell: Span) -> list[Span]:
    """Return the names that a cell holds: one, or several between 、; none for sums and remarks.

    Example: 教育局、审计局（2家） -> 教育局, 审计局.
    """
    text = context.document.text
    found = []
    for s, e in split_outside(text, *cell, "、，；,; " if _spaced(text[cell[0] : cell[1]]) else "、，；,;"):
        if m := re.search(r"(?:等)?(?:（(?:共)?\d{1,3}[个家]）|\d{1,3}[个家](?:单位|部门)?)$", text[s:e]):
            e = s + m.start()
        words = text[s:e]
        if words in column_words("sum_row"):
            continue
        if not 2 <= len(words) <= _NAME_LIMIT or _NO_NAME.search(words) or not re.search("[一-鿿]{2}", words):
            return []
        found.append((s, e))
    return found


def _spaced(words: str) -> bool:
    """Say whether spaces part the names of a cell: 甲区 乙县."""
    return " " in words and all(len(w) > 1 and ends_like_body(w) for w in re.split("[ 、]+", words.strip()))


def main_column(context: Context, view: View, role: str) -> int | None:
    """Return the column with the role that is about the whole, None where there is none or several would do.

    Example: 信息公开得分 | 办事服务得分 | 综合得分 -> the third; 网站得分 | 新媒体得分 -> None. A single column
    (网站得分) stands for the whole where no other holds points. What runs on (累计扣分) gives way to
    what is of this time (本月扣分).
    """
    what = [role.what for role in view.columns.each]
    own_year = context.period[:4]
    found = [i for i in view.indices(role) if not own_year or {own_year}.issuperset(_YEAR.findall(what[i]))]
    current = [i for i in found if what[i].startswith(column_words("current"))]
    ranked = {i: whole_rank(what[i]) for i in found}
    for rank in (2, 1):
        best = [i for i in found if ranked[i] == rank]
        if current and best and (len(best) > 1 or what[best[0]].startswith("累计")):
            best = current
        if len(best) == 1:
            return best[0]
        if any(r == rank for r in ranked.values()):
            return None
    return found[0] if len(found) == 1 and not view.indices("indicator", "figure") else None


def title_words(context: Context, view: View) -> Iterator[str]:
    """Yield the titles and sentences above a table without remarks, nearest first."""
    for span in view.titles:
        words = context.document.slice(span)
        if not _REMARK.fullmatch(words.strip()):
            yield words


def group_above(context: Context, view: View) -> str:
    """Return the group that the title, the sentence before the table or a heading names; '' where none or several do.

    Examples: 各市得分和名次如下 -> 市; a heading 二、县政府部门 -> 县政府部门; 各市和省直部门得分 -> ''.
    """
    text = context.document.text
    headings = ((h.start, h.end) for h in reversed(view.line.path) if h.words)
    for span in (*view.titles, *headings):
        if _REMARK.fullmatch(context.document.slice(span).strip()):
            continue
        if (group := group_in(text, *span)) is not None:
            return _offices(text, *group, span[1]) or plain_group(text[group[0] : group[1]])
        if groups_in(text, *span):
            return ""
    return ""


def _offices(text: str, start: int, end: int, limit: int) -> str:
    """Return the group of the offices of places whose places stand at `start`: 设区市环保局; '' where none follows.

    The office must be one that is known: 县（市、区）教育局网站 -> 县（市、区）教育局, 各市布局 -> ''.
    """
    if group_kind(text[start:end]) not in ("", *PLACES):
        return ""
    for m in _OFFICE_END.finditer(text, end, min(limit, end + _OFFICE_LIMIT)):
        if agency_of("市" + text[end : m.end()]) is not None:
            return text[start : m.end()]
    return ""


def unnumbered(words: str) -> str:
    """Return a heading without its number: 二、市直部门 -> 市直部门."""
    return _NUMBER.sub("", words)


def plain_group(words: str) -> str:
    """Return a group without its object and the 政府 that it needs only before an object: 市政府网站 -> 市."""
    group = clean_group(words)
    bare = _GOVERNMENT.sub("", group)
    return bare if bare and (group_kind(bare) or len(bare) == 1) else group


def row_group(context: Context, view: View, row: ViewRow, head: str) -> str | None:
    """Return the group that the row itself, its heading row or the header of the names gives, None where none does."""
    document = context.document
    for index in view.indices("group"):
        if (cell := row.at(index)) and not document.slice(cell).isdecimal():
            return plain_group(document.slice(cell))
    if row.section:
        words = unnumbered(document.slice(row.section))
        group = clean_group(re.sub(r"（[^（）]*\d[^（）]*）$", "", words))
        if group_kind(group) or groups_in(words, 0, len(words)):
            return plain_group(group)
    group = clean_group(_HEAD_NOUN.sub("", head))
    return plain_group(group) if group_kind(group) and group not in column_words("any_unit") else None


def table_measure(context: Context, view: View, head: str) -> str:
    """Return what a table measures: by its head, its titles, the headings, the title of the circular; else website."""
    for words in (head, *title_words(context, view)):
        if measure := measure_in(words):
            return measure
    return measure_at(context, view.line)


def is_ordered(context: Context, view: View, score: int | None) -> bool:
    """Say whether the words above put the rows in the order of their scores (按得分高低排列).

    Words that leave out what is ordered (各单位情况（由高到低）) count where the scores do fall.
    """
    for span in view.titles:
        words = context.document.slice(span)
        if (order := ordering(words)) is not None:
            return order
        if any(word in words for word in column_words("falling")):
            return score is not None and _falls(context, view, score)
    return False


def _falls(context: Context, view: View, score: int) -> bool:
    """Say whether the scores fall from row to row, within each group of rows."""
    last: dict[str | None, float] = {}
    for row in view.rows:
        cell = row.at(score)
        m = _DECIMAL.match(context.document.slice(cell)) if cell else None
        if m is None:
            continue
        group = row_group(context, view, row, "")
        if float(m.group()) > last.get(group, float("inf")):
            return False
        last[group] = float(m.group())
    return bool(last)


def counts_something_else(context: Context, view: View, head: str) -> bool:
    """Say whether head and title tell of what is no inspection: 信息报送得分排名, 留言办理情况统计表."""
    words = head + next(title_words(context, view), "")
    return any(word in words for word in column_words("other"))
