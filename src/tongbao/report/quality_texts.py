"""The parts of the page on quality that read what restoring and extracting noted of each circular.

What belongs here: copies, gaps, rows read from doubtful characters, numerals without a row.
"""

import json
from collections.abc import Callable, Mapping, Sequence

from tongbao.errors import TongbaoError
from tongbao.extract.contacts import ContactFinder, load_contacts, overlaps
from tongbao.project import Project
from tongbao.report.grid import Column, grid, link
from tongbao.report.language import say, translate
from tongbao.report.safe import escape
from tongbao.report.tables import Row
from tongbao.restore.pipeline import Restored
from tongbao.restore.store import read_restored

AROUND = 12
"""Characters shown on either side of a place in a text."""


def texts_part(
    project: Project,
    circulars: Sequence[Row],
    facts: Mapping[str, Sequence[Row]],
    head: Callable[[str, str], str],
    language: str,
) -> str:
    """Return the HTML of the parts.

    Args:
        project: `data/interim` is read.
        circulars: rows of the table.
        facts: rows of the tables of facts, by table.
        head: makes the heading of a part from its anchor and the language.
        language: of the page.

    Raises:
        TongbaoError: a circular has no record; the stages before have not run.
    """
    restored = {
        row["circular_id"]: read_restored(project.interim / "restored" / f"{row['circular_id']}.json")
        for row in circulars
    }
    contacts = load_contacts(project.reference)
    return "\n".join(
        [
            head("copies", language),
            _copies(restored, language),
            head("gaps", language),
            _gaps(restored, contacts, language),
            head("doubtful", language),
            _doubtful(restored, facts, language),
            head("numerals", language),
            _numerals(project, restored, contacts, language),
        ]
    )


def _copies(restored: Mapping[str, Restored], language: str) -> str:
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Kind of copy", language)),
        Column(say("Script", language)),
        Column(say("What tells the kind", language)),
        Column(say("Repairs", language), is_number=True),
    ]
    rows = [
        [
            link(f"circulars/{name}.html", name),
            escape(say(text.copy_kind.replace("_", " "), language)),
            escape(say(_SCRIPTS.get(text.script, text.script), language)),
            escape(translate(text.copy_evidence, language) or "–"),
            str(len(text.repairs)),
        ]
        for name, text in restored.items()
    ]
    return grid(say("Copies by kind", language), columns, rows, name="copies-by-kind", language=language)


_SCRIPTS = {"Hans": "simplified", "Hant": "traditional", "mixed": "mixed"}


def _gaps(restored: Mapping[str, Restored], contacts: ContactFinder, language: str) -> str:
    rows = [
        [
            link(f"circulars/{name}.html#gap-{number}", f"{name} · {number}"),
            escape(_around(text, gap.start, gap.end, contacts.spans(text.text))),
            escape("; ".join(f"{c.text} ({c.margin:.2f})" for c in gap.candidates) or "–"),
        ]
        for name, text in restored.items()
        for number, gap in enumerate(text.gaps, start=1)
    ]
    if not rows:
        return f"<p>{escape(say('No damaged place was left unread.', language))}</p>"
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Place", language)),
        Column(say("Candidates (nats behind the best)", language)),
    ]
    caption = say("Damaged places that no reading was sure enough for", language)
    return grid(caption, columns, rows, name="all-gaps", language=language)


def _doubtful(restored: Mapping[str, Restored], facts: Mapping[str, Sequence[Row]], language: str) -> str:
    """Rows whose characters hold a gap or a repair of a confidence below 1."""
    rows = []
    for table, own in facts.items():
        for row in own:
            text = restored[row["circular_id"]]
            why = _doubt(text, int(row["start"]), int(row["end"]), language)
            if why:
                target = f"circulars/{row['circular_id']}.html#{table}-{row['row']}"
                rows.append(
                    [
                        link(target, f"{row['circular_id']} · {row['row']}"),
                        escape(say(table, language).replace("_", " ")),
                        escape(row["quote"]),
                        escape(why),
                    ]
                )
    if not rows:
        return f"<p>{escape(say('No row rests on a gap or on a repair with a confidence below 1.', language))}</p>"
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Table", language)),
        Column(say("Quotation", language)),
        Column(say("Why", language)),
    ]
    caption = say("Rows whose characters hold a gap or a repair with a confidence below 1", language)
    return grid(caption, columns, rows, name="doubtful-rows", language=language)


def _doubt(text: Restored, start: int, end: int, language: str) -> str:
    low, high = text.map.to_raw(start, end)
    unsure = [r for r in text.repairs if r.confidence < 1 and r.raw_start < high and r.raw_end > low]
    reasons = [
        say(
            "{raw} read as {restored}, confidence {confidence:g}",
            language,
            raw=r.raw,
            restored=r.restored,
            confidence=r.confidence,
        )
        for r in unsure
    ]
    reasons += [
        say("gap {place}", language, place=text.text[gap.start : gap.end])
        for gap in text.gaps
        if gap.start < end and gap.end > start
    ]
    return "; ".join(reasons)


def _numerals(project: Project, restored: Mapping[str, Restored], contacts: ContactFinder, language: str) -> str:
    rows, total, explained = [], 0, 0
    for name, text in restored.items():
        path = project.interim / "extracted" / f"{name}.json"
        if not path.is_file():
            raise TongbaoError(
                "the circular has not been read",
                place=path.relative_to(project.root).as_posix(),
                remedy="run `dvc repro`, which does it before the pages",
            )
        private = contacts.spans(text.text)
        found = json.loads(path.read_text(encoding="utf-8"))["numerals"]
        total, explained = total + found["n_numerals"], explained + found["n_numerals_explained"]
        rows += [
            [
                link(f"circulars/{name}.html", name),
                escape("▯" if overlaps(private, item["start"], item["end"]) else item["text"]),
                escape(_around(text, item["start"], item["end"], private)),
            ]
            for item in found["unexplained"]
        ]
    summary = say(
        "{n:d} of {all:d} numerals stand in a row of a table or are no figure.", language, n=explained, all=total
    )
    if not rows:
        return f"<p>{escape(summary)}</p>"
    columns = [
        Column(say("Circular", language), is_head=True),
        Column(say("Numeral", language), is_number=True),
        Column(say("Where it stands", language)),
    ]
    caption = say("Numerals that no row explains", language)
    return f"<p>{escape(summary)}</p>\n{grid(caption, columns, rows, name='unexplained', language=language)}"


def _around(text: Restored, start: int, end: int, private: list[tuple[int, int]]) -> str:
    """The place in 【】 with some characters on either side; what leads to a person is left out."""
    before, after = max(0, start - AROUND), min(len(text.text), end + AROUND)
    parts = ["…" if before else ""]
    for low, high, marks in ((before, start, ("", "")), (start, end, ("【", "】")), (end, after, ("", ""))):
        shown = "".join("▯" if overlaps(private, at, at + 1) else text.text[at] for at in range(low, high))
        parts.append(f"{marks[0]}{shown}{marks[1]}")
    return "".join([*parts, "…" if after < len(text.text) else ""])
