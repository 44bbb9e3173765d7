"""An MTProto proxy that leads to the sandbox, for secrets of the three kinds.

What it does with fake TLS is written from the proxy's side and shares nothing with the client.
"""

import asyncio
import hashlib
import hmac
import secrets
import struct
import time
from typing import Any

from telethon.crypto import AESModeCTR

from bot.sandbox.proxies.servers import CHUNK, HOST, ProxyServer, RefusedError, Stream

PLAIN_TAGS = (b"\xef" * 4, b"\xee" * 4)
PADDED_TAG = b"\xdd" * 4
CLOCK_SECONDS = 120
LARGEST_RECORD = 16384
_RANDOM = slice(11, 43)


class MtprotoServer(ProxyServer):
    """Lets in who knows ``key``, 16 bytes. ``kind``: plain, padded or tls (``domain``).

    ``upstream`` is the port of the data centre, ``centres`` the numbers that were asked for.
    ``is_mute``: it says nothing to those that it does not let in, and keeps them.
    """

    def __init__(
        self, key: bytes, kind: str, upstream: int, *, domain: str = "", is_mute: bool = False
    ) -> None:
        super().__init__()
        self._key = key
        self._kind = kind
        self._upstream = upstream
        self._domain = domain
        self._is_mute = is_mute
        self._tag = b""
        self.centres: list[int] = []

    @property
    def secret(self) -> str:
        """What a link to it has for a secret, in hex."""
        mark = {"plain": "", "padded": "dd", "tls": "ee"}[self._kind]
        return mark + self._key.hex() + self._domain.encode().hex()

    @property
    def link(self) -> str:
        return f"tg://proxy?server={HOST}&port={self.port}&secret={self.secret}"

    async def greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[Stream, str, int]:
        try:
            stream: Any = _Wire(reader, writer)
            if self._kind == "tls":
                stream = await self._undisguise(reader, writer)
            return await self._read_header(stream), HOST, self._upstream
        except RefusedError:
            if self._is_mute:
                await asyncio.Event().wait()
            raise

    async def _read_header(self, stream: Any) -> Stream:
        header = await stream.readexactly(64)
        backwards = header[55:7:-1]
        incoming = AESModeCTR(hashlib.sha256(header[8:40] + self._key).digest(), header[40:56])
        outgoing = AESModeCTR(hashlib.sha256(backwards[:32] + self._key).digest(), backwards[32:48])
        plain = incoming.encrypt(header)
        self._tag = plain[56:60]
        if self._tag not in (PLAIN_TAGS if self._kind == "plain" else (PADDED_TAG,)):
            raise RefusedError
        self.centres.append(struct.unpack("<h", plain[60:62])[0])
        return _Ciphered(stream, incoming, outgoing)

    def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Stream:
        header = bytearray(b"\x01" + secrets.token_bytes(63))
        backwards = bytes(header[55:7:-1])
        outgoing = AESModeCTR(bytes(header[8:40]), bytes(header[40:56]))
        header[56:60] = self._tag
        header[56:64] = outgoing.encrypt(bytes(header))[56:64]
        writer.write(bytes(header))
        return _Ciphered(
            _Wire(reader, writer), AESModeCTR(backwards[:32], backwards[32:48]), outgoing
        )

    async def _undisguise(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> "_Records":
        head = await reader.readexactly(5)
        if head[:3] != b"\x16\x03\x01":
            raise RefusedError
        hello = bytearray(head + await reader.readexactly(int.from_bytes(head[3:], "big")))
        given = bytes(hello[_RANDOM])
        hello[_RANDOM] = bytes(32)
        expected = hmac.new(self._key, hello, hashlib.sha256).digest()
        name = self._domain.encode()
        names = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
        stamp = int.from_bytes(given[28:], "little") ^ int.from_bytes(expected[28:], "little")
        if given[:28] != expected[:28] or names not in hello or len(hello) != 517:
            raise RefusedError
        if abs(time.time() - stamp) > CLOCK_SECONDS:
            raise RefusedError
        writer.write(self._answer(given, bytes(hello[44:76])))
        return _Records(reader, writer)

    def _answer(self, given: bytes, session: bytes) -> bytes:
        share = b"\x00\x33\x00\x24\x00\x1d\x00\x20" + secrets.token_bytes(32)
        extensions = share + b"\x00\x2b\x00\x02\x03\x04"
        hello = b"\x03\x03" + bytes(32) + b"\x20" + session + b"\x13\x01\x00"
        hello += len(extensions).to_bytes(2, "big") + extensions
        handshake = b"\x02" + len(hello).to_bytes(3, "big") + hello
        noise = secrets.token_bytes(1000 + secrets.randbelow(3000))
        answer = bytearray(
            b"\x16\x03\x03"
            + len(handshake).to_bytes(2, "big")
            + handshake
            + b"\x14\x03\x03\x00\x01\x01\x17\x03\x03"
            + len(noise).to_bytes(2, "big")
            + noise
        )
        answer[_RANDOM] = hmac.new(self._key, given + answer, hashlib.sha256).digest()
        return bytes(answer)


class _Wire:
    """A stream as it comes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def readexactly(self, count: int) -> bytes:
        return await self._reader.readexactly(count)

    async def read(self) -> bytes:
        return await self._reader.read(CHUNK)

    def write(self, data: bytes) -> None:
        self._writer.write(data)


class _Records:
    """A stream in records of TLS. The client says once that it changes its cipher."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._has_changed = False
        self._rest = b""

    async def readexactly(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._rest += await self._read_record()
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken

    async def read(self) -> bytes:
        rest, self._rest = self._rest, b""
        return rest or await self._read_record()

    async def _read_record(self) -> bytes:
        head = await self._reader.readexactly(5)
        payload = await self._reader.readexactly(int.from_bytes(head[3:], "big"))
        if not self._has_changed:
            if head + payload != b"\x14\x03\x03\x00\x01\x01":
                raise RefusedError
            self._has_changed = True
            return await self._read_record()
        if head[:3] != b"\x17\x03\x03" or len(payload) > LARGEST_RECORD:
            raise RefusedError
        return payload

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), LARGEST_RECORD):
            part = data[start : start + LARGEST_RECORD]
            self._writer.write(b"\x17\x03\x03" + len(part).to_bytes(2, "big") + part)


class _Ciphered:
    """A stream inside AES-CTR."""

    def __init__(self, stream: Any, incoming: AESModeCTR, outgoing: AESModeCTR) -> None:
        self._stream = stream
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self) -> bytes:
        data: bytes = self._incoming.encrypt(await self._stream.read())
        return data

    def write(self, data: bytes) -> None:
        self._stream.write(self._outgoing.encrypt(data))
