"""A channel is opened by the hash of the account that opens it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.watching.resolve import FoundChannel
from bot.watching.sharing.access import Access, SoleAccess
from storage.channels import accounts
from storage.connection import Connection
from storage.database import open_database
from storage.records import Channel
from storage.structs import replace

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANN, BOB = 1, 2
PIER = Channel(id=1, channel_id=100, username="pier", access_hash=7, added_at=NOW)
FOUND = FoundChannel(channel_id=100, access_hash=9, username="pier", title="Pier", joined=True)


@pytest.fixture
async def tx(database_url: str) -> AsyncIterator[Connection]:
    database = await open_database(database_url)
    async with database.transaction() as connection:
        yield connection
    await database.close()


async def opened(tx: Connection, account: int, name: str = "Ann") -> Access:
    access = Access()
    await access.open(tx, account, name)
    return access


async def test_who_was_first_has_the_hashes_beside_the_channels_and_others_their_own(
    tx: Connection,
) -> None:
    ann, bob = await opened(tx, ANN), await opened(tx, BOB, "Bob")
    assert (ann.account, bob.account) == (ANN, BOB)
    assert await accounts.find_first(tx) == ANN
    assert [await accounts.find_name(tx, one) for one in (ANN, BOB, 3, None)] == [
        "Ann", "Bob", "3", "",
    ]  # fmt: skip
    assert ann.own(PIER) == PIER
    assert bob.own(PIER) == replace(PIER, access_hash=None)
    assert await ann.keep(tx, FOUND) == 9
    assert await bob.keep(tx, replace(FOUND, access_hash=11, joined=False)) is None
    for access, hash in ((ann, 9), (bob, 11)):
        assert access.own(PIER).access_hash == hash
    again = [await opened(tx, ANN, "Ann B."), await opened(tx, BOB, "Bob")]
    assert [access.own(PIER).access_hash for access in again] == [9, 11]
    assert await accounts.find_name(tx, ANN) == "Ann B."
    assert await accounts.list_members(tx) == {100: frozenset({ANN})}
    assert await accounts.find_first(tx) == ANN


@pytest.mark.parametrize("number", [None, 0, 101])
async def test_a_channel_that_nobody_has_found_is_opened_by_no_other_hash(
    tx: Connection, number: int | None
) -> None:
    other = replace(PIER, channel_id=number)
    ann, bob = await opened(tx, ANN), await opened(tx, BOB)
    await ann.keep(tx, FOUND)
    assert ann.own(other) == other
    assert bob.own(other).access_hash is None


async def test_while_the_account_is_not_known_nothing_is_kept(tx: Connection) -> None:
    access = Access()
    assert access.account is None
    assert await access.keep(tx, FOUND) is None
    assert access.own(PIER).access_hash is None
    assert await accounts.list_members(tx) == {}


async def test_the_only_account_keeps_all_beside_the_channels(tx: Connection) -> None:
    access = SoleAccess()
    assert access.own(PIER) is PIER
    assert await access.keep(tx, FOUND) == 9
    assert await accounts.list_known(tx, ANN) == {}
