"""The address that feeds are served on."""

import socket
from ipaddress import ip_address

import structlog
from msgspec import Struct

from storage.errors import ServiceError

log = structlog.get_logger("feeds")


class Listener(Struct, frozen=True):
    """A bound socket, and the web address under which it is reached where no other is set."""

    bound: socket.socket
    url: str


def listen(address: str) -> Listener:
    """Bind ``host:port`` (port 0 takes any; no host is all of this machine's). Blocks while a name
    is looked up.

    Raises ServiceError when the address cannot be had. One that other machines reach is warned of:
    nothing is encrypted.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends each packet at once (TCP_NODELAY).
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, int(port)))
        made.listen(64)
    except (OSError, OverflowError) as error:
        made.close()
        raise ServiceError(
            f"cannot serve on {address}: {error}",
            where="FEEDS_ADDRESS",
            hint="give a free port of this machine",
        ) from error
    bound, number = made.getsockname()[:2]
    if not ip_address(bound.partition("%")[0]).is_loopback:
        log.warning(
            "feeds are served to other machines, unencrypted: put a proxy with TLS before them",
            address=address,
        )
    named = host or "127.0.0.1"
    return Listener(
        made, f"http://[{named}]:{number}" if ":" in named else f"http://{named}:{number}"
    )
