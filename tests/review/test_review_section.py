"""The section of corrections on the page about data quality."""

import csv
from pathlib import Path

import pytest

from tidy.made_up_circular import REFERENCE, interim, write_interim
from tongbao.project import Project
from tongbao.report.corrections import corrections_section
from tongbao.tidy.build import build_tables

ENTRY = """- circular: made-up
  table: {table}
  what: {what}
  action: {action}
  {more}
  reason: <script>alert(1)</script>
  who: Li Hua
  when: 2026-03-31
"""
SET = ENTRY.format(table="pass_rates", what="合格率为95.5%", action="set",
                   more="column: n_total\n  value: 2700\n  expect: null")  # fmt: skip
DELETE = ENTRY.format(table="sites", what="戊局", action="delete", more="expect: {result: 合格}")
ACCEPT = ENTRY.format(table="deductions", what="丁局扣分8.5分", action="accept", more="expect: {points: 8.5}")


@pytest.fixture
def section(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "params.yaml").write_text("{}")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/reference").symlink_to(REFERENCE)
    monkeypatch.setenv("TONGBAO_PROJECT", str(tmp_path))
    project = Project(tmp_path)

    def make(entries: str, language: str = "en") -> str:
        project.corrections.write_text(entries, "utf-8")
        folder = write_interim(project.interim, interim())
        build_tables(folder, project.tidy, reference=REFERENCE, corrections=project.corrections)
        return corrections_section(project, language)

    return make


def test_every_correction_is_shown_and_linked(section) -> None:
    html = section(SET + DELETE + ACCEPT)
    assert "2 corrections change the tables and 1 doubtful places" in html
    assert '<a href="circulars/made-up.html#pass_rates-1">' in html
    assert "n_total set" in html and "2700" in html and "row deleted" in html and "site_code: N000000001" in html
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_in_chinese(section) -> None:
    html = section(SET + DELETE, "zh")
    assert "人工更正" in html and "项更正改动了数据表" in html and "改写" in html and "n_total" in html
    assert "Reason" not in html and "The program says" not in html


def test_without_corrections_it_says_so(section) -> None:
    assert "Nobody has corrected anything" in section("") and "<table>" not in section("")


def test_the_catalogue_is_sorted_and_complete() -> None:
    with (REFERENCE / "chinese/review.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["en"] for r in rows] == sorted({r["en"] for r in rows}) and all(r["zh"] for r in rows)
