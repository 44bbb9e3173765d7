"""Documents and words as lexemes: what a tsvector holds, and how it is written.

A lexeme is a term, a form or a mark, prefixed with the letter of its column, so that columns do not
collide. A document that is too big for a tsvector gets the lexeme ``BEYOND``: every query finds it,
and it is matched by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

from storage.query.words.analysis import Analysed

BODY, TITLE, MARK, FORM, ATTACHED = "btmfa"

STRETCHES = (17, 21, 25, 29)
"""Bits of the stretches of row ids that a document is in: of 9 minutes, 2 hours, 36 hours and 24
days (see ``stretches`` in the schema). Their lexemes begin with ``w``."""

BEYOND = "x"
"""The one lexeme of a document that a tsvector can't hold: of it nobody knows what it matches."""

LAST_PLACE = 16_383
MOST_PLACES = 256
MOST_BYTES = 1_000_000  # of 1,048,575; the rest is for headers and padding
LONGEST = 400
"""Characters of a lexeme, which may have 2,046 bytes: of a longer one stands its beginning and what
tells it from others."""

_LETTER_BYTES = 8  # a lexeme's overhead: column letter, offset, number of positions


def lexeme(column: str, text: str) -> str:
    """The lexeme of a term, form or mark in a column."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}{sha256(text.encode('utf-8', 'replace')).hexdigest()}"
    return f"{column}{text}"


def quoted(held: str) -> str:
    """A lexeme quoted for the text form of a tsvector or tsquery."""
    escaped = held.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def write_vector(id: int, analysed: Analysed) -> tuple[int, bool, str]:
    """A document's size (words and marks of all columns), whether that is more than a tsvector can
    hold, and its tsvector as text. ``id`` is the row's."""
    title, body, attached = analysed.columns
    forms = dict.fromkeys((*title.forms, *body.forms, *attached.forms))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for column, terms in ((TITLE, title.terms), (BODY, body.terms), (ATTACHED, attached.terms)):
        for place, term in enumerate(terms, 1):
            places[lexeme(column, term)].append(place)
    alone = [lexeme(FORM, form) for form in forms]
    alone += [lexeme(MARK, mark) for mark in analysed.marks]
    size = sum(map(len, places.values())) + len(alone)
    stretches = [f"'w{bits}.{id >> bits}'" for bits in STRETCHES]
    if _is_beyond(places.values()) or _weigh(places, alone) > MOST_BYTES:
        return size, True, " ".join([quoted(BEYOND), *stretches])
    written = [f"{quoted(held)}:{','.join(map(str, at))}" for held, at in places.items()]
    return size, False, " ".join([*written, *map(quoted, alone), *stretches])


def _is_beyond(places: Iterable[list[int]]) -> bool:
    return any(len(at) > MOST_PLACES or at[-1] > LAST_PLACE for at in places)


def _weigh(places: dict[str, list[int]], alone: list[str]) -> int:
    """An upper bound for the bytes of a tsvector."""
    held = [*places, *alone]
    text = sum(len(one.encode("utf-8", "replace")) for one in held)
    return text + _LETTER_BYTES * len(held) + 2 * sum(map(len, places.values()))
