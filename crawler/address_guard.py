"""Which network addresses may be spoken to: public ones, and those of the site itself; never the rest of our network.

A page, a redirect or a link can name any host. The guard looks at the address after resolving, at the moment of
connecting, so neither a literal address nor a name that resolves to a private one gets through (SSRF, DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field

from rules.address import host_of, port_of

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(OSError):
    """The address is private, link-local, a metadata service, or outside what this run may reach."""


@dataclass
class AddressGuard:
    """Says of an address and port whether they may be connected to.

    The site's own addresses are allowed: a site under test may well live on an intranet or on loopback. Only link-local ones
    are not, where the metadata services of a cloud live: whoever owns a site also says what its name resolves to.
    """

    offline: bool = False  # refuse everything but the site's own origins
    own: set[tuple[str, int]] = field(default_factory=set)  # (address, port) of the site's origins
    addresses: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # of the site's hosts and ports, as they resolved

    @classmethod
    def for_origins(cls, origins: tuple[str, ...], *, offline: bool = False) -> AddressGuard:
        """A guard that lets the origins of a site through; an origin that does not resolve adds nothing."""
        guard = cls(offline=offline)
        for origin in origins:
            guard.add_origin(origin)
        return guard

    def add_origin(self, origin: str) -> None:
        port = port_of(origin)
        try:
            resolved = socket.getaddrinfo(host_of(origin), port, type=socket.SOCK_STREAM)
        except OSError:
            return
        addresses = [address for entry in resolved if not is_link_local(address := str(entry[4][0]))]
        self.own |= {(address, port) for address in addresses}
        self.addresses[(host_of(origin), port)] = addresses

    def allows(self, address: str, port: int) -> bool:
        if (address, port) in self.own:
            return True
        return not self.offline and is_public(address)

    def check(self, address: str, port: int) -> None:
        """Raise AddressRefused where the address may not be connected to."""
        if not self.allows(address, port):
            raise AddressRefused(f"{address} port {port} is not public and not part of the site")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet at large."""
    ip = _unwrapped(address)
    return ip is not None and ip.is_global and not ip.is_multicast


def is_link_local(address: str) -> bool:
    ip = _unwrapped(address)
    return ip is None or ip.is_link_local


def _unwrapped(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address, out of the IPv6 address that an IPv4 address is wrapped in; None: it is none."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]) or ip
    return ip
