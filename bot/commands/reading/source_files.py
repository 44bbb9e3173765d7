"""Files of material, found and read: the way in of normalize, import and the demo.

What cannot be read is said on stderr at once, counted, and the rest goes on.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from bot.commands.reading.source_paths import list_paths, open_file
from bot.process import progress, terminal
from handlers.normalize import registry
from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Items
from storage.document import Document
from storage.errors import InputError
from storage.structs import replace


class Begun(Struct, frozen=True):
    """A file is read now: what comes next is of it."""

    file: str


class PassedOver(Struct, frozen=True):
    """What is no file to be read; ``kind`` says what it is instead."""

    path: Path
    kind: str


class Failed(Struct, frozen=True):
    """The file cannot be read, or not any further."""

    problem: str


Event = Begun | PassedOver | Failed | Document | Problem | Skipped
"""What reading comes to, bit by bit."""

MOST_UNREAD = 10_000
MOST_BYTES = 32_000_000
"""The most bytes of unreadable posts in memory until they are set aside with the next documents."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What reading a list of files came to."""

    files: int = 0
    documents: int = 0
    skipped: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)
    _unread: list[tuple[Path, Problem]] = field(default_factory=list)
    _held: int = 0
    _paths: dict[str, str] = field(default_factory=dict)
    _file: str = ""

    @property
    def failed(self) -> int:
        """How many files could not be read, or not wholly."""
        return len({file for file, _ in self.problems})

    @property
    def status(self) -> int:
        """The exit status: 0 all was read, 1 some of it was not, 2 none of it could be used."""
        if not self.problems:
            return 0
        return 2 if self.failed == self.files and not self.documents else 1

    def note(self, file: str, problem: str) -> None:
        """Count a problem and say it."""
        self.problems.append((file, problem))
        terminal.complain(problem)

    def _keep(self, file: Path, problem: Problem) -> None:
        """Keep what can be set aside until it is; no more of it than fits into memory."""
        if problem.raw is None or len(self._unread) >= MOST_UNREAD:
            return
        self._held += len(problem.raw)
        kept = problem if self._held <= MOST_BYTES else replace(problem, raw=None)
        self._unread.append((file, kept))

    def path_of(self, name: str) -> str:
        """The last file of that base name that was read."""
        return self._paths.get(name, name)

    def take_unread(self) -> list[tuple[Path, Problem]]:
        """What could not be read since this was asked last, and of which files it is."""
        taken, self._unread, self._held = self._unread, [], 0
        return taken

    def hear(self, event: Event) -> None:
        """Count what reading came to next; problems are said."""
        if isinstance(event, Begun):
            self.files += 1
            self._file = event.file
        elif isinstance(event, PassedOver):
            self.skip(event.path, event.kind)
        elif isinstance(event, Failed):
            self.note(self._file, event.problem)
        else:
            self.count(event, self._file)

    def count(self, item: Document | Problem | Skipped, file: str) -> None:
        """Count what a reader gave of a file."""
        if isinstance(item, Problem):
            self.note(file, str(item))
            self._keep(Path(file), item)
        elif isinstance(item, Skipped):
            self.skipped += item.messages
            if item.why:
                terminal.say(terminal.one_line(f"dateline: {file}: {item.why}"))
        else:
            self.documents += 1
            self.formats[item.source.type] += 1
            self._paths[item.source.file or ""] = file

    def skip(self, path: Path, kind: str) -> None:
        """Count what is no file to be read, and say it."""
        self.skipped += 1
        terminal.say(terminal.one_line(f"dateline: {path}: skipped, it is {kind}"))

    def leave_out(self, document: Document) -> None:
        """Count a document that was read and is not taken after all."""
        self.skipped += max(1, len(document.album_ids))
        self.documents -= 1
        self.formats[document.source.type] -= 1


def size(paths: Sequence[Path]) -> int:
    """The bytes of all the files that ``read`` would read."""
    files = [found.path for found in list_paths(paths) if not found.kind]
    return sum(path.stat().st_size for path in files if path.is_file())


def read(
    paths: Sequence[Path],
    tally: Tally,
    *,
    format: str | None = None,
    channel: str | None = None,
    all_chats: bool = False,
) -> Iterator[Document]:
    """The documents of the files, in order, counted in ``tally``. Raises what ``list_events``
    does."""
    events = list_events(paths, format=format, channel=channel, all_chats=all_chats)
    for event in events:
        tally.hear(event)
        if isinstance(event, Document):
            yield event


def list_events(
    paths: Sequence[Path],
    *,
    format: str | None = None,
    channel: str | None = None,
    all_chats: bool = False,
    advance: progress.Advance = progress.nothing,
) -> Iterator[Event]:
    """Read the files, in order; the same files give the same each time.

    ``advance`` is told of bytes read. Raises UsageError for a format or channel that is none.
    """
    read_stream = partial(registry.read, format=format, channel=channel, all_chats=all_chats)
    found = list_paths(paths)
    if not found:
        yield Begun(str(paths[0]))
        yield Failed(f"{paths[0]}: holds nothing to read; name other files")
    for one in found:
        if one.kind:
            yield PassedOver(one.path, one.kind)
            continue
        yield Begun(str(one.path))
        try:
            yield from _read_file(one.path, read_stream, advance)
        except OSError as error:
            yield Failed(f"{one.path}: cannot be read: {error.strerror}; check the path")
        except InputError as error:
            yield Failed(str(error))


def _read_file(path: Path, read_stream: Callable[..., Items], advance: progress.Advance) -> Items:
    raw = open_file(path)
    if raw is None:
        raise InputError("is no file", where=str(path), hint="name a file")
    with raw:
        yield from read_stream(cast("BinaryIO", progress.Watched(raw, advance)), name=path.name)
