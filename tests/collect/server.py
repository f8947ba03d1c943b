"""A real HTTP server on the loopback address that behaves as its pages tell it to."""

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tongbao.collect.addresses import Machine

Reply = tuple[int, dict[str, str], bytes]
Behaviour = Reply | Callable[[socket.socket], None] | list[Reply]
"""An answer; or one answer after the other, the last for good; or something done to the connection itself."""


@dataclass
class Site:
    """The server as tests see it: its pages by path, and what was asked of it, in order."""

    port: int
    pages: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def allowed(self) -> frozenset[Machine]:
        return frozenset({Machine("127.0.0.1", self.port)})

    def count(self) -> Counter[str]:
        return Counter(path for path in self.asked if path != "/robots.txt")


@contextmanager
def serve(certificate: Path | None = None) -> Iterator[Site]:
    """Run the server; with TLS where a file with a certificate and its key is given."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                site.asked.append(self.path)
                site.agents.add(self.headers["User-Agent"])
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
            with suppress(OSError):  # the other side has gone, as it should
                self._answer(site.pages.get(self.path, (404, {}, b"none")))
            with lock:
                site.at_once -= 1
            self.close_connection = True

        def _answer(self, page: Behaviour) -> None:
            if callable(page):
                page(self.connection)
                return
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
            status, headers, body = page
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that do not trust it
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
