"""The proof that a number may be printed: the minimum-data rule and the facts that allowed it, carried in its row.

Belongs here: making such a proof and checking it again. The rules themselves are in `enough.py`. Every row that holds a
p-value, a mean or a share read as more than a count carries one in the column `gate`, as text, so that a reader or a
test can put the same question to `enough` once more.
"""

import json
from collections.abc import Mapping
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.stats.enough import Verdict, enough


def gated(kind: str, **facts: Any) -> str:
    """Return the proof for a number of this kind: the kind and its facts as JSON with sorted keys.

    Raises:
        TongbaoError: the rule refuses; a number that the data do not support was about to be given.
    """
    verdict = enough(kind, **facts)
    if not verdict:
        raise TongbaoError(f"a number without enough data: {verdict.reason}", place=kind, remedy="refuse it instead")
    return json.dumps({"kind": kind, "facts": facts}, sort_keys=True, default=_plain)


def recheck(proof: str) -> Verdict:
    """Put the question of a proof to `enough` again.

    Raises:
        TongbaoError: the text is no proof, or names a rule or fact that does not exist.
    """
    try:
        content = json.loads(proof)
        kind, facts = content["kind"], content["facts"]
    except (ValueError, TypeError, KeyError):
        raise TongbaoError(f"not a proof: {proof!r}", remedy="make it with tongbao.stats.gate.gated") from None
    if not isinstance(kind, str) or not isinstance(facts, Mapping):
        raise TongbaoError(f"not a proof: {proof!r}", remedy="make it with tongbao.stats.gate.gated")
    return enough(kind, **facts)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else list(value)
