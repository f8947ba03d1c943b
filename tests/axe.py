"""axe-core in a page: what it calls serious or critical of WCAG 2.2 A and AA, as short lines."""

import json
from functools import lru_cache
from importlib import resources

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")

N_ROWS = 8
_SHORTEN = """n => document.querySelectorAll('tbody').forEach(b => [...b.rows].slice(n).forEach(r => r.remove()))"""

_RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
  return found.violations.map(v =>
    [v.impact, v.id, v.nodes.length, v.nodes[0].html.slice(0, 160), v.nodes[0].failureSummary]);
}"""


@lru_cache(maxsize=1)
def source() -> str:
    """The script of axe-core that the lock installs."""
    pytest.importorskip("axe_playwright_python")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page) -> list[str]:
    """Return the grave violations of the page as it is shown now. No target is too small on paper.

    Rows of a table are alike, and examining hundreds takes minutes: each table keeps its first `N_ROWS` from here on.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(source())
        page.evaluate(_SHORTEN, N_ROWS)
    idle = {"target-size"} if page.evaluate("matchMedia('print').matches") else set()
    return [json.dumps(v, ensure_ascii=False) for v in page.evaluate(_RUN, TAGS) if v[0] in GRAVE and v[1] not in idle]
