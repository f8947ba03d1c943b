import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report import engine, execute, html, kernel, warm
from tongbao.report.page import NotebookPage as Page


def notebook(*cells: str, parameters: str = "") -> nbformat.NotebookNode:
    """A notebook as an editor leaves it: without a kernel's name, with random ids."""
    made = nbformat.v4.new_notebook()
    if parameters:
        made.cells.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    made.cells += [nbformat.v4.new_code_cell(source) for source in cells]
    return made


def page(project: Project, nb: nbformat.NotebookNode, **parameters: object) -> Page:
    path = project.notebooks / "one.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return Page("one", path, "One", parameters, (project.analysis / "declared.json",))


Ran = Callable[[Page, Project], nbformat.NotebookNode]


@pytest.fixture(scope="module")
def pool() -> Iterator[warm.Pool]:
    with warm.Pool(1) as started:
        yield started


@pytest.fixture(params=engine.KERNELS)
def run(request: pytest.FixtureRequest) -> Ran:
    """Runs a page's notebook in one of the two ways."""
    if request.param == "real":
        return kernel.run
    warm_pool = request.getfixturevalue("pool")

    def in_pool(page: Page, project: Project) -> nbformat.NotebookNode:
        ((_, result),) = warm_pool.run(warm.executed, [page], project)
        if isinstance(result, TongbaoError):
            raise result
        return result

    return in_pool


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    (tmp_path / "data" / "reference").mkdir(parents=True)
    (tmp_path / "params.yaml").touch()
    return Project(tmp_path)


def test_unknown_parameter_is_named_with_the_known_ones(empty: Project) -> None:
    wanted = page(empty, notebook(parameters='code = "1"  # what\nlevel: float = 0.9\n'), cdoe="2")
    with pytest.raises(TongbaoError, match=r"notebooks/one\.ipynb: no such parameter: cdoe; known: code, level"):
        execute.prepare(wanted, empty)


def test_a_notebook_without_parameters_takes_none(empty: Project) -> None:
    with pytest.raises(TongbaoError, match="known: none"):
        execute.prepare(page(empty, notebook("1"), code="2"), empty)


def test_missing_notebook(empty: Project) -> None:
    with pytest.raises(TongbaoError, match="no such notebook"):
        execute.prepare(Page("one", empty.notebooks / "no.ipynb", "One"), empty)


def test_kernel_is_this_python_in_the_projects_root_with_everything_set(run: Ran, empty: Project) -> None:
    looked_at = (
        "import json, os, sys\n"
        "from tongbao.project import find_project\n"
        "names = ['OMP_NUM_THREADS', 'PYTHONHASHSEED', 'TONGBAO_PAGE_INPUTS']\n"
        "print(json.dumps([sys.executable, os.getcwd(), str(find_project().root), code,"
        " [os.environ[n] for n in names], os.getpid()]))"
    )
    done = run(page(empty, notebook(looked_at, parameters='code = "000000"'), code="320000"), empty)
    executable, folder, root, code, variables, process = json.loads(done.cells[-1].outputs[0]["text"])
    assert Path(executable).samefile(sys.executable)
    assert folder == root == str(empty.root)
    assert code == "320000"
    with pytest.raises(ProcessLookupError):  # the kernel is gone
        os.kill(process, 0)
    assert variables == ["1", "0", "declared"]
    assert [c["id"] for c in done.cells] == ["cell-001", "cell-002", "cell-003"]
    assert set(done.metadata) == {"kernelspec"}
    assert not [c for c in done.cells if {"papermill", "execution"} & c.metadata.keys()]


def test_failing_cell_is_named_with_its_parameters(run: Ran, empty: Project, capfd: pytest.CaptureFixture[str]) -> None:
    wanted = page(empty, notebook("ok = 1", "\n1 / 0", parameters="code = '1'"), code="2")
    with pytest.raises(TongbaoError) as caught:
        run(wanted, empty)
    assert "notebooks/one.ipynb (code = '2'): cell 3 (`1 / 0`) fails: ZeroDivisionError" in str(caught.value)
    assert capfd.readouterr() == ("", "")  # a kernel's own chatter stays out of the build's


def test_a_kernel_that_dies_is_told_apart(run: Ran, empty: Project) -> None:
    with pytest.raises(TongbaoError, match=r"cell 1 \(`import os; os\._exit\(3\)`\).*the kernel died"):
        run(page(empty, notebook("import os; os._exit(3)")), empty)


def test_undeclared_input_is_refused(run: Ran, empty: Project) -> None:
    reading = "from tongbao.report.inputs import analysis\nanalysis('other')"
    with pytest.raises(TongbaoError, match=r"does not declare the analysis 'other' \(declared: declared\)"):
        run(page(empty, notebook(reading)), empty)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ({"output_type": "stream", "name": "stderr", "text": "\nFutureWarning: <b>\n"}, "warning reached the page"),
        ({"output_type": "display_data", "data": {"text/html": "<b>"}, "metadata": {}}, "text/html cannot be"),
        ({"output_type": "display_data", "data": {"image/png": "AA", "text/plain": ""}}, "image/png cannot be"),
        ({"output_type": "execute_result", "data": {"application/javascript": "1"}}, "javascript cannot be"),
    ],
)
def test_outputs_that_are_not_published(output: dict[str, object], message: str) -> None:
    with pytest.raises(TongbaoError, match=message):
        html.published(output, "x.ipynb")


def test_outputs_that_are_published() -> None:
    assert (
        html.published({"output_type": "stream", "name": "stdout", "text": "a\n<b>"}, "") == "<pre>a\n&lt;b&gt;</pre>"
    )
    assert (
        html.published({"output_type": "execute_result", "data": {"text/plain": "<b>"}}, "") == "<pre>&lt;b&gt;</pre>"
    )
    made = {"output_type": "display_data", "data": {"text/html": "<p>1</p>"}, "metadata": {"tongbao": True}}
    assert html.published(made, "") == "<p>1</p>"


def test_a_page_names_the_character_that_the_font_lacks() -> None:
    with pytest.raises(TongbaoError, match=r"x\.ipynb: the Chinese font has no glyph for U\+E000"):
        html.page(title="x", body="\ue000", place="x.ipynb")


def test_a_page_that_would_load_something_is_refused() -> None:
    with pytest.raises(TongbaoError, match="not self-contained"):
        html.page(title="x", body='<img src="http://example.invalid/a.png">', place="x.ipynb")


def test_title_is_escaped() -> None:
    made = html.page(title='</title><script>"省"', body="")
    assert '<script>"' not in made and re.search("<title>&lt;/title&gt;&lt;script&gt;", made)
