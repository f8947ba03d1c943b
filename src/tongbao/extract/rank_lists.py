"""Ranks in running text: 前三名依次为甲、乙、丙; 甲、乙分列第二、第三位; 甲位居首位. Rows have a position and no grade.

Which places tied units take is told in `rank_ties`.
"""

import re
from dataclasses import replace

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, another_year, group_or_none, ordering
from tongbao.extract.group_headings import subject_group, wider_group
from tongbao.extract.rank_scores import before_scores, scored_after
from tongbao.extract.rank_ties import RANK_NUMBER, tied_positions
from tongbao.extract.scopes import NOTE, group_words, known_group, measure_at
from tongbao.extract.spans import clauses, split_outside
from tongbao.extract.units import Unit, read_units

_N = RANK_NUMBER
RANK_SIGN = r"高[到至]?低|[前后][\d一二两三四五六七八九十]|第|首位|榜首|居首|分列|分获|分居|分别"
"""What every wording of a rank holds."""

_SIGN = re.compile(RANK_SIGN)
_WITHIN = rf"(?P<within>全[省市县区州]|(?<=[列居获名排]){group_words('2,14', '第前')}?(?:网站)?)?"
_TOP = re.compile(
    rf"(?P<side>前|后)(?P<n>{_N})(?:名|位|甲|(?<=[名分列居排市县区省州][前后].)(?=的|：|为))(?:的)?"
    rf"(?P<after>{group_words('0,14', '依分是为有的')}?)(?:的)?"
    rf"{NOTE}(?:依次|分别)?(?:(?:为|是|有|如下)：?|：)(?P<list>.+)"
)
_DESCENDING = re.compile(
    rf"(?P<group>{group_words('0,20')}?)的?按?(?:综合|总|绩效|考核|考评|评估|测评)*(?:得分|总分|成绩|分数|排名)(?:情况)?[按由从]?高(?:[到至]低|低)"
    r"(?:的顺序)?(?:排序|排列|排名)?(?:依次|分别)?[为是]?：?(?P<list>.+)"
)
_RANKING = re.compile(
    r"(?:的|中|里)?(?:综合|总|绩效|考核|考评|评估|测评|评价)*(?:得分|总分|成绩|分数|排名|名次|排位)*"
    r"(?:位居|位列|名列|居|列|排|在)?(?:全[省市县区州])?$"
)
_OTHER_RANKING = re.compile(
    r"指标|“|专项|单项|扣分|(?<!质)量|点击|访问|幅|率|采用|稿|[条次]数|影响力|传播|指数|办事服务|互动|解读"
)
_WHOLE = re.compile("考核|考评|评估|测评|评价|检查|抽查|排名|网站|新媒体|政务公开|信息公开")
_RANGE = re.compile(
    rf"(?P<list>.+?)(?:分列|分获|分居|分别位列|分别位居|分别列|分别名列|分别排){_WITHIN}第?(?P<from>{_N})(?:名|位)?"
    rf"(?:至|到|—|-)第?(?P<to>{_N})(?:名|位)"
)
_POINTS = r"\d{1,4}(?:\.\d{1,3})?分"
_FIRST = re.compile(
    rf"(?P<list>.+?)(?:，?(?:综合|总)?(?:得分|成绩|总分)?(?:分别|依次)(?:以|为|是|得)(?P<scores>{_POINTS}(?:(?:、|和){_POINTS})+)的?(?:成绩|总分|得分|综合得分)?，?)?"
    rf"(?:综合|总)?(?:得分|成绩|总分|排名)?(?P<order>分列|分获|分居|分别|依次)?(?:位列|位居|名列|排名|获得?|列|居)?{_WITHIN}前(?P<all>{_N})(?:名|位|甲)?"
)
_EACH = re.compile(
    rf"(?P<list>.+?)(?:分列|分获|分居|分别(?:排名?|位居|位列|名列|列|居|获得?)){_WITHIN}"
    rf"(?P<ranks>第?{_N}(?:名|位)?(?:(?:、|和)第?{_N}(?:名|位)?)+)"
)
_VERB = r"(?:并列|排名|排|位居|位列|名列|稳居|列|居|获得?|取得|蝉联){1,3}"
_RANK = rf"(?:第(?P<n>{_N})(?:名|位)?|(?P<first>首位|榜首|首))"
_SCORED = (
    r"(?:，?(?:以(?:总分|综合得分|得分)?|(?P<same>同为|同以|均为|同得|均得|得分同为|得分均为)|得分?|总分|综合得分|总分为|得分为)(?P<score>\d{1,4}(?:\.\d{1,3})?)分"
    r"(?:的)?(?:成绩|总分|得分|综合得分)?)"
)
_ONE = re.compile(rf"(?P<list>[^，]+?)(?:综合|总)?(?:得分|成绩|总分)?{_SCORED}?，?{_VERB}{_WITHIN}{_RANK}")
_MOVED = re.compile(
    rf"(?P<list>[^，]+?)(?:排名)?(?:由|从)(?:上年|去年|(?:19|20)\d\d年)度?的?第{_N}(?:名|位)?"
    rf"(?:上升|提升|跃升|前进|升|下降|后退|退|下滑|降)(?:到|至|为)(?:今年的?|本年的?)?第(?P<n>{_N})(?:名|位)?"
)
_NUMBERED = re.compile(
    rf"(?P<lead>[^：]{{2,40}}：)?(?P<who>{group_words('0,20')}?)(?:综合|总|得分|总分|排名|名列|位列|位居|获得?|列|居|排){{0,3}}"
    rf"第(?P<n>{_N})(?:名|位|(?=的[为是]))的?(?:为|是|分别为|分别是)?：?(?P<list>[^：]+)"
)
_OPENING = re.compile(rf"(?!其中$)(?:在|其中)?(?P<group>{group_words('1,20')})(?:中|里|方面)")


def rank_list(context: Context, line: Line, start: int, end: int, frame: Frame) -> list[GradeList]:
    """Return the ranked units of a sentence; ranks of an earlier year and of single indicators are left alone."""
    text = context.document.text
    if not _SIGN.search(text, start, end) or any(_OTHER_RANKING.search(h.words) for h in line.path):
        return []
    if descending := _descending(context, line, start, end, frame):
        return [descending]
    tops, at = [], start
    while top := _top(context, line, at, end, frame):
        at = top.units[-1].end
        tops.append(scored_after(context, top, at, end))
    if tops:
        return tops
    sentence = max(text.rfind("。", line.start, start) + 1, line.content)
    group, ranked = _opened(text, sentence, start, frame.group), []
    pieces = list(split_outside(text, start, end, "，；"))
    if group is None:
        return []
    for index, (s, e) in enumerate(pieces):
        e = before_scores(text, s, e)
        opening = _OPENING.fullmatch(text, s, e)
        if opening:
            opened = _opened(text, s, e, group)
            if opened is None:
                break
            group = opened
            continue
        if another_year(context, line, s):
            continue
        if index + 1 < len(pieces):
            joined = _placed(context, line, s, pieces[index + 1][1], group)
            if joined:
                ranked.append(joined)
                continue
        numbered = _numbered(context, line, s, e, group)
        if numbered:
            group = numbered.group
        one = numbered or next((x for a, b in clauses(text, s, e) if (x := _placed(context, line, a, b, group))), None)
        if one is None and _OTHER_RANKING.search(re.sub("“[^”]*”", "", text[s:e])):
            break  # 甲影响力排名第一，乙位居第二: what follows goes on with that ranking
        if one and not any(one.start < x.end and x.start < one.end for x in ranked):
            ranked.append(scored_after(context, one, e, end))
    return ranked


def _descending(context: Context, line: Line, start: int, end: int, frame: Frame) -> GradeList | None:
    """Read 县市区得分由高到低依次为：甲（98分）、乙（95分）."""
    text = context.document.text
    m = _DESCENDING.search(text, start, end)
    if m is None or _OTHER_RANKING.search(re.split("[，；]", text[start : m.start("list")])[-1]):
        return None
    units = read_units(context, m.start("list"), end)
    if units is None or len(units.units) < 2 or another_year(context, line, m.start()):
        return None
    return GradeList(
        measure_at(context, line, text[start:end]),
        known_group(m["group"]) or frame.group,
        frame.group_n,
        "",
        units.units,
        m.start(),
        m.start("list"),
        "rank_list",
        line,
        is_open=units.is_open,
        ordered=True,
    )


def _opened(text: str, start: int, end: int, group: str) -> str | None:
    """Return the group that 区政府网站中 opens with, else `group`; None where the rank is not that of the whole.

    Example: 在办事服务方面，甲排名第一 -> None.
    """
    for s, e in split_outside(text, start, end, "，；"):
        m = _OPENING.fullmatch(text, s, e)
        if m:
            own = known_group(m["group"])
            if _OTHER_RANKING.search(m["group"]) or not (own or _WHOLE.search(m["group"])):
                return None
            group = own or group
    return group


def _top(context: Context, line: Line, start: int, end: int, frame: Frame) -> GradeList | None:
    """Read 排名前十名的市依次是：甲、乙…; 区县得分前3名为：…; 市（州）网站得分后两名的是：…."""
    text = context.document.text
    m = _TOP.search(text, start, end)
    if m is None:
        return None
    before = re.split("[，；：]", text[start : m.start()])[-1]
    if _OTHER_RANKING.search(before + (m["after"] or "")) or another_year(context, line, m.start()):
        return None
    list_at = m.start("list")
    units, stop = None, end
    for stop in dict.fromkeys((end, next(iter(split_outside(text, list_at, end, "，；")), (list_at, end))[1])):
        units = read_units(context, list_at, stop)
        if units:
            break
    if not units:
        return None
    n, best = parse_count(m["n"]), m["side"] == "前"
    positions = tied_positions(context, units.units, 1, n) if best else None
    order = ordering(text[m.start() : list_at])
    return GradeList(
        measure_at(context, line, text[start:end]),
        wider_group(group_or_none(m["after"] or "") or known_group(_RANKING.sub("", before)), frame.group)
        or subject_group(re.split("[，；]", text[start : m.start()]))
        or frame.group,
        frame.group_n,
        "",
        units.units,
        start + text[start : m.start()].rfind(before),
        list_at,
        "rank_list",
        line,
        n_stated=n,
        is_open=units.is_open,
        ordered=best and order is not False,
        positions=positions or (),
        uses=(m.span("n"),),
    )


def _placed(context: Context, line: Line, start: int, end: int, group: str) -> GradeList | None:
    """Read 甲、乙、丙分列第二至第四名; 甲、乙分列第二、第三位; 甲得分98.2分，位居首位; 甲由上年的第12位上升到第6位."""
    text = context.document.text
    for pattern in (_RANGE, _FIRST, _EACH, _MOVED, _ONE):
        m = pattern.fullmatch(text, start, end)
        fields = m.groupdict() if m else {}
        if m is None:
            continue
        if within := fields.get("within"):
            own = known_group(within)
            if not own and context.own_place(within) is None:
                continue
            group = own or group
        units = read_units(context, start, m.end("list"))
        if units is None or units.is_open:
            continue
        positions = _ranks(context, m, units.units)
        if positions is None:
            continue
        named = units.units
        if fields.get("score") and (len(named) == 1 or fields.get("same")):
            named = tuple(replace(unit, score=m.span("score")) for unit in named)
        if fields.get("scores"):
            spans = [n.span() for n in re.compile(r"[\d.]+").finditer(context.document.text, *m.span("scores"))]
            if len(spans) != len(named):
                continue
            named = tuple(replace(unit, score=span) for unit, span in zip(named, spans, strict=True))
        made = _made(context, line, group, named, positions, (start, end), (m.end("list"), end))
        return replace(made, ordered=bool(fields["order"] or fields["scores"])) if "order" in fields else made
    return None


def _ranks(context: Context, m: re.Match[str], units: tuple[Unit, ...]) -> tuple[int, ...] | None:
    fields = m.groupdict()
    if "from" in fields:
        first, last = parse_count(m["from"]), parse_count(m["to"])
        positions = tied_positions(context, units, first, last - first + 1)
        return positions if positions or last - first + 1 != len(units) else tuple(range(first, last + 1))
    if "all" in fields:
        last = parse_count(m["all"])
        return tuple(range(1, last + 1)) if last == len(units) > 1 else None
    if "ranks" in fields:
        ranks = tuple(parse_count(n) for n in re.findall(_N, m["ranks"]))
        return ranks if len(ranks) == len(units) else None
    rank = 1 if fields.get("first") else parse_count(m["n"])
    together = len(units) > 1 and "并列" not in m.group()
    return None if together else (rank,) * len(units)


def _numbered(context: Context, line: Line, start: int, end: int, group: str) -> GradeList | None:
    """Read 得分排名为：第一名甲 and 第二名乙和丙（并列）: all names behind one rank share it."""
    m = _NUMBERED.fullmatch(context.document.text, start, end)
    units = read_units(context, m.start("list"), end) if m else None
    if m is None or units is None or units.is_open:
        return None
    if _OTHER_RANKING.search((m["lead"] or "") + m["who"]):
        return None
    own = known_group(_RANKING.sub("", m["lead"].rstrip("为：是"))) if m["lead"] else ""
    if m["who"] and not (own := known_group(m["who"])):
        return None
    positions = (parse_count(m["n"]),) * len(units.units)
    rank_at = m.start("n") - 1
    return _made(context, line, own or group, units.units, positions, (rank_at, end), (rank_at, m.start("list")))


def _made(
    context: Context, line: Line, group: str, units: tuple[Unit, ...], positions: tuple[int, ...], span: Span, use: Span
) -> GradeList:
    return GradeList(
        measure_at(context, line, context.document.slice(span)),
        group,
        None,
        "",
        units,
        *span,
        "rank_span",
        line,
        n_stated=len(units),
        ordered=True,
        positions=positions,
        uses=(use,),
    )
