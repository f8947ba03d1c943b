"""Manners: what a site's robots.txt allows, and how long to wait before asking the same host again.

The Robots Exclusion Protocol is RFC 9309; protego reads the files. Nothing is asked here: the caller is told what to
fetch.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from tongbao.collect.addresses import Address

AGENT = "tongbao"
"""The name that robots.txt files may use for this program."""

MAX_ROBOTS = 500_000
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5)."""

MAX_CRAWL_DELAY = 60.0
"""Longest Crawl-delay that is kept, in seconds: beyond it a list would never end."""


@dataclass(slots=True)
class Waits:
    """Times of the last request to each host; `delay` is the least time between two, in seconds."""

    delay: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)

    def before(self, host: str, crawl_delay: float = 0.0) -> None:
        """Wait until `host` may be asked again."""
        if host in self._last:
            pause = max(self.delay, min(crawl_delay, MAX_CRAWL_DELAY)) - (self.clock() - self._last[host])
            if pause > 0:
                self.sleep(pause)

    def after(self, host: str) -> None:
        """Note that `host` has just answered."""
        self._last[host] = self.clock()


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. `closed` is a reason why nothing at all may be fetched there."""

    robots: Protego | None = None
    closed: str = ""

    @classmethod
    def from_answer(cls, status: int, body: bytes) -> "Rules":
        """What an answer to the request for robots.txt means (RFC 9309, section 2.3.1).

        A missing file allows everything; a server that fails, or is asked too often, forbids everything.
        """
        if status == 200:
            return cls(Protego.parse(body[:MAX_ROBOTS].decode("utf-8", "replace")))
        if 400 <= status < 500 and status != 429:
            return cls()
        return cls(closed=f"its robots.txt cannot be had (status {status}), so nothing is fetched there; try later")

    def refusal(self, address: Address) -> str:
        """Why `address` may not be fetched, "" where it may."""
        if self.closed:
            return self.closed
        if self.robots is not None and not self.robots.can_fetch(address.url, AGENT):
            return "the site's robots.txt asks programs not to fetch it: save the page in a browser and add the file"
        return ""

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the site asks for."""
        return float(self.robots.crawl_delay(AGENT) or 0.0) if self.robots is not None else 0.0
