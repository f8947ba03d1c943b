"""One circular in every form: the bytes are kept, and the tables are those of its clean text."""

import csv
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import opencc
import pytest

import made_files
from collect import forms
from tongbao.build import build_folder
from tongbao.collect.adding import Wishes, add
from tongbao.collect.fetch import Fetcher
from tongbao.collect.files import items_of, stated_address
from tongbao.collect.journal import Outcome
from tongbao.collect.polite import Waits
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.read.sources import check_sources, read_register

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
TABLES = ("pass_rates", "grade_totals", "ratings", "score_counts", "deductions", "findings", "sites", "figures")
OF_THE_COPY = {"circular_id", "raw_file", "raw_sha256", "script", "copy_kind", "n_repairs"}
"""Columns that are about the copy and not about the circular."""


def put(project: Project, *named: Path | str, **wishes: object) -> list[Outcome]:
    fetcher = Fetcher("tongbao/test", Waits(0.0))
    items = items_of([str(name) for name in named])
    return list(add(project, items, fetcher, Wishes(**wishes), now=lambda: NOW))  # type: ignore[arg-type]


def rows(tidy: Path, table: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (tidy / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            kept = {name: value for name, value in row.items() if name not in OF_THE_COPY}
            found.setdefault(row["circular_id"], []).append(kept)
    return found


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The circular as the files that a researcher may have of it."""
    folder = tmp_path_factory.mktemp("incoming")
    text = forms.CIRCULAR
    traditional = str(opencc.OpenCC("s2tw").convert(text))
    made = {
        "clean.txt": text.encode(),
        "gb.txt": text.replace("\n", "\r\n").encode("gb18030"),
        "big5.html": forms.page(traditional, "big5").encode("big5", "xmlcharrefreplace"),
        "saved.mht": made_files.web_archive(forms.page(text, "gb2312").encode("gb18030"), "gb2312"),
        "word.docx": forms.docx(text),
        "printed.pdf": forms.pdf(text),
        "sheet.xlsx": forms.xlsx(text),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    if forms.office():
        (folder / "word97.doc").write_bytes(forms.doc(text, tmp_path_factory.mktemp("office")))
    return folder


def test_every_form_gives_the_tables_of_the_clean_text(incoming: Path, tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    outcomes = put(project, incoming, own=True)
    assert {o.kind for o in outcomes} == {"added"}
    before = {path.name: path.read_bytes() for path in project.raw.iterdir()}
    build_folder(project.raw, tmp_path / "out", {"restore": {"accept_margin": 3.0}})
    assert {path.name: path.read_bytes() for path in project.raw.iterdir()} == before, "only `add` writes there"
    ids = {path.stem for path in incoming.iterdir()}
    for table in ("circulars", *TABLES):
        found = rows(tmp_path / "out" / "tidy", table)
        expected = found.pop("clean", [])
        assert expected or table in {"grade_totals", "score_counts", "deductions", "sites"}, table
        for circular_id in ids - {"clean"}:
            # Every column is compared, start, end and quote as well: the restored texts are the same.
            assert found.get(circular_id, []) == expected, f"{table} of {circular_id}"


def test_word_97_was_among_the_forms(incoming: Path) -> None:
    if not forms.office():
        pytest.skip("no LibreOffice here: .doc is tested from bytes only, in tests/read")
    assert (incoming / "word97.doc").read_bytes().startswith(b"\xd0\xcf\x11\xe0")


def test_all_forms_are_recognised_as_copies_of_one_circular(incoming: Path, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    outcomes = put(project, incoming / "clean.txt", incoming)
    kinds = {Path(o.what).name: o.kind for o in outcomes[1:]}
    assert kinds.pop("clean.txt") == "known" and set(kinds.values()) == {"witness"}
    assert {s.circular_id for s in read_register(project.raw / "sources.csv")} == {"clean"}
    assert set(check_sources(project.raw)) == {"clean"}


def test_bytes_and_facts_are_kept(incoming: Path, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    put(project, incoming / "gb.txt")
    (source,) = read_register(project.raw / "sources.csv")
    data = (incoming / "gb.txt").read_bytes()
    assert (project.raw / source.file).read_bytes() == data
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert (source.original_name, source.added_at, source.retrieved) == ("gb.txt", "2026-05-06T07:08:09Z", "")


def test_the_address_that_a_saved_page_states_is_recorded(tmp_path: Path) -> None:
    saved = forms.page(forms.CIRCULAR).replace(
        "<html>", "<!-- saved from url=(0024)https://example.org/a?b -->\n<html>"
    )
    archive = made_files.web_archive(saved.encode(), "utf-8")
    located = archive.replace(b"MIME-Version", b"Snapshot-Content-Location: http://example.org/c\r\nMIME-Version", 1)
    assert stated_address(saved.encode()) == "https://example.org/a?b"
    assert stated_address(located) == "http://example.org/c"
    for none in (b"Content-Location: http://example.org/c\r\n", saved.replace("https:", "file:").encode(), b""):
        assert stated_address(none) == ""
    project = forms.project(tmp_path / "project")
    (tmp_path / "a.html").write_text(saved, encoding="utf-8")
    put(project, tmp_path / "a.html")
    (source,) = read_register(project.raw / "sources.csv")
    assert (source.source_url, source.retrieved) == ("https://example.org/a?b", "")


def test_the_same_bytes_are_added_once(incoming: Path, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    put(project, incoming / "clean.txt")
    again = tmp_path / "another name.html"
    again.write_bytes((incoming / "clean.txt").read_bytes())
    before = (project.raw / "sources.csv").read_bytes()
    (outcome,) = put(project, again)
    assert outcome.kind == "known" and "clean.txt" in outcome.message
    assert (project.raw / "sources.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("=cmd|'!A0'.txt", "cmd-a0-"),
        ("../通报 2019.txt", "2019-"),
        ("CON.txt", "file-con.txt"),
        ("sources.csv.txt", "sources-csv-"),
        ("UPPER-9.TXT", "upper-9.txt"),
        ("通报.txt", "circular-"),
        (f"{'a' * 70}.txt", "a" * 50),
    ],
)
def test_names_are_safe_and_always_the_same(name: str, kept: str, tmp_path: Path) -> None:
    found = []
    for part in ("one", "two"):
        folder = tmp_path / part
        folder.mkdir()
        project = forms.project(folder / "project")
        (folder / Path(name).name).write_text(forms.CIRCULAR, encoding="utf-8")
        (outcome,) = put(project, folder / Path(name).name)
        register = (project.raw / "sources.csv").read_text("utf-8")
        assert f",{Path(name).name}," not in register or not name.startswith("="), "it would start a formula"
        found.append(outcome.file)
    assert found[0] == found[1] and found[0].startswith(kept)
    assert len(found[0]) < 90 and found[0].endswith(".txt")


def test_a_name_that_is_taken_gets_a_number_and_nothing_is_written_over(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    (project.raw / "a.html").write_bytes(b"dropped in by hand")
    (tmp_path / "a.txt").write_text(forms.CIRCULAR, encoding="utf-8")
    (outcome,) = put(project, tmp_path / "a.txt")
    assert outcome.file == "a-2.txt"
    assert (project.raw / "a.html").read_bytes() == b"dropped in by hand"


def test_unreadable_files_are_refused_with_their_reason_or_kept_on_request(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    (tmp_path / "scan.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (refused,) = put(project, tmp_path / "scan.jpg")
    assert refused.kind == "refused" and "OCR" in refused.message
    assert not list(project.raw.iterdir())
    (kept,) = put(project, tmp_path / "scan.jpg", keep=True)
    assert kept.kind == "added" and "OCR" in kept.message and (project.raw / "scan.jpg").is_file()


def test_a_folder_is_walked_and_a_saved_page_leaves_its_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "page.html").write_text(forms.page(forms.CIRCULAR), encoding="utf-8")
    (folder / "page_files").mkdir()
    (folder / "page_files" / "a.js").write_text("var 甲 = '脚本脚本脚本';", encoding="utf-8")
    (folder / "deep" / "other.txt").write_text(forms.CIRCULAR.replace("二季度", "三季度") * 2, encoding="utf-8")
    (folder / ".hidden").write_text(forms.CIRCULAR, encoding="utf-8")
    (folder / "link.txt").symlink_to(folder / "page.html")
    names = [item.original_name for item in items_of([str(folder)])]
    assert names == ["other.txt", "page.html"]


def test_a_file_dropped_into_the_folder_is_recorded_where_it_lies(tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    (project.raw / "dropped.txt").write_text(forms.CIRCULAR, encoding="utf-8")
    (outcome,) = put(project, project.raw / "dropped.txt")
    assert (outcome.kind, outcome.file) == ("added", "dropped.txt")
    assert [p.name for p in sorted(project.raw.iterdir())] == ["dropped.txt", "sources.csv"]


def test_columns_of_ones_own_stay_in_the_register(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    (project.raw / "a.txt").write_text("无关的文字，说别的事情。", encoding="utf-8")
    head = "circular_id,file,source_name,source_url,retrieved,licence_note,sha256,coder"
    (project.raw / "sources.csv").write_text(f'{head}\na,a.txt,某网,,,"x, y",,甲\n', encoding="utf-8")
    (tmp_path / "b.txt").write_text(forms.CIRCULAR, encoding="utf-8")
    put(project, tmp_path / "b.txt")
    with (project.raw / "sources.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["licence_note"], first["coder"], second["coder"]) == ("x, y", "甲", "")


@pytest.mark.parametrize(
    ("content", "says"),
    [("name,address\na,b\n", "column url"), ("网址\nhttps://example.org\n", "column url")],
)
def test_a_list_without_addresses_says_what_it_should_be(content: str, says: str, tmp_path: Path) -> None:
    listed = tmp_path / "urls.csv"
    listed.write_text(content, encoding="utf-8")
    with pytest.raises(TongbaoError, match=says):
        list(items_of([], listed))


def test_lists_of_both_kinds_are_read(tmp_path: Path) -> None:
    listed = tmp_path / "urls.csv"
    listed.write_text("\ufeffurl,source_name\nHTTPS://example.org/a,某网\n,\n", encoding="utf-8")
    (item,) = items_of([], listed)
    assert (item.url, item.source_name) == ("https://example.org/a", "某网")
    listed.write_text("https://example.org/a\n\nhttps://example.org/b\n", encoding="utf-8")
    assert [item.url for item in items_of([], listed)] == ["https://example.org/a", "https://example.org/b"]


def test_a_file_that_is_not_there_stops_before_anything_is_added() -> None:
    with pytest.raises(TongbaoError, match="no such file"):
        list(items_of(["gone.txt"]))
