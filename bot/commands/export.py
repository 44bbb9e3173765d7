"""``dateline export``: writes documents from the archive as text files, JSON Lines or CSV."""

import asyncio
import csv
import os
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.commands import archive
from bot.process import terminal
from bot.settings import Settings
from handlers.render.documents import canonical, json_lines, rows
from storage.document import Document
from storage.documents import search
from storage.errors import DatelineError, UsageError
from storage.query.reading import syntax


def run(settings: Settings, query: str | None, *, format: str, output: str) -> int:
    """Write what the query finds, newest first; without a query everything.

    ``output``: a folder for ``txt``, else a file, or ``-`` for stdout. A file appears whole or not
    at all; devices, FIFOs and links are written to directly.
    """
    if format == "txt" and output == "-":
        raise UsageError("a folder is needed for txt", where="-o", hint="name a folder")
    if not output:
        raise UsageError("there is no path", where="-o", hint="name a folder or a file")
    if output == "-" and sys.__stdout__ is None:
        raise UsageError("standard output is closed", where="-o", hint="name a file")
    try:
        if format == "txt":
            Path(output).mkdir(parents=True, exist_ok=True)
        count = asyncio.run(_export(settings, query, format, output))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DatelineError(
            f"cannot be written: {error.strerror}", where=output, hint="name another place"
        ) from None
    terminal.say(f"dateline: {_told(count, query, output)}")
    return 0


def _told(count: int, query: str | None, output: str) -> str:
    """The result in a line for people."""
    if count:
        where = "" if output == "-" else f" to {terminal.one_line(output)}"
        return f"exported {count} document{'' if count == 1 else 's'}{where}"
    if query and query.strip():
        return f"nothing to export: nothing found for {terminal.one_line(query)}"
    return "nothing to export: no document is stored"


async def _export(settings: Settings, query: str | None, format: str, output: str) -> int:
    now, zone = datetime.now(UTC), ZoneInfo(settings.timezone)
    tree = syntax.parse(query, now=now, zone=zone) if query and query.strip() else None
    async with archive.opened(settings) as database, database.reader() as reader:
        found = search.iterate(reader, tree)
        if format == "txt":
            return await _write_texts(found, Path(output))
        if output == "-":
            return await _write(found, format, sys.stdout)
        with _appearing(Path(output)) as file:
            return await _write(found, format, file)


async def _write_texts(found: AsyncIterator[Document], folder: Path) -> int:
    """Write each document to a file named by a running number and its hash; returns how many."""
    number = 0
    async for document in found:
        path = folder / f"{number:03}_{document.content_hash}.txt"
        path.write_bytes(canonical.canonical(document).encode(errors="replace"))
        number += 1
    return number


async def _write(found: AsyncIterator[Document], format: str, out: TextIO) -> int:
    """Write a line for each document; returns how many."""
    count = 0
    if format == "jsonl":
        async for document in found:
            out.write(json_lines.dump(document) + "\n")
            count += 1
        return count
    table = csv.writer(out)
    table.writerow(rows.HEADER)
    async for document in found:
        table.writerow(rows.row(document))
        count += 1
    return count


@contextmanager
def _appearing(path: Path) -> Iterator[TextIO]:
    """A file that replaces ``path`` at the end; after a failure nothing is left behind.

    A device, a FIFO or a link is written to directly and never replaced.
    """
    if not _is_own_file(path):
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _is_own_file(path: Path) -> bool:
    """Whether it is a regular file with one name only, or does not exist yet."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1
