"""What of a repair may be published: its place and kind always, its words unless they are not the circular's.

The words cut as furniture are somebody's advertising or menu, and the words of a contact passage are private;
their places stay, so nothing disappears.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, Span, overlaps

_WORDS = ("raw", "restored", "note")
_FURNITURE = "furniture"
_END = 2**63  # beyond every text


def publishable(restored: Mapping[str, Any], private: Sequence[Span], contacts: ContactFinder) -> list[dict[str, Any]]:
    """Return the repairs in the order of the raw text, without words that must not be shown.

    Args:
        restored: what restoration hands on about one circular (`repairs`, `map`).
        private: contact passages of the restored text.
        contacts: finds contacts in a repair's own words.

    Raises:
        TongbaoError: there are contact passages, and the map does not say where they lie in the raw text.
    """
    raw_private = raw_spans(restored.get("map"), private, str(restored.get("circular_id", "")))
    repairs = []
    for given in sorted(restored["repairs"], key=lambda r: (r["raw_start"], r["raw_end"])):
        repair = dict(given)
        start, end = repair["raw_start"], repair["raw_end"]
        if repair.get("kind") == _FURNITURE:
            hidden: tuple[str, ...] = ("raw",)
        elif overlaps(raw_private, start, max(end, start + 1)) or any(
            str(repair.get(name) or "") in contacts for name in _WORDS
        ):
            hidden = _WORDS
        else:
            hidden = ()
        repairs.append({name: None if name in hidden else value for name, value in repair.items()})
    return repairs


def raw_spans(given: Any, private: Sequence[Span], circular_id: str) -> list[Span]:
    """Return the raw spans that passages of the restored text were made from, with what was changed right beside them.

    `given` is the map of restoration: runs (raw start, restored start, length) of characters side by side.

    Raises:
        TongbaoError: the map cannot be read.
    """
    if not private:
        return []
    try:
        runs = [tuple(map(int, run)) for run in (given["runs"] if isinstance(given, Mapping) else given)]
        return [_raw_span(runs, start, end) for start, end in private]
    except (KeyError, TypeError, ValueError) as error:
        raise TongbaoError(
            f"the map to the raw text cannot be read ({type(error).__name__}: {error})",
            place=f"data/interim/restored/{circular_id}.json",
            remedy="make the interim files again with `dvc repro`",
        ) from None


def _raw_span(runs: Sequence[tuple[int, ...]], start: int, end: int) -> Span:
    low, high = 0, _END
    for raw, restored, length in runs:
        if restored < start:
            low = raw + min(length, start - restored)
        if restored + length > end:
            high = raw + max(0, end - restored)
            break
    return low, high
