"""One request over one connection, within bounds of time and size. Which address may be asked is decided before.

The time limit holds for the whole answer, header lines included: a server that sends a byte now and then is left
when its time is over. Sizes are counted on the wire and again after unpacking, while reading.
"""

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from tongbao.collect.addresses import Address, Machine

_CHUNK = 1 << 16
MAX_FIELD = 8_000
"""Characters kept of a header field."""


class FailedRequest(Exception):
    """No usable answer; the message says why, in words for the person who asked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes of one request."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 120.0
    max_bytes: int = 20_000_000
    """On the wire and after unpacking."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, header fields by lower-case name, and the document's bytes (unpacked; empty unless it was read)."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(address: Address, machines: list[Machine], headers: Mapping[str, str], limits: Limits) -> Answer:
    """Ask for one address, following nothing.

    Args:
        address: what to ask for; its host is named to the server and in the check of its certificate.
        machines: where to connect, tried in this order.
        headers: of the request.
        limits: of time and size.

    Raises:
        FailedRequest: no connection, no HTTP, beyond a limit, cut short, or packed in an unknown way.
    """
    deadline = time.monotonic() + limits.total_seconds
    try:
        with _connect(address, machines, limits) as plain:
            return _exchange(address, plain, headers, limits, deadline)
    except ssl.SSLCertVerificationError as error:
        raise FailedRequest(f"the server's certificate is not valid ({error.verify_message})") from error
    except TimeoutError as error:
        raise FailedRequest("it takes too long to answer") from error
    except http.client.IncompleteRead as error:
        raise FailedRequest("the answer was cut short") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FailedRequest(f"no usable answer ({type(error).__name__})") from error


def _connect(address: Address, machines: list[Machine], limits: Limits) -> socket.socket:
    for n, machine in enumerate(machines):
        try:
            return socket.create_connection(machine, timeout=limits.connect_seconds)
        except OSError:
            if n == len(machines) - 1:
                raise
    raise FailedRequest(f"the host {address.host} is not found")


def _exchange(
    address: Address, plain: socket.socket, headers: Mapping[str, str], limits: Limits, deadline: float
) -> Answer:
    connection = http.client.HTTPConnection(address.host, address.port)
    connected = plain
    if address.scheme == "https":
        connected = ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
    timed = _Timed(connected, limits.read_seconds, deadline)
    connection.sock = timed  # what http.client uses of a socket is all there
    try:
        connection.putrequest("GET", address.target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Connection", "close")
        connection.endheaders()
        response = connection.getresponse()
        fields = {name.lower(): value[:MAX_FIELD] for name, value in response.getheaders()}
        body = b"" if response.status != http.client.OK else _body(response, fields, limits)
        return Answer(response.status, fields, body)
    finally:
        connected.close()


def _body(response: http.client.HTTPResponse, fields: Mapping[str, str], limits: Limits) -> bytes:
    length = response.length
    if length is not None and length > limits.max_bytes:
        raise FailedRequest(_too_large(limits))
    packing = fields.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FailedRequest(f"it is packed in an unknown way ({packing})")
    unpacked = bytearray()
    unpacker = _Unpacker(packing, limits)
    received = 0
    while chunk := response.read1(_CHUNK):
        received += len(chunk)
        if received > limits.max_bytes:
            raise FailedRequest(_too_large(limits))
        unpacked += unpacker.feed(chunk, limits.max_bytes - len(unpacked))
    if response.length:  # announced and not sent
        raise http.client.IncompleteRead(b"", response.length)
    if not unpacker.is_complete:
        raise FailedRequest("the answer was cut short")
    return bytes(unpacked)


class _Unpacker:
    """Unpacks a body piece by piece, never beyond the room that is left."""

    def __init__(self, packing: str, limits: Limits) -> None:
        self._packing, self._limits = packing, limits
        self._one = self._new(b"")
        self._begun = False

    @property
    def is_complete(self) -> bool:
        return self._packing in ("", "identity") or not self._begun or self._one is None or self._one.eof

    def feed(self, chunk: bytes, room: int) -> bytes:
        if self._packing in ("", "identity"):
            if len(chunk) > room:
                raise FailedRequest(_too_large(self._limits))
            return chunk
        out = bytearray()
        while chunk:
            if not self._begun or self._one is None or self._one.eof:  # a gzip file may have several members
                self._one = self._new(chunk)
            self._begun = True
            assert self._one is not None
            try:
                out += self._one.decompress(chunk, room - len(out) + 1)
            except zlib.error as error:
                raise FailedRequest("it cannot be unpacked: the answer is damaged") from error
            if len(out) > room:
                raise FailedRequest(f"it unpacks to {_too_large(self._limits)}")
            chunk = self._one.unused_data if self._one.eof else self._one.unconsumed_tail
        return bytes(out)

    def _new(self, start: bytes) -> "zlib._Decompress | None":
        if self._packing in ("", "identity"):
            return None
        if self._packing == "deflate" and start[:1] and start[0] & 0x0F != 0x08:
            return zlib.decompressobj(-zlib.MAX_WBITS)  # without the zlib header, as some servers send it
        return zlib.decompressobj(zlib.MAX_WBITS | 32)


class _Timed:
    """What http.client needs of a socket, each receive bounded by the read limit and by the deadline."""

    def __init__(self, connected: socket.socket, read_seconds: float, deadline: float) -> None:
        self._socket, self._read_seconds, self._deadline = connected, read_seconds, deadline

    def set_time(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(min(left, self._read_seconds))

    def sendall(self, data: bytes) -> None:
        self.set_time()
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Received(self, self._socket))

    def close(self) -> None:
        """Nothing: http.client closes before it reads a body that ends with the connection; `_exchange` closes."""


class _Received(io.RawIOBase):
    def __init__(self, timed: _Timed, connected: socket.socket) -> None:
        self._timed, self._socket = timed, connected

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override]
        self._timed.set_time()
        return self._socket.recv_into(buffer)


def _too_large(limits: Limits) -> str:
    return f"more than {limits.max_bytes / 1_000_000:g} MB: not a single circular"
