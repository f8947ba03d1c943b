"""One province: its circulars, what they hold, whether they agree with themselves, and its part of every theme.

Belongs here: choosing the rows of one province and putting its themes together. Does not belong here: the themes
themselves, any comparison with another province.
"""

import pandas as pd

from tongbao.stats.result import Analysis, Refusal
from tongbao.stats.themes.captions import captions_frame
from tongbao.stats.themes.corpus import Parameters, Row, Tables, frame, level_of, merged, records
from tongbao.stats.themes.coverage import CONTENT, coverage
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.deduction_words import content_captions
from tongbao.stats.themes.grade_shares import grade_shares
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends
from tongbao.stats.themes.second_source import coded_provinces, province_source

THEMES = {
    "pass_rates": pass_rate_trends,
    "grades": grade_shares,
    "deductions": deduction_ranges,
}

_CIRCULARS = [
    *("circular_id", "label", "title", "issuer", "doc_number", "issued_on", "period", "exercise", "copy_kind"),
    *("enters_comparisons", "n_repairs", "n_unrepaired", "n_numerals", "n_numerals_explained"),
]
_NOT_HERE = {
    *("circulars", "pairs", "captions", "coded_coverage", "coded_map", "national_points", "national_changes"),
    *("national_trends", "province_points", "coded_contradictions"),
}
_CONTENT = ["circular_id", "label", "table", "n_rows", "figure"]
_CHECKS = ["circular_id", "label", "n_hold", "n_broken"]
_BROKEN = ["circular_id", "row", "label", "check", "expected", "found", "note"]
_FIGURES = ["circular_id", "row", "label", "what", "scope", "value", "unit", "comparator", "change", "period"]


def province_codes(tables: Tables, parameters: Parameters) -> list[str]:
    """Return the codes of the provinces that have a circular, or a coded figure of the whole province; sorted."""
    with_circular = {str(r["province_code"]) for r in records(tables.get("circulars")) if r["province_code"]}
    return sorted(with_circular | coded_provinces(tables, parameters))


def province(tables: Tables, parameters: Parameters, province_code: str) -> Analysis:
    """Return the analysis of one province; it depends on nothing but that province's circulars and coded figures.

    The tables of a theme are there under its name and a dot, such as `grades.distribution`.

    Args:
        tables: tidy tables by name, and reference tables as for the themes.
        parameters: `level`, `include_copies` and `include_coded`.
        province_code: six digits.
    """
    own = _only(tables, province_code)
    extracted: list[Row] = []
    seen = coverage(own, parameters)
    circulars = records(seen.tables["circulars"])
    more = {r["circular_id"]: r for r in records(own["circulars"])}
    for row in circulars:
        row.update({name: more[row["circular_id"]].get(name) for name in _CIRCULARS if name not in row})
        row["label"] = row["label"] or row["circular_id"]
    label = {r["circular_id"]: r["label"] for r in circulars}
    content = [
        {"circular_id": r["circular_id"], "label": r["label"], "table": name, "n_rows": r[name], "figure": "held"}
        for r in circulars
        for name in CONTENT
        if r[name] or not any(r[other] for other in CONTENT)
    ]
    checks = records(own.get("checks"))
    broken = [{**r, "label": label[r["circular_id"]]} for r in checks if not r["holds"]]
    held = [
        {
            "circular_id": cid,
            "label": name,
            "n_hold": sum(1 for r in checks if r["circular_id"] == cid and r["holds"]),
            "n_broken": sum(1 for r in broken if r["circular_id"] == cid),
        }
        for cid, name in label.items()
    ]
    others = [{**r, "label": label[r["circular_id"]]} for r in records(own.get("figures"))]
    found = {
        "circulars": frame(_CIRCULARS, circulars),
        "content": frame(_CONTENT, content),
        "checks": frame(_CHECKS, held),
        "broken_checks": frame(_BROKEN, broken, "checks"),
        "figures": frame(_FIGURES, others, "figures"),
    }
    words = [captions_frame(content_captions(content))]
    refused: list[Refusal] = []
    notes: list[str] = []
    for name, theme in THEMES.items() if circulars else ():
        part = theme(own, parameters)
        if name == "pass_rates":
            extracted = records(part.tables["rates"])
        if not len(part.tables["circulars"]):
            refused += part.refused
            continue
        found |= {f"{name}.{table}": rows for table, rows in part.tables.items() if table not in _NOT_HERE}
        words.append(part.tables["captions"])
        refused += part.refused
        notes += part.notes[:-1]  # the last one is on pairs of circulars, which a province page does not show
    second = province_source(tables, parameters, province_code, extracted)
    found |= second.tables
    words.append(captions_frame(second.words))
    name = next((r["province"] for r in [*circulars, *second.points] if r.get("province")), province_code)
    found["captions"] = pd.concat(words, ignore_index=True)
    # What a circular says comes first; that it says nothing on a theme stands in the section of that theme.
    said = sorted(
        (note for note in dict.fromkeys(notes) if not note.startswith("No circular here")),
        key=lambda note: not _tells(note),
    )
    return Analysis(
        f"province-{province_code}",
        {
            "level": level_of(parameters),
            "include_copies": list(parameters["include_copies"]),
            "include_coded": bool(parameters.get("include_coded", True)),
            "province_code": province_code,
        },
        found,
        merged([*seen.refused, *refused]),
        [_headline(str(name), len(circulars), said), *said[1:], *_page_notes(held), *second.notes]
        if circulars
        else [_only_coded(str(name)), *second.notes],
    )


def _only(tables: Tables, province_code: str) -> dict[str, pd.DataFrame]:
    """Keep the rows of the province's circulars; reference tables stay whole."""
    circulars = tables["circulars"]
    mine = circulars[circulars["province_code"].astype("object") == province_code]
    ids = set(mine["circular_id"])
    out = {name: t[t["circular_id"].isin(ids)] if "circular_id" in t.columns else t for name, t in tables.items()}
    coded = {name for name in out if name.startswith("coded_")}  # `province_source` shows them apart
    return {**{name: rows for name, rows in out.items() if name not in coded}, "circulars": mine}


def _tells(note: str) -> bool:
    return any(c.isdigit() for c in note)


def _headline(name: str, n: int, said: list[str]) -> str:
    text = f"{name}: {n} circular{'' if n == 1 else 's'}"
    return f"{text}. {said[0]}" if said else f"{text}."


def _only_coded(name: str) -> str:
    return (
        f"{name}: no circular of this province has been extracted. The page shows nothing but figures coded by hand, "
        "which other circulars printed."
    )


def _page_notes(held: list[Row]) -> list[str]:
    broken, whole = sum(r["n_broken"] for r in held), sum(r["n_broken"] + r["n_hold"] for r in held)
    if not whole:
        return []
    verb = "does" if broken == 1 else "do"
    return [f"{whole - broken} of {whole} checks of the documents against themselves hold, {broken} {verb} not."]
