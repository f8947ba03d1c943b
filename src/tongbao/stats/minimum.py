"""The minimum-data rules: one for each kind of output.

Belongs here: for each kind the facts it asks for, and a sentence for everything that is missing. Does not belong here:
asking (`enough.py`), the words on what a kind needs and what is shown otherwise (`data/reference/minimum_data.csv`).

A fact that the source does not state is None. It never satisfies a rule.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

Size = int | Collection[int] | None
"""A count: known, narrowed to a set, or unknown."""

MAX_POPULATION_VALUES = 5

Rule = Callable[..., Iterator[str]]
"""Takes the facts by name and yields a sentence for everything that is missing: none where the data suffice."""

RULES: dict[str, Rule] = {}
"""Every rule by its kind."""


def _rule(rule: Rule) -> Rule:
    RULES[rule.__name__.removeprefix("_")] = rule
    return rule


def _values(size: Size) -> list[int]:
    return [] if size is None else [size] if isinstance(size, int) else sorted(set(size))


def _say(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number or 'no'} {noun}s"


def _at_least(found: int | None, wanted: int, noun: str, where: str = "") -> Iterator[str]:
    if found is None:
        yield f"The source does not say how many {noun}s there are{where}."
    elif found < wanted:
        yield f"There {'is' if found == 1 else 'are'} {_say(found, noun)}{where}, fewer than {wanted}."


def _same(agreed: bool | None, thing: str) -> Iterator[str]:
    if agreed is None:
        yield f"It is not known whether the {thing} is the same."
    elif not agreed:
        yield f"The {thing} is not the same."


@_rule
def _share_interval(n: Size, design: str | None, comparator: str | None) -> Iterator[str]:
    # A row of counts without a printed rate has no comparator; that is no bound.
    if not _values(n):
        yield "The number of sites checked is not printed and cannot be worked out."
    elif min(_values(n)) < 1:
        yield "No site was checked."
    if design == "census":
        yield "Every site was checked, so there is no sampling error to draw."
    if design == "bound_only" or comparator not in ("=", None, ""):
        yield "The source gives only a bound of the rate."


@_rule
def _finite_population_interval(n: Size, population: Size) -> Iterator[str]:
    if not _values(n):
        yield "The number of sites checked is not printed and cannot be worked out."
    totals = _values(population)
    if not totals:
        yield "The number of sites in operation is not printed and cannot be worked out."
    elif len(totals) > MAX_POPULATION_VALUES:
        yield f"The number of sites in operation could be any of {len(totals)} values."
    elif _values(n) and totals[-1] < _values(n)[0]:
        yield "More sites were checked than are said to be in operation."


@_rule
def _simultaneous_grade_intervals(n: int | None, n_grades: int, superpopulation: bool | None) -> Iterator[str]:
    yield from _at_least(n, 20, "unit")
    if n_grades > 7:
        yield f"The scale has {n_grades} grades, more than seven."
    if not superpopulation:
        yield "It is not stated that the grades are to be read as independent draws."


@_rule
def _grade_test(n_a: int | None, n_b: int | None, same_rubric: bool | None, same_year: bool | None) -> Iterator[str]:
    yield from _at_least(n_a, 10, "unit", " in the first group")
    yield from _at_least(n_b, 10, "unit", " in the second group")
    yield from _same(same_rubric, "set of rules")
    yield from _same(same_year, "year")


@_rule
def _ordinal_model(n_smaller: int, n_parameters: int, every_grade_used: bool, separated: bool) -> Iterator[str]:
    if n_smaller < 10 * n_parameters:
        yield (
            f"There {'is' if n_smaller == 1 else 'are'} {_say(n_smaller, 'unit')} in the smaller outcome "
            f"for {_say(n_parameters, 'parameter')}, fewer than ten for each."
        )
    if not every_grade_used:
        yield "A grade of the scale was given to no unit."
    if separated:
        yield "The groups do not overlap on the scale, so an odds ratio would be infinite."


@_rule
def _proportional_odds_test(smallest_side: int) -> Iterator[str]:
    yield from _at_least(smallest_side, 10, "unit", " on the smaller side of some cut")


@_rule
def _npmle_curve(n_intervals: int) -> Iterator[str]:
    yield from _at_least(n_intervals, 10, "unit", " for which a range is known")


@_rule
def _npmle_bands(n_intervals: int) -> Iterator[str]:
    yield from _at_least(n_intervals, 30, "unit", " for which a range is known")


@_rule
def _mean_deduction(n: int | None, n_with_interval: int | None) -> Iterator[str]:
    if n is None:
        yield "The source does not say how many units were scored."
    elif n < 1:
        yield "No unit was scored."
    if n_with_interval is None:
        yield "It is not known how many units have a score or a range."
    elif n is not None and n_with_interval < n:
        verb = "has" if n_with_interval == 1 else "have"
        yield f"Only {n_with_interval} of {_say(n, 'unit')} {verb} a score or a range."


@_rule
def _change(n_before: Size, n_after: Size, same_rubric: bool | None) -> Iterator[str]:
    if not _values(n_before):
        yield "The number checked in the earlier period is not known."
    if not _values(n_after):
        yield "The number checked in the later period is not known."
    yield from _same(same_rubric, "set of rules")


@_rule
def _counted_share(count: int | None, n: int | None) -> Iterator[str]:
    # Counts of all units of a group: a description, with no chance in it.
    if count is None:
        yield "It is not known how many units are counted."
    if n is None:
        yield "The number of all units is not printed, so a count is no share."
    elif n < 1:
        yield "There is no unit."
    elif count is not None and not 0 <= count <= n:
        yield f"A count of {count} does not lie within {n}."


@_rule
def _group_contrast(n_a: int | None, n_b: int | None) -> Iterator[str]:
    yield from _at_least(n_a, 10, "site", " in the group")
    yield from _at_least(n_b, 10, "site", " outside it")


@_rule
def _occupancy_test(n_groups: int | None, n_failed: Size) -> Iterator[str]:
    yield from _at_least(n_groups, 2, "place")
    if not _values(n_failed):
        yield "The number of failures cannot be worked out."
    elif min(_values(n_failed)) < 1:
        yield "There may be no failure, and then nothing is spread by lot."


@_rule
def _paired_counts(n_before: int | None, n_after: int | None) -> Iterator[str]:
    for n, year in ((n_before, "the year before"), (n_after, "this year")):
        if n is None:
            yield f"The count of {year} is not printed and cannot be worked out."


@_rule
def _trend_test(n_periods: int, expected_failures: float | None) -> Iterator[str]:
    yield from _at_least(n_periods, 4, "period", " with a printed number of sites checked")
    if expected_failures is None:
        yield "The number of failures is not known."
    elif expected_failures < 5:
        yield f"There are {expected_failures:.3g} expected failures in all, fewer than five."


@_rule
def _pooled_rate(n_circulars: int, same_rubric: bool | None) -> Iterator[str]:
    yield from _at_least(n_circulars, 5, "circular")
    yield from _same(same_rubric, "set of rules")


@_rule
def _province_comparison(
    n_provinces: int, same_rubric: bool | None, same_period: bool | None, same_design: bool | None
) -> Iterator[str]:
    yield from _at_least(n_provinces, 2, "province")
    yield from _same(same_rubric, "set of rules")
    yield from _same(same_period, "period")
    yield from _same(same_design, "way of choosing the sites")


@_rule
def _streak_bound(n_per_period: Sequence[int | None]) -> Iterator[str]:
    unknown = sum(n is None for n in n_per_period)
    if not n_per_period:
        yield "There is no streak."
    elif unknown:
        yield f"The number of sites checked is not printed for {unknown} of {_say(len(n_per_period), 'period')}."
    elif any(n is not None and n < 1 for n in n_per_period):
        yield "In a period of the streak no site was checked."
