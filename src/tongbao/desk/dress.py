"""Chinese that can be read in a notebook, also on a machine without a Chinese font.

What belongs here: showing the style sheet of `tongbao.report.lab` once a kernel, before the first thing with Chinese.
"""

from functools import lru_cache
from pathlib import Path

from tongbao.project import Project, find_project
from tongbao.report import lab


def dress() -> None:
    """Show the style sheet in the notebook, once; outside a notebook, and in a page that is built, do nothing."""
    _once(find_project().root)


@lru_cache(maxsize=2)
def _once(root: Path) -> None:
    if lab.is_interactive():
        lab.dress(Project(root))
