"""The file that says what was forgotten, for a copy of the database that is put back later.

Beside the database (``forgotten``, 0600) stand lines of JSON. One holds a random key; those behind
it the HMAC-SHA256 of a chat's number under it, and when the chat was forgotten. It tells whether a
chat that is known was forgotten; its readers learn no number from it. It does not protect
against somebody who has the file and tries all numbers that Telegram has: they are some 10 billion,
a matter of hours. So it holds no more than that, and is for the owner of the instance alone. Other
lines name posts that were redacted, which are public.

Lines are only added. Backups have a copy of it beside them, to which lines are added too: where the
database and its folder are gone, that one says who must not come back.
"""

import contextlib
import errno
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from bot.settings import Settings
from storage.documents.redactions import Redaction
from storage.errors import UnavailableError
from storage.location import location_of

NAME = "forgotten"

_Fields: TypeAlias = Mapping[str, str]


@dataclass(slots=True)
class Forgotten:
    """What such a file says. ``chats``: when each was last forgotten, by key and hash;
    ``redacted``: posts by their names."""

    chats: dict[bytes, dict[str, datetime]] = field(default_factory=dict)
    redacted: dict[str, Redaction] = field(default_factory=dict)

    def when(self, chat_id: int) -> datetime | None:
        """When a chat was forgotten last; None if it never was."""
        found = (known.get(hash_of(key, chat_id)) for key, known in self.chats.items())
        return max((when for when in found if when is not None), default=None)


def path_beside(database: Path) -> Path:
    """Where the file stands that belongs to a database, or to a backup."""
    return database.resolve().with_name(NAME)


def path_of(settings: Settings) -> Path:
    """Where the file of an instance stands: beside its database, or, where that is on a server, in
    the data folder."""
    location = location_of(settings.database_url)
    return path_beside(settings.data_dir / NAME if location.file is None else location.file)


def note(path: Path, chat_id: int, *, now: datetime) -> None:
    """Write down that a chat was forgotten, safe from a power cut. Raises UnavailableError."""
    with _translated(path), _opened(path) as descriptor:
        key = _last_key(path)
        lines: list[_Fields] = []
        if key is None:
            key = secrets.token_bytes(32)
            lines.append({"key": key.hex()})
        _append(descriptor, [*lines, {"hash": hash_of(key, chat_id), "time": now.isoformat()}])


def note_redacted(path: Path, redacted: Mapping[str, Redaction]) -> None:
    """Write down that posts were redacted, by every name. Raises UnavailableError."""
    lines = [
        {"post": name, "time": one.redacted_at.isoformat(), "reason": one.reason}
        for name, one in redacted.items()
    ]
    with _translated(path), _opened(path) as descriptor:
        _append(descriptor, lines)


def add_all(source: Path, target: Path) -> None:
    """Add to the file ``target`` what ``source`` says and it does not. Raises UnavailableError."""
    with _translated(target):
        known = set(_entries(target))
        new = [entry for entry in _entries(source) if entry not in known]
        if not new:
            return
        lines: list[_Fields] = []
        present = _last_key(target)
        for key, fields in new:
            if key and bytes.fromhex(key) != present:
                present = bytes.fromhex(key)
                lines.append({"key": key})
            lines.append(dict(fields))
        with _opened(target) as descriptor:
            _append(descriptor, lines)


def read(paths: Iterable[Path]) -> Forgotten:
    """What such files say together; one that is not there says nothing. Raises OSError, and
    ValueError for a line that is not ours."""
    said = Forgotten()
    for key, pairs in (entry for path in paths for entry in _entries(path)):
        fields = dict(pairs)
        when = datetime.fromisoformat(fields["time"])
        if "post" in fields:
            redaction = Redaction(redacted_at=when, reason=fields.get("reason", ""))
            said.redacted.setdefault(fields["post"], redaction)
        else:
            known = said.chats.setdefault(bytes.fromhex(key), {})
            known[fields["hash"]] = max(when, known.get(fields["hash"], when))
    return said


def hash_of(key: bytes, chat_id: int) -> str:
    """What stands in the file for a chat."""
    return hmac.new(key, str(chat_id).encode(), hashlib.sha256).hexdigest()


_Entry: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A line that says something: the key that stood before it ("" for a post), and its fields."""


def _entries(path: Path) -> Iterator[_Entry]:
    key = ""
    for fields in _lines(path):
        if "key" in fields:
            key = fields["key"]
        elif "time" in fields and ("post" in fields or "hash" in fields):
            yield "" if "post" in fields else key, tuple(sorted(fields.items()))


def _last_key(path: Path) -> bytes | None:
    keys = [fields["key"] for fields in _lines(path) if "key" in fields]
    return bytes.fromhex(keys[-1]) if keys else None


def _lines(path: Path) -> Iterator[_Fields]:
    """Lines as they were written; one that a crash cut off says nothing."""
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        with contextlib.suppress(ValueError, RecursionError):
            fields = json.loads(line)
            if isinstance(fields, dict):
                yield fields


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise UnavailableError(
            f"cannot be written: {reason}", cause="disk", where=str(path), hint="make room"
        ) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _append(descriptor: int, lines: Iterable[_Fields]) -> None:
    # Begins a line of its own, whatever a crash left before it.
    text = "".join(f"\n{json.dumps(line)}\n" for line in lines).encode()
    if os.write(descriptor, text) < len(text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)
