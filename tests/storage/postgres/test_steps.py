"""What PostgreSQL's index looks at, step by step, until it has found as many as are asked for."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from storage import row_ids
from storage.connection import Connection, Database, Row
from storage.database import open_database
from storage.document import Document
from storage.documents import documents, search
from storage.postgres import index, weighing
from storage.query.reading.syntax import parse
from storage.records import Sort

MakeDocument = Callable[..., Document]

_NOTING = """
    CREATE OR REPLACE FUNCTION stretches(low BIGINT, high BIGINT) RETURNS TSQUERY
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN
        PERFORM set_config('test.asked', 'yes', true);
        RETURN NULL;
    END $$
"""


@pytest.fixture
async def new_database(new_postgres_url: str) -> AsyncIterator[Database]:
    opened = await open_database(new_postgres_url)
    yield opened
    await opened.close()


class UndoneError(Exception):
    """Nothing of a transaction is to stay."""


@pytest.fixture(params=["postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def store(database: Database, made: Sequence[Document], now: datetime) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)


def note_found(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows the index gives each time that it is asked for what it finds."""
    given: list[int] = []
    fetch_all = conn.fetch_all

    async def noted(sql: str, parameters: Sequence[object] = ()) -> Sequence[Row]:
        rows = await fetch_all(sql, parameters)
        if "find_indexed" in sql:
            given.append(len(rows))
        return rows

    monkeypatch.setattr(conn, "fetch_all", noted)
    return given


@pytest.mark.parametrize("most", [1, 7, 39])
@pytest.mark.parametrize("text", ['"grain export"', "grain NEAR/50 export"])
async def test_however_many_are_asked_for_few_are_in_memory_at_once(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    most: int,
) -> None:
    monkeypatch.setattr(index, "_WITH_WORDS", most)
    made = [make_document("grain export", message_id=number) for number in range(1, 41)]
    await store(database, made, now)
    async with database.reader() as conn:
        given = note_found(conn, monkeypatch)
        asked = conn.index.compile(parse(text).root)  # type: ignore[arg-type]
        assert await conn.index.count(asked, 0, 1 << 62, 20_000) == 40
    assert given == [*[most] * (40 // most), 40 % most]


async def test_where_few_of_many_stand_as_asked_the_steps_soon_are_long(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words too far from one another for their signs to tell."""
    monkeypatch.setattr(index, "_MISTAKEN", 0)
    apart = f"grain {'of some kind ' * 5}export"
    made = [make_document(apart, message_id=number) for number in range(1, 41)]
    await store(database, made, now)
    async with database.reader() as conn:
        given = note_found(conn, monkeypatch)
        asked = conn.index.compile(parse("grain NEAR/11 export").root)  # type: ignore[arg-type]
        assert await conn.index.count(asked, 0, 1 << 62, 1) == 0
    assert given == [1, 4, 16, 19]


async def test_the_pages_of_a_phrase_weigh_as_the_first_did(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the later ones look at nothing newer, and to count by a sample would weigh else."""
    monkeypatch.setattr(weighing, "LOOKED_AT", 1)
    texts = ("export of grain", "grain export", "rails")
    made = [make_document(texts[number % 3], message_id=number) for number in range(1, 25)]
    await store(database, made, now)
    async with database.reader() as conn:
        asked = conn.index.compile(parse('"grain export"').root)  # type: ignore[arg-type]
        first = await conn.index.score(asked, 0, 1 << 62, 50)
        again = await conn.index.score(asked, 0, first[0]["id"] + 1, 50)
    assert len(first) == 8
    assert [*map(dict, again)] == [*map(dict, first)]


async def test_what_is_found_beside_a_document_changes_nothing_of_its_weight(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All phrases are counted among the same documents, whichever of them an answer holds."""
    monkeypatch.setattr(weighing, "LOOKED_AT", 4)
    texts = [*["rails"] * 20, *["grain export"] * 12, *["steel import"] * 8, "grain export"]
    made = [
        make_document(text, message_id=at, published_at=f"2024-05-01T11:{at:02}:00Z")
        for at, text in enumerate(texts)
    ]
    await store(database, made, now)
    async with database.reader() as conn:
        asked = conn.index.compile(parse('"grain export" OR "steel import"').root)  # type: ignore[arg-type]
        scored = await conn.index.score(asked, 0, 1 << 62, 50)
        older = await conn.index.score(asked, 0, scored[8]["id"], 50)
    assert len(older) == 12
    assert [*map(dict, older)] == [*map(dict, scored[9:])]


async def test_words_in_any_order_weigh_the_same(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    """To the last digit: else whoever asks for a page twice may have them in two orders."""
    words = [f"w{number}x" for number in range(30)]
    made = [make_document(" ".join(words[at:] + words[:at]), message_id=at + 1) for at in range(30)]
    made += [make_document(" ".join(words[:at]), message_id=at + 50) for at in range(1, 30)]
    made += [make_document("rails", message_id=at) for at in range(100, 170)]
    await store(database, made, now)
    async with database.reader() as conn:
        asked = conn.index.compile(parse(" ".join(words)).root)  # type: ignore[arg-type]
        scored = await conn.index.score(asked, 0, 1 << 62, 50)
    assert len(scored) == 30
    assert len({row["value"] for row in scored}) == 1


@pytest.mark.parametrize(("days", "is_narrow"), [(30, False), (2, True)])
async def test_one_document_of_unknown_date_makes_no_stretch_narrow(
    database: Database, make_document: MakeDocument, now: datetime, days: int, is_narrow: bool
) -> None:
    """A wide one is read without the lexemes of its stretches, a narrow one with them."""
    dated = [
        make_document("grain", message_id=at, published_at=f"2024-04-{at:02}T11:00:00Z")
        for at in range(1, 31)
    ]
    await store(database, [make_document("grain", message_id=99, published_at=None), *dated], now)
    span = row_ids.first_id(datetime(2024, 5, 1, tzinfo=UTC) - timedelta(days)), 1 << 62
    with pytest.raises(UndoneError):
        async with database.transaction() as tx:
            await tx.execute(_NOTING)
            asked = tx.index.compile(parse("grain").root)  # type: ignore[arg-type]
            assert await tx.index.count(asked, *span, 50) == days
            row = await tx.fetch_one("SELECT current_setting('test.asked', true) AS it")
            assert row is not None
            assert (row["it"] == "yes") == is_narrow
            raise UndoneError


_FETCHED = (
    "SELECT idx_tup_fetch AS n FROM pg_stat_xact_user_tables WHERE relname = 'document_index'"
)


@pytest.mark.parametrize("sort", ["newest", "relevance"])
async def test_of_few_documents_too_only_those_that_hold_the_words_are_looked_at(
    new_database: Database, make_document: MakeDocument, now: datetime, sort: Sort
) -> None:
    """The planner does not know that to look at a tsvector takes longer than at a number, and would
    walk through all of them, once more than for where the newest begin."""
    database = new_database  # what other tests deleted would count for the planner
    made = [
        make_document("grain" if at % 20 == 0 else f"steel {at}", message_id=at)
        for at in range(1, 401)
    ]
    await store(database, made, now)
    async with database.transaction() as tx:
        await tx.execute("ANALYZE document_index")
        before = await tx.fetch_one(_FETCHED)
        page = await search.search(tx, parse("grain"), sort=sort)
        after = await tx.fetch_one(_FETCHED)
    assert len(page.hits) == 10
    assert before is not None
    assert after is not None
    assert after["n"] - before["n"] < 1.5 * len(made)
