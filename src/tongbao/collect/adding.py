"""Add documents to the collection: read them, see whether they are there, put them in place with their facts.

Every item gets an `Outcome`; nothing disappears silently, and one item's failure stops no other.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tongbao.collect.fetch import Fetched, Fetcher
from tongbao.collect.files import Item, stated_address
from tongbao.collect.journal import Journal, Outcome
from tongbao.collect.same import Profile, is_better, nearest, profile
from tongbao.collect.store import Store, only_one, safe
from tongbao.collect.wire import FailedRequest
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.read.folder import MAX_BYTES, RawDocument, circular_id
from tongbao.read.formats.model import Read, Refused
from tongbao.read.formats.registry import text_of
from tongbao.read.sources import WITNESS, Source
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.pipeline import Restored, restore
from tongbao.restore.store import read_restored

_FORMS = {"docx", "xlsx", "doc", "xls", "pdf", "html", "mht"}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for beyond the usual.

    Args:
        keep: also take files that no reader reads.
        name: what the file is to be called (its id); for a single item.
        copy_of: the circular that it is a copy of, whatever it looks like.
        own: it is a circular of its own, whatever it looks like.
    """

    keep: bool = False
    name: str = ""
    copy_of: str = ""
    own: bool = False


@dataclass(slots=True)
class Collection:
    """The documents that are there, to be compared with those that come.

    Args:
        project: whose raw files they are.
        now: the present moment, in UTC.
    """

    project: Project
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lexicon: Lexicon = field(init=False)
    store: Store = field(init=False)
    _by_bytes: dict[str, str] = field(init=False)
    _profiles: dict[str, Profile] = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = load_lexicon(self.project.reference)
        self.store = Store(self.project.raw)
        self._by_bytes = {
            hashlib.sha256(path.read_bytes()).hexdigest(): path.name
            for path in sorted(self.project.raw.iterdir())
            if path.is_file() and not path.name.startswith(".") and path.name != "sources.csv"
        }
        self._profiles = {}

    def fetched_before(self) -> dict[str, Source]:
        """The lines of the register by the address that was asked for, or that a file was saved from."""
        return {source.source_url: source for source in self.store.sources() if source.source_url}

    def take(self, item: Item, data: bytes, got: Fetched | None, wishes: Wishes) -> Outcome:
        """Add one document.

        Args:
            item: what the user named.
            data: its bytes.
            got: what the server said of it, for an address.
            wishes: see `Wishes`.
        """
        digest = hashlib.sha256(data).hexdigest()
        sources = {source.file: source for source in self.store.sources()}
        there = item.path is not None and item.path.resolve().parent == self.project.raw.resolve()
        same_bytes = self._by_bytes.get(digest, "")
        if same_bytes and not (there and item.path is not None and item.path.name not in sources):
            owner = sources[same_bytes].circular_id if same_bytes in sources else ""
            return Outcome(item.what, "known", f"the same bytes as {same_bytes}: nothing added", same_bytes, owner)
        suffix = Path(item.original_name).suffix.lower()
        if got is not None and got.content_type.lower().startswith(("text/html", "application/xhtml")):
            suffix = ".html"  # a hint only, for pages that do not begin as pages do
        read: Read | Refused = (
            Refused(f"larger than {MAX_BYTES // 1_000_000} MB: not a single circular")
            if len(data) > MAX_BYTES
            else text_of(data, f"x{suffix}")
        )
        if isinstance(read, Refused) and not wishes.keep:
            return Outcome(item.what, "refused", f"{read.reason}; nothing added")
        name = item.path.name if there and item.path is not None else self._name(item, read, suffix, wishes)
        source = Source(
            circular_id(Path(name).stem),
            name,
            source_name=item.source_name,
            source_url=item.url or item.saved_from or stated_address(data),
            licence_note=item.licence_note,
            sha256=digest,
            original_name=item.original_name,
            added_at=self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        if got is not None:
            source = replace(
                source,
                retrieved=self.now().date().isoformat(),
                final_url=got.final_url,
                http_status=str(got.status),
                content_type=got.content_type,
                redirects=" ".join(got.redirects),
                last_modified=got.last_modified,
                etag=got.etag,
            )
        return self._place(item.what, safe(source), None if there else data, read, wishes)

    def _place(self, what: str, source: Source, data: bytes | None, read: Read | Refused, wishes: Wishes) -> Outcome:
        """Settle which circular the document belongs to, and write it."""
        kind, note = "added", ""
        new: Profile | None = None
        if isinstance(read, Refused):
            note = f"; kept, but it cannot be read: {read.reason}"
        else:
            new = self._profile(source, read)
            known = {k: v for k, v in self._known().items() if v.file != source.file}
            owner, note = self._owner(new, known, wishes)
            if owner is not None:
                kind = "witness"
                better = is_better(new, owner)
                source = replace(source, circular_id=owner.circular_id, role="" if better else WITNESS)
                which = f"it is the better copy and is read from now on, {owner.file} is its witness"
                note = f"; {note}; {which if better else f'{owner.file} stays the copy that is read'}"
                new = replace(new, circular_id=owner.circular_id) if better else owner
        self.store.add(source, data)
        self._by_bytes[source.sha256] = source.file
        if new is not None:
            self._profiles[new.circular_id] = new
        verb = f"added as a further copy of {source.circular_id}" if kind == "witness" else "added"
        return Outcome(what, kind, f"{verb}: {source.file}{note}", source.file, source.circular_id)

    def _owner(self, new: Profile, known: dict[str, Profile], wishes: Wishes) -> tuple[Profile | None, str]:
        """The circular that a document is a copy of, and why; or None, with what is worth saying."""
        if wishes.copy_of:
            if wishes.copy_of not in known:
                raise TongbaoError(
                    f"no circular {wishes.copy_of} can be read here",
                    place=str(self.store.register),
                    remedy="name one of the circular_id in it",
                )
            return known[wishes.copy_of], "as you said"
        found = nearest(new, list(known.values()))
        if found is None or wishes.own:
            return None, ""
        other, likeness = found
        if likeness.is_same:
            return other, likeness.reason
        likely = bool(new.doc_number and new.doc_number == other.doc_number)
        if likely or likeness.reason not in ("the texts differ", "the wording is the same, the figures differ"):
            return None, (
                f"; like {other.circular_id}, yet a circular of its own: {likeness.reason} "
                f"(if it is a copy, delete it with its line and add it with --copy-of {other.circular_id})"
            )
        return None, ""

    def _name(self, item: Item, read: Read | Refused, suffix: str, wishes: Wishes) -> str:
        if isinstance(read, Refused):
            ending = suffix if _SUFFIX.fullmatch(suffix) else ".bin"
        else:
            form = read.encoding.partition("/")[0]
            ending = f".{form}" if form in _FORMS else ".txt"
        return self.store.free_name(wishes.name or item.stem, ending)

    def _profile(self, source: Source, read: Read) -> Profile:
        raw = RawDocument(source.circular_id, source.file, source.sha256, read.text, read.encoding, 0)
        return profile(restore(raw, lexicon=self.lexicon))

    def _known(self) -> dict[str, Profile]:
        """The profiles of the circulars that are there, by id; from the restored texts where these are current."""
        for source in self.store.sources():
            if source.is_witness or source.circular_id in self._profiles:
                continue
            restored = self._restored(source)
            if restored is not None:
                self._profiles[source.circular_id] = profile(restored)
        return self._profiles

    def _restored(self, source: Source) -> Restored | None:
        path = self.project.interim / "restored" / f"{source.circular_id}.json"
        data = (self.project.raw / source.file).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        try:
            restored = read_restored(path) if path.is_file() else None
        except TongbaoError:
            restored = None  # of another version, or torn: made again here
        if restored is not None and restored.raw_sha256 == digest:
            return restored
        read = text_of(data, source.file)
        if isinstance(read, Refused):
            return None
        raw = RawDocument(source.circular_id, source.file, digest, read.text, read.encoding, len(data))
        return restore(raw, lexicon=self.lexicon)


def add(
    project: Project,
    items: Iterable[Item],
    fetcher: Fetcher,
    wishes: Wishes | None = None,
    *,
    now: Callable[[], datetime] | None = None,
) -> Iterator[Outcome]:
    """Add items one after the other; yield what became of each as soon as it is settled.

    A run that was killed is continued by naming the same items again: what it added is not fetched twice, and what
    it could not get is told again without asking again.

    Raises:
        TongbaoError: another addition is running, the register is broken, or the folder cannot be written to.
    """
    wishes = wishes or Wishes()
    state = project.root / ".tongbao" / "collect"
    with only_one(state / "lock"):
        project.raw.mkdir(parents=True, exist_ok=True)
        left = Store(project.raw).clear_away()
        if left:
            yield Outcome(
                left, "cleared", "left by an addition that was stopped halfway: removed, and added anew below"
            )
        collection = Collection(project) if now is None else Collection(project, now)
        journal = Journal(state / "journal.jsonl")
        done = journal.read()
        fetched = collection.fetched_before()
        for item in items:
            if item.url and item.url in fetched:
                source = fetched[item.url]
                message = f"there already as {source.file}: nothing fetched"
                yield Outcome(item.what, "known", message, source.file, source.circular_id)
                continue
            if item.url and item.url in done:
                yield replace(done[item.url], message=f"{done[item.url].message} (before the run was stopped)")
                continue
            outcome = _one(collection, item, fetcher, wishes)
            if item.url:
                journal.note(outcome)
                done[item.url] = outcome
            yield outcome
        journal.close()


def _one(collection: Collection, item: Item, fetcher: Fetcher, wishes: Wishes) -> Outcome:
    if item.path is not None:
        try:
            if item.path.stat().st_size > MAX_BYTES:
                limit = f"larger than {MAX_BYTES // 1_000_000} MB: not a single circular; nothing added"
                return Outcome(item.what, "refused", limit)
            data = item.path.read_bytes()
        except OSError as error:
            return Outcome(item.what, "failed", f"cannot be opened: {error.strerror or 'unknown reason'}")
        return collection.take(item, data, None, wishes)
    try:
        got = fetcher.fetch(item.url)
    except FailedRequest as error:
        return Outcome(item.what, "failed", str(error))
    return collection.take(item, got.data, got, wishes)
