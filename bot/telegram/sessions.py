"""Session files, each of which is an account on disk: modes, an exclusive lock, and the server that
they were made for.

A session that is used by two processes, or from two addresses, at once is dead for good
(AUTH_KEY_DUPLICATED), so the lock is taken before the file is opened and long before connecting.
"""

import contextlib
import hashlib
import ipaddress
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from bot.process import locks
from storage.errors import ServiceError

Account = Literal["user", "bot"]

TELEGRAM = "Telegram's own servers"
# Telegram's networks (core.telegram.org/resources/cidr.txt): a session that names an address in
# them was made for Telegram, whichever data centre the account moved to.
_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        (
            "91.105.192.0/23",
            "91.108.4.0/22",
            "91.108.8.0/22",
            "91.108.12.0/22",
            "91.108.16.0/22",
            "91.108.20.0/22",
            "91.108.56.0/22",
            "95.161.64.0/20",
            "149.154.160.0/20",
            "185.76.151.0/24",
            "2001:67c:4e8::/48",
            "2001:b28:f23c::/47",
            "2001:b28:f23f::/48",
            "2a0a:f280::/32",
        ),
    )
)

LOCK_SECONDS = 5.0
"""Seconds to wait for a session file that another process is writing."""


class SessionInUseError(locks.InUseError):
    """Another process holds the session."""


def session_path(data_dir: Path, account: Account) -> Path:
    """The path of an account's session file."""
    return data_dir / f"{account}.session"


def make_private(data_dir: Path) -> None:
    """Create the data folder (mode 0700) and set the umask, so that others can read no file of this
    process."""
    os.umask(0o077)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(
            f"{data_dir} cannot be made: {error.strerror}",
            where="DATA_DIR",
            hint="name a folder that this user may write to",
        ) from error


_SOMEBODY_ELSE = "check who owns the file and its folder, and that nothing else uses it"
_HINTS = {
    sqlite3.SQLITE_FULL: "make room on the disk; the session is as it was",
    sqlite3.SQLITE_IOERR: "see whether the disk is full, or broken",
}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the session at ``path`` exclusively. Raises SessionInUseError."""
    lock = path.with_name(path.name + ".lock")
    with locks.held(lock, what="the session", where=str(path), error=SessionInUseError):
        yield


def read_notes(path: Path) -> dict[str, str]:
    """The values that this program stored in a session file: ``server``, ``token`` (a hash),
    ``name`` and ``id`` of the account, ``login`` (another after each login).

    A session made by other programs has none; its server is then read from its own table. Empty for
    a missing file, or one that never got a key. Raises ServiceError for a file that cannot be read.
    """
    if not path.is_file():
        return {}
    try:
        # Not read-only: the next reader repairs what a kill left half written.
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS)
        ) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            if "dateline_notes" in tables:
                notes = dict(db.execute("SELECT name, value FROM dateline_notes"))
                if notes:
                    return notes
            if "sessions" not in tables:
                return {}
            row = db.execute(
                "SELECT dc_id, server_address, port, auth_key FROM sessions"
            ).fetchone()
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    if row is None or not row[3]:
        return {}
    return {"server": TELEGRAM if _is_telegrams(row[1]) else f"{row[0]}@{row[1]}:{row[2]}"}


def unusable(path: Path, error: Exception) -> ServiceError:
    """The error for a session file that fails. Its hint advises removal only for files that are no
    session at all, since the file is the account."""
    if isinstance(error, sqlite3.OperationalError):
        # The low byte is the kind; the rest says more closely where it happened.
        kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return ServiceError(
            f"the session cannot be used: {error}",
            where=str(path),
            hint=_HINTS.get(kind, _SOMEBODY_ELSE),
        )
    return ServiceError(
        f"is no session file: {error}", where=str(path), hint="remove it and log in again"
    )


def _is_telegrams(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _NETWORKS)


def write_notes(path: Path, notes: Mapping[str, str]) -> None:
    """Store values in a session file that no client has open. Raises ServiceError."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            db.execute(
                "CREATE TABLE IF NOT EXISTS dateline_notes (name TEXT PRIMARY KEY, value TEXT)"
            )
            db.executemany(
                "INSERT OR REPLACE INTO dateline_notes VALUES (?, ?)", list(notes.items())
            )
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    path.chmod(0o600)


def refuse_other_server(path: Path, server: str) -> None:
    """Raise ServiceError if the session at ``path`` was made for another server."""
    made_for = read_notes(path).get("server")
    if made_for is not None and made_for != server:
        raise ServiceError(
            f"this session was made for {made_for}, and TELEGRAM_SERVER now says {server}",
            where=str(path),
            hint="set it back, or use another DATA_DIR",
        )


def drop_other_token(path: Path, token: str) -> None:
    """Remove a bot's session that was made with a token of another fingerprint."""
    if read_notes(path).get("token", token) != token:
        remove(path)


def remove(path: Path) -> None:
    """Delete a session that no client has open."""
    for name in (path.name, f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


def fingerprint(token: str) -> str:
    """A short hash of a bot's token, enough to see that it changed."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
