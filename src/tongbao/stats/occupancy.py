"""Is "k groups without a failure" more than chance? Failures dropped at random over all sampled sites.

Belongs here: the exact distribution of the number of clean groups. It answers what circulars invite the reader to
conclude from "seven cities at 100 %".
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial

from tongbao.errors import TongbaoError


def clean_groups(n_failed: int, groups: int | Sequence[int]) -> list[Fraction]:
    """Return P(exactly k groups have no failure) for k = 0 .. number of groups, exactly.

    Args:
        n_failed: failures over all groups.
        groups: the number of sites sampled in each group, each site equally likely to fail and failing at most
            once (permutation of failures over the sampled sites); or one integer, the number of equally likely
            groups when the sizes are not printed (classical occupancy, Feller 1968, chapter IV.2).

    Raises:
        TongbaoError: there are more failures than sites, or no group.
    """
    return list(_clean_groups(n_failed, groups if isinstance(groups, int) else tuple(groups)))


@lru_cache(maxsize=256)
def _clean_groups(n_failed: int, groups: int | tuple[int, ...]) -> tuple[Fraction, ...]:
    sizes: list[int | None] = [None] * groups if isinstance(groups, int) else list(groups)
    known = [size for size in sizes if size is not None]
    if not sizes or n_failed < 0 or any(size < 0 for size in known):
        raise TongbaoError(
            f"{n_failed} failures over the groups {groups}: groups and counts cannot be negative or none"
        )
    if known and n_failed > sum(known):
        raise TongbaoError(f"{n_failed} failures do not fit on {sum(known)} sites")
    # ways[f][c]: weight of f failures on the groups so far with c of them clean.
    ways = [[Fraction(0)] * (len(sizes) + 1) for _ in range(n_failed + 1)]
    ways[0][0] = Fraction(1)
    for size in sizes:
        after = [[Fraction(0)] * (len(sizes) + 1) for _ in range(n_failed + 1)]
        for used, row in enumerate(ways):
            for clean, weight in enumerate(row):
                if weight:
                    for here in range(n_failed - used + 1):
                        share = Fraction(1, factorial(here)) if size is None else Fraction(comb(size, here))
                        after[used + here][clean + (here == 0)] += weight * share
        ways = after
    total = sum(ways[n_failed])
    return tuple(weight / total for weight in ways[n_failed])


def p_at_least_clean(k: int, n_failed: int, groups: int | Sequence[int]) -> float:
    """Return P(at least k groups have no failure) when the failures fall at random; arguments as `clean_groups`."""
    return float(sum(clean_groups(n_failed, groups)[max(0, k) :], start=Fraction(0)))


def mean_clean(n_failed: int, groups: int | Sequence[int]) -> float:
    """Return how many groups are without a failure on average when the failures fall at random."""
    return float(sum(k * p for k, p in enumerate(clean_groups(n_failed, groups))))
