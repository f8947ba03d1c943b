"""What the tests of notebooks share: the gold annotation as a project, and its pages, each run once."""

from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from gate_facts import Facts
from theme_tables import PARAMETERS, ROOT, SCHEMA, gold_tables
from tongbao.project import Project
from tongbao.report.html import notebook_body
from tongbao.report.kernel import run as execute
from tongbao.report.pages import notebook_pages
from tongbao.stats.result import Analysis
from tongbao.stats.themes import all_analyses
from tongbao.tidy.coded import read_coded
from tongbao.tidy.coded_checks import coded_checks
from tongbao.tidy.schema import to_frame


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """The gold annotation with the second source beside it."""
    rows = read_coded(ROOT / "data/raw/coded", SCHEMA, ROOT / "data/reference").rows
    return gold_tables() | {
        "coded_pass_rates": to_frame(SCHEMA["coded_pass_rates"], rows),
        "coded_checks": to_frame(SCHEMA["coded_checks"], coded_checks(rows)),
    }


@pytest.fixture(scope="session")
def facts(tables: dict[str, pd.DataFrame]) -> Facts:
    return Facts(tables)


@pytest.fixture(scope="session")
def analyses(tables: dict[str, pd.DataFrame]) -> dict[str, Analysis]:
    return {made.name: made for made in all_analyses(tables, PARAMETERS)}


@pytest.fixture(scope="session")
def project(analyses: dict[str, Analysis], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of these analyses and the notebooks as they are."""
    root = tmp_path_factory.mktemp("project")
    (root / "data").mkdir()
    (root / "data/reference").symlink_to(ROOT / "data/reference")
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    made = Project(root)
    for analysis in analyses.values():
        analysis.write(made.analysis / f"{analysis.name}.json")
    return made


@pytest.fixture(scope="session")
def body(project: Project) -> Callable[[str, str], str]:
    """The body of a page by slug and language."""

    @cache
    def made(slug: str, language: str = "en") -> str:
        (page,) = [p for p in notebook_pages(project, language) if p.slug.removeprefix(f"{language}/") == slug]
        return notebook_body(execute(page, project), slug, language)

    return made
