"""The two ways to run notebooks give the same; what happens to children that die, hang, or lose their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from report.test_report_execute import notebook
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import cache, engine, kernel, warm
from tongbao.report.page import NotebookPage as Page
from tongbao.report.pages import all_pages
from tongbao.report.site import SiteResult, make_page

KINDS = [
    "import sys\nprint('a')\nprint('b')\nprint('c', end='')",
    "display('one', [2])\nprint('between')\n{'three': 3}",
    "4;",
    "_ = 5\n_",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(1, 1))\nax.plot([1, 2])\nprint('drawn')",
    "import seaborn as sns\nsns.set_theme()\nplt.plot([2, 1]);",
    "from IPython.display import HTML, clear_output, update_display\ndisplay(HTML('<p>'), display_id='x')\n"
    "print('gone')\nclear_output()\nprint('kept')\ndisplay(1, display_id='y')\nupdate_display(2, display_id='y')",
    "import os\nos.system('echo below')\n!echo shell",
    "%matplotlib inline\n%precision 3\n3.14159265",
    "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "def f():\n    return 1\nf, __name__, object(), In[1][:6]",
    "sys.stderr.write('wrong');",
]
"""Cells that show something, in every way that a cell can."""


@pytest.fixture(scope="module")
def pool() -> Iterator[warm.Pool]:
    with warm.Pool(2) as started:
        yield started


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    (tmp_path / "data" / "reference").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "params.yaml").touch()
    return Project(tmp_path)


def page(project: Project, name: str, *cells: str) -> Page:
    path = project.notebooks / f"{name}.ipynb"
    nbformat.write(notebook(*cells), path)
    return Page(name, path, name)


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(*processes: int) -> bool:
    for _ in range(100):
        if not any(map(is_alive, processes)):
            return True
        time.sleep(0.05)
    return False


def test_outputs_are_those_of_a_kernel(pool: warm.Pool, empty: Project) -> None:
    wanted = page(empty, "kinds", *KINDS)
    ((_, found),) = pool.run(warm.executed, [wanted], empty)
    expected = kernel.run(wanted, empty)
    for cell, standard in zip(found.cells, expected.cells, strict=True):
        assert cell == standard
    assert any("image/png" in o.get("data", {}) for cell in found.cells for o in cell.outputs)


def test_pages_are_those_of_real_kernels(built: tuple[Project, SiteResult]) -> None:
    project, result = built
    assert "themes/grade_shares" in result.rendered
    wanted = [p for p in all_pages(project) if p.slug in {"themes/grade_shares", "provinces/320000"}]
    made = engine.make_all(make_page, wanted, project, kernels="real")
    found = {p.slug: cache.load(project, cache.page_key(p, project)) == content for p, content in made}
    assert found == {"themes/grade_shares": True, "provinces/320000": True}


def test_no_state_passes_from_page_to_page(pool: warm.Pool, empty: Project) -> None:
    leaving = "import os, sys, pandas\nos.environ['LEFT'] = pandas.left = sys.left = 'x'\nleft = 1\nos.chdir('/')"
    looking = (
        "import os, sys, pandas\n"
        "print('LEFT' in os.environ, hasattr(pandas, 'left'), hasattr(sys, 'left'))\n"
        "print('left' in dir(), os.getcwd() == '/')"
    )
    for name, cell in (("leaving", leaving), ("looking", looking)):
        ((_, done),) = pool.run(warm.executed, [page(empty, name, cell)], empty)
    assert done.cells[0].outputs[0]["text"] == "False False False\nFalse False\n"


def test_the_warm_process_has_one_thread(pool: warm.Pool, empty: Project) -> None:
    list(pool.run(warm.executed, [page(empty, "one", "1")], empty))  # it is ready
    assert len(list(Path(f"/proc/{pool.process}/task").iterdir())) == 1


def test_what_dies_hangs_or_fails_is_named_and_the_others_go_on(pool: warm.Pool, empty: Project) -> None:
    pages = [
        page(empty, "dies", "1", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
        page(empty, "hangs", "import time\nwhile True: time.sleep(9)"),
        page(empty, "exits", "raise SystemExit(0)"),
        page(empty, "fails", "def f(:"),
        page(empty, "good", "print('good')"),
    ]
    found = {p.slug: result for p, result in pool.run(warm.executed, pages, empty, seconds=3)}
    assert found["good"].cells[0].outputs[0]["text"] == "good\n"
    messages = {slug: str(result) for slug, result in found.items() if isinstance(result, TongbaoError)}
    assert set(messages) == {"dies", "hangs", "exits", "fails"}
    assert "dies.ipynb (no parameters): cell 2 (`import os, signal;" in messages["dies"]
    assert "was the last to run: the kernel died" in messages["dies"]
    assert "cell 1 (`import time`) was the last to run: it took more than 3 s" in messages["hangs"]
    assert "cell 1 (`raise SystemExit(0)`) fails: SystemExit" in messages["exits"]
    assert "cell 1 (`def f(:`) fails: SyntaxError" in messages["fails"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_interrupted_leaves_no_process(empty: Project, how: signal.Signals) -> None:
    hanging = (
        "import os, subprocess\nfrom pathlib import Path\nchild = subprocess.Popen(['sleep', '600'])\n"
        "Path('processes.part').write_text(f'{os.getppid()} {os.getpid()} {child.pid}')\n"
        "os.rename('processes.part', 'processes')\nchild.wait()"
    )
    page(empty, "one", hanging)
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from tongbao.project import Project\nfrom tongbao.report import warm\n"
        "from tongbao.report.page import NotebookPage as Page\n"
        "root = Path(sys.argv[1])\n"
        "with warm.Pool() as pool:\n"
        "    list(pool.run(warm.executed, [Page('one', root / 'notebooks/one.ipynb', 'one')], Project(root)))\n"
    )
    build = subprocess.Popen([sys.executable, "-c", program, str(empty.root)], stderr=subprocess.DEVNULL)
    written = empty.root / "processes"
    while not written.is_file():
        assert build.poll() is None, "the build ended before its page was at work"
        time.sleep(0.05)
    processes = [int(number) for number in written.read_text().split()]
    assert all(map(is_alive, processes))
    build.send_signal(how)
    assert build.wait(timeout=20) != 0
    assert wait_until_gone(*processes)


def test_a_platform_without_fork_gets_kernels_and_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engine.choose("warm") == "warm" and engine.choose("real") == "real"
    assert capsys.readouterr().err == ""
    monkeypatch.delattr(os, "fork")
    assert engine.choose("warm") == "real"
    assert capsys.readouterr().err.count("cannot fork") == 1
    with pytest.raises(TongbaoError, match=r"params\.yaml: report\.kernels is 'cold'"):
        engine.choose("cold")
