"""What reading a file yields, and the bounds that hold for every form. No form is read here."""

from dataclasses import dataclass

MAX_CHARACTERS = 4_000_000
"""Longest text taken from one file. The longest circular known has under 400,000 characters."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page links to as its annex: the link's text, and its address as the page gives it.

    The address is a note for a person. It is never fetched.
    """

    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Read:
    """The text of a file.

    Args:
        text: the characters. For plain text exactly those stored; for every other form the text that the form
            yields, lines separated by a line feed. Offsets into the raw text count these characters.
        encoding: the encoding of plain text (`gb18030`), else the form, for pages with the encoding
            (`html/gb18030`, `docx`).
        notes: what a person should know: what was left out, what could not be told.
        attachments: files that the page links to.
    """

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file was not read, in words for the person who put it there, with what to do."""

    reason: str


class UnreadableError(Exception):
    """Raised inside a reader; `registry.text_of` turns it into `Refused`. Its message is the reason."""
