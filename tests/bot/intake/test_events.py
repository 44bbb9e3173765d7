"""Posts go into events as they are stored: whoever stores them, whatever ends in between."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from database_steps import list_event

from bot.intake import door
from bot.intake import events as module
from bot.intake.events import Events
from bot.intake.indexing import thread_archive
from handlers.stories.gist import Frequencies
from storage import database, row_ids
from storage.connection import Connection, Database
from storage.document import Block, Channel, Document, Forward, Source
from storage.documents import documents
from storage.documents.authors import Authors
from storage.stories import events, stories
from storage.stories.events import Tied, Unthreaded
from storage.structs import replace

NOON = datetime(2025, 11, 1, 12, tzinfo=UTC)
FIRE = "Крупный пожар в пекарне Ватрушкина: горит крыша, эвакуировали 17 человек"
FIRE_AGAIN = "Пожар на пекарне Ватрушкина потушили, из горящего здания вывели 17 человек"
TRAM = "Трамвай сошёл с рельсов у музея, движение на линии закрыто до полудня"
OTHERS = [
    "Мэрия сообщила о ремонте моста через реку",
    "В порту открыли новую школу, сообщила мэрия",
    "Сегодня в городе ждут снега и сильного ветра",
    "The mayor said that the tram would be late",
    "A choir sang in the harbour on Sunday, the council said",
    "Главное к утру\n- Сгорела пекарня\n- Опоздал трамвай\n- Выпал снег",
]


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


class Poster:
    """Makes posts with numbers of their own."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(
        self, text: str, *, hours: float | None = 0, channel: int = 1, of: Document | None = None
    ) -> Document:
        self._number += 1
        at = None if hours is None else (NOON + timedelta(hours=hours)).isoformat()
        origin = None
        if of is not None and of.channel is not None:
            origin = Forward(channel_id=of.channel.id, message_id=of.message_id)
        return Document(
            kind="post",
            doc_id=f"tg:{channel}/{self._number}",
            source=Source(type="telethon"),
            channel=Channel(id=channel),
            message_id=self._number,
            published_at=at,
            body=(Block(type="para", text=text),),
            forwarded_from=origin,
            content_hash=f"sha256:{text}",
        )


@pytest.fixture
def post() -> Poster:
    return Poster()


async def store(tx: Connection, threading: Events, posts: Sequence[Document]) -> None:
    await door.store(tx, posts, now=NOON, live=False, authors=Authors(), events=threading)


async def keep(db: Database, threading: Events, *posts: Document) -> None:
    async with db.transaction() as tx:
        await store(tx, threading, posts)


async def fill(db: Database, threading: Events, post: Poster) -> None:
    await keep(db, threading, *(post(text, hours=-60) for text in OTHERS * 5))


async def groups(db: Database, posts: Sequence[Document]) -> list[int | None]:
    """For each post the place of the first one that is of its event; None for none."""
    async with db.reader() as conn:
        names = [await events.find_event(conn, one.doc_id) for one in posts]
    return [None if name is None else names.index(name) for name in names]


async def test_an_event_knows_its_posts_in_the_order_of_their_times(
    db: Database, post: Poster
) -> None:
    threading = Events()
    await fill(db, threading, post)
    later = post(FIRE_AGAIN, hours=2, channel=2)
    first = post(FIRE, channel=1)
    await keep(db, threading, later, post(TRAM, hours=1))
    await keep(db, threading, first)
    async with db.reader() as conn:
        event = await events.find_event(conn, later.doc_id)
        assert event is not None
        assert await list_event(conn, event) == [first.doc_id, later.doc_id]


async def test_days_long_past_are_let_go_of_where_there_is_much(
    db: Database, post: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_POSTS", 4)
    threading = Events()
    for month, held in ((0, [4]), (1, [4, 4]), (2, [4, 4]), (2, [4, 8])):
        days = [post(f"{text} {month}", hours=720 * month) for text in OTHERS[:4]]
        await keep(db, threading, *days)
        assert [count for count in threading._days.values() if count] == held


async def test_forwards_and_copies_are_of_one_event_and_roundups_of_none(
    db: Database, post: Poster
) -> None:
    threading = Events()
    await fill(db, threading, post)
    fire = post(FIRE)
    posts = [
        fire,
        post("Смотрите!", hours=30, channel=2, of=fire),
        post(f"{FIRE}!", hours=30, channel=3),
        post(OTHERS[-1], hours=1),
        post(FIRE, hours=70, channel=4),
    ]
    await keep(db, threading, *posts)
    assert await groups(db, posts) == [0, 0, 0, None, 4]


async def test_the_same_alarm_hours_later_is_another_event(db: Database, post: Poster) -> None:
    alarm = "🔴 Воздушная тревога в Меллене"
    posts = [post(alarm), post(alarm, hours=1), post(alarm, hours=20)]
    await keep(db, Events(), *posts)
    assert await groups(db, posts) == [0, 0, 2]


async def test_posts_of_unknown_time_are_alone_but_for_copies(db: Database, post: Poster) -> None:
    fire = post(FIRE, hours=None)
    posts = [fire, post(FIRE_AGAIN, hours=None), post("Смотрите!", hours=None, channel=2, of=fire)]
    await keep(db, Events(), *posts)
    assert await groups(db, posts) == [0, 1, 2]


def shuffled(post: Poster, seed: int) -> list[Document]:
    chance = random.Random(seed)  # noqa: S311
    texts = [FIRE, FIRE_AGAIN, TRAM, "Трамвай у музея поставили на рельсы", *OTHERS]
    return [
        post(chance.choice(texts), hours=chance.uniform(-80, 80), channel=chance.randint(1, 5))
        for _ in range(120)
    ]


@pytest.mark.slow
async def test_restarts_and_lost_transactions_change_nothing(
    tmp_path: Path, put_database: Callable[[Path], str], post: Poster
) -> None:
    posts = shuffled(post, 7)
    found = []
    for way in ("at rest", "restarted", "lost", "two processes"):
        db = await database.open_database(put_database(tmp_path / f"{way}.db"))
        threading, other = Events(), Events()
        for start in range(0, len(posts), 8):
            batch = posts[start : start + 8]
            if way == "restarted":
                threading = Events()
            elif way == "two processes":
                threading, other = other, threading
            elif way == "lost":
                with contextlib.suppress(RuntimeError):
                    async with db.transaction() as tx:
                        await store(tx, threading, [replace(one) for one in batch[::-1]])
                        raise RuntimeError
            await keep(db, threading, *batch)
        found.append(await groups(db, posts))
        await db.close()
    assert found[0] == found[1] == found[2] == found[3]
    assert 10 < len(set(found[0])) < 60


@pytest.mark.parametrize("others", ["were stored by one that ended", "are stored beside it"])
async def test_what_others_stored_is_joined(db: Database, post: Poster, others: str) -> None:
    one, other = Events(), Events()
    await fill(db, one, post)
    if others == "are stored beside it":
        await keep(db, other, post(TRAM, hours=3))
    first, timeless = post(FIRE), post(FIRE, hours=None, channel=3)
    await keep(db, one, first, timeless, post(OTHERS[-1], hours=1))
    later = post(FIRE_AGAIN, hours=1, channel=2)
    await keep(db, other, later)
    assert await groups(db, [first, later, timeless]) == [0, 0, 0]


async def test_however_much_others_store_an_edit_reads_little_of_it(
    db: Database, post: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_AT", 5)
    first, fire = post(TRAM), post(FIRE, channel=2)
    threading, others = Events(), Events()
    await keep(db, threading, first)
    looks = [f"{sql} {values}" for sql, values in threading.expected()]
    for number in range(4):
        await keep(db, others, *(post(text, hours=-60) for text in OTHERS))
        await keep(db, others, *([fire] if number == 2 else []))
        async with db.transaction() as tx:
            assert len(await threading.look(tx) or ()) == 5
        await keep(db, threading, first)
    assert [f"{sql} {values}" for sql, values in threading.expected()] == looks
    again = post(FIRE_AGAIN, hours=1)
    await keep(db, threading, again)
    await keep(db, threading, late := post(FIRE_AGAIN, hours=2, channel=3))
    assert await groups(db, [fire, again, late]) == [0, 0, 0]
    async with db.reader() as conn:
        assert [row.id for row in await events.list_since(conn, 0)] == list(range(1, 29))


async def test_of_an_event_that_is_loaded_again_its_posts_of_other_days_are_there(
    db: Database, post: Poster
) -> None:
    await fill(db, Events(), post)
    fires = [
        post(FIRE, hours=hours, channel=channel)
        for channel, hours in enumerate((-20, 0, 20, 40), 1)
    ]
    await keep(db, Events(), *fires)
    threading = Events()
    await keep(db, threading, post(FIRE_AGAIN, hours=44, channel=9))
    held = threading._threads.window.events.values()
    assert max(len(event.posts) for event in held) == 3
    async with db.reader() as conn:
        for event in held:
            assert len(event.posts) == len(await list_event(conn, event.id))


async def test_the_archive_of_before_is_threaded_once(db: Database, post: Poster) -> None:
    posts = [post(text, hours=-60) for text in OTHERS * 30]
    fires = [post(FIRE), post(FIRE_AGAIN, hours=1)]
    async with db.transaction() as tx:
        stored = await documents.store_documents(tx, posts + fires, stored_at=NOON, live=True)
        assert len(stored) == 182
    threading = Events()
    late = post(f"Ещё раз: {FIRE}", hours=2)
    await keep(db, threading, late)
    await thread_archive(db, threading)
    await thread_archive(db, Events())
    assert await groups(db, [*fires, late]) == [0, 0, 0]
    async with db.reader() as conn:
        rows = await events.list_since(conn, 0)
    assert len(rows) == 183


async def test_frequencies_are_kept_and_go_on(
    db: Database, post: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.events.KEEP_EVERY", 10)
    await fill(db, Events(), post)
    async with db.reader() as conn:
        counted_to, found = await events.find_frequencies(conn)
    assert counted_to == 30
    assert {russian: posts for russian, (posts, _) in found.items()} == {True: 15, False: 10}
    fires = [post(FIRE), post(FIRE_AGAIN, hours=1)]
    await keep(db, Events(), *fires)
    assert await groups(db, fires) == [0, 0]


async def test_what_a_channel_always_says_is_learned_anew_after_25_of_its_posts(
    db: Database, post: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[int] = []
    list_texts = events.list_texts

    async def listed(
        tx: Connection, channel_ids: Sequence[int], *, limit: int
    ) -> dict[int, list[str]]:
        learned.extend(channel_ids)
        return await list_texts(tx, channel_ids, limit=limit)

    monkeypatch.setattr(events, "list_texts", listed)
    threading, counts = Events(), []
    for _ in range(30):
        await keep(db, threading, *(post(text, hours=-60) for text in OTHERS[:5]))
        counts.append(len(learned))
    assert counts[-1] - counts[-6] == counts[-6] - counts[-11] == 1


async def test_what_new_channels_say_is_read_at_once_for_a_batch(
    db: Database, post: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []
    list_texts = events.list_texts

    async def listed(
        tx: Connection, channel_ids: Sequence[int], *, limit: int
    ) -> dict[int, list[str]]:
        asked.append(sorted(channel_ids))
        return await list_texts(tx, channel_ids, limit=limit)

    monkeypatch.setattr(events, "list_texts", listed)
    threading = Events()
    for _ in range(2):
        await keep(db, threading, *(post(text, channel=n) for n, text in enumerate(OTHERS, 1)))
    await keep(db, threading, *(post(text, channel=n % 3 + 1) for n, text in enumerate(OTHERS)))
    assert asked == [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 2, 3]]


async def test_a_restart_counts_no_word_twice(
    tmp_path: Path,
    put_database: Callable[[Path], str],
    post: Poster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.intake.events.KEEP_EVERY", 10)
    posts = [post(text, hours=-60) for text in OTHERS * 4]
    found = []
    for way in ("at rest", "restarted"):
        db = await database.open_database(put_database(tmp_path / f"{way}.db"))
        threading = Events()
        for number, one in enumerate(posts):
            if way == "restarted" and number % 3 == 2:
                threading = Events()
            await keep(db, threading, one)
        async with db.reader() as conn:
            counted_to, kept = await events.find_frequencies(conn)
        known = {russian: Frequencies.unpack(*packed) for russian, packed in kept.items()}
        counts = {russian: (one.posts, one.counts) for russian, one in known.items()}
        found.append((counted_to, counts))
        await db.close()
    assert found[0] == found[1]
    assert found[0][0] >= 19


async def test_events_fold_nothing(db: Database, post: Poster) -> None:
    fires = [post(FIRE), post(FIRE_AGAIN, hours=1)]
    await keep(db, Events(), *fires)
    async with db.reader() as conn:
        assert [await stories.find_story(conn, one.doc_id) for one in fires] == [
            one.doc_id for one in fires
        ]


async def test_a_merge_is_recorded_and_the_old_name_leads_on(db: Database, post: Poster) -> None:
    posts = [post(FIRE), post(TRAM), post("Снег", hours=3)]
    await keep(db, Events(), *posts)
    async with db.transaction() as tx:
        await events.merge(tx, 3, into=2)
        await events.merge(tx, 2, into=1)
    async with db.reader() as conn:
        for name in (1, 2, 3):
            assert await list_event(conn, name) == [one.doc_id for one in posts]


def said(second: int, channel: int, *, story: str = "fire") -> Unthreaded:
    """A post of that second."""
    number = second << row_ids.BITS
    return Unthreaded(
        document_id=number, channel_id=channel, story=story, is_copy=True, text="Fire"
    )


def test_what_is_merged_within_a_batch_leads_on_to_what_it_was_merged_into_last() -> None:
    told = [
        Tied(story="fire", document_id=said(at, 1).document_id, channel_id=channel, event=event)
        for at, channel, event in ((0, 1, 5), (70, 2, 6), (80, 2, 9))
    ]
    ties = module._Ties([*told, replace(told[0], story="tram", event=4)])
    assert [ties.find(said(at, 3)) for at in (34, 36, 74, 76)] == [5, 6, 6, 9]
    ties.note(said(100, 4), 3, [5, 6])
    ties.note(said(101, 4, story="snow"), 1, [3])
    assert ties.merged == [(5, 3), (6, 3), (3, 1)]
    assert [ties.find(said(at, 3)) for at in (34, 76, 99, 101)] == [1, 9, 1, 1]
    assert ties.find(said(0, 3, story="tram")) == 4
    assert ties.find(said(0, 3, story="frost")) is None


@pytest.mark.parametrize(
    ("hours", "channel", "is_repeated"),
    [(6, 1, False), (6.001, 1, True), (-6.001, 1, True), (6.001, 2, False), (0, 1, False)],
)
def test_what_its_channel_said_long_before_is_not_what_a_post_joins(
    hours: float, channel: int, is_repeated: bool
) -> None:
    first = Tied(story="fire", document_id=said(100_000, 1).document_id, channel_id=1, event=5)
    ties = module._Ties([first])
    again = said(100_000 + int(hours * 3600), channel)
    assert ties.list_repeated(again) == ({5} if is_repeated else frozenset())
    assert ties.find(again) == (None if is_repeated else 5)
    ties.note(said(100_000, 9), 3, [5])
    assert ties.list_repeated(again) == ({3} if is_repeated else frozenset())


async def test_many_posts_at_once_let_others_have_their_turn() -> None:
    """Reading what a post is about takes time, and a batch may have hundreds."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    threading = Events()
    for number in range(60):
        one = Unthreaded(document_id=number, story="", text=FIRE, channel_id=None, is_copy=False)
        await threading._read(number, one)
    counting.cancel()
    assert turns == 3


async def test_the_footer_of_a_new_channel_makes_no_event_of_its_posts(
    db: Database, post: Poster
) -> None:
    threading = Events()
    await fill(db, threading, post)
    footer = "Lire plus chez marins.example"
    told = [
        "La banque centrale de Norlande abaisse son taux directeur d'un quart de point",
        "Tempête : le trafic des ferries au départ d'Olda suspendu jusqu'à lundi matin",
        "Un musée consacré aux phares ouvrira demain dans une ancienne école maritime",
    ]
    posts = [post(f"{one}\n\n{footer}", hours=n, channel=8) for n, one in enumerate(told)]
    for one in posts:
        await keep(db, threading, one)
    assert await groups(db, posts) == [0, 1, 2]
