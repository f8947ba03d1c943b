"""Whether a found cell agrees with an annotated one: forms of a value, and the annotator's wild cards."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

_PLACES = Decimal("0.000001")  # the tables hold fractions with six digits


class Anything:
    """A gold cell that agrees with whatever was found."""

    def __repr__(self) -> str:
        return "*"


ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class OneOf:
    """A gold cell with several right values."""

    values: tuple[Any, ...]

    def __repr__(self) -> str:
        return "|".join(plain(value) for value in self.values)


def agrees(gold: Any, ours: Any) -> bool:
    """Whether a found cell agrees with a gold cell: the same text, or the same number to six decimal places."""
    if isinstance(gold, Anything):
        return True
    if isinstance(gold, OneOf):
        return any(agrees(value, ours) for value in gold.values)
    return plain(gold) == plain(ours)


def plain(value: Any) -> str:
    """A cell in one form: empty for missing, true/false, numbers without idle zeros, all else as text.

    Text of digits with a leading zero (a code) stays as it is.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if text[:1] == "0" and text[1:2].isdigit():
        return text
    try:
        number = Decimal(text)
        if not number.is_finite() or "_" in text:
            return text
        rounded = number.quantize(_PLACES)
    except InvalidOperation:
        return text
    return f"{rounded.normalize():f}" if rounded else "0"


def shown(cell: Any) -> str:
    """A cell for people: wild cards as `*` and `a|b`."""
    return repr(cell) if isinstance(cell, Anything | OneOf) else plain(cell)
