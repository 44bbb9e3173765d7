"""Which files a list of paths means: named ones, and those in named folders.

A folder may have been made by anybody: no link in it leads out of it, and what would be opened and
never end (a FIFO, a device) is left out.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".html", ".htm", ".txt"})
"""What a folder is searched for; a file that is named is read whatever it is called."""

_KINDS = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class SourcePath(Struct, frozen=True):
    """A file; ``kind`` is what it is instead, where it is none to be read."""

    path: Path
    kind: str = ""


def list_paths(paths: Sequence[Path]) -> list[SourcePath]:
    """The files, in the order given; a folder's own sorted, and those of its folders."""
    found: list[SourcePath] = []
    for path in paths:
        if path.is_dir():
            found += sorted(_in_folder(path), key=lambda one: one.path)
        else:
            found.append(SourcePath(path, _kind(path)))
    return found


def open_file(path: Path) -> BinaryIO | None:
    """The file opened for reading, or None where by now it is none. Raises OSError."""
    # A FIFO that nobody writes into would be waited for.
    raw = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(raw).st_mode):
        return os.fdopen(raw, "rb")
    os.close(raw)
    return None


def _in_folder(folder: Path) -> Iterator[SourcePath]:
    root = folder.resolve()
    for parent, folders, files in os.walk(folder):
        for name in folders:
            path = Path(parent, name)
            if path.is_symlink() and _leads_out(path, root):
                yield SourcePath(path, "a link out of the folder")
        for name in files:
            path = Path(parent, name)
            if path.suffix.lower() not in SUFFIXES:
                continue
            if path.is_symlink() and _leads_out(path, root):
                yield SourcePath(path, "a link out of the folder")
            else:
                yield SourcePath(path, _kind(path))


def _leads_out(link: Path, root: Path) -> bool:
    try:
        return not link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # it leads nowhere, or round in a circle
        return True


def _kind(path: Path) -> str:
    """What a path is that is no file; empty also where that shows when it is opened."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "")
