"""The order of the fixes, from a raw document to its restored text with every change accounted for.

Order matters: the mirror's tool shifted bytes in traditional GBK text before it annotated, so annotations
go first and shifted bytes are undone before the text becomes simplified. Each fix lives in its own module;
files are read and written in `store`.

Bounds: work grows no faster than the text, but for places with lost bytes, of which at most `shifted_bytes.MAX_PLACES`
are tried; 100,000 characters of anything take less than 10 seconds of processor time. Reading lets no text through
that is longer than `MAX_CHARACTERS` of `read.formats.model`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tongbao.read.folder import RawDocument
from tongbao.read.formats.model import Attachment
from tongbao.restore import (
    doc_numbers,
    doubled_marks,
    furniture,
    html_remains,
    language_model,
    letter_spacing,
    pinyin,
    script,
    shifted_bytes,
    spacing,
    spam_titles,
    split_characters,
    strewn,
    width,
)
from tongbao.restore.batches import batches, windows
from tongbao.restore.changes import Changes
from tongbao.restore.copy_kind import copy_kind
from tongbao.restore.draft import Draft
from tongbao.restore.edits import Candidate, Edit, OffsetMap, Spans, apply_edits
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.page import Page, page_facts
from tongbao.restore.parts import SEPARATOR, join
from tongbao.restore.repairs import Repair, Repairs

ACCEPT_MARGIN = 3.0
"""Default of `restore.accept_margin` in params.yaml."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A damaged place of the restored text that nobody can read; its raw characters stand there still."""

    start: int
    end: int
    raw_start: int
    raw_end: int
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """Another copy of a circular, see `witnesses`: how much of the text it has, how many gaps it helped to settle."""

    raw_file: str
    raw_sha256: str
    copy_kind: str
    n_gaps: int
    cover: float
    n_settled: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored circular: the text, what the page said, what was changed, what was not readable."""

    circular_id: str
    raw_file: str
    raw_sha256: str
    encoding: str
    script: str
    copy_kind: str
    copy_evidence: str
    page: Page
    text: str
    repairs: Sequence[Repair]
    gaps: tuple[Gap, ...]
    map: OffsetMap
    residue: str = ""
    witnesses: tuple[Witness, ...] = ()
    reading_notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(slots=True)
class Prepared:
    """Documents after the fixes that need no language model, one after the other in one text."""

    documents: Sequence[RawDocument]
    draft: Draft
    view: str
    """The text in simplified characters."""
    shares: list[float]
    pages: list[Page]
    have_spam: list[bool]
    are_circulars: list[bool]
    n_annotations: list[int]


def prepare(documents: Sequence[RawDocument], lexicon: Lexicon) -> Prepared:
    """Take out annotations, mend split characters and cut the pages' furniture."""
    n = len(documents)
    draft = Draft(join([raw.text for raw in documents]))
    draft.apply(_line_ends(draft.text))
    draft.apply(html_remains.fix(draft.text))
    parts = draft.parts(n)
    annotations = pinyin.fix(draft.text, parts)
    n_annotations = np.bincount(parts.index(annotations.starts), minlength=n).tolist()
    draft.apply(annotations)
    draft.apply(split_characters.fix(draft.text))
    draft.apply(letter_spacing.fix(draft.text, lexicon))
    parts = draft.parts(n)
    shares = script.traditional_shares(draft.text, parts)
    view = script.simplify_parts(draft.text, shares, parts, lexicon)
    in_titles = spam_titles.fix(view, lexicon, parts)
    spoilt = np.bincount(parts.index(in_titles.starts), minlength=n).tolist()
    if in_titles:
        draft.apply(in_titles)
        view, parts = apply_edits(view, in_titles), draft.parts(n)
    found, pages = [], []
    for low, high in map(parts.span, range(n)):
        found.append((furniture.find(draft.text[low:high], view[low:high], lexicon), low, high))
        pages.append(page_facts(view[low:high], found[-1][0]))
    cuts = furniture.fix_parts(found)
    if cuts:
        draft.apply(cuts)
        view, before, parts = apply_edits(view, cuts), shares, draft.parts(n)
        shares = script.traditional_shares(draft.text, parts)
        if [x > script.GATE for x in before] != [x > script.GATE for x in shares]:
            view = script.simplify_parts(draft.text, shares, parts, lexicon)  # what was cut was in another script
    spam = [
        n_spoilt > 0 or any(cut.kind == "spam" for cut in each.cuts)
        for (each, _, _), n_spoilt in zip(found, spoilt, strict=True)
    ]
    circulars = [each.is_circular for each, _, _ in found]
    return Prepared(documents, draft, view, shares, pages, spam, circulars, n_annotations)


def finish(prepared: Prepared, accept_margin: float, lexicon: Lexicon) -> list[Restored]:
    """Apply the remaining fixes.

    Args:
        prepared: the documents; only one where it may show shifted bytes.
        accept_margin: nats by which a reading must lead to be taken without further evidence.
        lexicon: the word lists.
    """
    draft, n = prepared.draft, len(prepared.documents)
    plain = prepared.view
    gaps: list[tuple[int, int, tuple[Candidate, ...]]] = []
    if n == 1 and shifted_bytes.is_suspect(draft.text):
        model = language_model.load(lexicon.folder).with_text(plain)
        repairs = shifted_bytes.fix(draft.text, model, lexicon, accept_margin)
        gaps = [(*draft.to_raw(g.start, g.end), g.candidates) for g in repairs.gaps]
        draft.apply(repairs.edits)
        if repairs.edits:
            plain = script.simplify_parts(draft.text, prepared.shares, draft.parts(1), lexicon)
    elif n == 1:
        gaps = [(*draft.to_raw(low, high), ()) for low, high in shifted_bytes.unreadable(draft.text)]
    draft.apply(_outside(script.conversions(draft.text, plain), _here(draft, gaps)))
    # Symbols and double marks have their use in other texts (客户_编号): there nothing says that they are damage.
    draft.apply(_outside(strewn.fix(draft.text, lexicon, draft.parts(n)), _kept(prepared, gaps)))
    draft.apply(_outside(doc_numbers.fix(draft.text, lexicon), _here(draft, gaps)))
    draft.apply(width.fix(draft.text, _here(draft, gaps)))
    draft.apply(_outside(doubled_marks.fix(draft.text), _kept(prepared, gaps)))
    titles = [page.title for page in prepared.pages]
    draft.apply(_outside(spacing.fix(draft.text, lexicon, titles, draft.parts(n)), _here(draft, gaps)))
    parts = draft.parts(n)
    raw_places = [(low, high) for low, high, _ in gaps]
    found = [
        Gap(*place, *raw_place, readings)
        for place, raw_place, (_, _, readings) in zip(draft.to_texts(raw_places), raw_places, gaps, strict=True)
    ]
    residues = script.residues(draft.text, parts)
    restored = []
    raw_low = 0
    for k, raw in enumerate(prepared.documents):
        span, raw_span = parts.span(k), (raw_low, raw_low + len(raw.text))
        raw_low = raw_span[1] + len(SEPARATOR)
        text, written = draft.text[slice(*span)], script.script_of(prepared.shares[k])
        kinds = {"pinyin": prepared.n_annotations[k], "shifted_bytes": draft.kinds["shifted_bytes"]}
        kind, evidence = copy_kind(text, kinds, prepared.have_spam[k], written, lexicon)
        restored.append(
            Restored(
                circular_id=raw.circular_id,
                raw_file=raw.file_name,
                raw_sha256=raw.sha256,
                encoding=raw.encoding,
                script=written,
                copy_kind=kind,
                copy_evidence=evidence,
                page=prepared.pages[k],
                text=text,
                repairs=Repairs(draft, raw_span, span),
                gaps=tuple(found),
                map=draft.map(raw_span, span),
                residue=residues[k],
                reading_notes=raw.notes,
                attachments=raw.attachments,
            )
        )
    return restored


def restore(raw: RawDocument, accept_margin: float = ACCEPT_MARGIN, lexicon: Lexicon | None = None) -> Restored:
    """Restore one document. What comes out depends on no other document.

    Args:
        raw: the document.
        accept_margin: nats by which a reading must lead to be taken without further evidence.
        lexicon: the word lists; the project's by default.
    """
    return next(restore_stream([raw], accept_margin, lexicon))


def restore_all(
    documents: Iterable[RawDocument], accept_margin: float = ACCEPT_MARGIN, lexicon: Lexicon | None = None
) -> list[Restored]:
    """Restore documents, in the given order."""
    return list(restore_stream(documents, accept_margin, lexicon))


def restore_stream(
    documents: Iterable[RawDocument], accept_margin: float = ACCEPT_MARGIN, lexicon: Lexicon | None = None
) -> Iterator[Restored]:
    """Restore documents as they come, in their order.

    Not more than `MAX_WAITING` documents, or a batch of `BATCH_LENGTH` characters and one document more, are held at
    a time: memory does not grow with the number of documents. A `Restored` keeps the arrays of its whole batch for
    its repairs and its map, so one that is to be kept for long is better written (`store.write_restored`) and read.

    Args:
        documents: the raw documents; a generator is asked for no more than the batch at hand needs.
        accept_margin: nats by which a reading must lead to be taken without further evidence.
        lexicon: the word lists; the project's by default.
    """
    lexicon = lexicon or load_lexicon()
    for waiting in windows(documents):
        yield from _restore_window(waiting, accept_margin, lexicon)
        waiting.clear()


def _restore_window(waiting: Sequence[RawDocument], accept_margin: float, lexicon: Lexicon) -> Iterator[Restored]:
    """Restore documents that are held together, in their order; nothing of them stays when all have been handed on."""
    found: dict[int, Restored] = {}
    for batch in batches(waiting):
        restored = finish(prepare([waiting[k] for k in batch], lexicon), accept_margin, lexicon)
        found |= zip(batch, restored, strict=True)
        del restored
    for k in range(len(waiting)):
        yield found.pop(k)


def _line_ends(text: str) -> list[Edit]:
    """Line breaks other than a line feed, as edits: the fixes after this know only the line feed."""
    edits = []
    at = text.find("\r")
    while at >= 0:
        # The line feed that keeps two documents apart belongs to neither.
        end = at + 2 if text.startswith("\r\n", at) and not text.startswith(SEPARATOR, at + 1) else at + 1
        edits.append(Edit(at, end, "\n", "spacing", note="line end"))
        at = text.find("\r", end)
    return edits


def _here(draft: Draft, gaps: list[tuple[int, int, tuple[Candidate, ...]]]) -> Spans:
    return Spans(draft.to_texts([(low, high) for low, high, _ in gaps]))


def _kept(prepared: Prepared, gaps: list[tuple[int, int, tuple[Candidate, ...]]]) -> Spans:
    """Where only widths and blanks may change: damaged places, and texts without the form of a circular."""
    parts = prepared.draft.parts(len(prepared.documents))
    others = [parts.span(k) for k, is_circular in enumerate(prepared.are_circulars) if not is_circular]
    if not others:
        return _here(prepared.draft, gaps)
    return Spans(others)  # a text with gaps stands alone


def _outside(edits: Sequence[Edit], keep: Spans) -> Sequence[Edit]:
    if not keep:
        return edits
    if isinstance(edits, Changes):
        return edits.outside(keep)
    return [e for e in edits if not keep.overlaps(e.start, e.end)]
