"""The canonical form of a document's version, and the hash that its entry in the chain holds. Pure.

The form is the document's JSON (``dateline/1``) without ``views``, ``forwards`` and ``reactions``,
which count on by themselves: the names of each object in ascending order, no white space, UTF-8,
characters as they are but ``"``, ``\\`` and those below U+0020, whole numbers in decimal, a
duration with a fraction in the fewest digits that give it back. For what documents hold this is
RFC 8785 but for durations: a whole number of seconds that was given with a fraction keeps ``.0``.
"""

import json
from hashlib import sha256

from storage.document import COUNTERS, Document, to_uncounted_text
from storage.document_json import storable

DIGEST_BYTES = 32

_write = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def canonical(document: Document) -> bytes:
    """The canonical form of a document."""
    return _encoded(to_uncounted_text(document))


def canonical_of(text: str) -> bytes:
    """The canonical form of a document's JSON, as a row or a file has it. Raises ValueError if it
    is no document."""
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("it is no document")
    return _encoded(_write({name: told[name] for name in told if name not in COUNTERS}))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return storable(text).encode()


def stored_form(text: str) -> bytes:
    """The canonical form of a document's JSON, or the text itself if it is not valid."""
    try:
        return canonical_of(text)
    except (ValueError, RecursionError):
        return text.encode()


def digest(form: bytes) -> bytes:
    """The SHA-256 of a canonical form."""
    return sha256(form).digest()
