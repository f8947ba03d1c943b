"""Whose score a clause is about: the group named nearest before it, in the clause, the sentence or the heading."""

import re
from functools import lru_cache

from tongbao.extract.document import Line
from tongbao.extract.scopes import any_of, clean_group, is_known, known_group, words_of

_RUN = re.compile(r"[一-鿿（）、]{2,24}$")
_COUNT_BEHIND = re.compile(r"(?:中|里)?(?:共|共有|有|共计)?\d{1,5}(?:个|家|名)$")
_TAIL = re.compile(r"(?:的|中|其|总体|综合|整体)$")


@lru_cache(maxsize=20_000)
def group_at_end(words: str) -> str:
    """Return the group that the words end with, '' where they end with none.

    Examples: 评估市直部门网站22家 -> 市直部门; 省级政府门户网站 -> 省级政府; 参评市级部门41家 -> 市级部门. What stands
    before the group must be a lead of its own (评估, 参评, 全市, 8个): 未达标部门 is no group that is known.
    """
    words = _COUNT_BEHIND.sub("", words)
    for _ in range(3):
        words = _TAIL.sub("", words)
    run = _RUN.search(words)
    if run is None:
        return ""
    ahead, run_words = words[: run.start()], run.group()
    found: list[str] = []
    for cut in range(len(run_words)):
        lead, name = run_words[:cut], run_words[cut:]
        if name.count("（") != name.count("）") or ((cut or ahead) and not _is_lead(ahead[-6:] + lead)):
            continue
        if len(name) < 2 and not (lead.endswith(("个", "家")) and ahead[-1:].isdigit()):
            continue
        if joint := _joint(name):
            return joint
        if group := known_group(name):
            if is_known(group):
                return group
            found.append(group)
    return found[-1] if found else ""


def _joint(name: str) -> str:
    """Return two known groups that are scored together (县（市、区）和功能区), as printed."""
    halves = re.split("[和及与]", clean_group(name))
    return clean_group(name) if len(halves) == 2 and all(is_known(half) for half in halves) else ""


@lru_cache(maxsize=20_000)
def _is_lead(words: str) -> bool:
    """Whether a group may begin behind these words."""
    return re.search(rf"(?:^|{any_of(words_of('group_leads'))}|[\d，：；、“”》）＿](?:个|家)?)$", words) is not None


def counted_group(clause: str) -> str:
    """Return the group of a clause that only counts it, '' for any other clause.

    Examples: 市州政府网站9个 -> 市州; 本次评估8个市州政府门户网站 -> 市州.
    """
    m = re.search(r"\d{1,5}(?:个|家)", clause)
    if m is None or len(clause) > 36 or re.search(r"分|率|合格|[％%]", clause):
        return ""
    if m.end() == len(clause):
        return group_at_end(clause)
    return known_group(clause[m.end() :]) if _is_lead(clause[: m.start()] or "") else ""


def heading_group(line: Line) -> str:
    """Return the group of the nearest heading that names one."""
    return next((group for h in reversed(line.path) if (group := group_of_heading(h.words))), "")


def group_of_heading(words: str) -> str:
    """Return the group that a heading names, its full mark aside: 设区市（满分120分） -> 设区市."""
    return known_group(re.sub(r"（[^（）]*分[^（）]*）$", "", words))
