"""Theme: pass rates (合格率) and what can be said of their change.

Belongs here: the tables of the page on pass rates. Does not belong here: what one printed rate fixes (`rates.py`),
how failures spread (`city_failures.py`), drawing.
"""

import pandas as pd

from tongbao.stats.counts import Rule
from tongbao.stats.enough import enough
from tongbao.stats.result import Analysis, Refusal
from tongbao.stats.themes.captions import captions_frame
from tongbao.stats.themes.city_failures import CityFailures, city_failures
from tongbao.stats.themes.corpus import Corpus, Parameters, Row, Tables, corpus, frame, level_of, merged, percent
from tongbao.stats.themes.corpus import records as records_of
from tongbao.stats.themes.corpus import span as shares
from tongbao.stats.themes.findings import passing_note
from tongbao.stats.themes.pairs import pairs, pairs_note, rate_facts, regimes_of
from tongbao.stats.themes.rate_rows import LEVELS, best_rate, census_points, census_row, rate_row, readings
from tongbao.stats.themes.rate_series import rate_changes, rate_points, rate_streaks, rate_trends
from tongbao.stats.themes.rate_words import census_captions, point_captions, rate_captions, reading_captions
from tongbao.stats.themes.rates import ASSUMED, STATED, identify, row_key, sampled
from tongbao.stats.themes.robust_rates import rate_robustness
from tongbao.stats.themes.robustness import ROBUSTNESS, asked
from tongbao.stats.themes.scales import load_scales
from tongbao.stats.themes.second_source import second_source
from tongbao.tidy.rules import AS_STATED

NAME = "pass_rate_trends"
TABLES = ["pass_rates"]

_RATES = [
    *("circular_id", "row", "circular", "label", "scope", "scope_level", "period", "measure", "inspector_level"),
    *("design", "basis", "comparator", "printed", "rate", "set_low", "set_high", "n", "n_passed_low"),
    *("n_passed_high", "n_total", "n_total_low", "n_total_high", "low", "high", "method", "assumption"),
    *("figure", "gate"),
]
_READINGS = [
    *(
        "circular_id",
        "row",
        "circular",
        "label",
        "rate",
        "low",
        "high",
        "set_low",
        "set_high",
        "n",
        "n_total",
        "design",
    ),
    *("figure", "gate"),
]
_CENSUS_POINTS = [*_READINGS[:-2], "count", "process_low", "figure", "gate"]
_POINTS = ["circular_id", "row", "province", "period", "rate", "low", "high", "series", "basis", "figure", "gate"]
_CENSUS = [
    *("circular_id", "row", "label", "scope", "period", "n_checked", "n_passed", "process_low", "n_with_finding"),
    *("n_without_finding", "share_without_finding", "clean_process_low", "clean_process_high", "gate"),
]
_STREAKS = ["circular_id", "row", "label", "scope", "first_period", "last_period", "n_periods", "quote", "reason"]
_CHANGES = [
    *("circular_id", "row", "label", "scope", "period_before", "period", "before_low", "before_high", "change_low"),
    *("change_high", "margin", "n_checked", "assumption", "quote", "gate"),
]
_DESIGNS = ["circular_id", "row", "scope", "printed", "n", "n_failed", "possible_if_list_complete"]
_GROUPS = [
    *("circular_id", "row", "scope", "printed", "reading", "n_designs", "n", "n_failed", "rate_low", "rate_high"),
    *("low", "high", "note", "gate"),
]
_GAPS = [
    *("circular_id", "row", "scope", "printed", "n_failed", "n", "n_failed_others", "n_others", "gap", "low", "high"),
    *("p_value", "assumption", "note", "gate"),
]
_CLEAN = [
    *("circular_id", "row", "scope", "period", "n_clean", "n_cities", "n_failed_low", "n_failed_high"),
    *("expected_low", "expected_high", "p_low", "p_high", "assumption", "gate"),
]
_TRENDS = [
    *("scope", "measure", "inspector_level", "first_period", "last_period", "n_periods", "z", "p_value", "p_exact"),
    "gate",
]


def pass_rate_trends(tables: Tables, parameters: Parameters) -> Analysis:
    """Return the analysis of pass rates.

    Args:
        tables: tidy tables by name; of the reference tables `regions` and `regimes` are used where given.
        parameters: `level`, `include_copies`, and `include_coded` (yes if missing): whether figures coded by hand
            are shown beside, where the tables have them.
    """
    made, rates = _extracted(tables, parameters)
    second = second_source(tables, parameters, rates, level_of(parameters))
    robust: list[Row] = []
    if asked(parameters):
        robust = rate_robustness(lambda changed, by: _extracted(changed, by)[0], tables, parameters) + second.robust
    words = pd.concat([made.table("captions"), captions_frame(second.words)], ignore_index=True)
    return Analysis(
        NAME,
        made.params,
        {
            **made.tables,
            **second.tables,
            "robustness": frame(ROBUSTNESS, robust),
            "captions": words,
        },
        merged([*made.refused, *second.refused]),
        [*made.notes[:-1], *second.notes, made.notes[-1]],
    )


def _extracted(tables: Tables, parameters: Parameters) -> tuple[Analysis, list[Row]]:
    """Return what the extracted rows give, and the rows of the table of rates with all their cells.

    `rounding` of the parameters says how a printed rate stands for counts (`rounded` if missing).
    """
    rule: Rule = parameters.get("rounding", "rounded")
    used, level = corpus(tables, parameters, TABLES), level_of(parameters)
    regions, regimes, scales = records_of(tables.get("regions")), regimes_of(tables), load_scales(tables)
    rows = used.rows("pass_rates")
    known = {row_key(row): identify(row, rule) for row in rows}
    drawn = {row_key(row): sampled(row, known[row_key(row)], level) for row in rows}
    refused = list(used.refused)
    quoted = [row for row in rows if row["basis"] not in ("streak", "change")]
    refused += [
        Refusal(
            f"Interval for {r['scope']} {r['period'] or ''} ({used.label(r['circular_id'])})", drawn[row_key(r)].reason
        )
        for r in quoted
        if drawn[row_key(r)].reason
    ]
    spread = CityFailures()
    for cid in used.circulars:
        failing = {
            r["unit_code"]
            for r in used.rows("ratings", cid)
            if r["unit_code"] and scales.is_fail(r["scale_id"], r["grade"])
        }
        one = city_failures(used.label(cid), used.rows("pass_rates", cid), failing, regions, level, rule)
        for name in ("designs", "groups", "gaps", "clean", "refused"):
            getattr(spread, name).extend(getattr(one, name))
    streaks = rate_streaks(used)
    refused += [Refusal(f"Bound from the run of {s['scope']} ({s['label']})", s["reason"]) for s in streaks]
    changes, change_refusals = rate_changes(used, known, level)
    trends, trend_refusals = rate_trends(used, regimes, known)
    two = pairs(used, _main_rows(used), regimes)
    refused += [*spread.refused, *change_refusals, *trend_refusals, *_pooling(used, two)]
    rates = [rate_row(used, row, known[row_key(row)], drawn[row_key(row)]) for row in rows]
    whole = [row for row in quoted if row["design"] == "census"]
    # Findings do not say which inspection they come from, so they are set beside a census only where it is the one.
    alone = {cid for cid in used.circulars if sum(r["circular_id"] == cid for r in quoted) == 1}
    census = [census_row(used, row, known[row_key(row)], level, row["circular_id"] in alone) for row in whole]
    read = [x for row in rates for x in readings(row, known[row_key(row)])]
    points, beside = rate_points(rates, trends), [x for row in census for x in census_points(row)]
    words = [*rate_captions(rates, level), *reading_captions(read, level), *census_captions(beside, level)]
    words += point_captions(points)
    notes = _notes(rates, census, spread, changes, level)
    made = Analysis(
        NAME,
        {
            "level": level,
            "include_copies": list(parameters["include_copies"]),
            "include_coded": bool(parameters.get("include_coded", True)),
        },
        {
            "circulars": used.circulars_frame(),
            "rates": frame(_RATES, rates, "pass_rates"),
            "readings": frame(_READINGS, read, "pass_rates"),
            "points": frame(_POINTS, points, "pass_rates"),
            "census": frame(_CENSUS, census, "pass_rates"),
            "census_points": frame(_CENSUS_POINTS, beside, "pass_rates"),
            "streaks": frame(_STREAKS, streaks, "pass_rates"),
            "changes": frame(_CHANGES, changes, "pass_rates"),
            "group_designs": frame(_DESIGNS, spread.designs, "pass_rates"),
            "groups": frame(_GROUPS, spread.groups, "pass_rates"),
            "group_gaps": frame(_GAPS, spread.gaps, "pass_rates"),
            "clean_cities": frame(_CLEAN, spread.clean, "pass_rates"),
            "trends": frame(_TRENDS, trends),
            "pairs": two,
            "captions": captions_frame(words),
        },
        merged(refused),
        [*notes, pairs_note(two, "pass rates")],
    )
    return made, rates


def _main_rows(used: Corpus) -> dict[str, Row]:
    """For each circular the facts of its widest stated rate: the one that a reader would compare."""
    out = {}
    for cid, circular in used.circulars.items():
        stated = [r for r in used.rows("pass_rates", cid) if r["basis"] in AS_STATED]
        if stated:
            row = min(stated, key=lambda r: (LEVELS.index(r["scope_level"]), r["row"]))
            out[cid] = rate_facts(circular, row)
    return out


def _pooling(used: Corpus, two: pd.DataFrame) -> list[Refusal]:
    if len(used.circulars) < 2:
        return []
    same = bool(all(two["comparable"]))
    verdict = enough("pooled_rate", n_circulars=len(used.circulars), same_rubric=same)
    out = [] if verdict else [Refusal("One rate over all circulars", verdict.reason)]
    codes = {c["province_code"] for c in used.circulars.values()} - {None}
    if len(codes) > 1:
        agreed = enough(
            "province_comparison", n_provinces=len(codes), same_rubric=same, same_period=same, same_design=same
        )
        out += [] if agreed else [Refusal("Provinces compared or ranked", agreed.reason)]
    return out


def _notes(rates: list[Row], census: list[Row], spread: CityFailures, changes: list[Row], level: float) -> list[str]:
    notes = []
    r = best_rate(rates)
    if r is not None:
        counts = str(r["n_passed_low"])
        counts += "" if r["n_passed_low"] == r["n_passed_high"] else f" to {r['n_passed_high']}"
        whom = "of all sites in operation" if r["method"].endswith("sites known") else "of the sites"
        sample = {STATED: "a random sample", ASSUMED: "a sample taken as random"}[r["assumption"]]
        text = (
            f"{r['circular']}: {shares(r['low'], r['high'])} {whom} pass ({percent(level, 0)} interval; "
            f"{counts} of {r['n']} in {sample} passed)"
        )
        chance = [c for c in spread.clean if c["circular_id"] == r["circular_id"]]
        if chance:
            c = chance[0]
            word = "no more than" if c["p_low"] >= 1 - level else "more than"
            text += f"; {c['n_clean']} of {c['n_cities']} cities at 100% are {word} what chance gives"
        notes.append(f"{text}.")
    elif any(_mixed(c) for c in census):
        pass  # the note on passing and problems, below, is the finding
    elif census:
        c = census[0]
        notes.append(
            f"{c['label']}: {c['n_passed']} of {c['n_checked']} sites passed; all were checked: no chance in it."
        )
    elif rates:
        notes.append(
            "The circulars here print rates without the number of sites checked: figures as quoted, no interval."
        )
    else:
        notes.append("No circular here prints a pass rate.")
    notes += [passing_note(c["label"], c["n_passed"], c["n_checked"], c["n_with_finding"]) for c in census if _mixed(c)]
    for c in changes:
        if c["margin"] is not None:
            notes.append(
                f"{c['label']}: against {c['period_before']} the true change lies between {100 * c['change_low']:+.1f} "
                f"and {100 * c['change_high']:+.1f} points as printed, and sampling alone moves it by "
                f"{100 * c['margin']:.1f} points either way."
            )
    return notes


def _mixed(row: Row) -> bool:
    return bool(row.get("n_with_finding") and row["n_passed"] is not None)
