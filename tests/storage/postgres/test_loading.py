"""What is put into the text index is sorted in by the end of the transaction, or gathered."""

from collections.abc import Callable

import pytest

from storage.connection import Connection, Database
from storage.document import Document
from storage.postgres import loading
from storage.query.words import analysis

MakeDocument = Callable[..., Document]

_OPTIONS = "SELECT reloptions FROM pg_class WHERE relname = 'document_index_by_terms'"
_WAITING = "SELECT gin_clean_pending_list('document_index_by_terms') AS pages"
AS_CLERK = (
    "CREATE ROLE clerk_of_tests",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk_of_tests",
    "SET LOCAL ROLE clerk_of_tests",
)


@pytest.fixture
def engine(postgres_server: str) -> str:
    return "postgres"


class UndoneError(Exception):
    pass


async def count_waiting(tx: Connection) -> int:
    """The pages that wait to be sorted in; then none does."""
    row = await tx.fetch_one(_WAITING)
    assert row is not None
    return int(row["pages"])


async def read_options(tx: Connection) -> set[str]:
    row = await tx.fetch_one(_OPTIONS)
    assert row is not None
    return {*row["reloptions"]}


async def test_many_documents_are_gathered_and_all_is_as_before(
    database: Database, make_document: MakeDocument
) -> None:
    analysed = analysis.analyse_document(make_document("grain export"))
    async with database.transaction() as tx:
        before = await read_options(tx)
        await tx.index.add([(1, analysed)])
        assert await count_waiting(tx) == 0
        await loading.begin(tx)
        for id in (2, 3):
            await tx.index.add([(id, analysed)])
        assert await count_waiting(tx) > 0
        await tx.index.add([(4, analysed)])
        await loading.end(tx)
        assert await count_waiting(tx) == 0
        assert await read_options(tx) == before
        await tx.index.add([(5, analysed)])
        assert await count_waiting(tx) == 0


async def test_who_may_write_but_owns_no_table_adds_documents(
    database: Database, make_document: MakeDocument
) -> None:
    """As after a dump was put back by somebody else, who let the service write."""
    analysed = analysis.analyse_document(make_document("grain export"))
    with pytest.raises(UndoneError):
        async with database.transaction() as tx:
            for sql in AS_CLERK:
                await tx.execute(sql)
            await tx.index.add([(1, analysed)])
            row = await tx.fetch_one("SELECT id, current_user AS name FROM document_index")
            assert row is not None
            assert (row["id"], row["name"]) == (1, "clerk_of_tests")
            raise UndoneError
