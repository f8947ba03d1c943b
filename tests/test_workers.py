"""Several processes restore the same files as one, in bounded memory."""

import operator

import pytest

from tongbao.restore import store
from tongbao.workers import ALONE, Crew


def test_results_come_in_the_order_of_the_work():
    with Crew(2) as crew:
        for one in (crew, crew, ALONE):
            assert list(one.in_order(operator.neg, range(9))) == [0, *range(-1, -9, -1)]


def test_work_is_asked_for_as_it_is_needed():
    asked = []

    def work():
        for piece in range(100):
            asked.append(piece)
            yield piece

    with Crew(2) as crew:
        first = next(crew.in_order(operator.neg, work()))
    assert first == 0 and len(asked) <= 8


def test_what_goes_wrong_in_another_process_comes_up():
    with Crew(2) as crew:
        with pytest.raises(TypeError):
            list(crew.in_order(operator.neg, [1, "one", 2]))
        assert list(crew.in_order(operator.neg, [1, 2])) == [-1, -2]


def test_two_processes_restore_the_files_of_one(tmp_path, monkeypatch):
    raw = tmp_path / "raw"
    raw.mkdir()
    for i in range(6):
        text = (
            f"甲市人民政府办公室关于2019年第{i % 4 + 1}季度全市政府網站抽查情況的通報\n各縣人民政府:\n"
            f"共抽查政府網站{i}0個,合格率9{i}%。\n"
        )
        (raw / f"c{i}.txt").write_bytes(text.encode("gb18030" if i % 2 else "utf-8"))
    (raw / "broken.docx").write_bytes(b"PK no document")
    monkeypatch.setattr(store, "_A_PROCESS_PAYS", 1)
    monkeypatch.setattr(store, "_BATCH", 2)
    written = []
    for workers in (1, 2):
        interim = tmp_path / str(workers)
        with Crew(workers) as crew:
            n, rejected = store.restore_folder(raw, interim, crew=crew)
        assert (n, [r.file_name for r in rejected]) == (6, ["broken.docx"])
        written.append({p.relative_to(interim): p.read_bytes() for p in interim.rglob("*") if p.is_file()})
    assert written[0] == written[1] and len(written[0]) == 12
