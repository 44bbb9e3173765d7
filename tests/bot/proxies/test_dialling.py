"""What proxies are asked, byte by byte, and what they refuse, on a real server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.proxies import dialling
from bot.proxies.dialling import LOGIN_REFUSED, RefusedError
from bot.proxies.links import Kind, Proxy

HOST = "149.154.167.51"
ASK_V4 = b"\x05\x01\x00\x01" + bytes((149, 154, 167, 51)) + (443).to_bytes(2, "big")
GRANTED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


@dataclass
class Server:
    """Says what it is told to, one piece for each that it hears."""

    answers: list[bytes]
    heard: list[bytes] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for answer in self.answers:
                self.heard.append(await reader.read(4096))
                writer.write(answer)
            await writer.drain()
            await reader.read()
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        self.ended.set()


@contextlib.asynccontextmanager
async def asked(
    kind: Kind, *answers: bytes, login: tuple[str, str | None] | None = None, host: str = HOST
) -> AsyncIterator[tuple[Server, asyncio.StreamReader]]:
    served = Server(list(answers))
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    async with server:
        username, password = login or (None, None)
        port = server.sockets[0].getsockname()[1]
        proxy = Proxy(kind=kind, host="127.0.0.1", port=port, username=username, password=password)
        try:
            reader, writer = await dialling._tunnel(proxy, host, 443)
            try:
                yield served, reader
            finally:
                writer.transport.abort()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
        finally:
            async with asyncio.timeout(60):
                await served.ended.wait()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (HOST, b"\x01" + bytes((149, 154, 167, 51))),
        ("2001:db8::1", b"\x04" + bytes.fromhex("20010db8000000000000000000000001")),
        ("dc.example", b"\x03\x0adc.example"),
    ],
)
@pytest.mark.parametrize(
    "granted",
    [
        GRANTED,
        b"\x05\x00\x00\x04" + b"\x00" * 18,
        b"\x05\x00\x00\x03\x02ab\x00\x00",
    ],
)
async def test_socks_is_asked_for_an_address_or_a_name(
    host: str, address: bytes, granted: bytes
) -> None:
    async with asked("socks5", b"\x05\x00", granted + b"hello", host=host) as (server, reader):
        assert await reader.readexactly(5) == b"hello"  # nothing of its answer is left
    assert server.heard == [b"\x05\x01\x00", b"\x05\x01\x00" + address + b"\x01\xbb"]


@pytest.mark.parametrize("password", ["secret", None])
async def test_socks_is_told_the_login_where_it_asks(password: str | None) -> None:
    login = ("ann", password)
    async with asked("socks5", b"\x05\x02", b"\x01\x00", GRANTED, login=login) as (server, _):
        pass
    said = (password or "").encode()
    told = b"\x01\x03ann" + bytes((len(said),)) + said
    assert server.heard == [b"\x05\x02\x00\x02", told, ASK_V4]
    async with asked("socks5", b"\x05\x00", GRANTED, login=login) as (server, _):
        pass
    assert server.heard == [b"\x05\x02\x00\x02", ASK_V4]


@pytest.mark.parametrize(
    ("answers", "login", "why"),
    [
        ([b"\x04\x00"], None, "it is no SOCKS5 proxy"),
        ([b"\x05\xff"], None, LOGIN_REFUSED),
        ([b"\x05\x02"], None, LOGIN_REFUSED),
        ([b"\x05\x01"], ("ann", "x"), LOGIN_REFUSED),
        ([b"\x05\x02", b"\x01\x01"], ("ann", "x"), LOGIN_REFUSED),
        ([b"\x05\x00", b"\x05\x02\x00\x01"], None, "it does not allow this connection"),
        ([b"\x05\x00", b"\x05\x03\x00\x01"], None, "it cannot reach that network"),
        ([b"\x05\x00", b"\x05\x04\x00\x01"], None, "it cannot reach that host"),
        ([b"\x05\x00", b"\x05\x05\x00\x01"], None, "Telegram refuses its connection"),
        ([b"\x05\x00", b"\x05\x09\x00\x01"], None, "it answers 9"),
    ],
)
async def test_what_socks_refuses_is_said(
    answers: list[bytes], login: tuple[str, str] | None, why: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        async with asked("socks5", *answers, login=login):
            pass
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("login", "line"),
    [
        (None, ""),
        (("ann", "x"), "Proxy-Authorization: Basic YW5uOng=\r\n"),
        (("ann", None), "Proxy-Authorization: Basic YW5uOg==\r\n"),
    ],
)
@pytest.mark.parametrize(("host", "where"), [(HOST, f"{HOST}:443"), ("::1", "[::1]:443")])
async def test_http_is_asked_to_connect(
    login: tuple[str, str | None] | None, line: str, host: str, where: str
) -> None:
    answer = b"HTTP/1.1 200 Fine\r\nX: y\r\n\r\nhello"
    async with asked("http", answer, login=login, host=host) as (server, reader):
        assert await reader.readexactly(5) == b"hello"
    (heard,) = server.heard
    assert heard.decode() == f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n{line}\r\n"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 407 Who\r\n\r\n", LOGIN_REFUSED),
        (b"HTTP/1.0 403 No\r\n\r\n", "it answers 403"),
        (b"HTTP/1.1 502 Oh\r\n\r\n", "it answers 502"),
        (b"HTTP/2 200\r\n\r\n", "it is no HTTP proxy"),
        (b"SSH-2.0\r\n\r\n", "it is no HTTP proxy"),
        (b"x" * 100_000 + b"\r\n\r\n", "it is no HTTP proxy"),
    ],
)
async def test_what_http_refuses_is_said(answer: bytes, why: str) -> None:
    with pytest.raises(RefusedError) as caught:
        async with asked("http", answer):
            pass
    assert str(caught.value) == why
