"""Which addresses the platform may call on a shop's word: never its own machine's secrets by the back door."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
_NEAR = [ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]
# Where clouds keep the credentials of a machine, and the ways to write an old address in a new one.
_NEVER = [ip_network(text) for text in ("fd00:ec2::254/128", "100.64.0.0/10", "64:ff9b::/96", "2002::/16")]
_LONGEST_URL = 500


def check_url(url: str) -> None:
    """Raises ValueError unless it is http(s)://host[:port][/path][?query] in plain ASCII."""
    parts = urlsplit(url)
    if len(url) > _LONGEST_URL or not url.isascii() or any(sign <= " " for sign in url):
        raise ValueError(f"an address of at most {_LONGEST_URL} characters without blanks")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address begins with https:// (or http:// in one's own network)")
    if parts.username is not None or parts.password is not None or parts.fragment or parts.port == 0:
        raise ValueError("an address carries no name, password, fragment or port 0")


def check_address(address: str, *, is_tls: bool, is_near_allowed: bool, opened: Iterable[Network]) -> None:
    """Raises ValueError for an address that may not be called; `opened` are networks an operator allows all the same."""
    found: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in network for network in opened):
        return
    if any(found in network for network in _NEVER) or found.is_link_local or found.is_multicast:
        raise ValueError("an address that is never called")
    if found.is_loopback or any(found in network for network in _NEAR):
        if not is_near_allowed:
            raise ValueError("an address of our own network")
        return
    if not found.is_global:
        raise ValueError("an address that is not of the public network")
    if not is_tls:
        raise ValueError("https is required beyond one's own network")


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Of "127.0.0.0/8", "::1/128". Raises ValueError."""
    return tuple(ip_network(text) for text in texts)


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether a caller's address lies in one of them; what is no address lies in none."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)
