"""Documents as the text that a database row, or a line of JSON Lines, holds. Pure."""

import json
import re

from storage.document import Document, from_json, to_json

_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(document: Document) -> str:
    """Compact JSON, UTF-8 characters as they are."""
    return json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":"))


def parse(text: str) -> Document:
    """The document that ``dump`` wrote. Raises DocumentError."""
    return from_json(json.loads(text))


def storable(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which UTF-8 cannot hold."""
    return _SURROGATE.sub("\ufffd", text)
