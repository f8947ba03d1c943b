"""Checks of rates: against counts, against the share of the sample, against each other, against lists."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor

from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact
from tongbao.extract.mentions import find_numbers
from tongbao.extract.spans import sentences

_SAMPLE = re.compile(
    r"(?:抽查|检查|抽取|抽选)[^。；\d]{0,24}(?P<n>\d{1,6})(?:个|家)[^。；\d]{0,4}，(?:约)?占[^。；，\d]{0,24}?(?P<share>\d{1,3}(?:\.\d+)?)%"
)
_POPULATION = re.compile(r"(?:运行|共有|现有|在线)[^。；，\d]{0,20}(?P<n>\d{1,6})(?:个|家)")
_GAP = re.compile(r"(?P<way>低于|高于)(?P<what>[^。；，\d]{2,16}?)(?P<d>\d{1,3}(?:\.\d+)?)个百分点")
_RATE = re.compile(r"合格率[^。；，\d]{0,8}?(?P<rate>\d{1,3}(?:\.\d+)?)%")


def rate_checks(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """Yield the checks that printed rates allow; a printed figure is never corrected."""
    yield from _shares(context)
    yield from _counts(context, facts)
    yield from _gaps(context)
    yield from _against_ratings(context, facts)
    yield from _failing_named(context, facts)
    yield from _deductions(facts)


def totals_allowed(n: int, printed: str) -> tuple[int, int] | None:
    """Return the smallest and largest whole population of which `n` is `printed` percent, None if there is none.

    Half-up rounding and cutting at the printed place are both allowed for. Example: 270 at 32.7 -> (825, 826).
    """
    share = Fraction(Decimal(printed)) / 100
    half = Fraction(1, 2 * 10 ** (_places(printed) + 2))
    if share <= half:
        return None
    low, high = ceil(n / (share + half)), floor(n / (share - half))
    while low <= high and not _rounds_to(n, low, printed):
        low += 1
    while high >= low and not _rounds_to(n, high, printed):
        high -= 1
    return (low, high) if low <= high else None


def rate_fits(k: int, n: int, printed: str) -> bool:
    """Say whether k of n is the printed percentage, rounded half up or cut at its last place."""
    exact = Decimal(100 * k) / Decimal(n)
    place = Decimal(1).scaleb(-_places(printed))
    cut = (exact / place).to_integral_value(rounding="ROUND_FLOOR") * place
    return Decimal(printed) in (exact.quantize(place, ROUND_HALF_UP), cut)


def _rounds_to(n: int, total: int, printed: str) -> bool:
    place = Decimal(1).scaleb(-_places(printed))
    return (Decimal(100 * n) / Decimal(total)).quantize(place, ROUND_HALF_UP) == Decimal(printed)


def _places(printed: str) -> int:
    return len(printed.split(".")[1]) if "." in printed else 0


def _shares(context: Context) -> Iterator[Check]:
    """270个，占…总数的32.7%: a whole population must exist, and agree with a printed one."""
    text = context.document.text
    for line in context.document.body():
        for m in _SAMPLE.finditer(text, line.start, line.end):
            n, share = int(m["n"]), m["share"]
            allowed = totals_allowed(n, share)
            found = (
                f"{allowed[0]} to {allowed[1]}"
                if allowed and allowed[0] < allowed[1]
                else str(allowed[0])
                if allowed
                else "none"
            )
            yield Check(
                "sample_share_allows_whole_total",
                f"{n} of a whole number is {share}%",
                found,
                allowed is not None,
                m.group(),
                ((m.start(), m.end()),),
            )
            stated = list(_POPULATION.finditer(text, line.start, m.start()))
            if stated:
                total = int(stated[-1]["n"])
                if total:
                    exact = Decimal(100 * n) / Decimal(total)
                    yield Check(
                        "sample_share_agrees_with_counts",
                        f"{share}%",
                        f"{n}/{total}={exact:.2f}%",
                        rate_fits(n, total, share),
                        "",
                        ((stated[-1].start(), m.end()),),
                    )


def _counts(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """n, failures and printed rate of one row of pass_rates agree."""
    text = context.document.text
    for fact in facts:
        v = fact.values
        if fact.table != "pass_rates" or v.get("comparator", "=") != "=" or fact.basis != "stated":
            continue
        n, failed, passed = v.get("n_checked"), v.get("n_failed"), v.get("n_passed")
        printed = [x.text for x in find_numbers(text, fact.start, fact.end) if x.is_percent]
        if n is not None and failed is not None and passed is not None:
            yield Check(
                "counts_add_up",
                str(n),
                f"{passed}+{failed}={passed + failed}",
                passed + failed == n,
                v.get("scope", ""),
            )
        if n and (failed is not None or passed is not None) and printed:
            k = passed if passed is not None else n - failed
            exact = Decimal(100 * k) / Decimal(n)
            yield Check(
                "rate_agrees_with_counts",
                f"{printed[-1]}%",
                f"{k}/{n}={exact:.2f}%",
                rate_fits(k, n, printed[-1]),
                v.get("scope", ""),
                ((fact.start, fact.end), *fact.uses),
            )


def _gaps(context: Context) -> Iterator[Check]:
    """84.2%，低于全省平均水平11.8个百分点 against the 96% printed before it."""
    text = context.document.text
    for line in context.document.body():
        for m in _GAP.finditer(text, line.start, line.end):
            rates = list(_RATE.finditer(text, line.start, m.start()))
            own = rates[-1] if rates else None
            if own is None or text[own.end() : m.start()].strip("，") or "平均" not in m["what"]:
                continue
            overall = list(_RATE.finditer(text, 0, own.start()))
            fits = [r for r in overall if r["rate"] != own["rate"]]
            if not fits:
                continue
            d = Decimal(m["d"])
            sign = 1 if m["way"] == "低于" else -1
            wanted = Decimal(own["rate"]) + sign * d
            hit = [r for r in fits if Decimal(r["rate"]) == wanted]
            first = hit[0] if hit else fits[0]
            difference = sign * (Decimal(first["rate"]) - Decimal(own["rate"]))
            yield Check(
                "difference_of_rates",
                m["d"],
                str(difference),
                bool(hit),
                f"{first['rate']} and {own['rate']} as printed",
                ((own.start(), m.end()),),
            )


def _against_ratings(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """A printed rate of 100% against a table that gives every unit its result."""
    rows = [f for f in facts if f.table == "ratings" and f.rule == "grade_table" and f.values.get("scale_id") == "BIN"]
    if not rows:
        return
    passed = sum(f.values["grade"] == "合格" for f in rows)
    for fact in facts:
        if fact.table == "pass_rates" and fact.basis == "stated" and fact.values.get("n_checked") == len(rows):
            printed = [x.text for x in find_numbers(context.document.text, fact.start, fact.end) if x.is_percent]
            if printed:
                yield Check(
                    "rate_agrees_with_list",
                    f"{printed[-1]}%",
                    f"{passed} of {len(rows)}",
                    rate_fits(passed, len(rows), printed[-1]),
                    fact.values.get("scope", ""),
                    ((fact.start, fact.end),),
                )


def _failing_named(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """Named failing units may not be more than the failures stated."""
    stated = {f.values["n_failed"] for f in facts if f.table == "pass_rates" and f.values.get("n_failed") is not None}
    named = {f.values["unit"] for f in facts if f.table == "ratings" and f.values.get("grade") == "不合格"}
    if len(stated) == 1 and named:
        n = stated.pop()
        note = (
            "all failing units are named"
            if len(named) == n
            else f"{n - len(named)} are not named"
            if len(named) < n
            else ""
        )
        yield Check("named_failures_within_total", f"<= {n}", str(len(named)), len(named) <= n, note)


def _deductions(facts: list[Fact]) -> Iterator[Check]:
    """The smallest deduction is not above the largest; a bound of named units lies within them."""
    rows = [f for f in facts if f.table == "deductions"]
    low = [f for f in rows if f.values.get("statistic") == "min" and f.values.get("points") is not None]
    high = [f for f in rows if f.values.get("statistic") == "max" and f.values.get("points") is not None]
    if len(low) != 1 or len(high) != 1:
        return
    a, b = low[0].values["points"], high[0].values["points"]
    spans = ((low[0].start, low[0].end), (high[0].start, high[0].end))
    yield Check("min_not_above_max", f"<= {b:g}", f"{a:g}", a <= b, "", spans)
    bounds = {
        f.values["points_low"]
        for f in rows
        if f.values.get("statistic") == "unit" and f.values.get("points_low") is not None
    }
    for bound in sorted(bounds):
        n = sum(f.values.get("points_low") == bound for f in rows if f.values.get("statistic") == "unit")
        yield Check("bound_within_range", f"{a:g} to {b:g}", f"{bound:g}", a <= bound < b, f"{n} named units above it")


__all__ = ["rate_checks", "rate_fits", "sentences", "totals_allowed"]
