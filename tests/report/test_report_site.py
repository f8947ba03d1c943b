import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from report import made_up
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import cache, pages, selfcheck, tiles
from tongbao.report import html as html_maker
from tongbao.report.site import SiteResult, build_site
from tongbao.report.stamp import build_stamp

NOTEBOOKS = (
    "themes/grade_shares",
    "themes/deduction_ranges",
    "themes/pass_rate_trends",
    "provinces/320000",
    "provinces/440000",
)
CIRCULARS = ("circulars/made-up-2020", "circulars/made-up-2021")
ENGLISH = (*NOTEBOOKS, *CIRCULARS, "data-quality", "codebook", "coded")
FRONTS = ("index", "zh/index")


def both(*paths: str) -> tuple[str, ...]:
    return (*paths, *(f"zh/{path}" for path in paths))


ALL = (*FRONTS, *both(*ENGLISH))
"""In the order of a build."""


def texts(project: Project) -> dict[str, str]:
    root = project.reports
    return {p.relative_to(root).with_suffix("").as_posix(): p.read_text("utf-8") for p in sorted(root.rglob("*.html"))}


def script_of(name: str) -> str:
    return (html_maker.TEMPLATES / "report" / name).read_text("utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_first_build_renders_everything(built: tuple[Project, SiteResult]) -> None:
    project, result = built
    assert result.rendered == ALL and result.cached == () and result.removed == ()
    assert set(texts(project)) == set(ALL)
    record = json.loads((project.root / ".tongbao" / "last_render.json").read_text())
    assert record == dict.fromkeys(ALL, "rendered")


def test_pages_are_self_contained_and_show_hostile_texts_as_texts(built: tuple[Project, SiteResult]) -> None:
    for slug, text in texts(built[0]).items():
        assert selfcheck.faults(text, [script_of("sort.js")]) == [], slug
        assert "\u202e" not in text and "unsafe" not in text
        assert "default-src 'none'" in text and "Tongbao 0.1.0" in text
    for slug in both(*NOTEBOOKS):
        shown = html.unescape(re.sub("<[^>]*>", "", texts(built[0])[slug]))
        for part in ("<script>document.title", '"><img src=x onerror="', "=HYPERLINK(", "[U+202E]", "{{ 7*7 }}"):
            assert part in shown, (slug, part)


def test_two_provinces_differ_and_each_says_which_it_is(built: tuple[Project, SiteResult]) -> None:
    one, two = (texts(built[0])[f"provinces/{code}"] for code in ("320000", "440000"))
    assert "Code 320000" in one and "Code 440000" not in one and "province_code = &quot;320000&quot;" in one
    assert "Code 440000" in two and "Code 320000" not in two


def test_second_build_renders_nothing_and_changes_no_byte(project: Project) -> None:
    before = texts(project)
    result = build_site(project)
    assert result.cached == ALL and result.rendered == ()
    assert texts(project) == before


def test_same_bytes_without_the_cache_and_in_another_folder(project: Project) -> None:
    before = texts(project)
    shutil.rmtree(project.root / ".tongbao")
    shutil.rmtree(project.reports)
    assert build_site(project, workers=1).rendered == ALL
    assert texts(project) == before


def test_a_touched_notebook_renders_its_own_page_only(project: Project) -> None:
    edit(project.notebooks / "deduction_ranges.ipynb", "## The numbers", "## Other numbers 省")
    result = build_site(project)
    assert result.rendered == both("themes/deduction_ranges")
    assert "Other numbers" in texts(project)["themes/deduction_ranges"]


@pytest.mark.parametrize(
    ("file", "affected"),
    [
        ("data/analysis/province-320000.json", ("provinces/320000",)),
        ("data/analysis/coverage.json", ()),
        ("notebooks/province.ipynb", ("provinces/320000", "provinces/440000")),
        ("requirements.lock", ENGLISH),
        ("data/reference/chinese/site.csv", ENGLISH),
        ("data/interim/text/made-up-2020.txt", ("circulars/made-up-2020", "data-quality")),
        ("data/raw/made-up-2021.txt", ("circulars/made-up-2021",)),
        ("data/codebook.csv", ("codebook",)),
    ],
)
def test_what_a_page_depends_on(project: Project, file: str, affected: tuple[str, ...]) -> None:
    before = {p.slug: cache.page_key(p, project) for p in pages.all_pages(project)}
    path = project.root / file
    if path.suffix == ".ipynb":
        edit(path, "Rows of the province", "All rows")
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    after = {p.slug: cache.page_key(p, project) for p in pages.all_pages(project)}
    assert tuple(slug for slug in before if before[slug] != after[slug]) == both(*affected) * bool(affected)


def test_a_row_of_one_circular_leaves_the_pages_of_the_others_alone(project: Project) -> None:
    before = {p.slug: cache.page_key(p, project) for p in pages.all_pages(project)}
    edit(project.tidy / "checks.csv", "made-up-2020,2,counts_add_up,7,6", "made-up-2020,2,counts_add_up,7,5")
    after = {p.slug: cache.page_key(p, project) for p in pages.all_pages(project)}
    changed = tuple(slug for slug in before if before[slug] != after[slug])
    assert changed == both("circulars/made-up-2020", "data-quality")


def test_english_only(project: Project) -> None:
    edit(project.params, "workers: 2", "workers: 2\n  languages: [en]")
    assert pages.languages(project) == ("en",)
    assert not any(page.language == "zh" for page in pages.all_pages(project))
    for wrong in ("[zh]", "[en, fr]", "[]", "en"):
        text = project.params.read_text(encoding="utf-8")
        project.params.write_text(re.sub(r"languages: .*", f"languages: {wrong}", text), encoding="utf-8")
        with pytest.raises(TongbaoError, match="languages"):
            pages.languages(project)


def test_outputs_saved_in_a_notebook_and_the_number_of_workers_change_no_page(project: Project) -> None:
    page = pages.all_pages(project)[0]
    before = cache.page_key(page, project)
    notebook = json.loads(page.notebook.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x"]}]
    page.notebook.write_text(json.dumps(notebook), encoding="utf-8")
    edit(project.params, "workers: 2", "workers: 4")
    assert cache.page_key(page, project) == before
    edit(project.params, "workers: 4", "workers: 4\n  other: 1")
    assert cache.page_key(page, project) != before


def test_a_failing_page_is_named_and_leaves_the_others(project: Project) -> None:
    before = texts(project)
    edit(project.notebooks / "deduction_ranges.ipynb", "style.use()", "raise ValueError('省 missing')")
    with pytest.raises(TongbaoError) as caught:
        build_site(project)
    message = str(caught.value)
    assert f"2 of {len(ALL)} pages could not be built" in message
    assert (
        "- themes/deduction_ranges: notebooks/deduction_ranges.ipynb" in message and "ValueError: 省 missing" in message
    )
    after = texts(project)
    assert set(after) == set(before) - set(both("themes/deduction_ranges"))
    assert {k: v for k, v in after.items() if k not in FRONTS} == {k: before[k] for k in after if k not in FRONTS}
    main = after["index"].split("<main")[1]
    assert 'href="themes/deduction_ranges.html"' not in main and "could not be built" in main
    assert "未能生成" in after["zh/index"]
    assert (
        json.loads((project.root / ".tongbao" / "last_render.json").read_text())["themes/deduction_ranges"] == "failed"
    )


def test_pages_no_longer_wanted_are_removed(project: Project) -> None:
    (project.analysis / "province-440000.json").unlink()
    (project.reports / "notes.txt").touch()
    (project.reports / "data/old.csv").touch()
    assert build_site(project).removed == both("provinces/440000")
    assert not (project.reports / "data/old.csv").exists()
    assert not (project.reports / "provinces/440000.html").exists()
    assert (project.reports / "notes.txt").exists()


def test_a_commit_only_restamps(project: Project) -> None:
    def git(*arguments: str) -> None:
        settings = ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(project.root), *settings, *arguments], check=True, capture_output=True)

    assert "not under git" in build_stamp(project).text()
    git("init", "-q")
    (project.root / "README.md").touch()
    git("add", "README.md")
    git("commit", "-qm", "no input")
    assert build_stamp(project).commit == ""
    git("add", "notebooks", "params.yaml", "data/raw", "data/reference", "requirements.lock")
    git("commit", "-qm", "inputs")
    first = build_stamp(project)
    assert re.fullmatch("[0-9a-f]{10}", first.commit) and not first.is_dirty
    assert build_site(project).rendered == ()
    for slug, text in texts(project).items():
        word = "提交" if slug.startswith("zh/") else "commit"
        assert f"{word} {first.commit} " in re.sub("</?span[^>]*>", "", text), slug
        assert "uncommitted" not in text and "另有未提交" not in text
    (project.root / "README.md").write_text("a commit that touches no input")
    git("commit", "-qam", "words")
    assert build_stamp(project) == first
    edit(project.params, "workers: 2", "workers: 3")
    assert "with uncommitted changes" in build_stamp(project).text()
    edit(project.tidy / "circulars.csv", "甲省人民政府办公厅", "乙省人民政府办公厅")
    assert build_stamp(project).data_version != first.data_version


def test_index(built: tuple[Project, SiteResult]) -> None:
    text = texts(built[0])["index"]
    plain = re.sub(r"<[^>]+>", "", text)
    for part in (
        "First note of grade_shares: 甲省 has &lt;b&gt;7&lt;/b&gt; rows.",
        "甲省关于&lt;b&gt;政府网站&lt;/b&gt;抽查情况的通报",
        "no title printed",
        "甲政办〔2020〕1号",
        "spot check",
        "39 of 40",
        "1 of 2",
        "The Tongbao maintainers. Tongbao. Version 0.1.0.",
        "2 of 34 provinces have a circular here",
        "97.5%",
        "&lt;u&gt;市",
    ):
        assert part in plain, part
    links = set(re.findall(r'href="([^"#]+)', text))
    assert {f"{slug}.html" for slug in (*ENGLISH, "zh/index")} <= links
    assert {"data/ratings.csv", "data/datapackage.json", "circulars/made-up-2020.html"} <= links
    assert 'href="circulars/made-up-2020.html#pass_rates-1"' in text  # the widest place of the circular
    assert 'href="circulars/made-up-2020.html#pass_rates-2"' not in text  # a city within it


def test_the_front_page_works_in_both_folders(built: tuple[Project, SiteResult]) -> None:
    text = texts(built[0])["zh/index"]
    assert 'href="../data/ratings.csv"' in text and 'href="circulars/made-up-2020.html' in text
    assert 'href="../index.html" lang="en"' in text and 'lang="zh-CN"' in text


def test_the_page_on_quality_holds_both_sides_reasons_and_anchors(built: tuple[Project, SiteResult]) -> None:
    text = texts(built[0])["data-quality"]
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    for part in (
        "名单少一个 <i>",
        "unit missing",
        "1 of 2 checks hold; 1 do not.",
        "<b> (0.00)",
        "4[U+202E] read as 40",
    ):
        assert part in plain, part
    for anchor in ("coverage", "doubtful"):
        assert text.count(f'id="{anchor}"') == 1, anchor
    coded = texts(built[0])["coded"]
    for anchor in ("coded-national_figures-4", "coded-national_figures-5"):  # the figures have a page of their own
        assert (text.count(f'id="{anchor}"'), coded.count(f'id="{anchor}"')) == (0, 1), anchor
    assert (
        'href="circulars/made-up-2020.html#checks-2"' in text and 'href="coded.html#coded-national_figures-5"' in text
    )
    for private in ("12345678", "010-", "王某"):
        assert private not in plain


def test_a_page_over_its_budget_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_maker, "MAX_BYTES", 60_000)
    html_maker.page(title="x", body="x", place="light.html")
    image = f'<img alt="" src="data:image/png;base64,{"A" * 50_000}">'
    with pytest.raises(TongbaoError, match=r"heavy\.html: .*0\.1 MB.* of it figures"):
        html_maker.page(title="x", body=image, place="heavy.html")


def test_missing_analyses_and_tables_say_what_to_run(tmp_path: Path) -> None:
    project = made_up.make(tmp_path, provinces=())
    (project.analysis / "grade_shares.json").unlink()
    with pytest.raises(TongbaoError, match=r"data/analysis/grade_shares\.json.*\n.*dvc repro"):
        build_site(project)


def test_slugs_are_safe_names() -> None:
    for slug in ("a/b", "themes/a/b", "../x", "省", "", "a b", "A"):
        with pytest.raises(TongbaoError, match="cannot name a page"):
            pages.NotebookPage(slug, Path("x.ipynb"), "x")


def test_tiles_agree_with_the_list_of_regions() -> None:
    import csv

    with (made_up.ROOT / "data/reference/regions.csv").open(encoding="utf-8-sig", newline="") as handle:
        known = {
            r["code"]: r["short_name"] for r in csv.DictReader(handle) if r["level"] == "province" and not r["valid_to"]
        }
    grid = tiles.tile_grid(Project(made_up.ROOT))
    assert {r["province_code"]: r["province"] for r in grid} == known
    assert len({(r["tile_row"], r["tile_column"]) for r in grid}) == len(grid) == 34
    assert [r["province_code"] for r in grid] == sorted(r["province_code"] for r in grid)
