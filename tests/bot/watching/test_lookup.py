"""Finding channels: scarce calls are made once, at a pace, and waits are remembered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telethon.errors import RPCError

from bot.watching import lookup as lookup_module
from bot.watching.lookup import Lookup
from bot.watching.sharing.access import Access, SoleAccess
from handlers.sources.references import UnresolvedError
from storage import facts
from storage.channels import accounts, lookups
from storage.records import Channel
from storage.structs import replace

NOW = datetime.now(UTC)
RESOLVE, DIALOGS = "contacts.resolveUsername", "messages.getDialogs"


@pytest.fixture
async def lookup(ground: Any) -> Lookup:
    made = Lookup(ground.client, ground.db)
    await made.open()
    return made


def named(name: str | None = None, **fields: Any) -> Channel:
    return Channel(id=9, username=name, added_at=NOW, **fields)


async def refused_until(ground: Any) -> datetime | None:
    async with ground.db.reader() as conn:
        return await lookups.find_refused_until(conn, NOW)


async def test_a_channel_of_the_accounts_own_needs_no_scarce_call(
    ground: Any, lookup: Lookup
) -> None:
    found = await lookup.find(named("Harbour"))
    assert found is not None
    assert (found.channel_id, found.joined, found.title) == (ground.harbour.id, True, "Harbour")
    assert await lookup.find(named(channel_id=ground.harbour.id)) == found
    assert await lookup.find(named(channel_id=77, access_hash=5)) is None
    assert ground.sandbox.count_calls(RESOLVE) == 0
    lookup.learned(ground.harbour.id, "port")
    lookup.learned(77, "port")
    assert lookup.joined[ground.harbour.id].username == "port"


async def test_a_channel_that_shuts_the_account_out_is_none_of_its_own_any_more(
    ground: Any, lookup: Lookup
) -> None:
    assert lookup.count_joined() == 1
    for channel_id, left in ((77, [ground.harbour.id]), (None, [ground.harbour.id])):
        lookup.shut_out(channel_id)
        assert list(lookup.list_inside() or ()) == left
    lookup.shut_out(ground.harbour.id)
    assert lookup.count_joined() == 0


async def test_the_list_of_dialogs_is_asked_for_once_a_minute(ground: Any, lookup: Lookup) -> None:
    asked = ground.sandbox.count_calls(DIALOGS)
    await lookup.find(named("harbour"))
    assert ground.sandbox.count_calls(DIALOGS) == asked
    lookup._list_at = NOW - timedelta(seconds=1)
    await lookup.find(named("harbour"))
    assert ground.sandbox.count_calls(DIALOGS) > asked
    wait = lookup._list_at - datetime.now(UTC)
    assert timedelta(seconds=50) < wait <= timedelta(minutes=1)


@pytest.mark.parametrize(
    ("access", "minutes", "is_asked"),
    [(Access, 8.9, False), (Access, 9.1, True), (SoleAccess, 999, False)],
)
async def test_beside_others_it_is_asked_every_ten_minutes_which_channels_are_its_own(
    ground: Any, access: type[Access], minutes: float, is_asked: bool
) -> None:
    lookup = Lookup(ground.client, ground.db, access())
    await lookup.open()
    asked = ground.sandbox.count_calls(DIALOGS)
    await lookup.list_missing()
    assert ground.sandbox.count_calls(DIALOGS) == asked
    # It may not be asked within a minute of the last time; this is how long it may be since.
    lookup._list_at = datetime.now(UTC) - timedelta(minutes=minutes)
    await lookup.list_missing()
    assert (ground.sandbox.count_calls(DIALOGS) > asked) is is_asked


async def test_a_list_that_failed_is_asked_for_again_where_it_is_missing(ground: Any) -> None:
    ground.sandbox.faults.fail(DIALOGS, "INTERNAL", code=500)
    lookup = Lookup(ground.client, ground.db, SoleAccess())
    await lookup.open()
    assert (lookup.list_inside(), lookup.count_joined()) == (None, None)
    lookup._list_at = datetime.now(UTC)
    await lookup.list_missing()
    assert lookup.count_joined() == 1


async def test_a_name_is_looked_up_and_what_is_none_is_said(ground: Any, lookup: Lookup) -> None:
    ground.sandbox.add_channel("Other", username="other")
    found = await lookup.find(named("other"))
    assert found is not None and (found.username, found.joined) == ("other", False)
    for name, said in (("nobody_here", "there is no such channel"), ("watcher_x", "no such")):
        with pytest.raises(UnresolvedError, match=said):
            await lookup.find(named(name))
    ground.sandbox.add_user("Ann", username="ann_mast")
    with pytest.raises(UnresolvedError, match="is a person or a bot, no channel"):
        await lookup.find(named("ann_mast"))
    with pytest.raises(UnresolvedError, match="in no channel with this id"):
        await lookup.find(named(channel_id=77))


async def test_names_are_looked_up_twenty_at_once_and_then_one_a_minute(
    ground: Any, lookup: Lookup
) -> None:
    ground.sandbox.add_channel("Other", username="other")
    for _ in range(lookup_module.NAMES_AT_ONCE):
        assert await lookup.find(named("other")) is not None
    assert lookup.again_at is None
    assert await lookup.find(named("other")) is None
    assert ground.sandbox.count_calls(RESOLVE) == lookup_module.NAMES_AT_ONCE
    assert lookup.again_at is not None
    assert timedelta(seconds=40) < lookup.again_at - datetime.now(UTC) <= timedelta(seconds=61)


@pytest.mark.parametrize(("seconds", "wait"), [(3000, 3000), (0, 1)])
async def test_a_wait_is_remembered_and_obeyed(
    ground: Any, lookup: Lookup, seconds: int, wait: int
) -> None:
    ground.sandbox.add_channel("Other", username="other")
    ground.sandbox.faults.flood_wait(RESOLVE, seconds, times=None)
    with pytest.raises(Exception, match="wait") as caught:
        await lookup.find(named("other"))
    failure = lookup.note_failure(caught.value)
    assert (failure.kind, failure.seconds) == ("flood", seconds)
    until = await refused_until(ground)
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(seconds=wait)) < timedelta(seconds=10)
    assert lookup.refused_until == until
    if seconds:
        assert await lookup.find(named("other")) is None
        assert ground.sandbox.count_calls(RESOLVE) == 1
        again = Lookup(ground.client, ground.db)
        await again.open()
        assert await again.find(named("other")) is None
        assert again.again_at == again.refused_until == until
        # It is the account's: another, which was told nothing, asks.
        ground.sandbox.faults.clear()
        again._me = 77
        assert await again.find(named("other")) is not None


async def test_each_failure_in_a_row_makes_a_longer_wait(lookup: Lookup) -> None:
    waits = []
    for _ in range(3):
        lookup.again_at = None
        lookup.note_failure(TimeoutError())
        assert lookup.again_at is not None
        waits.append(round((lookup.again_at - datetime.now(UTC)).total_seconds()))
    assert waits == [1, 2, 4]
    lookup.again_at = None
    frozen = RPCError(None, "FROZEN_METHOD_INVALID", None)
    assert lookup.note_failure(frozen).kind == "frozen"
    assert lookup.again_at is not None
    wait = lookup.again_at - datetime.now(UTC)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    lookup.again_at = None
    assert lookup.note_failure(ValueError("x")).kind == "refused"
    assert lookup.again_at is None


async def test_while_the_dialogs_are_not_known_no_name_is_looked_up(ground: Any) -> None:
    ground.sandbox.add_channel("Other", username="other")
    ground.sandbox.faults.fail(DIALOGS, "INTERNAL", code=500, times=None)
    lookup = Lookup(ground.client, ground.db)
    await lookup.open()
    assert await lookup.find(named("other")) is None
    assert ground.sandbox.count_calls(RESOLVE) == 0
    assert lookup.again_at is not None
    lookup._list_at = NOW - timedelta(hours=1)
    with pytest.raises(UnresolvedError, match="INTERNAL"):
        await lookup._get_number("-1001")


async def test_an_invite_link_is_followed_at_a_pace(ground: Any, lookup: Lookup) -> None:
    closed = [ground.sandbox.add_channel(f"Closed {n}") for n in range(2)]
    first, second = (named(reference=channel.invite_link) for channel in closed)
    found = await lookup.find(first)
    assert found is not None
    assert (found.title, found.joined) == ("Closed 0", True)
    assert lookup.joined[closed[0].id] == found
    assert await lookup.find(first) is not None  # One that the account is in needs no pause.
    assert await lookup.find(second) is None
    assert lookup.again_at is not None
    pause = lookup.again_at - datetime.now(UTC)
    assert timedelta(minutes=4) < pause <= lookup_module.JOIN_PAUSE
    async with ground.db.transaction() as tx:
        await facts.set_value(tx, "last_join_at", (NOW - timedelta(minutes=6)).isoformat())
    assert await lookup.find(second) is not None


async def test_a_clock_that_was_put_back_makes_no_longer_pause(ground: Any, lookup: Lookup) -> None:
    async with ground.db.transaction() as tx:
        await facts.set_value(tx, "last_join_at", (NOW + timedelta(days=1)).isoformat())
    assert not await lookup._may_join("x", datetime.now(UTC), named())
    assert lookup.again_at is not None
    assert lookup.again_at - datetime.now(UTC) <= lookup_module.JOIN_PAUSE


async def test_no_more_than_ten_a_day_are_joined_that_another_account_was_in(ground: Any) -> None:
    access = Access()
    first = Lookup(ground.client, ground.db, access)
    await first.open()
    assert access.account == ground.watcher.id
    moved = ground.sandbox.add_channel("Moved")
    channel = named(channel_id=moved.id, reference=moved.invite_link)
    async with ground.db.transaction() as tx:
        for hours in range(1, 11):
            await accounts.note_join(tx, ground.watcher.id, NOW - timedelta(hours=hours))
    # Whoever begins anew counts on.
    for lookup in (first, Lookup(ground.client, ground.db, access)):
        assert await lookup.find(channel) is None
        assert lookup.again_at is not None
        wait = lookup.again_at - NOW
        assert timedelta(hours=13.9) < wait <= timedelta(hours=14.1)
    # One that is new to all is joined at the usual pace.
    fresh = ground.sandbox.add_channel("Fresh")
    assert await first.find(named(reference=fresh.invite_link)) is not None
    async with ground.db.transaction() as tx:
        for joined_at in (await accounts.list_joins(tx, ground.watcher.id, datetime.now(UTC)))[1:]:
            await accounts.drop_join(tx, ground.watcher.id, joined_at)
    assert await first.find(channel) is not None


async def test_a_link_that_is_refused_is_left_alone_for_hours(ground: Any, lookup: Lookup) -> None:
    closed = ground.sandbox.add_channel("Closed")
    ground.sandbox.faults.fail("messages.importChatInvite", "CHANNELS_TOO_MUCH")
    link = closed.invite_link.rpartition("+")[2].rpartition("/")[2]
    with pytest.raises(UnresolvedError, match="CHANNELS_TOO_MUCH"):
        await lookup.find(named(reference=closed.invite_link))
    async with ground.db.transaction() as tx:
        await facts.set_value(tx, "last_join_at", (NOW - timedelta(hours=9)).isoformat())
    assert await lookup.find(named(reference=closed.invite_link)) is None
    (key,) = lookup._refused
    assert key == link
    lookup._refused[key] = NOW - lookup_module.JOIN_AGAIN - timedelta(minutes=1)
    assert await lookup.find(named(reference=closed.invite_link)) is not None


async def test_a_join_that_the_network_cuts_off_needs_no_pause(ground: Any, lookup: Lookup) -> None:
    closed = ground.sandbox.add_channel("Closed")
    ground.sandbox.faults.fail("messages.importChatInvite", "INTERNAL", code=500)
    with pytest.raises(Exception, match="INTERNAL"):
        await lookup.find(named(reference=closed.invite_link))
    assert await lookup.find(named(reference=closed.invite_link)) is not None


async def test_a_link_that_is_no_good_is_said(lookup: Lookup) -> None:
    with pytest.raises(UnresolvedError, match="the invite link is not valid"):
        await lookup.find(named(reference="https://t.me/+nothing_of_ours"))


async def test_access_hashes_of_another_account_are_forgotten(ground: Any, lookup: Lookup) -> None:
    row = await ground.watch()
    assert row.access_hash is not None
    await lookup.open()
    assert (await ground.row()).access_hash == row.access_hash
    async with ground.db.transaction() as tx:
        assert await facts.find_value(tx, "watching_account") == str(ground.watcher.id)
        await facts.set_value(tx, "watching_account", "1")
    await Lookup(ground.client, ground.db).open()
    assert (await ground.row()) == replace(row, access_hash=None)
