"""Work on a table that is done once for each table, however often it is asked for.

Belongs here: that one helper. Tables are never changed in place in this project (a change makes a new frame), so what
was found for a frame holds as long as the frame lives.
"""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import pandas as pd

T = TypeVar("T")


def per_frame(function: Callable[[pd.DataFrame], T]) -> Callable[[pd.DataFrame], T]:
    """Return the function with its result kept for each frame as long as the frame lives; do not change the result."""
    kept: dict[int, tuple[weakref.ref[pd.DataFrame], T]] = {}

    @wraps(function)
    def once(frame: pd.DataFrame) -> T:
        key = id(frame)
        found = kept.get(key)
        if found is not None and found[0]() is frame:
            return found[1]
        result = function(frame)
        kept[key] = (weakref.ref(frame, lambda _: kept.pop(key, None)), result)
        return result

    return once
