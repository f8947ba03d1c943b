"""PDF: the text layer, its lines joined to paragraphs where the page's geometry leaves no doubt.

Where characters stand on a page is found out here, tables with ruled lines are in `pdf_tables`, the joining is
in `paragraphs`. Pages that are pictures have no text to read: they need OCR first.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tongbao.read.formats.characters import Character
from tongbao.read.formats.model import MAX_CHARACTERS, Read, UnreadableError
from tongbao.read.formats.paragraphs import Line, join_lines, lines_of
from tongbao.read.formats.pdf_tables import Ruling, Table, tables_of

MAX_PAGES = 500
"""Most pages. The longest circular known has some 40 with its annexes."""

MAX_UNMAPPED = 0.05
"""Largest share of characters for which the fonts do not say which character they are."""

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PAGE_NUMBER = re.compile(
    r"^(?:第\s*)?[-—–－―·•\s]*(\d{1,3})[-—–－―·•\s]*(?:页)?(?:\s*[/,，]?\s*共?\s*\d{1,3}\s*页?)?$"
)
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—\U00020000-\U0003ffff]")
_KERNING = 0.6  # widths of a character
_UNMAPPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff]")


def read_pdf(data: bytes) -> Read:
    """Read the text layer of a PDF.

    Raises:
        UnreadableError: damaged, encrypted, without pages, with more than `MAX_PAGES`, or with a page that has a
            picture but no text.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # The library's error code may be that of an earlier file: it counts only if this one has a password.
        if error.err_code == _PASSWORD and b"/Encrypt" in data:
            raise UnreadableError("encrypted: save a copy without a password") from error
        raise UnreadableError("a damaged PDF, or one without pages: it cannot be opened; get the file again") from error
    n_pages = len(document)
    if n_pages == 0:
        raise UnreadableError("a damaged PDF, or one without pages: it cannot be opened; get the file again")
    if n_pages > MAX_PAGES:
        raise UnreadableError(f"{n_pages} pages, more than {MAX_PAGES}: not a single circular")
    pages: list[list[Line | Table]] = []
    n_characters = n_unmapped = 0
    for number in range(n_pages):
        page = document[number]
        characters = _without_inventions(list(_characters(page, pdfium)))
        n_characters += len(characters)
        n_unmapped += sum(bool(_UNMAPPED.match(c.text)) for c in characters)
        if n_characters > MAX_CHARACTERS:
            break  # the caller refuses it for its length
        if not any(c.text.strip() for c in characters):
            if any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2)):
                raise UnreadableError(f"no text layer: run OCR first (page {number + 1} of {n_pages})")
            pages.append([])
            continue
        pages.append(_page(characters, list(_rulings(page, pdfium))))
        page.close()
    if not any(pages):
        raise UnreadableError("no text layer: run OCR first")
    if n_unmapped > MAX_UNMAPPED * n_characters:
        raise UnreadableError("no usable text layer: its fonts do not say which characters they show; run OCR first")
    notes = []
    if n_numbers := _cut_page_numbers(pages):
        notes.append(f"{n_numbers} page numbers left out")
    if n_unmapped:
        notes.append(f"{n_unmapped} characters that the fonts do not name stand as U+FFFD")
    lines = [_UNMAPPED.sub("\ufffd", line) for line in join_lines(pages)]
    return Read("\n".join(lines), "pdf", tuple(notes))


def _characters(page: Any, pdfium: Any) -> Iterator[Character]:
    """The characters of a page in the order of its text layer, with their boxes in points from the lower left."""
    text_page = page.get_textpage()
    box = pdfium.FS_RECTF()
    high = 0
    for n in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, n)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in {0, 2}:  # no character; a hyphen that the library thinks it has undone
            code = 0xFFFD if code == 0 else 0x2D
        # The loose box is as high as the type, not as the glyph: a comma's stands level with its neighbours'.
        pdfium.FPDFText_GetLooseCharBox(text_page, n, ctypes.byref(box))
        size = float(pdfium.FPDFText_GetFontSize(text_page, n))
        is_stored = not pdfium.FPDFText_IsGenerated(text_page, n)
        yield Character(chr(code), box.left, box.right, box.bottom, box.top, size, is_stored)
    text_page.close()


def _without_inventions(characters: list[Character]) -> list[Character]:
    """Leave out blanks and line breaks that the file does not hold and the page does not show.

    The library reads the narrow gap between 年 and 2019 as a blank, and some pages as set upright, one character
    to a line. A gap between two Latin words stays a blank.
    """
    kept: list[Character] = []
    pending: list[Character] = []
    for character in characters:
        if not character.is_stored and character.text in " \r\n":
            pending.append(character)
            continue
        if pending and not (kept and _is_next(kept[-1], character)):
            kept += pending
        elif pending and not (_WIDE.match(kept[-1].text) or _WIDE.match(character.text)):
            kept.append(replace(pending[0], text=" "))
        pending = []
        kept.append(character)
    return kept


def _is_next(before: Character, after: Character) -> bool:
    """Whether two characters stand side by side on one line."""
    size = max(before.size, after.size)
    is_level = abs(before.bottom - after.bottom) < 0.4 * size
    return is_level and -0.3 * size < after.left - before.right < _KERNING * size


def _rulings(page: Any, pdfium: Any) -> Iterator[Ruling]:
    """The straight lines and thin bars of a page; of frames, their four sides."""
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        x0, y0, x1, y1 = thing.get_bounds()
        if min(x1 - x0, y1 - y0) <= 3:  # a line, or a bar as thin as one
            yield Ruling(x0, y0, x1, y1)
        elif pdfium.FPDFPath_CountSegments(thing) <= 6:
            yield from (
                Ruling(x0, y0, x1, y0), Ruling(x0, y1, x1, y1), Ruling(x0, y0, x0, y1), Ruling(x1, y0, x1, y1)
            )  # fmt: skip
        else:
            yield from _segments(thing, pdfium)


def _segments(thing: Any, pdfium: Any) -> Iterator[Ruling]:
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    for n in range(min(pdfium.FPDFPath_CountSegments(thing), 10_000)):
        segment = pdfium.FPDFPath_GetPathSegment(thing, n)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            (x0, x1), (y0, y1) = sorted((last[0], point[0])), sorted((last[1], point[1]))
            if min(x1 - x0, y1 - y0) <= 1:
                yield Ruling(x0, y0, x1, y1)
        last = point


def _page(characters: list[Character], rulings: list[Ruling]) -> list[Line | Table]:
    """The tables and lines of a page in reading order."""
    tables = tables_of(rulings, characters)
    outside = [c for c in characters if not any(table.holds(c) for table in tables)]
    # The text layer's own order is kept but for tables, which go where the line above them ends.
    ordered: list[Line | Table] = list(lines_of(outside))
    for table in sorted(tables, key=lambda t: -t.top):
        at = next((n for n, thing in enumerate(ordered) if thing.top < table.top), len(ordered))
        ordered.insert(at, table)
    return ordered


def _cut_page_numbers(pages: list[list[Line | Table]]) -> int:
    """Cut the first or last line of pages where it is a number that grows by one from page to page."""
    for end in (-1, 0):
        found: dict[int, int] = {}
        for n, things in enumerate(pages):
            line = things[end] if things else None
            if isinstance(line, Line) and (match := _PAGE_NUMBER.match(line.text.strip())):
                found[n] = int(match.group(1)) - n
        if len(found) >= 2 or (len(found) == len(pages) == 1 and next(iter(found.values())) == 1):
            offset = max(sorted(set(found.values())), key=list(found.values()).count)
            cut = [n for n, value in found.items() if value == offset]
            if 2 * len(cut) > len(found):
                for n in cut:
                    del pages[n][end]
                return len(cut)
    return 0
