"""``dateline normalize`` and ``dateline render``: files to documents and back, without a
database."""

import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.commands.reading import source_files
from handlers.render.documents import canonical, json_lines, replay
from storage.document import Document
from storage.documents.authors import Authors
from storage.errors import UsageError


def normalize(
    paths: Sequence[Path], *, format: str | None, channel: str | None, as_text: bool
) -> int:
    """Print the documents of the files, one JSON object per line, or as canonical text.

    Authors of posts in groups are kept as by default: no persons. Returns the exit status: 1 if
    some of it could not be read, 2 if nothing could.
    """
    tally = source_files.Tally()
    found = source_files.read(paths, tally, format=format, channel=channel, all_chats=True)
    for number, document in enumerate(map(Authors().kept, found)):
        if as_text:
            sys.stdout.write("\n\n" if number else "")
            sys.stdout.write(canonical.canonical(document))
        else:
            sys.stdout.write(json_lines.dump(document) + "\n")
    return tally.status


def render(file: str, *, as_read: bool) -> int:
    """Print the text of the documents in ``file`` (``-``: stdin; one per line).

    ``as_read``: byte for byte as the documents were read; else canonical text.
    """
    out = sys.stdout.buffer
    with _open_lines(file) as lines:
        documents = json_lines.load(lines, where="stdin" if file == "-" else file)
        if as_read:
            for _, of_one_file in itertools.groupby(documents, key=_file_of):
                out.write(replay.replay(list(of_one_file)).encode())
        else:
            for number, document in enumerate(documents):
                out.write(b"\n\n" if number else b"")
                out.write(canonical.canonical(document).encode())
    return 0


def _file_of(document: Document) -> str:
    """What identifies the file that a text document came from: its hash, the beginning of
    ``doc_id``."""
    return document.doc_id.partition("#")[0]


@contextmanager
def _open_lines(file: str) -> Iterator[TextIO]:
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", where=file, hint="check the path"
        ) from None
