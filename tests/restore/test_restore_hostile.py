"""Broken and hostile files through `tongbao restore FILE`: a text or a clear refusal, within stated bounds.

What reading refuses, form by form, is in tests/read/test_read_hostile.py; here are the whole way and its bounds, for
plain text that reading lets through as well.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tongbao.read.folder import RawDocument, Rejected, document_of
from tongbao.restore.pipeline import restore
from tongbao.restore.repairs import replay
from tongbao.restore.shifted_bytes import MAX_PLACES

SECONDS = 10.0
"""Longest processor time for a text of 100,000 characters, as `pipeline` states it. The slowest takes a tenth of it."""
STEPS = 1.2
"""How much faster than the text the calls may grow: twice the text, at most 2.4 times the calls."""
MEMORY = 1_500_000_000
"""Most memory for a file of 20 MB, refused or read."""
N = 100_000


def filled(piece: str, n: int = N) -> str:
    return (piece * (n // len(piece) + 1))[:n]


TEXTS = {
    "references": filled("&nbsp;&#8220;&amp;amp;amp;"),
    "open references": filled("&#" + "1" * 9),
    "tags": filled("<p><b>网</b>站"),
    "tags that never end": filled("<p " + "a" * 600),
    "strewn": filled("网*站·政_府|"),
    "doubled": filled("网，，站。。、、"),
    "letter-spaced": filled("政 府 "),
    "letter-spaced lines": filled("通 报\n"),
    "years": filled("2 0 1 8 年1 9 9 "),
    "spam in titles": filled("国产精品_关于政府网站抽查情况的通报\n"),
    "spam in one line": filled("关于无码_"),
    "private characters": filled("网\ue145站\ufffd"),
    "lone surrogates": filled("网\ud800站\udfff"),
    "NULs": filled("网\0站"),
    "mixed encodings": filled("缃戠珯\ufffd网站鎶芥煡\n"),
    "more lost bytes than a document has": filled("政府?W站??荚u,"),
}


def n_calls(work: Callable[[], Any]) -> int:
    """How many functions are called, those of libraries included: work that no other program can slow down."""
    n = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal n
        n += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return n


def restoring(text: str) -> Callable[[], Any]:
    raw = RawDocument("x", "x.txt", "0" * 64, text, "utf-8", 0)
    return lambda: list(restore(raw).repairs)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_work_grows_no_faster_than_the_text(name: str) -> None:
    restoring(TEXTS[name][:500])()  # tables that are made once
    once, twice = (n_calls(restoring(TEXTS[name][:n])) for n in (5_000, 10_000))
    assert twice <= 2 * STEPS * once, (once, twice)


def test_work_grows_with_the_lost_bytes_up_to_a_bound() -> None:
    line = "各縣(區)網站??荚u結果如下,"
    restoring(line)()
    few, more = (n_calls(restoring(line * n)) for n in (20, 40))
    assert few < more <= 2 * STEPS * few, (few, more)
    most = MAX_PLACES + 1
    assert n_calls(restoring(line * most)) < most * (more / 40) / 2


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_time_stays_within_its_bound(name: str) -> None:
    raw = RawDocument("x", "x.txt", "0" * 64, TEXTS[name], "utf-8", 0)
    began = time.process_time()
    restored = restore(raw)
    assert time.process_time() - began < SECONDS
    assert len(restored.text) <= len(raw.text)


def test_every_change_is_accounted_for_in_hostile_texts() -> None:
    for text in (text[:500] for text in TEXTS.values()):
        restored = restore(RawDocument("x", "x.txt", "0" * 64, text, "utf-8", 0))
        if not any(r.kind in ("furniture", "spam_word") for r in restored.repairs):
            assert replay(text, restored.repairs) == restored.text


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 1000, "通报".encode("utf-16-le")[:-1] + b"\xd8", b"PK\x03\x04", b"%PDF-1.4"]
)
def test_what_is_no_circular_is_refused_with_a_reason(data: bytes) -> None:
    found = document_of(data, "x.txt")
    assert isinstance(found, Rejected) and found.reason


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not bound memory")
def test_a_line_of_20_megabytes_is_refused_within_bounds() -> None:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    line = "政府网站抽查".encode() * 1_100_000
    command = [sys.executable, "-c", "import sys; from tongbao.cli import main; sys.exit(main(['restore', '-']))"]
    found = subprocess.run(command, input=line, capture_output=True, preexec_fn=bound, timeout=60, check=False)
    assert found.returncode == 1 and "million characters" in found.stderr.decode()
