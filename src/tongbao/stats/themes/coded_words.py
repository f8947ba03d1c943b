"""The words of the figures with coded points, and the sentences on them.

Belongs here: captions, alternative texts and notes made from the rows that are drawn. Does not belong here: what all
captions share (`captions.py`), computing.
"""

from collections.abc import Sequence

from tongbao.stats.themes.captions import COUNTED, chance_line, each_figure, plain, words
from tongbao.stats.themes.coded import CODED, EXTRACTED
from tongbao.stats.themes.coded_trend import p_range
from tongbao.stats.themes.corpus import Row

_OBJECTS = {"website": "government websites (政府网站)", "new_media": "official accounts (政务新媒体)"}
_SOURCES = (
    "Hollow points were coded by hand from figures that other circulars printed, not extracted here; filled points "
    "were extracted from circulars of this collection."
)
_BOTH = "From figures that other circulars printed, coded by hand, and from circulars of this collection."
_BREAK = "The dotted line is April 2019, when the rules changed: points left and right of it must not be compared."


def national_words(points: Sequence[Row], level: float) -> list[Row]:
    """Return the caption of the national series."""

    def say(key: str, part: list[Row]) -> Row:
        said = "; ".join(f"{r['panel']}, {r['period']}: {r['printed']}" for r in part)
        return words(
            key,
            f"National pass rates by quarter, three panels. {said}.",
            shows="Pass rates of the whole country as printed, each series in a panel of its own: what the State "
            "Council's office found in its own small sample, and what regions and departments reported of the sites "
            "that they chose and checked themselves.",
            sources=_SOURCES,
            units=f"Points: {len(part)}. The number under a point is how many were checked.",
            uncertainty=f"{chance_line(level)} Rounding is included. The line takes the sites as chosen at random, "
            "which the circulars do not say; it is missing where the number checked or the way of choosing is.",
            caution=f"{_BREAK} Sites were merged and closed all the time, so the rates are of ever fewer sites: a rise "
            "does not show that sites improved.",
        )

    return each_figure(points, say)


def province_words(points: Sequence[Row], level: float) -> list[Row]:
    """Return captions of the small multiples by province, one a measure."""

    def say(key: str, part: list[Row]) -> Row:
        n = {name: sum(r["source"] == name for r in part) for name in (CODED, EXTRACTED)}
        places = list(dict.fromkeys(r["panel"] for r in part))
        what = _OBJECTS.get(part[0]["measure"], plain(part[0]["measure"]))
        many = "province" if len(places) == 1 else "provinces"
        return words(
            key,
            f"Pass rates of {what} by province and period: {n[CODED]} coded and {n[EXTRACTED]} extracted figures of "
            f"{len(places)} {many} ({'、'.join(places)}).",
            shows=f"Pass rates of {what} that circulars printed for whole provinces. Round points: the province "
            "checked its own sites, or nobody says who did; diamonds: the State Council's office checked a few of "
            "them; triangles: only a bound such as 95%以上 is printed.",
            sources=_SOURCES,
            units=f"Points: {len(part)}, of {len(places)} {many}. The number below a point is how many were checked, "
            "where known.",
            uncertainty=f"{chance_line(level)} It stands only where a known number of sites was checked, and not all "
            "of them; where it is missing, how far chance reaches is not known, or every site was checked.",
            caution=f"{_BREAK} No points are joined, because no trend can be tested. Panels must not be compared: "
            "provinces inspect by their own hands, at different times, and publish when they like.",
        )

    return each_figure(points, say)


def coverage_words(rows: Sequence[Row]) -> list[Row]:
    """Return the caption of the grid of what is covered."""
    return each_figure(rows, _coverage)


def _coverage(key: str, part: list[Row]) -> Row:
    n, places = sum(r["n"] for r in part), len({r["province"] for r in part})
    coded, extracted = (sum(r[name] for r in part) for name in ("n_coded", "n_extracted"))
    return words(
        key,
        f"Number of pass rates of whole provinces, by province and year: {n} figures of {places} provinces.",
        shows="What there is to look at: how many printed pass rates of whole provinces are known for each year.",
        sources=_BOTH,
        units=f"Figures: {coded} coded by hand and {extracted} extracted.",
        uncertainty=COUNTED,
        caution="An empty cell means that no figure was found; it does not mean that nobody inspected or that "
        "anybody failed.",
    )


def tile_words(rows: Sequence[Row]) -> list[Row]:
    """Return the caption of the map of what is covered."""
    return each_figure(rows, _tiles)


def _tiles(key: str, part: list[Row]) -> Row:
    said = "; ".join(f"{r['province_code']}: {r['value']}" for r in part)
    return words(
        key,
        f"Tile map: in how many periods since 2019-Q2 the province's own pass rate of websites is known. {said}.",
        shows="How much is known under the rules of 2019: in how many periods (months, quarters, half-years, years) a "
        "province's own pass rate of its websites was printed and found. Equal squares, roughly where the provinces "
        "lie.",
        sources=_BOTH,
        units=f"Provinces with a figure: {len(part)}.",
        uncertainty=COUNTED,
        caution="The map shows what could be found, not how good a website is; hatched means that no figure was "
        "found, not that any site failed. It is no ranking.",
    )


def coded_notes(points: Sequence[Row], broken: Sequence[Row], trends: Sequence[Row], caution: str) -> list[str]:
    """Return the sentences on the second source; none where there is none."""
    out = []
    for found in trends:
        out.append(
            f"Second source, {found['panel']}: {found['first_period']} to {found['last_period']} the pass rate "
            f"{found['verdict']} (Cochran-Armitage test, p {p_range(found['p_low'], found['p_high'])} over all counts "
            f"that the printed rates allow). {caution}".strip()
        )
    coded = [r for r in points if r["source"] == CODED]
    if coded:
        out.append(
            f"Second source: {len(coded)} national and provincial figures coded by hand are shown apart and never "
            f"pooled with extracted ones; {len(broken)} checks of the coded figures against each other do not hold and "
            "are listed as they are."
        )
    return out
