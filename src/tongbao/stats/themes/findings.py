"""Problems found (问题), counted by unit and category.

Belongs here: how many different units or sites a circular names. Does not belong here: shares, unless the number of
units looked at is known (`deduction_ranges.py`).
"""

from collections import defaultdict

from tongbao.stats.themes.corpus import Corpus, Row, percent

COLUMNS = ["circular_id", "label", "category", "category_name", "n_named", "n_unnamed", "figure"]


def found_objects(rows: list[Row]) -> set[str]:
    """Return the different sites or units that rows of `findings` name.

    Body and annex name the same thing in two ways: a site where one is printed, else the unit that runs it. Sites
    count one by one; a unit counts beside them only if none of the rows names a site of it.
    """
    sites = {row["site"] for row in rows if row["site"]}
    with_site = {row["unit"] for row in rows if row["site"] and row["unit"]}
    return sites | {row["unit"] for row in rows if row["unit"] and not row["site"] and row["unit"] not in with_site}


def by_category(used: Corpus, names: dict[str, str]) -> list[Row]:
    """Return one row a circular and category, most named first.

    `n_named` counts different units or sites, `n_unnamed` statements on units that are not named (个别单位).

    Args:
        used: the circulars.
        names: Chinese name by category code; a code without one stands for itself.
    """
    out = []
    for cid in used.circulars:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in used.rows("findings", cid):
            groups[row["category"]].append(row)
        counted: list[Row] = [
            {
                "circular_id": cid,
                "label": used.label(cid),
                "category": code,
                "category_name": names.get(code, code),
                "n_named": len(found_objects(rows)),
                "n_unnamed": sum(1 for r in rows if not r["unit"] and not r["site"]),
                "figure": "findings",
            }
            for code, rows in groups.items()
        ]
        out += sorted(counted, key=lambda r: (-r["n_named"], -r["n_unnamed"], r["category"]))
    return out


def passing_note(label: str, n_passed: int, n_checked: int, n_named: int) -> str:
    """Return the sentence that keeps two outcomes apart: to pass, and to be without problems."""
    return (
        f"{label}: {n_passed} of {n_checked} pass, yet {n_named} ({percent(n_named / n_checked)}) have a recorded "
        "problem. To pass does not mean to be clean."
    )
