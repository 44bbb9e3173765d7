"""How well documents answer: BM25 as SQLite's FTS5 reckons it, so that both engines agree.

See sqlite.org/fts5.html, "The bm25() function". A word in the title counts threefold.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage.connection import Connection
from storage.postgres.asking import ask_for
from storage.postgres.lexemes import FORM, TITLE, lexeme
from storage.postgres.words import Group, Phrase, Places, Sought

_K1, _B = 1.2, 0.75
_LEAST = 1e-6  # of what a phrase that most documents hold is worth
_WEIGHTS = {TITLE: 3.0}

FEW = 5_000
"""Documents that are counted; how many more than that hold something is reckoned by a sample."""
SAMPLE = 10_000
"""The newest documents that tell of all."""
LOOKED_AT = 2_000
"""Of the documents that hold the words of a phrase, so many are looked at for how they stand."""

_HIGHEST = (1 << 63) - 1
_TOTAL = "SELECT documents, size FROM document_index_total"
_HOLDING = "SELECT held FROM count_indexed(?, ?, ?)"
_TOGETHER = """
    SELECT f.id, (
        SELECT w.words FROM document_index_signs AS g JOIN document_index_words AS w ON w.id = g.id
        WHERE g.id = f.id AND g.signs ~ ?
    ) AS words
    FROM find_indexed(CAST(? AS TSQUERY), 0, ?, ?, ?, ?, NULL, NULL, NULL) AS f
"""
_SINCE = "SELECT count(*) AS documents FROM document_index WHERE id >= ?"
_BEGUN = """
    SELECT i.id, held AS lexeme FROM document_index AS i, unnest(tsvector_to_array(i.terms)) AS held
    WHERE held LIKE ANY(?) AND i.id = ANY(?)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A document that is weighed: its row's id, how many words it has, and where those stand that
    are sought."""

    id: int
    size: int
    places: Places


async def weigh(
    conn: Connection,
    phrases: Sequence[Phrase],
    sought: Sought,
    found: Sequence[Found],
    stretch: tuple[int, int],
    *,
    is_all: bool = False,
) -> dict[int, float]:
    """How well each document answers, as FTS5 says it: less is better. ``sought``: what it has of
    the phrases is found by that. ``stretch``: how many
    documents the newest are looked for among first, and how that grows. ``is_all``: no others hold
    one of the phrases."""
    if not found:
        return {}
    total = await conn.fetch_one(_TOTAL)
    documents, size = (total["documents"], total["size"]) if total else (0, 0)
    begun = await _list_begun(conn, phrases, [one.id for one in found])
    counts = [_count(phrases, sought, one.places, begun.get(one.id, ())) for one in found]
    held_at_all = sorted({n for held in counts for n in held})
    if is_all:
        holding = [float(sum(n in held for held in counts)) for n in held_at_all]
    else:
        holding = await _count_holding(conn, phrases, held_at_all, documents, stretch)
    worth = {n: _worth(documents, held) for n, held in zip(held_at_all, holding, strict=True)}
    mean = size / documents if documents else 1.0
    scores = {}
    for one, held in zip(found, counts, strict=True):
        against = _K1 * (1 - _B + _B * one.size / mean)
        scores[one.id] = -math.fsum(  # in whatever order they were found
            worth[n] * times * (_K1 + 1) / (times + against) for n, times in held.items()
        )
    return scores


def _worth(documents: int, holding: float) -> float:
    share = (documents - holding + 0.5) / (holding + 0.5)
    return max(_LEAST, math.log(share)) if share > 0 else _LEAST


async def _count_holding(
    conn: Connection,
    phrases: Sequence[Phrase],
    numbers: Sequence[int],
    documents: int,
    stretch: tuple[int, int],
) -> list[float]:
    """How many documents hold each of the phrases with these numbers, whatever it has beside it."""
    alone = [replace(phrase, beside=(), distance=0) for phrase in phrases]
    asked = [alone[n] for n in numbers]
    single = [*{phrase: None for phrase in asked if len(phrase.words) == 1}]
    rows = [*{phrase: None for phrase in asked if len(phrase.words) > 1}]
    # Looked at are those that hold any, so that each page, and what is spilled, is weighed alike.
    among = [*{phrase: None for phrase in alone if len(phrase.words) > 1}]
    counted = await _count_single(conn, single)
    counted |= await _count_rows(conn, rows, among, documents, stretch)
    return [counted[phrase] for phrase in asked]


async def _count_single(conn: Connection, single: Sequence[Phrase]) -> dict[Phrase, float]:
    if not single:
        return {}
    counted = await conn.fetch_all(_HOLDING, ([ask_for(one) for one in single], FEW, SAMPLE))
    return {one: float(row["held"]) for one, row in zip(single, counted, strict=True)}


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
    """Among which part of all documents those stand that were looked at."""
    if len(looked_at) < LOOKED_AT:
        return 1.0
    row = await conn.fetch_one(_SINCE, (looked_at[-1]["id"],))
    return min(1.0, row["documents"] / documents) if row and documents else 1.0


async def _list_begun(
    conn: Connection, phrases: Sequence[Phrase], ids: Sequence[int]
) -> Mapping[int, Sequence[str]]:
    """The forms of each document that begin as is asked for."""
    beginnings = {lexeme(FORM, phrase.words[0]) for phrase in phrases if phrase.begins}
    begun: defaultdict[int, list[str]] = defaultdict(list)
    if beginnings:
        likes = [_escaped(one) for one in sorted(beginnings)]
        for row in await conn.fetch_all(_BEGUN, (likes, ids)):
            begun[row["id"]].append(row["lexeme"])
    return begun


def _escaped(beginning: str) -> str:
    """A pattern of LIKE for what begins so."""
    for sign in "\\%_":
        beginning = beginning.replace(sign, f"\\{sign}")
    return f"{beginning}%"


def _count(
    phrases: Sequence[Phrase], sought: Sought, places: Places, begun: Sequence[str]
) -> dict[int, float]:
    """How often a document holds each phrase that it holds, each time with what its column counts;
    by the phrase's number."""
    counts: dict[int, float] = {}
    for number, column, times in sought.count(places):
        counts[number] = counts.get(number, 0.0) + _WEIGHTS.get(column, 1.0) * times
    if begun:
        for number, phrase in enumerate(phrases):
            if phrase.begins:
                starts = tuple(lexeme(column, phrase.words[0]) for column in phrase.columns)
                counts[number] = float(sum(one.startswith(starts) for one in begun))
    return counts
