"""Documents as the text that a database row, or a line of JSON Lines, holds. Pure."""

import json
import re

from storage.document import COUNTERS, Document, from_json, to_json

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
NUL = "\x00"
_UNSTORABLE = re.compile(f"[{NUL}\ud800-\udfff]")


def dump(document: Document) -> str:
    """Compact JSON, UTF-8 characters as they are."""
    return _write(to_json(document))


def with_counters(uncounted: str, document: Document) -> str:
    """What ``to_uncounted_text`` gives, with the counters of the document behind it."""
    counts = ((name, getattr(document, name)) for name in COUNTERS)
    members = [f'"{name}":{count}' for name, count in counts if count is not None]
    return f"{uncounted[:-1]},{','.join(members)}}}" if members else uncounted


def parse(text: str) -> Document:
    """The document that ``dump`` wrote. Raises DocumentError."""
    return from_json(json.loads(text))


def read_texts(text: str) -> str:
    """Title, deck and body of what ``dump`` wrote, without the trouble of making the record."""
    value = json.loads(text)
    head = [part for part in (value.get("title"), value.get("deck")) if part is not None]
    return "\n".join(head + [block["text"] for block in value["body"]])


def is_storable(text: str) -> bool:
    """Whether both engines can hold the text: lone surrogates are no UTF-8, and PostgreSQL's texts
    hold no NUL."""
    if NUL in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str) -> str:
    """The text with U+FFFD for lone surrogates and NUL."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)
