"""Do the coded figures agree with each other? One row a relation; a broken one is kept and shown, never mended.

Belongs here: relations between figures of `coded_pass_rates`. Does not belong here: reading (`coded`), any statistic.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tongbao.tidy.coded import decimals

Row = Mapping[str, Any]

_COMPARED = ("central", "self_reported")


def coded_checks(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of `coded_checks`, numbered, in the order of the checks below."""
    found: list[Row] = []
    for row in rows:
        found += _own(row)
    found += _parts(rows)
    found += _two_rows(rows)
    found += _national_series(rows)
    return [{"check_row": number, **row} for number, row in enumerate(found, start=1)]


def printed_as(passed: int, n: int, places: int) -> set[Decimal]:
    """Return what x of n is printed as with so many decimals: rounded half up, rounded half to even, or cut."""
    exact = Fraction(100 * passed, n) * 10**places
    floor = exact.numerator // exact.denominator
    rest = exact - floor
    out = {floor, floor + (rest >= Fraction(1, 2)), round(exact)}
    return {Decimal(x).scaleb(-places) for x in out}


def _own(row: Row) -> Iterator[Row]:
    """A rate against the counts of its own row."""
    n, failed, passed, rate = (row[name] for name in ("n_checked", "n_failed", "n_passed", "rate"))
    for part, whole in (("n_failed", "n_checked"), ("n_checked", "n_total")):
        if row[part] is not None and row[whole] is not None:
            yield _check(
                "counts_in_order",
                row,
                expected=f"{part} at most {whole} {row[whole]}",
                found=f"{part} {row[part]}",
                holds=row[part] <= row[whole],
            )
    if rate is None or not n or row["comparator"] != "=":
        return
    text = format(Decimal(str(rate)), "f")
    places, percent = decimals(text), Decimal(text) * 100
    if passed is None and failed is not None:
        passed = n - failed
    if passed is not None:
        printed = printed_as(passed, n, places)
        yield _check(
            "rate_agrees_with_counts",
            row,
            expected=" or ".join(f"{x}%" for x in sorted(printed)),
            found=f"{percent.normalize():f}%",
            holds=percent in printed,
            note=f"{passed} of {n} passed; read as rounded or cut",
        )
    else:
        about = int(Fraction(Decimal(text)) * n)
        fits = [
            x
            for x in range(max(0, about - n // 50 - 2), min(n, about + n // 50 + 2) + 1)
            if percent in printed_as(x, n, places)
        ]
        yield _check(
            "some_count_gives_the_rate",
            row,
            expected=f"a whole number of {n}",
            found=f"{percent.normalize():f}%" + (f": {fits[0]} to {fits[-1]}" if fits else ": none"),
            holds=bool(fits),
        )
    total, share = row["n_total"], row["share_checked"]
    if total and share is not None:
        text = format(Decimal(str(share)), "f")
        printed = printed_as(n, total, decimals(text))
        yield _check(
            "share_agrees_with_counts",
            row,
            expected=" or ".join(f"{x}%" for x in sorted(printed)),
            found=f"{(Decimal(text) * 100).normalize():f}%",
            holds=Decimal(text) * 100 in printed,
        )


def _parts(rows: Iterable[Row]) -> Iterator[Row]:
    """The prefectures of one inspection cannot hold more than the province."""
    whole: dict[tuple[Any, ...], Row] = {}
    parts: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        key = (row["province"], row["period"], row["measure"], row["inspector_level"], row["issuer"])
        if row["scope_level"] == "province":
            whole.setdefault(key, row)
        elif row["scope_level"] == "prefecture":
            parts[key].append(row)
    for key, row in whole.items():
        for column in ("n_checked", "n_failed"):
            counted = [p for p in parts[key] if p[column] is not None]
            total = row[column]
            if total is not None and counted:
                added = sum(int(p[column]) for p in counted)
                yield _check(
                    f"parts_within_whole_{column}",
                    row,
                    expected=f"at most {total}",
                    found=f"{added} in {len(counted)} prefectures",
                    holds=added <= total,
                )


def _two_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Two rows on the same place, period, object and inspector say the same."""
    same: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["scope_level"] not in ("national", "group") and row["rate"] is not None:
            same[tuple(row[c] for c in ("scope", "province", "period", "measure", "inspector_level"))].append(row)
    for first, *others in same.values():
        for other in others:
            differing = [
                c
                for c in ("n_total", "n_checked", "n_failed")
                if first[c] is not None and other[c] is not None and first[c] != other[c]
            ]
            meet = max(_low(first), _low(other)) <= min(_high(first), _high(other))
            yield _check(
                "two_sources_agree",
                first,
                other,
                expected=_said(other),
                found=_said(first),
                holds=meet and not differing,
                note="two sources of one figure: counted once" if meet and not differing else "",
            )


def _national_series(rows: Sequence[Row]) -> Iterator[Row]:
    """A national rate coded as the centre's must be that of the centre, not the one that regions reported."""
    known: dict[tuple[Any, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["scope_level"] == "national" and row["series"] in _COMPARED and row["rate"] is not None:
            known[(row["period"], row["measure"])].setdefault(str(row["series"]), row)
    for row in rows:
        if row["scope_level"] != "national" or row["series"] is not None or row["rate"] is None:
            continue
        others = known[(row["period"], row["measure"])]
        if not others:
            continue
        fits = [name for name, other in others.items() if _agrees(row, other)]
        other = others.get(fits[0] if fits else "central", next(iter(others.values())))
        yield _check(
            "national_rate_is_of_the_central_sample",
            row,
            other,
            expected=f"{other['series']}: {_said(other)}",
            found=_said(row),
            holds="central" in fits,
            note="" if "central" in fits else f"agrees with: {', '.join(fits) or 'neither series'}",
        )


def _agrees(row: Row, other: Row) -> bool:
    return all(
        row[c] is None or other[c] is None or row[c] == other[c] for c in ("rate", "n_checked", "n_failed", "n_total")
    )


def _said(row: Row) -> str:
    parts = [f"{row['comparator'] if row['comparator'] != '=' else ''}{100 * float(row['rate']):g}%"]
    parts += [f"{name} {row[name]}" for name in ("n_total", "n_checked", "n_failed") if row[name] is not None]
    return ", ".join(parts)


def _low(row: Row) -> float:
    return 0.0 if row["rate_low"] is None else float(row["rate_low"])


def _high(row: Row) -> float:
    return 1.0 if row["rate_high"] is None else float(row["rate_high"])


def _check(
    check: str, row: Row, other: Row | None = None, *, expected: str, found: str, holds: bool, note: str = ""
) -> Row:
    return {
        "check": check,
        "coded_file": row["coded_file"],
        "coded_row": row["coded_row"],
        "other_file": other["coded_file"] if other else None,
        "other_row": other["coded_row"] if other else None,
        "scope": row["scope"],
        "period": row["period"],
        "measure": row["measure"],
        "expected": expected,
        "found": found,
        "holds": holds,
        "note": note or None,
    }
