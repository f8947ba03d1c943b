"""The table `findings`: who has which problem, from running text and from tables."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Check, Fact, Span
from tongbao.extract.finding_tables import table_findings
from tongbao.extract.problem_words import OTHER, Problem, has_wording, is_deficient, problems_in
from tongbao.extract.scopes import any_of, clean_group, group_kind, is_demand, is_relevant, words_of
from tongbao.extract.site_tables import long_names, platform_owners
from tongbao.extract.spans import clauses, sentences, split_outside
from tongbao.extract.subjects import Subject, read_subject
from tongbao.extract.units import Unit, read_units

_LISTED = re.compile(
    r"的(?P<noun>[^，。；：、的]{0,14}?)(?:主要|分别|依次|共)?(?:有|为|是|包括)：?(?P<list>[^\d：].*)$", re.S
)
_FOUND = re.compile(r"出现|存在|发现|有")
_WANTED = re.compile(
    r"(?:^|[，；、])(?:要|应(?!更新)当?|须|必须|请|坚决|切实|避免|防止|杜绝|防范|力争|确保|不得|严禁|着力|全面)|(?:要|应|须)(?:及时|认真|立即|加强|进一步|严格)|进行整改|及时整改|将(?:予以|发出|对|视)|整改存在问题|有效解决|切实解决|已(?:经)?(?:全部|基本|均|按要求|及时)*(?:整改|完成|解决|得到|修复|修正|更正|恢复|清理)"
)
_ENUMERATION = re.compile(r"^(?:[一二三四五六七八九十]是|第[一二三四五六七八九十]，?|（\d+）|\d+[.．、])")
_COUNTED_SITES = re.compile(
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十])(?:个|家)(?:政府|政务)?(?:网站|单位|部门|新媒体|账号|公众号|频道|平台)"
)
_NAMED_AFTER = re.compile(r"(?:分别|依次|具体|名单)(?:如下)?(?:是|为)?(?P<list>.+)")
_CAUSE = re.compile("因(?P<cause>.+?)(?:而)?被")
_EACH = re.compile(
    r"分别(?:有|存在|发现|出现|缺少)*(?P<counts>\d{1,4}(?:个|条|处|项|篇)?(?:(?:、|和)\d{1,4}(?:个|条|处|项|篇))+)"
)
_CALLED_PROBLEM = re.compile(r"存在.{0,12}(?:问题|薄弱环节|不足)")


@dataclass
class _Carry:
    """What a paragraph passes on from sentence to sentence."""

    group: str = ""


def findings(context: Context) -> Iterator[Fact | Check]:
    """Yield the rows of `findings` and a broken check for every name that one list prints twice."""
    if not is_relevant(context):
        return
    for line in context.document.lines:
        if line.part not in ("body", "annex") or line.kind == "table_row" or is_demand(context, line):
            continue
        if line.part == "annex" and line.kind in ("annex_head", "annex_title"):
            continue
        yield from _read_line(context, line)
    yield from table_findings(context)


def _read_line(context: Context, line: Line) -> Iterator[Fact | Check]:
    text = context.document.text
    if line.kind == "heading" or not _names_problem(text[line.content : line.end]):
        return
    carry = _Carry(_heading_group(line))
    for s, e in sentences(text, line.content, line.end):
        m = _ENUMERATION.match(text[s:e])
        s += m.end() if m else 0
        listed = list(_listed(context, line, s, e, carry)) or list(_named_after(context, line, s, e, carry))
        if listed:
            yield from listed
            continue
        yield from _clauses(context, line, s, e, carry)


def _names_problem(words: str) -> bool:
    """Say whether a paragraph can name a problem at all; most paragraphs of a circular cannot."""
    return has_wording(words) or (_CALLED_PROBLEM.search(words) is not None and is_deficient(words))


def _heading_group(line: Line) -> str:
    for heading in reversed(line.path):
        group = clean_group(heading.words)
        if heading.words and group_kind(group):
            return group
    return ""


def _listed(context: Context, line: Line, start: int, end: int, carry: _Carry) -> Iterator[Fact | Check]:
    """Read …出现应更新栏目但长期未更新的单位有：甲、乙 and 首页长期未更新：甲网站、乙网站."""
    text = context.document.text
    last = list(split_outside(text, start, end, "；;"))
    for s, e in last:
        m = _LISTED.search(text[s:e])
        label_end, list_at = None, None
        while m:
            label_end, list_at = s + m.start(), s + m.start("list")
            if read_units(context, list_at, _trim_end(text, list_at, e)):
                break
            nxt = _LISTED.search(text[s + m.start() + 1 : e])
            m = nxt and _LISTED.search(text[s:e], m.start() + 1)
        if m is None or label_end is None or list_at is None:
            colon = text.find("：", s, e)
            if colon < 0 or "，" in text[s:colon]:
                continue
            label_end, list_at = colon, colon + 1
        units = read_units(context, list_at, _trim_end(text, list_at, e))
        if units is None:
            continue
        label = list(split_outside(text, s, label_end, "，"))
        if not label:
            continue
        a, b = label[-1]
        hit = _FOUND.search(text[a:b])
        a = a + hit.start() if hit else a
        problems = problems_in(text, a, b)
        if not problems or _WANTED.search(text[s:label_end]):
            continue
        problem = replace(problems[0], start=a, end=b)
        group = clean_group(m["noun"]) if m else ""
        subject = Subject(tuple(units.units), group if group_kind(group) else carry.group, list_at, e)
        yield from _rows(context, line, subject, [problem, *problems[1:]], (a, b), "problem_list")


def _named_after(context: Context, line: Line, start: int, end: int, carry: _Carry) -> Iterator[Fact | Check]:
    """Read 2家网站因首页长期未更新被判定为不合格，分别是甲、乙: the count is that of the names, not of things wrong."""
    text = context.document.text
    pieces = list(clauses(text, start, end))
    for (a, b), (s, e) in itertools.pairwise(pieces):
        counted, named = _COUNTED_SITES.search(text, a, b), _NAMED_AFTER.fullmatch(text, s, e)
        if counted is None or named is None or _WANTED.search(text[a:b]):
            continue
        units = read_units(context, named.start("list"), e)
        if units is None or len(units.units) != parse_count(counted["n"]):
            continue
        cause = _CAUSE.search(text, counted.end(), b)
        span = cause.span("cause") if cause else (counted.end(), b)
        problems = problems_in(text, *span)
        if problems:
            yield from _rows(context, line, Subject(units.units, carry.group, s, e), problems, (a, b), "problem_list")


def _clauses(context: Context, line: Line, start: int, end: int, carry: _Carry) -> Iterator[Fact | Check]:
    """Read sentences whose subject has a problem: 甲、乙均存在…问题; 个别单位…不及时，…; 我市…回复超期."""
    text = context.document.text
    subject: Subject | None = None
    named: set[tuple[str, str]] = set()
    called = bool(_CALLED_PROBLEM.search(text[start:end]))
    pending: list[tuple[Subject, Problem]] = []
    for s, e in clauses(text, start, end):
        found = read_subject(context, s, e, carry.group)
        if found:
            subject = found
            if found.group and (found.units or found.is_group):
                carry.group = found.group
            opening, s = found.start if found.is_unnamed else _site_word(text, found), found.rest
        else:
            opening = s
        if subject is None or s >= e or _WANTED.search(text[s:e]):
            continue
        problems = [replace(p, start=max(p.start, s)) for p in problems_in(text, opening, e) if p.end > s]
        if len(problems) == 1 and (shared := _EACH.search(text, s, e)):
            counts = tuple(int(n) for n in re.findall(r"\d+", shared["counts"]))
            problems = [replace(problems[0], n=None, each=counts)]
        if not problems and called and subject.is_unnamed and is_deficient(text[s:e]):
            problems = [Problem(OTHER, s, e)]
        for problem in problems:
            if (
                pending
                and pending[-1][0] == subject
                and pending[-1][1].category == problem.category
                and not (problem.category == OTHER and problem.start - pending[-1][1].end > 1)
            ):
                last = pending[-1][1]
                pending[-1] = (subject, replace(last, end=problem.end, n=last.n if last.n is not None else problem.n))
            else:
                pending.append((subject, problem))
    for who, problem in pending:
        key = (str(who), problem.category)
        if key in named and problem.category != OTHER:
            continue
        named.add(key)
        yield from _rows(context, line, who, [problem], (problem.start, problem.end), "problem_subject", (start, end))


def _site_word(text: str, subject: Subject) -> int:
    """Return where the object word before the rest begins, which belongs to the problem's wording.

    Examples: 网站 in 甲局网站无法访问; 政务微信“甲” in 政务微信“甲”超过14天未更新.
    """
    last, rest = subject.units[-1], subject.rest
    if last.is_site and last.name.endswith("”") and last.end == rest:
        return last.start
    return rest - 2 if text[rest - 2 : rest] == "网站" else rest


def _rows(
    context: Context,
    line: Line,
    subject: Subject,
    problems: list[Problem],
    detail: Span,
    rule: str,
    sentence: Span | None = None,
) -> Iterator[Fact | Check]:
    text = context.document.text
    part = "annex" if line.part == "annex" else "body"
    owners, longs = platform_owners(context), long_names(context)
    for problem in problems:
        base: dict[str, Any] = {"group": subject.group, "category": problem.category, "part": part}
        if problem.n is not None:
            base["n"] = problem.n
        base["detail"] = text[problem.start : problem.end]
        if subject.is_unnamed:
            yield Fact("findings", problem.start, problem.end, "stated", rule, _filled(base))
            continue
        seen: dict[tuple[str, str], Unit] = {}
        for index, unit in enumerate(subject.units):
            unit_name, site = _unit_and_site(context, unit, owners)
            if len(subject.units) == 1 and not site and sentence:
                site = next((p for p in owners if p in text[sentence[0] : sentence[1]]), "")
            key = (unit_name, site)
            if key in seen:
                names = [u.name for u in subject.units]
                yield Check(
                    "no_unit_twice_in_list",
                    f"{len(names)} names",
                    f"{len(set(names))} different names",
                    False,
                    f"{unit.name} is printed twice in one list",
                    ((seen[key].start, unit.end),),
                )
                continue
            seen[key] = unit
            values = base | {"unit": unit_name, "site": site}
            if len(problem.each) == len(subject.units):
                values["n"] = problem.each[index]
            values["unit_name"] = unit.full_name or longs.get(unit_name, "")
            span = (unit.start, unit.end) if not unit.site else unit.site
            yield Fact("findings", *span, "stated", rule, _filled(values), (detail,))


def _unit_and_site(context: Context, unit: Unit, owners: dict[str, str]) -> tuple[str, str]:
    """Return unit and site: a listed platform gives its owner; a bare site leaves the unit empty."""
    if unit.name in owners:
        return owners[unit.name], unit.name
    m = re.fullmatch(r"(?P<unit>[^（）]+)（(?P<site>[^（）]+)）", unit.name)
    if m and m["site"] in owners:
        return m["unit"], m["site"]
    site = context.document.slice(unit.site) if unit.site else ""
    return ("" if unit.is_site else unit.name), site


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v != ""}


def _trim_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in "。；;， ":
        end -= 1
    return end


__all__ = ["any_of", "findings", "words_of"]
