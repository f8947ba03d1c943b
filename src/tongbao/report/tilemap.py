"""The map of the front page: 34 equal tiles in HTML, each a link to its province's page or hatched.

A list of links in a grid, not a picture: it can be read aloud, searched, and walked with the keyboard.
"""

from collections.abc import Collection, Mapping

from tongbao.project import Project
from tongbao.report.grid import Column, grid, link
from tongbao.report.language import say
from tongbao.report.safe import attribute, escape
from tongbao.report.tiles import tile_grid


def tile_map(project: Project, counts: Mapping[str, int], pages: Collection[str], language: str) -> str:
    """Return the map with its caption and the numbers behind it.

    Args:
        project: its layout of tiles is read.
        counts: province code -> number of circulars; a province that does not occur has none.
        pages: codes of the provinces that have a page.
        language: of the page.
    """
    tiles, rows = [], []
    for row in tile_grid(project):
        code, n = row["province_code"], counts.get(row["province_code"], 0)
        name = row["province"] if language == "zh" else f"{row['name_en']} {row['province']}"
        label = say("{name}: {n:d} circulars" if n != 1 else "{name}: {n:d} circular", language, name=name, n=n)
        place = f"r{row['tile_row']} c{row['tile_column']}"
        inner = f"{escape(row['province'])}{f'<b>{n}</b>' if n else ''}"
        if code in pages:
            target = f"provinces/{code}.html"
            tile = (
                f'<a href="{attribute(target)}" aria-label="{attribute(label)}" title="{attribute(label)}">{inner}</a>'
            )
            rows.append([link(target, name), str(n)])
        else:
            tile = f'<span title="{attribute(label)}">{inner}</span>'
            rows.append([escape(name), str(n)])
        tiles.append(f'<li class="{place}{" none" if not n else ""}">{tile}</li>')
    caption = say(
        "Circulars in this collection by province; a tile a province, roughly where it lies, all of one size. "
        "Hatched: no circular here, which says nothing about the province.",
        language,
    )
    summary = say("{n:d} of {all:d} provinces have a circular here", language, n=len(counts), all=len(rows))
    columns = [Column(say("Province", language), is_head=True), Column(say("Circulars", language), is_number=True)]
    table = grid(say("Circulars by province", language), columns, rows, name="map-numbers", language=language)
    return (
        f'<figure id="map"><ul class="tiles" aria-label="{attribute(summary)}">{"".join(tiles)}</ul>\n'
        f"<figcaption>{escape(summary)}{'。' if language == 'zh' else '. '}{escape(caption)}</figcaption>\n"
        f'<details class="numbers"><summary>{escape(say("Numbers", language))}</summary>{table}</details></figure>'
    )
