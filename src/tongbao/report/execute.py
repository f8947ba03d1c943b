"""Notebooks run: parameters in, executed notebook out, the same bytes each time.

What belongs here: checking parameters, the kernel, cleaning what a run leaves behind. What does not: which
pages there are (`pages`), HTML (`html`), whether to run at all (`cache`).
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.parameterize import parameterize_notebook
from papermill.translators import PythonTranslator

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.inputs import DECLARED
from tongbao.report.page import NotebookPage as Page
from tongbao.report.page import read_notebook

CELL_SECONDS = 600
"""A cell that runs longer is stopped."""

logging.getLogger("papermill").setLevel(logging.ERROR)

_RUN_IT = "open the notebook in JupyterLab with these parameters and run it"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class _OwnKernel(AsyncKernelManager):
    """Starts kernels with the Python that runs us, whatever kernels are installed for the user."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


def check_parameters(notebook: nbformat.NotebookNode, parameters: Mapping[str, object], place: str) -> None:
    """Compare `parameters` with the notebook's own cell tagged `parameters`.

    papermill itself passes unknown names on, so that a slip would show the defaults without a word.


    Raises:
        TongbaoError: one of them is unknown there.
    """
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    known = {p.name for cell in tagged for p in PythonTranslator.inspect(cell)}
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise TongbaoError(
            f"no such parameter: {', '.join(unknown)}; known: {', '.join(sorted(known)) or 'none'}",
            place=place,
            remedy="correct the name, or add it to the notebook's cell tagged `parameters`",
        )


def execute(page: Page, project: Project) -> nbformat.NotebookNode:
    """Run the page's notebook with its parameters in a fresh kernel; the working folder is the project's root.

    Returns:
        the executed notebook without anything that differs from run to run.

    Raises:
        TongbaoError: the notebook is missing, does not know a parameter, or a cell fails; the message names
            notebook, cell and parameters.
    """
    place = page.notebook.relative_to(project.root).as_posix()
    notebook = read_notebook(page.notebook)
    check_parameters(notebook, page.parameters, place)
    notebook.metadata["papermill"] = {}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill relies on it
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if page.parameters:
        notebook = parameterize_notebook(notebook, dict(page.parameters), kernel_name="python3", language="python")
    with tempfile.TemporaryDirectory(prefix="tongbao-kernel-") as scratch:
        _run(notebook, page, project, place, Path(scratch))
    return clean(notebook)


def _run(notebook: nbformat.NotebookNode, page: Page, project: Project, place: str, scratch: Path) -> None:
    # The kernel's own chatter (transport, debugger) goes to a file; it is read only when the kernel dies.
    with (scratch / "kernel.log").open("w+", encoding="utf-8", errors="replace") as log:
        started: list[int] = []
        client = NotebookClient(
            notebook,
            # Noted before the cell is sent: a kernel that dies at once has answered nothing to tell it by.
            on_cell_start=lambda cell, cell_index: started.append(cell_index),
            kernel_manager_class=_OwnKernel,
            kernel_name="python3",
            timeout=CELL_SECONDS,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(project.root)}},
        )
        try:
            client.execute(env=_environment(page, project, scratch), stdout=log, stderr=log)
        except CellExecutionError as error:
            raise TongbaoError(
                f"{_cell(notebook, started)} fails: {error.ename}: {_ANSI.sub('', error.evalue)}",
                place=f"{place} ({parameters_text(page)})",
                # An error of our own says already what to do.
                remedy="" if error.ename == TongbaoError.__name__ else _RUN_IT,
            ) from None
        except (CellTimeoutError, DeadKernelError) as error:
            raise TongbaoError(
                f"{_cell(notebook, started)} was the last to run: {_reason(error, log)}",
                place=f"{place} ({parameters_text(page)})",
                remedy=_RUN_IT,
            ) from None


def _environment(page: Page, project: Project, scratch: Path) -> dict[str, str]:
    """The environment of a kernel: ours, with everything set that could change a number or a byte."""
    return {
        **os.environ,
        "TONGBAO_PROJECT": str(project.root),
        DECLARED: ",".join(path.stem for path in page.inputs),
        "IPYTHONDIR": str(scratch),  # no start-up files, no history of the user
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from run to run: times, random ids, versions, addresses in memory."""
    for key in sorted(set(notebook.metadata) - {"kernelspec"}):
        del notebook.metadata[key]
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number:03d}"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = _ADDRESS.sub(" at 0x…", output["text"])
            data: dict[str, Any] = output.get("data", {})
            if "text/plain" in data:
                data["text/plain"] = _ADDRESS.sub(" at 0x…", data["text/plain"])
    return notebook


def parameters_text(page: Page) -> str:
    """Return the page's parameters as `name = value`, sorted, for messages and footers."""
    return ", ".join(f"{k} = {v!r}" for k, v in sorted(page.parameters.items())) or "no parameters"


def _cell(notebook: nbformat.NotebookNode, started: list[int]) -> str:
    """Name the last cell that was started, counted as in the notebook's source, with its first line."""
    if not started:
        return "no cell"
    number = 0
    for cell in notebook.cells[: started[-1] + 1]:
        injected = "injected-parameters" in cell.metadata.get("tags", [])
        number += not injected
    label = "the cell of parameters" if injected else f"cell {number}"
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return f"{label} (`{lines[0].strip()}`)" if lines else label


def _reason(error: Exception, log: IO[str]) -> str:
    if isinstance(error, CellTimeoutError):
        return f"it took more than {CELL_SECONDS} s"
    log.seek(0)
    last = [line for line in log.read().splitlines() if line.strip()][-1:]
    return f"the kernel died {''.join(last)}".strip()
