"""Free row ids for new documents, which sort them by time.

A second has ``row_ids.PER_SECOND`` ids. Further documents are *spilled*: their ids lie later, among
those of later seconds, and the table ``spilled`` has the first id of their own second. Search
merges both (``storage.documents.search``), so that date filters are exact.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage import row_ids, times
from storage.connection import Query, Row
from storage.document import Document

# From each place on, stretches of ids: the first is the second itself, the others lie behind one
# another and double. The last is the one with room for all that is asked for.
_STRETCHES = """
    WITH RECURSIVE stretch (place, start, size, last) AS (
        SELECT first, first, CAST(? AS BIGINT), coalesce(
            (SELECT max(id) FROM document WHERE id >= first AND id < first + ?), first - 1
        ) FROM (SELECT CAST(value AS BIGINT) AS first FROM json_each(?)) AS asked
        UNION ALL
        SELECT place, start + size, size * 2, coalesce(
            (SELECT max(id) FROM document WHERE id >= start + size AND id < start + size * 3),
            start + size - 1
        ) FROM stretch WHERE start + size - 1 - last < ?
    )
    SELECT place, last + 1 AS low, start + size AS high FROM stretch
    WHERE last + 1 < start + size ORDER BY place, low
"""


def first_row_id(document: Document) -> int:
    """The first row id of the second in which the document was published."""
    return row_ids.first_id(times.from_partial(document.published_at))


def is_spilled(row_id: int, first: int) -> bool:
    """Whether a row id lies after the ids of its own second; False for an unknown time."""
    return row_id >= max(first + row_ids.PER_SECOND, row_ids.FIRST_DATED)


@dataclass(slots=True)
class _Stretch:
    """Free ids, from ``low`` to below ``high``."""

    low: int
    high: int


def query(firsts: Sequence[int]) -> Query:
    """The query for free row ids of documents, given by the first id of each one's second.

    Any number of documents may be of the same second.
    """
    distinct = json.dumps(sorted(set(firsts)))
    return _STRETCHES, (row_ids.PER_SECOND, row_ids.PER_SECOND, distinct, len(firsts))


def choose(rows: Iterable[Row], firsts: Sequence[int]) -> list[int]:
    """A free row id for each document, in the order of ``firsts``, from the rows of
    ``query``."""
    free: dict[int, list[_Stretch]] = {}
    for row in rows:
        free.setdefault(row["place"], []).append(_Stretch(row["low"], row["high"]))
    taken: dict[int, int] = {}
    places = [0] * len(firsts)
    for index in sorted(range(len(firsts)), key=firsts.__getitem__):
        place = _next_free(free[firsts[index]], taken)
        places[index], taken[place] = place, place + 1
    return places


def _next_free(stretches: list[_Stretch], taken: dict[int, int]) -> int:
    """The lowest id in the stretches that was not given out, also from another stretch."""
    for stretch in stretches:
        stretch.low = _behind(stretch.low, taken)
        if stretch.low < stretch.high:
            return stretch.low
    raise AssertionError("the last stretch has room for all that is asked for")


def _behind(place: int, taken: dict[int, int]) -> int:
    """The first id from ``place`` on that is not taken; shortens the paths that it follows."""
    end = place
    while end in taken:
        end = taken[end]
    for step in list(_steps(place, end, taken)):
        taken[step] = end
    return end


def _steps(place: int, end: int, taken: dict[int, int]) -> Iterator[int]:
    while place != end:
        yield place
        place = taken[place]
