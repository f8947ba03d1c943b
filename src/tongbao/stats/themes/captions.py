"""The words of every figure: what it shows, from which circulars, what uncertainty means, what must not be concluded.

Belongs here: captions and alternative texts, from the rows that are drawn. Does not belong here: drawing, computing.
Rows to be drawn together carry the same `figure`; the table `captions` has one row a figure.
"""

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from tongbao.stats.themes.corpus import Row, frame, percent, span


def captions_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Return captions as the table `captions`."""
    return frame(["figure", "alt", "caption", *PARTS], rows)


def by_figure(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each figure, in order; rows of no figure are left out."""
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("figure"):
            out[row["figure"]].append(row)
    return dict(out)


def grade_captions(rows: list[Row]) -> list[Row]:
    """Captions of the bars of grades, from rows of the distribution."""
    out = []
    for key, part in by_figure(rows).items():
        groups = by_group(part)
        sizes = " and ".join(f"{group} ({own[0]['group_n']})" for group, own in groups.items())
        each = {group: ", ".join(f"{r['grade']} {r['n']}" for r in own) for group, own in groups.items()}
        counts = "; ".join(f"{group}: {grades}" for group, grades in each.items())
        label, measure = part[0]["label"], _plain(part[0]["measure"])
        out.append(
            words(
                key,
                f"Grades given in {label}. {counts}.",
                shows=f"{label}, {measure}: how many units of {sizes} got which grade (等次).",
                sources=_from(part),
                units=f"The numbers are counts: {sum(own[0]['group_n'] for own in groups.values())} units in all.",
                uncertainty="Every unit of a group was graded, so there is no sampling error.",
                caution="The grades follow the circular's own rules and must not be set against grades of another "
                "circular.",
            )
        )
    return out


def by_group(rows: list[Row]) -> dict[str, list[Row]]:
    """Return rows by their group."""
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        out[row["group"] or "all units"].append(row)
    return dict(out)


def threshold_captions(rows: list[Row]) -> list[Row]:
    """Captions of the counts of units over a score in two years."""
    out = []
    for key, part in by_figure(rows).items():
        said = "; ".join(f"{r['name']}: {r['value_before']:g} before, {r['value']:g} now" for r in part)
        out.append(
            words(
                key,
                f"Units over a score in {part[0]['label']}. {said}.",
                shows=f"{part[0]['label']}: how many units scored at least so many points, and how many the year "
                "before.",
                sources=_from(part),
                units=f"Counts drawn: {len(part)}. How many were scored is not printed, so these are counts and "
                "no shares.",
                uncertainty="Nor is it printed which units moved: the p-values in the numbers below are the "
                "smallest and "
                "the largest over everything possible.",
                caution="They hold only if the same units were scored under unchanged rules.",
            )
        )
    return out


def ranked_captions(rows: list[Row]) -> list[Row]:
    """Captions of the lists in score order."""
    return [
        words(
            key,
            f"Names in the order of score, {part[0]['label']}.",
            shows=f"{part[0]['label']}: names in the order of score within each grade, as printed.",
            sources=_from(part),
            units=f"Names: {len(part)}.",
            uncertainty="No score is printed, so nothing can be reckoned from the order.",
            caution="The order says nothing of the distance between two places.",
        )
        for key, part in by_figure(rows).items()
    ]


def rate_captions(rows: list[Row], level: float) -> list[Row]:
    """Caption of the stated rates."""
    out = []
    for key, part in by_figure(rows).items():
        circulars = "、".join(dict.fromkeys(r["circular"] for r in part))
        said = "; ".join(f"{r['label']} {r['printed'] or '?'}" for r in part)
        out.append(
            words(
                key,
                f"Pass rates as printed. {said}.",
                shows="Pass rates (合格率) as stated; at the right the number checked (n) and the number in operation "
                "(N), ? where not known exactly.",
                sources=f"Stated in {circulars}.",
                units=f"Rates drawn: {len(part)}.",
                uncertainty="A thin line is what the sites not checked leave open at the level of "
                f"{percent(level, 0)}; it stands only where the number checked is known and the text says how they "
                "were chosen. Thick grey is what rounding leaves open; an arrow is a bound such as 95%以上. A hollow "
                "point is an inspection of every site, which has no sampling error.",
                caution="The rows differ in rules, inspectors and periods: a higher point is not a better place, "
                "and no "
                "ranking follows.",
            )
        )
    return out


def reading_captions(rows: list[Row], level: float) -> list[Row]:
    """Captions of one sample read three ways."""
    out = []
    for key, part in by_figure(rows).items():
        said = "; ".join(f"{r['label']}: {_reading(r)}" for r in part)
        out.append(
            words(
                key,
                f"{part[0]['circular']}: one sample read three ways. {said}.",
                shows=f"{part[0]['circular']}: one sample, three readings. {said}.",
                sources=_from(part),
                units=f"Sites checked: {part[0]['n']}.",
                uncertainty=f"The thin line is what chance leaves open at the level of {percent(level, 0)}; the "
                "grey bar "
                "is everything possible if nothing is known of how the sites were chosen. Where two numbers of sites "
                "fit the printed share, the range covers both.",
                caution="What makes the bar a line is the statement on how they were chosen: without it, no rate "
                "of all "
                "sites may be read off.",
            )
        )
    return out


def _reading(row: Row) -> str:
    if row["low"] is not None:
        return span(row["low"], row["high"])
    return percent(row["rate"]) if row["set_low"] is None else span(row["set_low"], row["set_high"])


def census_captions(rows: list[Row], level: float) -> list[Row]:
    """Captions of inspections of every site."""
    out = []
    for key, part in by_figure(rows).items():
        said = ", ".join(f"{r['label']} {r['count']} of {r['n']}" for r in part)
        both = " To pass (合格) is not to be without problems: the two are different outcomes." if len(part) > 1 else ""
        out.append(
            words(
                key,
                f"{part[0]['circular']}: {said}.",
                shows=f"{part[0]['circular']}: {said}.",
                sources=_from(part),
                units=f"Sites checked: {part[0]['n']}, which is all there were.",
                uncertainty="All were checked, so there is no sampling error and no interval. Only read as a "
                "process in "
                "which each site passes or fails by itself would there be one: then at least "
                f"{percent(part[0]['process_low'])} pass (lower end at the level of {percent(level, 0)}).",
                caution=f"The next inspection may come out otherwise.{both}",
            )
        )
    return out


def point_captions(rows: list[Row]) -> list[Row]:
    """Caption of rates by period."""
    return [
        words(
            key,
            "Pass rates by period. "
            + "; ".join(f"{r['province']} {r['period']}: {percent(r['rate'])}" for r in part)
            + ".",
            shows="Pass rates of places with two periods or more, as printed or as told (level with last quarter "
            "与上季度持平; N quarters running 连续N个季度).",
            sources=_from(part),
            units=f"Points: {len(part)}, of {len({r['province'] for r in part})} places.",
            uncertainty="A point without a line through it has no number of sites checked: how far chance reaches is "
            "unknown there. Points are joined only where a trend can be tested.",
            caution="A run of 100% was picked out by the circular from all places and is no trend.",
        )
        for key, part in by_figure(rows).items()
    ]


def deduction_captions(units: list[Row], ranges: list[Row]) -> list[Row]:
    """Captions of extremes and named units."""
    sizes = {r["figure"]: r["n_units"] for r in ranges}
    out = []
    for key, part in by_figure(units).items():
        n = sizes.get(key)
        size = "how many units were scored is not printed" if n is None else f"{n} units were scored"
        named = "、".join(r["unit"] for r in part if r["statistic"] == "unit")
        ends = ", ".join(f"{r['statistic']} {r['points']:g}" for r in part if r["statistic"] != "unit")
        out.append(
            words(
                key,
                f"{part[0]['label']}: points taken off. {ends}; named units: {named or 'none'}.",
                shows=f"{part[0]['label']}: points taken off (扣分), fewer is better. Diamonds are the smallest and "
                "the largest deduction printed.",
                sources=_from(part),
                units=f"Named units: {sum(r['statistic'] == 'unit' for r in part)}; {size}.",
                uncertainty="A bar is what is known of a named unit: a hollow end does not belong to it, and no "
                "unit can "
                "lie beyond the largest deduction. Where inside its bar a unit lies is not known; no middle may "
                "be read "
                "off.",
                caution="Units are named for their high deductions: nothing follows about the others.",
            )
        )
    return out


def finding_captions(rows: list[Row]) -> list[Row]:
    """Caption of problems by category and circular."""
    return [
        words(
            key,
            "Problems by category, units named. "
            + "; ".join(f"{r['label']}, {r['category_name']}: {r['n_named'] or 'unnamed'}" for r in part)
            + ".",
            shows="Problems (问题) by category: the number of different units or sites named with it. “unnamed”: the "
            "circular speaks of the problem without saying whose (个别单位).",
            sources=_from(part),
            units=f"Named by {_count(len({r['circular_id'] for r in part}), 'circular')} here.",
            uncertainty=f"{COUNTED} Empty: not mentioned, which does not mean absent.",
            caution="These are counts of what was chosen to be named, not shares; circulars look for different things, "
            "and columns must not be compared.",
        )
        for key, part in by_figure(rows).items()
    ]


def content_captions(rows: list[Row]) -> list[Row]:
    """Caption of what the circulars of a province hold."""
    return [
        words(
            key,
            "Rows read from each circular. "
            + "; ".join(f"{r['label']}: {r['n_rows']} in {_plain(r['table'])}" for r in part)
            + ".",
            shows="What the circulars hold: the number of rows read into each table.",
            sources=_from(part),
            units=f"Rows: {sum(r['n_rows'] for r in part)}, of "
            f"{_count(len({r['label'] for r in part}), 'circular')} here.",
            uncertainty=f"{COUNTED} Empty: the circular prints nothing of the kind, or it stood in an attachment that "
            "this copy lacks.",
            caution="The numbers tell how much a circular says, not how well anybody did.",
        )
        for key, part in by_figure(rows).items()
    ]


def _from(part: list[Row]) -> str:
    """Name the circulars of the rows drawn."""
    names = dict.fromkeys(str(r.get("circular") or r.get("label")) for r in part)
    return f"From: {'、'.join(names)}."


def _count(n: int, noun: str) -> str:
    return f"the {noun}" if n == 1 else f"the {n} {noun}s"


def _plain(code: str) -> str:
    return code.replace("_", " ")


PARTS = ("shows", "sources", "units", "uncertainty", "caution")
"""What every caption says, in this order."""

COUNTED = "These are counts, and chance has no part in them."
"""The part on uncertainty where nothing was drawn by chance."""


def words(key: str, alt: str, *, shows: str, sources: str, units: str, uncertainty: str, caution: str) -> Row:
    """Return one row of the table `captions`, for a reader without statistics.

    Args:
        key: the figure.
        alt: what one who cannot see it needs to know.
        shows: what is drawn.
        sources: from which circulars.
        units: how many units, circulars or figures.
        uncertainty: what uncertainty means here, or that there is none.
        caution: what must not be concluded.
    """
    parts = [shows, sources, units, uncertainty, caution]
    return {"figure": key, "alt": alt, "caption": " ".join(parts), **dict(zip(PARTS, parts, strict=True))}
