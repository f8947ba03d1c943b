"""The tidy tables as the pages read them: rows of plain text."""

import csv

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.tidy.escape import restore_text

Row = dict[str, str]


def read_table(project: Project, name: str) -> list[Row]:
    """Return the rows of `data/tidy/<name>.csv` with the texts as they were before they were made safe for CSV.

    Raises:
        TongbaoError: the table has not been made.
    """
    path = project.tidy / f"{name}.csv"
    if not path.is_file():
        raise TongbaoError(
            f"the table {name} has not been made",
            place=path.relative_to(project.root).as_posix(),
            remedy="run `dvc repro`, which makes it before the pages",
        )
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [{k: restore_text(v) for k, v in row.items()} for row in csv.DictReader(handle)]


def fact_tables(project: Project) -> list[str]:
    """Return the tables whose rows were read off circulars, in the order of the codebook: they say on what basis."""
    from tongbao.tidy.schema import load_schema  # takes a second; a build with nothing to do needs none

    return [table.name for table in load_schema(project.reference).tables if table.has_span and "basis" in table.names]
