"""The themes: tidy tables in, the numbers of each page out.

Belongs here: reading the tables and writing `data/analysis/`. Does not belong here: any number. Every theme is a pure
function of tables and parameters in a module of its own.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tongbao.project import Project
from tongbao.stats.result import Analysis
from tongbao.stats.themes.coverage import coverage
from tongbao.stats.themes.deduction_ranges import deduction_ranges
from tongbao.stats.themes.grade_shares import grade_shares
from tongbao.stats.themes.pass_rate_trends import pass_rate_trends
from tongbao.stats.themes.province import province, province_codes
from tongbao.tidy.schema import load_schema
from tongbao.tidy.write import read_table

TABLES = (
    *("circulars", "pass_rates", "grade_totals", "ratings", "score_counts", "deductions", "findings", "sites"),
    *("figures", "checks"),
)
"""The tidy tables that the themes read."""

CODED_TABLES = ("coded_pass_rates", "coded_checks")
"""The tidy tables of the second source, read where there are any."""

REFERENCE = ("grade_scales", "problems", "regimes", "regions", "tile_grid")
"""The reference tables that the themes use where the project has them."""


def analyse(project: Project, parameters: Mapping[str, Any]) -> list[str]:
    """Make all analyses of a project and write them to `data/analysis/`; files of analyses no longer made go.

    Args:
        project: with tidy tables made.
        parameters: the section `analyse` of params.yaml: `level`, `include_copies`, `include_coded`.

    Returns:
        Names of the analyses, in the order they were made.

    Raises:
        TongbaoError: a tidy table is missing or broken, or a parameter is missing.
    """
    tables = read_tables(project)
    made = all_analyses(tables, parameters)
    project.analysis.mkdir(parents=True, exist_ok=True)
    for analysis in made:
        analysis.write(project.analysis / f"{analysis.name}.json")
    names = [analysis.name for analysis in made]
    for stale in sorted(project.analysis.glob("*.json")):
        if stale.stem not in names:
            stale.unlink()
    return names


def all_analyses(tables: Mapping[str, pd.DataFrame], parameters: Mapping[str, Any]) -> list[Analysis]:
    """Return every analysis that the tables give: coverage, the three themes, one for each province."""
    return [
        coverage(tables, parameters),
        grade_shares(tables, parameters),
        deduction_ranges(tables, parameters),
        pass_rate_trends(tables, parameters),
        *(province(tables, parameters, code) for code in province_codes(tables, parameters)),
    ]


def read_tables(project: Project) -> dict[str, pd.DataFrame]:
    """Return the tidy tables by name, and the reference tables that there are."""
    schema = load_schema(project.reference)
    there = [name for name in CODED_TABLES if (project.tidy / f"{name}.csv").is_file()]
    tables = {name: read_table(schema[name], project.tidy / f"{name}.csv") for name in (*TABLES, *there)}
    return tables | reference_tables(project.reference)


def reference_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the reference tables that lie in a folder, every cell as text."""
    out = {}
    for name in REFERENCE:
        path = folder / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                out[name] = pd.DataFrame(list(reader), columns=list(reader.fieldnames or []), dtype="str")
    return out
