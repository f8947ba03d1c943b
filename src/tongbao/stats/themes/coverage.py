"""What the collection holds: circulars, provinces, periods. The first thing to look at, and no statistic.

Belongs here: counts of documents and rows. Does not belong here: any rate or grade.
"""

from collections import defaultdict

from tongbao.stats.result import Analysis, Refusal
from tongbao.stats.themes.corpus import NO_TITLE, Parameters, Row, Tables, corpus, frame, merged
from tongbao.stats.themes.corpus import records as records_of

NAME = "coverage"
CONTENT = ["pass_rates", "grade_totals", "ratings", "score_counts", "deductions", "findings", "sites", "figures"]

_CIRCULARS = [
    *("circular_id", "label", "title", "issuer", "province_code", "province", "doc_number", "period", "exercise"),
    *("copy_kind", "enters_comparisons", *CONTENT),
]
_PROVINCES = ["province_code", "province", "name_en", "tile_row", "tile_column", "n_circulars", "first", "last"]
_GRID = ["province_code", "province", "period", "exercise", "n_circulars"]


def coverage(tables: Tables, parameters: Parameters) -> Analysis:
    """Return what the collection holds.

    Args:
        tables: tidy tables by name; of the reference tables `tile_grid` is used where given.
        parameters: `include_copies`.
    """
    contents = {name: records_of(tables.get(name)) for name in CONTENT}
    used = corpus(tables, parameters, ["circulars"])
    circulars = []
    for row in records_of(tables.get("circulars")):
        cid = row["circular_id"]
        circulars.append(
            {
                **row,
                "title": row["title"] or NO_TITLE,
                "label": used.label(cid) if cid in used.circulars else None,
                "enters_comparisons": cid in used.circulars,
                **{name: sum(r["circular_id"] == cid for r in rows) for name, rows in contents.items()},
            }
        )
    circulars.sort(key=lambda r: (r["province_code"] or "", r["period"] or "", r["circular_id"]))
    by_province: dict[str, list[Row]] = defaultdict(list)
    cells: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for row in circulars:
        if row["province_code"]:
            by_province[row["province_code"]].append(row)
            cells[(row["province_code"], row["province"] or "", row["period"] or "", row["exercise"] or "")] += 1
    provinces = []
    for tile in records_of(tables.get("tile_grid")):
        code = str(tile["province_code"])
        periods = sorted(r["period"] for r in by_province[code] if r["period"])
        provinces.append(
            {
                **tile,
                "province_code": code,
                "n_circulars": len(by_province[code]),
                "first": periods[0] if periods else None,
                "last": periods[-1] if periods else None,
            }
        )
    grid = [
        {"province_code": a, "province": b, "period": c or None, "exercise": d or None, "n_circulars": n}
        for (a, b, c, d), n in sorted(cells.items())
    ]
    n_with = sum(1 for p in provinces if p["n_circulars"])
    notes = [f"The collection holds {len(circulars)} circulars."]
    if provinces:
        notes.append(
            f"{n_with} of {len(provinces)} province-level units have a circular in this collection; "
            "absence is not failure."
        )
    refused = [Refusal(f"{r.what} in comparisons", r.reason) for r in used.refused]
    return Analysis(
        NAME,
        {"include_copies": list(parameters["include_copies"])},
        {
            "circulars": frame(_CIRCULARS, circulars),
            "provinces": frame(_PROVINCES, provinces),
            "grid": frame(_GRID, grid),
        },
        merged(refused),
        notes,
    )
