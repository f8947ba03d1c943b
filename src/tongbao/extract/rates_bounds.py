"""What a printed percentage can mean: the interval that rounding, bounding words and printed counts allow.

Exact arithmetic only (fractions); rows get floats rounded to six digits. No text is read here.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Printed:
    """A percentage as printed: its digits (`96`, `84.2`) and how it is bounded (`=`, `>=`, `>`, `<=`, `<`, `~`)."""

    digits: str
    comparator: str = "="

    @property
    def fraction(self) -> Fraction:
        """The percentage as a fraction of one."""
        return Fraction(Decimal(self.digits)) / 100

    @property
    def unit_of_last_place(self) -> Fraction:
        """What one step in the last printed digit is worth, as a fraction of one (96 -> 1/100)."""
        decimals = len(self.digits.partition(".")[2])
        return Fraction(1, 100 * 10**decimals)


def rounding_interval(printed: Printed) -> Interval | None:
    """Return what the words and the rounding (half up) allow, cut to [0, 1]; None for 约 and 近 (`~`).

    Examples: 96 % -> [0.955, 0.965]; 95%以上 -> [0.95, 1]. The upper end of a rounded figure is not reached.
    """
    value = printed.fraction
    match printed.comparator:
        case "=":
            half = printed.unit_of_last_place / 2
            low, high = value - half, value + half
        case ">=" | ">":
            low, high = value, Fraction(1)
        case "<=" | "<":
            low, high = Fraction(0), value
        case _:
            return None
    return max(Fraction(0), low), min(Fraction(1), high)


def rate_interval(
    printed: Printed, n_checked: int | None = None, n_passed: int | None = None, n_failed: int | None = None
) -> Interval | None:
    """Return the rates that a printed pass rate and the counts printed for the same scope allow.

    Counts that fix the rate decide, where they agree with the printed figure within one unit of its last place
    (printed rates may be cut instead of rounded); counts that do not agree decide nothing. With only the number
    checked, the rate is one of the multiples of 1/n inside the rounding interval.
    """
    interval = rounding_interval(printed)
    exact = exact_rate(n_checked, n_passed, n_failed)
    if exact is not None and _agrees(exact, printed):
        return exact, exact
    if interval is None or not n_checked or exact is not None or printed.comparator != "=":
        return interval
    low, high = math.ceil(interval[0] * n_checked), math.floor(interval[1] * n_checked)
    return (Fraction(low, n_checked), Fraction(high, n_checked)) if low <= high else interval


def exact_rate(n_checked: int | None, n_passed: int | None, n_failed: int | None) -> Fraction | None:
    """Return the pass rate that printed counts fix, None where they do not or contradict one another."""
    if n_passed is not None and n_failed is not None and n_checked is None:
        n_checked = n_passed + n_failed
    if not n_checked:
        return None
    passed = n_passed if n_passed is not None else n_checked - n_failed if n_failed is not None else None
    if passed is None or not 0 <= passed <= n_checked:
        return None
    if n_passed is not None and n_failed is not None and n_passed + n_failed != n_checked:
        return None
    return Fraction(passed, n_checked)


def previous_interval(current: Interval, digits: str, sign: int) -> Interval:
    """Return what the earlier rate can have been when a change of `digits` points led to `current`.

    Both the rate and the change are rounded, so the bounds add up: 83.3 % after +27 points was between 0.5575
    and 0.5685. `sign` is +1 for a rise.
    """
    step = Printed(digits)
    half = step.unit_of_last_place / 2
    low, high = current[0] - sign * step.fraction - half, current[1] - sign * step.fraction + half
    return max(Fraction(0), low), min(Fraction(1), high)


def complement(printed: Printed) -> Printed:
    """Return the pass rate that a printed failure rate means (不合格率1.85% -> 98.15 %, bounds turned round)."""
    turned = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}.get(printed.comparator, printed.comparator)
    return Printed(str(Decimal(100) - Decimal(printed.digits)), turned)


def six_digits(value: Fraction) -> float:
    """Return the float that stands for a fraction in the tables: rounded half up to six decimals."""
    return float(Fraction(math.floor(value * 10**6 + Fraction(1, 2)), 10**6))


def _agrees(exact: Fraction, printed: Printed) -> bool:
    value = printed.fraction
    match printed.comparator:
        case "=" | "~":
            return abs(exact - value) < printed.unit_of_last_place
        case ">=":
            return exact >= value
        case ">":
            return exact > value
        case "<=":
            return exact <= value
        case _:
            return exact < value
