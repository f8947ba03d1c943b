"""`tongbao review`: what it shows, what it writes, and that what it writes builds."""

import copy
import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from tidy.made_up_circular import REFERENCE, TEXT, fact, interim, rate, write_interim
from tongbao.cli import main
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.review.walk import Review
from tongbao.tidy.build import build_tables
from tongbao.tidy.rows import Interim

HEAD = "# my notes stay\n"


def doubtful() -> Interim:
    """A circular with one thing of each kind: a doubtful repair, an inferred row, a numeral, a gap, a broken check."""
    made = copy.deepcopy(interim())
    extracted, restored = dict(made.extracted), dict(made.restored)
    extracted["facts"] = [
        rate(),
        rate("随机抽查网站200个", "streak", period="2018-Q2", rate=1),
        fact("ratings", "乙市被评为优秀", measure="website", group="各市", group_kind="prefectures", unit="乙市"),
    ]
    at = TEXT.index("200")
    extracted["numerals"] = {"n_numerals": 1, "n_numerals_explained": 0, "unexplained": [
        {"start": at, "end": at + 3, "text": "200"}]}  # fmt: skip
    gap = TEXT.index("个别")
    restored["gaps"] = [{"start": gap, "end": gap + 2, "candidates": []}]
    raw = TEXT.index("乙市被评") + 3
    restored["repairs"] = [
        {"raw_start": raw, "raw_end": raw + 1, "raw": "\x1b[2J", "restored": "乙", "kind": "shifted_bytes",
         "confidence": 0.8, "verified_by": "", "note": ""},
    ]  # fmt: skip
    return Interim(made.circular_id, made.text, restored, extracted)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "params.yaml").write_text("{}")
    (tmp_path / "data/tidy").mkdir(parents=True)
    (tmp_path / "data/reference").symlink_to(REFERENCE)
    write_interim(tmp_path / "data/interim", doubtful())
    (tmp_path / "data/corrections.yml").write_text(HEAD, "utf-8")
    return Project(tmp_path)


def walk(project: Project, *answers: str, who: str = "Li Hua") -> list[str]:
    """Answer the questions; return what was said. The input ends after the last answer."""
    lines: list[str] = []
    given: Iterator[str] = iter(answers)

    def ask(prompt: str) -> str:
        lines.append(prompt)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    Review(project, ask, lines.append, who=who, today=date(2026, 3, 31)).walk()
    assert next(given, None) is None, "answers were left over"
    return lines


def entries(project: Project) -> list[dict[str, object]]:
    return yaml.safe_load(project.corrections.read_text("utf-8")) or []


def build(project: Project) -> Path:
    build_tables(project.interim, project.tidy, reference=REFERENCE, corrections=project.corrections)
    return project.tidy


def rows(project: Project, table: str) -> list[dict[str, str]]:
    with (build(project) / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everything_doubtful_is_listed_in_the_order_of_the_text(project, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    assert main(["review", "--list"]) == 0
    out = capsys.readouterr().out
    heads = [line.split(" · ")[1] for line in out.splitlines() if line.startswith("[")]
    assert heads == ["pass_rates", "numerals", "ratings", "gaps", "checks"]
    assert "5 things to look at" in out
    assert "【随机抽查网站200个】" in out and "basis streak" in out and "sure only to 0.8" in out
    assert "list is as long as stated" in out and "holds = False" in out
    assert project.corrections.read_text("utf-8") == HEAD


def test_terminal_control_characters_are_shown_not_sent(project, monkeypatch, capsys) -> None:
    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    assert main(["review", "--list"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\\u{1b}[2J" in out


def test_contact_details_are_not_shown(project, monkeypatch, capsys) -> None:
    made = doubtful()
    gap = TEXT.index("以上的有2个")
    made.restored["gaps"].append({"start": gap, "end": gap + 6, "candidates": []})  # right before the contacts
    private = TEXT.index("王某某")
    made.restored["gaps"].append({"start": private, "end": private + 3, "candidates": []})
    write_interim(project.interim, made)
    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    assert main(["review", "--list"]) == 0
    out = capsys.readouterr().out
    assert "【以上的有2个】" in out and "王某某" not in out and "0000" not in out


def test_answers_are_written_and_build(project) -> None:
    said = walk(
        project,
        *("s", "rate", "９９％", "the passage says so"),  # the inferred row
        *("n", "figures", "随机抽查网站200个", "抽查网站", "value", "200", "", "it was passed over"),  # the numeral
        *("d", "no rating"),
        *("a", "cannot be read indeed"),
        *("a", "the circular counts wrongly"),
    )  # fmt: skip
    assert "5 entries written" in said[-1]
    assert [e["action"] for e in entries(project)] == ["set", "add", "delete", "accept", "accept"]
    assert {(e["who"], e["when"]) for e in entries(project)} == {("Li Hua", date(2026, 3, 31))}
    assert project.corrections.read_text("utf-8").startswith(HEAD)
    assert sorted((r["rate"], r["basis"]) for r in rows(project, "pass_rates")) == [
        ("0.955", "stated"),
        ("0.99", "corrected"),
    ]
    assert rows(project, "ratings") == []
    assert [(r["what"], r["value"], r["basis"]) for r in rows(project, "figures")] == [("抽查网站", "200", "corrected")]
    assert len(rows(project, "corrections")) == 5


def test_what_was_answered_is_not_asked_again(project) -> None:
    walk(project, "a", "looked at it", "k", "q")
    said = walk(project, "k", "a", "right as it is", "q")
    assert sum("numerals" in line for line in said) == 1 and not any("pass_rates" in line for line in said)
    assert [e["table"] for e in entries(project)] == ["pass_rates", "ratings"]
    assert "[1/4]" in said[0]


def test_the_end_of_the_input_ends_the_walk(project) -> None:
    assert "0 entries written" in walk(project, "s", "rate")[-1]
    assert project.corrections.read_text("utf-8") == HEAD


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (("x",), "one of these, please"),
        (("s", "colour"), "use one of scope"),
        (("s", "rate", "99.5"), "above 1"),
        (("s", "rate", "many"), "is no number"),
        (("s", "rate", ""), "nothing given"),
        (("s", "rate", "1", "because"), "no longer needed"),
        (("s", "rate_low", "0.999", ""), "needs a reason"),
        (("s", "scope", "null", "because"), "scope is missing"),
        (("s", "period", "2018-Q3", "because"), "makes a row that is there already"),
        (("a", "call 0000-0000000"), "contact details"),
        (("n", "repairs"), "no rows can be added"),
        (("n", "figures", "不在文中", "x", "value", "1", "", "because"), "its quote is not in the text"),
    ],
)
def test_an_answer_that_would_not_build_is_not_written(project, answers: tuple[str, ...], message: str) -> None:
    said = walk(project, *answers, "q")
    assert any(message in line for line in said), said
    assert project.corrections.read_text("utf-8") == HEAD
    assert [p.name for p in project.corrections.parent.iterdir() if p.name.startswith(".")] == []


def test_the_name_is_asked_once(project) -> None:
    said = walk(project, "a", "one", "Wang", "a", "two", "q", who="")
    assert sum("your name" in line for line in said) == 1
    assert [e["who"] for e in entries(project)] == ["Wang", "Wang"]


def test_a_file_without_newline_at_its_end_and_a_broken_one(project) -> None:
    project.corrections.write_text("# no newline", "utf-8")
    walk(project, "a", "fine", "q")
    assert project.corrections.read_text("utf-8").startswith("# no newline\n- circular: made-up\n")
    project.corrections.write_text("a: b", "utf-8")
    with pytest.raises(TongbaoError, match="not a list"):
        walk(project)


def test_the_file_is_replaced_whole_or_not_at_all(project, monkeypatch) -> None:
    walk(project, "a", "fine", "q")
    before = project.corrections.read_bytes()

    def fails(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fails)
    walk(project, "k", "a", "looked at it")
    assert project.corrections.read_bytes() == before and b"fine" in before


def test_it_works_through_a_pipe_and_for_one_circular(project, monkeypatch, capsys) -> None:
    import io

    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nlooked at it\nq\n"))
    assert main(["review", "--circular", "made-up", "--who", "Li Hua"]) == 0
    assert "1 entries written" in capsys.readouterr().out
    assert main(["review", "--circular", "nowhere"]) == 1
    assert "no circular 'nowhere'" in capsys.readouterr().err


def test_rows_with_one_quote_are_named_apart(project) -> None:
    made = doubtful()
    twins = [rate(basis="streak", period=p) for p in ("2018-Q1", "2018-Q2")]
    made.extracted["facts"][:] = twins  # type: ignore[index]
    write_interim(project.interim, made)
    walk(project, "k", "a", "one", "d", "two", "q")
    assert [(e["action"], json.dumps(e["what"], ensure_ascii=False)) for e in entries(project)] == [
        ("accept", '{"quote": "合格率为95.5%", "period": "2018-Q1"}'),
        ("delete", '{"quote": "合格率为95.5%", "period": "2018-Q2"}'),
    ]
    assert [r["period"] for r in rows(project, "pass_rates")] == ["2018-Q1"]
