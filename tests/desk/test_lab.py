"""JupyterLab in a real browser: it starts, opens explore.ipynb, runs every cell, and draws Chinese labels."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from browser import chromium, listen
from tongbao.project import Project

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
NOTEBOOK = "notebooks/explore.ipynb"
PATIENCE = 240  # seconds, on a busy machine


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def lab(project: Project, private: Path, log: Path) -> Iterator[tuple[str, str]]:
    """JupyterLab on loopback with settings and runtime files of its own; gives its address and token."""
    port, token = free_port(), secrets.token_hex(16)
    settings = private / "settings/@jupyterlab/notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TONGBAO_", "JUPYTER"))}
    environment |= {
        "HOME": str(private),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        "IPYTHONDIR": str(private / "ipython"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={project.root}"),
        *(f"--IdentityProvider.token={token}", "--LabApp.news_url=None"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment, cwd=project.root, stdout=out, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/api?token={token}", server, log)
            yield address, token
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text("utf-8", errors="replace")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", errors="replace"))


DONE = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent.trim());
  const ran = prompts.length > 0 && prompts.every(p => /^\\[\\d+\\]:$/.test(p));
  const failed = document.querySelector('[data-mime-type="application/vnd.jupyter.error"]');
  return ran || failed !== null;
}"""

PICTURES = """() =>
  [...document.querySelectorAll('.jp-OutputArea-output img')].map(i => [i.naturalWidth, i.naturalHeight])"""


@pytest.fixture(scope="module")
def after(project: Project, tmp_path_factory: pytest.TempPathFactory):
    """What is seen once all cells have run: the notebook as saved, its pictures in the page, what was asked for."""
    private = tmp_path_factory.mktemp("lab")
    with lab(project, private, private / "lab.log") as (address, token), chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE * 1000)
        requests, messages = listen(page)
        page.goto(f"{address}/lab/tree/{NOTEBOOK}?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        # The menu runs nothing, silently, before a kernel is there; the status bar says when it is.
        page.wait_for_function("() => /\\| Idle/.test(document.body.innerText)")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(DONE)
        shown = page.evaluate(PICTURES)
        tables = page.locator(".jp-OutputArea-output table.dataTable").count()
        page.keyboard.press("Control+s")
        yield saved_with_outputs(project.root / NOTEBOOK), shown, tables, requests, messages


def saved_with_outputs(path: Path):
    """The notebook once JupyterLab has saved what its cells gave; while that is being written the file is no JSON."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            notebook = nbformat.read(path, 4)
        except nbformat.reader.NotJSONError:
            notebook = None
        if notebook and any(c.get("outputs") for c in notebook.cells):
            return notebook
        time.sleep(0.2)
    raise AssertionError(f"{path}: nothing was saved")


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_cell_runs_without_error(after):
    notebook = after[0]
    assert code_cells(notebook)
    for cell in code_cells(notebook):
        bad = [o for o in cell.outputs if o.output_type == "error" or o.get("name") == "stderr"]
        assert bad == [], cell.source
        assert cell.execution_count, cell.source


def test_a_figure_with_chinese_labels_is_shown(after):
    notebook, shown, *_ = after
    drawn = [c.source for c in code_cells(notebook) for o in c.outputs if "image/png" in o.get("data", {})]
    assert len(drawn) == 3
    assert all(width > 300 and height > 80 for width, height in shown) and len(shown) == 3
    # The notebook itself asserts that no font lacks a glyph; that cell was among those that ran.
    assert sum("missing_glyphs(ax) == []" in c.source for c in code_cells(notebook)) == 3
    assert any("广东省" in source for source in drawn)
    said = json.dumps([c.outputs for c in code_cells(notebook)], ensure_ascii=False)
    assert "missing from" not in said


def test_tables_can_be_sorted_and_nothing_is_loaded_from_elsewhere(after):
    _, _, tables, requests, _ = after
    assert tables >= 2
    elsewhere = [u for u in requests if not u.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))]
    assert elsewhere == []


def test_the_committed_notebooks_stay_without_outputs(after):
    for name in ("explore", "start"):
        cells = json.loads((ROOT / f"notebooks/{name}.ipynb").read_text("utf-8"))["cells"]
        assert all(not c.get("outputs") and c.get("execution_count") is None for c in cells)
