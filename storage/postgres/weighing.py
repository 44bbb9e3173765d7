"""Relevance: BM25 computed as SQLite's FTS5 does, so that both engines rank alike.

See sqlite.org/fts5.html, "The bm25() function". A match in the title counts threefold.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from storage.connection import Connection, Row
from storage.document_json import storable
from storage.postgres.asking import ask_for
from storage.postgres.lexemes import TITLE, lexeme
from storage.postgres.words import Count, Group, Phrase, Sought
from storage.structs import replace

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # the IDF of a phrase that most documents hold, as in FTS5
_WEIGHTS = {TITLE: 3.0}

FEW = 5_000
"""Document frequencies up to this are exact; greater ones are estimated from a sample."""
SAMPLE = 10_000
"""The size of that sample: the newest documents."""
LOOKED_AT = 2_000
"""For a phrase's document frequency, its positions are checked in at most this many candidates."""

_HIGHEST = (1 << 63) - 1
_HOLDING = """
    SELECT t.documents, t.size, ARRAY(SELECT c.held FROM count_indexed(?, ?, ?) AS c) AS holding
    FROM document_index_total AS t
"""
_TOGETHER = """
    SELECT f.id, (
        SELECT w.words FROM document_index_signs AS g JOIN document_index_words AS w ON w.id = g.id
        WHERE g.id = f.id AND g.signs ~ ?
    ) AS words
    FROM find_indexed(CAST(? AS TSQUERY), 0, ?, ?, ?, ?, NULL, NULL, NULL) AS f
"""
_RECKONED = """
    SELECT t.documents, t.size, CASE WHEN t.documents > a.few
        THEN ARRAY[reckon_rows('document_index WHERE terms @@ %L', a.asked)]
        ELSE ARRAY(SELECT CAST(c.held AS FLOAT) FROM count_indexed(ARRAY[a.asked], a.few, 1) AS c)
    END AS holding
    FROM document_index_total AS t,
        (SELECT CAST(? AS TEXT) AS asked, CAST(? AS BIGINT) AS few) AS a
"""
_SINCE = "SELECT count(*) AS documents FROM document_index WHERE id >= ?"
_BEGUN = """
    SELECT id, CAST('\\x000000' AS BYTEA) || substr(tsvectorsend(strip(terms)), 5) AS lexemes
    FROM document_index WHERE id = ANY(?)
"""
_BEFORE = b"\0\0\0"
"""What precedes each lexeme there: the previous one's end (NUL), and a position count of zero."""


class Scoring(Struct, frozen=True):
    """What documents are scored for. ``sought`` counts the phrases in a document. ``stretch``:
    among how many of the newest documents candidates are looked for first, and the factor by which
    that grows."""

    phrases: Sequence[Phrase]
    sought: Sought
    stretch: tuple[int, int]


async def weigh(
    conn: Connection,
    asking: Scoring,
    found: Sequence[Row],
    known: Mapping[int, Sequence[Count]],
    *,
    is_all: bool = False,
) -> list[float]:
    """The BM25 score of each of the documents found; as in FTS5, lower is better.

    Each row has the document's size in words and its words, unless it is ``known`` already
    how often each phrase is in it. ``is_all``: the rows are all documents that hold any of the
    phrases, so that document frequencies can be counted in them.
    """
    if not found:
        return []
    counts = await _count_each(conn, asking, found, known)
    numbers = sorted(counts)
    counted = await _count_holding(conn, asking, [] if is_all else numbers)
    holding = [float(len(counts[n])) for n in numbers] if is_all else counted.holding
    mean = counted.size / counted.documents if counted.documents else 1.0
    against = [_K1 * (1 - _B + _B * row["size"] / mean) for row in found]
    scores = [0.0] * len(found)
    for number, held in zip(numbers, holding, strict=True):  # sorted: equal sums
        worth = counted.worth(held) * (_K1 + 1)
        for one, times in counts[number].items():
            scores[one] -= worth * times / (times + against[one])
    return scores


class _Counted(Struct, frozen=True):
    """The number of documents, their total size in words, and each phrase's document frequency."""

    documents: int
    size: int
    holding: list[float]

    def worth(self, holding: float) -> float:
        """The inverse document frequency (IDF) of a phrase with this document frequency."""
        share = (self.documents - holding + 0.5) / (holding + 0.5)
        return max(_LEAST, math.log(share)) if share > 0 else _LEAST


async def _count_each(
    conn: Connection, asking: Scoring, found: Sequence[Row], known: Mapping[int, Sequence[Count]]
) -> Mapping[int, Mapping[int, float]]:
    """Term frequencies: by phrase and document, each occurrence weighted by its column."""
    counts: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for number, column, times in _list_counts(asking.sought, found, known):
        held, weight = counts[number], _WEIGHTS.get(column, 1.0)
        for one, often in times.items():
            held[one] = held.get(one, 0.0) + weight * often
    await _add_begun(conn, asking.phrases, found, counts)
    return counts


def _list_counts(
    sought: Sought, found: Sequence[Row], known: Mapping[int, Sequence[Count]]
) -> Iterator[tuple[int, str, Mapping[int, int]]]:
    if not known:
        yield from sought.count_in_each([row["words"] or b"" for row in found])
        return
    often: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for one, row in enumerate(found):
        counts = known.get(row["id"]) or sought.count(sought.find(row["words"] or b""))
        for number, column, times in counts:
            often[number, column][one] = times
    for (number, column), held in often.items():
        yield number, column, held


async def _count_holding(conn: Connection, asking: Scoring, numbers: Sequence[int]) -> _Counted:
    """The document frequencies of the phrases with these numbers, ignoring NEAR."""
    alone = [replace(phrase, beside=(), distance=0) for phrase in asking.phrases]
    asked = [alone[n] for n in numbers]
    single = [*{phrase: None for phrase in asked if len(phrase.words) == 1}]
    rows = [*{phrase: None for phrase in asked if len(phrase.words) > 1}]
    # The sample is drawn for all phrases, so that each page, and what is spilled, has equal scores.
    among = [*{phrase: None for phrase in alone if len(phrase.words) > 1}]
    told = await _count_single(conn, single, is_one=len({*alone}) == 1)
    if told is None:
        return _Counted(0, 0, [0.0 for _ in numbers])
    counted = {one: float(held) for one, held in zip(single, told["holding"], strict=True)}
    counted |= await _count_rows(conn, rows, among, told["documents"], asking.stretch)
    return _Counted(told["documents"], told["size"], [counted[phrase] for phrase in asked])


async def _count_single(conn: Connection, single: Sequence[Phrase], *, is_one: bool) -> Row | None:
    """The document frequencies of single words, and the number of documents. ``is_one``: the query
    is one word, so its IDF scales all scores alike, and in a large archive the planner's estimate
    is enough."""
    asked = [ask_for(one) for one in single]
    if asked and is_one:
        return await conn.fetch_one(_RECKONED, (asked[0], FEW))
    return await conn.fetch_one(_HOLDING, (asked, FEW, SAMPLE))


async def _count_rows(
    conn: Connection,
    rows: Sequence[Phrase],
    among: Sequence[Phrase],
    documents: int,
    stretch: tuple[int, int],
) -> dict[Phrase, float]:
    if not rows:
        return {}
    together = " | ".join(ask_for(one, in_row=False) for one in among)
    pattern = "|".join(filter(None, (Group((one,), ((one,),)).pattern for one in among)))
    asked = (pattern, together, _HIGHEST, LOOKED_AT, *stretch)
    looked_at = await conn.fetch_all(_TOGETHER, asked)
    share = await _share_of(conn, looked_at, documents)
    held = [row["words"] for row in looked_at if row["words"]]
    return {phrase: sum(map(phrase.is_held, held)) / share for phrase in rows}


async def _share_of(conn: Connection, looked_at: Sequence[Any], documents: int) -> float:
    """The share of all documents that the sample covers, by which its counts are scaled up; 1 when
    the sample was all there is."""
    if len(looked_at) < LOOKED_AT:
        return 1.0
    row = await conn.fetch_one(_SINCE, (looked_at[-1]["id"],))
    return min(1.0, row["documents"] / documents) if row and documents else 1.0


async def _add_begun(
    conn: Connection,
    phrases: Sequence[Phrase],
    found: Sequence[Row],
    counts: defaultdict[int, dict[int, float]],
) -> None:
    """Add the frequencies of prefixes: how many forms of each document begin with them. Counted
    here, for unnesting the lexemes on the server takes three times as long."""
    begin = {number: phrase for number, phrase in enumerate(phrases) if phrase.begins}
    if not begin:
        return
    ids = {row["id"]: one for one, row in enumerate(found)}
    for row in await conn.fetch_all(_BEGUN, ([*ids],)):
        for number, phrase in begin.items():
            starts = (storable(lexeme(column, phrase.words[0])) for column in phrase.columns)
            if times := sum(row["lexemes"].count(_BEFORE + one.encode()) for one in starts):
                counts[number][ids[row["id"]]] = float(times)
