"""The process that reads files ahead of an import and writes chunks of events to its stdout.

It has no database and no session, and holds one chunk at a time. Over its stdin the parent process
tells it whether to prepare documents as well; it ends when the parent does, since stdin ends then.
"""

import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

from msgspec import Struct

from bot.commands.reading import source_files
from bot.commands.reading.source_files import Begun, Failed, PassedOver
from bot.intake.prepared import Prepared, prepare
from bot.process import collecting, progress
from handlers.normalize.post.problems import Problem, Skipped
from storage.document import Document

PREPARE, ONLY_READ = b"+", b"-"
"""What may be told on stdin."""

MOST_DOCUMENTS = 50
MOST_WEIGHT = 500_000
MOST_BYTES = 4 << 20
"""A chunk is full at this many documents, characters of them, or bytes of files that were read."""

LENGTH = 8
"""Bytes before a chunk which say, as a number, how many it has."""

Event: TypeAlias = Begun | PassedOver | Failed | Prepared | Problem | Skipped


class ReadRequest(Struct, frozen=True, kw_only=True):
    """What is to be read, and how."""

    paths: tuple[Path, ...]
    format: str | None = None
    channel: str | None = None
    all_chats: bool = False


class Chunk(Struct, frozen=True):
    """What reading came to next. ``size``: bytes of files that were read for it."""

    events: list[Event]
    size: int = 0
    is_last: bool = False


def read(
    asked: ReadRequest, advance: progress.Advance, *, prepares: Callable[[], bool]
) -> Iterator[Event]:
    """What reading comes to; documents with what can be worked out of them while it
    ``prepares``."""
    for event in source_files.list_events(
        asked.paths,
        format=asked.format,
        channel=asked.channel,
        all_chats=asked.all_chats,
        advance=advance,
    ):
        if isinstance(event, Document):
            yield _prepared(event) if prepares() else Prepared(event)
        else:
            yield event


def _prepared(document: Document) -> Prepared:
    try:
        return prepare(document)
    except Exception:  # the error is met again, and reported, where it is stored
        return Prepared(document)


class Making:
    """Makes chunks of what comes, and gives them to ``send`` as they are full."""

    def __init__(self, send: Callable[[Chunk], None]) -> None:
        self._send = send
        self._events: list[Event] = []
        self._weight = self._size = 0

    def add(self, event: Event) -> None:
        """Take in what comes next."""
        self._events.append(event)
        if isinstance(event, Prepared):
            self._weight += sum(map(len, event.document.texts())) + MOST_WEIGHT // MOST_DOCUMENTS
        elif isinstance(event, Problem):
            self._weight += len(event.raw or b"") + MOST_WEIGHT // MOST_DOCUMENTS
        if self._weight >= MOST_WEIGHT:
            self.end()

    def advance(self, count: int) -> None:
        """Add to the number of bytes read."""
        self._size += count
        if self._size >= MOST_BYTES:
            self.end()

    def end(self, *, is_last: bool = False) -> None:
        """Send what there is."""
        self._send(Chunk(self._events, self._size, is_last))
        self._events, self._weight, self._size = [], 0, 0


class _Orders:
    """What we are told on stdin; at its end this process ends at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._told = PREPARE
        threading.Thread(target=self._listen, daemon=True).start()

    def prepares(self) -> bool:
        """Whether to work out beforehand what can be."""
        return self._told == PREPARE

    def _listen(self) -> None:
        while told := self._stream.read(1):
            self._told = told
        os._exit(0)


def main() -> None:
    """Read what stdin asks for; the status is 0 where all of it went out."""
    stream, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may come between the chunks
    try:
        asked: ReadRequest = pickle.load(stream)  # noqa: S301  (from the parent process)
        orders = _Orders(stream)

        def send(chunk: Chunk) -> None:
            raw = pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)
            out.write(len(raw).to_bytes(LENGTH, "big"))
            out.write(raw)
            out.flush()

        making = Making(send)
        with collecting.seldom():
            for event in read(asked, making.advance, prepares=orders.prepares):
                making.add(event)
        making.end(is_last=True)
    except BaseException:  # it is met again, and said, where reading goes on
        os._exit(1)
    os._exit(0)
