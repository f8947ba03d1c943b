"""No number that needs enough data stands without its proof: checks for analyses and rendered pages.

A p-value, a mean, a share or a superiority needs one; a row has it in the column `gate`, a row of a page in the
attribute `data-gate`. The proof names a minimum-data rule and the facts, and the rule is asked again here.
"""

import html
import re
from collections.abc import Iterator

from tongbao.report.figure import MISSING
from tongbao.stats.gate import recheck
from tongbao.stats.result import Analysis

NEEDS_PROOF = re.compile(r"p_value|p_low|p_high|p_exact|p_holm|p-value.*|superiority|mean.*|share.*")
_P_IN_WORDS = re.compile(r"\bp (?:below )?0\.\d")


def needs_proof(column: str) -> bool:
    """Whether numbers of this column (or heading) need a proof."""
    # How much of the sites was checked is a printed figure, not an estimate.
    return column != "share_checked" and NEEDS_PROOF.fullmatch(column) is not None


def faults_of(analysis: Analysis) -> Iterator[str]:
    """Yield a sentence for every row of an analysis with such a number and no proof that holds."""
    for name, table in analysis.tables.items():
        for number, row in enumerate(table.to_dict("records"), start=1):
            held = [c for c in row if needs_proof(str(c)) and isinstance(row[c], int | float) and row[c] == row[c]]
            held += [c for c in row if isinstance(row[c], str) and c == "result" and _P_IN_WORDS.search(row[c])]
            if not held:
                continue
            yield from _judge(row.get("gate"), f"{analysis.name}, {name}, row {number}: {', '.join(map(str, held))}")


def faults_on(page: str, place: str) -> Iterator[str]:
    """Yield a sentence for every row of a table of a page with such a number and no proof that holds."""
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        heads = [_plain(h) for h in re.findall(r"<th[^>]*>(.*?)</th>", table, re.DOTALL)]
        for tag, inside in re.findall(r"<tr([^>]*)>(.*?)</tr>", table.split("<tbody>")[-1], re.DOTALL):
            cells = [_plain(c) for c in re.findall(r"<td[^>]*>(.*?)</td>", inside, re.DOTALL)]
            if len(cells) != len(heads):
                continue  # "no rows"
            held = [h for h, c in zip(heads, cells, strict=True) if needs_proof(h) and c != MISSING]
            held += [h for h, c in zip(heads, cells, strict=True) if h == "result" and _P_IN_WORDS.search(c)]
            proof = re.search(r"""data-gate=(["'])(.*?)\1""", tag)
            if held:
                yield from _judge(html.unescape(proof[2]) if proof else None, f"{place}: {', '.join(held)} {cells}")


def _judge(proof: object, place: str) -> Iterator[str]:
    if not isinstance(proof, str) or not proof:
        yield f"{place}: no proof"
    elif not recheck(proof):
        yield f"{place}: {recheck(proof).reason}"


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
