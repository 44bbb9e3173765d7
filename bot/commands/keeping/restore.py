"""``dateline restore``: a backup in the place of the database, while the service is stopped.

All is done in a copy beside the database. Only when that is whole the database of before gets
another name, and the copy its own.
"""

import asyncio
import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from bot.backups import forgotten, putting_back
from bot.backups.putting_back import UNKNOWN, Prepared
from bot.commands import archive
from bot.commands.checking.findings import counted
from bot.health import instance
from bot.process import locks
from bot.settings import Settings
from bot.telegram import sessions
from storage.errors import DamagedError, ServiceError, StorageError, UnavailableError, UsageError
from storage.instance import Identity
from storage.location import file_of
from storage.sqlite import backup_notes, copying
from storage.sqlite import file as sqlite_file
from storage.sqlite.backup_notes import Notes
from storage.sqlite.meanings import translated
from storage.verifying.verify import verify

COPY = ".restoring"


class Former(Struct, frozen=True, kw_only=True):
    """The database of before: where it stands, and whether it is whose the backup is and can be
    read. ``trouble`` says why not."""

    path: Path
    is_there: bool
    identity: Identity | None = None
    trouble: str = ""


def run(settings: Settings, backup: Path) -> int:
    """Put the backup back and say what that means. Raises UsageError, StorageError, ServiceError;
    then the database is as it was."""
    place = file_of(settings.database_url, "use pg_restore: see docs/scaling.md").resolve()
    archive.make_data_dir(settings.data_dir)
    with _held(place):
        _restore(settings, backup, place)
    return 0


@contextlib.contextmanager
def _held(place: Path) -> Iterator[None]:
    """Keep a service from starting, as one that runs keeps us."""
    lock = place.with_name(place.name + ".lock")
    with locks.held(lock, what="the database", where=str(place)):
        yield


def _restore(settings: Settings, backup: Path, place: Path) -> None:
    now = datetime.now(UTC)
    notes = _look_at(backup, place)
    former = _settle(place)
    expected = instance.read_identity_file(settings.data_dir)
    _refuse_anothers(settings, notes, former, expected)
    copy = place.with_name(f".{place.name}{COPY}")
    copying.remove(copy)
    try:
        copying.copy(backup, copy)
        held = backup_notes.take_sessions(copy)
        prepared = _prepare(copy, backup, former, notes)
        copying.sync(copy)
        _mark(settings.data_dir, notes, former, expected)
        aside = _exchange(copy, former, now)
    except BaseException:
        copying.remove(copy)
        raise
    restored = _put_sessions(settings.data_dir, held)
    for line in _list_said(backup, place, notes, prepared, aside, restored, now):
        sys.stdout.write(line + "\n")


def _look_at(backup: Path, place: Path) -> Notes:
    """What the backup is. Raises what is to be said of one that can't be put back."""
    if backup.resolve() == place:
        raise UsageError("is the database itself", where=str(backup), hint="name a backup")
    report = verify(backup)
    if report.is_damaged:
        raise DamagedError(
            f"it is damaged: {report.problems[0]}", where=str(backup), hint="take another one"
        )
    for problem in report.problems:
        sys.stderr.write(f"dateline: {backup}: {problem}\n")
    return backup_notes.read(backup)


def _settle(place: Path) -> Former:
    """The database of before, all of its log moved into it. Raises UnavailableError where another
    process has it open; one that is damaged is left as it is."""
    if not place.exists():
        return Former(path=place, is_there=False, trouble="there is no database of before")
    try:
        identity = sqlite_file.find_identity(place)
        with translated(place), contextlib.closing(sqlite3.connect(place, timeout=5)) as db:
            # Only who is alone may leave the log's mode.
            db.execute("PRAGMA journal_mode = DELETE")
    except UnavailableError as error:
        if error.cause == "lock":
            raise UnavailableError(
                "another process has the database open",
                cause="lock",
                where=str(place),
                hint="end it first",
            ) from error
        return Former(path=place, is_there=True, trouble=error.what)
    except StorageError as error:
        return Former(path=place, is_there=True, trouble=error.what)
    return Former(path=place, is_there=True, identity=identity)


def _refuse_anothers(
    settings: Settings, notes: Notes, former: Former, expected: Identity | None
) -> None:
    """Raise ServiceError where the backup is of another instance than this folder."""
    backed = notes.identity.name if notes.identity else None
    for known, where in (
        (expected, settings.data_dir / instance.MARK),
        (former.identity, former.path),
    ):
        if known is not None and known.name != backed:
            raise ServiceError(
                "the backup is of another instance than this",
                where=str(where),
                hint="move it away if the backup is the right one",
            )


def _prepare(copy: Path, backup: Path, former: Former, notes: Notes) -> Prepared:
    mine, beside = forgotten.path_beside(former.path), forgotten.path_beside(backup)
    try:
        work = putting_back.prepare(
            copy,
            former=former.trouble or former.path,
            notes=[mine, beside],
            made_at=notes.made_at or UNKNOWN,
        )
        prepared = asyncio.run(work)
        if beside != mine:
            forgotten.add_all(beside, mine)
    except ValueError as error:
        raise DamagedError(
            f"it cannot be read who was forgotten: {error}",
            where=f"{mine} or {beside}",
            hint="mend the line, or move the file away",
        ) from error
    return prepared


def _mark(data_dir: Path, notes: Notes, former: Former, expected: Identity | None) -> None:
    """Have the next start see that this is an older copy, whether there was a mark or not."""
    if notes.identity is None:
        return
    known = [one.counter for one in (notes.identity, former.identity, expected) if one]
    identity = Identity(name=notes.identity.name, counter=max(known) + 1)
    instance.write_identity_file(data_dir, identity)


def _exchange(copy: Path, former: Former, now: datetime) -> Path | None:
    """Give both their names; where the database of before is kept, if there was one. At any moment
    one of the two stands in the place: whatever ends this, the next start or restore finds it."""
    place, aside = former.path, None
    if former.is_there:
        aside = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%SZ}")
        for end in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{place}{end}").replace(f"{aside}{end}")
        try:
            os.link(place, aside, follow_symlinks=False)
        except OSError:  # some file systems have no second names
            place.replace(aside)
    copy.replace(place)
    copying.sync(place.parent)
    return aside


def _put_sessions(data_dir: Path, held: Mapping[str, bytes]) -> dict[str, bool]:
    """Write the sessions that are not there; which were written and which are kept as they are."""
    done = {}
    for name, content in held.items():
        path = sessions.session_path(data_dir, name)  # type: ignore[arg-type]
        done[name] = not path.exists()
        if done[name]:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
    return done


def _list_said(
    backup: Path,
    place: Path,
    notes: Notes,
    prepared: Prepared,
    aside: Path | None,
    restored: Mapping[str, bool],
    now: datetime,
) -> Iterator[str]:
    """What the operator should know, a line each."""
    made = f"as of {_said(notes.made_at)}" if notes.made_at else "made at an unknown time"
    yield f"restored: {place} from {backup}: {counted(prepared.documents, 'document')}, {made}"
    since = _said(prepared.read_to) if prepared.read_to else "each channel's beginning of the watch"
    yield (
        f"posts from {since} until now ({_said(now)}) are read again when the service runs, in"
        f" {counted(prepared.channels, 'channel')}, as far as they are still there"
    )
    yield from _list_known(prepared)
    if prepared.forgotten or prepared.redacted:
        yield (
            f"forgotten in it, as they were since: {counted(prepared.forgotten, 'chat')};"
            f" redacted: {counted(prepared.redacted, 'post')}"
        )
    yield "what people asked of the bot since, and what was imported since, is not in it"
    for name, is_new in restored.items():
        yield f"session {name}: {'put back' if is_new else 'the one that was there is kept'}"
    if aside is not None:
        yield (
            f"the database of before is kept as {aside}; whoever is forgotten from now on is still"
            " in it: remove it when you need it no more"
        )


def _list_known(prepared: Prepared) -> Iterator[str]:
    carried = prepared.carried
    if carried is None:
        yield (
            f"what was sent since is not known ({prepared.unknown}): messages of the last hour go"
            " out under their old ids, which Telegram refuses as long as it remembers them, or may"
            " come once more; older ones come as one list a chat"
        )
        return
    yield f"sent since, and not sent again: {carried.done} messages"
    if carried.under_way:
        yield f"under way when it ended, and looked for before they are sent: {carried.under_way}"


def _said(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else "never"
