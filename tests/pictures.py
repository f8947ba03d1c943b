"""Photographs every page in `reports/`: wide, dark, on a telephone and on paper. `make pictures` runs it; look at them.

    python tests/pictures.py [PART OF AN ADDRESS …]

The pictures land in `.tongbao/screenshots/<view>/<address>.png`.
"""

import sys
from pathlib import Path

from browser import chromium

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / ".tongbao" / "screenshots"
VIEWS = {
    "wide": (1280, "light", "screen"),
    "dark": (1280, "dark", "screen"),
    "phone": (390, "light", "screen"),
    "paper": (800, "light", "print"),
}
"""Width in pixels, colours and medium of every view."""


def take(reports: Path, pictures: Path, wanted: list[str]) -> list[Path]:
    """Photograph the pages under `reports` whose address holds one of `wanted` (all, if none is given)."""
    taken = []
    with chromium() as browser:
        for view, (width, scheme, media) in VIEWS.items():
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.emulate_media(color_scheme=scheme, media=media)
            for path in sorted(reports.rglob("*.html")):
                name = path.relative_to(reports).with_suffix("").as_posix()
                if wanted and not any(part in name for part in wanted):
                    continue
                page.goto(path.as_uri())
                page.evaluate("document.fonts.ready")
                picture = pictures / view / f"{name.replace('/', '-')}.png"
                picture.parent.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=picture, full_page=True)
                taken.append(picture)
            page.close()
    return taken


if __name__ == "__main__":
    done = take(ROOT / "reports", PICTURES, sys.argv[1:])
    print(
        f"{len(done)} pictures in {PICTURES.relative_to(ROOT)}" if done else "no page to photograph: run `make repro`"
    )
