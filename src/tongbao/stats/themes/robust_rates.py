"""The headlines of the page on pass rates that rest on extracted rows, under the other readings.

Belongs here: which figures are headlines, and the readings that mean something for a rate: rounding, the number of
failures, the number in operation, how the sites were chosen, lists of clean cities. Does not belong here: the headline
of the coded series (`robust_coded.py`), how a reading is asked (`robustness.py`).
"""

from tongbao.stats.intervals import wilson
from tongbao.stats.result import Analysis
from tongbao.stats.themes.corpus import Parameters, Row, Tables, percent, records, span
from tongbao.stats.themes.rate_rows import best_rate
from tongbao.stats.themes.robustness import (
    Headline,
    Headlines,
    Make,
    Reading,
    common_readings,
    only_rows,
    robustness,
    said,
    without,
)

_CODED = "coded figures are never pooled with extracted ones"


def rate_robustness(make: Make, tables: Tables, parameters: Parameters) -> list[Row]:
    """Return each headline on extracted rates under every reading.

    Args:
        make: makes the analysis of the extracted rows without this table.
        tables, parameters: as given to the theme.
    """

    no_counts = without("pass_rates", n_failed=None, n_passed=None)

    interval, change = ("interval",), ("interval", "change")
    readings = [
        *common_readings(parameters, rounding="", coded=_CODED, self_checks=_national_inspectors),
        Reading("without the printed number of failures: rate rounded", tables=no_counts, only=change),
        Reading(
            "without the printed number of failures: rate cut",
            tables=no_counts,
            parameters={"rounding": "truncate"},
            gone="no count is printed that way",
            only=change,
        ),
        Reading(
            "without the number in operation",
            tables=without("pass_rates", n_total=None, share_checked=None),
            only=interval,
        ),
        Reading(
            "nothing assumed of how the sites were chosen",
            made=said(make, _unassumed),
            gone="the number in operation is not known",
            only=interval,
        ),
        Reading(
            "all failures taken to lie in cities",
            tables=only_rows("pass_rates", lambda rows: rows["scope_level"].astype("object") != "group"),
            only=("cities",),
        ),
        Reading("read as a process in which each site passes by itself", made=said(make, _process), only=("census",)),
        Reading(
            "the list of clean cities taken as examples, not all",
            only=("cities",),
            not_applicable="more cities may then be clean, and nothing can be tested",
        ),
    ]
    return robustness(said(make, rate_headlines), tables, parameters, readings)


def _national_inspectors(tables: Tables) -> Tables:
    """Leave out rates that a place found of its own sites, and those where the text does not say who looked."""
    return only_rows("pass_rates", lambda rows: rows["inspector_level"].astype("object") == "national")(tables)


def rate_headlines(made: Analysis) -> Headlines:
    """Return the headline figures of the analysis, by a key that stays under every reading."""
    level = percent(float(made.params["level"]), 0)
    out: dict[tuple[str, ...], Headline] = {}
    best = best_rate(records(made.table("rates")))
    if best is not None:
        name = f"{best['circular']}: interval for {best['scope']} ({level})"
        out[("interval", best["circular_id"])] = Headline(name, span(best["low"], best["high"]), best["gate"])
    for row in records(made.table("clean_cities")):
        low, high = (f"{row[end]:.2g}" for end in ("p_low", "p_high"))
        text = f"{row['n_clean']} of {row['n_cities']} cities clean, p {low if low == high else f'{low} to {high}'}"
        out[("cities", row["circular_id"], row["scope"])] = Headline(
            f"{row['scope']} {row['period']}: cities at 100%", text, row["gate"], row["n_clean"]
        )
    for row in records(made.table("changes")):
        if row["margin"] is not None:
            low, high, margin = (100 * row[c] for c in ("change_low", "change_high", "margin"))
            text = f"{low:+.1f} to {high:+.1f} points as printed, sampling moves it by {margin:.1f}"
            name = f"{row['label']}: change of {row['scope']} against {row['period_before']}"
            out[("change", row["circular_id"], row["scope"])] = Headline(name, text, row["gate"], 2)
    for row in records(made.table("census")):
        if row["n_passed"] is not None:
            text = f"{row['n_passed']} of {row['n_checked']} pass"
            if row["n_without_finding"] is not None:
                text += f", {row['n_without_finding']} without a recorded problem"
            name = f"{row['label']}: every site of {row['scope']} checked"
            out[("census", row["circular_id"], row["scope"])] = Headline(name, text, row["gate"])
    return out


def _unassumed(made: Analysis) -> Headlines:
    out: dict[tuple[str, ...], Headline] = {}
    given = rate_headlines(made)
    best = best_rate(records(made.table("rates")))
    for row in records(made.table("readings")):
        key = ("interval", row["circular_id"])
        same = best is not None and (row["circular_id"], row["row"]) == (best["circular_id"], best["row"])
        if same and row["low"] is None and row["set_low"] is not None and key in given:
            out[key] = Headline(given[key].name, span(row["set_low"], row["set_high"]), given[key].gate)
    return out


def _process(made: Analysis) -> Headlines:
    level = float(made.params["level"])
    given = rate_headlines(made)
    out: dict[tuple[str, ...], Headline] = {}
    for row in records(made.table("census")):
        key = ("census", row["circular_id"], row["scope"])
        if key in given and row["n_checked"]:
            low, high = wilson(row["n_passed"], row["n_checked"], level)
            out[key] = Headline(given[key].name, f"{span(low, high)} pass ({percent(level, 0)} interval)", row["gate"])
    return out
