"""Fetch one address politely: robots.txt, waits, redirects, servers that are busy. Bytes and facts come back.

What is fetched is not read here, and nothing is written.
"""

import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

from tongbao.collect.addresses import Address, Machine, RefusedAddress, Resolve, look_up, machines, parse
from tongbao.collect.polite import MAX_ROBOTS, Rules, Waits
from tongbao.collect.wire import Answer, FailedRequest, Limits, ask

MAX_REDIRECTS = 5
MAX_TRIES = 3
MAX_WAIT = 120.0
"""Longest Retry-After that is waited for, in seconds."""

_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {429, 503}
_WORDS = {
    401: "the server wants a password",
    403: "the server refuses it",
    404: "there is nothing at this address (any more)",
    410: "there is nothing at this address any more",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document from the web: its bytes (unpacked from any gzip on the way) and what the server said of it."""

    url: str
    data: bytes
    final_url: str
    status: int
    redirects: tuple[str, ...] = ()
    content_type: str = ""
    last_modified: str = ""
    etag: str = ""


@dataclass(slots=True)
class Fetcher:
    """Fetches addresses one at a time.

    Args:
        agent: how the program names itself to servers.
        waits: the least time between two requests to a host.
        limits: of each request.
        allowed: machines that may be asked though they are not on the public internet. For tests only; no option and
            no parameter leads here.
        resolve: looks host names up.
    """

    agent: str
    waits: Waits
    limits: Limits = field(default_factory=Limits)
    allowed: frozenset[Machine] = frozenset()
    resolve: Resolve = look_up
    now: Callable[[], float] = time.time
    _rules: dict[str, Rules] = field(default_factory=dict)

    def fetch(self, url: str) -> Fetched:
        """Fetch one document.

        Raises:
            FailedRequest: there is none; the message says why, and what could be done.
        """
        address = _parsed(url)
        way: list[str] = []
        while True:
            refusal = self._rules_of(address).refusal(address)
            if refusal:
                raise FailedRequest(refusal)
            answer = self._patiently(address)
            target = _redirect(address, answer)
            if target is None:
                break
            if len(way) == MAX_REDIRECTS:
                raise FailedRequest(f"more than {MAX_REDIRECTS} redirects")
            way.append(target.url)
            address = target
        if answer.status != 200:
            words = _WORDS.get(answer.status, "the server does not give it out")
            raise FailedRequest(f"{words} (status {answer.status})")
        said = answer.headers
        return Fetched(
            url.strip(),
            answer.body,
            address.url,
            answer.status,
            tuple(way),
            *(_printable(said.get(name, "")) for name in ("content-type", "last-modified", "etag")),
        )

    def _rules_of(self, address: Address) -> Rules:
        origin = address.origin
        if origin not in self._rules:
            self._rules[origin] = self._robots(address)
        return self._rules[origin]

    def _robots(self, address: Address) -> Rules:
        """Ask for the robots.txt of an address's origin, over redirects as well."""
        at = parse(f"{address.origin}/robots.txt")
        limits = Limits(
            self.limits.connect_seconds,
            self.limits.read_seconds,
            self.limits.total_seconds,
            min(MAX_ROBOTS, self.limits.max_bytes),
        )
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = self._once(at, limits, 0.0)
            except FailedRequest as error:
                if isinstance(error.__cause__, RefusedAddress):
                    raise
                return Rules(closed=f"its robots.txt cannot be had ({error}), so nothing is fetched there; try later")
            target = _redirect(at, answer)
            if target is None:
                return Rules.from_answer(answer.status, answer.body)
            at = target
        return Rules()  # RFC 9309, section 2.3.1.2: after five redirects it may be taken as missing

    def _patiently(self, address: Address) -> Answer:
        """Ask, and ask again later where the server is busy and says for how long, within bounds."""
        crawl_delay = self._rules_of(address).crawl_delay
        for n in range(1, MAX_TRIES + 1):
            answer = self._once(address, self.limits, crawl_delay)
            if answer.status not in _BUSY:
                return answer
            wait = self._retry_after(answer)
            if n == MAX_TRIES or wait > MAX_WAIT:
                raise FailedRequest(f"the server is busy (status {answer.status}): try again later")
            self.waits.sleep(max(wait, self.waits.delay * 2**n))
        raise AssertionError

    def _once(self, address: Address, limits: Limits, crawl_delay: float) -> Answer:
        try:
            where = machines(address, self.resolve, self.allowed)
        except RefusedAddress as error:
            raise FailedRequest(str(error)) from error
        self.waits.before(address.host, crawl_delay)
        try:
            return ask(address, where, {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "gzip"}, limits)
        finally:
            self.waits.after(address.host)

    def _retry_after(self, answer: Answer) -> float:
        """Seconds that the server asks for (RFC 9110, section 10.2.3: seconds or a date)."""
        said = answer.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return float(said[:9])
        try:
            when = email.utils.parsedate_to_datetime(said)
        except (ValueError, TypeError):
            return 0.0
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.fromtimestamp(self.now(), UTC)).total_seconds())


def _parsed(url: str) -> Address:
    try:
        return parse(url)
    except RefusedAddress as error:
        raise FailedRequest(str(error)) from error


def _printable(value: str) -> str:
    return "".join(c for c in value if c.isprintable()).strip()


def _redirect(address: Address, answer: Answer) -> Address | None:
    """Where an answer leads on to; None where it is the end of the way."""
    where = answer.headers.get("location", "")
    if answer.status not in _REDIRECTS or not where:
        return None
    try:
        # http.client reads header bytes as Latin-1; addresses in UTF-8 are common all the same.
        return parse(urljoin(address.url, where.encode("latin-1", "replace").decode("utf-8", "replace")))
    except RefusedAddress as error:
        raise FailedRequest(f"it leads on to an address that is not asked: {error}") from error
    except ValueError as error:
        raise FailedRequest("it leads on to a malformed address") from error
