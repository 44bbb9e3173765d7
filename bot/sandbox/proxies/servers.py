"""Proxies on 127.0.0.1 that lead to the sandbox: SOCKS5 and HTTP."""

import asyncio
import base64
import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

HOST = "127.0.0.1"
CHUNK = 65536


class RefusedError(Exception):
    """A client that is not let through: its connection is closed."""


class Stream(Protocol):
    """One side of what a proxy connects."""

    async def read(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...


class RawStream:
    """A side whose bytes are passed on as they are; ``begun`` was read of it already."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, begun: bytes = b""
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._begun = begun

    async def read(self) -> bytes:
        begun, self._begun = self._begun, b""
        return begun or await self._reader.read(CHUNK)

    def write(self, data: bytes) -> None:
        self._writer.write(data)


class ProxyServer(ABC):
    """A proxy that serves from `serve` to its end. ``names``: hosts that it alone can resolve.

    ``open``: how many connections lead through it now, ``served`` how many ever did, ``refused``
    how many were not let through; ``asked`` is where clients wanted to go.
    """

    def __init__(self, *, names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_dead = asyncio.Event()
        self.port = 0
        self.open = self.served = self.refused = 0
        self.asked: list[tuple[str, int]] = []

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator["ProxyServer"]:
        """Serves until the context ends."""
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def start(self) -> None:
        """Serves, on the same port as before if it did."""
        self._server = await asyncio.start_server(self._accept, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Dies: takes no connections any more and cuts those that are there."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def freeze(self) -> None:
        """Dies without a word: connections stay, and nothing comes through, new ones too."""
        self._is_dead.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (narrows the type)
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.CancelledError):
            pass
        except RefusedError:
            self.refused += 1
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_dead.is_set():
            await asyncio.Event().wait()
        client, host, port = await self.greet(reader, writer)
        self.asked.append((host, port))
        there = await asyncio.open_connection(self._names.get(host, host), port)
        self.open += 1
        self.served += 1
        try:
            server = self.speak(*there)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pass(client, server))
                tasks.create_task(self._pass(server, client))
        except* EOFError:
            pass
        finally:
            self.open -= 1
            there[1].transport.abort()

    async def _pass(self, source: Stream, target: Stream) -> None:
        while data := await source.read():
            if self._is_dead.is_set():
                await asyncio.Event().wait()
            target.write(data)
        raise EOFError

    @abstractmethod
    async def greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[Stream, str, int]:
        """Lets a client in: its side, and where it wants to go. Raises RefusedError."""

    def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Stream:
        """The side where Telegram is."""
        return RawStream(reader, writer)


class SocksServer(ProxyServer):
    """SOCKS5 with a user name and a password, or without."""

    def __init__(self, login: tuple[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._login = login

    async def greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[Stream, str, int]:
        _, count = await reader.readexactly(2)
        offered, wanted = await reader.readexactly(count), 2 if self._login else 0
        if wanted not in offered:
            writer.write(b"\x05\xff")
            await writer.drain()
            raise RefusedError
        writer.write(bytes((5, wanted)))
        if self._login:
            await self._check(self._login, reader, writer)
        form = (await reader.readexactly(4))[3]
        if form == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        return RawStream(reader, writer), host, port

    async def _check(
        self, login: tuple[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readexactly(1)
        given = [
            (await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in login
        ]
        is_right = tuple(given) == login
        writer.write(b"\x01" + (b"\x00" if is_right else b"\x01"))
        await writer.drain()
        if not is_right:
            raise RefusedError


class HttpServer(ProxyServer):
    """CONNECT, and GET of a whole address, with a user name and a password or without."""

    def __init__(self, login: tuple[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._key = base64.b64encode(":".join(login).encode()).decode() if login else None

    async def greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[Stream, str, int]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, address, _ = head.split("\r\n")[0].split(" ")
        if self._key is not None and f"\r\nProxy-Authorization: Basic {self._key}\r\n" not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\n\r\n")
            await writer.drain()
            raise RefusedError
        if method != "CONNECT":
            parts = urlsplit(address)
            return RawStream(reader, writer, head.encode()), parts.hostname or "", parts.port or 80
        host, _, port = address.rpartition(":")
        # In two pieces, as it may come.
        writer.write(b"HTTP/1.1 200 Conn")
        await writer.drain()
        writer.write(b"ection established\r\nVia: sandbox\r\n\r\n")
        return RawStream(reader, writer), host, int(port)
