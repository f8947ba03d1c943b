"""One notebook in this very process, by IPython's shell: what a kernel does, without starting one.

It changes the process (streams, environment, `__main__`), so it is called once, in a child that ends afterwards.
What belongs here: running cells and recording their outputs as a kernel would send them. What does not: making
the child (`warm_server`), preparing and cleaning (`execute`).
"""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import nbformat
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from traitlets.config import Config

from tongbao.project import Project
from tongbao.report import execute
from tongbao.report.page import NotebookPage as Page


class Recorder:
    """The outputs of the cell that runs, in their order."""

    def __init__(self) -> None:
        self.outputs: list[nbformat.NotebookNode] = []
        self._displayed: dict[str, list[nbformat.NotebookNode]] = {}
        self._clear_first = False

    def add(self, kind: str, **content: Any) -> nbformat.NotebookNode:
        """Append an output (`stream`, `display_data`, `execute_result`, `error`)."""
        if self._clear_first:
            self.clear(wait=False)
        output: nbformat.NotebookNode = new_output(kind, **content)  # type: ignore[no-untyped-call]
        self.outputs.append(output)
        return output

    def clear(self, *, wait: bool) -> None:
        """Forget the outputs of the cell, now or when the next one comes."""
        self._clear_first = wait
        if not wait:
            self.outputs.clear()

    def display(self, data: Any, metadata: Any, display_id: str, *, update: bool) -> None:
        """Append displayed data, or put it in the place of what was displayed under `display_id`."""
        if update:
            for output in self._displayed.get(display_id, []):
                output["data"], output["metadata"] = data, metadata
            return
        shown = self.add("display_data", data=data, metadata=metadata)
        if display_id:
            self._displayed.setdefault(display_id, []).append(shown)


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the notebook."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, recorder: Recorder, name: Literal["stdout", "stderr"], number: int) -> None:
        self.name = name
        self._recorder, self._number = recorder, number

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if text:
            self._recorder.add("stream", name=self.name, text=text)
        return len(text)


class _Publisher(DisplayPublisher):
    """`display()` of the notebook."""

    recorder: Recorder

    def publish(  # type: ignore[override]
        self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **_: object
    ) -> None:
        name = (transient or {}).get("display_id", "")
        bundle = _plain(data)
        self.recorder.display(bundle, _plain(metadata or {}), name, update=update)

    def clear_output(self, wait: bool = False) -> None:
        self.recorder.clear(wait=wait)


class _Result(DisplayHook):
    """The value of a cell's last line."""

    recorder: Recorder

    def write_output_prompt(self) -> None:
        """A page shows no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.recorder.add(
            "execute_result",
            data=_plain(format_dict),
            metadata=_plain(md_dict or {}),
            execution_count=self.prompt_count,
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Shell(InteractiveShell):
    """The shell of a kernel, without kernel."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no event loop to bind."""


def run(page: Page, project: Project, scratch: Path, started: Callable[[str], None]) -> nbformat.NotebookNode:
    """Run the page's notebook with its parameters in this process; the working folder becomes the project's root.

    Args:
        page: what to run.
        project: where.
        scratch: an empty folder for what IPython writes, and for what is printed past Python.
        started: told the name of each cell before it runs.

    Returns:
        the executed notebook without anything that differs from run to run.

    Raises:
        TongbaoError: as `kernel.run`.
    """
    notebook = execute.prepare(page, project)
    os.environ.update(execute.environment(page, project, scratch))
    os.chdir(project.root)
    if "" not in sys.path:
        sys.path.insert(0, "")  # as in a kernel
    recorder = Recorder()
    _lead_away(scratch)
    sys.stdout, sys.stderr = _Stream(recorder, "stdout", 1), _Stream(recorder, "stderr", 2)
    shell = _shell(recorder)
    for index, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or "skip-execution" in tags:
            continue
        name = execute.cell_name(notebook, index)
        started(name)
        recorder.outputs = cell.outputs
        cell.execution_count = shell.execution_count
        result = shell.run_cell(cell.source, store_history=True, cell_id=cell.id)  # type: ignore[no-untyped-call]
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            ename, evalue = type(error).__name__, str(error)
            if "raises-exception" not in tags:
                raise execute.failed(page, project, name, ename, evalue)
            recorder.add("error", ename=ename, evalue=evalue, traceback=[])
    return execute.clean(notebook)


def _shell(recorder: Recorder) -> InteractiveShell:
    settings = Config()
    settings.HistoryManager.enabled = False  # writes a data base, in a thread
    settings.InteractiveShell.colors = "nocolor"
    shell: InteractiveShell = _Shell.instance(config=settings, displayhook_class=_Result, display_pub_class=_Publisher)
    shell.displayhook.recorder = recorder  # type: ignore[attr-defined]
    shell.display_pub.recorder = recorder  # type: ignore[attr-defined]
    shell._showtraceback = lambda *_: None  # type: ignore[method-assign]  # a failure is told by its error
    return shell


def _plain(bundle: Any) -> Any:
    """Return displayed data as a kernel would send it: pictures in Base64, nothing that JSON has not."""
    return json_clean(encode_images(bundle))  # type: ignore[no-untyped-call]


def _lead_away(scratch: Path) -> None:
    """Lead what is printed past Python to files: as with a kernel it is no output, but says why a process died."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        handle = os.open(scratch / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)
