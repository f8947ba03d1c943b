"""Restored circulars on disk: `text/<id>.txt` and `restored/<id>.json` in the interim folder.

Files are written in UTF-8 with line feeds, the same bytes for the same input. Nothing is restored here but
through `pipeline`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.read.folder import RawDocument, Rejected, walk_folder
from tongbao.read.formats.model import Attachment
from tongbao.read.sources import Source, read_register
from tongbao.restore.batches import windows
from tongbao.restore.edits import Candidate, OffsetMap, Run
from tongbao.restore.lexicon import Lexicon, load_lexicon
from tongbao.restore.page import Page
from tongbao.restore.pipeline import ACCEPT_MARGIN, Gap, Restored, Witness, restore_stream
from tongbao.restore.repairs import Repair
from tongbao.restore.witnesses import Copies, restore_copies, sort_copies
from tongbao.workers import ALONE, Crew

_BATCH_LENGTH = 100_000  # characters handed to a process at a time: enough for the fixes that go over many at once
_BATCH = 500  # circulars handed to a process at a time
_A_PROCESS_PAYS = 1_000_000  # bytes of files: for fewer, loading the word lists again takes longer than restoring them


def restore_folder(
    raw_folder: Path,
    interim: Path,
    accept_margin: float = ACCEPT_MARGIN,
    reference: Path | None = None,
    crew: Crew = ALONE,
) -> tuple[int, list[Rejected]]:
    """Restore every circular of a folder and write the results; files of circulars that are gone go too.

    Circulars are read, restored and written in batches (`restore_stream`): a folder may be larger than memory. Files
    that `sources.csv` names as further copies of a circular are no circulars: they serve as its witnesses.

    Args:
        raw_folder: the raw files.
        interim: where `text/` and `restored/` are written.
        accept_margin: nats by which a reading of a damaged place must lead the next.
        reference: the folder of the word lists; the project's by default.
        crew: who may restore side by side; a small folder is restored in this process.

    Returns:
        The number of circulars written, and the files that were not taken, with the reason.

    Raises:
        TongbaoError: the folder is not there or a word list is broken.
    """
    lexicon: Lexicon = load_lexicon(reference)
    found = _Folder(raw_folder, read_register(raw_folder / "sources.csv"))
    pay = sum(path.stat().st_size for path in raw_folder.glob("*") if path.is_file()) // _A_PROCESS_PAYS
    if (several := crew.of(pay)) is not ALONE:
        each = partial(_restore_batch, interim, accept_margin, reference)
        for _ in several.in_order(each, windows(found.alone(), _BATCH_LENGTH, _BATCH)):
            pass  # the files are written; what went wrong comes up here
    else:
        for restored in restore_stream(found.alone(), accept_margin, lexicon):
            write_restored(restored, interim)
    copies = found.copied()
    for restored in restore_copies(copies, accept_margin, lexicon):
        write_restored(restored, interim)
    rejected = sorted([*found.rejected, *copies.rejected], key=lambda r: r.file_name)
    ids = {stub.circular_id for stub in found.stubs} | {document.circular_id for document in copies.read}
    for folder, suffix in (("text", ".txt"), ("restored", ".json")):
        (interim / folder).mkdir(parents=True, exist_ok=True)
        for path in sorted((interim / folder).glob(f"*{suffix}")):
            if path.stem not in ids:
                path.unlink()
    return len(ids), rejected


def _restore_batch(
    interim: Path, accept_margin: float, reference: Path | None, documents: Sequence[RawDocument]
) -> None:
    for restored in restore_stream(documents, accept_margin, load_lexicon(reference)):
        write_restored(restored, interim)


class _Folder:
    """A folder of raw files on its way through: what stands alone is passed on, what has copies waits for them."""

    def __init__(self, folder: Path, register: Sequence[Source]) -> None:
        self.rejected: list[Rejected] = []
        self.stubs: list[RawDocument] = []
        """The documents that were passed on, without their texts."""
        self._folder, self._register = folder, register
        self._held: list[RawDocument] = []

    def alone(self) -> Iterator[RawDocument]:
        """The documents that no other file of the folder is a copy of, one by one."""
        lines = {source.file: source for source in self._register}
        known = {source.circular_id for source in self._register}
        copied = {source.circular_id for source in self._register if source.is_witness}
        for each in walk_folder(self._folder):
            if isinstance(each, Rejected):
                self.rejected.append(each)
                continue
            line = lines.get(each.file_name)
            if (line is None and each.circular_id in known) or (line is not None and line.circular_id in copied):
                self._held.append(each)
                continue
            document = each if line is None else replace(each, circular_id=line.circular_id)
            self.stubs.append(replace(each, text="", notes=(), attachments=()))
            yield document

    def copied(self) -> Copies:
        """The other documents, to be asked for when all that stand alone have gone."""
        copies = sort_copies([*self.stubs, *self._held], self._register)
        held = {document.file_name for document in self._held}
        self.stubs = [document for document in copies.read if document.file_name not in held]
        return replace(copies, read=[document for document in copies.read if document.file_name in held])


def write_restored(restored: Restored, interim: Path) -> None:
    """Write one restored circular."""
    record: dict[str, Any] = {
        "circular_id": restored.circular_id,
        "raw_file": restored.raw_file,
        "raw_sha256": restored.raw_sha256,
        "encoding": restored.encoding,
        "script": restored.script,
        "copy_kind": restored.copy_kind,
        "copy_evidence": restored.copy_evidence,
        "page": asdict(restored.page),
        "residue": restored.residue,
        "reading_notes": list(restored.reading_notes),
        "attachments": [asdict(attachment) for attachment in restored.attachments],
        "witnesses": [asdict(witness) for witness in restored.witnesses],
        "gaps": [
            {
                "start": gap.start,
                "end": gap.end,
                "raw_start": gap.raw_start,
                "raw_end": gap.raw_end,
                "candidates": [c._asdict() for c in gap.candidates],
            }
            for gap in restored.gaps
        ],
        "repairs": [asdict(repair) for repair in restored.repairs],
        "map": {
            "raw_length": restored.map.raw_length,
            "length": restored.map.length,
            "runs": [list(run) for run in restored.map.runs],
        },
    }
    text, facts = interim / "text", interim / "restored"
    text.mkdir(parents=True, exist_ok=True)
    facts.mkdir(parents=True, exist_ok=True)
    _write(text / f"{restored.circular_id}.txt", restored.text)
    _write(facts / f"{restored.circular_id}.json", _dump(record))


def read_restored(path: Path) -> Restored:
    """Read back what `write_restored` wrote, from the path of the JSON file.

    Raises:
        TongbaoError: a file is missing, or the two do not belong together.
    """
    text_path = path.parent.parent / "text" / f"{path.stem}.txt"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        text = text_path.read_bytes().decode("utf-8")
        gaps = tuple(
            Gap(
                g["start"],
                g["end"],
                g["raw_start"],
                g["raw_end"],
                tuple(Candidate(c["text"], c["margin"]) for c in g["candidates"]),
            )
            for g in record["gaps"]
        )
        repairs = tuple(Repair(**repair) for repair in record["repairs"])
        runs = tuple(Run(*run) for run in record["map"]["runs"])
        restored = Restored(
            **{key: record[key] for key in _PLAIN},
            page=Page(**record["page"]),
            text=text,
            repairs=repairs,
            gaps=gaps,
            map=OffsetMap(record["map"]["raw_length"], record["map"]["length"], runs),
            witnesses=tuple(Witness(**witness) for witness in record["witnesses"]),
            reading_notes=tuple(record["reading_notes"]),
            attachments=tuple(Attachment(**attachment) for attachment in record["attachments"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TongbaoError(
            f"cannot be read as a restored circular ({error})", place=str(path), remedy="run the restore stage again"
        ) from error
    if restored.map.length != len(text):
        raise TongbaoError(
            "the text and the map beside it are of different length",
            place=str(text_path),
            remedy="run the restore stage again; files in data/interim are never edited",
        )
    return restored


_PLAIN = (
    "circular_id",
    "raw_file",
    "raw_sha256",
    "encoding",
    "script",
    "copy_kind",
    "copy_evidence",
    "residue",
)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def _dump(record: dict[str, Any]) -> str:
    """One line for each repair and gap, so that a diff of two builds is readable."""
    lines = ["{"]
    for n, (key, value) in enumerate(record.items()):
        comma = "," if n < len(record) - 1 else ""
        if isinstance(value, list) and value:
            rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'  "{key}": [\n    {rows}\n  ]{comma}')
        else:
            lines.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}{comma}')
    return "\n".join([*lines, "}", ""])
