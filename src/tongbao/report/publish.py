"""Packing what a researcher hands on: site, tables, codebook and citation, in one archive that is always the same."""

import zipfile
from pathlib import Path

from tongbao import __version__
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.pages import DATA
from tongbao.tidy.whole import replacing

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: same content, same bytes


def publish(project: Project, out: Path) -> Path:
    """Write `tongbao-reports-<version>.zip` into `out` and return its path.

    It opens on `index.html`, with the codebook beside it; the tables lie in `data/`, with their data package.

    Raises:
        TongbaoError: the reports or the tables have not been built.
    """
    files: dict[str, Path] = {}
    for part in sorted([*project.reports.rglob("*.html"), *(project.reports / DATA).glob("*")]):
        files[part.relative_to(project.reports).as_posix()] = part
    for table in sorted(path for path in project.tidy.iterdir() if path.is_file() and not path.name.startswith(".")):
        files[f"{DATA}/{table.name}"] = table
    wanted = ("index.html", "codebook.html", f"{DATA}/datapackage.json")
    if not set(wanted) <= files.keys():
        raise TongbaoError("nothing to publish yet", place=str(project.reports), remedy="run `make repro` first")
    for name in ("CITATION.cff", "LICENSE"):
        files[name] = project.root / name
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"tongbao-reports-{__version__}.zip"
    with replacing(archive) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(f"tongbao-reports-{__version__}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes())
    return archive
