"""What a document is asked for more than once is worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Owner = TypeVar("Owner")
Result = TypeVar("Result")


def once(function: Callable[[Owner], Result]) -> Callable[[Owner], Result]:
    """Return the function with its result kept in its only argument, a context, and gone with it.

    The result is shared: no caller may change it. The argument needs a `__dict__`.
    """
    name = f"_once_{function.__module__}_{function.__qualname__}"

    @wraps(function)
    def kept(owner: Owner) -> Result:
        memory: dict[str, Any] = owner.__dict__
        if name not in memory:
            memory[name] = function(owner)
        result: Result = memory[name]
        return result

    return kept
