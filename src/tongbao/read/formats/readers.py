"""The table of readers: which function reads which form. Runs inside the worker process, see `worker`."""

import re

from tongbao.read.formats import signature
from tongbao.read.formats.model import MAX_CHARACTERS, Read, Refused, UnreadableError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_form(form: str, data: bytes) -> Read | Refused:
    """Read `data`, which is in `form` (a name of `signature`, not plain text), whatever it holds.

    The text that comes back has no control characters but tab and line feed, and no lone surrogates.
    """
    try:
        read = _read(form, data)
    except UnreadableError as error:
        return Refused(str(error))
    except MemoryError:
        return Refused("it needs too much memory to be read: not a single circular")
    except RecursionError:
        return Refused("damaged: it is nested too deeply")
    except Exception as error:  # libraries fail on hostile files in every way there is
        return Refused(f"damaged: it cannot be read as {_NAMES[form]} ({type(error).__name__}); get the file again")
    if len(read.text) > MAX_CHARACTERS:
        return Refused(f"more than {MAX_CHARACTERS // 1_000_000} million characters: not a single circular")
    text = _CONTROL.sub("", read.text.replace("\r\n", "\n").replace("\r", "\n"))
    text, n_lone = _SURROGATE.subn("\ufffd", text)
    notes = (*read.notes, f"{n_lone} broken characters stand as U+FFFD") if n_lone else read.notes
    return Read(text, read.encoding, notes, read.attachments)


_NAMES = {
    signature.HTML: "a web page",
    signature.MHT: "a web archive",
    signature.PDF: "a PDF",
    signature.ZIP: "an Office file",
    signature.OLE: "an Office file",
}


def _read(form: str, data: bytes) -> Read:
    # Imports are late because each reader brings a library that takes a while to load.
    if form == signature.HTML:
        from tongbao.read.formats.html import read_page

        return read_page(data)
    if form == signature.MHT:
        from tongbao.read.formats.mht import read_archive

        return read_archive(data)
    if form == signature.PDF:
        from tongbao.read.formats.pdf import read_pdf

        return read_pdf(data)
    if form == signature.ZIP:
        return _read_zip(data)
    if form == signature.OLE:
        return _read_ole(data)
    raise UnreadableError(f"no reader for {form}")


def _read_zip(data: bytes) -> Read:
    from tongbao.read.formats.archive import open_container

    parts = open_container(data)
    if "word/document.xml" in parts:
        from tongbao.read.formats.docx import read_docx

        return read_docx(data)
    if "xl/workbook.xml" in parts:
        from tongbao.read.formats.sheets import read_xlsx

        return read_xlsx(parts)
    if "OFD.xml" in parts:
        raise UnreadableError("OFD is not read: open it and save its text as .txt")
    if "content.xml" in parts:
        raise UnreadableError("OpenDocument is not read: open it and save it as .docx or .xlsx")
    if "ppt/presentation.xml" in parts:
        raise UnreadableError("slides are not read: save their text as .txt")
    raise UnreadableError("archives are not opened: unpack it first")


def _read_ole(data: bytes) -> Read:
    import io

    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists("EncryptedPackage"):
            raise UnreadableError("encrypted: save a copy without a password")
        if container.exists("WordDocument"):
            from tongbao.read.formats.doc import read_doc

            return read_doc(container)
        if container.exists("Workbook") or container.exists("Book"):
            from tongbao.read.formats.sheets import read_xls

            return read_xls(data)
    raise UnreadableError("an Office file that is no document and no sheet: save its text as .txt")
