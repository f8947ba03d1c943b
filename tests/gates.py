"""No number that needs enough data stands without its proof: checks for analyses and rendered pages.

A p-value, a mean, a share or a superiority needs one; a row has it in the column `gate`, a row of a page in the
attribute `data-gate`. The proof names a minimum-data rule and the facts, and the rule is asked again here.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from gate_facts import Facts
from tongbao.report.figure import MISSING
from tongbao.stats.gate import parts_of, recheck
from tongbao.stats.result import Analysis
from tongbao.stats.themes.corpus import Row, records

_LETTER = r"(?<![A-Za-z_])"
_P_SAID = re.compile(
    _LETTER + r"p(?:-value| ?值)?\s*(?:=|＝|:|：|of|is|为)?\s*(below |低于 ?|< ?)?(0\.\d+)(?:(?: to | ?至 ?)(0\.\d+))?"
)
_SPAN_SAID = re.compile(r"(\d+(?:\.\d)?)–(\d+(?:\.\d)?)%")
_PERCENT_SAID = re.compile(r"(?<![\d.–])(\d+(?:\.\d+)?)%")
_MEAN_SAID = re.compile(r"(?:\b(?:[Mm]ean|[Aa]verage|[Mm]edian)\b|均值|平均|中位数)[^.。;；（(\d]{0,30}(\d+(?:\.\d+)?)")
_SUPERIORITY_SAID = re.compile(r"(?:[Ss]uperiority|优势概率)[^.。;；\d]{0,30}(0\.\d+)")
NEEDS_PROOF = re.compile(r"p_value|p_low|p_high|p_exact|p_holm|p-value.*|superiority|mean.*|share.*")
_P_IN_WORDS = re.compile(_LETTER + r"p (?:below |低于 ?)?0\.\d")


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
        # The column's own name, in whatever language its heading is; a table made elsewhere has the heading alone.
        named = re.findall(r"<th(?=[ >])([^>]*)>(.*?)</th>", table, re.DOTALL)
        heads = [own[1] if (own := re.search(r'data-column="([^"]*)"', tag)) else _plain(h) for tag, h in named]
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


def prose_faults(texts: Iterable[str], analysis: Analysis, place: str) -> Iterator[str]:
    """Yield a sentence for every number in words that no row with a proof holds, in English and in Chinese.

    Looked for are p-values, intervals and single percentages, means, and superiorities. A percentage may also be one
    that a circular printed (`rate`, `printed`, ...), the level, or one of `SAID_AS_SUCH`.
    """
    held = _Held(analysis)
    for text in texts:
        for below, low, high in _P_SAID.findall(text):
            for said in filter(None, (low, high)):
                if not held.p_value(said, below=bool(below)):
                    yield f"{place}: no row with a proof holds p {below}{said}: {text[:80]}"
        for pair in _SPAN_SAID.findall(text):
            if pair not in held.spans:
                yield f"{place}: no row with a proof holds {'–'.join(pair)}%: {text[:80]}"
        for said in _PERCENT_SAID.findall(_SPAN_SAID.sub(" ", text)):
            if said not in held.percentages:
                yield f"{place}: no row with a proof holds {said}%: {text[:80]}"
        for pattern, numbers in ((_MEAN_SAID, held.means), (_SUPERIORITY_SAID, held.superiorities)):
            for said in pattern.findall(text):
                if not any(f"{value:.{len(said.partition('.')[2])}f}" == said for value in numbers):
                    yield f"{place}: no row with a proof holds {pattern.pattern[:12]} {said}: {text[:80]}"


SAID_AS_SUCH = {"100", "99.5", "95"}
"""Percentages that sentences name as such: a run of 100%, what rounding may hide behind it, the bound 95%以上."""


class _Held:
    """The numbers that an analysis may put into words."""

    def __init__(self, analysis: Analysis):
        self.p_values: list[float] = []
        self.means: list[float] = []
        self.superiorities: list[float] = []
        self.spans: set[tuple[str, str]] = set()
        self.percentages = {*SAID_AS_SUCH, f"{100 * analysis.params.get('level', 0.95):.0f}"}
        for table in analysis.tables.values():
            for row in records(table):
                self._take(row, bool(row.get("gate")) and bool(recheck(row["gate"])))

    def _take(self, row: Row, proven: bool) -> None:
        numbers = {c: v for c, v in row.items() if isinstance(v, int | float) and not isinstance(v, bool)}
        for column, value in numbers.items():
            if needs_proof(column) and not proven:
                continue
            if -1 <= value <= 1:
                self.percentages |= {f"{100 * value:.{digits}f}" for digits in (0, 1)}
            if proven and column.startswith("p_"):
                self.p_values.append(value)
            if proven and column.startswith("mean"):
                self.means.append(value)
            if proven and column == "superiority":
                self.superiorities.append(value)
        if row.get("printed"):
            self.percentages |= set(re.findall(r"\d+(?:\.\d+)?", row["printed"]))
        if row.get("n_with_finding") and row.get("n_checked") and proven:
            self.percentages.add(f"{100 * row['n_with_finding'] / row['n_checked']:.1f}")
        for low, high in (("low", "high"), ("set_low", "set_high"), ("share_low", "share_high")):
            if proven and low in numbers and high in numbers:
                for digits in (0, 1):
                    self.spans.add((f"{100 * numbers[low]:.{digits}f}", f"{100 * numbers[high]:.{digits}f}"))

    def p_value(self, said: str, *, below: bool) -> bool:
        digits = len(said.partition(".")[2])
        return any(p < float(said) if below else f"{p:.{digits}f}" == said for p in self.p_values)


def prose_of(page: str) -> list[str]:
    """Return what a page says outside its tables: paragraphs, captions, headings and alternative texts."""
    outside = re.sub(r"<table.*?</table>", " ", page, flags=re.DOTALL)
    alts = [html.unescape(alt) for alt in re.findall(r'alt="([^"]*)"', outside)]
    return [*alts, _plain(re.sub(r'src="data:[^"]*"', "", outside))]


def facts_that_differ(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield a sentence for every proof that does not hold the facts of the tidy and coded rows.

    A headline under another reading rests on the proofs of the tables themselves, or on what `Facts.other_readings`
    says. Nothing in a proof is trusted, and no table is passed over.
    """
    proven = [_canonical(*question) for question in facts.other_readings()]
    later: list[tuple[str, str]] = []
    for name, table in analysis.tables.items():
        for number, row in enumerate(records(table), start=1):
            if not row.get("gate"):
                continue
            place = f"{analysis.name}, {name}, row {number}"
            held = sorted(_canonical(part["kind"], part["facts"]) for part in parts_of(row["gate"]))
            if name.split(".")[-1] == "robustness":
                later += [(place, question) for question in held]
                continue
            wanted = sorted(_canonical(*question) for question in facts.of(name.split(".")[-1], row))
            proven += wanted
            if held != wanted:
                yield f"{place}: the proof holds {held}, the rows say {wanted}"
    for place, question in later:
        if question not in proven:
            yield f"{place}: no row of the analysis rests on {question}"


def _canonical(kind: str, facts: Mapping[str, object]) -> str:
    plain = {
        k: round(float(v), 6) if isinstance(v, int | float) and not isinstance(v, bool) else v for k, v in facts.items()
    }
    return json.dumps([kind, plain], sort_keys=True)
