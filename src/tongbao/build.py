"""The rooms in a row: what the stages of dvc.yaml do on the project, and `tongbao build` on any folder.

Only wiring stands here; the work is done in the rooms.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongbao.errors import TongbaoError
from tongbao.workers import ALONE, Crew

_REJECTED = "rejected_files.csv"


def restore_stage(raw: Path, interim: Path, parameters: Mapping[str, Mapping[str, Any]], crew: Crew = ALONE) -> str:
    """Restore every readable circular of `raw` into `interim`; list the files that could not be read.

    Returns:
        One sentence with the counts.
    """
    from tongbao.read.sources import check_sources
    from tongbao.restore.store import restore_folder

    check_sources(raw)
    margin = float(parameters["restore"]["accept_margin"])
    n_restored, rejected = restore_folder(raw, interim, margin, crew=crew)
    with (interim / _REJECTED).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "reason"])
        writer.writerows((r.file_name, r.reason) for r in rejected)
    return f"{n_restored} circulars restored, {len(rejected)} files rejected"


def crew_of(parameters: Mapping[str, Mapping[str, Any]]) -> Crew:
    """Return the processes that may read circulars at a time."""
    return Crew(int(parameters.get("extract", {}).get("workers", 1)))


def tidy_stage(
    raw: Path,
    interim: Path,
    out: Path,
    metrics: Path,
    *,
    coded: bool = False,
    corrections: Path | None = None,
    crew: Crew = ALONE,
) -> str:
    """Write the tidy tables, the metrics and beside these the codebook, from what stands in `interim`.

    Args:
        raw, interim, out, metrics: where the circulars and the files made of them lie.
        coded: also make the tables of the figures in `raw/coded`, which were coded by hand.
        corrections: the file of corrections, if there are any.
        crew: who may work side by side.

    Returns:
        One sentence with the counts.
    """
    from tongbao.read.folder import CODED
    from tongbao.read.sources import check_sources
    from tongbao.tidy.build import build_tables
    from tongbao.tidy.codebook import FILE

    counted = build_tables(
        interim,
        out,
        check_sources(raw),
        metrics=metrics,
        coded=raw / CODED if coded else None,
        codebook=metrics.with_name(FILE),
        corrections=corrections,
        crew=crew,
    )
    return f"{counted.n_accepted} rows in the tables, {counted.n_rejected} rejected"


def build_folder(folder: Path, out: Path, parameters: Mapping[str, Mapping[str, Any]]) -> str:
    """Make tidy tables from a folder of circulars that need not be part of a project.

    Args:
        folder: is only read; `sources.csv` in it is used where it stands.
        out: receives `interim/` and `tidy/`; must not lie in `folder`.

    Returns:
        One sentence with the counts and where to look.

    Raises:
        TongbaoError: the folder is missing, or `out` lies in it.
    """
    from tongbao.extract.folder import extract_folder

    if not folder.is_dir():
        raise TongbaoError("no such folder", place=str(folder), remedy="name a folder with circulars in it")
    if out.resolve().is_relative_to(folder.resolve()):
        raise TongbaoError(
            "the results would be written among the circulars", place=str(out), remedy="name another --out"
        )
    interim, tidy = out / "interim", out / "tidy"
    interim.mkdir(parents=True, exist_ok=True)
    with crew_of(parameters) as crew:
        restored = restore_stage(folder, interim, parameters, crew)
        extract_folder(interim, crew)
        tables = tidy_stage(folder, interim, tidy, out / "metrics.json", crew=crew)
    return f"{restored}; {tables}; see {tidy} (what was left out, and why: {tidy / 'rejected.csv'})"
