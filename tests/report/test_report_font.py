import io
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tongbao.errors import TongbaoError
from tongbao.report import font

JAPANESE_SHAPES = "复骨直角门令"
"""Characters whose shape differs between Japan and the mainland."""


@pytest.fixture(scope="module")
def source() -> TTFont:
    return TTFont(str(font.source_font()), lazy=True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return font.project_font(tmp_path_factory.mktemp("font") / "f.otf")


def test_chinese_shapes_are_the_default(source: TTFont, whole: Path) -> None:
    before, after = source.getBestCmap(), TTFont(str(whole), lazy=True).getBestCmap()
    assert before.keys() == after.keys()
    for character in JAPANESE_SHAPES:
        assert after[ord(character)] != before[ord(character)], character
    for character in "中一A1":
        assert after[ord(character)] == before[ord(character)], character


def test_whole_font_is_made_once_and_always_the_same(whole: Path, tmp_path: Path) -> None:
    again = font.project_font(tmp_path / "g.otf")
    assert again.read_bytes() == whole.read_bytes()
    again.write_bytes(b"kept")
    assert font.project_font(again).read_bytes() == b"kept"
    assert [p.name for p in tmp_path.iterdir()] == ["g.otf"]


def test_page_font_holds_exactly_its_characters_and_its_licence(source: TTFont) -> None:
    data = font.page_font("省骨，“”")
    cut = TTFont(io.BytesIO(data))
    assert {chr(c) for c in cut.getBestCmap()} == set("省骨，“”")
    assert data == font.page_font("”“，骨省")
    assert cut["head"].modified == source["head"].modified
    assert cut["name"].getDebugName(1) == font.FAMILY
    assert "Open Font License" in cut["name"].getDebugName(13)
    assert len(data) < 6_000


def test_page_font_has_the_outline_that_the_font_gives_for_chinese(source: TTFont) -> None:
    from fontTools.pens.recordingPen import RecordingPen

    def outline(of: TTFont, glyph: str) -> list[object]:
        pen = RecordingPen()
        of.getGlyphSet()[glyph].draw(pen)
        return [v for v in pen.value if v[0] != "closePath"]

    cut = TTFont(io.BytesIO(font.page_font("骨")))
    japanese = outline(source, source.getBestCmap()[ord("骨")])
    assert outline(cut, cut.getBestCmap()[ord("骨")]) != japanese


def test_lacking_characters_are_named() -> None:
    with pytest.raises(TongbaoError, match=r"U\+E000, U\+10FFFF"):
        font.page_font("省\ue000\U0010ffff")


def test_the_distribution_is_not_imported() -> None:
    font.source_font()
    assert not [name for name in sys.modules if name.startswith("notojp")]


def test_missing_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(TongbaoError, match=r"requirements\.lock"):
        font.source_font()
