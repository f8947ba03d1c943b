"""The audit page of a circular: what it is, its text with all that was read from it, the rows, what was doubted.

What belongs here: the order of the parts, and the facts at the head. What does not: the parts.
"""

from tongbao.project import Project
from tongbao.report.audit import lists, rows, text, words
from tongbao.report.audit.load import Audited, load
from tongbao.report.language import say, translate
from tongbao.report.safe import escape

_FACTS = ("issuer", "doc_number", "issued_on", "period", "exercise", "published_on", "source_name", "source_url")


def audit_body(project: Project, circular_id: str, language: str) -> str:
    """Return the body of the audit page of a circular.

    Rows have the id `<table>-<row>`, tables that of their name, the head `circulars` and `circulars-1`.

    Args:
        project: with tidy tables made; the raw and the interim files of the circular are read too.
        circular_id: its id.
        language: of the words of the page (`en`, `zh`); the circular stays in Chinese.

    Raises:
        TongbaoError: a file is missing, or the raw file is not the one that was restored.
    """
    audited = load(project, circular_id)
    parts = [
        '<div class="audit">',
        head_html(audited, language),
        rows.legend_html(audited, language),
        f'<h2 id="text">{escape(say("The text", language))}</h2>',
        _how_to_read(language),
        '<div class="pair heads" aria-hidden="true">'
        f"<p>{escape(say('Restored, with what was read', language))}</p>"
        f"<p>{escape(say('Raw, with what was repaired', language))}</p></div>",
        text.text_html(audited, language),
        rows.rows_html(audited, language),
        lists.checks_html(audited, language),
        lists.repairs_html(audited, language),
        lists.numerals_html(audited, language),
        lists.rejected_html(audited, language),
        "</div>",
    ]
    return "\n".join(parts)


def _how_to_read(language: str) -> str:
    said = (
        "A letter and a line mark each passage that a row was read from: point at it to see the row, follow it to get "
        "there. In the raw text, what was changed is underlined and what was taken away is struck through."
    )
    return f'<p class="facts">{escape(say(said, language))}</p>'


def head_html(audited: Audited, language: str) -> str:
    """Return what the circular is and how good the copy is, as a list of terms."""
    spec, cells, restored = audited.schema["circulars"], audited.circular, audited.restored
    missing = say("not printed", language)
    facts = [(words.column_title(spec.by_name["title"], language), cells["title"] or missing)]
    for name in _FACTS:
        value = words.value(spec.by_name[name], cells[name], language)
        if value or name in ("issuer", "doc_number", "issued_on", "period"):
            facts.append((words.column_title(spec.by_name[name], language), value or missing))
    evidence = translate(restored.copy_evidence, language)
    kind = translate(cells["copy_kind"].replace("_", " "), language)
    facts += [
        (words.column_title(spec.by_name["copy_kind"], language), f"{kind} ({evidence})" if evidence else kind),
        (words.column_title(spec.by_name["raw_file"], language), cells["raw_file"]),
        ("SHA-256", cells["raw_sha256"]),
        (say("Read from it", language), _counts(audited, language)),
    ]
    listed = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts)
    return f'<section id="circulars"><dl class="head" id="circulars-1">{listed}</dl></section>'


def _counts(audited: Audited, language: str) -> str:
    every = audited.every_row()
    said = [
        say("{n} rows", language, n=len(every)),
        say("{n} of them derived", language, n=sum(row.is_derived for row in every)),
        say("{n} repairs", language, n=len(audited.repairs)),
        say("{n} places unread", language, n=len(audited.restored.gaps)),
        say(
            "{n} of {total} numbers explained",
            language,
            n=int(audited.circular["n_numerals_explained"] or 0),
            total=int(audited.circular["n_numerals"] or 0),
        ),
    ]
    return " · ".join(said)
