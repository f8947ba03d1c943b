"""One notebook in a real Jupyter kernel, as papermill and nbclient run it: slow to start, the standard to compare with.

What belongs here: starting the kernel and telling why it ended. What does not: `execute` prepares and cleans.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tongbao.project import Project
from tongbao.report import execute
from tongbao.report.page import NotebookPage as Page


class _OwnKernel(AsyncKernelManager):
    """Starts kernels with the Python that runs us, whatever kernels are installed for the user."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


def run(page: Page, project: Project, seconds: float = execute.CELL_SECONDS) -> nbformat.NotebookNode:
    """Run the page's notebook with its parameters in a fresh kernel; the working folder is the project's root.

    Args:
        page: what to run.
        project: where.
        seconds: limit of each cell.

    Returns:
        the executed notebook without anything that differs from run to run.

    Raises:
        TongbaoError: the notebook is missing, does not know a parameter, or a cell fails; the message names
            notebook, cell and parameters.
    """
    notebook = execute.prepare(page, project)
    with tempfile.TemporaryDirectory(prefix="tongbao-kernel-") as scratch:
        _run(notebook, page, project, Path(scratch), seconds)
    return execute.clean(notebook)


def _run(notebook: nbformat.NotebookNode, page: Page, project: Project, scratch: Path, seconds: float) -> None:
    # The kernel's own chatter (transport, debugger) goes to a file; it is read only when the kernel dies.
    with (scratch / "kernel.log").open("w+", encoding="utf-8", errors="replace") as log:
        started = ""

        def note(cell: nbformat.NotebookNode, cell_index: int) -> None:
            nonlocal started
            started = execute.cell_name(notebook, cell_index)

        client = NotebookClient(
            notebook,
            # Noted before the cell is sent: a kernel that dies at once has answered nothing to tell it by.
            on_cell_start=note,
            kernel_manager_class=_OwnKernel,
            kernel_name="python3",
            timeout=max(1, round(seconds)),
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(project.root)}},
        )
        try:
            client.execute(env=execute.environment(page, project, scratch), stdout=log, stderr=log)
        except CellExecutionError as error:
            raise execute.failed(page, project, started, error.ename, error.evalue) from None
        except CellTimeoutError:
            raise execute.stopped(page, project, started, execute.too_long(seconds)) from None
        except DeadKernelError:
            log.seek(0)
            raise execute.stopped(page, project, started, execute.died(log.read())) from None
