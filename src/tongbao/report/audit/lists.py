"""What does not lie on one span: checks with both sides, repairs by kind, unreadable places, numerals, rejections.

What belongs here: these lists. What does not: rows that quote the text (`rows`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tongbao.report.audit import words
from tongbao.report.audit.evidence import quoted
from tongbao.report.audit.load import Audited, NumeralSeen
from tongbao.report.audit.raw import FURNITURE, change
from tongbao.report.audit.text import marks, numeral_class
from tongbao.report.headings import check_title
from tongbao.report.language import say, translate
from tongbao.report.safe import attribute, escape


def checks_html(audited: Audited, language: str) -> str:
    """Return the checks: both sides, and whether they hold; broken ones first."""
    broken = [row for row in audited.checks if row["holds"].lower() != "true"]
    held = [row for row in audited.checks if row["holds"].lower() == "true"]
    counts = say("{held} of {n} checks hold.", language, held=len(held), n=len(audited.checks))
    parts = [f'<h2 id="checks">{escape(say("Checks of the circular", language))}</h2>']
    parts.append(f'<p class="{"broken" if broken else "held"}">{escape(counts)}</p>')
    spec = audited.schema["checks"]
    names = ("row", "check", "expected", "found", "holds", "note")
    rows = [
        (
            f"checks-{row['row']}",
            [
                escape(row["row"]),
                escape(check_title(row["check"], language)),
                escape(translate(row["expected"], language)),
                escape(translate(row["found"], language)),
                escape("✓ " + say("held", language)) if row in held else _broken(language),
                escape(translate(row["note"], language)),
            ],
        )
        for row in [*broken, *held]
    ]
    parts.append(_table([words.column_title(spec.by_name[n], language) for n in names], rows, counts))
    return "\n".join(parts)


def _broken(language: str) -> str:
    return f'<b class="broken">{escape("× " + say("broken", language))}</b>'


def repairs_html(audited: Audited, language: str) -> str:
    """Return how many repairs there are of each kind, and each of those that needed a judgement."""
    counted = Counter(r.repair.kind for r in audited.repairs)
    parts = [f'<h2 id="repairs">{escape(say("Repairs of the circular", language))}</h2>']
    rows = [("", [escape(words.repair_kind(kind, language)), str(n)]) for kind, n in counted.most_common()]
    title = say("Repairs by kind of damage", language)
    parts.append(_table([say("kind of repair", language), say("places", language)], rows, title))
    judged = [r for r in audited.repairs if r.repair.kind != FURNITURE and words.repair_proof(r, language)]
    if judged:
        hint = "Repairs that needed a judgement; all others are marked in the raw text."
        parts.append(f"<p>{escape(say(hint, language))}</p>")
        items = (f'<li><a href="#{attribute(r.key)}">{r.row}</a> {escape(change(r, language))}</li>' for r in judged)
        parts.append(f"<ul>{''.join(items)}</ul>")
    parts.append(_gaps(audited, language))
    return "\n".join(parts)


def _gaps(audited: Audited, language: str) -> str:
    gaps = audited.restored.gaps
    title = f'<h3 id="gaps">{escape(say("Places that nobody can read", language))}</h3>'
    if not gaps:
        return f"{title}\n<p>{escape(say('None.', language))}</p>"
    rows = []
    for n, gap in enumerate(gaps, 1):
        readings = "".join(
            f"<li>{escape(c.text)} <small>{escape(say('{margin:.1f} behind', language, margin=c.margin))}</small></li>"
            for c in gap.candidates
        )
        private = any(a < gap.end and gap.start < b for a, b in audited.private)
        place = quoted(audited, gap.start, gap.end).strip("…")
        rows.append((f"gap-{n}", [str(n), place, "[…]" if private else f"<ol>{readings}</ol>" if readings else "–"]))
    heads = [say("place", language), say("characters", language), say("candidates, best first", language)]
    return f"{title}\n{_table(heads, rows, say('Places that nobody can read', language))}"


def numerals_html(audited: Audited, language: str) -> str:
    """Return the numerals that no row covers, by the reason why, and those that nothing explains."""
    alone = [m for m in marks(audited) if m.kind == "numeral"]
    grouped: dict[str, list[NumeralSeen]] = defaultdict(list)
    for mark in alone:
        grouped[mark.key].append(NumeralSeen(mark.start, mark.end, mark.key))
    opened = grouped.pop("", [])
    parts = [f'<h2 id="numerals">{escape(say("Numbers without a row", language))}</h2>']
    if opened:
        said = say("{n} numbers that no rule has read:", language, n=len(opened))
        parts.append(f'<p class="broken">{escape(said)} {_places(audited, opened)}</p>')
    else:
        parts.append(f"<p>{escape(say('Every number is read or explained.', language))}</p>")
    items = (
        f"<li>{escape(numeral_class(reason, language))} ({len(found)}): {_places(audited, found)}</li>"
        for reason, found in sorted(grouped.items())
    )
    return "\n".join([*parts, f"<ul>{''.join(items)}</ul>" if grouped else ""])


def _places(audited: Audited, numerals: Iterable[NumeralSeen]) -> str:
    private = audited.private
    return ", ".join(
        f'<a href="#c{n.start}">{attribute(audited.text[n.start : n.end])}</a>'
        for n in numerals
        if not any(a < n.end and n.start < b for a, b in private)
    )


def rejected_html(audited: Audited, language: str) -> str:
    """Return what asked to become a row and did not, with the reason."""
    title = say("Rejected rows", language)
    parts = [f'<h2 id="rejected">{escape(title)}</h2>']
    if not audited.rejected:
        return "\n".join([*parts, f"<p>{escape(say('None.', language))}</p>"])
    rows = []
    for n, row in enumerate(audited.rejected, 1):
        place = f"{row['start']}–{row['end']}" if row["start"] else ""
        values = row["values"] if row["values"] != "{}" else ""
        rows.append(
            (
                f"rejected-{n}",
                [escape(row["table"]), escape(translate(row["reason"], language)), escape(place), escape(values)],
            )
        )
    heads = [say(text, language) for text in ("the table", "the reason", "characters", "its values")]
    return "\n".join([*parts, _table(heads, rows, title)])


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], name: str) -> str:
    """A table of cells that are HTML already; each row with its id, empty for none."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "\n".join(f"<tr{_id(key)}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for key, cells in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{attribute(name)}"><table>\n'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _id(key: str) -> str:
    return f' id="{attribute(key)}"' if key else ""
