"""A client of what serves on this machine."""

import ssl

import httpx2


def plain_web() -> httpx2.AsyncClient:
    """A client for what is served in the clear, however busy the machine. It knows no authority:
    to read all that are known takes longer than most of these tests."""
    return httpx2.AsyncClient(
        trust_env=False, timeout=120, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
