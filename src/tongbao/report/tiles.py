"""The layout of the tile map: 34 equal squares, one a province-level unit, no borders."""

import csv
from collections.abc import Iterable

from tongbao.errors import TongbaoError
from tongbao.project import Project


def province_title(project: Project, code: str, language: str = "en") -> str:
    """Return the short name of a province, in English with the Chinese one behind it; its code where it is unknown."""
    for row in tile_grid(project):
        if row["province_code"] == code:
            return row["province"] if language == "zh" else f"{row['name_en']} {row['province']}"
    return code


def tile_grid(project: Project) -> list[dict[str, str]]:
    """Return the rows of `data/reference/tile_grid.csv`: province_code, province, name_en, tile_row, tile_column."""
    path = project.reference / "tile_grid.csv"
    if not path.is_file():
        raise TongbaoError(
            "the layout of the provinces is missing",
            place=path.relative_to(project.root).as_posix(),
            remedy="restore the file from the repository",
        )
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def by_code(names: Iterable[str], project: Project) -> list[str]:
    """Return names of places, each once: provinces in the order of their codes, all others first and as they came.

    A name belongs to the province that it begins with, so that 新疆生产建设兵团 stands beside 新疆维吾尔自治区.
    """
    codes = {row["province"]: int(row["province_code"]) for row in tile_grid(project)}
    known = [(name, next((code for head, code in codes.items() if name.startswith(head)), 0)) for name in names]
    return list(dict.fromkeys(name for name, _ in sorted(known, key=lambda pair: pair[1])))
