"""TCP framing: what Telethon's four transports put around a packet, and one connection.

https://core.telegram.org/mtproto/mtproto-transports describes all of them; the first bytes that a
client sends tell which one it speaks.
"""

import asyncio
import secrets
import struct
from collections.abc import Callable
from typing import Protocol
from zlib import crc32

from telethon.crypto import AESModeCTR

# Telegram answers larger packets by closing the connection; so do we, long before memory ends.
MAX_PACKET = 16 * 1024 * 1024


class BadFrame(Exception):
    """Bytes that are no frame of the transport: the connection is to be closed."""


class Framing(Protocol):
    """Cuts a stream into packets and wraps packets for the way back."""

    def encode(self, packet: bytes) -> bytes: ...

    def decode(self, buffer: bytearray) -> bytes | None:
        """Takes one whole packet off the front of ``buffer``, or gives None when it is short."""


class FullFraming:
    """Length, sequence number, packet, CRC32."""

    def __init__(self) -> None:
        self._sent = 0

    def encode(self, packet: bytes) -> bytes:
        frame = struct.pack("<ii", len(packet) + 12, self._sent) + packet
        self._sent += 1
        return frame + struct.pack("<I", crc32(frame))

    def decode(self, buffer: bytearray) -> bytes | None:
        if len(buffer) < 4:
            return None
        length: int = struct.unpack_from("<i", buffer)[0]
        if not 12 <= length <= MAX_PACKET:
            raise BadFrame(f"a length of {length}")
        if len(buffer) < length:
            return None
        frame = bytes(buffer[:length])
        del buffer[:length]
        if crc32(frame[:-4]) != struct.unpack("<I", frame[-4:])[0]:
            raise BadFrame("a wrong checksum")
        return frame[8:-4]


class AbridgedFraming:
    """One or four bytes of length in words."""

    def encode(self, packet: bytes) -> bytes:
        words = len(packet) >> 2
        head = bytes([words]) if words < 127 else b"\x7f" + words.to_bytes(3, "little")
        return head + packet

    def decode(self, buffer: bytearray) -> bytes | None:
        if not buffer:
            return None
        head, words = 1, buffer[0]
        if words >= 127:
            if len(buffer) < 4:
                return None
            head, words = 4, int.from_bytes(buffer[1:4], "little")
        return _cut(buffer, head, words * 4)


class IntermediateFraming:
    """Four bytes of length."""

    def encode(self, packet: bytes) -> bytes:
        return struct.pack("<i", len(packet)) + packet

    def decode(self, buffer: bytearray) -> bytes | None:
        if len(buffer) < 4:
            return None
        return _cut(buffer, 4, struct.unpack_from("<i", buffer)[0])


class PaddedFraming(IntermediateFraming):
    """The same, with up to three random bytes after each packet: all packets end on words."""

    def encode(self, packet: bytes) -> bytes:
        return super().encode(packet + secrets.token_bytes(secrets.randbelow(4)))

    def decode(self, buffer: bytearray) -> bytes | None:
        packet = super().decode(buffer)
        return packet if packet is None else packet[: len(packet) & ~3]


def _cut(buffer: bytearray, head: int, length: int) -> bytes | None:
    if not 0 < length <= MAX_PACKET:
        raise BadFrame(f"a length of {length}")
    if len(buffer) < head + length:
        return None
    packet = bytes(buffer[head : head + length])
    del buffer[: head + length]
    return packet


class ObfuscatedFraming:
    """A framing that is a length alone, inside AES-CTR; ``header`` is the client's first 64."""

    def __init__(self, header: bytes) -> None:
        reverse = header[55:7:-1]
        self._from_client = AESModeCTR(header[8:40], header[40:56])
        self._to_client = AESModeCTR(reverse[:32], reverse[32:48])
        tag = self._from_client.encrypt(header)[56:60]
        self._inner: Framing
        if tag == b"\xef" * 4:
            self._inner = AbridgedFraming()
        elif tag == b"\xee" * 4:
            self._inner = IntermediateFraming()
        elif tag == b"\xdd" * 4:
            self._inner = PaddedFraming()
        else:
            raise BadFrame("an unknown transport")
        self._plain = bytearray()

    def encode(self, packet: bytes) -> bytes:
        encrypted: bytes = self._to_client.encrypt(self._inner.encode(packet))
        return encrypted

    def decode(self, buffer: bytearray) -> bytes | None:
        if buffer:
            self._plain += self._from_client.encrypt(bytes(buffer))
            buffer.clear()
        return self._inner.decode(self._plain)


def detect_framing(buffer: bytearray) -> Framing | None:
    """Gives the framing that the first bytes announce (and takes the announcement off)."""
    if buffer[:1] == b"\xef":
        del buffer[:1]
        return AbridgedFraming()
    if len(buffer) < 8:
        return None
    if buffer[:4] == b"\xee" * 4:
        del buffer[:4]
        return IntermediateFraming()
    if buffer[4:8] == bytes(4):
        return FullFraming()
    if len(buffer) < 64:
        return None
    header = bytes(buffer[:64])
    del buffer[:64]
    return ObfuscatedFraming(header)


class Connection(asyncio.Protocol):
    """One TCP connection: calls ``on_packet`` for each packet, ``on_lost`` once at its end.

    ``is_dead``: it stays open and swallows what is sent either way, as a network that has died.
    """

    def __init__(
        self,
        on_packet: Callable[["Connection", bytes], None],
        on_made: Callable[["Connection"], None],
        on_lost: Callable[["Connection"], None],
    ) -> None:
        self._on_packet = on_packet
        self._on_made = on_made
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._framing: Framing | None = None
        self._buffer = bytearray()
        self.is_dead = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (narrows the type)
        self._transport = transport
        self._on_made(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._on_lost(self)

    def data_received(self, data: bytes) -> None:
        if self.is_dead:
            return
        self._buffer += data
        try:
            self._read_packets()
        except BadFrame:
            self.abort()

    def _read_packets(self) -> None:
        if self._framing is None:
            self._framing = detect_framing(self._buffer)
        # A handler may drop the connection between two packets of one read.
        while self._framing is not None and self._transport is not None:
            packet = self._framing.decode(self._buffer)
            if packet is None:
                return
            self._on_packet(self, packet)

    @property
    def is_open(self) -> bool:
        """Whether packets can still be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, packet: bytes) -> None:
        """Sends a packet; on a closed connection it is lost, as on a real network."""
        if self._transport is not None and self._framing is not None and not self.is_dead:
            self._transport.write(self._framing.encode(packet))

    def abort(self) -> None:
        """Closes at once; what was not yet written is lost."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def close(self) -> None:
        """Closes after what was sent has been written."""
        if self._transport is not None:
            self._transport.close()
