"""What `tongbao agree` says: the numbers of `agreement` as text for people and as JSON for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongbao.review.agreement import PROGRAM, TableAgreement, Variable
from tongbao.review.coefficients import RESAMPLES, Alpha
from tongbao.tidy.escape import visible

_PLACES = 6


def to_text(results: Sequence[TableAgreement], told: Sequence[str]) -> str:
    """Return agreement table by table, then every disagreement with its quote, then what could not be read."""
    parts = []
    for result in results:
        counts = ", ".join(f"{rater} {n}" for rater, n in result.n_rows.items())
        parts += [
            f"{result.table} (rows matched by {', '.join(result.key)})",
            f"  rows: {counts}; {result.n_shared} coded by two or more",
        ]
        if result.variables:
            head = f"  {'variable':<18}{'raters':<26}{'n':>5}{'agree':>8}{'kappa':>8}   alpha (95% interval, level)"
            parts.append(head)
        for variable in result.variables:
            parts += _variable_lines(variable)
        for d in result.disagreements:
            values = "; ".join(f"{rater}: {_shown(value)}" for rater, value in d.values.items())
            where = f"row {d.row}, " if d.row else ""
            label = "differ" if len({v for v in d.values.values() if v is not None}) > 1 else "empty"
            parts.append(f"  {label}: {_key(d.key)} · {d.column} · {values}")
            parts += [f"    {where}quote: {visible(d.quote)}"] if d.quote else []
        for rater, key, quote in result.alone:
            parts.append(f"  only {rater}: {_key(key)}" + (f"\n    quote: {visible(quote)}" if quote else ""))
        parts.append("")
    parts += [f"not compared: {visible(line)}" for line in told]
    parts.append(
        f"Empty cells are missing values. Alpha: Krippendorff 2011, interval by {RESAMPLES} resamples of rows; "
        "kappa: Cohen 1960, unweighted; - where not defined."
    )
    return "\n".join(parts)


def to_json(results: Sequence[TableAgreement], told: Sequence[str]) -> dict[str, Any]:
    """Return the same as JSON values; numbers rounded to six places, null where not defined."""
    return {"tables": [_table(result) for result in results], "not_compared": list(told)}


def _variable_lines(variable: Variable) -> list[str]:
    lines = []
    for i, pair in enumerate(variable.pairs):
        alpha = ""
        if i == 0:
            alpha = f"   {_alpha_text(variable.alpha)} ({variable.level})"
        elif i == 1 and variable.alpha_coders is not None:
            alpha = f"   {_alpha_text(variable.alpha_coders)} (coders alone)"
        name = variable.name if i == 0 else ""
        raters = visible(f"{pair.first} / {pair.second}")
        lines.append(
            f"  {name:<18}{raters:<26}{pair.n:>5}{_number(pair.percent):>8}{_number(pair.kappa):>8}{alpha}".rstrip()
        )
    return lines


def _alpha_text(alpha: Alpha) -> str:
    if alpha.value is None:
        return f"- ({alpha.reason})" if alpha.reason else "-"
    if alpha.low is None or alpha.high is None:
        return f"{alpha.value:.3f} (no interval)"
    return f"{alpha.value:.3f} [{alpha.low:.3f}, {alpha.high:.3f}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _key(key: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={_shown(value)}" for name, value in key.items() if value is not None)


def _shown(value: Any) -> str:
    return "(empty)" if value is None else visible(str(value))


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _alpha(alpha: Alpha | None) -> dict[str, Any] | None:
    if alpha is None:
        return None
    return {
        "value": _round(alpha.value),
        "low": _round(alpha.low),
        "high": _round(alpha.high),
        "n_units": alpha.n_units,
        "n_values": alpha.n_values,
        "reason": alpha.reason,
    }


def _table(result: TableAgreement) -> dict[str, Any]:
    return {
        "table": result.table,
        "key": list(result.key),
        "raters": list(result.raters),
        "n_rows": dict(result.n_rows),
        "n_shared": result.n_shared,
        "variables": [
            {
                "variable": v.name,
                "level": v.level,
                "pairs": [
                    {
                        "raters": [p.first, p.second],
                        "n": p.n,
                        "n_agree": p.n_agree,
                        "percent_agreement": _round(p.percent),
                        "cohens_kappa": _round(p.kappa),
                    }
                    for p in v.pairs
                ],
                "krippendorffs_alpha": _alpha(v.alpha),
                "krippendorffs_alpha_coders": _alpha(v.alpha_coders),
            }
            for v in result.variables
        ],
        "disagreements": [
            {
                "circular_id": d.circular_id,
                "row": d.row,
                "key": {n: _plain(v) for n, v in d.key.items()},
                "column": d.column,
                "values": {rater: _plain(v) for rater, v in d.values.items()},
                "quote": d.quote,
            }
            for d in result.disagreements
        ],
        "alone": [
            {"rater": rater, "key": {n: _plain(v) for n, v in key.items()}, "quote": quote}
            for rater, key, quote in result.alone
        ],
        "program_is": PROGRAM,
    }
