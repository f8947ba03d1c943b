"""What README and docs/ say is so: their commands run, their links lead somewhere, what they name is there."""

import csv
import doctest
import io
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest
import yaml

from doc_pages import PAGES, ROOT, Block, anchors, blocks, commands, links, prose, says, spans
from small_project import SmallProject, make_small_project
from tongbao import cli

LATER = "merged later"
COMING: set[str] = set()
"""What pages name and this state of the code does not have yet. An entry that is there makes a test fail."""

MADE = {
    "data/codebook.csv",
    "data/interim",
    "data/interim/text",
    "data/interim/text/<id>.txt",
    "data/metrics.json",
    "data/tidy/corrections.csv",
}
"""Paths that only a build makes."""

LANGUAGES = {"console", "csv", "mermaid", "pycon", "text", "yaml"}
READABLE = 160
"""Longest line, in characters, of a block: a reader does not scroll sideways."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def _targets() -> set[str]:
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    return {line.partition(":")[0] for line in lines if ":" in line and line[:1].isalpha()}


def _options(command: str) -> set[str]:
    return {name for action in commands()[command]._actions for name in action.option_strings}


def _parts(span: str) -> list[str]:
    """What a piece of code in prose claims to exist, one thing a part: a command, its options, a target, a path."""
    words = span.split()
    if words[0] == "tongbao" and len(words) > 1 and words[1].isalpha():
        return [f"tongbao {words[1]}", *(f"tongbao {words[1]} {w}" for w in words[2:] if w.startswith("--"))]
    if words[0] == "make" and len(words) == 2:
        return [span]
    if words[0].startswith("--"):
        return [f"tongbao … {words[0]}"]
    top = words[0].partition("/")[0]
    if len(words) == 1 and "/" in span and top in {"data", "docs", "notebooks", "scripts", "src", "tests"}:
        return [span.rstrip("/")]
    return []


def _exists(part: str) -> bool:
    words = part.split()
    if words[0] == "make":
        return words[1] in _targets()
    if words[0] == "tongbao" and words[1] == "…":
        return any(words[2] in _options(name) for name in commands())
    if words[0] == "tongbao":
        return words[1] in commands() and (len(words) == 2 or words[2] in _options(words[1]))
    return part in MADE or any(True for _ in ROOT.glob(part))


def _parses(command: str) -> bool:
    """Whether every `tongbao` in a shell command is one that the parser takes."""
    words = shlex.split(command)
    while "tongbao" in words:
        words = words[words.index("tongbao") + 1 :]
        ends = [words.index(mark) for mark in ("|", "&&", ";", ">") if mark in words]
        own = words[: min(ends, default=len(words))]
        try:
            with redirect_stderr(io.StringIO()):
                cli._parser().parse_args(own)
        except SystemExit as stop:
            if stop.code:
                return False
    return True


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for link in links(text):
        assert "://" not in link, f"{link}: pages lean on nothing outside the repository"
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert ROOT in (target, *target.parents), link
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), link


@each_page
def test_what_prose_names_is_there(page: Path) -> None:
    named = {part for span in spans(page.read_text("utf-8")) for part in _parts(span)}
    assert {part for part in named if not _exists(part)} <= COMING


def test_what_is_coming_is_not_there_yet() -> None:
    there = {part for part in COMING if _exists(part)}
    assert not there, "it is there now: take it out of COMING, so that the pages are held to it"


def test_what_is_named_wrongly_is_found() -> None:
    wrong = ("tongbao adds", "tongbao add --sources", "make labs", "--lists", "data/row", "tests/golden")
    assert [part for span in wrong for part in _parts(span) if _exists(part)] == ["tongbao add"]
    assert not _parses("tongbao status --everything | head")
    assert _parses("tongbao status --all | head && tongbao --version")


@each_page
def test_blocks_are_of_a_kind_that_is_tested(page: Path) -> None:
    text = page.read_text("utf-8")
    found = blocks(text)
    assert text.count("\n```") == 2 * len(found), "a fence stands indented or open"
    for block in found:
        assert block.language in LANGUAGES, f"a block of {block.language!r} would not be tested"
        assert all(len(line) <= READABLE for line in block.body.splitlines()), block.body
        if block.language == "console":
            assert block.steps
            assert block.mark.startswith("not run: ") or not block.mark, block.mark
            assert block.mark != "not run: "
        elif block.language in ("csv", "yaml"):
            assert block.mark.startswith(("file: ", "append: ")), "say where its content goes, so that it is tried"


@each_page
def test_commands_that_are_not_run_are_none_that_could(page: Path) -> None:
    for block in blocks(page.read_text("utf-8")):
        if block.language != "console" or not block.mark:
            continue
        reason = block.mark.removeprefix("not run: ")
        shown = [command for command, _ in block.steps]
        if reason == LATER:
            waits = not all(map(_parses, shown)) or any(name in block.body for name in COMING if "/" in name)
            assert waits, f"it is there now: take the mark off {shown}"
            continue
        assert len(reason) > 15, "a reason is a sentence"
        for command in shown:
            assert _parses(command), command
            words = command.split()
            assert words[0] != "make" or words[1] in _targets(), command


def test_the_index_lists_every_page() -> None:
    folder, index = ROOT / "docs", ROOT / "docs/README.md"
    listed = {(folder / link).resolve() for link in links(index.read_text("utf-8"))}
    assert {page for page in PAGES if page.parent == folder} - {index} <= listed


def test_every_basis_is_explained() -> None:
    with (ROOT / "data/reference/columns.csv").open(encoding="utf-8", newline="") as file:
        values = {v for row in csv.DictReader(file) if row["column"] == "basis" for v in row["allowed"].split("|")}
    explained = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/basis.md").read_text("utf-8"), re.MULTILINE))
    assert values and values <= explained


def test_the_readme_is_one_screen_in_both_languages() -> None:
    for name in ("README.md", "README.zh.md"):
        assert len((ROOT / name).read_text("utf-8").splitlines()) <= 65, name
    both = [
        {link for link in links((ROOT / name).read_text("utf-8")) if not link.startswith("README")}
        for name in ("README.md", "README.zh.md")
    ]
    assert both[0] == both[1]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    """The five first circulars up to their tables, an annotation of them, and a folder of saved files to add."""
    circulars = sorted(path.stem for path in (ROOT / "data/raw").glob("*.txt"))
    project = make_small_project(tmp_path_factory.mktemp("docs") / "project", circulars)
    made_up = yaml.safe_load((ROOT / "tests/corpus/damaged-weinan-2017-deductions.yml").read_text("utf-8"))
    (project.root / "saved").mkdir()
    (project.root / "saved/weinan-2017.txt").write_text(made_up["text"], "utf-8")
    (project.root / "saved/weinan-mirror.txt").write_text(made_up["raw"], "utf-8")
    shutil.copy(ROOT / "data/raw/yanan-2016.txt", project.root / "saved/from-a-colleague.txt")
    for stage in ("restore", "extract", "tidy"):
        done = project.run("tongbao", stage)
        assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(built: SmallProject, tmp_path: Path) -> Iterator[SmallProject]:
    yield SmallProject(Path(shutil.copytree(built.root, tmp_path / "project", symlinks=True)))


def _runs(block: Block) -> bool:
    return block.language in ("csv", "yaml") or (block.language == "console" and not block.mark)


RUN = [page for page in PAGES if any(map(_runs, blocks(page.read_text("utf-8"))))]


PLAIN = re.compile(r"tongbao [^|&;<>$*~`]*")
"""A command that needs no shell: it is run in this process, which has everything imported."""


@pytest.fixture
def run(
    project: SmallProject, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], tuple[int, str]]:
    """Run a command as a reader would in the project's folder; return its exit code and what it printed."""
    monkeypatch.chdir(project.root)
    monkeypatch.delenv("TONGBAO_PROJECT", raising=False)

    def one(command: str) -> tuple[int, str]:
        if not PLAIN.fullmatch(command):
            done = project.run("sh", "-c", command)
            return done.returncode, done.stdout + done.stderr
        monkeypatch.setattr("sys.stdin", io.StringIO())
        capfd.readouterr()
        code = cli.main(shlex.split(command)[1:])
        return code, "".join(capfd.readouterr())

    return one


@pytest.mark.parametrize("page", RUN, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_do_what_the_page_shows(
    page: Path, project: SmallProject, run: Callable[[str], tuple[int, str]]
) -> None:
    """Each page in a project of its own, its blocks one after the other."""
    for block in filter(_runs, blocks(page.read_text("utf-8"))):
        if block.language == "console":
            for command, expected in block.steps:
                code, told = run(command)
                refused = any(line.startswith("tongbao: ") for line in expected)
                assert bool(code) == refused, f"$ {command}\n{told}"
                assert says(told, expected), f"$ {command}\n{told}"
        else:
            how, _, name = block.mark.partition(": ")
            if name in COMING and not (project.root / name).exists():
                continue
            assert (project.root / name).is_file() == (how == "append"), name
            with (project.root / name).open("a", encoding="utf-8") as file:
                file.write(block.body)


def test_python_gives_what_the_pages_show(built: SmallProject) -> None:
    """All blocks of a page as one conversation; all pages in one process, since only the imports take time."""
    files = []
    for page in PAGES:
        shown = "\n".join(block.body for block in blocks(page.read_text("utf-8")) if block.language == "pycon")
        if shown:
            assert doctest.DocTestParser().get_examples(shown), page
            files.append(built.root / f"shown-{page.stem}.txt")
            files[-1].write_text(shown, "utf-8")
    assert files
    done = built.run(sys.executable, "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", *map(str, files))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_output_is_found() -> None:
    assert says("a 1\nb 2\nc\n", ["a 1", "…", "c"])
    assert says("in /tmp/x/dist\n", ["in …dist"])
    assert not says("a 1\nb 2\n", ["a 1"])
    assert not says("a 1\nb 2\n", ["a 2", "…"])


def test_a_reader_who_has_enough_is_no_error(built: SmallProject) -> None:
    """`tongbao … | head` ends quietly."""
    done = built.run("sh", "-c", "tongbao evaluate tests/gold --json | head -1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_pages_claim_nothing_of_this_machine_or_its_makers() -> None:
    for page in PAGES:
        text = prose(page.read_text("utf-8")).lower()
        assert not [word for word in ("issue #", "todo", "coming soon") if word in text], page
