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
    return frame(["figure", "alt", "caption"], rows)


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
            _words(
                key,
                f"Grades given in {label}. {counts}.",
                f"{label}, {measure}: how many units of {sizes} got which grade (等次). The numbers are counts. "
                "Every unit of a group was graded, so there is no sampling error. The grades follow the circular's own "
                "rules and must not be set against grades of another circular.",
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
            _words(
                key,
                f"Units over a score in {part[0]['label']}. {said}.",
                f"{part[0]['label']}: how many units scored at least so many points, and how many the year before. How "
                "many were scored is not printed, so these are counts and no shares. Nor is it printed which units "
                "moved: the p-values in the numbers below are the smallest and the largest over everything possible, "
                "and hold only if the same units were scored under unchanged rules.",
            )
        )
    return out


def ranked_captions(rows: list[Row]) -> list[Row]:
    """Captions of the lists in score order."""
    return [
        _words(
            key,
            f"Names in the order of score, {part[0]['label']}.",
            f"{part[0]['label']}: names in the order of score within each grade, as printed. The order says nothing of "
            "the distance between two places.",
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
            _words(
                key,
                f"Pass rates as printed. {said}.",
                f"Pass rates (合格率) stated in {circulars}; at the right the number checked (n) and the number in "
                "operation "
                "(N), ? where not known exactly. A thin line is what the sites not checked leave open at the level of "
                f"{percent(level, 0)}; it stands only where the number checked is known and the text says how they "
                "were chosen. Thick grey is what rounding leaves open; an arrow is a bound such as 95%以上. A hollow "
                "point is an inspection of every site, which has no sampling error. The rows differ in rules, "
                "inspectors and periods: a higher point is not a better place, and no ranking follows.",
            )
        )
    return out


def reading_captions(rows: list[Row], level: float) -> list[Row]:
    """Captions of one sample read three ways."""
    out = []
    for key, part in by_figure(rows).items():
        said = "; ".join(f"{r['label']}: {_reading(r)}" for r in part)
        out.append(
            _words(
                key,
                f"{part[0]['circular']}: one sample read three ways. {said}.",
                f"{part[0]['circular']}: one sample, three readings. {said}. The thin line is what chance leaves open "
                "at "
                f"the level of {percent(level, 0)}; the grey bar is everything possible if nothing is known of how the "
                "sites were chosen. What makes the bar a line is the statement on how they were chosen. Where two "
                "numbers of sites fit the printed share, the range covers both.",
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
            _words(
                key,
                f"{part[0]['circular']}: {said}.",
                f"{part[0]['circular']}: {said}. All were checked, so there is no sampling error and no "
                f"interval.{both} Only "
                "read as a process in which each site passes or fails by itself would there be one: then at least "
                f"{percent(part[0]['process_low'])} pass (lower end at the level of {percent(level, 0)}).",
            )
        )
    return out


def point_captions(rows: list[Row]) -> list[Row]:
    """Caption of rates by period."""
    return [
        _words(
            key,
            "Pass rates by period. "
            + "; ".join(f"{r['province']} {r['period']}: {percent(r['rate'])}" for r in part)
            + ".",
            "Pass rates of places with two periods or more, as printed or as told (level with last quarter "
            "与上季度持平; N "
            "quarters running 连续N个季度). A point without a line through it has no number of sites checked: how far "
            "chance "
            "reaches is unknown there. Points are joined only where a trend can be tested. A run of 100% was picked "
            "out "
            "by the circular from all places and is no trend.",
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
            _words(
                key,
                f"{part[0]['label']}: points taken off. {ends}; named units: {named or 'none'}.",
                f"{part[0]['label']}: points taken off (扣分), fewer is better. Diamonds are the smallest and the "
                "largest "
                "deduction printed. A bar is what is known of a named unit: a hollow end does not belong to it, and no "
                "unit can lie beyond the largest deduction. Where inside its bar a unit lies is not known; no middle "
                f"may be read off. Units are named for their high deductions, and {size}: nothing follows about the "
                "others.",
            )
        )
    return out


def finding_captions(rows: list[Row]) -> list[Row]:
    """Caption of problems by category and circular."""
    return [
        _words(
            key,
            "Problems by category, units named. "
            + "; ".join(f"{r['label']}, {r['category_name']}: {r['n_named'] or 'unnamed'}" for r in part)
            + ".",
            f"Problems (问题) named by {_count(len({r['circular_id'] for r in part}), 'circular')} here, by category: "
            "the "
            "number of different units or sites named with it. “unnamed”: the circular speaks of the problem without "
            "saying whose (个别单位). Empty: not mentioned, which does not mean absent. These are counts of what was "
            "chosen to be named, not shares; circulars look for different things, and columns must not be compared.",
        )
        for key, part in by_figure(rows).items()
    ]


def content_captions(rows: list[Row]) -> list[Row]:
    """Caption of what the circulars of a province hold."""
    return [
        _words(
            key,
            "Rows read from each circular. "
            + "; ".join(f"{r['label']}: {r['n_rows']} in {_plain(r['table'])}" for r in part)
            + ".",
            "What the circulars hold: the number of rows read into each table. Empty: the circular prints nothing of "
            "the "
            "kind, or it stood in an attachment that this copy lacks. The numbers tell how much a circular says, not "
            "how well anybody did.",
        )
        for key, part in by_figure(rows).items()
    ]


def _count(n: int, noun: str) -> str:
    return f"the {noun}" if n == 1 else f"the {n} {noun}s"


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _words(key: str, alt: str, caption: str) -> Row:
    return {"figure": key, "alt": alt, "caption": caption}
