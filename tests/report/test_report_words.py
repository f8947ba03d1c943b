"""Everything that the function pages say has its Chinese, and the Chinese pages show it."""

import ast
import re
from pathlib import Path

import pytest

from tongbao.report import finder, index, language, menu, quality, quality_coded, quality_texts, stamp
from tongbao.report.themes import THEMES

REPORT = Path(finder.__file__).parent
MODULES = [
    *(REPORT / f"{name}.py" for name in ("finder", "grid", "index", "menu", "pages", "stamp", "tilemap")),
    *(REPORT / f"{name}.py" for name in ("quality", "quality_texts", "quality_coded")),
]


def literals(node: ast.expr) -> list[str]:
    """The texts that an expression can stand for, as far as it spells them out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*literals(node.body), *literals(node.orelse)] if isinstance(node, ast.IfExp) else []


def said() -> set[str]:
    calls = [n for path in MODULES for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    texts = {text for n in calls if getattr(n.func, "id", "") == "say" for text in literals(n.args[0])}
    layout = (REPORT / "templates/report/page.html.j2").read_text("utf-8")
    return {
        *texts,
        *re.findall(r'say\("([^"]+)"\)', layout),
        *index._WHAT,
        *index._PARTS.values(),
        *THEMES.values(),
        *(name for _, _, name in menu.PLACES),
        *stamp._COMMITS.values(),
        *finder.MEASURES.values(),
        *finder._DEDUCTIONS.values(),
        *finder._SCORES.values(),
        *quality._HEADS.values(),
        *quality_texts._SCRIPTS.values(),
        quality._WHAT,
        quality._BASIS,
        quality_coded._WHAT,
        *("Circulars", "Years", "Provinces", "Levels of issuers", "Checks that hold", "Repairs"),
    }


def test_every_text_has_its_chinese() -> None:
    known = {entry.en for entry in language.entries()}
    assert len(said()) > 100
    assert sorted(said() - known) == []


@pytest.mark.parametrize(
    "kind", ["furniture", "pinyin", "script", "shifted bytes", "width", "spacing", "split characters"]
)
def test_kinds_and_levels_have_theirs(kind: str) -> None:
    assert language.say(kind, "zh") != kind


def test_a_text_without_chinese_would_be_noticed() -> None:
    assert "A text that nobody has written" not in {entry.en for entry in language.entries()}
