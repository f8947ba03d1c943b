"""The order of the fixes, from a raw document to its restored text with every change accounted for.

Order matters: the mirror's tool shifted bytes in traditional GBK text before it annotated, so annotations
go first and shifted bytes are undone before the text becomes simplified. Each fix lives in its own module;
files are read and written in `store`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tongbao.read.folder import RawDocument
from tongbao.restore import (
    doc_numbers,
    furniture,
    language_model,
    pinyin,
    script,
    shifted_bytes,
    spacing,
    split_characters,
    width,
)
from tongbao.restore.copy_kind import copy_kind
from tongbao.restore.draft import Draft
from tongbao.restore.edits import Candidate, Changes, Edit, OffsetMap, Spans, apply_edits
from tongbao.restore.language_model import LanguageModel
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.page import Page, page_facts
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


@dataclass(slots=True)
class Prepared:
    """A document after the fixes that need no language model."""

    draft: Draft
    view: str
    share: float
    page: Page
    has_spam: bool


def prepare(raw: RawDocument, lexicon: Lexicon) -> Prepared:
    """Take out annotations, mend split characters and cut the page's furniture."""
    draft = Draft(raw.text)
    draft.apply(_line_ends(draft.text))
    draft.apply(pinyin.fix(draft.text))
    draft.apply(split_characters.fix(draft.text))
    share = script.traditional_share(draft.text)
    view = _plain(draft.text, share, lexicon)
    found = furniture.find(draft.text, view, lexicon)
    page = page_facts(view, found)
    if found.cuts:
        cuts = furniture.fix(draft.text, found)
        draft.apply(cuts)
        view, before = apply_edits(view, cuts), share
        share = script.traditional_share(draft.text)
        if (before > script.GATE) != (share > script.GATE):  # what was cut was in another script
            view = _plain(draft.text, share, lexicon)
    return Prepared(draft, view, share, page, any(cut.kind == "spam" for cut in found.cuts))


def train(prepared: Iterable[Prepared], lexicon: Lexicon) -> LanguageModel:
    """Build the language model from the sound parts of prepared documents and the lexicons."""
    return language_model.build((p.view for p in prepared), lexicon.admin_words, lexicon.prose)


def finish(
    raw: RawDocument, prepared: Prepared, model: LanguageModel | None, accept_margin: float, lexicon: Lexicon
) -> Restored:
    """Apply the remaining fixes. `model` may be None for a text that shows no shifted bytes."""
    draft, share = prepared.draft, prepared.share
    same = draft.text
    gaps: list[tuple[int, int, tuple[Candidate, ...]]] = []
    if model is not None and shifted_bytes.is_suspect(draft.text):
        repairs = shifted_bytes.fix(draft.text, model, lexicon, accept_margin)
        gaps = [(*draft.to_raw(g.start, g.end), g.candidates) for g in repairs.gaps]
        draft.apply(repairs.edits)
    plain = prepared.view if draft.text is same else None
    draft.apply(_outside(script.fix(draft.text, lexicon, share, plain), _here(draft, gaps)))
    draft.apply(_outside(doc_numbers.fix(draft.text, lexicon), _here(draft, gaps)))
    draft.apply(width.fix(draft.text, _here(draft, gaps)))
    draft.apply(_outside(spacing.fix(draft.text, lexicon, prepared.page.title), _here(draft, gaps)))
    written = script.script_of(share)
    kind, evidence = copy_kind(draft.text, draft.kinds, prepared.has_spam, written, lexicon)
    return Restored(
        circular_id=raw.circular_id,
        raw_file=raw.file_name,
        raw_sha256=raw.sha256,
        encoding=raw.encoding,
        script=written,
        copy_kind=kind,
        copy_evidence=evidence,
        page=prepared.page,
        text=draft.text,
        repairs=Repairs(draft),
        gaps=tuple(Gap(*draft.to_text(low, high), low, high, found) for low, high, found in gaps),
        map=draft.map(),
        residue=script.residue(draft.text),
    )


def restore(raw: RawDocument, accept_margin: float = ACCEPT_MARGIN, lexicon: Lexicon | None = None) -> Restored:
    """Restore one document with nothing but itself and the lexicons to learn from.

    A folder's documents are better restored together (`store.restore_folder`): they know each other's names.

    Args:
        raw: the document.
        accept_margin: nats by which a reading must lead to be taken without further evidence.
        lexicon: the word lists; the project's by default.
    """
    lexicon = lexicon or load_lexicon()
    return restore_all([raw], accept_margin, lexicon)[0]


def restore_all(
    documents: list[RawDocument], accept_margin: float = ACCEPT_MARGIN, lexicon: Lexicon | None = None
) -> list[Restored]:
    """Restore documents together, in the given order."""
    lexicon = lexicon or load_lexicon()
    prepared = [prepare(raw, lexicon) for raw in documents]
    model = None
    if any(shifted_bytes.is_suspect(p.draft.text) for p in prepared):
        model = train(prepared, lexicon)
    return [finish(raw, ready, model, accept_margin, lexicon) for raw, ready in zip(documents, prepared, strict=True)]


def _plain(text: str, share: float, lexicon: Lexicon) -> str:
    return script.simplify(text, lexicon) if share > script.GATE else text


def _line_ends(text: str) -> list[Edit]:
    """Line breaks other than a line feed, as edits: the fixes after this know only the line feed."""
    edits = []
    at = text.find("\r")
    while at >= 0:
        end = at + 2 if text.startswith("\r\n", at) else at + 1
        edits.append(Edit(at, end, "\n", "spacing", note="line end"))
        at = text.find("\r", end)
    return edits


def _here(draft: Draft, gaps: list[tuple[int, int, tuple[Candidate, ...]]]) -> Spans:
    return Spans(draft.to_text(low, high) for low, high, _ in gaps)


def _outside(edits: Sequence[Edit], keep: Spans) -> Sequence[Edit]:
    if not keep:
        return edits
    if isinstance(edits, Changes):
        return edits.outside(keep)
    return [e for e in edits if not keep.overlaps(e.start, e.end)]
