"""Who reads which channel, and what the accounts of several know."""

from datetime import datetime, timedelta

from storage import times
from storage.channels import accounts, channels, lookups, watchers
from storage.channels.accounts import Known
from storage.channels.watchers import Part, Watcher
from storage.connection import Connection

PIER, QUAY = 7_000_000_001, 7_000_000_002
ANN, BOB = 5_000_000_001, 5_000_000_002


async def test_a_channel_is_one_watchers_at_a_time(tx: Connection, now: datetime) -> None:
    rows = [(await channels.add_channel(tx, channel_id=n, now=now)).id for n in (PIER, QUAY)]
    await watchers.give(tx, rows, "one")
    await watchers.give(tx, rows[:1], "two")
    assert await watchers.list_readers(tx) == {rows[0]: "two", rows[1]: "one"}
    assert await watchers.list_others(tx, rows, "one") == {rows[0]}
    # One gives up what is its own alone.
    await watchers.let_go(tx, rows, "one")
    assert await watchers.list_readers(tx) == {rows[0]: "two"}
    await tx.execute("DELETE FROM channel WHERE id = ?", (rows[0],))
    assert await watchers.list_readers(tx) == {}


async def test_a_watcher_says_which_account_it_has_and_whether_that_serves(tx: Connection) -> None:
    first = Watcher(owner="one", account=ANN, serves=True)
    await watchers.sign(tx, first)
    await watchers.sign(tx, Watcher(owner="two"))
    until = times.from_epoch(1_700_000_000_000_000)
    frozen = Watcher(owner="one", account=ANN, waits_until=until, trouble="FROZEN")
    await watchers.sign(tx, frozen)
    assert await watchers.list_watchers(tx, {"one", "three"}) == [frozen]
    await tx.execute("INSERT INTO lease VALUES ('watcher:two', 'two', 1, 0)")
    await watchers.forget_gone(tx)
    assert await watchers.list_watchers(tx, {"one", "two"}) == [Watcher(owner="two")]


async def test_what_an_account_knows_is_its_own(tx: Connection) -> None:
    known = Known(channel_id=PIER, access_hash=-3, joined=True)
    await accounts.know(tx, ANN, [known, Known(channel_id=QUAY, access_hash=4, joined=False)])
    await accounts.know(tx, BOB, [Known(channel_id=PIER, access_hash=2**62, joined=True)])
    assert (await accounts.list_known(tx, ANN))[PIER] == known
    assert await accounts.list_members(tx) == {PIER: {ANN, BOB}}
    assert await accounts.count_memberships(tx) == 2
    await accounts.leave(tx, ANN, [PIER])
    assert await accounts.list_members(tx) == {PIER: {BOB}}
    assert (await accounts.list_known(tx, ANN))[PIER].access_hash == -3


async def test_joins_are_counted_for_a_day_and_each_account(tx: Connection, now: datetime) -> None:
    for hours in (30, 23, 1):
        await accounts.note_join(tx, ANN, now - timedelta(hours=hours))
    await accounts.note_join(tx, BOB, now + timedelta(hours=2))
    found = await accounts.list_joins(tx, ANN, now)
    assert found == [now - timedelta(hours=23), now - timedelta(hours=1)]
    # A clock that was put back keeps nobody waiting for longer.
    assert await accounts.list_joins(tx, BOB, now) == [now]
    await accounts.drop_join(tx, ANN, found[1])
    assert await accounts.list_joins(tx, ANN, now) == found[:1]


async def test_who_watches_now_is_told_with_what_it_reads(tx: Connection, now: datetime) -> None:
    rows = [(await channels.add_channel(tx, channel_id=n, now=now)).id for n in (PIER, QUAY)]
    for owner, account in (("one", ANN), ("two", BOB), ("gone", 7), ("none", None)):
        await watchers.sign(tx, Watcher(owner=owner, account=account, serves=account == BOB))
        ends = times.to_epoch(now + timedelta(seconds=0 if owner == "gone" else 1))
        name = f"watcher:{owner}"
        await tx.execute("INSERT INTO lease VALUES (?, ?, 1, ?)", (name, owner, ends))
    await accounts.set_name(tx, BOB, "Bob")
    await watchers.give(tx, rows, "two")
    refused = now + timedelta(hours=5)
    await lookups.refuse_until(tx, refused, ANN)
    assert await watchers.list_parts(tx, now) == [
        Part(watcher=Watcher(owner="two", account=BOB, serves=True), name="Bob", channels=2),
        Part(watcher=Watcher(owner="none"), name="", channels=0),
        Part(
            watcher=Watcher(owner="one", account=ANN),
            name=str(ANN),
            channels=0,
            refused_until=refused,
        ),
    ]
