"""The captions of figures on pass rates that were extracted: stated rates, three readings, censuses, periods.

Belongs here: captions and alternative texts, from the rows that are drawn. Does not belong here: what all captions
share (`captions.py`), figures with coded points (`coded_words.py`), drawing, computing.
"""

from tongbao.stats.themes.captions import chance_line, each_figure, sources_of, words
from tongbao.stats.themes.corpus import Row, percent, span


def rate_captions(rows: list[Row], level: float) -> list[Row]:
    """Return the caption of the stated rates."""

    def say(key: str, part: list[Row]) -> Row:
        circulars = "、".join(dict.fromkeys(r["circular"] for r in part))
        said = "; ".join(f"{r['label']} {r['printed'] or '?'}" for r in part)
        return words(
            key,
            f"Pass rates as printed. {said}.",
            shows="Pass rates (合格率) as stated, one a line; at the right how many sites were checked (n) and how "
            "many there were in operation (N), ? where not known exactly.",
            sources=f"Stated in {circulars}.",
            units=f"Rates drawn: {len(part)}.",
            uncertainty=f"{chance_line(level)} It stands only where the number checked is known and the text says how "
            "they were chosen. Thick grey is what rounding leaves open: “100%” may stand for 99.5%. An arrow is a "
            "bound such as 95%以上. A hollow point is an inspection of every site (普查), in which chance has no "
            "part.",
            caution="The rows differ in rules, inspectors and periods: a higher point is not a better place, and no "
            "ranking follows.",
        )

    return each_figure(rows, say)


def reading_captions(rows: list[Row], level: float) -> list[Row]:
    """Return captions of one sample read three ways."""

    def say(key: str, part: list[Row]) -> Row:
        said = "; ".join(f"{r['label']}: {_reading(r)}" for r in part)
        return words(
            key,
            f"{part[0]['circular']}: one sample read three ways. {said}.",
            shows=f"{part[0]['circular']}: one sample, three readings. {said}.",
            sources=sources_of(part),
            units=f"Sites checked: {part[0]['n']}.",
            uncertainty=f"{chance_line(level)} The grey bar is everything possible if nothing is known of how the "
            "sites were chosen: all others may have passed, or failed. Where two numbers of sites fit the printed "
            "share, the range covers both.",
            caution="What makes the bar a line is the statement on how they were chosen: without it, no rate of all "
            "sites may be read off.",
        )

    return each_figure(rows, say)


def _reading(row: Row) -> str:
    if row["low"] is not None:
        return span(row["low"], row["high"])
    return percent(row["rate"]) if row["set_low"] is None else span(row["set_low"], row["set_high"])


def census_captions(rows: list[Row], level: float) -> list[Row]:
    """Return captions of inspections of every site."""

    def say(key: str, part: list[Row]) -> Row:
        said = ", ".join(f"{r['label']} {r['count']} of {r['n']}" for r in part)
        both = " To pass (合格) is not to be without problems: the two are different outcomes." if len(part) > 1 else ""
        return words(
            key,
            f"{part[0]['circular']}: {said}.",
            shows=f"{part[0]['circular']}: {said}.",
            sources=sources_of(part),
            units=f"Sites checked: {part[0]['n']}, which is all there were.",
            uncertainty="All were checked (普查), so chance has no part in the counts and there is no range to draw. "
            "Only if passing were itself a matter of chance, site by site, would there be one: then "
            f"at least {percent(part[0]['process_low'])} would pass in the long run (level of {percent(level, 0)}).",
            caution=f"The next inspection may come out otherwise.{both}",
        )

    return each_figure(rows, say)


def point_captions(rows: list[Row]) -> list[Row]:
    """Return the caption of rates by period."""
    return each_figure(rows, _points)


def _points(key: str, part: list[Row]) -> Row:
    said = "; ".join(f"{r['province']} {r['period']}: {percent(r['rate'])}" for r in part)
    return words(
        key,
        f"Pass rates by period. {said}.",
        shows="Pass rates of places with two periods or more, as printed or as told (level with last quarter "
        "与上季度持平; N quarters running 连续N个季度).",
        sources=sources_of(part),
        units=f"Points: {len(part)}, of {len({r['province'] for r in part})} places.",
        uncertainty="An upright line through a point is the range that chance leaves open; where there is none, every "
        "site was checked or too little is printed to reckon it. Points are joined only where a "
        "trend can be tested.",
        caution="A run of 100% was picked out by the circular from all places: it is no trend and no sign of a better "
        "place.",
    )
