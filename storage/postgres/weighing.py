"""How well documents answer: BM25 as SQLite's FTS5 reckons it, so that both engines agree.

See sqlite.org/fts5.html, "The bm25() function". A word in the title counts threefold.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from storage.connection import Connection
from storage.postgres.asking import Phrase
from storage.postgres.lexemes import FORM, TITLE, lexeme, quoted

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # of what a phrase that most documents hold is worth
_WEIGHTS = {TITLE: 3.0}

Places = Mapping[str, Sequence[int]]

FEW = 5_000
"""Documents that are counted; how many more than that hold something is reckoned by a sample."""
SAMPLE = 10_000
"""The newest documents that tell of all."""

_TOTAL = "SELECT documents, size FROM document_index_total"
_HOLDING = "SELECT held FROM count_indexed(?, ?, ?)"
# Weight A is given to what is asked for, and all else left out: only that is unpacked.
_PLACES = """
    SELECT i.id, held.lexeme, held.positions FROM document_index AS i,
        unnest(ts_filter(setweight(i.terms, 'A', CAST(? AS TEXT[])), '{a}')) AS held
    WHERE i.id = ANY(?)
"""
_FORMS = """
    SELECT i.id, asked.n FROM document_index AS i,
        unnest(CAST(? AS TEXT[])) WITH ORDINALITY AS asked (query, n)
    WHERE i.id = ANY(?) AND i.terms @@ CAST(asked.query AS TSQUERY)
"""
_BEGUN = """
    SELECT i.id, held AS lexeme FROM document_index AS i, unnest(tsvector_to_array(i.terms)) AS held
    WHERE held LIKE ANY(?) AND i.id = ANY(?)
"""


async def weigh(
    conn: Connection, phrases: Sequence[Phrase], sizes: Mapping[int, int]
) -> dict[int, float]:
    """How well each document answers, as FTS5 says it: less is better. ``sizes`` are theirs."""
    if not sizes:
        return {}
    total = await conn.fetch_one(_TOTAL)
    documents, size = (total["documents"], total["size"]) if total else (0, 0)
    asked = [str(phrase) for phrase in phrases]
    holding = await conn.fetch_all(_HOLDING, (asked, FEW, SAMPLE))
    worth = [_worth(documents, row["held"]) for row in holding]
    held = await _fetch_places(conn, phrases, [*sizes])
    mean = size / documents if documents else 1.0
    return {id: -_score(phrases, worth, held[id], sizes[id] / mean) for id in sizes}


def _worth(documents: int, holding: int) -> float:
    share = (documents - holding + 0.5) / (holding + 0.5)
    return max(_LEAST, math.log(share)) if share > 0 else _LEAST


async def _fetch_places(
    conn: Connection, phrases: Sequence[Phrase], ids: Sequence[int]
) -> Mapping[int, Places]:
    """Where in each document the words of the phrases stand, by lexeme."""
    words, forms, beginnings = set[str](), set[str](), set[str]()
    for phrase in phrases:
        for column in phrase.columns:
            held = {lexeme(column, word) for word in (*phrase.words, *phrase.beside)}
            (beginnings if phrase.begins else forms if column == FORM else words).update(held)
    places: defaultdict[int, dict[str, Sequence[int]]] = defaultdict(dict)
    if words:
        for row in await conn.fetch_all(_PLACES, (sorted(words), ids)):
            places[row["id"]][row["lexeme"]] = row["positions"]
    if forms:  # they stand at no place
        listed = sorted(forms)
        for row in await conn.fetch_all(_FORMS, ([quoted(one) for one in listed], ids)):
            places[row["id"]][listed[row["n"] - 1]] = (0,)
    if beginnings:
        likes = [_escaped(one) for one in sorted(beginnings)]
        for row in await conn.fetch_all(_BEGUN, (likes, ids)):
            places[row["id"]].setdefault(row["lexeme"], (0,))
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
