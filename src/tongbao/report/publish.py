"""Packing what a researcher hands on: the site, the tables, the citation, in one archive that is always the same."""

import zipfile
from pathlib import Path

from tongbao import __version__
from tongbao.errors import TongbaoError
from tongbao.project import Project

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: same content, same bytes


def publish(project: Project, out: Path) -> Path:
    """Write `tongbao-reports-<version>.zip` into `out` and return its path.

    It opens on `index.html`; the tables lie in `data/`, with their data package and the citation file.

    Raises:
        TongbaoError: the reports or the tables have not been built.
    """
    files: dict[str, Path] = {}
    for page in sorted(project.reports.rglob("*.html")):
        files[page.relative_to(project.reports).as_posix()] = page
    for table in sorted([*project.tidy.glob("*.csv"), *project.tidy.glob("*.json"), *project.tidy.glob("*.parquet")]):
        files[f"data/{table.name}"] = table
    if "index.html" not in files or "data/datapackage.json" not in files:
        raise TongbaoError("nothing to publish yet", place=str(project.reports), remedy="run `make repro` first")
    for name in ("CITATION.cff", "LICENSE"):
        files[name] = project.root / name
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"tongbao-reports-{__version__}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(f"tongbao-reports-{__version__}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes())
    return archive
