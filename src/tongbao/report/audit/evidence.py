"""What stands behind one row: its sentence, the raw characters, what was repaired in them, how the value follows.

What belongs here: the part of a row that a deep link opens. What does not: the row's own cells (`rows`).
"""

from collections.abc import Sequence

from tongbao.report.audit import words
from tongbao.report.audit.load import Audited, TidyRow
from tongbao.report.audit.raw import changes_html, raw_html
from tongbao.report.audit.spans import Mark, Span, segments, sentence
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape

CONTEXT = 60
"""Characters of the text shown on either side of a row's own, where its sentence is that long."""

USED = 120
"""Characters within which further ones that a row rests on are shown with it."""


def evidence_html(audited: Audited, row: TidyRow, language: str) -> str:
    """Return a list of terms: sentence, raw, repairs and, where the value is not printed, how it follows."""
    parts: list[tuple[str, str]] = []
    if row.span is None:
        parts.append((say("Sentence", language), escape(say("This row names no place in the text.", language))))
    else:
        parts += _places(audited, row, row.span, language)
    if row.is_derived:
        parts.append((say("Derivation", language), _derivation(audited, row, language)))
    elif row.rule:
        parts.append((say("Rule", language), f"<code>{escape(words.rule(row.rule))}</code>"))
    return '<dl class="evidence">' + "".join(f"<dt>{escape(k)}</dt><dd>{v}</dd>" for k, v in parts) + "</dl>"


def _places(audited: Audited, row: TidyRow, span: Span, language: str) -> list[tuple[str, str]]:
    low, high = _reach(audited, row, span)
    raw_here = audited.restored.map.to_raw(*span)
    raw_low, raw_high = audited.restored.map.to_raw(low, high)
    first = next((at for at in range(*span) if audited.text[at] != "\n"), span[0])
    back = f'<a class="back" href="#c{first}">{escape(say("in the text", language))}</a>'
    shown = _cut(low, audited.text, raw_html(audited, raw_low, raw_high, language, here=raw_here), high)
    repairs = changes_html(audited, *raw_here, language)
    return [
        (
            say("Sentence", language),
            f'<p lang="zh-CN" class="said">{quoted(audited, low, high, span, row.uses)}</p>{back}',
        ),
        (say("Raw text", language), f'<p lang="zh-CN" class="said raw">{shown}</p>'),
        (
            say("Repaired here", language),
            repairs or escape(say("Nothing: these characters stand so in the raw text.", language)),
        ),
    ]


def _reach(audited: Audited, row: TidyRow, span: Span) -> Span:
    """The sentence of a row's own characters, and of the further ones it rests on where they stand close by."""
    low, high = sentence(audited.text, *span, CONTEXT)
    line = audited.text.rfind("\n", 0, span[0]) + 1, audited.text.find("\n", span[1])
    for start, end in row.uses:
        near = span[0] - start <= USED and end - span[1] <= USED
        if near and line[0] <= start and (line[1] < 0 or end <= line[1]):
            more = sentence(audited.text, start, end, CONTEXT // 4)
            low, high = min(low, more[0]), max(high, more[1])
    return low, high


def quoted(audited: Audited, low: int, high: int, here: Span | None = None, used: Sequence[Span] = ()) -> str:
    """Return `[low, high)` of the restored text as HTML without contact details: `here` marked, `used` underlined."""
    marks = [Mark(a, b, "private", "") for a, b in audited.private]
    marks += [Mark(*here, "here", "")] if here else []
    marks += [Mark(a, b, "used", "") for a, b in used]
    parts = []
    for segment in segments(low, high, marks):
        text = attribute(audited.text[segment.start : segment.end])
        if segment.of("private"):
            text = "[…]"
        elif segment.of("used") and not segment.of("here"):
            text = f'<span class="used">{text}</span>'
        parts.append(f"<mark>{text}</mark>" if segment.of("here") else text)
    return _cut(low, audited.text, "".join(parts), high)


def _cut(low: int, text: str, shown: str, high: int) -> str:
    """Add dots where a stretch begins or ends within a sentence."""
    before = "" if low == 0 or text[low - 1] in "。！？；\n" else "…"
    after = "" if high >= len(text) or text[high - 1] in "。！？；\n" or text[high] == "\n" else "…"
    return f"{before}{shown}{after}"


def _derivation(audited: Audited, row: TidyRow, language: str) -> str:
    parts = [escape(words.derivation(row.cells["basis"], language))]
    if row.rule:
        parts.append(f"{escape(say('Rule', language))}: <code>{escape(words.rule(row.rule))}</code>.")
    inputs = [row.span, *row.uses] if row.span else list(row.uses)
    listed = "".join(f"<li>{_input(audited, span)}</li>" for span in dict.fromkeys(inputs))
    if listed:
        parts.append(f'{escape(say("It rests on:", language))}<ul class="changes" lang="zh-CN">{listed}</ul>')
    return " ".join(parts)


def _input(audited: Audited, span: Span) -> str:
    return quoted(audited, *span).strip("…")
