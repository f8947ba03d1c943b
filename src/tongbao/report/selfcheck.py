"""The proof, for each page, that it is self-contained and inert; a page that fails it is never written.

What belongs here: reading finished HTML. What does not: making it.
"""

import re
from collections.abc import Collection
from html.parser import HTMLParser

from tongbao.errors import TongbaoError

_FORBIDDEN = re.compile("applet|audio|base|embed|form|frame|frameset|iframe|link|object|source|svg|track|video")
_LOADING = frozenset(("action", "background", "data", "formaction", "poster", "src", "srcset"))
_CSS_LOAD = re.compile(r"""@import|url\((?!\s*["']?data:)""", re.IGNORECASE)
_LINK = re.compile(r"#|https?://|(?![a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


class _Reader(HTMLParser):
    """Collects what a page must not contain."""

    def __init__(self, scripts: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self._scripts = scripts
        self._in_style = False
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        self._in_style = tag == "style"
        if tag == "script":
            self._in_script = True
            self.faults += [f"line {line}: <script {name}=…>" for name, _ in attrs]
            self.faults += [] if self._scripts else [f"line {line}: <script>"]
        if _FORBIDDEN.fullmatch(tag) or (tag == "button" and dict(attrs).get("type") != "button"):
            self.faults.append(f"line {line}: <{tag}>")
        for name, value in ((n, v or "") for n, v in attrs):
            if name.startswith("on"):
                self.faults.append(f"line {line}: attribute {name} of <{tag}>")
            elif name in _LOADING and not ((tag, name) == ("img", "src") and value.startswith("data:image/")):
                self.faults.append(f"line {line}: <{tag} {name}=…> loads something")
            elif name == "href" and not _LINK.match(value.strip()):
                self.faults.append(f"line {line}: link to {value[:40]}")
            elif name == "style" and _CSS_LOAD.search(value):
                self.faults.append(f"line {line}: style of <{tag}> loads something")
            elif name == "id":
                if value in self.ids:
                    self.faults.append(f"line {line}: the id {value} occurs twice; pass name= to one of the two")
                self.ids.add(value)
            elif (tag, name) == ("meta", "http-equiv") and value.lower() != "content-security-policy":
                self.faults.append(f"line {line}: <meta http-equiv={value}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False
        if tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data not in self._scripts:
            self.faults.append(f"line {self.getpos()[0]}: a script that is not ours")
        if self._in_style and _CSS_LOAD.search(data):
            self.faults.append("the style sheet loads something")


def faults(page: str, scripts: Collection[str] = ()) -> list[str]:
    """Return what in `page` (HTML) would load, run or send something, or repeats an id. Links are allowed.

    Args:
        page: the whole page.
        scripts: the texts of the scripts that it may hold; every other one is a fault.
    """
    reader = _Reader(scripts)
    reader.feed(page)
    reader.close()
    return reader.faults


def require_self_contained(page: str, place: str, scripts: Collection[str] = ()) -> None:
    """Raise a TongbaoError that names the first faults of `page`."""
    found = faults(page, scripts)
    if found:
        raise TongbaoError(
            f"the page is not self-contained: {'; '.join(found[:5])}",
            place=place,
            remedy="take it out of the notebook's text, or show it through tongbao.report.figure",
        )
