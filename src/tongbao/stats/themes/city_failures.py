"""Where the failures of a province lie: what cities at 100 % and a group's printed rate leave possible.

Belongs here: possible sizes of a group, the occupancy test of clean cities, the gap between group and cities; all for
one circular at a time. Does not belong here: single rates (`rates.py`).
"""

from collections import Counter
from dataclasses import dataclass, field

from scipy.stats import fisher_exact

from tongbao.errors import TongbaoError
from tongbao.stats.comparable import period_span
from tongbao.stats.counts import Rule, designs_for_rate
from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.intervals import newcombe_difference, union_over, wilson
from tongbao.stats.occupancy import mean_clean, p_at_least_clean
from tongbao.stats.result import Refusal
from tongbao.stats.themes.corpus import Row
from tongbao.stats.themes.rates import identify, printed_percent
from tongbao.tidy.rules import AS_STATED

FULL_LIST = "the list of cities at 100% is complete, so every other city has at least one failure"
EQUAL_SAMPLES = "each city had an equally large sample; failures fall on the cities at random"
SELECTED = "selected by the source: the circular names this group because its rate is low"


@dataclass
class CityFailures:
    """Rows for the tables `group_designs`, `groups`, `group_gaps` and `clean_cities`, and refusals."""

    designs: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)
    gaps: list[Row] = field(default_factory=list)
    clean: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def city_failures(
    label: str, rates: list[Row], failing: set[str], regions: list[Row], level: float, rule: Rule = "rounded"
) -> CityFailures:
    """Return what one circular lets say about groups and cities.

    Args:
        label: the circular's name for readers.
        rates: its rows of `pass_rates`.
        failing: codes of the places that it names as failing.
        regions: rows of the table of regions (code, level, province_code, valid_from, valid_to).
        level: of intervals.
        rule: how printed rates stand for counts.
    """
    out = CityFailures()
    for whole in rates:
        if whole["scope_level"] != "province" or whole["basis"] not in AS_STATED:
            continue
        same = [
            r
            for r in rates
            if r["basis"] in AS_STATED
            and all(r[c] == whole[c] for c in ("period", "measure", "inspector_level"))
            and r is not whole
        ]
        cities = [r for r in same if r["scope_level"] == "prefecture"]
        groups = [r for r in same if r["scope_level"] == "group"]
        if cities or groups:
            _one_whole(out, label, whole, cities, groups, failing, regions, level, rule)
    return out


def _one_whole(
    out: CityFailures,
    label: str,
    whole: Row,
    cities: list[Row],
    groups: list[Row],
    failing: set[str],
    regions: list[Row],
    level: float,
    rule: Rule,
) -> None:
    known = identify(whole, rule)
    failures = sorted({known.n - x for x in known.passes}) if known.n else []
    if not failures or known.n is None:
        names = ", ".join(r["scope"] for r in [*groups, *cities])
        reason = f"The number of failures in {whole['scope']} is not printed and cannot be worked out."
        out.refused.append(Refusal(f"How failures spread over {names} ({label})", reason))
        return
    clean = sorted({r["scope_code"] for r in cities if r["rate_low"] is not None and _is_clean(r)} - {None})
    all_cities = _prefectures(regions, whole["scope_code"], whole["period"])
    least = _least_in_cities(clean, all_cities, failing) if clean else None
    in_groups: set[tuple[int, int]] = set()
    for row in groups:
        in_groups |= _group(out, row, known.n, failures, least, level, rule)
    if clean:
        _clean_cities(out, label, whole, known.n, clean, all_cities, failures, len(groups), in_groups)


def _is_clean(row: Row) -> bool:
    return bool(row["comparator"] == "=" and row["rate"] == 1.0)


def _prefectures(regions: list[Row], province_code: str | None, period: str | None) -> list[str]:
    """Return the codes of the prefecture-level units that the province had in the period."""
    if not province_code or not period:
        return []
    year = period_span(period)[0].year
    return [
        str(r["code"])
        for r in regions
        if r["level"] == "prefecture"
        and str(r["province_code"]) == province_code
        and (not r["valid_from"] or int(str(r["valid_from"])[:4]) <= year)
        and (not r["valid_to"] or int(str(r["valid_to"])[:4]) >= year)
    ]


def _least_in_cities(clean: list[str], all_cities: list[str], failing: set[str]) -> int | None:
    """Return how many failures lie in cities at the least if the list of clean cities is complete; None if unknown."""
    if not all_cities or not set(clean) <= set(all_cities):
        return None
    named = Counter(code[:4] + "00" for code in failing)
    if set(named) & set(clean):
        return None  # the circular contradicts itself, or the failing unit was inspected by someone else
    return sum(max(1, named[code]) for code in all_cities if code not in clean)


def _group(
    out: CityFailures, row: Row, n: int, failures: list[int], least: int | None, level: float, rule: Rule
) -> set[tuple[int, int]]:
    """Add what is possible for one group; return its possible (n, failed) if the list of clean cities is complete."""
    printed = printed_percent(row)
    if printed is None or row["comparator"] != "=":
        out.refused.append(Refusal(f"Size of {row['scope']}", "Its rate is not printed as a figure."))
        return set()
    try:
        designs = designs_for_rate(printed, max(failures), max_n=n, rule="half_up" if rule == "rounded" else rule)
    except TongbaoError as error:
        out.refused.append(Refusal(f"Size of {row['scope']}", f"{error.message}."))
        return set()
    key = {"circular_id": row["circular_id"], "row": row["row"], "scope": row["scope"], "printed": f"{printed}%"}
    narrowed = [(m, f) for m, f in designs if least is not None and f <= max(failures) - least]
    for m, f in designs:
        fits = None if least is None else (m, f) in narrowed
        out.designs.append({**key, "n": m, "n_failed": f, "possible_if_list_complete": fits})
    for reading, kept in (("printed figures alone", designs), (FULL_LIST, narrowed)):
        if not kept:
            continue
        verdict = enough("share_interval", n=[m for m, _ in kept], design=row["design"], comparator="=")
        if not verdict:
            out.refused.append(Refusal(f"Interval for {row['scope']}", verdict.reason))
            break
        low, high = union_over(wilson(m - f, m, level) for m, f in kept)
        shares = [(m - f) / m for m, f in kept]
        out.groups.append(
            {
                **key,
                "reading": reading,
                "n_designs": len(kept),
                "n": kept[0][0] if len(kept) == 1 else None,
                "n_failed": kept[0][1] if len(kept) == 1 else None,
                "rate_low": min(shares),
                "rate_high": max(shares),
                "low": low,
                "high": high,
                "gate": gated("share_interval", n=[m for m, _ in kept], design=row["design"], comparator="="),
                "note": SELECTED,
            }
        )
    if len(narrowed) == 1 and len(failures) == 1:
        _gap(out, key, narrowed[0], n, failures[0], level)
    return set(narrowed)


def _gap(out: CityFailures, key: Row, design: tuple[int, int], n: int, n_failed: int, level: float) -> None:
    """Add the difference in the failing share between the group and all others."""
    m, f = design
    rest, rest_failed = n - m, n_failed - f
    verdict = enough("group_contrast", n_a=m, n_b=rest)
    if not verdict:
        out.refused.append(Refusal(f"{key['scope']} against all others", verdict.reason))
        return
    low, high = newcombe_difference(f, m, rest_failed, rest, level)
    p = fisher_exact([[f, m - f], [rest_failed, rest - rest_failed]]).pvalue
    out.gaps.append(
        {
            **key,
            "n_failed": f,
            "n": m,
            "n_failed_others": rest_failed,
            "n_others": rest,
            "gap": f / m - rest_failed / rest,
            "low": low,
            "high": high,
            "p_value": float(p),
            "gate": gated("group_contrast", n_a=m, n_b=rest),
            "assumption": FULL_LIST,
            "note": SELECTED,
        }
    )


def _clean_cities(
    out: CityFailures,
    label: str,
    whole: Row,
    n: int,
    clean: list[str],
    all_cities: list[str],
    failures: list[int],
    n_groups: int,
    in_groups: set[tuple[int, int]],
) -> None:
    what = f"Whether {len(clean)} cities at 100% are more than chance ({label})"
    if not all_cities:
        out.refused.append(Refusal(what, "The number of cities of the province is not known."))
        return
    if n_groups > 1 or (n_groups == 1 and not in_groups):
        reason = "How many failures lie outside the cities cannot be worked out."
        out.refused.append(Refusal(what, reason))
        return
    # Sites in cities and failures among them, for every size of the group that is possible.
    possible = sorted({(n - m, total - f) for total in failures for m, f in (in_groups or {(0, 0)}) if total >= f})
    facts = {"n_groups": len(all_cities), "n_failed": sorted({f for _, f in possible})}
    verdict = enough("occupancy_test", **facts)
    if not verdict:
        out.refused.append(Refusal(what, verdict.reason))
        return
    samples = [_equal_parts(sites, len(all_cities)) for sites, _ in possible]
    p_values = [p_at_least_clean(len(clean), f, sizes) for sizes, (_, f) in zip(samples, possible, strict=True)]
    expected = [mean_clean(f, sizes) for sizes, (_, f) in zip(samples, possible, strict=True)]
    out.clean.append(
        {
            "circular_id": whole["circular_id"],
            "row": whole["row"],
            "scope": whole["scope"],
            "period": whole["period"],
            "n_clean": len(clean),
            "n_cities": len(all_cities),
            "n_failed_low": min(f for _, f in possible),
            "n_failed_high": max(f for _, f in possible),
            "expected_low": min(expected),
            "expected_high": max(expected),
            "p_low": min(p_values),
            "p_high": max(p_values),
            "gate": gated("occupancy_test", **facts),
            "assumption": EQUAL_SAMPLES + (f"; {FULL_LIST}" if n_groups else ""),
        }
    )


def _equal_parts(total: int, parts: int) -> list[int]:
    """Split a number of sites into parts that differ by one at most."""
    return [total // parts + (i < total % parts) for i in range(parts)]
