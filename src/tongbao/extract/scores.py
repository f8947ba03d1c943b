"""The tables `score_counts` and `deductions` of a circular that reports an inspection; schemes give neither.

Ratings of named units (their lists, grades and bounds) belong to `grades`.
"""

from collections.abc import Iterator

from tongbao.extract.context import Context
from tongbao.extract.deductions import deductions
from tongbao.extract.facts import Fact
from tongbao.extract.scopes import is_relevant
from tongbao.extract.score_counts import score_counts


def scores(context: Context) -> Iterator[Fact]:
    """Yield the rows of `score_counts` and of `deductions`; schemes of evaluation give none."""
    if not is_relevant(context):
        return
    yield from score_counts(context)
    yield from deductions(context)
