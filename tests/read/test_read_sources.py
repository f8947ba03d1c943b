"""The register of sources: it belongs to the files beside it and says so loudly when it does not."""

from pathlib import Path

import pytest

from tongbao.errors import TongbaoError
from tongbao.project import find_project
from tongbao.read.folder import read_folder
from tongbao.read.sources import COLUMNS, check_sources, read_sources

HEAD = ",".join(COLUMNS)
SHA = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of b"foo"


def write(folder: Path, *lines: str, head: str = HEAD) -> Path:
    (folder / "a.txt").write_bytes(b"foo")
    register = folder / "sources.csv"
    register.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return register


def test_a_sound_register_is_read(tmp_path: Path) -> None:
    write(tmp_path, f"a,a.txt,某网,https://example.org/1,2024-05-06,free,{SHA}")
    source = check_sources(tmp_path)["a"]
    assert (source.source_name, source.source_url, source.retrieved) == ("某网", "https://example.org/1", "2024-05-06")


def test_files_without_a_line_and_folders_without_a_register_are_allowed(tmp_path: Path) -> None:
    assert check_sources(tmp_path) == {}
    write(tmp_path, f"a,a.txt,,,,,{SHA}")
    (tmp_path / "new.txt").write_text("dropped in", encoding="utf-8")
    assert set(check_sources(tmp_path)) == {"a"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"a,a.txt,,,,,{SHA[:-1]}0", "no longer the file"),
        ("a,gone.txt,,,,,", "not there"),
        (f"a,a.txt,,,,,{SHA}\na,a.txt,,,,,{SHA}", "twice"),
        ("a,a.txt,,ftp://x,,,", "address"),
        ("a,a.txt,,,6 May 2024,,", "retrieved"),
        ("a,a.txt,,,,,abc", "hexadecimal"),
        ("a,../a.txt,,,,,", "plain file name"),
        (",a.txt,,,,,", "circular_id is empty"),
    ],
)
def test_a_faulty_register_names_place_and_remedy(tmp_path: Path, line: str, says: str) -> None:
    write(tmp_path, line)
    with pytest.raises(TongbaoError, match=says) as error:
        check_sources(tmp_path)
    assert "sources.csv" in error.value.place and error.value.remedy


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    register = write(tmp_path, "a,a.txt,,,", head="circular_id,file,source_name,source_url,retrieved")
    with pytest.raises(TongbaoError, match="licence_note"):
        read_sources(register)


def test_the_projects_own_register_holds_and_names_every_file() -> None:
    raw = find_project(Path(__file__)).raw
    documents, rejected = read_folder(raw)
    assert not rejected
    assert set(check_sources(raw)) >= {d.circular_id for d in documents}
