"""Correcting: the walk through what is doubtful."""

import argparse

from tongbao.commands.common import Add, say
from tongbao.project import find_project


def register(add: Add) -> None:
    """Declare `review`."""
    review = add("review", _review, "walk through what is doubtful and write corrections")
    review.add_argument("--list", action="store_true", help="show what is doubtful without asking")
    review.add_argument("--circular", default="", help="only this circular (its id)")
    review.add_argument("--who", default="", help="your name, for the entries (no contact details)")


def _review(options: argparse.Namespace) -> None:
    from tongbao.review.walk import Review

    review = Review(find_project(), input, say, who=options.who)
    if options.list:
        review.show_all(options.circular)
    else:
        review.walk(options.circular)
