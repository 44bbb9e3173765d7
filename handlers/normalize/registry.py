"""The one door for files: which format a file is in, and the documents that it holds.

Readers of files are imported when such a file is met: a service that never meets one starts sooner.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from handlers.normalize.parsing import addresses, encoding, fields
from handlers.normalize.parsing.json_stream import Scanner
from handlers.normalize.post.reading import Items, Reading
from handlers.normalize.telethon import json_lines
from handlers.normalize.tme import html_page
from storage.document import SOURCE_TYPES, SourceType
from storage.errors import InputError, UsageError
from storage.structs import replace

HEAD = encoding.HEAD
"""How many bytes from the start of a file ``detect`` wants to see."""

LARGEST_PAGE = 8 << 20
LARGEST_TEXT = 2 << 20
"""Bytes of a page of HTML and of a text, which are held whole; what is JSON is read in pieces."""

_CHUNK = 1 << 20

_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[\]{])")
# Names that the first of these patterns needs: to look for them is faster than the pattern.
_OF_TELETHON = ('"_"', '"peer_id"', '"is_forwarded"')
_TELETHON = re.compile(r'"_"\s*:\s*"Message|"peer_id"\s*:\s*\{|"is_forwarded"\s*:')
_DESKTOP = re.compile(
    r'"(?:date_unixtime|personal_information|left_chats|chats|text_entities|from_id)"\s*:'
    r'|"type"\s*:\s*"(?:message|service|saved_messages|replies|\w+_(?:chat|group|supergroup'
    r'|channel))"'
)
_DOCUMENT = re.compile(r'\s*(?:\[\s*)?\{\s*"schema"\s*:\s*"dateline/')
_LINE = re.compile(
    r'\s*\{.*"(?:message|text)"\s*:'
    # A dump for research: a list, one record a message.
    r'|\s*\[\s*\{(?s:(?=.*"(?:message_id|channel_id)"\s*:)(?=.*"(?:text|message)"\s*:))'
)
_PREVIEW = re.compile(r"<\s*\w+\s[^<>]*\bclass\s*=\s*[\"'][^\"'<>]*\btgme_")
_EXPORTED = re.compile(
    r"<div\s[^<>]*class\s*=\s*[\"'](?:page_wrap|page_body chat_page|message (?:default|service))\b"
)
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def detect(head: bytes, name: str) -> SourceType:
    """The format of a file, by its first bytes; its name decides nothing that they can.

    Raises InputError for what is no text, is in an unknown encoding, or is JSON or HTML of another
    kind.
    """
    return _detect("".join(encoding.decode([head], encoding.identify(head))), name)


def read(
    stream: BinaryIO,
    *,
    name: str,
    format: str | None = None,
    channel: str | None = None,
    all_chats: bool = False,
) -> Items:
    """The documents of an open file, and a Problem or a Skipped where there is none to give.

    Reads ``stream`` once, front to back; ``name`` is the file's base name. ``format`` (else it is
    detected) is one of SOURCE_TYPES; ``channel`` says where the posts stood, for files that do not;
    ``all_chats`` takes the private chats and groups of an export too. Raises UsageError for a
    format or channel that is none, InputError for a file that cannot be read at all.
    """
    if format is not None and format not in SOURCE_TYPES:
        raise UsageError(
            f"{format!r} is no format",
            where="--format",
            hint=f"choose of {', '.join(SOURCE_TYPES)}",
        )
    given = addresses.channel_named(channel) if channel is not None else None
    reading = Reading(file=name, channel=given, all_chats=all_chats)
    head = stream.read(HEAD)
    if not head.strip():
        return
    try:
        source = _Source(name, stream, head, encoding.identify(head))
        known = format or detect(head, name)
    except InputError as error:
        raise InputError(error.what, where=name, hint=error.hint) from None
    reading = replace(reading, format=known)
    yield from _READERS[known](source, reading)
    yield from source.report(reading)


@dataclass(slots=True)
class _Source:
    """The bytes of a file as text, in pieces or whole; what was damaged is remembered."""

    name: str
    stream: BinaryIO
    head: bytes
    encoding: str
    damaged: int = 0
    taken: int = 0
    hash: "hashlib._Hash | None" = None

    def pieces(self) -> Iterator[str]:
        """The text, some megabyte at a time."""
        last = b""

        def chunks() -> Iterator[bytes]:
            nonlocal last
            last = self.head
            while last:
                if self.hash is not None:
                    self.hash.update(last)
                self.taken += len(last)
                yield last
                last = self.stream.read(_CHUNK)

        for piece in encoding.decode(chunks(), self.encoding):
            self.damaged += encoding.count_damage(piece, last, self.encoding)
            yield piece

    def text(self, largest: int = LARGEST_PAGE) -> str:
        """The whole text. Raises InputError where it has more than ``largest`` bytes."""
        pieces = []
        for piece in self.pieces():
            pieces.append(piece)
            if self.taken > largest:
                raise InputError(
                    f"it holds more than {largest >> 20} MB, which no article or page does",
                    where=self.name,
                    hint="cut it in pieces, or export the chat as JSON",
                )
        return "".join(pieces)

    def text_and_hash(self, largest: int = LARGEST_PAGE) -> tuple[str, str]:
        """The whole text, and the first 16 hex digits of the SHA-256 of its bytes."""
        self.hash = hashlib.sha256()
        return self.text(largest), self.hash.hexdigest()[:16]

    def report(self, reading: Reading) -> Items:
        """A Problem if bytes could not be decoded."""
        if self.damaged:
            yield reading.problem(
                "",
                f"{self.damaged} characters are not valid {self.encoding}: they read as U+FFFD",
                "save the file again, as UTF-8",
            )


def _detect(head: str, name: str) -> SourceType:
    if _JSON.match(head.lstrip("\ufeff")):
        return _detect_json(head, name)
    if _PREVIEW.search(head):
        return "tme_html"
    if _EXPORTED.search(head):
        return "desktop_html"
    if _HTML.match(head.lstrip("\ufeff")):
        raise InputError(
            "this is HTML, but no export and no page of t.me", where=name, hint="name it: --format"
        )
    return "text"


def _detect_json(head: str, name: str) -> SourceType:
    if _DOCUMENT.match(head.lstrip("\ufeff")):
        raise InputError(
            "these are documents that Dateline made, and no messages",
            where=name,
            hint="`dateline render` turns them into text; `dateline backup` copies an archive",
        )
    if any(name in head for name in _OF_TELETHON) and _TELETHON.search(head):
        return "telethon"
    if _DESKTOP.search(head):
        return "desktop_json"
    if _LINE.match(head):
        return "telethon"
    raise InputError(
        "this is JSON, but no export and no messages", where=name, hint="name it: --format"
    )


def _read_telethon(source: _Source, reading: Reading) -> Items:
    return json_lines.read(Scanner(source.pieces()), reading)


def _read_desktop_json(source: _Source, reading: Reading) -> Items:
    from handlers.normalize.desktop import json_export

    return json_export.read(Scanner(source.pieces()), reading)


def _read_tme_html(source: _Source, reading: Reading) -> Items:
    return html_page.read(source.text(), reading)


def _read_desktop_html(source: _Source, reading: Reading) -> Items:
    from handlers.normalize.desktop import html_export

    page, file_hash = source.text_and_hash()
    return html_export.read(page, reading, file_hash)


def _read_text(source: _Source, reading: Reading) -> Items:
    from handlers.normalize import text

    whole, file_hash = source.text_and_hash(LARGEST_TEXT)
    clean = fields.clean(whole)
    yield from text.read_text(clean, file=reading.file, file_hash=file_hash)
    if clean != whole:
        line = whole.count("\n", 0, next(n for n, c in enumerate(whole) if c != clean[n])) + 1
        yield reading.problem(
            f"line {line}", "NUL characters: they read as U+FFFD", "take them out of the file"
        )


_READERS: dict[str, Callable[[_Source, Reading], Items]] = {
    "telethon": _read_telethon,
    "desktop_json": _read_desktop_json,
    "desktop_html": _read_desktop_html,
    "tme_html": _read_tme_html,
    "text": _read_text,
}
