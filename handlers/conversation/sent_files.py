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
from weakref import WeakValueDictionary

from msgspec import Struct

from handlers.conversation.requests import GivenFile

T = TypeVar("T")

AT_ONCE = 8
"""Files that are in memory at once while they are fetched and read; others wait for their turn."""
MOST_BYTES = 500_000
"""The most bytes of files whose content is remembered. In memory it takes up to some twenty times
as much."""
KEPT_FOR = 600.0
"""Seconds for which it is remembered after it was asked for last."""


class Sent(Struct, Generic[T], frozen=True):
    """A file that was fetched, without its bytes; what was ``read`` of it, and its hash, where it
    has any."""

    given: GivenFile
    read: T | None = None
    hash: str = ""


@dataclass(slots=True)
class _Known:
    read: Any
    size: int
    ends: asyncio.TimerHandle


@dataclass(slots=True)
class SentFiles:
    """What was read of the last files, by what reads them and their hash."""

    _known: OrderedDict[tuple[object, str], _Known] = field(default_factory=OrderedDict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _of_chats: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(
        self,
        chat_id: int,
        fetch: Callable[[], Awaitable[GivenFile | None]],
        reader: Callable[[bytes], T],
    ) -> Sent[T] | None:
        """Fetch a file of a chat, and read it in a thread with ``reader``, whose errors are raised;
        None where there is no file. Each chat has one turn."""
        of_chat = self._of_chats.setdefault(chat_id, asyncio.Lock())
        async with of_chat, self._turns:
            given = await fetch()
            if given is None or given.data is None:
                return None if given is None else Sent(given)
            mark = hashlib.sha256(given.data).hexdigest()
            # One at a time: reading takes the processor, and who waits for this very file has it.
            async with self._reading:
                read = await self._find(given.data, (reader, mark), reader)
        return Sent(GivenFile(given.size, None), read, mark)

    async def _find(self, data: bytes, key: tuple[object, str], reader: Callable[[bytes], T]) -> T:
        known = self._forget(key)
        read: T = known.read if known else await asyncio.to_thread(reader, data)
        if len(data) <= MOST_BYTES:
            ends = asyncio.get_running_loop().call_later(KEPT_FOR, self._forget, key)
            self._known[key] = _Known(read, len(data), ends)
        while sum(one.size for one in self._known.values()) > MOST_BYTES:
            self._forget(next(iter(self._known)))
        return read

    def _forget(self, key: tuple[object, str]) -> _Known | None:
        known = self._known.pop(key, None)
        if known is not None:
            known.ends.cancel()
        return known
