"""Places on this machine where a service may listen, that nobody else is given meanwhile."""

import os
import random
import socket
from pathlib import Path

from shares import SHARE

FEWEST = 1_000
"""Ports of each process that runs tests."""
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of 127.0.0.1 that is free, and below those that the system gives to connections and
    to servers that name none."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", f"gw{SHARE or 0}")[2:]) % 8
    low = int(RANGE.read_text().split()[0]) if RANGE.exists() else 32_768
    end = low - worker * FEWEST
    begin = max(1_024, end - FEWEST)
    while begin < end:
        port = random.SystemRandom().randrange(begin, end)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    with socket.create_server(("127.0.0.1", 0)) as given:  # all ports are given by the system
        return int(given.getsockname()[1])


def free_address() -> str:
    """Such a place as ``host:port``."""
    return f"127.0.0.1:{free_port()}"
