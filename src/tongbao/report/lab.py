"""What pages bring along and JupyterLab does not: the Chinese font and the look of our tables.

On a machine without a Chinese font a notebook would show empty boxes. What belongs here: the style sheet that
`style.use()` shows once in an interactive notebook. A page that is being built never gets it.
"""

import base64
import os
from pathlib import Path

from tongbao.project import Project
from tongbao.report import catalogue, font
from tongbao.report.inputs import DECLARED
from tongbao.report.safe import escape
from tongbao.tidy.whole import write_whole

_RULES = """
.jp-RenderedHTMLCommon :is(table, figcaption, p, li, h1, h2, h3) {
  font-family: system-ui, "DejaVu Sans", "%(family)s", sans-serif;
}
.jp-RenderedText pre, .cm-editor .cm-content { font-family: var(--jp-code-font-family), "%(family)s", monospace; }
.jp-RenderedHTMLCommon :lang(zh) { font-family: "%(family)s", sans-serif; }
.jp-RenderedHTMLCommon .scroll :is(th, td, caption) { text-align: left; vertical-align: top; max-width: 26rem; }
.jp-RenderedHTMLCommon table.dataTable :is(th, td):not(.dt-type-numeric) { text-align: left; }
.jp-RenderedHTMLCommon .scroll .n { text-align: right; }
.jp-RenderedHTMLCommon .plot { background: #ffffff; }
"""


def is_interactive() -> bool:
    """Say whether a person sits before the notebook: it runs in a kernel, and no page is being built from it."""
    if DECLARED in os.environ:
        return False
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def dress(project: Project) -> None:
    """Show the style sheet in the notebook: a font with the characters of the project's texts, and table rules."""
    from IPython.display import HTML, display

    display(HTML(f"<style>{_font_face(project)}{_RULES % {'family': font.FAMILY}}</style>"))  # type: ignore[no-untyped-call]


def _font_face(project: Project) -> str:
    texts = [*project.analysis.glob("*.json"), *(project.reference / catalogue.FOLDER).glob("*.csv")]
    texts += [*project.tidy.glob("*.csv"), *(project.interim / "text").glob("*.txt")]
    texts += [project.reference / f"{name}.csv" for name in ("columns", "problems", "tables", "value_labels")]
    characters = {c for path in texts for c in path.read_text("utf-8")}
    wanted = {c for c in characters | set(escape("通报")) if not c.isascii() and ord(c) in font.covered()}
    data = base64.b64encode(_kept(project.root / ".tongbao" / "font", wanted)).decode("ascii")
    return f'@font-face {{ font-family: "{font.FAMILY}"; src: url("data:font/woff2;base64,{data}") format("woff2"); }}'


def _kept(folder: Path, wanted: set[str]) -> bytes:
    """Cut the font once for a set of characters; the last cut is kept, with its characters in a file beside it."""
    cut, listed = folder / "lab.woff2", folder / "lab.txt"
    key = font.fingerprint() + "".join(sorted(wanted))
    if not (cut.is_file() and listed.is_file() and listed.read_text("utf-8") == key):
        folder.mkdir(parents=True, exist_ok=True)
        listed.unlink(missing_ok=True)
        cut.write_bytes(font.page_font(wanted))
        write_whole(listed, key.encode("utf-8"))
    return cut.read_bytes()
