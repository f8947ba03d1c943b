"""Handing on the tables: files for Stata, SPSS, Excel, R, SQLite and DuckDB, with labels and Chinese intact.

One module a format, each with `write(bundle, out) -> Written`; what they share is in `model`. Nothing here changes a
value: where a format cannot hold something as it is (a long name, a long text), what was done is told.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from tongbao.errors import TongbaoError
from tongbao.tidy.export.model import Bundle, Written, load_bundle

FORMATS = ("stata", "spss", "excel", "r", "sqlite", "duckdb")
"""Names of the formats, which are those of the modules here."""

__all__ = ["FORMATS", "Bundle", "Written", "export", "load_bundle"]


def export(
    to: str, tidy: Path, reference: Path, out: Path, *, tables: Sequence[str] = (), language: str = "en"
) -> Written:
    """Write tables and codebook in another format.

    Args:
        to: one of `FORMATS`.
        tidy: the folder of the tidy tables; the codebook lies one folder above it.
        reference: the folder of the schema.
        out: the folder to write to; made if missing. Files of the same names are replaced, each at once.
        tables: names of those wanted; all there are if empty.
        language: of the labels, `en` or `zh`.

    Raises:
        TongbaoError: the format, the language or a table does not exist, or nothing has been made yet.
    """
    if to not in FORMATS:
        raise TongbaoError(f"there is no format {to!r}", remedy="use one of " + ", ".join(FORMATS))
    bundle = load_bundle(tidy, reference, tables=tables, language=language)
    write: Callable[[Bundle, Path], Written] = import_module(f"{__name__}.{to}").write
    out.mkdir(parents=True, exist_ok=True)
    return write(bundle, out)
