"""Pages as HTML: one design, nothing loaded from anywhere, no script but our own.

What belongs here: layout, what of a notebook's outputs may be published, the embedded font, the stamp's place.
What does not: what the stamp says (`stamp`), the proof that a page is self-contained (`selfcheck`).
"""

import base64
import hashlib
import html
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from tongbao.errors import TongbaoError
from tongbao.report import font, prose, selfcheck, stamp
from tongbao.report.figure import MADE_HERE
from tongbao.report.language import say, translate
from tongbao.report.menu import language_tag
from tongbao.report.safe import escape, mark_chinese, preformatted

if TYPE_CHECKING:
    import nbformat

TEMPLATES = Path(__file__).parent / "templates"
MAX_BYTES = 3_000_000
"""The size budget of a page, its font and figures included: what a telephone opens without complaint."""

STYLES = ("style.css",)
SCRIPTS = ("sort.js",)
"""What every page carries, from the folder of templates."""


def notebook_body(notebook: "nbformat.NotebookNode", place: str, language: str = "en") -> str:
    """Return the HTML of an executed notebook's cells, its prose in `language`.

    Raises:
        TongbaoError: an output may not be published: a warning, a picture without alternative text, HTML that
            no function of `tongbao.report.figure` made.
    """
    from nbconvert import HTMLExporter, TemplateExporter  # takes a second; a build with nothing to do needs none
    from nbconvert.filters import Highlight2HTML

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True
    )
    exporter.register_filter("highlight_code", Highlight2HTML(parent=exporter))  # type: ignore[no-untyped-call]
    exporter.register_filter("published", lambda output: published(output, place))  # type: ignore[no-untyped-call]
    exporter.register_filter("chinese", mark_chinese)  # type: ignore[no-untyped-call]
    exporter.register_filter("prose", lambda source: prose.translated(source, language))  # type: ignore[no-untyped-call]
    exporter.register_filter("said", lambda text: escape(translate(text, language)))  # type: ignore[no-untyped-call]
    # HTMLExporter's own would read the finished HTML again, to mend pictures without alternative text: `published`
    # lets none pass.
    body, _ = TemplateExporter.from_notebook_node(exporter, notebook)
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


def page(
    *,
    title: str,
    body: str,
    language: str = "en",
    home: str = "",
    menu: str = "",
    parameters: str = "",
    place: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
) -> str:
    """Return a whole page around `body` (HTML), with the font that its characters need, not stamped yet.

    Args:
        title: heading of the page, plain text.
        body: what `notebook_body` or another maker of safe HTML returned.
        language: of the page, "en" or "zh".
        home: relative address of the front page; empty on that page itself.
        menu: what `menu.menu_html` returned.
        parameters: for the footer, plain text.
        place: named in errors.
        styles: further style sheets from the folder of templates.
        scripts: further scripts from there; nothing else may run.

    Raises:
        TongbaoError: the font lacks a character of the page, or the page is not self-contained or too large.
    """
    code = [_template(name) for name in (*SCRIPTS, *scripts)]
    style = "\n".join(_template(name) for name in (*STYLES, *styles))
    values = {
        "language": language_tag(language),
        "title": html.escape(title),
        "heading": escape(title),
        "zh_name": escape("通报"),
        "home": html.escape(home, quote=True),
        "menu": menu,
        "parameters": escape(parameters),
        "has_code": '<details class="code">' in body,
        "body": body,
        "scripts": code,
        "script_hashes": " ".join(_source_hash(text) for text in code),
        "stamp": stamp.PLACE,
        "say": lambda text: escape(say(text, language)),
    }
    layout = _layout()
    whole = layout.render(**values, style=style, style_hash="")
    characters = {c for c in html.unescape(whole) if not c.isascii()} | stamp.characters(language)
    try:
        style = f"{_font_face({c for c in characters if not c.isascii()})}\n{style}"
    except TongbaoError as error:
        raise TongbaoError(error.message, place=place, remedy="write another character") from None
    whole = layout.render(**values, style=style, style_hash=_source_hash(style))
    selfcheck.require_self_contained(whole, place, code)
    _require_small(whole, place)
    return whole


def _require_small(whole: str, place: str) -> None:
    size = len(whole.encode("utf-8"))
    if size > MAX_BYTES:
        images = sum(len(part.split('"', 1)[0]) for part in whole.split('src="data:image/')[1:])
        raise TongbaoError(
            f"the page is {size / 1e6:.1f} MB large, {images / 1e6:.1f} MB of it figures; the budget is "
            f"{MAX_BYTES / 1e6:.1f} MB",
            place=place,
            remedy="show fewer rows or draw fewer points; the tables hold them all",
        )


@lru_cache(maxsize=16)
def _template(name: str) -> str:
    return (TEMPLATES / "report" / name).read_text(encoding="utf-8")


def _source_hash(text: str) -> str:
    """How the content security policy names a style or script that may act (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


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
