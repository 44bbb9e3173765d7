"""The list of channels: names are resolved once, changes followed, trouble told once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.process.holder import Holder
from bot.watching.history import Names
from bot.watching.registrar import ACCOUNT_ONLY, Registrar
from bot.watching.resolve import FoundChannel
from bot.watching.sharing.access import Access
from bot.watching.sharing.sharing import Sharing
from handlers.operators.troubles import FROZEN
from handlers.sources import references
from handlers.sources.references import NAME_MOVED
from storage.channels import accounts, channels
from storage.structs import replace

RESOLVE = "contacts.resolveUsername"


@pytest.fixture
def registrar(ground: Any) -> Registrar:
    return Registrar(ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)


def calls(ground: Any, method: str) -> int:
    return sum(call.method == method for call in ground.sandbox.calls)


async def test_a_channel_of_the_settings_is_known_by_its_number(
    ground: Any, registrar: Registrar
) -> None:
    await registrar.open(["@harbour"])
    (channel,) = ground.watchlist.list_all()
    assert (channel.channel_id, channel.username) == (ground.harbour.id, "harbour")
    assert channel.access_hash is not None
    assert await ground.told() == []


async def test_a_name_is_looked_up_once_over_all_starts(ground: Any) -> None:
    ground.sandbox.add_channel("Other", username="other")
    for _ in range(2):
        parts = (ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)
        await Registrar(*parts).open(["@other"])
    assert [channel.username for channel in ground.watchlist.list_all()] == ["other"]
    assert calls(ground, RESOLVE) == 1


async def test_the_list_is_gone_through_again_after_ten_minutes_or_when_telegram_lets(
    ground: Any, registrar: Registrar
) -> None:
    await registrar.open(["@harbour"])
    wait = registrar._next_try() - datetime.now(UTC)
    assert timedelta(minutes=9.5) < wait <= timedelta(minutes=10)
    assert registrar._lookup is not None
    for minutes, expected in ((1, 1), (99, 10)):
        registrar._lookup.again_at = datetime.now(UTC) + timedelta(minutes=minutes)
        wait = registrar._next_try() - datetime.now(UTC)
        assert timedelta(minutes=expected - 0.5) < wait <= timedelta(minutes=expected)


async def test_what_is_no_channel_is_told_once_and_the_others_are_watched(
    ground: Any, registrar: Registrar
) -> None:
    await registrar.open(["@nobody_here", "@harbour", "no name at all"])
    await registrar.refresh()
    assert [channel.username for channel in ground.watchlist.list_all()] == ["harbour"]
    (told,) = await ground.told()
    assert "nobody_here" in told


async def test_what_is_taken_off_in_the_database_is_watched_no_more(
    ground: Any, registrar: Registrar
) -> None:
    changes: list[None] = []
    registrar.on_change = lambda: changes.append(None)
    await registrar.open(["@harbour"])
    watched = await ground.row()
    async with ground.db.transaction() as tx:
        await channels.remove_channel(tx, watched.id)
    await registrar.refresh()
    assert ground.watchlist.list_all() == []
    assert len(changes) == 2


async def test_what_another_process_adds_is_followed(
    ground: Any, registrar: Registrar, running: Any
) -> None:
    await registrar.open([])
    async with running(registrar.run()):
        async with ground.db.transaction() as tx:
            reference = references.parse_reference("@harbour")
            await references.watch(tx, reference, by_hand=True, now=datetime.now(UTC))
            await channels.note_change(tx)
        async with asyncio.timeout(60):
            while ground.watchlist.find(ground.harbour.id) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("heard", "kept", "told"),
    [
        ({}, {}, ""),
        ({"title": "Port"}, {"title": "Port"}, ""),
        ({"username": "port"}, {"username": "port"}, "@port"),
        ({"username": None}, {"username": None}, "harbour"),
        ({"source": "preview", "username": None}, {"username": "harbour"}, ""),
    ],
)
async def test_what_a_channel_is_called_is_kept_and_a_new_name_told(
    ground: Any, registrar: Registrar, heard: Any, kept: Any, told: str
) -> None:
    await registrar.open(["@harbour"])
    row = await ground.row()
    names = Names(
        channel_id=row.channel_id,
        username="harbour",
        title=row.title,
        source=row.source or "joined",
    )
    await registrar.learned(row.id, replace(names, **heard))
    now = await ground.row()
    assert {name: getattr(now, name) for name in kept} == kept
    messages = await ground.told()
    assert bool(messages) is bool(told)
    assert all(told in message for message in messages)


@pytest.mark.parametrize("setting", ["@harbour", "https://t.me/Harbour", "number"])
async def test_settings_that_name_a_former_name_are_told_of(
    ground: Any, registrar: Registrar, setting: str
) -> None:
    await ground.watch()
    await registrar.open([str(ground.harbour.id) if setting == "number" else setting])
    row = await ground.row()
    await registrar.learned(
        row.id,
        Names(channel_id=row.channel_id, username="port", title=row.title, source="joined"),
    )
    (told,) = await ground.told()
    assert "@port" in told
    assert ("CHANNELS names" in told) is (setting != "number")


async def test_a_name_that_leads_to_another_channel_moves_nothing(
    ground: Any, registrar: Registrar
) -> None:
    await registrar.open(["@harbour"])
    row = await ground.row()
    names = Names(channel_id=999, username="harbour", title="Another", source="preview")
    await registrar.learned(row.id, names)
    now = await ground.row()
    assert (now.channel_id, now.title, now.error) == (row.channel_id, row.title, NAME_MOVED)


async def test_trouble_is_told_once_until_the_channel_is_heard_again(
    ground: Any, registrar: Registrar
) -> None:
    row = await ground.watch()
    for _ in range(3):
        await registrar.trouble(row, "CHANNEL_PRIVATE")
    (told,) = await ground.told()
    assert "private now" in told


async def test_a_channel_that_lost_its_name_has_none_and_that_alone_is_told(
    ground: Any, registrar: Registrar
) -> None:
    row = await ground.watch()
    await registrar.trouble(row, "CHANNEL_PRIVATE")
    for _ in range(2):
        await registrar.trouble(row, NAME_MOVED)
    for now in (await ground.row(), ground.watchlist.get(row.id)):
        assert (now.username, now.error) == (None, NAME_MOVED)
    private, moved = await ground.told()
    assert "private now" in private
    assert "@harbour" in moved


async def test_that_a_channel_is_read_another_way_is_told_but_not_that_the_account_is_back(
    ground: Any, registrar: Registrar
) -> None:
    await registrar.open(["@harbour"])
    row = await ground.row()
    names = Names(channel_id=row.channel_id, username="harbour", title=row.title, source="joined")
    told = []
    for source in ("joined", "preview", "joined", "preview"):
        if source == "preview":
            registrar.come_back()  # it read itself: nothing to be forgotten
        await registrar.learned(row.id, replace(names, source=source))
        told.append(len(await ground.told()))
    assert told == [0, 1, 2, 3]
    registrar.come_back()
    await registrar.learned(row.id, replace(names, source="joined"))
    assert len(await ground.told()) == 3
    await registrar.learned(row.id, replace(names, source="preview"))
    assert len(await ground.told()) == 4


@pytest.mark.parametrize("is_shared", [False, True])
async def test_what_another_watcher_read_otherwise_before_is_no_news(
    ground: Any, is_shared: bool
) -> None:
    watched = await ground.watch()
    async with ground.db.transaction() as tx:
        row = await channels.update_channel(tx, watched.id, source="joined")
    ground.watchlist.drop(row.id)
    sharing = Sharing(ground.db, ground.db, Holder(ground.db, "one")) if is_shared else None
    parts = (ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)
    registrar = Registrar(*parts, sharing=sharing)
    await registrar.open_one(row)
    names = Names(channel_id=row.channel_id, username="harbour", title=row.title, source="preview")
    await registrar.learned(row.id, names)
    assert len(await ground.told()) == (not is_shared)
    for source in ("joined", "preview"):
        await registrar.learned(row.id, replace(names, source=source))
    assert len(await ground.told()) == 2 + (not is_shared)


@pytest.mark.parametrize(
    ("hours", "access_hash", "is_told"),
    [(1, None, True), (1, 5, False), (-1, None, False), (None, None, False)],
)
async def test_a_name_that_telegram_refuses_to_look_up_is_its_doing(
    ground: Any, registrar: Registrar, hours: int | None, access_hash: int | None, is_told: bool
) -> None:
    row = replace(await ground.watch(), access_hash=access_hash)
    until = None if hours is None else datetime.now(UTC) + timedelta(hours=hours)
    registrar._lookup.refused_until = until
    why = registrar.why_unknown(row)
    assert why == ("Telegram refuses look-ups for now" if is_told else "")


@pytest.mark.parametrize(
    ("newest", "cursor", "is_behind"),
    [(6, 5, True), (5, 5, False), (4, 5, False), (None, 5, False), (None, 0, False), (1, 0, True)],
)
async def test_a_channel_is_behind_where_there_was_more_at_the_start(
    ground: Any, registrar: Registrar, newest: int | None, cursor: int, is_behind: bool
) -> None:
    row = replace(await ground.watch(), cursor=cursor)
    assert not registrar.is_behind(row)  # nothing is known of it
    found = FoundChannel(
        channel_id=row.channel_id, access_hash=1, username=None, title="", joined=True,
        newest=newest,
    )  # fmt: skip
    registrar._lookup.joined = {row.channel_id: found}
    assert registrar.is_behind(row) is is_behind


async def test_without_an_account_nothing_is_looked_up(ground: Any) -> None:
    registrar = Registrar(None, ground.db, ground.watchlist, ground.notices, ground.gate)
    row = await ground.watch()
    assert (registrar.count_joined(), registrar.is_behind(row)) == (None, False)
    assert registrar.why_unknown(replace(row, access_hash=None)) == ""
    registrar.come_back()


async def test_beside_other_accounts_theirs_is_left_as_it_is(ground: Any) -> None:
    row = await ground.watch()
    async with ground.db.transaction() as tx:
        await accounts.set_first(tx, 1)
    parts = (ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)
    await Registrar(*parts, access=Access()).open_one(row)
    assert (await ground.row()).access_hash == row.access_hash
    async with ground.db.reader() as conn:
        assert await accounts.find_first(conn) == 1
        known = await accounts.list_known(conn, ground.watcher.id)
    assert known.keys() == {ground.harbour.id}
    (taken,) = ground.watchlist.list_all()
    assert taken.access_hash == known[ground.harbour.id].access_hash


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize(
    ("username", "access_hash", "watched"),
    [
        ("harbour", None, True),
        (None, None, False),
        (None, 5, None),  # what the lost account could open is kept for its return
    ],
)
async def test_without_an_account_what_has_no_name_is_told_unless_its_loss_was(
    ground: Any, is_gone: bool, username: str | None, access_hash: int | None, watched: bool | None
) -> None:
    row = await ground.watch()
    ground.watchlist.drop(row.id)
    async with ground.db.transaction() as tx:
        await channels.update_channel(tx, row.id, username=username, access_hash=access_hash)
    parts = (None, ground.db, ground.watchlist, ground.notices, ground.gate)
    registrar = Registrar(*parts, is_gone=is_gone)
    for _ in range(2):
        await registrar.refresh()
    is_watched = not is_gone if watched is None else watched
    assert (ground.watchlist.get(row.id) is not None) is is_watched
    assert (await ground.row()).error == (None if is_watched else ACCOUNT_ONLY)
    assert len(await ground.told()) == (not is_watched and not is_gone)


@pytest.mark.parametrize(
    ("reason", "is_news", "told", "why"),
    [
        ("CHANNEL_INVALID", True, 1, "Telegram does not let the account read it any more"),
        ("CHANNEL_INVALID", False, 0, "Telegram does not let the account read it any more"),
        ("FROZEN_METHOD_INVALID", True, 0, FROZEN),  # of the account, told once for all
        ("of its own", True, 1, "of its own"),
    ],
)
async def test_trouble_that_is_no_news_is_kept_and_not_told(
    ground: Any, registrar: Registrar, reason: str, is_news: bool, told: int, why: str
) -> None:
    row = await ground.watch()
    await registrar.trouble(row, reason, is_news=is_news)
    assert (len(await ground.told()), (await ground.row()).error) == (told, why)
    parts = (ground.client, ground.db, ground.watchlist, ground.notices, ground.gate)
    await Registrar(*parts).trouble(row, reason)  # another start: the database knows it
    assert len(await ground.told()) == told


async def test_trouble_of_what_another_process_reads_is_its_own(
    ground: Any, registrar: Registrar
) -> None:
    row = await ground.watch()
    ground.watchlist.is_ours = lambda _: False
    await registrar.trouble(row, "CHANNEL_INVALID")
    assert ((await ground.row()).error, await ground.told()) == (None, [])


@pytest.mark.parametrize(
    ("error", "told"),
    [("CHANNELS_TOO_MUCH", True), ("USERNAME_INVALID", True), ("INTERNAL", False)],
)
async def test_a_look_up_that_is_refused_is_told_and_one_that_failed_is_made_again(
    ground: Any, registrar: Registrar, error: str, told: bool
) -> None:
    ground.sandbox.add_channel("Other", username="other")
    ground.sandbox.faults.fail(RESOLVE, error, code=400 if told else 500)
    await registrar.open(["@other"])
    assert bool(await ground.told()) is told
    assert (registrar._next_try() < registrar._retry_at) is not told
    await registrar.refresh()
    assert [channel.username for channel in ground.watchlist.list_all()] == ["other"]


@pytest.mark.parametrize(
    ("newest", "scanned", "added", "begun"),
    [
        (6, False, 1, 6),  # put on the list while it opens: what the dialogs say is its end
        (6, False, 0, 6),
        (6, False, -60, None),
        (None, False, 1, None),
        (6, True, 1, None),
    ],
)
async def test_a_channel_of_this_start_begins_with_its_last_message(
    ground: Any,
    registrar: Registrar,
    newest: int | None,
    scanned: bool,
    added: int,
    begun: int | None,
) -> None:
    row = await ground.watch(scanned=scanned)
    registrar._opening_since = row.added_at - timedelta(seconds=added)
    found = FoundChannel(
        channel_id=row.channel_id, access_hash=1, username="harbour", title="", joined=True,
        newest=newest,
    )  # fmt: skip
    async with ground.db.transaction() as tx:
        stored = await registrar._store(tx, row, found)
    assert stored.cursor == (row.cursor if begun is None else begun)
    assert (stored.last_scan_at is not None) is (scanned or begun is not None)
