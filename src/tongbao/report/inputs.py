"""What a notebook reads: analyses, by name, and only those that its page declares.

A page is rendered anew when a declared input changes. A notebook that read something else would show stale
numbers, so it is stopped here.
"""

import os
from typing import TYPE_CHECKING

from tongbao.errors import TongbaoError
from tongbao.project import find_project

if TYPE_CHECKING:
    from tongbao.stats.result import Analysis

DECLARED = "TONGBAO_PAGE_INPUTS"
"""Environment variable that the runner sets: names of the analyses of the page, with commas."""


def analysis(name: str) -> "Analysis":
    """Return `data/analysis/<name>.json` of the project around the working folder.

    Raises:
        TongbaoError: it has not been made, is malformed, or the page that is being built does not declare it.
    """
    declared = os.environ.get(DECLARED)
    if declared is not None and name not in declared.split(","):
        raise TongbaoError(
            f"the page does not declare the analysis {name!r} (declared: {declared or 'none'})",
            remedy="add it to the inputs of the page in tongbao/report/pages.py",
        )
    from tongbao.stats.result import Analysis  # brings pandas, which asking for `DECLARED` does not need

    _read[name] = Analysis.read(find_project().analysis / f"{name}.json")
    return _read[name]


def read_so_far() -> "list[Analysis]":
    """Return the analyses that this notebook has read: what its sentences are about."""
    return list(_read.values())


_read: "dict[str, Analysis]" = {}
