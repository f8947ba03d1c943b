"""Extraction of a whole folder: `text/<id>.txt` to `extracted/<id>.json`, in one process or in several.

One circular is in memory at a time in each process, whatever the size of the folder. What a circular says is the
matter of `pipeline`; the files do not depend on the number of processes.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tongbao.extract.pipeline import extract, to_json
from tongbao.workers import ALONE, Crew

_A_PROCESS_PAYS = 64  # circulars: for fewer, starting another process takes longer than reading them
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_BATCH = 16  # circulars handed to a process at a time


def extract_folder(interim: Path, crew: Crew = ALONE) -> int:
    """Extract every `text/<id>.txt` under `interim` to `extracted/<id>.json`; return how many.

    Files of circulars that are gone are removed, so that the folder always mirrors `text/`.

    Args:
        interim: the folder with `text/`; receives `extracted/`.
        crew: who may work side by side; a small folder is read in this process.

    Raises:
        TongbaoError: a reference table is missing or broken.
    """
    out = interim / "extracted"
    out.mkdir(parents=True, exist_ok=True)
    paths = sorted((interim / "text").glob("*.txt"))
    targets = [out / f"{path.stem}.json" for path in paths]
    files = list(zip(paths, targets, strict=True))
    batches = (files[i : i + _BATCH] for i in range(0, len(files), _BATCH))
    for _ in crew.of(len(paths) // _A_PROCESS_PAYS).in_order(_extract_files, batches):
        pass  # the files are written; what went wrong comes up here
    for stale in set(out.glob("*.json")) - set(targets):
        stale.unlink()
    return len(paths)


def _extract_files(files: Sequence[tuple[Path, Path]]) -> None:
    for path, target in files:
        extract_file(path, target)


def extract_file(path: Path, target: Path) -> None:
    """Extract one restored text to one JSON file; the file's stem is the circular's id."""
    result = to_json(extract(path.stem, path.read_bytes().decode("utf-8")))
    target.write_bytes(_dump(result).encode("utf-8"))


def _dump(result: Mapping[str, Any]) -> str:
    """Return JSON with one line for each fact, check and numeral, so that a diff of two builds is readable."""
    return "{" + ",".join(f"\n{json.dumps(key)}: {_lines(value)}" for key, value in result.items()) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, dict) and any(isinstance(inner, list) for inner in value.values()):
        return "{" + ",".join(f"\n{json.dumps(key)}: {_lines(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list) and value:
        return "[" + ",".join("\n " + _ENCODE(item) for item in value) + "]"
    return _ENCODE(value)
