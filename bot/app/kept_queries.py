"""Saved queries, compiled, kept in the data folder from the end of one run to the next start.

They are looked up by text, so that no change of the database makes them wrong; a file of other code
or other dictionaries, or a damaged one, is not used: all queries are parsed then, as after a run
that was killed. While the service runs there is no such file: what somebody takes back meanwhile
lies in none. A process beside others keeps none, for they serve people while it is stopped.
"""

import asyncio
import contextlib
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

import storage
from bot.intake.saved_queries import SavedQueries
from bot.process import private_files
from storage.connection import Database
from storage.errors import StorageError
from storage.query.matching.compiled import CompiledQueries

NAME = "queries.compiled"
LEAST, MOST = 1_000, 500_000
"""The fewest queries that are kept, for fewer are parsed at once; and the most, for a stop must not
take long."""
PATIENCE = 1.0
"""Seconds for which the database is asked what was taken back."""

_CODE = ("*.py", "query/**/*", "languages/*")
_CHECK = 32
"""The bytes of a hash."""

log = structlog.get_logger("app")


class KeptQueries:
    """The saved queries of a run: filled at its start, kept at its end. ``is_alone``: whether no
    other process serves the same people."""

    def __init__(self, folder: Path, *, is_alone: bool = True) -> None:
        self.saved = SavedQueries()
        self._path = folder / NAME
        # Now, not at the end: until then another version may have been put in its place.
        self._program = _digest_or_none() if is_alone else None
        self._is_loaded = self._is_current = False
        if not is_alone:
            _take(self._path)

    def begin(self) -> None:
        """Hold none: a service begins, or begins anew."""
        self.saved, self._is_loaded, self._is_current = SavedQueries(), False, False

    async def load(self, db: Database) -> None:
        """Fill ``saved``."""
        known = CompiledQueries(await asyncio.to_thread(self._take))
        async with db.reader() as conn:
            await self.saved.load(conn, known)
        self._is_loaded = True

    def _take(self) -> Iterator[bytes]:
        """The parts of the file, which is there no more."""
        written = _take(self._path)
        if written is None or self._program is None:
            return iter(())
        return _each(_read(written, self._program))

    async def follow(self, db: Database) -> None:
        """Leave out what was taken back by now; before that nothing is written."""
        is_kept = self._is_loaded and self._program is not None
        if not is_kept or not LEAST <= len(self.saved) <= MOST:
            return
        try:
            async with asyncio.timeout(PATIENCE), db.reader() as conn:
                await self.saved.follow(conn)
            self._is_current = True
        except (StorageError, TimeoutError) as error:
            log.warning("the next start parses all queries", error=str(error))

    def write(self) -> None:
        """Write what the next start can use: at the very end, for it may be cut off. What cannot be
        written is said in the log."""
        if self._program is None or not self._is_current:
            return
        parts = msgspec.msgpack.encode([*self.saved.compiled()])
        try:
            private_files.write_whole(self._path, _seal(self._program, parts))
        except OSError as error:
            private_files.wipe(private_files.fresh_of(self._path))
            log.warning("the next start parses all queries", error=str(error))


def digest_program() -> bytes:
    """A hash of all that decides what a query means: the code, the catalogues, the packages, and
    Python itself."""
    found = hashlib.blake2b(sys.version.encode(), digest_size=_CHECK)
    root = Path(storage.__file__).parent
    for path in sorted({path for pattern in _CODE for path in root.glob(pattern)}):
        if path.is_file() and path.parent.name != "__pycache__":
            content = path.read_bytes()
            found.update(b"%b %d " % (bytes(path.relative_to(root)), len(content)))
            found.update(content)
    packages = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    found.update(" ".join(sorted(packages)).encode())
    return found.digest()


def _digest_or_none() -> bytes | None:
    """The hash; None where the program cannot be read, as while another is put in its place."""
    try:
        return digest_program()
    except OSError as error:
        log.warning("the next start parses all queries", error=str(error))
        return None


def _take(path: Path) -> bytes | None:
    """The content of the file, which is there no more; None if there was none."""
    written = None
    with contextlib.suppress(OSError):
        if path.is_file():
            written = path.read_bytes()
    for left in (path, private_files.fresh_of(path)):
        private_files.wipe(left)
    return written


def _seal(program: bytes, parts: bytes) -> bytes:
    check = hashlib.blake2b(program + parts, digest_size=_CHECK).digest()
    return program + check + parts


def _read(written: bytes, program: bytes) -> list[bytes]:
    """The parts of a file that this program wrote; none of any other."""
    parts = written[2 * _CHECK :]
    if written == _seal(program, parts):
        # Whoever can write a file can seal it.
        with contextlib.suppress(msgspec.DecodeError, MemoryError):
            return msgspec.msgpack.decode(parts, type=list[bytes])
    log.info("all queries are parsed: what was kept of them is of another program or damaged")
    return []


def _each(parts: list[bytes]) -> Iterator[bytes]:
    """Each part, whose memory is given back as soon as it was used."""
    parts.reverse()
    while parts:
        yield parts.pop()
