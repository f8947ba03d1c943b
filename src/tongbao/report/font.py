"""The Chinese font that figures and pages carry, cut from the one that the lock installs.

What belongs here: finding the font, giving it simplified Chinese shapes, cutting it down. What does not:
how matplotlib or a page uses it (`style`, `html`).

The distribution `notojp-matplotlib` holds Noto Sans CJK in its Japanese variant (SIL Open Font License): all
characters are there, but where the national shapes differ (复 骨 直 角 门) the character map points to the
Japanese one. The font itself says which shape simplified Chinese wants: the OpenType feature `locl` of script
`hani`, language `ZHS`. We write that choice into the character map, because matplotlib cannot ask for a
language. The licence reserves the name of the original, so the result has a name of its own.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongbao.errors import TongbaoError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

DISTRIBUTION = "notojp-matplotlib"
FAMILY = "Tongbao CJK"
"""Family name of the font, for figures and for pages."""

_NAMES_KEPT = {0, 13, 14}  # copyright and licence must travel with every copy
_TABLES_DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "DSIG", "VORG", "vhea", "vmtx"]


def source_font() -> Path:
    """Return the path of the installed font file; the distribution itself is never imported.

    Raises:
        TongbaoError: the distribution or its font file is not installed.
    """
    try:
        files = metadata.files(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate()))
        if path.suffix == ".otf" and path.is_file():
            return path
    raise TongbaoError(
        f"the Chinese font is not installed (distribution {DISTRIBUTION})",
        remedy="install what requirements.lock names",
    )


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a short name for what `project_font` would write: the distribution's version and this module."""
    made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    return f"tongbao-cjk-{metadata.version(DISTRIBUTION)}-{made_by}"


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Return the code points that the font has a glyph for."""
    from fontTools.ttLib import TTFont  # half a second; escaping plain English needs none

    with TTFont(str(source_font()), lazy=True) as font:
        return frozenset(font["cmap"].getBestCmap())


def lacking(characters: Iterable[str]) -> list[str]:
    """Return, sorted, the characters that the font has no glyph for."""
    return sorted(c for c in set(characters) if ord(c) not in covered())


def project_font(out: Path) -> Path:
    """Write the whole font with simplified Chinese shapes to `out` (OpenType) unless it is there already.

    Nothing is cut off: cutting takes longer than writing, and a figure may need any character.

    Returns:
        `out`, usable with `matplotlib.font_manager.fontManager.addfont`.
    """
    if not out.is_file():
        font = _open()
        _drop_tables(font)
        out.parent.mkdir(parents=True, exist_ok=True)
        # Two notebooks may start at once: each writes its own file, the last one wins with the same bytes.
        handle, name = tempfile.mkstemp(dir=out.parent, suffix=".part")
        with os.fdopen(handle, "wb") as written:
            font.save(written)
        Path(name).chmod(0o644)
        Path(name).replace(out)
    return out


def warm() -> None:
    """Do once what every cut of this process would do again, and open the font for the first of them.

    A process that is forked for one page finds it open. The font is held in memory: forked processes would share the
    place in an open file.
    """
    covered()
    _chinese_shapes()
    font = _open()
    for tag in ("CFF ", "OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "post"):
        font[tag]
    _ = font["CFF "].cff.topDictIndex[0].CharStrings
    _opened[:] = [font]


_opened: "list[TTFont]" = []
"""The font as `_open` returns it, for the next cut; a cut uses it up."""


def page_font(characters: Iterable[str]) -> bytes:
    """Return a WOFF2 font with exactly `characters`, in simplified Chinese shapes.

    Raises:
        TongbaoError: the font lacks one of them.
    """
    from fontTools import subset

    wanted = set(characters)
    missing = lacking(wanted)
    if missing:
        named = ", ".join(f"U+{ord(c):04X}" for c in missing)
        raise TongbaoError(
            f"the Chinese font has no glyph for {named}",
            remedy="write another character, or show its code with tongbao.report.safe.visible",
        )
    font = _opened.pop() if _opened else _open()
    options = subset.Options(
        layout_features=[],
        hinting=False,
        desubroutinize=True,
        name_IDs=sorted(_NAMES_KEPT | {1, 2, 4, 6}),
        notdef_outline=True,
        recalc_timestamp=False,
        drop_tables=[*subset.Options().drop_tables, *_TABLES_DROPPED],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in wanted])
    cutter.subset(font)
    outlines = font["CFF "].cff
    outlines.fontNames = [FAMILY.replace(" ", "")]
    outlines.topDictIndex[0].FamilyName = outlines.topDictIndex[0].FullName = FAMILY
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _open() -> "TTFont":
    """Open the source font, renamed and with simplified Chinese shapes in its character map."""
    from fontTools.ttLib import TTFont

    # Recomputing the boxes would decode all 65 535 outlines, which takes most of a minute.
    content = io.BytesIO(source_font().read_bytes())
    font = TTFont(content, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    shapes = _chinese_shapes()
    tables = [t for t in font["cmap"].tables if t.format in (4, 12)]  # the others hold no Chinese
    for table in tables:
        table.cmap = {code: shapes.get(glyph, glyph) for code, glyph in table.cmap.items()}
    font["cmap"].tables = tables
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in _NAMES_KEPT]
    for name_id, text in ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, FAMILY.replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)
    return font


@lru_cache(maxsize=1)
def _chinese_shapes() -> dict[str, str]:
    """Return {default glyph: simplified Chinese glyph} from the font's own `locl` feature."""
    from fontTools.ttLib import TTFont

    with TTFont(str(source_font()), lazy=True) as font:
        table = font["GSUB"].table
        return _localised(table)


def _localised(table: Any) -> dict[str, str]:
    shapes: dict[str, str] = {}
    for script in table.ScriptList.ScriptRecord:
        for language in script.Script.LangSysRecord:
            if (script.ScriptTag, language.LangSysTag) != ("hani", "ZHS "):
                continue
            for number in language.LangSys.FeatureIndex:
                record = table.FeatureList.FeatureRecord[number]
                if record.FeatureTag == "locl":
                    for lookup in record.Feature.LookupListIndex:
                        for part in table.LookupList.Lookup[lookup].SubTable:
                            shapes.update(getattr(part, "ExtSubTable", part).mapping)
    if not shapes:
        raise TongbaoError(
            "the installed font has no simplified Chinese shapes",
            place=source_font().name,
            remedy="install the version that requirements.lock names",
        )
    return shapes


def _drop_tables(font: "TTFont") -> None:
    for tag in _TABLES_DROPPED:
        if tag in font:
            del font[tag]
