"""Web archives (.mht, .mhtml): the page inside, handed on to `html`. Its pictures and scripts are left alone."""

import email
import email.policy
from email.message import Message

from tongbao.read.formats.html import read_page
from tongbao.read.formats.model import Read, UnreadableError

MAX_PARTS = 2_000
"""Most parts of an archive, the page and its pictures together."""


def read_archive(data: bytes) -> Read:
    """Read the page of a web archive (MIME multipart/related, RFC 2557): the part named as its start, or its
    first page.

    Raises:
        UnreadableError: it holds no page, too many parts, or its page cannot be read.
    """
    if data.count(b"\n--") > 2 * MAX_PARTS:
        raise UnreadableError(f"the archive has more than {MAX_PARTS} parts: not a single circular")
    # The older policy parses headers lazily and never fails on malformed ones.
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    if not pages:
        raise UnreadableError("the web archive holds no page: save the page again")
    page = _start(message, pages)
    payload = page.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise UnreadableError("the page in the web archive is damaged: save the page again")
    read = read_page(payload, page.get_content_charset() or "")
    return Read(read.text, f"mht/{read.encoding.partition('/')[2]}", read.notes, read.attachments)


def _start(message: Message, pages: list[Message]) -> Message:
    start = message.get_param("start")
    if isinstance(start, str):
        for page in pages:
            if str(page.get("Content-ID", "")).strip() == start.strip():
                return page
    return pages[0]
