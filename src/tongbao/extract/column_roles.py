"""What each column of a table is for: read from the head noun of its header and from what its cells hold.

A header says what is meant (单位, 综合得分, 本月扣分), the cells whether that can be so: a 结果 of decimals is a score,
a 得分 of grade words is a grade, a column without a known header that holds names one by one names the units. No spans
here, and no facts: this serves every reader of tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.grade_words import grades
from tongbao.extract.lexicon import load
from tongbao.extract.scopes import group_kind, names_group
from tongbao.extract.unit_names import ends_like_body

NUMERIC_ROLES = frozenset({"score", "deduction", "bonus", "total", "full"})
NAMES = ("unit", "site", "owner")
PLACES = ("provinces", "prefectures", "counties", "townships", "zones")
_BODIES = frozenset({*PLACES, "departments"})
_BRACKET = re.compile(r"（(?P<inner>[^（）]*)）$|[（(]?[%％][)）]?$")
_WORTH = re.compile(r"（(?:满分|共|计|总分)?\s*\d{1,3}(?:\.\d+)?\s*分?）$")
_FIGURE = re.compile(r"[-－+]?\d{1,4}(?:\.\d{1,4})?分?")
_INTEGER = re.compile(r"\d{1,4}")
_RATE = re.compile(r"\d{1,3}(?:\.\d{1,4})?[%％]")
RANK = re.compile(r"(?:并列)?第?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)?(?:（并列）)?")
_NAME = re.compile(r"[一-鿿A-Za-z“”（）·、，；/ ]*[一-鿿]{2}[一-鿿A-Za-z\d“”（）·、，；/ ]*")
_EMPTY = frozenset({"", "-", "—", "——", "/", "无", "－", "*"})
_MOST = 0.8  # share of the cells that make a column what it is
_YEAR = re.compile(r"(?:19|20)\d\d年?")


@dataclass(frozen=True, slots=True)
class Role:
    """The role of a column ('' unknown) and the words before its head noun (信息公开 in 信息公开得分)."""

    name: str
    what: str = ""


@cache
def column_words(kind: str) -> tuple[str, ...]:
    """Return the words of a kind from `column_words.csv`, longest first."""
    rows = load("column_words", required=("kind", "wording"))
    return tuple(sorted((r["wording"] for r in rows if r["kind"] == kind), key=lambda w: (-len(w), w)))


def read_roles(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> tuple[Role, ...]:
    """Return the role of every column.

    Args:
        heads: the words of the header cells.
        columns: the words of each column's cells below the header.

    Example: 县区 | 信息公开（40分） | 总分 | 等次 -> unit, indicator, score, result.
    """
    said = [head_role(head) for head in heads]
    shapes = [shape_of(cells) for cells in columns]
    found = [_agreed(role, head, shape) for role, head, shape in zip(said, heads, shapes, strict=True)]
    if not any(role.name == "group" for role in found):
        for index, head in enumerate(heads):
            if holds_groups(head, columns[index]):
                found[index] = Role("group")
                break
    if not any(role.name in NAMES for role in found):
        for index, (head, shape) in enumerate(zip(heads, shapes, strict=True)):
            if found[index].name == "" and shape == "name" and _name_bodies(columns[index]) and not said[index].name:
                found[index] = Role("unit", head)
                break
    if not any(role.name == "result" for role in found):
        for index, shape in enumerate(shapes):
            if found[index].name in ("", "group", "level") and shape == "grade":
                found[index] = Role("result")
                break
    return tuple(found)


def holds_groups(head: str, cells: Sequence[str]) -> bool:
    """Say whether a column without a head names the groups that the rows belong to: 县区, '', 市直部门."""
    full = [c.strip() for c in cells if c.strip() not in _EMPTY and c.strip() not in column_words("sum_row")]
    return not head.strip() and bool(full) and all(names_group(c) for c in full)


@lru_cache(maxsize=5_000)
def head_role(head: str) -> Role:
    """Return the role that a header cell says.

    It is known by its whole wording, else by the longest known wording that it ends with (县级门户网站名称 ends with
    网站名称); the name of a group of bodies (县（市）) heads their names. What tells of an earlier time is `earlier`.
    """
    words = re.sub(r"\s", "", head)
    bare = words
    while (m := _BRACKET.search(bare)) and group_kind(bare) not in _BODIES and m.start() > 0:
        bare = bare[: m.start()]
    if not words:
        return Role("")
    role = _known_role(words, bare)
    if _WORTH.search(words) and role.name in ("", "count", "rate", "note", "bonus"):
        return Role("indicator", bare)
    if role.name in ("score", "rank", "deduction", "total", "result") and _is_earlier(role.what):
        return Role("earlier", role.what)
    return role


def _known_role(words: str, bare: str) -> Role:
    known, longest = _lexicon()
    for form in (words, bare, bare.removesuffix("名称"), re.sub("的|情况$", "", bare)):
        if form in known:
            return Role(known[form], _beside_noun(form, known[form]))
    if words.startswith("是否"):
        return Role("result")
    if bare in grades():
        return Role("grade_mark", bare)
    for form in (bare, words):
        for wording in longest:
            if form.endswith(wording):
                return Role(known[wording], form[: -len(wording)])
    if group_kind(words) in _BODIES or group_kind(bare) in _BODIES:
        return Role("unit")
    return Role("")


def _beside_noun(words: str, role: str) -> str:
    """Return what a known header says beside its noun: 综合 of 综合得分, 合计 of 扣分合计, 总 of 总分."""
    known, longest = _lexicon()
    same = [w for w in longest if known[w] == role and w != words]
    rest = [words.removesuffix(w) for w in same if words.endswith(w)]
    rest += [words.removeprefix(w) for w in same if words.startswith(w)]
    total = next((w for w in column_words("total") if words.startswith(w)), "")
    return max((r for r in rest if whole_rank(r) == 2), key=len, default=total)


@cache
def _lexicon() -> tuple[dict[str, str], list[str]]:
    """The role of each wording, and the wordings by length; a single character is the whole header or its 数, 率."""
    known = {row["wording"]: row["role"] for row in load("table_columns", required=("wording", "role"))}
    tails = [w for w, role in known.items() if len(w) >= 2 or role in ("count", "rate")]
    return known, sorted(tails, key=lambda w: (-len(w), w))


def _is_earlier(what: str) -> bool:
    return any(what.startswith(w) or what.endswith(w) for w in column_words("earlier"))


@lru_cache(maxsize=5_000)
def whole_rank(what: str) -> int:
    """Say how much of the whole a figure is told to be about by the words before its head noun.

    2 for a total (综合, 总, 合计), 1 for the whole without more (得分, 本年度考核得分), 0 for a part (信息公开得分).
    """
    rest, best = _YEAR.sub("", what), 1
    for kind, rank in (("total", 2), ("whole", 1)):
        for word in column_words(kind):
            if word in rest:
                rest, best = rest.replace(word, ""), max(best, rank)
    return best if not rest else 0


def shape_of(cells: Sequence[str]) -> str:
    """Say what most cells of a column are: serial, rank, figure, rate, grade, mark, name, text or empty."""
    full = [c.strip() for c in cells if c.strip() not in _EMPTY]
    if not full:
        return "empty"
    need = _MOST * len(full)

    def most(pattern: re.Pattern[str]) -> bool:
        return sum(pattern.fullmatch(c) is not None for c in full) >= need

    if full == [str(i) for i in range(1, len(full) + 1)] and len(full) > 1:
        return "serial"
    if most(_FIGURE):
        return "figure"
    if most(_RATE):
        return "rate"
    if sum(grade_in(c) != "" for c in full) >= need:
        return "grade"
    if most(RANK):
        return "rank"
    if sum(c in column_words("yes") or c in column_words("no") for c in full) >= need:
        return "mark"
    return "name" if most(_NAME) else "text"


@lru_cache(maxsize=5_000)
def grade_in(words: str) -> str:
    """Return the grade of a cell without what comes along: 优秀（9个） and 优秀等次 -> 优秀; '' for an unknown one."""
    bare = bare_grade(words)
    return bare if bare in grades() else ""


@lru_cache(maxsize=5_000)
def bare_grade(words: str) -> str:
    """Return the words of a grade cell without quotes, counts in brackets and the noun behind."""
    bare = re.sub(r"（[^（）]*）$", "", words.strip()).strip("“”。；：: ")
    if bare in grades():
        return bare
    shorter = re.sub(r"(?:等次|等级|档次|单位|的)$", "", bare)
    return shorter if shorter in grades() else bare


def _agreed(role: Role, head: str, shape: str) -> Role:
    """Return the role where header and cells agree, what the cells alone tell where they do not."""
    name = role.name
    if shape == "empty":
        return role
    if name in NUMERIC_ROLES or name == "earlier":
        if shape in ("figure", "serial"):
            return role
        return Role("result", role.what) if shape == "grade" and name in ("score", "total") else Role("")
    if name == "rank":
        if shape in ("figure", "serial", "rank"):
            return role
        return Role("result", role.what) if shape == "grade" else Role("")
    if name == "result" and shape in ("figure", "serial", "rate"):
        return Role("score" if shape == "figure" and head_is_free(head) else "", role.what)
    if name in NAMES and shape in ("figure", "serial", "rate"):
        return Role("number" if shape == "serial" else "")
    if name == "indicator" and shape not in ("figure", "serial"):
        return Role("")
    if name == "":
        return Role({"rate": "rate", "figure": "figure", "serial": "figure"}.get(shape, ""), head)
    return role


def head_is_free(head: str) -> bool:
    """Say whether a header of results may stand above scores: 考评结果, not 是否合格 or 等次."""
    return not head.startswith("是否") and not head.endswith(column_words("strong_grade"))


def _name_bodies(cells: Sequence[str]) -> bool:
    full = [c.strip() for c in cells if c.strip() not in _EMPTY]
    named = [all(ends_like_body(part) for part in re.split("、", c)) for c in full]
    return bool(full) and sum(named) >= _MOST * len(full)
