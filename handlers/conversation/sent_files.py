"""Files that people send, read a few at a time, and not again where nothing changed.

A press below what a file holds asks for it anew, for it may have been edited. Where its bytes are
the same, what was read of them before serves.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from handlers.conversation.requests import GivenFile

T = TypeVar("T")

AT_ONCE = 8
"""Files that are in memory at once while they are fetched and read; others wait for their turn."""
MOST_BYTES = 2_000_000
"""What is remembered was read of so many bytes of files together."""
KEPT_FOR = 600.0
"""Seconds for which it is remembered after it was asked for last."""


@dataclass(frozen=True, slots=True)
class Sent(Generic[T]):
    """A file that was fetched, without its bytes; what was ``read`` of it, and its hash, where it
    has any."""

    given: GivenFile
    read: T | None = None
    hash: str = ""


@dataclass(slots=True)
class _Known:
    read: Any
    size: int
    until: float


@dataclass(slots=True)
class SentFiles:
    """What was read of the last files, by what reads them and their hash."""

    _known: OrderedDict[tuple[object, str], _Known] = field(default_factory=OrderedDict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(
        self, fetch: Callable[[], Awaitable[GivenFile | None]], reader: Callable[[bytes], T]
    ) -> Sent[T] | None:
        """Fetch a file, and read it in a thread with ``reader``, whose errors are raised; None
        where there is no file."""
        async with self._turns:
            given = await fetch()
            if given is None or given.data is None:
                return None if given is None else Sent(given)
            mark = hashlib.sha256(given.data).hexdigest()
            # One at a time: reading takes the processor, and who waits for this very file has it.
            async with self._reading:
                read = await self._find(given.data, (reader, mark), reader)
        return Sent(GivenFile(given.size, None), read, mark)

    async def _find(self, data: bytes, key: tuple[object, str], reader: Callable[[bytes], T]) -> T:
        now = asyncio.get_running_loop().time()
        for one in [one for one, known in self._known.items() if known.until < now]:
            del self._known[one]
        known = self._known.get(key)
        if known is None:
            known = _Known(await asyncio.to_thread(reader, data), len(data), 0.0)
            self._known[key] = known
        known.until = now + KEPT_FOR
        self._known.move_to_end(key)
        while sum(one.size for one in self._known.values()) > MOST_BYTES:
            self._known.popitem(last=False)
        read: T = known.read
        return read
