"""Tables made part by part are the tables made at once, and a citation names the circular that it means."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tidy.made_up_circular import REFERENCE, fact, interim, with_facts, write_interim
from tongbao.tidy import build
from tongbao.tidy.build import build_tables
from tongbao.tidy.corpus import read_corpus
from tongbao.tidy.rows import Interim
from tongbao.tidy.schema import Schema
from tongbao.tidy.write import read_rows
from tongbao.workers import ALONE, Crew

OWN = "甲办发〔2018〕1号"


def named(circular_id: str, circular: Interim) -> Interim:
    """The circular under another id."""
    loaded = ({**circular.restored, "circular_id": circular_id}, {**circular.extracted, "circular_id": circular_id})
    return Interim(circular_id, circular.text, *loaded)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    made = [interim(f"c{i}") for i in range(5)]
    made[3] = named("c3", with_facts(fact("figures", "100%", what="率", value="no number"), doc_number=OWN))
    folder = write_interim(tmp_path / "interim", *made)
    (folder / "rejected_files.csv").write_text("file,reason\nx.pdf,not read\n", "utf-8")
    return folder


def test_parts_of_any_size_and_any_number_of_processes_give_the_same_tables(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schema: Schema
) -> None:
    made = []
    for part, processes in ((250, 1), (2, 1), (2, 2)):
        monkeypatch.setattr(build, "_PART", part)
        out = tmp_path / f"{part}-{processes}"
        with Crew(processes) as crew:
            build_tables(
                many, out, metrics=out / "m.json", codebook=out / "codebook.csv", reference=REFERENCE, crew=crew
            )
        made.append(out)
    whole = {path.name: path for path in made[0].iterdir()}
    assert len(whole) == 2 * len(schema.tables) + 4
    for other in made[1:]:
        assert sorted(path.name for path in other.iterdir()) == sorted(whole)
        for name, path in whole.items():
            if name.endswith(".parquet"):
                assert pq.read_table(path).equals(pq.read_table(other / name)), name
            else:
                assert path.read_bytes() == (other / name).read_bytes(), name
    rejected = (made[0] / "rejected.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in rejected[1:]] == [["files", ""], ["figures", "c3"]]


def test_a_broken_part_leaves_the_older_tables(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_PART", 2)
    build_tables(many, tmp_path / "out", reference=REFERENCE)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    (many / "extracted" / "c4.json").write_text("[]", "utf-8")
    with pytest.raises(build.TongbaoError, match="not a JSON object"):
        build_tables(many, tmp_path / "out", reference=REFERENCE, crew=ALONE)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_citation_names_the_circular_of_the_collection(many: Path, tmp_path: Path, schema: Schema) -> None:
    build_tables(many, tmp_path / "out", reference=REFERENCE)
    rows = read_rows(schema["citations"], tmp_path / "out" / "citations.csv")
    assert [(row["circular_id"], row["cited_circular_id"]) for row in rows] == [
        (f"c{i}", "c3") for i in range(5) if i != 3
    ]


def test_a_number_that_two_bear_or_the_citing_circular_itself_names_nobody(tmp_path: Path) -> None:
    cite = fact("citations", OWN, doc_number=OWN)
    two = [named(name, with_facts(cite, doc_number=OWN)) for name in ("a", "b")]
    folder = write_interim(tmp_path / "two", *two)
    corpus = read_corpus(folder, ["a", "b"], {})
    assert corpus.by_number == {} and corpus.ids == {"a", "b"}
    alone = read_corpus(folder, ["a"], {})
    assert alone.cited({"doc_number": OWN}, "a") is None
    assert alone.cited({"doc_number": OWN}, "b") == "a"
    assert alone.cited({"doc_number": "甲办发〔2018〕2号", "doc_number_likely": "甲办发〔2018〕 1号"}, "b") == "a"
    assert alone.cited({"title": "关于抽查的通知"}, "b") is None
