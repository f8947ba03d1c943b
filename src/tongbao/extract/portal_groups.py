"""Groups that are named only by the level of their portals: 区政府门户网站 in a city's circular."""

from tongbao.extract.statements import Scope, Subject
from tongbao.extract.territory import Territory

_LOWER = {"national": "省市州县区", "province": "市州盟县区", "prefecture": "县区旗", "county": "镇乡"}


def portals_below(home: Territory, masked: str, start: int, portal: Subject) -> Scope | None:
    """Return the group whose portals are named by their level alone, None where there is none below the issuer.

    Example, in a city with districts: 区政府门户网站16个 -> 区政府; but 全区政府门户网站 names no group.
    """
    at = portal.start - 1
    if at < start or not portal.words.startswith("政府门户") or masked[at] not in _LOWER.get(home.own_level, ""):
        return None
    before = masked[at - 1] if at > start else ""
    if before == "各" or before not in "，；：、和及与含括对＿其中为":
        return None
    return Scope(masked[at] + "政府", "group", "", at, portal.end)
