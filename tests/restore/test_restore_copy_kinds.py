"""Kinds of copies on their cases, and what they are for: which enter comparisons."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tongbao.build import build_folder
from tongbao.read.folder import RawDocument
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore
from tongbao.stats.themes.corpus import corpus

CASES = Path(__file__).parent / "cases" / "copy_kinds.csv"
CIRCULAR = (
    "某某市人民政府办公室关于2019年第一季度政府网站抽查情况的通报\n某政办函〔2019〕8号\n各县区人民政府，市政府各部门：\n"
    "近期，市政府办公室对全市政府网站进行了抽查，共抽查网站36个，合格35个，合格率97.2%。现将有关情况通报如下。\n"
    "某某市人民政府办公室\n2019年4月2日\n"
)
LATIN = "The provincial office inspected government websites in the first quarter. " * 12


def cases() -> list[Any]:
    params = []
    with CASES.open(encoding="utf-8", newline="") as handle:
        for n, row in enumerate(csv.DictReader(handle), 2):
            marks = [pytest.mark.xfail(strict=True)] if row["box"] == "known_failure" else []
            params.append(pytest.param(row, marks=marks, id=f"{row['kind']}-{n}"))
    return params


@pytest.mark.parametrize("row", cases())
def test_the_kind_of_a_copy(row: dict[str, str]) -> None:
    text = row["text"].format(circular=CIRCULAR, latin=LATIN)
    restored = restore(RawDocument("made-up", "made-up.txt", "0" * 64, text, "utf-8", len(text)))
    assert restored.copy_kind == row["kind"], restored.copy_evidence
    assert restored.copy_evidence


def test_every_kind_has_cases_and_a_meaning() -> None:
    with CASES.open(encoding="utf-8", newline="") as handle:
        kinds = {row["kind"] for row in csv.DictReader(handle)}
    assert kinds == set(load_lexicon().copy_kinds)


def test_reworded_copies_enter_comparisons_only_when_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "found"  # a real place: rows of unknown ones are not accepted
    folder.mkdir()
    (folder / "sound.txt").write_text(CIRCULAR.replace("某某市", "延安市"), encoding="utf-8")
    spun = (
        CIRCULAR.replace("某某市", "延安市").replace("8号", "9号").replace("第一季度", "第二季度")
        + "各单元网站查看合格率逾越九成。"
    )
    (folder / "spun.txt").write_text(spun, encoding="utf-8")
    build_folder(folder, tmp_path / "out", {"restore": {"accept_margin": 3.0}})
    tables = {p.stem: pd.read_parquet(p) for p in sorted((tmp_path / "out/tidy").glob("*.parquet"))}
    for kinds, used in ((["clean", "mirror"], ["sound"]), (["clean", "spun"], ["sound", "spun"])):
        found = corpus(tables, {"include_copies": kinds}, ["pass_rates"])
        assert sorted(row["circular_id"] for row in found.circulars.values()) == used
        assert len(found.refused) == 2 - len(used)
