"""The key with which this instance signs its evidence: made when it is first needed."""

import os
from pathlib import Path

from bot.commands.evidence import ed25519
from storage.errors import InputError, StorageError

NAME = "evidence.key"


def open_key(data_dir: Path) -> bytes:
    """The private key in the folder of data, which only its owner can read.

    Raises InputError where the file is no key, StorageError where it cannot be read or made.
    """
    path = data_dir / NAME
    try:
        if not path.exists():
            _make(path)
        seed = ed25519.read_private(path.read_text("ascii", "replace"))
    except OSError as error:
        raise StorageError(f"cannot be read or made: {error.strerror}", where=str(path)) from None
    if seed is None:
        raise InputError(
            "is no private key of Ed25519",
            where=str(path),
            hint="put the right one back, or take it away: the next evidence has another key then",
        )
    return seed


def _make(path: Path) -> None:
    """A key that exists already is kept."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(ed25519.write_private(ed25519.new_seed()))
            out.flush()
            os.fsync(out.fileno())
        if not path.exists():
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
