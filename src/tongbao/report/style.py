"""How figures look: theme, font, palettes. A notebook calls `use()` once, before it draws."""

import warnings

import matplotlib
import seaborn as sns
from matplotlib import font_manager

from tongbao.project import Project, find_project
from tongbao.report import font, lab
from tongbao.report import language as languages

GRADES = ("#08306b", "#2b6cb0", "#9cc4e2", "#e3eef8")
"""Four ordered grades in one hue, best first. Lightness alone tells them apart."""

CATEGORICAL = tuple(matplotlib.colors.to_hex(c) for c in sns.color_palette("colorblind"))
"""Unordered categories: seaborn's colour-blind-safe set."""

BINS = ("#f1eef6", "#bdc9e1", "#74a9cf", "#2079ac", "#045a8d")
"""Five ordered classes, lowest first (after ColorBrewer PuBu, colour-blind safe)."""

INK = "#1f2328"
MUTED = "#6b7280"
GRID = "#d7dbe0"
PAPER = "#ffffff"
IDENTIFIED = "#c3c8d0"
"""The thick grey bar: values that the printed figures leave possible."""

WIDTH = 7.2
"""Width of a figure in inches: the column of a page."""

# Chinese first: with `font.family` a list, matplotlib looks for each glyph in turn.
_RC = {
    "font.family": [font.FAMILY, "DejaVu Sans"],
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a $ in a scraped name is a character, not a formula
    "svg.hashsalt": "tongbao",
    "svg.fonttype": "path",
    "figure.figsize": (WIDTH, 4.0),
    "figure.facecolor": PAPER,
    "font.size": 9.0,
    "axes.labelsize": 9.0,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "legend.title_fontsize": 8.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": GRID,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
}


def use(project: Project | None = None, *, language: str = "en") -> None:
    """Set theme, font, palettes and language for all that follows, in a build and in JupyterLab alike.

    The reader's own matplotlib settings are put aside. The font is made once and kept in
    `.tongbao/font/` of `project` (default: the project around the working folder). A character that no
    font has becomes an error instead of an empty box.

    Raises:
        TongbaoError: there is no project here, no such language, or the Chinese font is not installed.
    """
    languages.use(language)
    project = project or find_project()
    root = project.root
    path = font.project_font(root / ".tongbao" / "font" / f"{font.fingerprint()}.otf")
    if font.FAMILY not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(path)
    matplotlib.rcdefaults()
    sns.set_theme(style="whitegrid", palette="colorblind", rc=_RC)
    warnings.filterwarnings("error", message="Glyph .* missing from font")
    if lab.is_interactive():
        lab.dress(project)


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on `colour` (relative luminance of WCAG 2)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in matplotlib.colors.to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return PAPER if (1.05) / (luminance + 0.05) > (luminance + 0.05) / 0.05 else INK
