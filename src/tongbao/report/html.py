"""Pages as HTML: one design, nothing loaded from anywhere, no script.

What belongs here: layout, what of a notebook's outputs may be published, the embedded font, the stamp's place.
What does not: what the stamp says (`stamp`), the proof that a page is self-contained (`selfcheck`).
"""

import base64
import html
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from tongbao.errors import TongbaoError
from tongbao.report import font, selfcheck
from tongbao.report.figure import MADE_HERE
from tongbao.report.safe import escape, mark_chinese, preformatted

if TYPE_CHECKING:
    import nbformat

TEMPLATES = Path(__file__).parent / "templates"
STAMP = "<!-- stamp of the build -->"
"""Where the stamp goes. Scraped text cannot contain it, because `<` is escaped there."""

_STAMP_CHARACTERS = "·–"


def notebook_body(notebook: "nbformat.NotebookNode", place: str) -> str:
    """Return the HTML of an executed notebook's cells.

    Raises:
        TongbaoError: an output may not be published: a warning, a picture without alternative text, HTML that
            no function of `tongbao.report.figure` made.
    """
    from nbconvert import HTMLExporter  # takes a second; a build with nothing to do needs none

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True
    )
    exporter.register_filter("published", lambda output: published(output, place))  # type: ignore[no-untyped-call]
    exporter.register_filter("chinese", mark_chinese)  # type: ignore[no-untyped-call]
    body, _ = exporter.from_notebook_node(notebook)
    return str(body)


def published(output: Any, place: str) -> str:
    """Return the HTML of one output of a cell, or refuse it (see `notebook_body`)."""
    kind = output["output_type"]
    if kind == "stream" and output["name"] == "stdout":
        return f"<pre>{preformatted(output['text'])}</pre>"
    if kind == "stream":
        first = next((line for line in output["text"].splitlines() if line.strip()), "")
        raise TongbaoError(
            f"a warning reached the page: {first}", place=place, remedy="deal with its cause in the notebook"
        )
    data, metadata = output.get("data", {}), output.get("metadata", {})
    if metadata.get(MADE_HERE):
        return str(data["text/html"])
    if set(data) <= {"text/plain"}:
        return f"<pre>{preformatted(data.get('text/plain', ''))}</pre>"
    offered = ", ".join(sorted(set(data) - {"text/plain"}))
    raise TongbaoError(
        f"an output of type {offered} cannot be published as it is",
        place=place,
        remedy="show it with figure(), table(), refusals() or note() of tongbao.report.figure",
    )


def page(*, title: str, body: str, home: str = "", parameters: str = "", place: str = "") -> str:
    """Return a whole page around `body` (HTML), with the font that its characters need, not stamped yet.

    Args:
        title: heading of the page, plain text.
        body: what `notebook_body` or another maker of safe HTML returned.
        home: relative address of the index; empty on the index itself.
        parameters: for the footer, plain text.
        place: named in errors.

    Raises:
        TongbaoError: the font lacks a character of the page, or the page is not self-contained.
    """
    values = {
        "title": html.escape(title),
        "heading": escape(title),
        "zh_name": escape("通报"),
        "home": html.escape(home, quote=True),
        "parameters": escape(parameters),
        "has_code": '<details class="code">' in body,
        "body": body,
        "css": (TEMPLATES / "report" / "style.css").read_text(encoding="utf-8"),
        "stamp": STAMP,
    }
    layout = _layout()
    whole = layout.render(**values, font_face="")
    characters = {c for c in html.unescape(whole) + _STAMP_CHARACTERS if not c.isascii()}
    try:
        face = _font_face(characters)
    except TongbaoError as error:
        raise TongbaoError(error.message, place=place, remedy="write another character") from None
    whole = layout.render(**values, font_face=face)
    selfcheck.require_self_contained(whole, place)
    return whole


def stamped(unstamped: str, stamp_html: str) -> str:
    """Return the page with `stamp_html` in its footer."""
    return unstamped.replace(STAMP, stamp_html, 1)


@lru_cache(maxsize=1)
def _layout() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "report"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # every value is made safe by `page`, in one place
    )
    return environment.get_template("page.html.j2")


def _font_face(characters: set[str]) -> str:
    data = base64.b64encode(font.page_font(characters)).decode("ascii")
    return (
        f'@font-face {{ font-family: "{font.FAMILY}"; font-display: block; '
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }}'
    )
