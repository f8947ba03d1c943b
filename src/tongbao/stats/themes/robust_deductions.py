"""The headlines of the page on deductions and problems, and what becomes of them under the other readings.

Belongs here: which figures are headlines, and the readings that mean something for deductions: open bounds, lists that
are complete or examples, units without a website. Does not belong here: how a reading is asked (`robustness.py`).
"""

from collections.abc import Callable

from tongbao.stats.result import Analysis
from tongbao.stats.themes.corpus import Parameters, Row, Tables, percent, records
from tongbao.stats.themes.robustness import (
    Headline,
    Headlines,
    Make,
    Reading,
    common_readings,
    national_issuers_only,
    only_rows,
    robustness,
    said,
    without,
)

_ROUNDING = "points and names are printed as they are, and no rate is rounded"
_CODED = "the figures coded by hand hold neither deductions nor problems"


def deduction_robustness(make: Make, tables: Tables, parameters: Parameters) -> list[Row]:
    """Return each headline on deductions and problems under every reading.

    Args:
        make: makes the analysis without this table.
        tables, parameters: as given to the theme.
    """

    ranges, found = ("range",), ("found",)
    readings = [
        *common_readings(parameters, rounding=_ROUNDING, coded=_CODED, self_checks=national_issuers_only),
        Reading(
            "a threshold includes its own number of points",
            tables=without("deductions", points_low_closed=True),
            only=ranges,
        ),
        Reading("the names above the threshold are examples, not all", made=said(make, _examples), only=ranges),
        Reading("units without a website counted with the worst", made=said(make, _no_site_worst), only=ranges),
        Reading("units without a website counted as losing nothing", made=said(make, _no_site_zero), only=ranges),
        Reading(
            "problems of the body text alone, without annexes",
            tables=only_rows("findings", lambda rows: rows["part"].astype("object") != "annex"),
            gone="the body text names nobody",
            only=found,
        ),
        Reading(
            "problems of the annexes alone",
            tables=only_rows("findings", lambda rows: rows["part"].astype("object") == "annex"),
            gone="the annexes name nobody",
            only=found,
        ),
    ]
    return robustness(said(make, deduction_headlines), tables, parameters, readings)


def deduction_headlines(made: Analysis) -> Headlines:
    """Return the headline figures of the analysis, by a key that stays under every reading."""
    return _headlines(made, lambda row: f"{row['n_above']} units named above {row['threshold']:g}")


def _headlines(
    made: Analysis, above: Callable[[Row], str], minimum: Callable[[Row], float | None] | None = None
) -> Headlines:
    out: dict[tuple[str, ...], Headline] = {}
    for row in records(made.table("ranges")):
        if row["min"] is None or row["max"] is None:
            continue
        least = row["min"] if minimum is None else minimum(row)
        text = f"{least:g} to {row['max']:g} points" + (f"; {above(row)}" if row["n_above"] else "")
        size = "" if row["n_units"] is None else f" of {row['n_units']}"
        scope = f", {row['scope']}" if row["scope"] else ""
        out[("range", row["circular_id"], row["scope"] or "")] = Headline(
            f"{row['label']}: deductions{scope}", f"{text}{size}", None
        )
    for row in records(made.table("found")):
        if row["n_with_finding"]:
            text = f"{row['n_with_finding']} units or sites named with a problem"
            if row["share_with_finding"] is not None:
                share = percent(row["share_with_finding"])
                text = f"{row['n_with_finding']} of {row['n_checked']} ({share}) have a problem"
            name = f"{row['label']}: units or sites with a problem"
            out[("found", row["circular_id"])] = Headline(name, text, row["gate"])
    return out


def _without_site(made: Analysis) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in records(made.table("no_site")):
        counts[row["circular_id"]] = counts.get(row["circular_id"], 0) + 1
    return counts


def _examples(made: Analysis) -> Headlines:
    return _headlines(made, lambda row: f"at least {row['n_above']} units above {row['threshold']:g}")


def _no_site_worst(made: Analysis) -> Headlines:
    more = _without_site(made)
    return _headlines(
        made, lambda row: f"{row['n_above'] + more.get(row['circular_id'], 0)} units above {row['threshold']:g}"
    )


def _no_site_zero(made: Analysis) -> Headlines:
    more = _without_site(made)
    return _headlines(
        made,
        lambda row: f"{row['n_above']} units named above {row['threshold']:g}",
        lambda row: 0.0 if more.get(row["circular_id"]) else row["min"],
    )
