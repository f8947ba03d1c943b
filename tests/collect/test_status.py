"""What `tongbao status` says, what the commands say, and that only `add` touches data/raw."""

import csv
import json
from pathlib import Path

import pytest

from collect import forms
from collect.test_add_forms import put
from tongbao.cli import main
from tongbao.collect.status import needs_a_look, status
from tongbao.commands.collecting import agent_name, make_fetcher
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.read.sources import read_register

SECOND = forms.CIRCULAR.replace("第二季度", "第三季度").replace("137", "140").replace("95.6%", "91.4%")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = forms.project(tmp_path / "project")
    monkeypatch.setenv("TONGBAO_PROJECT", str(made.root))
    return made


def cases(project: Project) -> dict[str, tuple[str, ...]]:
    return {look.what: look.cases for look in needs_a_look(project) if look.cases}


def stamps(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(folder.iterdir()) if p.is_file()}


def test_an_empty_collection_says_what_to_do(project: Project) -> None:
    assert status(project).endswith("Coverage: no tables yet; next: make repro\n\nNeeds a look\n- nothing")


def test_only_add_touches_data_raw_and_status_tells_the_way(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("q2.txt", forms.CIRCULAR), ("q3.txt", SECOND), ("copy.html", forms.page(forms.CIRCULAR))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["add", str(tmp_path / "q2.txt"), str(tmp_path / "copy.html"), str(tmp_path / "q3.txt")]) == 0
    said = capsys.readouterr().out
    assert "further copy of q2" in said and "3 added (1 further copies)" in said and "next: make repro" in said
    assert "q2.txt" in cases(project)["raw files that the tables do not show yet, or no longer show rightly"]
    before = stamps(project.raw)
    for command in (["restore"], ["extract"], ["tidy"], ["status"], ["status", "--all"]):
        assert main(list(command)) == 0, capsys.readouterr().err
        assert stamps(project.raw) == before, command
    text = status(project)
    assert text == status(project)
    assert "2 circulars in the tables, 3 files recorded in data/raw (1 of them further copies)" in text
    (line,) = [x for x in text.splitlines() if "2019-Q3" in x]
    assert line.split()[:5] == ["湖南省", "2019-Q3", "spot_check", "1", "2"]
    assert not {"raw files that the tables do not show yet, or no longer show rightly"} & set(cases(project))
    main(["add", str(tmp_path / "gone.txt")])
    assert stamps(project.raw) == before, "an addition that fails leaves everything"


def test_everything_that_needs_a_look_is_named_with_what_to_do(project: Project, tmp_path: Path) -> None:
    for name, text in (("a.txt", forms.CIRCULAR.replace("在运行", "在??行")), ("b.txt", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "scan.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "unlike.txt").write_text("另一回事：政务公开检查通报，检查栏目12个。" * 9, encoding="utf-8")
    put(project, tmp_path / "a.txt", tmp_path / "b.txt")
    put(project, tmp_path / "scan.jpg", keep=True)
    put(project, tmp_path / "unlike.txt", copy_of="b")
    (project.raw / "loose.txt").write_text(SECOND.replace("三季度", "四季度"), encoding="utf-8")
    for command in ("restore", "extract", "tidy"):
        assert main([command]) == 0
    extracted = project.interim / "extracted" / "a.json"
    record = json.loads(extracted.read_text("utf-8"))
    record["numerals"]["unexplained"] = [{"start": 0, "end": 1, "text": "9"}]
    extracted.write_text(json.dumps(record), encoding="utf-8")
    (project.raw / ".adding").write_text("half.txt", encoding="utf-8")
    (project.raw / "half.txt").write_text("x", encoding="utf-8")
    found = cases(project)
    assert found["an addition that was stopped halfway"] == ("half.txt",)
    assert found["files in data/raw without a record"] == ("loose.txt",)
    assert found["circulars with places that nobody can read"] == ("a: 1",)
    assert found["circulars with numerals that no rule explains"] == ("a: 1",)
    assert [case.split(":")[0] for case in found["rejected files"]] == ["scan.jpg"]
    assert [case.split(" ")[:2] for case in found["witnesses that are not like the copy that is read"]] == [
        ["b:", "unlike.txt"]
    ]
    (project.raw / "b.txt").write_text("changed", encoding="utf-8")
    (project.raw / "scan.jpg").unlink()
    found = cases(project)
    assert found["raw files that are not the bytes recorded"] == ("b.txt",)
    assert found["recorded files that are not there"] == ("scan.jpg (scan)",)
    assert "b.txt" in found["raw files that the tables do not show yet, or no longer show rightly"]
    assert all(look.todo for look in needs_a_look(project))


def test_broken_checks_are_counted(project: Project) -> None:
    project.tidy.mkdir(parents=True)
    with (project.tidy / "checks.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["circular_id", "row", "check", "holds"])
        writer.writerows(
            [["a", 1, "x", "false"], ["a", 2, "x", "true"], ["b", 1, "x", "false"], ["a", 3, "x", "false"]]
        )
    assert cases(project)["circulars with broken checks"] == ("a: 2", "b: 1")


def test_a_rejected_row_is_named_by_its_circular_or_its_file(project: Project) -> None:
    """Rows coded by hand belong to no circular; a rejected file is counted with the files."""
    project.tidy.mkdir(parents=True)
    (project.tidy / "rejected.csv").write_text(
        "table,circular_id,file,reason\nratings,a,a.txt,x\ncoded_pass_rates,,made-up.csv,x\n"
        "coded_pass_rates,,made-up.csv,y\nfiles,,scan.jpg,z\n",
        "utf-8-sig",
    )
    assert cases(project)["rejected rows"] == ("a, ratings: 1", "made-up.csv, coded_pass_rates: 2")


def test_long_lists_are_cut_unless_everything_is_wanted(project: Project) -> None:
    for n in range(8):
        (project.raw / f"f{n}.txt").write_text(SECOND, encoding="utf-8")
    assert "... and 3 more (tongbao status --all)" in status(project)
    assert "f7.txt" in status(project, limit=None) and "more (" not in status(project, limit=None)


def test_a_run_with_failures_ends_with_an_error_and_keeps_the_rest(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(forms.CIRCULAR, encoding="utf-8")
    (tmp_path / "b.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert main(["add", str(tmp_path / "b.zip"), str(tmp_path / "a.txt"), "http://127.0.0.1:1/x"]) == 1
    told = capsys.readouterr()
    assert "2 of 3 were not added" in told.err and "unpack" in told.out and "not on the public internet" in told.out
    assert (project.raw / "a.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "nothing to add"),
        (["a.txt", "b.txt", "--name", "x"], "for one file"),
        (["a.txt", "--source-url", "example.org"], "no http"),
        (["a.txt", "--copy-of", "nobody"], "no circular nobody"),
    ],
)
def test_unclear_commands_are_refused(
    arguments: list[str], says: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(forms.CIRCULAR, encoding="utf-8")
    assert main(["add", *arguments]) == 1
    assert says in capsys.readouterr().err and not list(project.raw.iterdir())


def test_a_name_may_be_given(project: Project, tmp_path: Path) -> None:
    (tmp_path / "t20190708_1234.html").write_text(forms.page(forms.CIRCULAR), encoding="utf-8")
    said = ["--name", "hunan-2019q2", "--source-name", "某网", "--source-url", "https://example.org/1"]
    assert main(["add", str(tmp_path / "t20190708_1234.html"), *said]) == 0
    assert (project.raw / "hunan-2019q2.html").is_file()
    (source,) = read_register(project.raw / "sources.csv")
    assert (source.source_name, source.source_url) == ("某网", "https://example.org/1")


def test_the_fetcher_is_as_the_parameters_say_and_allows_nothing_private(project: Project) -> None:
    fetcher = make_fetcher(project)
    assert fetcher.waits.delay >= 2.0 and fetcher.allowed == frozenset()
    assert fetcher.agent.startswith("tongbao/") and fetcher.agent.isascii()
    (project.root / "CITATION.cff").write_text("url: https://example.org/tongbao\n", encoding="utf-8")
    assert "https://example.org/tongbao; a@b" in agent_name(project, "a@b\r\nX: y(")
    for bad in ("delay_seconds: 0", "delay_seconds: fast", "max_megabytes: 0", "delay_seconds: .nan"):
        project.params.write_text(f"collect:\n  {bad}\n", encoding="utf-8")
        with pytest.raises(TongbaoError, match="collect"):
            make_fetcher(project)
