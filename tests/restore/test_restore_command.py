"""`tongbao restore FILE`: the text, its explanation, the page; on any file, from anywhere, hostile ones too."""

import html
import io
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tongbao.cli import main
from tongbao.read.folder import RawDocument, Rejected, document_of
from tongbao.report.restoration import restoration_page
from tongbao.restore.explain import explain
from tongbao.restore.pipeline import restore

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT / "data/raw").glob("*.txt"))
SPAM = "久久无码_国产精品在线观看"
TEXT = (
    f"{SPAM}\n某某市人民政府办公室关于政府網(wǎng)站抽查情況(kuàng)的通報(bào)\n某政辦(bàn)函〔2019〕8号\n"
    "各縣區人民政府,市政府各部門:\n近期,市政府办公室對全市政府网*站進行了抽查,\ue145共抽查36個,合格35個。。"
    "<img src=x onerror=alert(1)>現將情況通報如下。\n"
    "聯系電話:000-00000000\n某某市人民政府办公室\n2019年4月2日\n"
)


def document(text: str) -> RawDocument:
    found = document_of(text.encode(), "a<b>.txt")
    assert not isinstance(found, Rejected)
    return found


class _Cells(HTMLParser):
    """The texts of the table cells, without tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip("\n")


def test_every_repair_and_gap_is_told_with_its_place() -> None:
    raw = document(TEXT)
    restored = restore(raw)
    lines = list(explain(raw, restored))
    places = [
        (int(m[1]), int(m[2]), int(m[3])) for line in lines if (m := re.match(r"(\d+):(\d+) \[(\d+), \d+\) ", line))
    ]
    assert len(places) == len(restored.repairs) + len(restored.gaps) and len(restored.gaps) == 1
    before = [raw.text[:start] for _, _, start in places]
    assert [(line, column) for line, column, _ in places] == [
        (b.count("\n") + 1, len(b) - b.rfind("\n")) for b in before
    ]
    told = "\n".join(lines)
    assert "pinyin: (wǎng) → ∅ | a reading that" in told and "verified by: a known term" in told
    assert "gap: [U+E145] stays | no candidate" in told
    assert not any(word in told for word in ("无码", "国产", "00000000"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_the_page_shows_every_line_on_both_sides(path: Path) -> None:
    found = document_of(path.read_bytes(), path.name)
    assert not isinstance(found, Rejected)
    restored = restore(found)
    page = restoration_page(found, restored)
    cells = _Cells(page).cells[3:]
    right = [cell for cell in cells[2::3] if cell]
    hidden = re.compile(r"\[contact details\]")
    want = restored.text.split("\n")
    assert len(right) == len(want)
    for shown, line in zip(right, want, strict=True):
        start, _, end = shown.partition("[contact details]")
        assert (line.startswith(start) and line.endswith(end)) if hidden.search(shown) else shown == line


def test_the_page_runs_nothing_and_hides_what_must_not_be_shown() -> None:
    raw = document(TEXT)
    page = restoration_page(raw, restore(raw))
    assert "<img" not in page and html.escape("<img src=x onerror=alert(1)>") in page
    assert "default-src 'none'" in page and "a&lt;b&gt;.txt" in page
    assert not any(word in page for word in ("无码", "国产", "00000000"))
    assert 'class="gap" title="gap: no candidate"' in page and "[U+E145]" in page
    assert page == restoration_page(raw, restore(raw))


def test_it_works_outside_a_project_and_on_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "x.html").write_text(f"<html><body><p>{TEXT.replace(chr(10), '<p>')}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["restore", "x.html", "--html", "out.html"]) == 0
    first = capfdbinary.readouterr().out.decode()
    assert "市政府办公室对全市政府网站进行了抽查" in first and "合格35个。现将" in first
    assert "Restoration of x.html" in (tmp_path / "out.html").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("gb18030"))))
    assert main(["restore", "-", "--explain"]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert "stdin: gb18030, Hant" in out


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    for path, said in ((tmp_path / "empty.txt", "empty file"), (tmp_path / "none.txt", "no such file")):
        assert main(["restore", str(path)]) == 1
        assert said in capsys.readouterr().err
    assert main(["restore", "--explain"]) == 1
    assert "one file" in capsys.readouterr().err
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert main(["restore", str(tmp_path / "a.txt"), "--html", str(tmp_path)]) == 1
    assert "cannot be written" in capsys.readouterr().err
