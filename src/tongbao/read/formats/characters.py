"""A character with its place on a page. Nothing is done with it here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """A character and its box: points from the lower left corner of the page.

    `size` is its type size; `is_stored` is False for a blank or line break that the file does not hold and that
    is only read from the places of its neighbours.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    is_stored: bool = True
