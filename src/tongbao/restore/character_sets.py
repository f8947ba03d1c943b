"""Finding every character of a set in a text at once. Which sets matter is the business of the fixes."""

from functools import cache

import numpy as np
import numpy.typing as npt

from tongbao.restore.changes import codes_of

_LAST = 0xFFFF  # no character of interest lies above
HAN = "".join(map(chr, range(0x3400, 0xA000)))
"""Chinese characters."""


def members(text: str, *sets: str) -> list[npt.NDArray[np.bool_]]:
    """For each of `sets` (of characters up to U+FFFE) at which characters of `text` one of it stands."""
    codes = np.minimum(codes_of(text), _LAST)
    return [_table(each)[codes] for each in sets]


@cache
def _table(characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(_LAST + 1, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table
