"""Log lines written by a thread: their reader may stall or leave without blocking the service.

A thread of its own writes what has queued, in order. Where the reader is so far behind that the
queue is full, lines are dropped and counted, and the count is written where they are missing.
"""

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable

MOST_BYTES = 4 * 2**20
LINGER = 0.005
"""Seconds for which lines are gathered: one write for many."""
PIECE = 4096
"""The most bytes that a ready pipe takes at once (PIPE_BUF): a longer write could wait."""
MOST_AT_ONCE = 2**16
READY_WITHIN = 1.0
"""Seconds until a target that takes nothing is asked again."""


class LineWriter:
    """Writes lines to the file descriptor ``target``. ``tell(count)`` gives the line that says how
    many were dropped; no more than ``most_bytes`` wait. ``is_over``: it
    has ended."""

    def __init__(
        self, target: int, tell: Callable[[int], str], *, most_bytes: int = MOST_BYTES
    ) -> None:
        self._target = target
        self._tell = tell
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._lines: deque[bytes] = deque()
        self._waiting = 0
        self._dropped = 0
        self._filled = threading.Event()
        self._is_torn = False
        self._is_failing = False
        self._is_ending = False
        self.is_over = False
        self._thread = threading.Thread(target=self._run_on, name="log", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Write a line soon, or drop it; from any thread."""
        line = text.encode("utf-8", "replace") + b"\n"
        with self._lock:
            if self._waiting + len(line) > self._most_bytes:
                self._dropped += 1
                return
            self._note_dropped()
            self._put(line)
        self._filled.set()

    def close(self, seconds: float) -> None:
        """Write what is there, for ``seconds`` at most, and end: nothing comes after that."""
        self._is_ending = True
        self._filled.set()
        self._thread.join(seconds)
        self.is_over = True

    def _put(self, line: bytes) -> None:
        self._lines.append(line)
        self._waiting += len(line)

    def _note_dropped(self) -> None:
        if self._dropped and not self._is_failing:
            count, self._dropped = self._dropped, 0
            self._put(self._tell(count).encode("utf-8", "replace") + b"\n")

    def _run_on(self) -> None:
        """Write until the end, also where memory is refused meanwhile."""
        while True:
            try:
                self._run()
                return
            except (MemoryError, SystemError):
                time.sleep(LINGER if self._is_ending else READY_WITHIN)
                with self._lock:
                    self._waiting = sum(map(len, self._lines))
                self._filled.set()

    def _run(self) -> None:
        while True:
            self._filled.wait()
            if not self._is_ending:
                time.sleep(LINGER)
            self._filled.clear()
            while lines := self._take():
                self._write(lines)
            if self._is_ending:
                return

    def _take(self) -> list[bytes]:
        """The next lines; after the last, how many were dropped behind it."""
        with self._lock:
            if not self._lines:
                self._note_dropped()
            lines: list[bytes] = []
            size = 0
            while self._lines and size < MOST_AT_ONCE:
                lines.append(self._lines.popleft())
                size += len(lines[-1])
            self._waiting -= size
            return lines

    def _write(self, lines: list[bytes]) -> None:
        try:
            rest = memoryview(b"\n" * self._is_torn + b"".join(lines))
            while rest and not self.is_over:
                if written := write_some(self._target, rest, seconds=READY_WITHIN):
                    self._is_torn = rest[written - 1] != ord("\n")
                    rest = rest[written:]
        except (OSError, MemoryError):
            # Nobody reads them, the disk that they go to is full, or there is no memory for them.
            with self._lock:
                self._is_failing = True
                self._dropped += len(lines)
        else:
            self._is_failing = False


def write_some(target: int, data: memoryview, *, seconds: float) -> int:
    """Write the beginning of ``data`` to a file descriptor once it accepts that; waits at most
    ``seconds``. Gives the number of bytes written. Raises OSError."""
    ready = select.poll()
    ready.register(target, select.POLLOUT)
    if ready.poll(seconds * 1000):
        with contextlib.suppress(BlockingIOError):
            return os.write(target, data[:PIECE])
    return 0
