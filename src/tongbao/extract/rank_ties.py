"""Ties in lists of ranks: how many units share a place, and which places the others take.

Ties are printed in two ways (6, 6, 7 and 6, 6, 8): which one holds is told by counting the names.
"""

import re

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.units import Unit

RANK_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_JOINED = re.compile("和|及|与|以及|/")


def tied_positions(context: Context, units: tuple[Unit, ...], first: int, n: int) -> tuple[int, ...] | None:
    """Return the ranks of a list with printed ties that fills `n` places from `first`; None without ties or a fit.

    Six names for six places: the place after a tie of two is skipped (1, 2, 2, 4). More names than places: none is
    skipped (1, 2, 2, 3).
    """
    sizes = _sizes(context, units, first)
    if not any(size > 1 for size in sizes):
        return None
    ranks: list[int] = []
    for index, size in enumerate(sizes):
        ranks += [first + (len(ranks) if len(units) == n else index)] * size
    return tuple(ranks) if n in (len(units), len(sizes)) else None


def _sizes(context: Context, units: tuple[Unit, ...], first: int) -> list[int]:
    """Return how many units share each place.

    Examples of two that share one: 乙和丙（并列）; 甲、乙（甲、乙并列第五）; 甲（并列第三）、乙（并列第三）.
    """
    text = context.document.text
    shares = [False] * len(units)  # with the name before
    for index, unit in enumerate(units):
        if not unit.tie:
            continue
        back = unit.tie.split("并列")[0].count("、") if "并列" in unit.tie else 0
        if index and not back and "并列" in unit.tie and _JOINED.fullmatch(text, units[index - 1].end, unit.start):
            back = 1
        if (
            not back
            and not any(shares[:index])
            and (m := re.fullmatch(rf"（?并列第(?P<n>{RANK_NUMBER})(?:名|位)?）?", unit.tie))
        ):
            back = min(max(index + first - parse_count(m["n"]), 0), 2)  # 甲、乙、丙（并列第二）: 丙 shares with 乙
        if index and units[index - 1].tie == unit.tie and "第" in unit.tie:
            back = max(back, 1)
        for at in range(max(index - back, 0), index):
            shares[at + 1] = True
    sizes: list[int] = []
    for shared in shares:
        if shared:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return sizes
