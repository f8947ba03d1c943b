"""Web addresses: which may be asked at all, and which machine an address leads to.

A list of addresses, or a page that redirects, must not make this program talk to machines of the network it runs in.
So every address is resolved here, every machine found is judged, and the connection goes to the machine that was
judged, not to the name a second time. Nothing is connected here.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

MAX_LENGTH = 2_000
"""Longest address. Servers refuse longer ones."""

_PORTS = {"http": 80, "https": 443}
_ASCII_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")
_PATH = "/%:=&~+!$,;'@()*._-"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]
"""From host and port to IP addresses as text."""


class RefusedAddress(Exception):
    """The address is not asked; the message says why."""


class Machine(NamedTuple):
    """A machine that may be connected to."""

    ip: str
    port: int


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address in its parts; `host` in ASCII, `target` what the request line names."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The address as it is asked for, without fragment."""
        return self.origin + self.target


def parse(url: str) -> Address:
    """Take an address apart, with Chinese characters in it encoded as browsers do.

    Raises:
        RefusedAddress: no http(s) address, malformed, too long, or with a user name in it.
    """
    text = url.strip()
    if len(text) > MAX_LENGTH or _UNSAFE.search(text):
        raise RefusedAddress("it is too long, or has blanks or control characters in it")
    try:
        parts = urlsplit(text)
        host, port, scheme = parts.hostname or "", parts.port, parts.scheme.lower()
    except ValueError:
        raise RefusedAddress("it is malformed") from None
    if scheme not in _PORTS:
        raise RefusedAddress("only http and https addresses are asked")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("it has a user name in it")
    target = quote(parts.path or "/", safe=_PATH) + (f"?{quote(parts.query, safe=_PATH + '?')}" if parts.query else "")
    return Address(scheme, _ascii(host), _PORTS[scheme] if port is None else port, target)


def machines(address: Address, resolve: Resolve, allowed: frozenset[Machine]) -> list[Machine]:
    """Resolve an address and judge every machine it leads to.

    Args:
        address: whose host is resolved.
        resolve: looks names up.
        allowed: exceptions, for tests against a server on the same machine.

    Raises:
        RefusedAddress: the name is unknown, or any of the machines is not on the public internet.
    """
    try:
        found = list(dict.fromkeys(resolve(address.host, address.port)))
    except (OSError, UnicodeError) as error:
        raise RefusedAddress(f"the host {address.host} is not found") from error
    if not found:
        raise RefusedAddress(f"the host {address.host} is not found")
    for ip in found:
        if Machine(ip, address.port) not in allowed and not is_public(ip):
            raise RefusedAddress(f"{address.host} leads to {ip}, which is not on the public internet")
    return [Machine(ip, address.port) for ip in found]


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the public internet: no private, loopback, link-local, shared, multicast,
    documentation or reserved one (IANA special-purpose registries), also not inside an IPv6 address that carries
    an IPv4 one (mapped, 6to4, Teredo, NAT64)."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in [address, *_carried(address)])


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


def _ascii(host: str) -> str:
    if not host:
        raise RefusedAddress("it names no host")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError:
        raise RefusedAddress("its host is malformed") from None
    if not _ASCII_HOST.fullmatch(name):
        raise RefusedAddress("its host is malformed")
    return name


def _is_public(address: IPAddress) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: IPAddress) -> list[IPAddress]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried: list[IPAddress | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in carried if one is not None]
