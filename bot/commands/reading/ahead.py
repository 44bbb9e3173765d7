"""Reading ahead: files are read in a process of its own while this one stores what came before.

What comes out is the same, in the same order, as if it were read here; and it is read here where
that is quicker, where no process can be started, and from where the other one has ended too soon.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path

from bot.commands.reading import reader
from bot.commands.reading.reader import Chunk, Event, ReadRequest
from bot.commands.reading.source_files import Tally
from bot.intake.prepared import Prepared
from bot.process import progress, terminal

LEAST_BYTES = 2_000_000
"""Of less the start of a process takes longer than it saves."""
MOST_HELD = 8 << 20
"""Bytes of chunks from which on no more are fetched until some are taken."""

_START = (
    "import sys; sys.path[:] = sys.argv[1:]\nfrom bot.commands.reading.reader import main; main()"
)


def is_worth_it(paths: Sequence[Path], size: int, cores: int) -> bool:
    """Whether files with this many bytes in all are to be read in a second process; not if one of
    them exists in this process only, as ``/dev/stdin`` and ``/proc/self/fd/5`` do."""
    return cores > 1 and size >= LEAST_BYTES and not any(map(_is_ours, paths))


def _is_ours(path: Path) -> bool:
    inside = path.absolute().parts[1:3]
    return inside[:1] in {("dev",), ("proc",)} and inside != ("dev", "shm")


def count_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Material:
    """The documents of files, counted in ``tally``. ``advance`` is told of bytes read; ``apart``:
    they are read in a process of its own, which ends with the ``with`` block."""

    def __init__(
        self, asked: ReadRequest, tally: Tally, *, advance: progress.Advance, apart: bool
    ) -> None:
        self._asked = asked
        self._tally = tally
        self._advance = advance
        self._apart = _start(asked) if apart else None
        self._taken = self._passed = 0

    def __enter__(self) -> "Material":
        return self

    def __exit__(self, *_: object) -> None:
        if self._apart is not None:
            self._apart.close()

    def prefer(self, *, prepared: bool) -> None:
        """Say whether to work out beforehand what can be: not where documents are there already."""
        if self._apart is not None:
            self._apart.tell(reader.PREPARE if prepared else reader.ONLY_READ)

    def documents(self) -> Iterator[Prepared]:
        """The documents in order. Raises UsageError as ``source_files.list_events`` does."""
        for event in self._events():
            self._taken += 1
            if isinstance(event, Prepared):
                self._tally.hear(event.document)
                yield event
            else:
                self._tally.hear(event)

    def _events(self) -> Iterator[Event]:
        if self._apart is not None:
            for chunk in self._apart.chunks():
                self._passed += chunk.size
                self._advance(chunk.size)
                yield from chunk.events
                if chunk.is_last:
                    return
            if self._apart.was_killed():
                terminal.say("dateline: the process that read ahead was killed; we go on without")
        # The same files give the same again.
        here = reader.read(self._asked, self._advance_further(), prepares=lambda: False)
        yield from islice(here, self._taken, None)

    def _advance_further(self) -> progress.Advance:
        """An advance that says nothing of what was read before."""
        again = 0

        def advance(count: int) -> None:
            nonlocal again
            again += count
            if again > self._passed:
                self._advance(again - self._passed)
                self._passed = again

        return advance


def _start(asked: ReadRequest) -> "_Apart | None":
    """The other process; None where none can be started."""
    try:
        return _Apart(asked)
    except (OSError, RuntimeError):  # the second where there is no room for a thread
        return None


class _Apart:
    """The other process, and its chunks as they come; these are fetched by a thread."""

    def __init__(self, asked: ReadRequest) -> None:
        with ExitStack() as stack:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is ours, and its end is up to us
            )
            stack.callback(self._end)
            self._told = reader.PREPARE
            self._held: deque[bytearray] = deque()
            self._changed = threading.Condition()
            self._is_over = self._is_closed = False
            self._write(pickle.dumps(asked))
            self._thread = threading.Thread(target=self._fetch, daemon=True)
            self._thread.start()
            stack.pop_all()

    def chunks(self) -> Iterator[Chunk]:
        """What comes, until the other process has ended."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._is_over)
                if not self._held:
                    return
                raw = self._held.popleft()
                self._changed.notify_all()
            yield pickle.loads(raw)  # noqa: S301  (from our own process)

    def was_killed(self) -> bool:
        """Whether a signal ended it."""
        return self._process.wait() < 0

    def tell(self, order: bytes) -> None:
        """Tell the other process what to do from now on."""
        if order != self._told:
            self._told = order
            with suppress(OSError):  # it has ended
                self._write(order)

    def close(self) -> None:
        """End it, if it has not ended."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._process.kill()
        self._thread.join()
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _write(self, raw: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101
        view = memoryview(raw)
        while view:
            view = view[self._process.stdin.write(view) :]

    def _fetch(self) -> None:
        while raw := self._receive():
            with self._changed:
                self._held.append(raw)
                self._changed.notify_all()
                self._changed.wait_for(
                    lambda: self._is_closed or sum(map(len, self._held)) < MOST_HELD
                )
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _receive(self) -> bytearray:
        """The next chunk; nothing where there is none, or not a whole one."""
        return self._exactly(int.from_bytes(self._exactly(reader.LENGTH), "big"))

    def _exactly(self, count: int) -> bytearray:
        assert self._process.stdout is not None  # noqa: S101
        found = bytearray()
        while len(found) < count:
            piece = self._process.stdout.read(min(count - len(found), 1 << 20))
            if not piece:
                return bytearray()
            found += piece
        return found
