"""`tongbao build` on folders as people have them."""

import csv
from pathlib import Path

import pytest

from tongbao.cli import main

GOOD = """安徽省人民政府办公厅关于2017年第二季度全省政府网站抽查情况的通报

各市人民政府，省政府各部门：
省政府办公厅组织开展了2017年第二季度全省政府网站抽查。此次共随机抽查政府网站200个，抽查合格率为97%。

安徽省人民政府办公厅
2017年7月3日
"""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    (folder / "a-directory").mkdir(parents=True)
    (folder / "good.txt").write_text(GOOD, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.bin").write_bytes(bytes(range(256)) * 64)
    return folder


def test_one_good_circular_is_built_and_the_rest_is_listed(mixed, tmp_path, capsys):
    before = {p.name: p.read_bytes() for p in mixed.iterdir() if p.is_file()}
    assert main(["build", str(mixed), "--out", str(tmp_path / "out")]) == 0
    assert [r["circular_id"] for r in rows(tmp_path / "out/tidy/circulars.csv")] == ["good"]
    (rate,) = rows(tmp_path / "out/tidy/pass_rates.csv")
    assert (rate["n_checked"], rate["rate"], rate["period"]) == ("200", "0.97", "2017-Q2")
    left_out = {r["file"]: r["reason"] for r in rows(tmp_path / "out/tidy/rejected.csv")}
    assert set(left_out) == {"a-directory", "empty.txt", "binary.bin"}
    assert "empty" in left_out["empty.txt"]
    assert "folder" in left_out["a-directory"] or "directory" in left_out["a-directory"]
    assert all(len(reason) >= 10 for reason in left_out.values())
    assert {p.name: p.read_bytes() for p in mixed.iterdir() if p.is_file()} == before
    assert "1 circulars restored, 3 files rejected" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["build", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "nowhere" in error and "What to do" in error


def test_results_never_land_among_the_circulars(mixed, capsys):
    assert main(["build", str(mixed), "--out", str(mixed / "out")]) == 1
    assert not (mixed / "out").exists()
    assert "among the circulars" in capsys.readouterr().err
