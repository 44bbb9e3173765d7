"""Bytes as text: which encoding a file is in, and its text piece by piece.

UTF-8, UTF-16 and UTF-32 by their marks, UTF-16 without one by where its zero bytes stand, UTF-8 by
being valid, and Windows-1251 where the bytes above 0x7F read as Russian words. Anything else is
refused: a wrong guess would be stored for ever.
"""

import codecs
from collections.abc import Iterable, Iterator

from storage.errors import InputError

HEAD = 1 << 16
"""Bytes that decide about an encoding."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    *(b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3\0"),
    *(b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"OggS", b"ID3", b"MZ", b"RIFF"),
    *(b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
)
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_HIGH = bytes(range(0x80, 0x100))
_SMALL_1251 = bytes((*range(0xE0, 0x100), 0xB8))
_CAPITAL_1251 = bytes((*range(0xC0, 0xE0), 0xA8))
_REPLACED = "�"


def identify(head: bytes) -> str:
    """Python's name of the encoding that a file's first bytes are in.

    Raises InputError for what is no text, and for text in an encoding that cannot be told.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head.startswith(_BINARY):
        raise InputError("this is no text", hint="give text, HTML or JSON")
    wide = _wide(head)
    if wide:
        return wide
    if _count(head, _CONTROLS) > max(8, len(head) // 100):
        raise InputError("this is no text", hint="give text, HTML or JSON")
    return _narrow(head)


def decode(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The text of the chunks, a piece for each; what cannot be decoded comes as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def count_damage(text: str, raw: bytes, encoding: str) -> int:
    """How many characters of a text were undecodable, those that say so themselves not counted."""
    if _REPLACED not in text:
        return 0
    found = text.count(_REPLACED)
    width = "utf-16-le" if encoding.startswith("utf-16") else "utf-8"
    return max(0, found - raw.count(_REPLACED.encode(width)))


def _count(head: bytes, sought: bytes) -> int:
    """How many bytes of ``head`` are among those ``sought``."""
    return len(head) - len(head.translate(None, sought))


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes stand in every second place, or nearly never elsewhere."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    most = max(even, odd)
    if most < 2 or most * 20 < len(head) // 2 or min(even, odd) * 20 > most:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _narrow(head: bytes) -> str:
    high = _count(head, _HIGH)
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(head)
    damaged = text.count(_REPLACED) - head.count(_REPLACED.encode())
    # Words of Windows-1251 hold next to nothing that is valid UTF-8.
    valid = len(text) - len(text.encode("ascii", "ignore")) - damaged
    if damaged <= 0 or damaged * 2 <= valid:
        return "utf-8"
    small, capital = _count(head, _SMALL_1251), _count(head, _CAPITAL_1251)
    if (small + capital) * 10 >= high * 8 and small > 2 * capital:
        return "cp1251"
    raise InputError(
        "the encoding is none that is known", hint="save it as UTF-8 (or UTF-16, Windows-1251)"
    )
