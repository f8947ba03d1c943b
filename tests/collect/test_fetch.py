"""The downloader against a real server on the loopback address: manners, bounds, and what it never asks."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path

import pytest

from collect.server import Site, serve
from tongbao.collect.addresses import Machine, RefusedAddress, is_public, machines, parse
from tongbao.collect.fetch import MAX_REDIRECTS, Fetcher
from tongbao.collect.polite import Rules, Waits
from tongbao.collect.wire import FailedRequest, Limits

BODY = "各市：现将政府网站抽查情况通报如下。".encode()
LIMITS = Limits(connect_seconds=2, read_seconds=1, total_seconds=1.5, max_bytes=200_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        found.pages["/a"] = (200, {"Content-Type": "text/html; charset=iso-8859-1", "ETag": '"1"'}, BODY)
        yield found


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def fetcher(site: Site, slept: list[float]) -> Fetcher:
    waits = Waits(0.0, sleep=slept.append, clock=lambda: 0.0)
    return Fetcher("tongbao/test", waits, LIMITS, site.allowed, lambda host, port: ["127.0.0.1"])


def test_bytes_and_facts_come_back_as_they_are(site: Site, fetcher: Fetcher) -> None:
    got = fetcher.fetch(site.url("/a"))
    assert got.data == BODY, "a wrong charset in the header changes nothing"
    assert (got.content_type, got.etag, got.status) == ("text/html; charset=iso-8859-1", '"1"', 200)
    assert got.redirects == () and site.agents == {"tongbao/test"}


def test_chinese_addresses_are_encoded(site: Site, fetcher: Fetcher) -> None:
    site.pages["/%E9%80%9A%E6%8A%A5?%E5%8F%B7=1"] = (200, {}, BODY)
    assert fetcher.fetch(site.url("/通报?号=1")).data == BODY
    assert parse("http://政府.cn/a").host == "xn--mxtq1m.cn"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(status: int, site: Site, fetcher: Fetcher) -> None:
    site.pages["/old"] = (status, {"Location": "b"}, b"")
    site.pages["/b"] = (302, {"Location": site.url("/a#top")}, b"")
    got = fetcher.fetch(site.url("/old"))
    assert got.data == BODY
    assert (got.final_url, got.redirects) == (site.url("/a"), (site.url("/b"), site.url("/a")))


def test_a_redirect_written_in_utf_8_is_understood(site: Site, fetcher: Fetcher) -> None:
    site.pages["/old"] = (302, {"Location": "/通报?号=1".encode().decode("latin-1")}, b"")
    site.pages["/%E9%80%9A%E6%8A%A5?%E5%8F%B7=1"] = (200, {"ETag": '"\x85\u00e9"'}, BODY)
    got = fetcher.fetch(site.url("/old"))
    assert got.data == BODY and got.etag == '"é"'


def test_a_ring_of_redirects_ends(site: Site, fetcher: Fetcher) -> None:
    site.pages["/ring"] = (302, {"Location": "/ring"}, b"")
    with pytest.raises(FailedRequest, match="redirects"):
        fetcher.fetch(site.url("/ring"))
    assert site.count()["/ring"] == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/a",
        "http://127.0.0.1:1/a",
        "http://10.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:{port}/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://2130706433/a",
        "http://localhost:1/a",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "http://user:secret@example.org/a",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(target: str, site: Site) -> None:
    """Even though the server itself is allowed: only exactly that machine and port are."""
    site.pages["/out"] = (302, {"Location": target.format(port=site.port)}, b"")
    fetcher = Fetcher("tongbao/test", Waits(0.0), LIMITS, site.allowed)
    with pytest.raises(FailedRequest, match=r"not on the public internet|not asked"):
        fetcher.fetch(site.url("/out"))
    assert site.count() == {"/out": 1}


def test_loopback_is_refused_unless_it_is_allowed(site: Site) -> None:
    with pytest.raises(FailedRequest, match="not on the public internet"):
        Fetcher("tongbao/test", Waits(0.0), LIMITS).fetch(site.url("/a"))
    assert site.asked == []


def test_a_name_that_changes_its_machine_is_judged_each_time(site: Site) -> None:
    """DNS rebinding: what is connected to is what was judged, and each request is judged again."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["192.168.0.1"]])
    fetcher = Fetcher("tongbao/test", Waits(0.0), LIMITS, site.allowed, lambda host, port: next(answers))
    assert fetcher.fetch(site.url("/a", "rebinding.example")).data == BODY  # robots.txt, then the page
    with pytest.raises(FailedRequest, match=r"192\.168\.0\.1"):
        fetcher.fetch(site.url("/a", "rebinding.example"))


def test_one_bad_machine_of_several_is_enough() -> None:
    address = parse("http://mixed.example/")
    with pytest.raises(RefusedAddress, match=r"10\.1\.1\.1"):
        machines(address, lambda host, port: ["93.184.216.34", "10.1.1.1"], frozenset())
    assert machines(address, lambda host, port: ["93.184.216.34"], frozenset()) == [Machine("93.184.216.34", 80)]


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.2.3.4", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:7f00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("not an address", False),
    ],
)
def test_which_machines_are_public(ip: str, public: bool) -> None:
    assert is_public(ip) is public


@pytest.mark.parametrize(
    "url",
    ["http://", "http:///a", "http://a b/", "http://a/\r\nHost: b", "http://[::1", "http://a:99999/", "//a/b", "a", "",
     "javascript:alert(1)", "http://a/" + "x" * 3000, "http://u@example.org/", "http://exa mple.org", "http://a%00b/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        parse(url)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of nobody's, for the host good.example."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_certificates_are_checked_for_the_name_not_the_machine(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(certificate) as site:
        site.pages["/a"] = (200, {}, BODY)
        url = f"https://good.example:{site.port}/a"

        def fetch(url: str) -> bytes:
            resolve = lambda host, port: ["127.0.0.1"]  # noqa: E731
            return Fetcher("tongbao/test", Waits(0.0), LIMITS, site.allowed, resolve).fetch(url).data

        with pytest.raises(FailedRequest, match="certificate"):
            fetch(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert fetch(url) == BODY
        with pytest.raises(FailedRequest, match="certificate"):
            fetch(url.replace("good", "other"))


def test_a_gzip_bomb_is_stopped_while_it_unpacks(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000, 9, mtime=0)
    assert len(bomb) < LIMITS.max_bytes, "small on the wire"
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    with pytest.raises(FailedRequest, match="unpacks to more than"):
        fetcher.fetch(site.url("/bomb"))


@pytest.mark.parametrize("packing", ["gzip", "deflate", "raw deflate", "two members"])
def test_packed_answers_are_unpacked(packing: str, site: Site, fetcher: Fetcher) -> None:
    raw = zlib.compressobj(wbits=-15)
    data = {
        "gzip": gzip.compress(BODY, mtime=0),
        "deflate": zlib.compress(BODY),
        "raw deflate": raw.compress(BODY) + raw.flush(),
        "two members": gzip.compress(BODY[:20], mtime=0) + gzip.compress(BODY[20:]),
    }[packing]
    name = "deflate" if "deflate" in packing else "gzip"
    site.pages["/packed"] = (200, {"Content-Encoding": name}, data)
    assert fetcher.fetch(site.url("/packed")).data == BODY


@pytest.mark.parametrize(
    ("headers", "body", "says"),
    [
        ({"Content-Length": "999999999"}, BODY, "more than 0.2 MB"),
        ({"Transfer-Encoding": "chunked", "Content-Length": "0"}, b"zz\r\n", "no usable answer|cut short"),
        ({}, b"x" * 300_000, "more than 0.2 MB"),
        ({"Content-Length": "500"}, BODY, "cut short"),
        ({"Content-Encoding": "gzip"}, gzip.compress(BODY, mtime=0)[:-9], "cut short"),
        ({"Content-Encoding": "gzip"}, BODY, "damaged"),
        ({"Content-Encoding": "br"}, BODY, "unknown way"),
    ],
)
def test_answers_beyond_bounds_or_broken_fail_with_a_reason(
    headers: dict[str, str], body: bytes, says: str, site: Site, fetcher: Fetcher
) -> None:
    site.pages["/bad"] = (200, headers, body)
    with pytest.raises(FailedRequest, match=says):
        fetcher.fetch(site.url("/bad"))


def test_a_body_that_ends_with_the_connection_is_whole(site: Site, fetcher: Fetcher) -> None:
    site.pages["/old"] = lambda connection: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)
    assert fetcher.fetch(site.url("/old")).data == BODY
    site.pages["/closing"] = (200, {"Connection": "close"}, BODY)
    assert fetcher.fetch(site.url("/closing")).data == BODY


def test_a_body_without_end_or_length_is_stopped(site: Site, fetcher: Fetcher) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 50_000)

    site.pages["/flood"] = flood
    with pytest.raises(FailedRequest, match=r"more than 0\.2 MB"):
        fetcher.fetch(site.url("/flood"))


@pytest.mark.parametrize("part", ["headers", "body", "silence"])
def test_a_slow_drip_is_left_when_its_time_is_over(part: str, site: Site, fetcher: Fetcher) -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        start = {"headers": b"HTTP/1.1 200 OK\r\nX: ", "body": b"HTTP/1.1 200 OK\r\n\r\n", "silence": b""}[part]
        connection.sendall(start)
        while not stop.wait(0.1):  # each byte comes well within the read limit
            if part != "silence":
                connection.sendall(b"x")

    site.pages["/drip"] = drip
    started = time.monotonic()
    try:
        with pytest.raises(FailedRequest, match="too long"):
            fetcher.fetch(site.url("/drip"))
    finally:
        stop.set()
    assert time.monotonic() - started < 4


def test_what_is_not_there_says_so(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FailedRequest, match=r"nothing at this address .*404"):
        fetcher.fetch(site.url("/gone"))
    assert site.count() == {"/gone": 1}, "asked once"


def test_a_busy_server_is_asked_again_when_it_says(site: Site, fetcher: Fetcher, slept: list[float]) -> None:
    site.pages["/busy"] = [(503, {"Retry-After": "7"}, b""), (429, {}, b""), (200, {}, BODY)]
    fetcher.waits.delay = 2.0
    assert fetcher.fetch(site.url("/busy")).data == BODY
    assert [s for s in slept if s != 2.0] == [7.0, 8.0], "as told, then longer each time"


def test_a_date_to_come_back_is_understood(site: Site, fetcher: Fetcher, slept: list[float]) -> None:
    fetcher.now = lambda: 1_000_000.0
    site.pages["/busy"] = [(503, {"Retry-After": formatdate(1_000_030, usegmt=True)}, b""), (200, {}, BODY)]
    assert fetcher.fetch(site.url("/busy")).data == BODY and 30.0 in slept


@pytest.mark.parametrize("headers", [{"Retry-After": "86400"}, {"Retry-After": "soon"}])
def test_a_server_that_stays_busy_is_left_alone(
    headers: dict[str, str], site: Site, fetcher: Fetcher, slept: list[float]
) -> None:
    site.pages["/busy"] = (503, headers, b"")
    with pytest.raises(FailedRequest, match="busy"):
        fetcher.fetch(site.url("/busy"))
    assert site.count()["/busy"] <= 3 and max(slept, default=0) <= 120


def test_robots_txt_is_kept_to(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private\nUser-agent: tongbao\nDisallow: /no\n")
    site.pages["/no/a"] = site.pages["/private/a"] = (200, {}, BODY)
    with pytest.raises(FailedRequest, match=r"robots\.txt"):
        fetcher.fetch(site.url("/no/a"))
    assert fetcher.fetch(site.url("/private/a")).data == BODY, "the group for this program counts"
    assert fetcher.fetch(site.url("/a")).data == BODY
    assert site.asked.count("/robots.txt") == 1 and "/no/a" not in site.asked


def test_a_redirect_to_where_robots_may_not_go_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /no\n")
    site.pages["/in"] = (302, {"Location": "/no/a"}, b"")
    with pytest.raises(FailedRequest, match=r"robots\.txt"):
        fetcher.fetch(site.url("/in"))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_txt_fails_is_left_alone(status: int, site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = (status, {}, b"")
    with pytest.raises(FailedRequest, match="try later"):
        fetcher.fetch(site.url("/a"))
    assert site.count() == {}


@pytest.mark.parametrize(("status", "body"), [(404, b""), (403, b""), (200, b"<html>\xff not robots at all")])
def test_a_missing_robots_txt_allows(status: int, body: bytes, site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = (status, {}, body)
    assert fetcher.fetch(site.url("/a")).data == BODY


def test_a_host_is_asked_one_request_at_a_time_with_the_delay_between(site: Site) -> None:
    clock = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    waits = Waits(2.0, sleep, lambda: clock[0])
    fetcher = Fetcher("tongbao/test", waits, LIMITS, site.allowed, lambda host, port: ["127.0.0.1"])
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 5\n")
    for _ in range(3):
        fetcher.fetch(site.url("/a"))
    assert slept == [5.0, 5.0, 5.0] and site.most_at_once == 1
    fetcher.fetch(site.url("/a", "other.example"))
    assert slept[3:] == [5.0], "another host waits only between its own robots.txt and page"


def test_a_crawl_delay_without_end_is_bounded() -> None:
    rules = Rules.from_answer(200, b"User-agent: *\nCrawl-delay: 999999\n")
    slept: list[float] = []
    waits = Waits(2.0, slept.append, lambda: 0.0)
    waits.after("a")
    waits.before("a", rules.crawl_delay)
    assert slept == [60.0]
