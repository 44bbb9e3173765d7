"""Once per event, over a real database: one message, the rest is counted there, nothing is lost."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from database_steps import mark_sent
from telethon.tl import types

from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.intake.saved_queries import SavedQueries
from storage import database
from storage.channels import channels
from storage.chats import moving
from storage.connection import Connection, Database
from storage.document import Channel as PostChannel
from storage.outbox import handed_on, outbox, updates
from storage.records import Channel, Delivery, Stored
from storage.stories import folded, stories
from storage.subscribers import alerts, mutes, subscribers

ANN, BEN = 41, 42
ONCE, OTHER, EVERYTHING = 1, 2, 3
NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)
FIRE = "A fire in the port of Marby killed 12 people, the mayor Ivo Kalen said on Monday evening."
SAME = (
    "Mayor Ivo Kalen of Marby said a fire in the port killed 12 people on Monday evening.",
    "On Monday evening a fire killed 12 people in the port of Marby, said mayor Ivo Kalen.",
    "Fire killed 12 people on Monday evening in the port of Marby, the mayor Ivo Kalen told all.",
    "Marby: 12 people killed by a fire in the port on Monday evening, mayor Ivo Kalen said.",
)
MORE = "Marby: 17 people killed by the fire in the port on Monday evening, says mayor Ivo Kalen."


class Port:
    """An intake at work with some channels. Ann has alerts ``fire`` (once per event) and ``mayor``
    (the same), Ben ``fire`` for everything new."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.intake = Intake(db, SavedQueries())
        self._channels: dict[int, Channel] = {}
        self._last = 0

    async def begin(self) -> None:
        async with self.db.transaction() as tx:
            for chat in (ANN, BEN):
                await subscribers.add_subscriber(tx, chat_id=chat, now=NOON)
            for chat, query in ((ANN, "fire"), (ANN, "mayor"), (BEN, "fire")):
                await alerts.add_alert(tx, chat_id=chat, query=query, now=NOON)
            for id in (ONCE, OTHER):
                await alerts.update_alert(tx, id, ANN, once=True)
            for number in range(1, 10):
                title = "Ministry of Ports" if number == 9 else f"Paper {number}"
                self._channels[number] = await channels.add_channel(
                    tx, channel_id=number, title=title, now=NOON
                )

    def post(self, text: str, channel: int) -> Post:
        self._last += 1
        message = types.Message(
            id=self._last,
            peer_id=types.PeerChannel(channel),
            date=datetime.now(UTC).replace(microsecond=0),
            message=text,
        )
        return Post(
            channel=self._channels[channel],
            messages=(message,),
            peers={-1000000000000 - channel: _peer(self._channels[channel])},
        )

    async def take(self, text: str, channel: int) -> str:
        """Let a post come; gives its name."""
        return (await self.take_all((text, channel)))[0]

    async def take_all(self, *posts: tuple[str, int]) -> list[str]:
        """Let posts come together."""
        made = [self.post(text, channel) for text, channel in posts]
        stored: list[Stored] = await self.intake.submit(made)
        return [one.document.doc_id for one in stored]

    async def told(self, chat_id: int) -> dict[str, tuple[str | None, tuple[str, ...]]]:
        """A chat's messages: what each follows, and what came to it."""
        async with self.db.reader() as conn:
            rows = await outbox.list_deliveries(conn, await self.ids(conn, chat_id))
            return {
                row.alert.doc_id: (
                    row.alert.follows,
                    tuple(await folded.list_posts(conn, row.id)),
                )
                for row in rows
            }

    async def ids(self, conn: Connection, chat_id: int, kind: str = "alert") -> list[int]:
        rows = await conn.fetch_all(
            "SELECT id FROM delivery WHERE chat_id = ? AND kind = ? ORDER BY id", (chat_id, kind)
        )
        return [row["id"] for row in rows]

    async def deliver(self, *, but_not: Callable[[Delivery], bool] = lambda _: False) -> None:
        """Everything that is due goes out."""
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now + timedelta(days=1), limit=999,
                                          lease_until=now, per_chat=999)  # fmt: skip
            for row in rows:
                if not but_not(row):
                    await mark_sent(tx, row.id, 1000 + row.id, now)
            await outbox.release_all(tx)


def _peer(channel: Channel) -> PostChannel:
    return PostChannel(id=channel.channel_id, title=channel.title)


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Port]:
    db = await database.open_database(url)
    port = Port(db)
    await port.begin()
    work = asyncio.create_task(port.intake.run())
    try:
        yield port
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        await db.close()


@pytest.fixture
async def port(database_url: str) -> AsyncIterator[Port]:
    async with opened(database_url) as made:
        yield made


@pytest.mark.parametrize("together", [False, True])
async def test_an_event_is_one_message_and_news_of_it_answers_that(
    port: Port, together: bool
) -> None:
    posts = [(FIRE, 1), (SAME[0], 2), (SAME[1], 3), (MORE, 4), (SAME[2], 1)]
    if together:
        names = await port.take_all(*posts)
    else:
        names = [await port.take(*post) for post in posts]
    first, *_, news, _ = names
    told = await port.told(ANN)
    came = tuple(sorted((names[1], names[2], names[4]))) if together else (*names[1:3], names[4])
    assert told == {first: (None, came), news: (first, ())}
    async with port.db.reader() as conn:
        row = (await outbox.list_deliveries(conn, await port.ids(conn, ANN)))[-1]
    assert row.alert.news == "number"
    assert [MORE[start:end] for start, end in row.alert.fresh] == ["17"]


FEUER = "Fire im Hafen: Der Bürgermeister von Marby sagte am Montag, man habe alle gerettet."


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (FIRE, FIRE.replace("A fire", "Reportedly a fire")),
        (f"Reportedly: {FIRE}", FIRE),
        (FIRE, FIRE.replace("Monday evening.", "Monday evening?")),
        (FEUER, FEUER.replace("alle", "niemanden")),
        (FEUER, "Fire! Alle gerettet habe man am Montag im Hafen, sagte der Bürgermeister von "
         "Marby."),
    ],
)  # fmt: skip
async def test_doubts_questions_and_other_languages_ring(
    port: Port, first: str, later: str
) -> None:
    async with port.db.transaction() as tx:
        await alerts.remove_alert(tx, OTHER, ANN)
    names = [await port.take(first, 1), await port.take(later, 2)]
    assert list(await port.told(ANN)) == names


async def test_what_is_counted_is_shown_though_it_is_of_another_story(port: Port) -> None:
    first = await port.take(FIRE, 1)
    await port.deliver()
    other = "Ivo Kalen, mayor of Marby: 12 people killed by the port fire of Monday evening"
    second = await port.take(other, 2)
    assert await port.told(ANN) == {first: (None, (second,))}
    async with port.db.reader() as conn:
        assert await stories.find_story(conn, second) == second
        (edit,) = await outbox.list_deliveries(conn, await port.ids(conn, ANN, "update"))
        (told,) = await port.ids(conn, ANN)
    assert edit.target == told


async def test_a_line_of_a_list_takes_no_posts_in(port: Port) -> None:
    now = datetime.now(UTC)
    begins, ends = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    async with port.db.transaction() as tx:
        await subscribers.update_subscriber(tx, ANN, quiet_from=begins, quiet_until=ends)
    first, second = await port.take_all((FIRE, 1), (SAME[0], 2))
    assert (await port.told(ANN))[first] == (None, ())
    assert second in await port.told(ANN)


async def test_who_asked_for_everything_new_gets_every_post(port: Port) -> None:
    names = [await port.take(text, 1 + n) for n, text in enumerate((FIRE, *SAME))]
    assert await port.told(BEN) == dict.fromkeys(names, (None, ()))


async def test_the_most_eager_alert_of_a_chat_rules(port: Port) -> None:
    first = await port.take(FIRE, 1)
    async with port.db.transaction() as tx:
        await alerts.update_alert(tx, OTHER, ANN, once=False)
    second = await port.take(SAME[0], 2)
    assert list(await port.told(ANN)) == [first, second]
    async with port.db.transaction() as tx:
        await mutes.add_mutes(tx, [OTHER], "3", "Paper 3")
    third = await port.take(SAME[1], 3)
    assert (await port.told(ANN))[first] == (None, (third,))


async def test_an_alert_that_has_not_told_of_the_event_rings(port: Port) -> None:
    async with port.db.transaction() as tx:
        await mutes.add_mutes(tx, [OTHER], "1", "Paper 1")
    first, second = await port.take(FIRE, 1), await port.take(SAME[0], 2)
    assert await port.told(ANN) == {first: (None, ()), second: (first, ())}


async def test_an_official_channel_rings_once(port: Port) -> None:
    first = await port.take(FIRE, 1)
    ministry = await port.take(SAME[0], 9)
    again = await port.take(SAME[1], 9)
    assert await port.told(ANN) == {first: (None, (again,)), ministry: (first, ())}


async def test_another_happening_is_another_message(port: Port) -> None:
    await port.take(FIRE, 1)
    other = (
        "Mayor Ann Olsen opens the new school of Olda, where 300 children learn to sing, by fire"
    )
    name = await port.take(other, 2)
    assert (await port.told(ANN))[name] == (None, ())


@pytest.mark.slow
async def test_edits_of_a_message_come_together_and_go_on_as_long_as_it_takes_posts(
    port: Port,
) -> None:
    await port.take(FIRE, 1)
    await port.deliver()
    for n in range(4 * updates.MOST_VERSIONS):
        await port.take(f"{SAME[n % 4]}{' !' * (n // 4)}", 2 + n % 5)
        if n % 2:
            await port.deliver()
    told = await port.told(ANN)
    assert len(told) == 1
    async with port.db.reader() as conn:
        edits = await port.ids(conn, ANN, "update")
    assert len(edits) == 2 * updates.MOST_VERSIONS


@pytest.mark.parametrize("state", ["given up", "deleted", "forgotten"])
async def test_what_was_counted_at_a_message_that_is_gone_is_told(port: Port, state: str) -> None:
    first = await port.take(FIRE, 1)
    if state != "given up":
        await port.deliver(but_not=lambda row: row.chat_id == BEN)
    counted = [await port.take(text, 2 + n) for n, text in enumerate(SAME[:3])]
    now = datetime.now(UTC)
    async with port.db.transaction() as tx:
        (message,) = await port.ids(tx, ANN)
        if state == "given up":
            await outbox.mark_dead(tx, message, "refused")
            assert await handed_on.hand_on(tx, [message], now=now) == 3
        else:
            assert await handed_on.hand_on_unshown(tx, message, now=now) == 1
            await updates.close_target(tx, message)
    told = await port.told(ANN)
    if state == "given up":
        assert set(told) == {first, *counted}
    else:
        assert told[counted[0]] == (None, tuple(counted[1:]))
    last = await port.take(SAME[3], 5)
    assert last in (await port.told(ANN))[counted[0]][1]


@pytest.mark.parametrize("how", ["moved", "too late"])
async def test_what_no_edit_can_show_any_more_is_told(port: Port, how: str) -> None:
    first = await port.take(FIRE, 1)
    await port.deliver()
    second, third = await port.take(SAME[0], 2), await port.take(SAME[1], 3)
    chat = ANN
    async with port.db.transaction() as tx:
        if how == "moved":
            chat = -100_000_000_041
            await moving.move_chat(tx, ANN, chat)
        else:
            later = datetime.now(UTC) + timedelta(days=3)
            await handed_on.hand_on_expired(tx, await outbox.expire(tx, now=later), now=later)
    told = await port.told(chat)
    assert set(told) == {first, second}
    assert told[second] == (None, (third,))


async def test_nothing_is_left_of_a_chat_that_is_forgotten(port: Port) -> None:
    await port.take(FIRE, 1)
    async with port.db.transaction() as tx:
        assert await tx.fetch_all("SELECT * FROM event_told")
        await subscribers.remove_subscriber(tx, ANN)
        assert not await tx.fetch_all("SELECT * FROM event_told")


_TEXTS = (FIRE, *SAME, MORE, "Fire in Marby", FIRE.replace("said", "did not say"))
_TOWNS = ("Marby", "Olda", "Tunholm", "Kessel", "Varnow", "Brixby", "Ostrand", "Pellin")


@pytest.mark.slow
async def test_every_post_is_a_message_or_counted_at_one(port: Port) -> None:
    chance = random.Random(5)  # noqa: S311
    names: list[str] = []
    for town in _TOWNS:
        for _ in range(chance.randint(1, 3)):
            batch = [
                (chance.choice(_TEXTS).replace("Marby", town), chance.choice((1, 2, 3, 9)))
                for _ in range(chance.randint(1, 7))
            ]
            names += await port.take_all(*batch)
            if chance.random() < 0.5:
                await port.deliver()
    counts = {}
    for chat in (ANN, BEN):
        told = await port.told(chat)
        counted = [post for _, came in told.values() for post in came]
        assert sorted([*told, *counted]) == sorted(names)
        counts[chat] = len(told)
    assert len(_TOWNS) <= counts[ANN] < counts[BEN]
