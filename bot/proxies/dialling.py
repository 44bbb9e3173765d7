"""Streams through proxies: opened, and for fake TLS disguised."""

import asyncio
import base64
import ipaddress
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.proxies import tls
from bot.proxies.links import Proxy, Secret

LOGIN_REFUSED = "it refuses the user name and the password, or wants some"
_REPLIES: Mapping[int, str] = {
    2: "it does not allow this connection",
    3: "it cannot reach that network",
    4: "it cannot reach that host",
    5: "Telegram refuses its connection",
}
"""What SOCKS5 proxies say no with (RFC 1928, section 6)."""


class RefusedError(ConnectionError):
    """The proxy said no; the reason holds nothing that it said in words of its own."""


class TlsReader:
    """What comes in by records of TLS, as one stream."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._data = bytearray()

    async def readexactly(self, count: int) -> bytes:
        """``count`` bytes. Raises asyncio.IncompleteReadError at the end, ConnectionError."""
        while len(self._data) < count:
            kind, payload = await read_record(self._reader)
            if kind == tls.ALERT:
                raise asyncio.IncompleteReadError(bytes(self._data), count)
            if kind == tls.DATA:
                self._data += payload
        taken = bytes(self._data[:count])
        del self._data[:count]
        return taken


class TlsWriter:
    """What goes out by records of TLS, after the one message that ends a handshake."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._before = tls.CHANGE

    def write(self, data: bytes) -> None:
        """Send bytes, once the loop comes to it."""
        self._writer.write(self._before + tls.records(bytes(data)))
        self._before = b""

    async def drain(self) -> None:
        """Wait while too much is waiting to be sent."""
        await self._writer.drain()

    def close(self) -> None:
        """Close after what was sent."""
        self._writer.close()

    async def wait_closed(self) -> None:
        """Wait for that."""
        await self._writer.wait_closed()

    @property
    def transport(self) -> asyncio.WriteTransport:
        """What it writes to."""
        return self._writer.transport


async def open_stream(proxy: Proxy, host: str, port: int) -> tuple[Any, Any]:
    """A reader and a writer, to host and port or to the MTProto proxy itself.

    Raises OSError, EOFError. A name is resolved by the proxy. The caller sets the time limit.
    """
    if proxy.secret is None:
        return await _tunnel(proxy, host, port)
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    if proxy.secret.disguise != "tls":
        return reader, writer
    try:
        await _disguise(proxy.secret, reader, writer)
    except BaseException:
        writer.transport.abort()
        raise
    return TlsReader(reader), TlsWriter(writer)


async def _disguise(
    secret: Secret, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    stamp = int(time.time())
    hello = tls.client_hello(secret, unix_time=stamp, random=secrets.token_bytes)
    writer.write(hello)
    await writer.drain()
    answer: list[tuple[int, bytes]] = []
    while len(answer) < 3:
        kind, payload = await read_record(reader)
        answer.append((kind, payload))
        if kind == tls.ALERT:
            break
    try:
        tls.check_answer(secret, hello, answer)
    except tls.AnswerError as error:
        raise RefusedError(str(error)) from None


async def read_record(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One record: its type, its payload. Raises EOFError, ConnectionError."""
    try:
        kind, length = tls.read_header(await reader.readexactly(tls.HEADER_BYTES))
    except tls.AnswerError as error:
        raise RefusedError(str(error)) from None
    return kind, await reader.readexactly(length)


async def _tunnel(
    proxy: Proxy, host: str, port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    ask = _ask_socks if proxy.kind == "socks5" else _ask_http
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    try:
        await ask(proxy, host, port, reader, writer)
    except BaseException:
        writer.transport.abort()
        raise
    return reader, writer


async def _ask_http(
    proxy: Proxy, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """CONNECT (RFC 9110, section 9.3.6)."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    request = f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n"
    if proxy.username is not None:
        login = f"{proxy.username}:{proxy.password or ''}".encode()
        request += f"Proxy-Authorization: Basic {base64.b64encode(login).decode()}\r\n"
    writer.write(f"{request}\r\n".encode())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        head = b""
    status = re.match(rb"HTTP/1\.[01] ([0-9]{3})\b", head)
    if status is None:
        raise RefusedError("it is no HTTP proxy")
    if status[1] == b"407":
        raise RefusedError(LOGIN_REFUSED)
    if not status[1].startswith(b"2"):
        raise RefusedError(f"it answers {status[1].decode()}")


async def _ask_socks(
    proxy: Proxy, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """SOCKS5 (RFC 1928), with user name and password (RFC 1929) where there are some."""
    methods = b"\x00" if proxy.username is None else b"\x00\x02"
    writer.write(bytes((5, len(methods))) + methods)
    version, method = await reader.readexactly(2)
    if version != 5:
        raise RefusedError("it is no SOCKS5 proxy")
    if method == 2 and proxy.username is not None:
        names = (proxy.username.encode(), (proxy.password or "").encode())
        writer.write(b"\x01" + b"".join(bytes((len(name),)) + name for name in names))
        if (await reader.readexactly(2))[1] != 0:
            raise RefusedError(LOGIN_REFUSED)
    elif method != 0:
        raise RefusedError(LOGIN_REFUSED)
    writer.write(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"))
    _, reply, _, form = await reader.readexactly(4)
    if reply != 0:
        raise RefusedError(_REPLIES.get(reply, f"it answers {reply}"))
    length = {1: 4, 4: 16}.get(form) or (await reader.readexactly(1))[0]
    await reader.readexactly(length + 2)


def _socks_address(host: str) -> bytes:
    """An address as itself, and a name as a name: the proxy resolves it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode()[:255]
        return bytes((3, len(name))) + name
    return bytes((1 if address.version == 4 else 4,)) + address.packed
