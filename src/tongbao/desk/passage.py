"""A sentence of a circular before and after repair, as a notebook shows it."""

from dataclasses import dataclass, field

import pandas as pd

from tongbao.desk.dress import dress
from tongbao.report.safe import escape

BOX = "max-width:46rem;line-height:1.9;font-size:14px"
"""How wide and open a circular's text is set."""


@dataclass(frozen=True)
class Passage:
    """A sentence before and after repair.

    Attributes:
        restored: as restored.
        raw: what it was made from.
        repairs: the rows of `repairs` that lie in it.
    """

    restored: str
    raw: str
    repairs: pd.DataFrame = field(repr=False)

    def _repr_html_(self) -> str:
        dress()
        columns = [c for c in ("raw", "restored", "kind", "confidence", "verified_by", "note") if c in self.repairs]
        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(told(value))}</td>' for value in row)}</tr>"
            for row in self.repairs[columns].itertuples(index=False)
        )
        heads = "".join(f"<th>{escape(column)}</th>" for column in columns)
        return (
            f'<div style="{BOX}"><p><b>as found</b><br>{escape(self.raw)}</p>'
            f"<p><b>restored</b><br>{escape(self.restored)}</p>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def told(value: object) -> str:
    """Return a cell as text; a missing one is empty."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
