"""Telethon's connection by a route: directly, or through a proxy.

Of Telethon's own class for MTProto proxies only the header and the framing are used: it strips the
mark of fake TLS from a secret and would speak the plain protocol, and after each connection it
waits two seconds to see whether the proxy hangs up.
"""

import asyncio
import os
import random
import struct
import time
from collections.abc import Callable
from typing import ClassVar

import structlog
from telethon.errors import InvalidBufferError
from telethon.network.connection import ConnectionTcpFull
from telethon.network.connection.tcpfull import FullPacketCodec
from telethon.network.connection.tcpintermediate import (
    IntermediatePacketCodec,
    RandomizedIntermediatePacketCodec,
)
from telethon.network.connection.tcpmtproxy import MTProxyIO

from bot.proxies.dialling import open_stream
from bot.proxies.links import Proxy
from bot.proxies.route import Route
from bot.telegram.failures import network_reason
from storage.backoff import Backoff

_CODE = struct.Struct("<i")
UNKNOWN_KEY = 404
"""The code that Telegram sends, in place of a message, for a key that it does not know
(core.telegram.org/mtproto/mtproto-transports#transport-errors)."""

log = structlog.get_logger("telegram")


class RoutedConnection(ConnectionTcpFull):  # type: ignore[misc]
    """A connection by a route, which pauses before each retry, also when the server accepts and
    then resets. ``begin`` is called first, with the id of the data centre. Raises ProxyError, a
    ConnectionError, for failures at or behind a proxy."""

    backoff: ClassVar[Backoff]
    route: ClassVar[Route]
    account: ClassVar[str]
    begin: ClassVar[Callable[[int], None]]

    _proxy_used: Proxy | None = None
    _is_served = False

    async def connect(self, timeout: float | None = None, ssl: object = None) -> None:  # noqa: ASYNC109
        """Connect after the pause that is due. ``timeout`` in seconds, without the pause."""
        type(self).begin(self._dc_id)
        self.route.seek(self.account)
        delay = self.backoff.next_delay(time.monotonic(), random.random())  # noqa: S311
        await asyncio.sleep(min(delay, max(0.0, self.route.left(self.account))))
        if self.route.left(self.account) <= 0:
            self.backoff.answered()
            self.route.leave(self.route.present)
            self.route.seek(self.account)
        await super().connect(timeout=timeout, ssl=ssl)

    async def disconnect(self) -> None:
        """Disconnect, as Telethon does."""
        self.route.drop(self)
        await super().disconnect()

    def cut(self) -> None:
        """Abort the connection, because the route has changed."""
        if self._writer is not None:
            self._writer.transport.abort()

    async def _connect(self, timeout: float | None = None, ssl: object = None) -> None:  # noqa: ASYNC109
        self._proxy_used = proxy = await self.route.settle()
        if proxy is None:
            await super()._connect(timeout=timeout, ssl=ssl)
            return
        self._is_served = False
        try:
            async with asyncio.timeout(timeout):
                await self._connect_through(proxy)
        except (OSError, EOFError, TimeoutError) as error:
            raise self.route.fail(proxy, _reason(proxy, error)) from error

    async def _connect_through(self, proxy: Proxy) -> None:
        self._reader, self._writer = await open_stream(proxy, self._ip, self._port)
        try:
            if proxy != self.route.present:
                raise ConnectionError("another proxy is used by now")
            self.route.add(self)
            self._frame(proxy)
            await self._writer.drain()
        except BaseException:
            self.route.drop(self)
            self.cut()
            raise

    def _frame(self, proxy: Proxy) -> None:
        """Choose the framing that the proxy understands, and announce it."""
        secret, self._obfuscation = proxy.secret, None
        self.packet_codec = FullPacketCodec
        if secret is not None:
            is_plain = secret.disguise == "plain"
            codec = IntermediatePacketCodec if is_plain else RandomizedIntermediatePacketCodec
            self.packet_codec = codec
            self._secret = secret.key
            self._obfuscation = MTProxyIO(self)
            self._writer.write(self._obfuscation.header)
        self._codec = self.packet_codec(self)

    def _send(self, data: bytes) -> None:
        if self._obfuscation is None:
            super()._send(data)
        else:
            self._obfuscation.write(self._codec.encode_packet(data))

    async def _recv(self) -> bytes:
        """Receive a packet. Raises ConnectionError if the server sends an error code in its place,
        which for Telethon would be the end of the client, or of the program."""
        code = None
        try:
            packet = await self._read_packet()
            if len(packet) == _CODE.size:
                code = -_CODE.unpack(packet)[0]
        except InvalidBufferError as error:
            packet, code = b"", error.code or 0
        if code is None or (packet and code == UNKNOWN_KEY):
            return packet
        log.warning("the connection is refused", account=self.account, code=code)
        raise ConnectionError(f"the connection is refused (code {code})")

    async def _read_packet(self) -> bytes:
        proxy = self._proxy_used
        if proxy is None:
            received: bytes = await super()._recv()
            return received
        try:
            packet: bytes = await self._codec.read_packet(self._obfuscation or self._reader)
        except (OSError, EOFError) as error:
            if self._is_served or proxy != self.route.present:
                raise
            raise self.route.fail(proxy, f"it hung up{doubt(proxy)}") from error
        if not self._is_served:
            self._is_served = True
            self.route.serve(self.account)
        return packet


def doubt(proxy: Proxy) -> str:
    """What to add to the report of a proxy that hangs up or stays silent."""
    return ": its secret may be wrong" if proxy.secret else " before Telegram answered"


def _reason(proxy: Proxy, error: BaseException) -> str:
    if isinstance(error, EOFError | ConnectionResetError | BrokenPipeError):
        return f"it hung up{doubt(proxy)}"
    if isinstance(error, OSError) and not isinstance(error, TimeoutError) and error.errno:
        # asyncio's own words name the address again; those of look-ups have numbers of their own.
        return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
    return network_reason(error)
