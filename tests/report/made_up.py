"""A made-up project for the tests of the report: small analyses, hostile texts, two notebooks. No real circular."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd

from tongbao.project import Project
from tongbao.report.themes import THEMES
from tongbao.restore.edits import Candidate, OffsetMap, Run
from tongbao.restore.page import Page
from tongbao.restore.pipeline import Gap, Restored
from tongbao.restore.repairs import Repair
from tongbao.restore.store import write_restored
from tongbao.stats.result import Analysis, Refusal
from tongbao.tidy.escape import protect

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
    for name in (
        "check_kinds",
        "columns",
        "contact_words",
        "headings",
        "minimum_data",
        "problems",
        "tables",
        "tile_grid",
    ):
        shutil.copy(ROOT / "data" / "reference" / f"{name}.csv", project.reference)
    shutil.copytree(ROOT / "data" / "reference" / "chinese", project.reference / "chinese")
    project.params.write_text("report:\n  workers: 2\n", encoding="utf-8")
    (root / "requirements.lock").write_text("made-up==1\n", encoding="utf-8")
    (root / "CITATION.cff").write_text(
        "cff-version: 1.2.0\ntitle: Tongbao\nversion: 0.1.0\nauthors:\n  - name: The Tongbao maintainers\n",
        encoding="utf-8",
    )
    _tidy(project)
    return project


TEXT = "\n".join(
    [
        "甲省关于<b>政府网站</b>抽查情况的通报",
        "此次抽查政府网站40个，合格39个。</script><img src=x onerror='window.owned=1'>",
        "不合格：甲\u202e局、=HYPERLINK(1)、javascript:alert(1)。",
        "联系人：王某，电话010-12345678。",
    ]
)
"""The restored text of the made-up circulars."""


def _interim(project: Project, circular_id: str) -> None:
    """What restoring and extracting leave behind: one sure repair, one doubtful, a gap, a numeral without a row."""
    raw = project.raw / f"{circular_id}.txt"
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.write_text(TEXT, encoding="utf-8")
    at = TEXT.index("40个")
    restored = Restored(
        circular_id=circular_id,
        raw_file=raw.name,
        raw_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        encoding="utf-8",
        script="Hans",
        copy_kind="mirror",
        copy_evidence="1 shifted runs",
        page=Page("", "", ""),
        text=TEXT,
        repairs=(
            Repair(0, 1, "省", "甲", "script", 1.0, "", ""),
            Repair(at, at + 2, "4\u202e", "40", "shifted_bytes", 0.98, "<i>", "made up"),
        ),
        gaps=(Gap(at + 2, at + 3, at + 2, at + 3, (Candidate("个", 0.5), Candidate("<b>", 0.0))),),
        map=OffsetMap(len(TEXT), len(TEXT), (Run(0, 0, len(TEXT)),)),
    )
    write_restored(restored, project.interim)
    places = [TEXT.index("39个"), TEXT.index("010-")]
    extracted = {
        "circular_id": circular_id,
        "circular": {},
        "facts": [],
        "checks": [],
        "numerals": {
            "n_numerals": 40,
            "n_numerals_explained": 39,
            "unexplained": [{"start": p, "end": p + 2, "text": TEXT[p : p + 2]} for p in places],
        },
    }
    path = project.interim / "extracted" / f"{circular_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(extracted, ensure_ascii=False), encoding="utf-8")


def _write_table(project: Project, name: str, *rows: dict[str, object]) -> None:
    """Write a table with all columns of the codebook; what a row does not say is empty."""
    with (ROOT / "data/reference/columns.csv").open(encoding="utf-8-sig", newline="") as handle:
        columns = [r["column"] for r in csv.DictReader(handle) if r["table"] == name]
    path = project.tidy / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: protect(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows)


def _tidy(project: Project) -> None:
    circular: dict[str, object] = {
        "circular_id": "made-up-2020",
        "title": "甲省关于<b>政府网站</b>抽查情况的通报",
        "issuer": "甲省人民政府办公厅",
        "issuer_level": "province",
        "province": "江苏省",
        "province_code": "320000",
        "doc_number": "甲政办〔2020〕1号",
        "period": "2020-Q1",
        "exercise": "spot_check",
        "raw_file": "made-up-2020.txt",
        "n_repairs": 12,
        "n_numerals": 40,
        "n_numerals_explained": 39,
    }
    untitled = circular | {
        "circular_id": "made-up-2021",
        "title": "",
        "doc_number": "",
        "period": "",
        "province_code": "440000",
        "raw_file": "made-up-2021.txt",
    }
    for row in (circular, untitled):
        _interim(project, str(row["circular_id"]))
    with (ROOT / "data/reference/tables.csv").open(encoding="utf-8-sig", newline="") as handle:
        for name in [row["table"] for row in csv.DictReader(handle)]:
            _write_table(project, name)
    _write_table(project, "circulars", circular, untitled)
    check: dict[str, object] = {
        "circular_id": "made-up-2020",
        "row": 1,
        "check": "counts_add_up",
        "expected": "7",
        "found": "7",
        "holds": "true",
    }
    broken = check | {"row": 2, "found": "6", "holds": "false", "note": "名单少一个 <i>"}
    _write_table(project, "checks", check, broken)
    start = TEXT.index("抽查政府网站40个")
    quote = TEXT[start : start + 9]
    fact = {
        "circular_id": "made-up-2020",
        "row": 1,
        "basis": "stated",
        "start": start,
        "end": start + 9,
        "quote": quote,
    }
    rate = {"scope": "甲省", "scope_level": "province", "period": "2020-Q1", "measure": "website", "rate": 0.975}
    _write_table(
        project,
        "pass_rates",
        fact | rate | {"comparator": "="},
        fact | rate | {"row": 2, "basis": "streak", "scope": "=甲市", "scope_level": "prefecture", "comparator": ">="},
    )
    _write_table(
        project,
        "grade_totals",
        fact | {"measure": "website", "group": "<u>市", "grade": "优秀", "n_stated": 7, "group_n": 9},
    )
    at = TEXT.index("40个")
    script: dict[str, object] = {"raw_start": 0, "raw_end": 1, "raw": "省", "restored": "甲", "kind": "script"}
    shifted = {"raw_start": at, "raw_end": at + 2, "raw": "4\u202e", "restored": "40", "kind": "shifted_bytes"}
    _write_table(
        project,
        "repairs",
        {"circular_id": "made-up-2020", "row": 1, "confidence": 1} | script,
        {"circular_id": "made-up-2020", "row": 2, "confidence": 0.98, "verified_by": "<i>"} | shifted,
    )
    coded = {"coded_file": "national_figures", "coded_row": 4, "scope": "<s>全国", "scope_level": "national"}
    coded |= {"period": "2015", "measure": "website", "rate": 0.908, "comparator": "=", "source_kind": "official"}
    _write_table(project, "coded_pass_rates", coded, coded | {"coded_row": 5, "series": "central", "rate": 0.9})
    coded_check = {"check_row": 1, "check": "two_sources_agree", "coded_file": "national_figures", "coded_row": 4}
    coded_check |= {"other_file": "national_figures", "other_row": 5, "expected": "90.8%", "found": "90%"}
    _write_table(project, "coded_checks", coded_check | {"holds": "false"})
    write_csv(
        project.tidy / "rejected.csv",
        [
            {
                "table": "figures",
                "circular_id": "made-up-2020",
                "file": "",
                "reason": "unit missing",
                "start": "",
                "end": "",
                "values": "{<p>}",
            }
        ],
    )
    shutil.copy(ROOT / "data" / "codebook.csv", project.tidy.parent)
    (project.tidy / "datapackage.json").write_text("{}\n", encoding="utf-8")
