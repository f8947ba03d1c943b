"""Series of figures that are announced once: 检查数与合格数依次为：甲市5个、5个，乙市5个、4个.

What is counted is read from the announcement with the words that head the columns of tables (`rate_columns`), whose
figures they are from the names before them. The wordings of single rates are the matter of `rates_telling`.
"""

import re
from dataclasses import replace
from functools import cache

from tongbao.extract.lexicon import load
from tongbao.extract.mentions import find_numbers
from tongbao.extract.rates_changes import ChangeTeller
from tongbao.extract.rates_counts import Count
from tongbao.extract.rates_model import Counted, State, Statement
from tongbao.extract.rates_patterns import decoys
from tongbao.extract.scope_reading import find_scopes
from tongbao.extract.statements import Scope, find_subjects

_HEAD = re.compile(
    r"(?P<heads>[一-鿿]{2,10}(?:数|量|率)(?:(?:、|和|与|及|以及)[一-鿿]{1,10}(?:数|量|率)){1,4})"
    r"(?:分别|依次)(?:为|是|有|达)?(?:：|:)?"
)
_FIGURE = r"\d{1,6}(?:\.\d{1,4})?(?:个|家|[%％])?"
_ITEM = re.compile(
    rf"(?:、|，|；|和|及)?(?P<name>[一-鿿（）]{{0,14}}?)(?:分别)?(?:为|是|：|:)?"
    rf"(?P<figures>{_FIGURE}(?:(?:、|，|和|及|与|/){_FIGURE}){{1,4}})(?=[，；。、\n]|$)"
)
_CHECKS = r"(?:受检|被检|应检|抽查|检查|抽检|监测|检测|普查|核查|巡查|抽取|扫描)"
_CORES = (
    ("failed", re.compile(rf"{_CHECKS}?不合格")),
    ("passed", re.compile(rf"{_CHECKS}?合格")),
    ("checked", re.compile(_CHECKS)),
    ("total", re.compile(r"运行|在用|备案|登记|开设|开办|现有|在册|运维|总数")),
)
_BESIDE = re.compile(r"(?:本次|此次|本季度|本期|实际|正常|正在|在线|在|目前|已|被|共|总|网站|账号|单位|个|家|数|量)*")
_SIZE = re.compile(r"(?:数量|个数|家数|总数量)$")


@cache
def _roles() -> dict[str, str]:
    return {row["wording"]: row["role"] for row in load("rate_columns", required=("wording", "role"))}


def role_of(words: str) -> str:
    """Return what a column or an announcement counts (checked, passed, rate, …), '' where it is nothing known.

    The words come without the object and the period: 抽查数 -> checked; 检查合格个数 -> passed; 整改后合格率 -> ''.
    """
    bare = re.sub(r"的|政府", "", _SIZE.sub("数", words))
    if bare.endswith("合格率") and not decoys("part").search(bare) and not decoys("repaired").search(bare):
        return "failure" if bare.endswith("不合格率") else "rate"
    return _roles().get(bare, "") or _composed(bare)


def _composed(words: str) -> str:
    """Return what the head noun of a column counts where nothing else stands beside it: 本次检查 -> checked.

    检查结果, 发现问题数 and whatever holds a further word stay unknown.
    """
    if "率" in words or "比" in words:
        return ""
    for role, core in _CORES:
        if core.search(words):
            return role if _BESIDE.fullmatch(core.sub("", words)) else ""
    return ""


class SeriesTeller(ChangeTeller):
    """A teller that reads announced series."""

    def series(self, state: State, s: int, e: int, end: int) -> bool:
        """Read a series that a clause announces, up to the end of its sentence; say whether it was one.

        Reading stops at a name that means nobody known and at an item with more or fewer figures than announced.
        """
        head = _HEAD.search(self.masked, s, e)
        if head is None:
            return False
        things = find_subjects(self.masked, s, head.end())
        measures = list(dict.fromkeys(t.measure for t in things)) or state.measures
        roles = [self._role(part) for part in re.split("、|以及|和|与|及", head["heads"])]
        if not all(roles) or len(set(roles)) < len(roles) or len(measures) > 1:
            return False
        at, owner = head.end(), state.scopes
        while (item := _ITEM.match(self.masked, at, end)) is not None:
            figures = find_numbers(self.text, *item.span("figures"))
            if item["name"]:
                owner = find_scopes(self.context, self.masked, *item.span("name")) or []
            elif at > head.end():
                break
            if len(figures) != len(roles) or len(owner) != 1 or not owner[0].name:
                break
            self._item(replace(state, scopes=owner, measures=measures), item, roles, owner[0])
            at = item.end()
        return True

    def _role(self, words: str) -> str:
        """Return what one part of an announcement counts: 各县市检查数 -> checked."""
        things = find_subjects(words, 0, len(words))
        bare = words
        for thing in reversed(things):
            bare = bare[: thing.start] + bare[thing.end :]
        known = sorted((w for w in [*_roles(), "不合格率", "合格率"] if bare.endswith(w)), key=len)
        return role_of(bare) or (role_of(known[-1]) if known else "")

    def _item(self, state: State, item: re.Match[str], roles: list[str], owner: Scope) -> None:
        """Add the figures of one name; a percentage needs its sign, a count must have none."""
        figures = find_numbers(self.text, *item.span("figures"))
        if any(n.is_percent != (role in ("rate", "failure", "share")) for role, n in zip(roles, figures, strict=True)):
            return
        start = owner.start if item["name"] else item.start("figures")
        for role, number in zip(roles, figures, strict=True):
            for frame in self.frames(state):
                if role in ("rate", "failure"):
                    kind = "failure" if role == "failure" else "stated"
                    design = self.design(state, frame, start, item.end())
                    told = Statement(kind, frame, start, number.outer[1], number, design=design)
                    self.reading.statements.append(told)
                else:
                    count = Count(role, number, frame.measure, number.start, number.end)
                    self.reading.counts.append(Counted(count, frame))
