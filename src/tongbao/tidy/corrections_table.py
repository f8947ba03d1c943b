"""The table of corrections: what somebody changed, before and after, so that every change can be undone by hand."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tongbao.tidy.candidates import CIRCULARS, Candidate
from tongbao.tidy.corrections_apply import Applied, cell


def audit_rows(applied: Sequence[Applied], numbers: Mapping[int, int], text: str) -> list[Candidate]:
    """Return a row of `corrections` for every entry that was applied, in the order of the file.

    Args:
        applied: the entries, each with its row as the program read it.
        numbers: the number of the corrected row in its table, by number of the entry; deleted rows have none.
        text: the restored text of the circular.
    """
    rows = []
    for item in applied:
        entry, before = item.correction, item.before
        values: dict[str, Any] = {
            "table": entry.table,
            "table_row": numbers.get(entry.number) if entry.action != "delete" else None,
            "action": entry.action,
            "column": entry.column or None,
            "passage": entry.what.quote,
            "reason": entry.reason,
            "who": entry.who,
            "corrected_on": entry.when.isoformat(),
        }
        if before is not None and entry.table != CIRCULARS:
            values["former_basis"] = before.basis
        if entry.action == "set" and before is not None:
            values |= {"before": _told(cell(before, entry.column)), "after": _told(entry.value)}
        elif entry.action == "delete" and before is not None:
            values["before"] = _whole(before, text)
        elif entry.action == "add":
            values["after"] = _json(dict(entry.values))
        rows.append(Candidate(values))
    return rows


def _whole(row: Candidate, text: str) -> str:
    content = {name: value for name, value in row.values.items() if value is not None and value != ""}
    return _json({**content, "basis": row.basis, "start": row.start, "end": row.end, "quote": row.quote(text)})


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _told(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
