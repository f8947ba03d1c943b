"""Which form a file is in: by its first bytes, and by its name only where these leave it open.

Nothing is opened here: what an Office container holds is found out by its reader.
"""

import codecs
import re

TEXT, HTML, MHT, PDF, ZIP, OLE = "text", "html", "mht", "pdf", "zip", "ole"

PAGE_SUFFIXES = frozenset({".htm", ".html", ".shtml", ".xhtml", ".asp", ".aspx", ".jsp", ".php", ".do"})
# Word and WPS save "web pages" under these names too, and many sites offer a table of HTML as .xls.
_OFFICE_SUFFIXES = frozenset({".doc", ".wps", ".xls", ".et"})

_SNIFFED = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_READ = (
    (b"Rar!\x1a\x07", "archives are not opened: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "archives are not opened: unpack it first"),
    (b"\x1f\x8b\x08", "archives are not opened: unpack it first"),
    (b"BZh", "archives are not opened: unpack it first"),
    (b"\xfd7zXZ\x00", "archives are not opened: unpack it first"),
    (b"{\\rtf", "RTF is not read: open it and save it as .docx"),
    (b"\xff\xd8\xff", "an image: run OCR first and save the text as .txt"),
    (b"\x89PNG\r\n", "an image: run OCR first and save the text as .txt"),
    (b"GIF8", "an image: run OCR first and save the text as .txt"),
    (b"II*\x00", "an image: run OCR first and save the text as .txt"),
    (b"MM\x00*", "an image: run OCR first and save the text as .txt"),
)
_NO_TEXT_SUFFIXES = {
    ".zip": "archives are not opened: unpack it first",
    ".rar": "archives are not opened: unpack it first",
    ".7z": "archives are not opened: unpack it first",
    ".gz": "archives are not opened: unpack it first",
    ".jpg": "an image: run OCR first and save the text as .txt",
    ".jpeg": "an image: run OCR first and save the text as .txt",
    ".png": "an image: run OCR first and save the text as .txt",
    ".tif": "an image: run OCR first and save the text as .txt",
    ".tiff": "an image: run OCR first and save the text as .txt",
}
_PAGE = re.compile(rb"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL)
_TAG = re.compile(rb"<[a-z!/]")
_OFFICE_XML = re.compile(
    rb"<\?mso-application|<w:worddocument|<pkg:package|urn:schemas-microsoft-com:office:spreadsheet"
)
_MIME = re.compile(rb"^(?:mime-version:|content-type:\s*multipart/)", re.MULTILINE)


def form_of(data: bytes, suffix: str) -> tuple[str, str]:
    """Tell the form of a file.

    Args:
        data: its bytes, not empty.
        suffix: of its name, in lower case, with the dot.

    Returns:
        One of the forms above and "", or "" and the reason why files like this one are not read.
    """
    for mark, reason in _NOT_READ:
        if data.startswith(mark):
            return "", reason
    if b"%PDF-" in data[:1024]:
        return PDF, ""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZIP, ""
    if data.startswith(_OLE):
        return OLE, ""
    head = _head(data)
    if _OFFICE_XML.search(head):
        return "", "an Office file saved as plain XML: open it and save it as .docx or .xlsx"
    is_page = _PAGE.match(head) or (suffix in PAGE_SUFFIXES | _OFFICE_SUFFIXES and _TAG.search(head))
    if not is_page and b"multipart/" in head and _MIME.search(head):
        return MHT, ""
    if is_page:
        return HTML, ""
    if suffix in _NO_TEXT_SUFFIXES:
        return "", _NO_TEXT_SUFFIXES[suffix]
    return TEXT, ""


def _head(data: bytes) -> bytes:
    """The beginning in lower case, without byte order mark and without the zero bytes of UTF-16."""
    head = data[: 2 * _SNIFFED]
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")[:_SNIFFED].lstrip().lower()
