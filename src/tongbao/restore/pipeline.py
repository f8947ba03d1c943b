"""The order of the fixes, from a raw document to its restored text with every change accounted for.

Order matters: the mirror's tool shifted bytes in traditional GBK text before it annotated, so annotations
go first and shifted bytes are undone before the text becomes simplified. Each fix lives in its own module;
files are read and written in `store`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

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
from tongbao.restore.edits import Candidate, Edit, OffsetMap, Spans, apply_edits
from tongbao.restore.language_model import LanguageModel
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.page import Page, page_facts
from tongbao.restore.repairs import Place, Repair, repairs_of

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
    repairs: tuple[Repair, ...]
    gaps: tuple[Gap, ...]
    map: OffsetMap
    residue: str = ""
    witnesses: tuple[Witness, ...] = ()


@dataclass(slots=True)
class Draft:
    """A text on its way: its characters now, the map from the raw text, and the places touched so far."""

    text: str
    map: OffsetMap
    places: list[Place] = field(default_factory=list)
    order: int = 0

    def apply(self, edits: list[Edit]) -> None:
        """Apply one fix's edits and note where in the raw text they fell."""
        if edits:
            for edit in edits:
                low, high = self.map.to_raw(edit.start, edit.end)
                if edit.is_aligned and high - low != edit.end - edit.start:
                    self.places += self._characters(edit)  # its characters lie apart in the raw text
                else:
                    self.places.append(Place(low, high, self.order, edit))
            new = OffsetMap.from_edits(len(self.text), edits)
            self.text = apply_edits(self.text, edits)
            self.map = self.map.then(new)
        self.order += 1

    def _characters(self, edit: Edit) -> Iterable[Place]:
        for at, new in enumerate(edit.replacement, edit.start):
            one = replace(edit, start=at, end=at + 1, replacement=new)
            yield Place(*self.map.to_raw(at, at + 1), self.order, one)


@dataclass(slots=True)
class Prepared:
    """A document after the fixes that need no language model."""

    draft: Draft
    share: float
    page: Page
    has_spam: bool


def prepare(raw: RawDocument, lexicon: Lexicon) -> Prepared:
    """Take out annotations, mend split characters and cut the page's furniture."""
    draft = Draft(raw.text, OffsetMap.identity(len(raw.text)))
    draft.apply(_line_ends(draft.text))
    draft.apply(pinyin.fix(draft.text))
    draft.apply(split_characters.fix(draft.text))
    share = script.traditional_share(draft.text)
    view = _plain(draft.text, share, lexicon)
    found = furniture.find(draft.text, view, lexicon)
    page = page_facts(view, found)
    draft.apply(furniture.fix(draft.text, found))
    spam = any(cut.kind == "spam" for cut in found.cuts)
    return Prepared(draft, script.traditional_share(draft.text) if found.cuts else share, page, spam)


def train(prepared: Iterable[Prepared], lexicon: Lexicon) -> LanguageModel:
    """Build the language model from the sound parts of prepared documents and the lexicons."""
    texts = (_plain(p.draft.text, p.share, lexicon) for p in prepared)
    return language_model.build(texts, lexicon.admin_words, lexicon.prose)


def finish(
    raw: RawDocument, prepared: Prepared, model: LanguageModel | None, accept_margin: float, lexicon: Lexicon
) -> Restored:
    """Apply the remaining fixes. `model` may be None for a text that shows no shifted bytes."""
    draft, share = prepared.draft, prepared.share
    gaps: list[tuple[int, int, tuple[Candidate, ...]]] = []
    if model is not None and shifted_bytes.is_suspect(draft.text):
        repairs = shifted_bytes.fix(draft.text, model, lexicon, accept_margin)
        gaps = [(*draft.map.to_raw(g.start, g.end), g.candidates) for g in repairs.gaps]
        draft.apply(repairs.edits)
    draft.apply(_outside(script.fix(draft.text, lexicon, share), _here(draft, gaps)))
    draft.apply(_outside(doc_numbers.fix(draft.text, lexicon), _here(draft, gaps)))
    draft.apply(width.fix(draft.text, _here(draft, gaps)))
    draft.apply(_outside(spacing.fix(draft.text, lexicon, prepared.page.title), _here(draft, gaps)))
    repaired = repairs_of(raw.text, draft.text, draft.map, draft.places)
    kinds = Counter(place.edit.kind for place in draft.places)
    written = script.script_of(share)
    kind, evidence = copy_kind(draft.text, kinds, prepared.has_spam, written, lexicon)
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
        repairs=tuple(repaired),
        gaps=tuple(Gap(*draft.map.to_restored(low, high), low, high, found) for low, high, found in gaps),
        map=draft.map,
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
    return Spans(draft.map.to_restored(low, high) for low, high, _ in gaps)


def _outside(edits: list[Edit], keep: Spans) -> list[Edit]:
    return [e for e in edits if not keep.overlaps(e.start, e.end)] if keep else edits
