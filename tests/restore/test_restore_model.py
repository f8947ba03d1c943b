"""The scoring model: what it has learnt and what not, that it counts rightly, that it is built the same every time."""

import csv
import hashlib
import importlib.util
import math
import re
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.read.folder import read_folder
from tongbao.restore import language_model
from tongbao.restore.language_model import LanguageModel, count, load, save, sound_lines, sound_stretches
from tongbao.restore.pipeline import restore_all

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [("考评结果", 2), ("考评得分", 1), ("结果", 1), ("", 1), ("得", 3)]


@cache
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_model", ROOT / "scripts" / "build_model.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_hand(texts: list[tuple[str, int]]) -> list[Counter[str]]:
    grams: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for text, weight in texts:
        for order in range(3):
            for at in range(len(text) - order):
                grams[order][text[at : at + order + 1]] += weight
    return grams


def witten_bell(grams: list[Counter[str]], history: str, character: str) -> float:
    types = len(grams[0])
    p = (grams[0][character] + types / 8000) / (sum(grams[0].values()) + types)
    for order in range(1, len(history) + 1):
        context = history[-order:]
        after = {g: n for g, n in grams[order].items() if g.startswith(context)}
        if after:
            p = (grams[order][context + character] + len(after) * p) / (sum(after.values()) + len(after))
    return p


@pytest.mark.parametrize("text", ["考评结果", "考评得果", "评结分", "无人知晓", "得", "考"])
def test_scores_are_those_of_the_method(text: str) -> None:
    model, grams = LanguageModel(count(TEXTS)), by_hand(TEXTS)
    for start in range(len(text) + 1):
        expected = sum(
            math.log(witten_bell(grams, text[max(0, at - 2) : at], text[at])) for at in range(start, len(text))
        )
        assert model.score(text, start) == pytest.approx(expected)


def test_a_documents_own_text_is_added() -> None:
    own = "惠湾管办函，惠湾管办函。"
    added = LanguageModel(count(TEXTS)).with_text(own, weight=2)
    grams = by_hand([*TEXTS, *((s, 2) for s in sound_stretches(own))])
    types = len(grams[0])
    assert added.score("惠") == pytest.approx(
        math.log((grams[0]["惠"] + types / 8000) / (sum(grams[0].values()) + types))
    )
    assert added.score("惠湾管办") > LanguageModel(count(TEXTS)).score("惠湾管办") + 5


def test_several_texts_are_scored_as_each_is() -> None:
    model = load()
    texts = ["政府网站考评", "政府网站烤瓶", "𠮷府网站考评"]
    assert model.scores(texts, 2).tolist() == pytest.approx([model.score(text, 2) for text in texts])
    assert model.scores([]).tolist() == []
    with pytest.raises(ValueError, match="same length"):
        model.scores(["一", "二三"])


def test_damage_is_not_learnt_from() -> None:
    text = "单位??荚u结果进行分类排名\n抽查合格率为\ue145K政府采购网站名单如下公布\n结果良好。"
    assert sound_lines(text) == ["结果良好。"]
    assert not any("荚" in s or "采购" in s for s in sound_stretches(text))


def test_no_answer_to_a_damaged_place_is_learnt_from_its_line() -> None:
    project = find_project()
    documents, _ = read_folder(project.raw)
    learnt = "\n".join(builder().circular_stretches(project.raw, project.reference))
    n = 0
    for restored in restore_all(documents):
        for repair in restored.repairs:
            if repair.kind != "shifted_bytes":
                continue
            start, end = restored.map.to_restored(repair.raw_start, repair.raw_end)
            line = restored.text[restored.text.rfind("\n", 0, start) + 1 : restored.text.find("\n", end)]
            assert line[:20] not in learnt and restored.text[start - 3 : end + 3] not in learnt
            n += 1
    assert n >= 4
    assert len(learnt) > 5000


def test_the_made_up_circulars_are_not_in_the_model() -> None:
    """The sentences that damage is measured on must be unseen: no source of the model lies among the tests."""
    with (find_project().reference / "model" / "sources.csv").open(encoding="utf-8", newline="") as handle:
        sources = [row["source"] for row in csv.DictReader(handle)]
    assert sources and all(re.match(r"(?:package:\w+|raw:\*|reference:[\w.]+)$", source) for source in sources)


def test_the_shipped_file_is_the_one_that_was_recorded() -> None:
    folder = find_project().reference / "model"
    with (folder / "built.csv").open(encoding="utf-8", newline="") as handle:
        last = list(csv.DictReader(handle))[-1]
    path = folder / language_model.MODEL_FILE
    assert last["source"] == path.name and last["version"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_size < 5_000_000


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    project = find_project()
    (tmp_path / "sources.csv").write_text(
        "source,column,weight,licence\nraw:*,,3,x\nreference:admin_words.csv,word,3,own\n"
        "reference:official_prose.txt,,2,own\n",
        encoding="utf-8",
    )
    written = []
    for name in ("one.npz", "two.npz"):
        counts, read = builder().build(tmp_path, project.reference, project.raw)
        save(counts, tmp_path / name)
        written.append((tmp_path / name).read_bytes())
        assert [n > 20 for _, _, n in read] == [True] * 3
    assert written[0] == written[1]


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(TongbaoError, match="scoring model"):
        load(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / language_model.MODEL_FILE).write_bytes(b"nothing")
    with pytest.raises(TongbaoError, match="scoring model"):
        load(tmp_path)
    np.savez(tmp_path / "model" / language_model.MODEL_FILE, other=np.zeros(1))
    with pytest.raises(TongbaoError, match="scoring model"):
        load(tmp_path)
