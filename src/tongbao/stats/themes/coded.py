"""The second source on the page of pass rates: figures coded by hand, always apart from those that were extracted.

Belongs here: points of the nation and of the provinces, what is covered, which coded figures contradict each other.
Does not belong here: change and trend (`coded_trend.py`), words (`coded_words.py`).

National central samples and figures that regions reported of themselves are two series; websites and new media are two;
2019 breaks every series.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tongbao.stats.comparable import period_span
from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.sources import SOURCES, origins
from tongbao.stats.themes.corpus import Parameters, Row, Tables, records
from tongbao.stats.themes.rates import Identified, Sampled, identify, printed_percent, sampled

BREAK = "2019-Q2"
"""First quarter under the indicators of 国办秘函〔2019〕19号; no series runs across it."""

CODED, EXTRACTED = "coded", "extracted"
PANELS = {
    ("website", "central"): "websites: the centre's own sample",
    ("website", "self_reported"): "websites: reported by regions and departments",
    ("new_media", "central"): "new media: the centre's own sample",
}
POINTS = [
    *("circular_id", "row", "coded_file", "coded_row", "panel", "source", "period", "at", "printed", "rate", "low"),
    *("high", "n", "n_total", "design", "inspector_level", "comparator", "source_kind", "joined", "gate", "figure"),
]


def coded_rows(tables: Tables, parameters: Parameters) -> list[Row]:
    """Return the coded rows; none where `include_coded` is off or there is no second source."""
    if not parameters.get("include_coded", True):
        return []
    return records(tables.get("coded_pass_rates"))


def known_of(row: Row) -> Identified:
    """Return what a coded row leaves possible, with the counts between the smallest and the largest left out.

    The interval of a union over counts is that of its two ends, and national samples leave a hundred counts open.
    """
    found = identify({**row, "quote": None})
    return replace(found, passes=tuple(sorted({min(found.passes), max(found.passes)}))) if found.passes else found


def point(row: Row, panel: str, figure: str, level: float) -> Row:
    """Return one coded figure for drawing."""
    known = known_of(row)
    drawn = sampled({**row, "quote": None}, known, level)
    printed = printed_percent({**row, "quote": None})
    return {
        **row,
        "panel": panel,
        "source": CODED,
        "at": middle(row["period"]),
        "printed": f"{row['comparator'] if row['comparator'] != '=' else ''}{printed}%",
        "low": drawn.low,
        "high": drawn.high,
        "n": row["n_checked"],
        "joined": False,
        "gate": _proof(row, known, drawn),
        "figure": figure,
    }


def _proof(row: Row, known: Identified, drawn: Sampled) -> str | None:
    if drawn.low is None:
        return None
    return gated("share_interval", n=known.n, design=row["design"], comparator=row["comparator"])


def middle(period: str) -> float:
    """Return the middle of a period as a year with decimals: 2018-Q3 is 2018.625."""
    first, last = period_span(period)
    return (first.year + (first.month - 1) / 12 + last.year + last.month / 12) / 2


def before_break(period: str) -> bool:
    """Tell whether the whole period lies before the rules of 2019."""
    return period_span(period)[1] < period_span(BREAK)[0]


def national_points(rows: Iterable[Row], level: float) -> list[Row]:
    """Return the national series, one panel each; a figure printed twice is drawn once."""
    out: list[Row] = []
    for (measure, series), panel in PANELS.items():
        seen = set()
        for row in rows:
            if row["scope_level"] != "national" or row["rate"] is None or row["exercise"] == "census":
                continue
            if (row["measure"], row["series"]) != (measure, series) or row["period"] in seen:
                continue
            seen.add(row["period"])
            out.append({**point(row, panel, "national", level), "joined": before_break(row["period"])})
    return sorted(out, key=lambda r: (list(PANELS.values()).index(r["panel"]), r["at"]))


def province_points(rows: Iterable[Row], extracted: Sequence[Row], level: float, prefix: str = "") -> list[Row]:
    """Return rates of whole provinces by period: coded ones, and extracted ones beside them.

    Args:
        rows: coded rows.
        extracted: rows of the table of rates, made from circulars of the collection.
        level: of the intervals.
        prefix: for the names of the figures.
    """
    out: list[Row] = []
    seen = set()
    for row in rows:
        key = tuple(row[c] for c in ("scope", "period", "measure", "inspector_level", "rate", "comparator"))
        if row["scope_level"] != "province" or row["rate"] is None or key in seen:
            continue
        seen.add(key)
        out.append(point(row, row["scope"], f"{prefix}provinces-{row['measure']}", level))
    shown = {(r["panel"], r["figure"]) for r in out}
    for row in extracted:
        figure = f"{prefix}provinces-{row['measure']}"
        if row["scope_level"] != "province" or row["rate"] is None or not row["period"]:
            continue
        if (row["scope"], figure) in shown or any(r["figure"] == figure for r in out):
            proof = None
            if row["low"] is not None:
                proof = gated("share_interval", n=row["n"], design=row["design"], comparator=row["comparator"])
            more = {"panel": row["scope"], "source": EXTRACTED, "at": middle(row["period"]), "joined": False}
            out.append({**row, **more, "gate": proof, "figure": figure})
    return sorted(out, key=lambda r: (r["figure"], r["panel"], r["at"], r["source"], r.get("coded_row") or 0))


def covered(points: Iterable[Row]) -> list[Row]:
    """Return how many figures of whole provinces there are by province and year, both sources apart."""
    cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {CODED: 0, EXTRACTED: 0})
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in points:
        cells[(row["panel"], row["period"][:4])][row["source"]] += 1
        rows[(row["panel"], row["period"][:4])].append(row)
    return [
        {
            "province": province,
            "period": year,
            "n": sum(n.values()),
            "n_coded": n[CODED],
            "n_extracted": n[EXTRACTED],
            "figure": "coded-coverage",
            SOURCES: origins(rows[(province, year)]),
        }
        for (province, year), n in sorted(cells.items())
    ]


def tiles(rows: Iterable[Row], extracted: Iterable[Row]) -> list[Row]:
    """Return the number of periods under the rules of 2019 for which a province's own website rate is known.

    What is mapped is how much is known, never how well anybody did: the periods differ from place to place.
    """
    periods: dict[str, set[str]] = defaultdict(set)
    used: dict[str, list[Row]] = defaultdict(list)
    for row in [*rows, *extracted]:
        code = row.get("province_code") or row.get("scope_code")
        if row["scope_level"] == "province" and row["measure"] == "website" and row["rate"] is not None and code:
            own = row["inspector_level"] == "province"
            if own and row["period"] and period_span(row["period"])[0] >= period_span(BREAK)[0]:
                periods[code].add(row["period"])
                used[code].append(row)
    return [
        {
            "province_code": code,
            "value": len(found),
            "first": min(found),
            "last": max(found),
            "figure": "coded-map",
            SOURCES: origins(used[code]),
        }
        for code, found in sorted(periods.items())
    ]


def contradictions(tables: Tables, parameters: Parameters) -> list[Row]:
    """Return the checks of coded figures that do not hold."""
    if not parameters.get("include_coded", True):
        return []
    return [row for row in records(tables.get("coded_checks")) if not row["holds"]]


def refused_interval(rows: Iterable[Row]) -> tuple[int, int, str]:
    """Return how many coded rates there are, how many have no number checked, and what the rule says of those."""
    given = [row for row in rows if row["rate"] is not None]
    without = [row for row in given if row["n_checked"] is None]
    verdict = enough("share_interval", n=None, design=None, comparator="=")
    return len(given), len(without), verdict.reason
