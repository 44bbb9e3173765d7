"""Documents as one file: canonical text, JSON Lines or CSV, as bytes in UTF-8."""

import csv
import io
from collections.abc import Sequence
from typing import Literal, get_args

from handlers.render.documents import json_lines, rows
from storage.document import Document

Format = Literal["txt", "jsonl", "csv"]

FORMATS: tuple[Format, ...] = get_args(Format)
MIMES: dict[Format, str] = {
    "txt": "text/plain",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
}


def opening(format: Format) -> bytes:
    """The beginning of a file: for tables a byte order mark, by which spreadsheets recognize UTF-8,
    and the names of the columns."""
    return b"\xef\xbb\xbf" + _table([rows.HEADER]) if format == "csv" else b""


def pieces(documents: Sequence[Document], format: Format) -> list[bytes]:
    """The part of a file for each document; parts are concatenated."""
    if format == "csv":
        return [_table([rows.row(document)]) for document in documents]
    if format == "jsonl":
        return [_encoded(json_lines.dump(document) + "\n") for document in documents]
    # It reads what it has written, with all that texts are read by: a service may never need that.
    from handlers.render.documents import canonical

    return [_encoded(canonical.canonical(document) + "\n\n") for document in documents]


def _table(cells: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(cells)
    return _encoded(out.getvalue())


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
