"""Each fix on its cases: in the wild, made up, must not change, known failures (tests/restore/cases)."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tongbao.read.folder import RawDocument
from tongbao.restore import (
    doc_numbers,
    doubled_marks,
    furniture,
    html_remains,
    language_model,
    letter_spacing,
    pinyin,
    script,
    shifted_bytes,
    spacing,
    spam_titles,
    strewn,
    width,
)
from tongbao.restore.edits import Edit, apply_edits
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore

CASES = Path(__file__).parent / "cases"
LEXICON = load_lexicon()
FIXES: dict[str, Callable[[str], list[Edit]]] = {
    "pinyin": pinyin.fix,
    "width": width.fix,
    "spacing": lambda text: spacing.fix(text, LEXICON),
    "doc_numbers": lambda text: doc_numbers.fix(text, LEXICON),
    "script": lambda text: script.fix(text, LEXICON),
    "html_remains": html_remains.fix,
    "strewn": lambda text: strewn.fix(text, LEXICON),
    "doubled_marks": doubled_marks.fix,
    "letter_spacing": lambda text: letter_spacing.fix(text, LEXICON),
    "spam_titles": lambda text: spam_titles.fix(text, LEXICON),
}


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def cases() -> list[Any]:
    params = []
    for name in FIXES:
        for n, row in enumerate(rows(name), 2):
            marks = [pytest.mark.xfail(strict=True)] if row["box"] == "known_failure" else []
            params.append(pytest.param(name, row, marks=marks, id=f"{name}-{row['box']}-{n}"))
    return params


@pytest.mark.parametrize(("name", "row"), cases())
def test_fix_does_what_the_case_says(name: str, row: dict[str, str]) -> None:
    fixed = apply_edits(row["before"], FIXES[name](row["before"]))
    assert fixed == row["after"]
    if row["box"] == "must_not_change":
        assert row["before"] == row["after"], "the case contradicts its box"


@pytest.mark.parametrize(("name", "row"), [case.values for case in cases()])
def test_a_second_pass_finds_nothing_more(name: str, row: dict[str, str]) -> None:
    assert apply_edits(row["after"], FIXES[name](row["after"])) == row["after"]


def test_every_fix_has_cases_of_both_kinds() -> None:
    for name in FIXES:
        boxes = {row["box"] for row in rows(name)}
        assert "must_not_change" in boxes and boxes & {"wild", "made_up"}, name


def marked(row: dict[str, str]) -> Any:
    return pytest.param(row, marks=[pytest.mark.xfail(strict=True)] if row["box"] == "known_failure" else [])


@pytest.mark.parametrize("row", [marked(row) for row in rows("gaps")])
def test_a_place_without_one_reading_is_marked_where_the_evidence_is_strong(row: dict[str, str]) -> None:
    text = row["text"]
    found = shifted_bytes.fix(text, language_model.load(), LEXICON, 3.0)
    assert [text[gap.start : gap.end] for gap in found.gaps] == [row["gap"]] * bool(row["gap"])
    assert not found.edits


@pytest.mark.parametrize("row", rows("sound"), ids=lambda row: row["text"][:8])
def test_outside_circulars_only_widths_and_blanks_change(row: dict[str, str]) -> None:
    assert restore(RawDocument("x", "x.txt", "", row["text"], "utf-8", 0)).text == row["text"]


BODY = (
    "某某市人民政府办公室关于政府网站抽查情况的通报\n各县区人民政府，市政府各部门：\n"
    "近期，市政府办公室对全市政府网站进行了抽查，共抽查网站36个，合格35个，现将有关情况通报如下。\n"
    "一、总体情况\n{inside}某某市人民政府办公室\n2018年4月2日\n{below}"
)


@pytest.mark.parametrize("row", [r for r in rows("furniture") if r["class"]], ids=lambda r: r["line"][:12])
def test_furniture_line_is_cut_below_the_document(row: dict[str, str]) -> None:
    text = BODY.format(inside="", below=row["line"] + "\n")
    cuts = furniture.find(text, text, LEXICON).cuts
    assert [(cut.line.content, cut.kind) for cut in cuts] == [(row["line"], row["class"])]


@pytest.mark.parametrize("row", [r for r in rows("furniture") if r["zone"] == "any"], ids=lambda r: r["line"][:12])
def test_such_a_line_is_cut_inside_the_document_too(row: dict[str, str]) -> None:
    text = BODY.format(inside=row["line"] + "\n", below="")
    assert [cut.kind for cut in furniture.find(text, text, LEXICON).cuts] == [row["class"]]


@pytest.mark.parametrize("row", [r for r in rows("furniture") if not r["class"]], ids=lambda r: r["line"][:12])
@pytest.mark.parametrize("place", ["inside", "below"])
def test_a_line_of_the_document_stays(row: dict[str, str], place: str) -> None:
    text = BODY.format(**{"inside": "", "below": "", place: row["line"] + "\n"})
    assert furniture.find(text, text, LEXICON).cuts == ()
