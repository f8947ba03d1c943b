"""The proof that a number may be printed: the minimum-data rule and the facts that allowed it, carried in its row.

Belongs here: making such a proof and checking it again. The rules themselves are in `minimum.py`. Every row that holds
a p-value, a mean or a share read as more than a count carries one in the column `gate`, as text, so that a reader or a
test can put the same question to `enough` once more. A row whose numbers rest on several rows carries all their proofs.
"""

import json
from collections.abc import Iterable, Mapping
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


def joined(proofs: Iterable[str]) -> str:
    """Return several proofs as one, for numbers that rest on them all; each is kept once.

    Raises:
        TongbaoError: there is none, or one of the texts is no proof.
    """
    kept = {json.dumps(part, sort_keys=True): part for proof in proofs for part in parts_of(proof)}
    if not kept:
        raise TongbaoError("no proof to join", remedy="refuse the number instead")
    return next(iter(kept)) if len(kept) == 1 else json.dumps(list(kept.values()), sort_keys=True)


def parts_of(proof: str) -> list[dict[str, Any]]:
    """Return the questions of a proof, each with `kind` and `facts`.

    Raises:
        TongbaoError: the text is no proof.
    """
    try:
        content = json.loads(proof)
    except (ValueError, TypeError):
        content = None
    parts = content if isinstance(content, list) else [content]
    for part in parts:
        found = part if isinstance(part, dict) else {}
        if not isinstance(found.get("kind"), str) or not isinstance(found.get("facts"), Mapping):
            raise TongbaoError(f"not a proof: {proof!r}", remedy="make it with tongbao.stats.gate.gated")
    if not parts:
        raise TongbaoError(f"not a proof: {proof!r}", remedy="make it with tongbao.stats.gate.gated")
    return parts


def recheck(proof: str) -> Verdict:
    """Put the questions of a proof to `enough` again; the verdict of the first that fails, else of the last.

    Raises:
        TongbaoError: the text is no proof, or names a rule or fact that does not exist.
    """
    verdict = Verdict(False, "")
    for part in parts_of(proof):
        verdict = enough(part["kind"], **part["facts"])
        if not verdict:
            break
    return verdict


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else list(value)
