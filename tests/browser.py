"""Headless Chromium for tests of pages: opening them, listening to what they ask for and say, checking glyphs."""

import base64
import html
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[object]:
    """A running browser; skips the test with a clear word where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: `make browser` installs it where apt is at hand")
    sync_api = pytest.importorskip("playwright.sync_api")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


def listen(page) -> tuple[list[str], list[str]]:
    """Return two lists that fill while the page is used: addresses asked for, and everything said or thrown."""
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    return requests, messages


def outside(requests: list[str], path: Path) -> list[str]:
    """What was asked for beyond the page itself and the data it carries."""
    return [url for url in requests if not url.startswith("data:") and url != path.as_uri()]


def missing_glyphs(path: Path) -> set[str]:
    """Characters beyond ASCII that the font embedded in the page cannot draw."""
    text = path.read_text(encoding="utf-8")
    embedded = re.search(r"data:font/woff2;base64,([A-Za-z0-9+/=]+)", text)
    assert embedded, f"{path.name} carries no font"
    cut = TTFont(io.BytesIO(base64.b64decode(embedded[1])))
    return {c for c in html.unescape(text) if not c.isascii()} - {chr(c) for c in cut.getBestCmap()}
