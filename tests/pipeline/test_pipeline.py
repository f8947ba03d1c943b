"""The real pipeline on a small project: what is rebuilt, what is not, and that builds do not differ."""

import hashlib
import json
import re
import shutil
import zipfile
from collections import Counter

import pytest

from small_project import CIRCULARS, PROVINCES, ROOT, SmallProject, both_languages, make_small_project

pytestmark = pytest.mark.pipeline

TABLES = (
    "data/tidy/*.csv",
    "data/tidy/*.json",
    "data/tidy/*.parquet",
    "data/metrics.json",
    "data/analysis/*",
)
PAGES = ("reports/**/*.html",)


@pytest.fixture
def project(first_build, tmp_path) -> SmallProject:
    """A copy of the built project that a test may change, DVC cache and page cache included."""
    shutil.copytree(first_build.root, tmp_path / "project", symlinks=True)
    return SmallProject(tmp_path / "project")


def test_everything_is_there(first_build):
    pages = {p.relative_to(first_build.root / "reports").as_posix() for p in first_build.root.glob(PAGES[0])}
    english = {
        "codebook.html",
        "coded.html",
        "data-quality.html",
        "index.html",
        *(f"circulars/{name}.html" for name in CIRCULARS),
        *(f"provinces/{code}.html" for code in PROVINCES.values()),
        *(f"themes/{name}.html" for name in ("deduction_ranges", "grade_shares", "pass_rate_trends")),
    }
    assert pages == english | {f"zh/{page}" for page in english}


def test_a_second_repro_does_nothing(project):
    before = project.bytes_of(*TABLES, *PAGES)
    assert project.repro() == []
    assert project.bytes_of(*TABLES, *PAGES) == before


def test_touching_a_notebook_renders_only_its_pages(project):
    path = project.root / "notebooks/grade_shares.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    prose = next(c for c in notebook["cells"] if c["cell_type"] == "markdown")
    prose["source"] = [*prose["source"], "\n\nOne more sentence."]
    path.write_text(json.dumps(notebook), "utf-8")
    assert project.repro() == ["report"]
    assert project.rendered() == both_languages({"themes/grade_shares"})


def test_two_clean_builds_are_the_same_to_the_byte(first_build, tmp_path):
    again = make_small_project(tmp_path / "elsewhere", CIRCULARS)
    again.repro()
    ours, theirs = first_build.bytes_of(*TABLES, *PAGES), again.bytes_of(*TABLES, *PAGES)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert len(ours) > 40


def test_pages_of_provinces_differ_in_every_figure_and_in_text(first_build):
    figures: Counter[str] = Counter()
    texts = {}
    for name, code in PROVINCES.items():
        html = (first_build.root / f"reports/provinces/{code}.html").read_text("utf-8")
        own = set(re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html))
        assert own, name
        figures.update(own)
        texts[name] = re.sub(r"<[^>]+>", "", html[html.index("<body") :])
        assert name in texts[name]
    assert figures.most_common(1)[0][1] == 1
    assert len(set(texts.values())) == len(PROVINCES)


def test_metrics_dag_and_parameters_mean_something(project):
    metrics = project.run("dvc", "metrics", "show").stdout
    assert "ratings" in metrics and "checks" in metrics
    measured = json.loads((project.root / "data/evaluation.json").read_text("utf-8"))
    assert measured["pass_rates"]["precision"] == 1.0
    assert measured["pass_rates"]["recall"] < 1.0, "two of the annotated circulars are not in this project"
    assert project.run("dvc", "dag").stdout.index("restore") < project.run("dvc", "dag").stdout.index("report")
    project.commit()
    params = project.root / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("level: 0.95", "level: 0.9"), "utf-8")
    assert re.search(r"analyse\.level\s+0\.95\s+0\.9\b", project.run("dvc", "params", "diff").stdout)
    assert project.repro("analyse") == ["analyse"]


def test_raw_files_are_never_touched(first_build):
    for name in CIRCULARS:
        assert (first_build.root / f"data/raw/{name}.txt").read_bytes() == (ROOT / f"data/raw/{name}.txt").read_bytes()


def test_publishing_packs_site_tables_and_citation_always_the_same(first_build, tmp_path):
    archives = []
    for name in ("one", "two"):
        done = first_build.run("tongbao", "publish", "--out", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
        (archive,) = (tmp_path / name).glob("*.zip")
        archives.append(archive)
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with zipfile.ZipFile(archives[0]) as bundle:
        names = {name.split("/", 1)[1] for name in bundle.namelist()}
        assert bundle.testzip() is None
    assert {"index.html", "themes/grade_shares.html", "CITATION.cff", "data/ratings.csv"} <= names
    assert {"data/ratings.parquet", "data/datapackage.json", "provinces/440000.html"} <= names
    assert {"codebook.html", "zh/index.html", "circulars/jiangsu-2018q3.html", "data-quality.html"} <= names
    assert not any("raw" in name or "interim" in name for name in names)


def test_a_changed_circular_rebuilds_only_its_pages_and_those_on_all(project):
    """A word that no figure stands on: the other circulars' pages stay as they are."""
    path = project.root / "data/raw/yanan-2016.txt"
    before = project.bytes_of("reports/**/*.html")
    path.write_bytes(path.read_bytes() + "\n以上情况，请认真整改。\n".encode())
    sources = project.root / "data/raw/sources.csv"
    old = next(line.rsplit(",", 1)[1] for line in sources.read_text("utf-8").splitlines() if line.startswith("yanan"))
    sources.write_text(sources.read_text("utf-8").replace(old, hashlib.sha256(path.read_bytes()).hexdigest()), "utf-8")
    project.repro()
    untouched = {f"circulars/{name}" for name in CIRCULARS if name != "yanan-2016"} | {
        "provinces/320000",
        "provinces/440000",
    }
    assert not project.rendered() & both_languages(untouched)
    assert "circulars/yanan-2016" in project.rendered()
    after = project.bytes_of("reports/**/*.html")
    assert {f"reports/circulars/{name}.html" for name in CIRCULARS} <= before.keys() == after.keys()
