"""The restored text with all that was read from it marked, paragraph by paragraph beside the raw text.

What belongs here: marks, their labels and what they show when they are pointed at. What does not: the rows' tables.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from tongbao.report.audit import words
from tongbao.report.audit.load import Audited, TidyRow
from tongbao.report.audit.raw import changes_html, raw_html, touching
from tongbao.report.audit.spans import Mark, Segment, Span, lines, segments
from tongbao.report.language import say, translate
from tongbao.report.safe import attribute, escape


def marks(audited: Audited) -> list[Mark]:
    """Everything that lies on the restored text: rows, numerals without a row, unrepaired places, contact details."""
    rows = [row for row in audited.every_row() if row.span is not None]
    found = [Mark(*row.span, "row", row.key) for row in rows if row.span is not None]
    covered = _Cover([(m.start, m.end) for m in found])
    private = _Cover(audited.private)
    alone = [n for n in audited.numerals if not covered.covers(n.start, n.end) and not private.covers(n.start, n.end)]
    found += [Mark(n.start, n.end, "numeral", n.explained_by) for n in alone]
    # Of the further characters that rows rest on only the numbers are marked: headings would drown the text.
    found += [
        Mark(n.start, n.end, "used", row.key)
        for row in rows
        for a, b in row.uses
        for n in alone
        if a <= n.start and n.end <= b
    ]
    found += [Mark(g.start, g.end, "gap", str(n)) for n, g in enumerate(audited.restored.gaps, 1)]
    found += [Mark(a, b, "private", "") for a, b in audited.private]
    return found


class _Cover:
    """Whether a span lies within one of the given spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._far: list[Span] = []  # by start, with the farthest end so far
        far = -1
        for start, end in sorted(spans):
            far = max(far, end)
            self._far.append((start, far))

    def covers(self, start: int, end: int) -> bool:
        at = bisect_right(self._far, (start, 2**63)) - 1
        return at >= 0 and end <= self._far[at][1]


def text_html(audited: Audited, language: str) -> str:
    """Return the restored text and the raw text side by side, a pair a paragraph."""
    every = sorted(marks(audited), key=lambda m: m.start)
    rows = {row.key: row for row in audited.every_row()}
    paragraphs = lines(audited.text)
    raw = raw_borders(audited, paragraphs)
    ids: set[str] = set()
    parts = []
    for (start, end), (low, high) in zip(paragraphs, raw, strict=True):
        own = [m for m in every if m.start < end and start < m.end]
        restored = _restored(audited, segments(start, end, own), rows, language)
        parts.append(
            f'<div class="pair">\n<p class="restored" lang="zh-CN">{restored}</p>\n'
            f'<div class="raw"><p lang="zh-CN">{raw_html(audited, low, high, language, ids=ids)}</p>'
            f"{_changes(audited, low, high, language)}</div>\n</div>"
        )
    return "\n".join(parts)


def _changes(audited: Audited, low: int, high: int, language: str) -> str:
    listed = changes_html(audited, low, high, language)
    if not listed:
        return ""
    n = len(touching(audited, low, high))
    return f"<details><summary>{escape(say('{n} repairs', language, n=n))}</summary>{listed}</details>"


def raw_borders(audited: Audited, paragraphs: Sequence[Span]) -> list[Span]:
    """For each paragraph the raw text that belongs to it; together they are the whole raw text."""
    starts: list[int] = []
    for start, end in paragraphs:
        low = audited.restored.map.to_raw(start, min(start + 1, end))[0]
        starts.append(max(low, starts[-1] if starts else 0))
    starts[:1] = [0] if starts else []
    return list(zip(starts, [*starts[1:], len(audited.raw)], strict=True))


def _restored(audited: Audited, cut: Iterable[Segment], rows: dict[str, TidyRow], language: str) -> str:
    parts = []
    before: tuple[str, ...] = ()
    for segment in cut:
        keys = tuple(mark.key for mark in segment.of("row"))
        parts.append(_segment(audited, segment, rows, before, language))
        before = keys
    return "".join(parts)


def _segment(
    audited: Audited, segment: Segment, every: Mapping[str, TidyRow], before: tuple[str, ...], language: str
) -> str:
    rows = [every[mark.key] for mark in segment.of("row")]
    text = attribute(audited.text[segment.start : segment.end])
    if segment.of("private"):
        n = segment.end - segment.start
        text = f'<span class="cut">{escape(say("[contact details, {n} characters]", language, n=n))}</span>'
    elif gaps := segment.of("gap"):
        text = f'<mark class="gap" title="{attribute(_gap(audited, int(gaps[0].key), language))}">{text}</mark>'
    if not rows:
        return _numeral(audited, segment, text, every, language)
    first = rows[0]
    opening = [row for row in rows if row.key not in before]  # again in each paragraph that a span reaches
    label = "".join(f"<sup>{attribute(text)}</sup>" for text in labels(opening))
    # One stop of the keyboard for each row that begins; the rest of its characters are for the mouse.
    stop = "" if opening or rows[0].key not in before else ' tabindex="-1"'
    shown = "<br>".join(
        f'<a href="#{attribute(r.key)}">{escape(row_name(audited, r, language))}</a> '
        f"{escape(words.summary(r, audited.schema, language))} · "
        f"{escape(words.basis(r.cells.get('basis', ''), language))}"
        for r in rows
    )
    name = f"c{segment.start}"
    keys = " ".join(row.key for row in rows)
    return (
        f'<span class="m t-{attribute(first.table)}{" deep" if len(rows) > 1 else ""}" id="{name}" '
        f'data-rows="{attribute(keys)}"><a href="#{attribute(first.key)}" aria-describedby="{name}-d"{stop}>{label}'
        f'{text}</a><span class="tip" id="{name}-d" role="note" lang="{_lang(language)}">{shown}</span></span>'
    )


def labels(rows: Sequence[TidyRow]) -> list[str]:
    """The labels of rows that begin at one place: `P2`, or `P10–19` for rows that follow each other."""
    found = []
    for table, same in groupby(rows, key=lambda row: row.table):
        numbers = sorted(row.row for row in same)
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        found += [words.letter(table) + (f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0])) for r in runs]
    return found


def row_name(audited: Audited, row: TidyRow, language: str) -> str:
    """How a row is called: its table's title and its number."""
    return f"{words.table_title(audited.schema[row.table], language)} {row.row}"


def _numeral(audited: Audited, segment: Segment, text: str, every: Mapping[str, TidyRow], language: str) -> str:
    numerals = segment.of("numeral")
    if not numerals or segment.of("private"):
        return text
    reason = numerals[0].key
    own = f'id="c{segment.start}"'
    if used := list(dict.fromkeys(mark.key for mark in segment.of("used"))):
        named = [row_name(audited, every[key], language) for key in used]
        said = attribute(say("used by {rows}", language, rows=", ".join(named)))
        return f'<a class="num used" {own} href="#{attribute(used[0])}" title="{said}">{text}</a>'
    if not reason:
        said = attribute(say("number that no rule has read", language))
        return f'<mark class="open" {own} title="{said}">{text}<sup>?</sup></mark>'
    return f'<span class="num" {own} title="{attribute(numeral_class(reason, language))}">{text}</span>'


def numeral_class(explained_by: str, language: str) -> str:
    """Why a numeral has no row of its own: a table or check that uses it, or a class."""
    return translate(explained_by.replace("_", " "), language)


def _gap(audited: Audited, number: int, language: str) -> str:
    gap = audited.restored.gaps[number - 1]
    readings = ", ".join(f"{c.text} ({c.margin:.1f})" for c in gap.candidates)
    return say("not readable; candidates: {readings}", language, readings=readings or "–")


def _lang(language: str) -> str:
    return "zh-CN" if language == "zh" else "en"
