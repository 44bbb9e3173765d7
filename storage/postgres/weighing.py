"""How well documents answer: BM25 as SQLite's FTS5 reckons it, so that both engines agree.

See sqlite.org/fts5.html, "The bm25() function". A word in the title counts threefold.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from storage.connection import Connection, Row
from storage.postgres.asking import Phrase
from storage.postgres.lexemes import FORM, TITLE, lexeme

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # of what a phrase that most documents hold is worth
_WEIGHTS = {TITLE: 3.0}

Places = Mapping[str, Sequence[int]]

_TOTAL = "SELECT count(*) AS documents, coalesce(sum(size), 0) AS size FROM document_index"
_HOLDING = "SELECT count(*) AS n FROM document_index WHERE terms @@ CAST(? AS tsquery)"
_SIZES = "SELECT id, size FROM document_index WHERE id = ANY(?)"
_PLACES = """
    SELECT i.id, held.lexeme, held.positions FROM document_index AS i, unnest(i.terms) AS held
    WHERE i.id = ANY(?) AND (held.lexeme = ANY(?) OR held.lexeme LIKE ANY(?))
"""


async def weigh(
    conn: Connection, phrases: Sequence[Phrase], ids: Sequence[int]
) -> dict[int, float]:
    """How well each document answers, as FTS5 says it: less is better."""
    if not ids:
        return {}
    total = await conn.fetch_one(_TOTAL)
    documents, size = (total["documents"], total["size"]) if total else (0, 0)
    worth = [await _worth(conn, phrase, documents) for phrase in phrases]
    held = await _fetch_places(conn, phrases, ids)
    sizes = {row["id"]: row["size"] for row in await conn.fetch_all(_SIZES, (ids,))}
    mean = size / documents if documents else 1.0
    return {id: -_score(phrases, worth, held[id], sizes[id] / mean) for id in ids}


async def _worth(conn: Connection, phrase: Phrase, documents: int) -> float:
    row = await conn.fetch_one(_HOLDING, (str(phrase),))
    holding = row["n"] if row else 0
    worth = math.log((documents - holding + 0.5) / (holding + 0.5))
    return worth if worth > 0 else _LEAST


async def _fetch_places(
    conn: Connection, phrases: Sequence[Phrase], ids: Sequence[int]
) -> Mapping[int, Places]:
    """Where in each document the words of the phrases stand, by lexeme."""
    whole, beginnings = set[str](), set[str]()
    for phrase in phrases:
        held = {
            lexeme(column, word)
            for column in phrase.columns
            for word in (*phrase.words, *phrase.beside)
        }
        (beginnings if phrase.begins else whole).update(held)
    likes = [_escaped(one) for one in sorted(beginnings)]
    rows: Sequence[Row] = await conn.fetch_all(_PLACES, (ids, sorted(whole), likes))
    places: defaultdict[int, dict[str, Sequence[int]]] = defaultdict(dict)
    for row in rows:
        places[row["id"]][row["lexeme"]] = row["positions"] or (0,)
    return places


def _escaped(beginning: str) -> str:
    """A pattern of LIKE for what begins so."""
    for sign in "\\%_":
        beginning = beginning.replace(sign, f"\\{sign}")
    return f"{beginning}%"


def _score(phrases: Sequence[Phrase], worth: Sequence[float], held: Places, length: float) -> float:
    """BM25. ``length``: of the document, in lengths of the mean one."""
    against = _K1 * (1 - _B + _B * length)
    counts = [_count(phrase, held) for phrase in phrases]
    parts = [w * n * (_K1 + 1) / (n + against) for w, n in zip(worth, counts, strict=True)]
    return sum(parts)


def _count(phrase: Phrase, held: Places) -> float:
    """How often a document holds a phrase, each time with what its column counts."""
    return sum(
        _WEIGHTS.get(column, 1.0) * _times(phrase, column, held) for column in phrase.columns
    )


def _times(phrase: Phrase, column: str, held: Places) -> int:
    if phrase.begins:
        start = lexeme(column, phrase.words[0])
        return sum(one.startswith(start) for one in held)
    if column == FORM:
        return len(held.get(lexeme(column, phrase.words[0]), ()))
    found = _starts(phrase.words, column, held)
    if not phrase.beside:
        return len(found)
    others = _starts(phrase.beside, column, held)
    before, after = phrase.distance + len(phrase.beside), phrase.distance + len(phrase.words)
    return sum(any(at - before <= one <= at + after for one in others) for at in found)


def _starts(words: Sequence[str], column: str, held: Places) -> set[int]:
    """Where words in a row begin in a column."""
    found, *rest = [{*held.get(lexeme(column, word), ())} for word in words]
    for ahead, places in enumerate(rest, 1):
        found = {place for place in found if place + ahead in places}
    return found
