"""Theme: grades (等次) by group of units, and lists and thresholds in place of grades.

Belongs here: the tables of the page on grades. Does not belong here: tests and intervals (`tongbao.stats.ordinal`,
`intervals`, `paired`), drawing.
"""

from collections import defaultdict
from dataclasses import replace

from tongbao.stats.enough import enough
from tongbao.stats.gate import gated
from tongbao.stats.paired import mcnemar_range
from tongbao.stats.result import Analysis, Refusal
from tongbao.stats.themes.captions import captions_frame
from tongbao.stats.themes.corpus import Corpus, Parameters, Row, Tables, corpus, frame, level_of, merged, percent
from tongbao.stats.themes.grade_groups import (
    Group,
    common_bands,
    compare_groups,
    cumulative_shares,
    grade_groups,
    process_intervals,
)
from tongbao.stats.themes.grade_words import grade_captions, ranked_captions, threshold_captions
from tongbao.stats.themes.pairs import facts, pairs, pairs_note, regimes_of
from tongbao.stats.themes.robust_grades import grade_robustness
from tongbao.stats.themes.robustness import ROBUSTNESS, asked
from tongbao.stats.themes.scales import Scales, load_scales

NAME = "grade_shares"
TABLES = ["grade_totals", "ratings", "score_counts"]

_GROUP = ["circular_id", "label", "measure", "group"]
_DISTRIBUTION = [
    *("circular_id", "row", "label", "measure", "group", "group_kind", "scale_id", "grade", "grade_rank", "n"),
    *("n_stated", "n_listed", "group_n", "is_whole", "share", "is_fail", "figure", "gate"),
]
_BANDS = [*_GROUP, "scale_id", "band", "surely", "possibly", "group_n", "share_low", "share_high", "gate"]
_CUMULATIVE = [*_GROUP, "cut", "n_at_least", "group_n", "share", "gate"]
_PROCESS = [*_GROUP, "grade", "share", "low", "high", "is_approximate", "reading", "gate"]
_COMPARED = [
    *("circular_id", "label", "measure", "group_a", "group_b", "n_a", "n_b", "superiority", "low", "high", "p_value"),
    *("p_holm", "cut", "share_a", "share_b", "difference", "difference_low", "difference_high", "reading", "gate"),
]
_LISTS = [*_GROUP, "grade", "n_listed", "ordered", "score_low", "kind"]
_LISTED = [
    *("circular_id", "row", "label", "measure", "group", "grade", "position", "ordered", "unit", "score"),
    *("score_low", "score_low_closed", "score_high", "score_high_closed"),
    *("list", "figure"),
]
_THRESHOLDS = [
    *("circular_id", "row", "label", "measure", "group", "period", "statistic", "indicator", "threshold", "scale_max"),
    *("value", "change", "value_before", "p_low", "p_high", "n_pairings", "verdict", "reading"),
    *("name", "figure", "gate"),
]


def grade_shares(tables: Tables, parameters: Parameters) -> Analysis:
    """Return the analysis of grades.

    Args:
        tables: tidy tables by name; of the reference tables `regimes` is used where given.
        parameters: `level` and `include_copies`.
    """
    made = _made(tables, parameters)
    robust = grade_robustness(_made, tables, parameters) if asked(parameters) else []
    return replace(made, tables={**made.tables, "robustness": frame(ROBUSTNESS, robust)})


def _made(tables: Tables, parameters: Parameters) -> Analysis:
    """Return the analysis without the table of other readings."""
    used, level = corpus(tables, parameters, TABLES), level_of(parameters)
    scales = load_scales(tables)
    groups, refused = grade_groups(used, scales)
    refused = [*used.refused, *refused]
    whole = [g for g in groups if g.is_whole]
    for label in dict.fromkeys(g.first["label"] for g in whole):
        verdict = enough("share_interval", n=1, design="census", comparator=None)
        refused.append(Refusal(f"Sampling interval of the grade shares ({label})", verdict.reason))
    process, why = process_intervals(whole, level)
    refused += why
    comparisons, why = compare_groups(whole, level)
    refused += why
    thresholds, why = _thresholds(used, level)
    refused += why
    lists, listed = _lists(used, groups, scales)
    bands, why = common_bands(whole, scales)
    refused += why
    two = pairs(used, _main_facts(used, whole), regimes_of(tables), own_scale=True)
    cumulative = [row for g in whole if g.is_ordered for row in cumulative_shares(g)]
    distribution = [row for g in groups for row in g.rows]
    words = [*grade_captions(distribution), *threshold_captions(thresholds), *ranked_captions(listed)]
    return Analysis(
        NAME,
        {"level": level, "include_copies": list(parameters["include_copies"])},
        {
            "circulars": used.circulars_frame(),
            "distribution": frame(_DISTRIBUTION, distribution, "grade_totals"),
            "cumulative": frame(_CUMULATIVE, cumulative),
            "bands": frame(_BANDS, bands),
            "process_intervals": frame(_PROCESS, process),
            "comparisons": frame(_COMPARED, comparisons),
            "lists": frame(_LISTS, lists),
            "listed": frame(_LISTED, listed, "ratings"),
            "thresholds": frame(_THRESHOLDS, thresholds, "score_counts"),
            "pairs": two,
            "captions": captions_frame(words),
        },
        merged(refused),
        [*_notes(whole, comparisons, lists, thresholds, level), pairs_note(two, "grades, ranks or scores")],
    )


def _thresholds(used: Corpus, level: float) -> tuple[list[Row], list[Refusal]]:
    out, refused = [], []
    for row in used.rows("score_counts"):
        label = used.label(row["circular_id"])
        new: Row = {**row, "label": label, "name": _threshold_name(row)}
        before = None if row["change"] is None else row["value"] - row["change"]
        is_count = row["statistic"] in ("n_at_least", "n_full_marks")
        if before is not None:
            new["value_before"] = before
        if is_count and before is not None and before >= 0 and float(before).is_integer():
            paired = mcnemar_range(int(row["value"]), int(before))
            new |= {
                "p_low": paired.p_min,
                "p_high": paired.p_max,
                "gate": gated("paired_counts", n_before=int(before), n_after=int(row["value"])),
                "n_pairings": paired.n_pairings,
                "verdict": paired.verdict(level),
                "reading": "only if the same units were scored under unchanged rules in both years",
                "figure": f"thresholds-{row['circular_id']}",
            }
            verdict = enough("change", n_before=None, n_after=None, same_rubric=None)
            what = f"Change of the share of {row['group']} with at least {row['threshold']:g} points ({label})"
            refused.append(Refusal(what, verdict.reason))
        out.append(new)
    return out, refused


def _threshold_name(row: Row) -> str:
    """Name a count of units for readers: 市州, website, at least 96."""
    parts = [row["group"] or "all units", row["measure"].replace("_", " "), row["indicator"]]
    parts.append("full marks" if row["threshold"] is None else f"at least {row['threshold']:g}")
    return ", ".join(part for part in parts if part)


def _lists(used: Corpus, groups: list[Group], scales: Scales) -> tuple[list[Row], list[Row]]:
    """Lists of names that stand for no whole group, and all lists in score order."""
    whole = {(g.first["circular_id"], g.first["measure"], g.first["group"]) for g in groups if g.is_whole}
    by_list: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in used.rows("ratings"):
        by_list[(row["circular_id"], row["measure"], row["group"] or "", row["grade"] or "")].append(row)
    lists, listed = [], []
    for (cid, measure, group, grade), rows in by_list.items():
        is_whole = (cid, measure, group) in whole
        ordered = all(r["ordered"] for r in rows)
        if not is_whole:
            worst = scales.is_fail(rows[0]["scale_id"], rows[0]["grade"])
            lists.append(
                {
                    **rows[0],
                    "label": used.label(cid),
                    "group": group or None,
                    "grade": grade or None,
                    "n_listed": len(rows),
                    "ordered": ordered,
                    "kind": "only failing units are named" if worst else "only this part of the group is named",
                }
            )
        if ordered or not is_whole:
            name = f"{group} {grade} ({measure.replace('_', ' ')})".strip()
            key = f"ranked-{cid}" if ordered and not is_whole else None
            listed += [{**r, "label": used.label(cid), "list": name, "figure": key} for r in rows]
    return lists, listed


def _main_facts(used: Corpus, whole: list[Group]) -> dict[str, Row]:
    out = {}
    complete = {g.first["circular_id"] for g in whole}
    for cid, circular in used.circulars.items():
        rated = used.rows("ratings", cid) + used.rows("grade_totals", cid) + used.rows("score_counts", cid)
        scales = {r["scale_id"] for r in used.rows("ratings", cid)} - {None}
        out[cid] = facts(
            circular,
            measure=rated[0]["measure"],
            scale_id=min(scales, default=None),
            inspector_level=circular["issuer_level"],
            design="census" if cid in complete else None,
        )
    return out


def _notes(whole: list[Group], compared: list[Row], lists: list[Row], thresholds: list[Row], level: float) -> list[str]:
    notes = []
    if compared:
        c = max(compared, key=lambda r: r["n_a"] + r["n_b"])
        word = "may be chance" if c["p_holm"] >= 1 - level else "is more than chance would give"
        notes.append(
            f"{c['label']}: {percent(c['share_a'], 0)} of {c['n_a']} {c['group_a']} and {percent(c['share_b'], 0)} of "
            f"{c['n_b']} {c['group_b']} are graded {c['cut']} or better; the difference {word} "
            f"(exact p = {c['p_value']:.2g})."
        )
    elif whole:
        g = max(whole, key=lambda group: sum(group.counts))
        top = g.first
        notes.append(
            f"{top['label']}: {top['n']} of {top['group_n']} {top['group'] or 'units'} are graded {top['grade']}."
        )
    elif lists:
        one = lists[0]
        notes.append(
            f"{one['label']} names {one['n_listed']} {one['group'] or 'units'} as {one['grade'] or 'listed'} without "
            "the size of the group: a count and no share."
        )
    else:
        notes.append("No circular here prints grades.")
    sure = [t for t in thresholds if t.get("verdict") == "significant"]
    tested = [t for t in thresholds if t.get("verdict")]
    if tested:
        label = "、".join(dict.fromkeys(t["label"] for t in tested))
        notes.append(
            f"{label}: of {len(tested)} counts of units over a score, {len(sure)} changed by more than chance whatever "
            "units moved, if the same units were scored under unchanged rules."
        )
    return notes
