"""The part of the page on pass rates that rests on figures coded by hand: tables, words, notes, refusals.

Belongs here: putting `coded`, `coded_trend` and `coded_words` together for a page. Does not belong here: any number.
"""

from dataclasses import dataclass, field

import pandas as pd

from tongbao.stats.result import Refusal
from tongbao.stats.themes import coded, coded_trend, coded_words, robust_coded
from tongbao.stats.themes.corpus import Parameters, Row, Tables, frame
from tongbao.stats.themes.pairs import regimes_of
from tongbao.stats.themes.robustness import asked

_CHECKS = ["check", "coded_file", "coded_row", "scope", "period", "measure", "expected", "found", "note"]
_COVERED = ["province", "period", "n", "n_coded", "n_extracted", "figure", "sources"]
_TILES = ["province_code", "value", "first", "last", "figure", "sources"]


@dataclass(frozen=True)
class SecondSource:
    """What a page adds for the coded figures; all tables are empty where there are none.

    Attributes:
        tables, words, notes, refused: for the analysis of the same page.
        robust: headlines under other readings. points: the coded points of a province, with all their cells.
    """

    tables: dict[str, pd.DataFrame]
    words: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    robust: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)


def second_source(tables: Tables, parameters: Parameters, rates: list[Row], level: float) -> SecondSource:
    """Return the second source for the page of pass rates.

    Args:
        tables: with `coded_pass_rates` and `coded_checks` where there are any.
        parameters: `include_coded`.
        rates: rows of the table of rates, which were extracted.
        level: of all intervals.
    """
    rows, regimes = coded.coded_rows(tables, parameters), regimes_of(tables)
    nation = coded.national_points(rows, level)
    places = coded.province_points(rows, rates, level) if rows else []
    grid = coded.covered(places)
    tiles = coded.tiles(rows, rates) if rows else []
    changed, no_change = coded_trend.changes(rows, regimes, level)
    trends, no_trend = coded_trend.trends(rows, regimes, level) if rows else ([], [])
    broken = coded.contradictions(tables, parameters)
    central = coded_trend.national_series(rows, "central")
    robust = robust_coded.national_robustness(rows, regimes, level) if rows and asked(parameters) else []
    refused = [*no_change, *no_trend]
    n, without, reason = coded.refused_interval(rows)
    if without:
        refused.append(Refusal(f"Intervals of {without} of {n} coded rates", reason))
    return SecondSource(
        {
            "coded_coverage": frame(_COVERED, grid),
            "coded_map": frame(_TILES, tiles),
            "national_points": frame(coded.POINTS, nation, "pass_rates"),
            "national_changes": frame(coded_trend.CHANGES, changed),
            "national_trends": frame(coded_trend.TRENDS, trends),
            "province_points": frame(coded.POINTS, places, "pass_rates"),
            "coded_contradictions": frame(_CHECKS, broken),
        },
        [
            *coded_words.coverage_words(grid),
            *coded_words.tile_words(tiles),
            *coded_words.national_words(nation, level),
            *coded_words.province_words(places, level),
        ],
        coded_words.coded_notes([*nation, *places], broken, trends, coded_trend.shrinkage(central)),
        refused,
        robust,
    )


def coded_provinces(tables: Tables, parameters: Parameters) -> set[str]:
    """Return the codes of the provinces of which a coded figure of the whole province is to be shown."""
    rows = coded.coded_rows(tables, parameters)
    return {
        str(r["province_code"])
        for r in rows
        if r["scope_level"] == "province" and r["rate"] is not None and r["province_code"]
    }


def province_source(tables: Tables, parameters: Parameters, province_code: str, rates: list[Row]) -> SecondSource:
    """Return the coded points of one province beside its own extracted ones; nothing where there is no coded one."""
    level = float(parameters["level"])
    rows = [r for r in coded.coded_rows(tables, parameters) if r["province_code"] == province_code]
    points = coded.province_points(rows, rates, level, "coded-")
    broken = {(r["coded_file"], r["coded_row"]) for r in coded.contradictions(tables, parameters)}
    n_broken = sum((r["coded_file"], r["coded_row"]) in broken for r in rows)
    notes = []
    if points:
        n = sum(r["source"] == coded.CODED for r in points)
        flagged = f"; coded rows of it in a check that does not hold: {n_broken}" if n_broken else ""
        what = "coded figure of the whole province is" if n == 1 else "coded figures of the whole province are"
        notes.append(f"Second source: {n} {what} shown apart{flagged}.")
    drawn = {"coded.points": frame(coded.POINTS, points, "pass_rates")}
    return SecondSource(drawn, coded_words.province_words(points, level), notes, points=points)
