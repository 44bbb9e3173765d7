"""The file that says which chats were forgotten, for a copy of the database that is put back later.

Beside the database (``forgotten``, 0600) stand lines of JSON: the first holds a random key, each
other the HMAC-SHA256 of a chat's number under it, and when. It tells whether a chat that is known
was forgotten; it tells no number to whoever reads it. It does not protect against somebody who has
the file and tries all numbers that Telegram has: they are some 10 billion, a matter of hours. So
it holds no more than that, and is for the owner of the instance alone.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from storage.errors import UnavailableError

NAME = "forgotten"


def path_beside(database: Path) -> Path:
    """Where the file stands that belongs to a database."""
    return database.resolve().with_name(NAME)


def note(path: Path, chat_id: int, *, now: datetime) -> None:
    """Write down that a chat was forgotten, safe from a power cut. Raises UnavailableError."""
    try:
        with _opened(path) as descriptor:
            key = _key(path, descriptor)
            line = {"hash": hash_of(key, chat_id), "time": now.isoformat()}
            _append(descriptor, line)
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise UnavailableError(
            f"cannot be written: {reason}", cause="disk", where=str(path), hint="make room"
        ) from error


def read(path: Path) -> tuple[bytes, dict[str, datetime]]:
    """The key, and when each chat was last forgotten, by hash. Raises OSError, ValueError."""
    key = b""
    found: dict[str, datetime] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        fields = _fields(line)
        if "key" in fields:
            key = bytes.fromhex(fields["key"])
        elif "hash" in fields:
            found[fields["hash"]] = datetime.fromisoformat(fields["time"])
    return key, found


def hash_of(key: bytes, chat_id: int) -> str:
    """What stands in the file for a chat."""
    return hmac.new(key, str(chat_id).encode(), hashlib.sha256).hexdigest()


def _fields(line: str) -> dict[str, str]:
    """A line that a crash cut off says nothing."""
    with contextlib.suppress(ValueError):
        fields = json.loads(line)
        return fields if isinstance(fields, dict) else {}
    return {}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _key(path: Path, descriptor: int) -> bytes:
    key, _ = read(path)
    if not key:
        key = secrets.token_bytes(32)
        _append(descriptor, {"key": key.hex()})
    return key


def _append(descriptor: int, line: dict[str, str]) -> None:
    # Begins a line of its own, whatever a crash left before it.
    os.write(descriptor, f"\n{json.dumps(line)}\n".encode())
    os.fsync(descriptor)
