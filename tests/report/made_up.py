"""A made-up project for the tests of the report: small analyses, hostile texts, two notebooks. No real circular."""

import csv
import shutil
from pathlib import Path

import pandas as pd

from tongbao.project import Project
from tongbao.report.pages import THEMES
from tongbao.stats.result import Analysis, Refusal

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

HOSTILE = [
    "<script>document.title='owned'</script>",
    "</script></td></table><h1>out",
    '"><img src=x onerror="document.title=1">',
    '=HYPERLINK("http://example.invalid","看")',
    "合格\u202e格合不\u202c率",
    "\u0007\ue000\ud800",
    "{{ 7*7 }} ${x} <!-- stamp of the build -->",
]
"""What a scraped page might hold."""


def analysis(name: str) -> Analysis:
    n = len(HOSTILE)
    rows = pd.DataFrame(
        {
            "circular_id": ["made-up-2020"] * n,
            "row": range(1, n + 1),
            "unit": [f"单位{i}" for i in range(n)],
            "quote": [text.encode("utf-8", "ignore").decode() for text in HOSTILE],
            "n": [7, 11, 4, None, 12, 32, 12345],
            "rate": [0.25, None, 1.0, 0.5, 0.959259, 0.0, 0.1],
        }
    ).astype({"n": "Int64"})
    return Analysis(
        name=name,
        params={"level": 0.95},
        tables={"rows": rows},
        refused=[Refusal("a trend", "only 1 period; 4 are needed. 只有一个季度")],
        notes=[f"First note of {name}: 甲省 has <b>7</b> rows.", "Second note."],
    )


def write_csv(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make(root: Path, provinces: tuple[str, ...] = ("320000", "440000")) -> Project:
    """Write the project to `root` and return it."""
    project = Project(root)
    for name in (*THEMES, "coverage", *(f"province-{code}" for code in provinces)):
        analysis(name).write(project.analysis / f"{name}.json")
    project.notebooks.mkdir()
    for name in THEMES:
        text = (HERE / "notebooks" / "theme.ipynb").read_text(encoding="utf-8")
        (project.notebooks / f"{name}.ipynb").write_text(
            text.replace('\\"grade_shares\\"', f'\\"{name}\\"'), encoding="utf-8"
        )
    shutil.copy(HERE / "notebooks" / "province.ipynb", project.notebooks)
    project.reference.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "reference" / "tile_grid.csv", project.reference)
    shutil.copytree(ROOT / "data" / "reference" / "chinese", project.reference / "chinese")
    project.params.write_text("report:\n  workers: 2\n", encoding="utf-8")
    (root / "requirements.lock").write_text("made-up==1\n", encoding="utf-8")
    (root / "CITATION.cff").write_text(
        "cff-version: 1.2.0\ntitle: Tongbao\nversion: 0.1.0\nauthors:\n  - name: The Tongbao maintainers\n",
        encoding="utf-8",
    )
    _tidy(project)
    return project


def _tidy(project: Project) -> None:
    circular: dict[str, object] = {
        "circular_id": "made-up-2020",
        "title": "甲省关于<b>政府网站</b>抽查情况的通报",
        "issuer": "甲省人民政府办公厅",
        "doc_number": "甲政办〔2020〕1号",
        "period": "2020-Q1",
        "exercise": "spot_check",
        "n_repairs": 12,
        "n_numerals": 40,
        "n_numerals_explained": 39,
    }
    untitled = circular | {"circular_id": "made-up-2021", "title": "", "doc_number": "", "period": ""}
    write_csv(project.tidy / "circulars.csv", [circular, untitled])
    check: dict[str, object] = {
        "circular_id": "made-up-2020",
        "row": 1,
        "check": "list as long as it says",
        "expected": "7",
        "found": "7",
        "holds": "true",
        "note": "",
    }
    broken = check | {"row": 2, "found": "6", "holds": "false", "note": "名单少一个 <i>"}
    write_csv(project.tidy / "checks.csv", [check, broken])
    write_csv(
        project.tidy / "rejected.csv",
        [{"table": "figures", "circular_id": "made-up-2020", "file": "", "reason": "unit missing"}],
    )
