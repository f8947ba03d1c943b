"""Notebooks run: parameters in, executed notebook out, the same bytes each time.

What belongs here: checking parameters, what a run is given, how a failure is told, cleaning what a run leaves
behind. What does not: the two ways to run cells (`warm_shell`, `kernel`), many pages at a time (`engine`), which
pages there are (`pages`), HTML (`html`), whether to run at all (`cache`).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.inputs import DECLARED
from tongbao.report.page import NotebookPage, read_notebook
from tongbao.report.page import Page as AnyPage

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_SECONDS = 600
"""A cell that runs longer is stopped."""

FIXED = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""Environment of every run, whatever the user's: all that could change a number or a byte."""

_RUN_IT = "open the notebook in JupyterLab with these parameters and run it"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def check_parameters(notebook: "NotebookNode", parameters: Mapping[str, object], place: str) -> None:
    """Compare `parameters` with the notebook's own cell tagged `parameters`.

    papermill itself passes unknown names on, so that a slip would show the defaults without a word.


    Raises:
        TongbaoError: one of them is unknown there.
    """
    from papermill.translators import PythonTranslator

    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    known = {p.name for cell in tagged for p in PythonTranslator.inspect(cell)}
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise TongbaoError(
            f"no such parameter: {', '.join(unknown)}; known: {', '.join(sorted(known)) or 'none'}",
            place=place,
            remedy="correct the name, or add it to the notebook's cell tagged `parameters`",
        )


def prepare(page: NotebookPage, project: Project) -> "NotebookNode":
    """Return the page's notebook with its parameters in a cell of their own, as papermill puts them; no outputs.

    Raises:
        TongbaoError: the notebook is missing or does not know a parameter.
    """
    import logging

    from papermill.parameterize import parameterize_notebook

    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = read_notebook(page.notebook)
    check_parameters(notebook, page.parameters, notebook_name(page, project))
    notebook.metadata["papermill"] = {}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill relies on it
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if page.parameters:
        notebook = parameterize_notebook(notebook, dict(page.parameters), kernel_name="python3", language="python")
    return notebook


def environment(page: NotebookPage, project: Project, scratch: Path) -> dict[str, str]:
    """The environment of a run: ours, with everything set that could change a number or a byte.

    Args:
        page: its inputs are declared to the notebook.
        project: the notebook finds it whatever its working folder.
        scratch: an empty folder; no start-up file and no history of the user is read.
    """
    return {
        **os.environ,
        **FIXED,
        "TONGBAO_PROJECT": str(project.root),
        DECLARED: ",".join(path.stem for path in page.inputs),
        "IPYTHONDIR": str(scratch),
    }


def clean(notebook: "NotebookNode") -> "NotebookNode":
    """Take out what differs from run to run: times, random ids, versions, addresses, where a stream was cut."""
    for key in sorted(set(notebook.metadata) - {"kernelspec"}):
        del notebook.metadata[key]
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number:03d}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "outputs" in cell:
            cell["outputs"] = _joined(cell["outputs"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = _ADDRESS.sub(" at 0x…", output["text"])
            data: dict[str, Any] = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = _ADDRESS.sub(" at 0x…", data["text/plain"])
    return notebook


def parameters_text(page: AnyPage) -> str:
    """Return the page's parameters as `name = value`, sorted, for messages and footers."""
    return ", ".join(f"{k} = {v!r}" for k, v in sorted(page.parameters.items())) or "no parameters"


def notebook_name(page: AnyPage, project: Project) -> str:
    """Return the notebook's path as seen from the project's root; of a page without one, the page's."""
    if not isinstance(page, NotebookPage):
        return f"reports/{page.slug}.html"
    return page.notebook.relative_to(project.root).as_posix()


def cell_name(notebook: "NotebookNode", index: int) -> str:
    """Name the cell at `index` (0 is the first), counted as in the notebook's source, with its first line."""
    number = 0
    for cell in notebook.cells[: index + 1]:
        injected = "injected-parameters" in cell.metadata.get("tags", [])
        number += not injected
    label = "the cell of parameters" if injected else f"cell {number}"
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return f"{label} (`{lines[0].strip()}`)" if lines else label


def failed(page: AnyPage, project: Project, cell: str, ename: str, evalue: str) -> TongbaoError:
    """Return the error to raise when a cell raised `ename` with the text `evalue`."""
    return TongbaoError(
        f"{cell} fails: {ename}: {_ANSI.sub('', evalue)}",
        place=f"{notebook_name(page, project)} ({parameters_text(page)})",
        # An error of our own says already what to do.
        remedy="" if ename == TongbaoError.__name__ else _RUN_IT,
    )


def stopped(page: AnyPage, project: Project, cell: str, reason: str) -> TongbaoError:
    """Return the error to raise when the run ended in or after `cell` without an answer."""
    return TongbaoError(
        f"{cell or 'no cell'} was the last to run: {reason}",
        place=f"{notebook_name(page, project)} ({parameters_text(page)})",
        remedy=_RUN_IT,
    )


def too_long(seconds: float) -> str:
    """Say that a cell was stopped at its limit."""
    return f"it took more than {seconds:g} s"


def died(log: str) -> str:
    """Say that the process of a run died, with the last line of what it printed outside the notebook."""
    last = [line for line in log.splitlines() if line.strip()][-1:]
    return f"the kernel died {''.join(last)}".strip()


def _joined(outputs: "list[NotebookNode]") -> "list[NotebookNode]":
    """Join neighbouring pieces of one stream: where a kernel cuts it depends on the clock."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        kinds = [(o["output_type"], o.get("name")) for o in (last, output) if o is not None]
        if last is not None and kinds[0] == kinds[1] and kinds[0][0] == "stream":
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined
