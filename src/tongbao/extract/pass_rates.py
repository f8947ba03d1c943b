"""The table `pass_rates`: from statements about passing to rows, with the interval that the text allows.

What is said is read in `rates_reader`; here statements of one scope, period, measure and inspector become one
row, counts join it, and streaks and changes are laid out period by period.
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tongbao.extract.context import Context
from tongbao.extract.facts import Basis, Fact, Span
from tongbao.extract.periods import shift_period
from tongbao.extract.rates_bounds import (
    Interval,
    Printed,
    complement,
    exact_rate,
    previous_interval,
    rate_interval,
    rounding_interval,
    six_digits,
)
from tongbao.extract.rates_counts import Count
from tongbao.extract.rates_model import Frame, Reading, Statement
from tongbao.extract.rates_reader import read_rates

_KEYS = {"total": "n_total", "checked": "n_checked", "passed": "n_passed", "failed": "n_failed"}
_ONE = Fraction(1)


def pass_rates(context: Context) -> Iterator[Fact]:
    """Yield the rows of `pass_rates`.

    A row is stated (合格率为96%), computed (全部合格; a failure rate; counts that fix the rate), change (与上季度持平)
    or streak (连续6个季度全部合格: one row a period). Where several say the same, stated goes before computed, and
    these before change and streak. A second, different figure for the same row is left for `figures`.
    """
    reading = read_rates(context)
    done: set[tuple[str, str, str, str]] = set()
    for kinds in (("stated",), ("failure", "all")):
        for said in reading.statements:
            if said.kind in kinds and said.frame.key not in done:
                done.add(said.frame.key)
                counts = _counts_of(reading, said.frame, said)
                if said.kind == "all" and "failed" in counts and int(counts["failed"].number.text):
                    done.discard(said.frame.key)
                    continue  # 无不合格 cannot be said of those with failures: it was said of somebody else
                yield _row(said, counts, _uses(reading, said.frame, counts))
    yield from _from_counts(reading, done)
    for said in reading.statements:
        if said.kind == "change" and said.frame.key not in done:
            fact = _changed(reading, said)
            if fact is not None:
                done.add(said.frame.key)
                yield fact
    for said in reading.statements:
        if said.kind == "streak":
            yield from _streak(said, done)


def _counts_of(reading: Reading, frame: Frame, said: Statement | None = None) -> dict[str, Count]:
    """Return the first count of each role with the frame of a row.

    A bare count (A市60个，合格58个，合格率96.7%) is the number checked if that gives the printed rate exactly or if it
    is one of the parts of a number checked, and the number in operation where a number checked stands behind it
    (全省政务新媒体5717个，抽查1000个). `said` is what is told of the frame; without it the counts must give the rate.
    """
    found: dict[str, Count] = {}
    for counted in reading.counts:
        if counted.frame.key == frame.key:
            found.setdefault(counted.count.role, counted.count)
    bare = found.pop("bare", None)
    if bare is None:
        return found
    size = int(bare.number.text)
    checked = found.get("checked")
    is_told = said is not None or bool({"passed", "failed"} & found.keys())
    if checked is None and is_told and _are_parts(reading, frame, bare):
        return found | {"checked": bare}
    if checked is None and "total" not in found and "share" in found:
        return found | {"total": bare}  # 全市政府网站120个，检查比例100%
    if checked is not None and "total" not in found and bare.start < checked.start and size >= int(checked.number.text):
        return found | {"total": bare}
    printed = _printed(said) if said is not None else None
    if checked is None and printed is not None:
        passed, failed = (int(found[r].number.text) if r in found else None for r in ("passed", "failed"))
        exact = exact_rate(size, passed, failed)
        if exact is not None and rate_interval(printed, size, passed, failed) == (exact, exact):
            return found | {"checked": bare}
    return found


def _are_parts(reading: Reading, frame: Frame, bare: Count) -> bool:
    """Whether a bare count is one of several that add up to a printed number checked.

    Example: 检查新媒体100个。其中，微信60个，不合格2个；微博40个，不合格1个 -> 60 and 40 were checked.
    """
    near = [c for c in reading.counts if c.frame.key[1:] == frame.key[1:] and c.count.number.unit == bare.number.unit]
    parts = [int(c.count.number.text) for c in near if c.count.role == "bare"]
    wholes = [int(c.count.number.text) for c in near if c.count.role == "checked" and c.count.end <= bare.start]
    return len(parts) > 1 and sum(parts) in wholes


def _uses(reading: Reading, frame: Frame, counts: dict[str, Count]) -> tuple[Span, ...]:
    """Return where the counts of a row stand, and where the text repeats them."""
    spans = {count.span for count in counts.values()}
    for counted in reading.counts:
        first = counts.get(counted.count.role)
        if counted.frame.key == frame.key and first and first.number.text == counted.count.number.text:
            spans.add(counted.count.span)
    return tuple(sorted(spans))


def _row(said: Statement, counts: dict[str, Count], uses: tuple[Span, ...]) -> Fact:
    """Return the row of a stated rate, a failure rate, or 全部合格."""
    numbers = {role: int(count.number.text) for role, count in counts.items() if role in _KEYS}
    trio = (numbers.get("checked"), numbers.get("passed"), numbers.get("failed"))
    basis: Basis = "stated" if said.kind == "stated" else "computed"
    values = _frame_values(said.frame)
    interval: Interval | None
    printed = _printed(said)
    if printed is None:
        values |= {"rate": 1.0, "comparator": "="}
        interval = (_ONE, _ONE)
    else:
        values |= {"rate": six_digits(printed.fraction), "comparator": printed.comparator}
        interval = rate_interval(printed, *trio)
    values |= _interval_values(interval) | _count_values(counts)
    if said.design or _is_census(counts):
        values["design"] = "census" if _is_census(counts) else _design(said.design, counts)
    return Fact("pass_rates", said.start, said.end, basis, f"rate_{said.kind}", values, uses + said.uses)


def _printed(said: Statement) -> Printed | None:
    """Return the pass rate that a statement prints, turned round for a failure rate; None for 全部合格."""
    if said.number is None:
        return None
    printed = Printed(said.number.text, said.number.comparator)
    return complement(printed) if said.kind == "failure" else printed


def _design(design: str, counts: dict[str, Count]) -> str:
    """Return the design of a row: where its own share is printed and is no 100 %, it is no census."""
    share = counts.get("share")
    return "sample" if design == "census" and share is not None and share.number.value < 100 else design


def _is_census(counts: dict[str, Count]) -> bool:
    """Whether the number checked is the number in operation, or the share checked 100 %."""
    total, checked, share = (counts.get(role) for role in ("total", "checked", "share"))
    if total and checked and total.number.text == checked.number.text:
        return True
    return share is not None and share.number.value == 100


def _from_counts(reading: Reading, done: set[tuple[str, str, str, str]]) -> Iterator[Fact]:
    """Yield rows whose rate is not printed but fixed by counts: 检查305个，发现不合格12个 -> 293/305."""
    for counted in reading.counts:
        if counted.frame.key in done or counted.count.role not in ("passed", "failed"):
            continue
        counts = _counts_of(reading, counted.frame)
        numbers = {role: int(count.number.text) for role, count in counts.items() if role in _KEYS}
        rate = exact_rate(numbers.get("checked"), numbers.get("passed"), numbers.get("failed"))
        if rate is None or "checked" not in numbers:
            continue
        done.add(counted.frame.key)
        values = _frame_values(counted.frame) | {"rate": six_digits(rate), "comparator": "="}
        values |= _interval_values((rate, rate)) | _count_values(counts)
        if _is_census(counts) or reading.inspection.design:
            values["design"] = "census" if _is_census(counts) else reading.inspection.design
        uses = _uses(reading, counted.frame, counts)
        span = counted.count.start, counted.count.end
        yield Fact("pass_rates", *span, "computed", "rate_from_counts", values, uses)


def _changed(reading: Reading, said: Statement) -> Fact | None:
    """Return the row of the earlier period: the printed figure repeats, or lies the printed points away."""
    now = next(
        (
            x
            for x in reading.statements
            if x.kind == "stated" and x.number and x.frame == replace(said.frame, period=said.ref)
        ),
        None,
    )
    if now is None or now.number is None:
        return None
    printed = Printed(now.number.text, now.number.comparator)
    interval = rounding_interval(printed)
    if printed.comparator != "=" or interval is None:
        return None
    rate = printed.fraction
    if said.number is not None:
        rate -= said.sign * Printed(said.number.text).fraction
        interval = previous_interval(interval, said.number.text, said.sign)
        if not 0 <= rate <= 1:
            return None
    values = _frame_values(said.frame) | {"rate": six_digits(rate), "comparator": "="} | _interval_values(interval)
    uses = ((now.number.start, now.number.end),)
    return Fact("pass_rates", said.start, said.end, "change", "rate_change", values, uses)


def _streak(said: Statement, done: set[tuple[str, str, str, str]]) -> Iterator[Fact]:
    """Yield one row a period, counted back from the period of the inspection, inclusive."""
    for back in range(said.steps):
        frame = replace(said.frame, period=shift_period(said.frame.period, -back))
        if frame.key in done:
            continue
        done.add(frame.key)
        values = _frame_values(frame)
        if said.number is None:
            values |= {"rate": 1.0, "comparator": "="} | _interval_values((_ONE, _ONE))
        else:
            printed = Printed(said.number.text, said.number.comparator)
            values |= {"rate": six_digits(printed.fraction), "comparator": printed.comparator}
            values |= _interval_values(rounding_interval(printed))
        yield Fact("pass_rates", said.start, said.end, "streak", "rate_streak", values)


def _frame_values(frame: Frame) -> dict[str, Any]:
    values: dict[str, Any] = {"scope": frame.scope.name, "scope_level": frame.scope.level}
    if frame.scope.code:
        values["scope_code"] = frame.scope.code
    if frame.period:
        values["period"] = frame.period
    values["measure"] = frame.measure
    if frame.inspector:
        values["inspector_level"] = frame.inspector
    return values


def _interval_values(interval: Interval | None) -> dict[str, float]:
    return {} if interval is None else {"rate_low": six_digits(interval[0]), "rate_high": six_digits(interval[1])}


def _count_values(counts: dict[str, Count]) -> dict[str, Any]:
    values: dict[str, Any] = {_KEYS[role]: int(c.number.text) for role, c in counts.items() if role in _KEYS}
    if share := counts.get("share"):
        values["share_checked"] = six_digits(Printed(share.number.text).fraction)
    return values
