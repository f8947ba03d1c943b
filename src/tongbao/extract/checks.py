"""What a document lets us verify about itself: generic relations, held or broken, never corrected.

Each kind of check is named in data/reference/check_kinds.csv. Rules may yield further checks of their own while
they read (a name twice in one list); here stand those that compare rows and parts with each other.
"""

from tongbao.extract.check_counts import count_checks
from tongbao.extract.check_grades import grade_checks
from tongbao.extract.check_lists import list_checks
from tongbao.extract.check_rates import rate_checks
from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact


def document_checks(context: Context, facts: list[Fact]) -> list[Check]:
    """Return the checks of one document, in a fixed order, each once.

    Args:
        context: the frame of the circular.
        facts: every fact that the rules have found.
    """
    found: list[Check] = []
    for group in (count_checks, rate_checks, grade_checks, list_checks):
        for check in group(context, facts):
            if check not in found:
                found.append(check)
    return found
