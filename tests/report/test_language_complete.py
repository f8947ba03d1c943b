"""Nothing that readers see is missing from the catalogue: analyses as they are, notebooks, and the source itself."""

import ast
import csv
import inspect
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import pytest

from report.source_texts import of_file, sentences, templates
from tongbao.project import find_project
from tongbao.report import figure, prose
from tongbao.report.headings import heading
from tongbao.report.language import translate, untranslated
from tongbao.stats.comparable import comparable
from tongbao.stats.enough import enough, kinds
from tongbao.stats.minimum import RULES, Size
from tongbao.stats.result import Analysis
from tongbao.stats.themes import reference_tables

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "tongbao"
PROJECT = find_project()
ANALYSES = sorted(PROJECT.analysis.glob("*.json"))
NOTEBOOKS = [
    PROJECT.notebooks / f"{n}.ipynb" for n in ("deduction_ranges", "grade_shares", "pass_rate_trends", "province")
]
NOT_SHOWN = {"alt", "at", "caption", "figure", "gate", "joined", "max_row", "min_row", "source_table"}
NOT_SHOWN |= {"caution", "shows", "sources", "uncertainty"}  # parts that a caption is put together of, and links
NOT_SHOWN |= {"name_en", "tile_column", "tile_row"}  # of the table of provinces, which the front page draws
NO_TEXT = {"Second source", "lower left"}
"""What notebooks hold with a space in it, and no reader sees."""


def left(text: str) -> list[str]:
    return untranslated(translate(text, "zh"))


def fits(template: str) -> bool:
    """Whether the catalogue has the sentence, whatever stands in its fields: words, a number or a percentage."""
    n = template.count("{}")
    for values in itertools.product(("甲", "7", "7%", "7.5") if n < 4 else ("甲", "7"), repeat=n):
        text = template
        for value in values:
            text = text.replace("{}", value, 1)
        if not left(text) or not left(f"{text}.") or not left(text.strip("; .,")):
            return True
    return False


def texts_of(analysis: Analysis) -> Iterator[str]:
    yield from analysis.notes
    for refusal in analysis.refused:
        yield from (refusal.what, refusal.reason)
    for table in analysis.tables.values():
        for column in table.columns:
            if column in {"alt", "caption"} or column not in NOT_SHOWN | figure.VERBATIM:
                yield from (cell for cell in table[column] if isinstance(cell, str))


@pytest.mark.parametrize("path", ANALYSES, ids=lambda path: path.stem)
def test_an_analysis_leaves_no_english(path: Path) -> None:
    analysis = Analysis.read(path)
    found = set(texts_of(analysis))
    assert found
    assert {text: words for text in sorted(found) if (words := left(text))} == {}
    columns = {str(c) for table in analysis.tables.values() for c in table.columns} - NOT_SHOWN
    assert {c: words for c in sorted(columns) if (words := untranslated(heading(c, "zh")))} == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_leaves_no_english(path: Path) -> None:
    said: list[str] = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert {p: words for p in prose.paragraphs(cell.source) if (words := left(p))} == {}
        else:
            tree = ast.parse(cell.source)
            said += [part for _, text in templates(tree) for part in sentences(text) if part not in NO_TEXT]
            said += labels(tree)
    assert said
    assert [text for text in dict.fromkeys(said) if not fits(text)] == []


def labels(tree: ast.AST) -> Iterator[str]:
    """Words given to `headers`, `label` and the like, which have no space to be known by."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for keyword in call.keywords:
            if keyword.arg in {"label", "xlabel", "x_label", "zero"} and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value)
            if keyword.arg == "headers" and isinstance(keyword.value, ast.Dict):
                yield from (str(v.value) for v in keyword.value.values if isinstance(v, ast.Constant))


def fragments() -> dict[tuple[str, str], str]:
    """Pieces of sentences in the source, each with a finished sentence that holds it (none: seen in errors only)."""
    with (HERE / "data" / "source_fragments.csv").open(encoding="utf-8", newline="") as handle:
        return {(row["file"], row["fragment"]): row["finished"] for row in csv.DictReader(handle)}


def test_every_sentence_in_the_source_of_the_analyses_has_its_chinese() -> None:
    known, used, missing = fragments(), set(), []
    for path in sorted((SOURCE / "stats").rglob("*.py")):
        for line, sentence in of_file(path):
            key = (path.name, sentence)
            if key in known:
                used.add(key)
            elif not fits(sentence):
                missing.append(f"{path.name}:{line}: {sentence}")
    assert missing == []  # write it into data/reference/chinese/, or a piece of one into data/source_fragments.csv
    assert sorted(set(known) - used) == []


def test_a_sentence_that_the_catalogue_lacks_is_found(tmp_path: Path) -> None:
    path = tmp_path / "made_up.py"
    path.write_text('"""Not this."""\nx = f"There {n} zqx on {where}."\nraise ValueError("nor this one")\n', "utf-8")
    assert of_file(path) == [(2, "There {} zqx on {}.")]
    assert not fits("There {} zqx on {}.")


@pytest.mark.parametrize("finished", sorted({text for text in fragments().values() if text}))
def test_finished_sentences(finished: str) -> None:
    assert left(finished) == []


VALUES = {
    Size: (None, (1,), (12,), (3, 4, 5, 6, 7, 8)),
    Sequence[int | None]: ((), (None, 3), (0, 3), (5, 5)),
    bool | None: (None, True, False),
    bool: (True, False),
    int | None: (None, 0, 1, 50),
    int: (0, 1, 9, 50),
    float | None: (None, 0.25, 3.2, 50.0),
    str | None: (None, "=", "census", "bound_only"),
}


@pytest.mark.parametrize("kind", kinds())
def test_every_reason_of_a_rule_has_its_chinese(kind: str) -> None:
    parameters = inspect.signature(RULES[kind]).parameters
    choices = [VALUES[p.annotation] for p in parameters.values()]
    reasons = {
        enough(kind, **dict(zip(parameters, given, strict=True))).reason for given in itertools.product(*choices)
    }
    assert len(reasons) > 1
    assert {reason: words for reason in sorted(reasons) if (words := left(reason))} == {}


def test_every_reason_not_to_compare_has_its_chinese() -> None:
    regimes = reference_tables(PROJECT.reference)["regimes"]
    kinds_of_row = itertools.product(
        ("census", "evaluation", ""),
        (("national", "sample"), ("", "")),
        (("website", "2016"), ("new_media", "2021-Q1"), ("openness", "2019"), ("website", "")),
    )
    rows = [
        {"exercise": e, "inspector_level": i, "design": d, "measure": m, "period": p, "issuer": "甲省政府"}
        for e, (i, d), (m, p) in kinds_of_row
    ]
    reasons = {comparable(a, b, regimes).reason for a, b in itertools.combinations_with_replacement(rows, 2)}
    assert len(reasons) > 50
    assert {reason: words for reason in sorted(reasons) if (words := left(reason))} == {}
