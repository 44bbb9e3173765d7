"""The one door: stored, matched and queued in one transaction."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime

import pytest
from database_steps import list_active
from telethon.tl import types

from bot.intake.asides import Asides
from bot.intake.intake import MATCHED_AT_ONCE, Intake
from bot.intake.posts import Advance, Deletion, ElsewhereError, Post, StoppedError
from bot.intake.saved_queries import Saved, SavedQueries
from bot.sandbox.state import media
from handlers.operators.notices import Notices
from handlers.operators.troubles import Troubles
from storage import database
from storage.channels import channels
from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents, problems
from storage.errors import UnavailableError
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.query.words.analysis import Analysed
from storage.records import Channel, Delivery, Problem
from storage.sqlite.driver import Driver
from storage.structs import replace
from storage.subscribers import alerts, subscribers

HARBOUR = 7


class Door:
    """An intake at work, with a watched channel and a subscriber's alert for ``ferry``."""

    def __init__(
        self,
        db: Database,
        channel: Channel,
        intake: Intake,
        gate: Outbox,
        troubles: Troubles,
    ) -> None:
        self.db = db
        self.channel = channel
        self.intake = intake
        self.gate = gate
        self.troubles = troubles
        self.elsewhere: set[int] = set()

    async def others(self, _tx: Connection, rows: Collection[int]) -> frozenset[int]:
        """Channels (their rows) of these that another process reads."""
        return frozenset(self.elsewhere.intersection(rows))

    def post(self, message_id: int, text: str, **details: object) -> Post:
        """A post of the channel as Telethon gives it."""
        taken = {name: bool(details.pop(name, False)) for name in ("history", "asked")}
        message = types.Message(
            id=message_id,
            peer_id=types.PeerChannel(HARBOUR),
            date=datetime(2025, 11, 1, 12, tzinfo=UTC),
            message=text,
            **details,
        )
        return Post(channel=self.channel, messages=(message,), **taken)

    async def queued(self) -> list[Delivery]:
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now, limit=1000, lease_until=now)
            await outbox.release_all(tx)
        return rows

    async def cursor(self) -> int:
        async with self.db.reader() as conn:
            return (await channels.get_channel(conn, self.channel.id)).cursor


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Door]:
    db = await database.open_database(database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=HARBOUR, title="Harbour", now=now)
        await subscribers.add_subscriber(tx, chat_id=42, now=now)
        await alerts.add_alert(tx, chat_id=42, query="ferry", now=now)
    gate = Outbox()
    troubles = Troubles()
    notices = Notices([1], language="en", outbox=gate)
    asides = Asides(notices=notices, troubles=troubles)
    made = Door(db, channel, Intake(db, SavedQueries()), gate, troubles)
    made.intake = Intake(db, SavedQueries(), outbox=gate, asides=asides, others=made.others)
    work = asyncio.create_task(made.intake.run())
    yield made
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await db.close()


async def test_a_post_is_stored_with_the_rows_it_causes(door: Door) -> None:
    (stored,) = await door.intake.submit([door.post(1, "The ferry sails")])
    assert stored.outcome == "new"
    (row,) = await door.queued()
    assert (row.kind, row.chat_id, row.story) == ("alert", 42, "tg:7/1")
    assert row.payload == AlertPayload(doc_id="tg:7/1", alerts=((1, "ferry"),))
    assert door.gate.news.is_set()


@pytest.mark.parametrize(("text", "most"), [("A crane was sold to pilots", 6), ("A ferry", 8)])
async def test_a_post_alone_takes_few_hops_to_the_database(
    door: Door, monkeypatch: pytest.MonkeyPatch, text: str, most: int
) -> None:
    hops = Counter[str]()
    plain = Driver.run

    async def counted(self: Driver, work: Callable[..., object]) -> object:
        hops["all"] += 1
        return await plain(self, work)

    # A channel with few posts has its footer learned more often.
    for numbers in (range(1, 7), range(7, 8)):
        await door.intake.submit([door.post(n, f"Quay {n} is open again") for n in numbers])
    monkeypatch.setattr(Driver, "run", counted)
    (stored,) = await door.intake.submit([door.post(8, text)])
    assert stored.outcome == "new"
    # To begin with what others changed, the events, the usual language, the names that it may have
    # and its place; as it is old, what was deleted before, twice; its rows, what is like it, the
    # commit. For an alert who reads it; as it is old, with which settings; what is queued already.
    assert 0 < hops["all"] <= most
    monkeypatch.undo()
    assert len(await door.queued()) == (most > 6)


async def test_the_same_post_from_another_source_changes_nothing(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry sails")])
    (stored,) = await door.intake.submit([door.post(1, "The ferry sails")])
    assert stored.outcome == "unchanged"
    assert len(await door.queued()) == 1


async def test_history_is_stored_and_alerts_nobody(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry of old", history=True)])
    async with door.db.reader() as conn:
        assert await documents.find_document(conn, "tg:7/1") is not None
    assert await door.queued() == []


async def test_a_service_message_alerts_nobody(door: Door) -> None:
    message = types.MessageService(
        id=1,
        peer_id=types.PeerChannel(HARBOUR),
        date=datetime(2025, 11, 1, 12, tzinfo=UTC),
        action=types.MessageActionChatEditTitle("The ferry"),
    )
    await door.intake.submit([Post(channel=door.channel, messages=(message,))])
    async with door.db.reader() as conn:
        assert (await documents.get_document(conn, "tg:7/1")).title == "The ferry"
    assert await door.queued() == []


async def test_the_same_words_within_a_batch_alert_once(door: Door) -> None:
    await door.intake.submit([door.post(n, "The ferry to Marby sails again") for n in (1, 2, 3)])
    assert len(await door.queued()) == 1


async def test_a_cursor_moves_with_what_was_read(door: Door) -> None:
    advance = Advance(id=door.channel.id, message_id=9, scanned_at=datetime.now(UTC))
    await door.intake.submit([door.post(9, "The ferry sails")], advance=advance)
    assert await door.cursor() == 9


async def test_a_message_that_cannot_be_read_holds_up_no_other(door: Door) -> None:
    broken = Post(channel=door.channel, messages=(object(),))
    stored = await door.intake.submit([broken, door.post(2, "The ferry sails")])
    assert [item.document.doc_id for item in stored] == ["tg:7/2"]


@pytest.mark.slow
async def test_many_at_once_are_each_told_of_their_own(door: Door) -> None:
    posts = [door.post(n, f"Ferry number {n}") for n in range(1, 451)]
    results = await asyncio.gather(*(door.intake.submit([post]) for post in posts))
    assert [item.document.message_id for (item,) in results] == list(range(1, 451))
    assert len(await door.queued()) == 450


@pytest.mark.parametrize(
    ("sizes", "commits"), [((2, 2, 4), 2), ((2, 3, 1), 2), ((1, 1, 1, 1), 1), ((5, 1), 2)]
)
async def test_what_waits_is_stored_together_as_far_as_it_fits(
    door: Door, monkeypatch: pytest.MonkeyPatch, sizes: Sequence[int], commits: int
) -> None:
    monkeypatch.setattr("bot.intake.intake.BATCH", 4)
    numbers, done = itertools.count(1), Counter[bool]()
    door.db.listen(lambda error: done.update([error is None]))
    jobs = [[door.post(next(numbers), "A crane") for _ in range(size)] for size in sizes]
    stored = await asyncio.gather(*(door.intake.submit(job) for job in jobs))
    assert [len(one) for one in stored] == list(sizes)
    assert done == {True: commits}


async def test_what_another_process_reads_by_now_is_not_taken_in_and_holds_up_nothing(
    door: Door,
) -> None:
    async with door.db.transaction() as tx:
        quay = await channels.add_channel(tx, channel_id=8, now=datetime.now(UTC))
    await door.intake.submit([replace(door.post(1, "A boat"), channel=quay)])

    async def others(_: Connection, rows: Collection[int]) -> frozenset[int]:
        return frozenset({quay.id}) & {*rows}

    door.intake._others = others
    now = datetime.now(UTC)
    results = await asyncio.gather(
        door.intake.submit([door.post(1, "A ferry")]),
        door.intake.submit([replace(door.post(2, "A ferry too"), channel=quay)]),
        door.intake.submit(advance=Advance(id=quay.id, message_id=9, scanned_at=now)),
        door.intake.submit(deletion=Deletion(id=quay.id, channel_id=8, message_ids=(1,))),
        door.intake.submit([door.post(3, "One more ferry")]),
        return_exceptions=True,
    )
    refused = [isinstance(result, UnavailableError) for result in results]
    assert refused == [False, True, True, True, False]
    assert len(await door.queued()) == 2
    async with door.db.reader() as conn:
        assert (await documents.get_document(conn, "tg:8/1")).deleted_at is None
        assert (await channels.get_channel(conn, quay.id)).cursor == 0


async def test_an_edit_alerts_if_it_made_the_post_match(door: Door) -> None:
    edited = datetime(2025, 11, 1, 13, tzinfo=UTC)
    await door.intake.submit([door.post(1, "The boat sails"), door.post(2, "The ferry sails")])
    await door.intake.submit(
        [
            door.post(1, "The ferry, a boat, sails", edit_date=edited),
            door.post(2, "The ferry sails at noon", edit_date=edited),
        ]
    )
    told = [(row.chat_id, row.alert.doc_id) for row in await door.queued()]
    assert sorted(told) == [(42, "tg:7/1"), (42, "tg:7/2")]


async def test_an_edit_alerts_if_what_it_attached_made_the_post_match(door: Door) -> None:
    edited = datetime(2025, 11, 1, 13, tzinfo=UTC)
    plan, map = media.document("plan.pdf"), media.document("ferry map.pdf")
    await door.intake.submit([door.post(1, "Read it", media=plan)])
    (stored,) = await door.intake.submit([door.post(1, "Read it", media=map, edit_date=edited)])
    assert stored.revised
    assert [row.alert.doc_id for row in await door.queued()] == ["tg:7/1"]


async def test_a_deletion_is_noted(door: Door) -> None:
    await door.intake.submit([door.post(1, "The ferry sails")])
    deletion = Deletion(id=door.channel.id, channel_id=HARBOUR, message_ids=(1,))
    await door.intake.submit(deletion=deletion)
    async with door.db.reader() as conn:
        document = await documents.get_document(conn, "tg:7/1")
    assert document.deleted_at is not None


class Refusing:
    """SQLite itself refuses rows that hold a word, until it is told to let them in."""

    def __init__(self, db: Database, word: str) -> None:
        self.db = db
        self.word = word

    async def __aenter__(self) -> None:
        async with self.db.transaction() as tx:
            for event in ("INSERT", "UPDATE"):
                await tx.execute(
                    f"CREATE TRIGGER refuse_{event} BEFORE {event} ON document"
                    f" WHEN instr(new.json, '{self.word}')"
                    " BEGIN SELECT RAISE(ABORT, 'no such word here'); END"
                )

    async def __aexit__(self, *_: object) -> None:
        async with self.db.transaction() as tx:
            for event in ("INSERT", "UPDATE"):
                await tx.execute(f"DROP TRIGGER refuse_{event}")


def broken(door: Door, message_id: int) -> Post:
    """A post whose text nobody has foreseen."""
    message = door.post(message_id, "The ferry 🚢 sails").messages[0]
    message.entities = [types.MessageEntityBold(0, 3)]
    message.entities[0].offset = Unreadable(0)
    return Post(channel=door.channel, messages=(message,))


class Unreadable(int):
    """A number that can't be compared, as no reader expects."""

    def __lt__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    __gt__ = __le__ = __ge__ = __lt__


async def listed(door: Door) -> list[Problem]:
    async with door.db.reader() as conn:
        return await problems.list_problems(conn)


async def scan(door: Door, *posts: Post, upto: int) -> list[int | None]:
    """Submit posts as a scan that reads on from the cursor."""
    advance = Advance(id=door.channel.id, message_id=upto, scanned_at=datetime.now(UTC))
    stored = await door.intake.submit(posts, advance=advance)
    return [item.document.message_id for item in stored]


async def test_a_post_that_is_refused_is_set_aside_and_the_rest_goes_on(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        posts = [door.post(1, "The ferry"), door.post(2, "A wombat"), door.post(3, "Another ferry")]
        assert await scan(door, *posts, upto=3) == [1, 3]
    assert await door.cursor() == 3
    assert [row.kind for row in await door.queued()].count("alert") == 2
    (problem,) = await listed(door)
    assert (problem.place, problem.tries, problem.history) == ("tg:7/2", 1, False)
    assert "no such word here" in problem.error


async def test_a_post_that_makes_the_reader_stumble_is_set_aside_too(door: Door) -> None:
    assert await scan(door, broken(door, 1), door.post(2, "The ferry"), upto=2) == [2]
    assert await door.cursor() == 2
    (problem,) = await listed(door)
    assert (problem.place, problem.error) == ("tg:7/1", "RuntimeError: not comparable")


async def test_what_is_refused_again_stays_one_row_and_goes_when_it_goes_in(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        for tries in (1, 2, 3):
            await door.intake.submit([door.post(2, "A wombat")])
            (problem,) = await listed(door)
            assert problem.tries == tries
    await door.intake.submit([door.post(2, "A wombat")])
    assert await listed(door) == []


async def test_what_is_tried_again_stays_aside_until_it_goes_in(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        await door.intake.submit([door.post(2, "A wombat")])
        (problem,) = await listed(door)
        again = replace(door.post(2, "A wombat"), problem=problem.id)
        other = door.post(3, "The ferry")
        assert len(await door.intake.submit([again, other])) == 1
        assert [row.id for row in await listed(door)] == [problem.id]
    assert len(await door.intake.submit([again])) == 1
    assert await listed(door) == []


@pytest.mark.parametrize(("problem", "told"), [(None, 1), (7, 0)])
async def test_an_edit_of_history_that_is_tried_again_alerts_nobody(
    door: Door, problem: int | None, told: int
) -> None:
    await door.intake.submit([door.post(1, "A train")])
    edited = door.post(1, "The ferry", history=True, edit_date=datetime(2025, 11, 2, tzinfo=UTC))
    await door.intake.submit([replace(edited, problem=problem)])
    assert len(await door.queued()) == told


@pytest.mark.slow
async def test_many_jobs_at_once_lose_only_what_is_refused(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        texts = ["wombat" if n in (5, 60) else f"Ferry number {n}" for n in range(1, 101)]
        posts = [door.post(n, text) for n, text in enumerate(texts, 1)]
        results = await asyncio.gather(*(door.intake.submit([post]) for post in posts))
    assert [len(result) for result in results] == [int(t != "wombat") for t in texts]
    assert [problem.place for problem in await listed(door)] == ["tg:7/5", "tg:7/60"]


async def test_the_third_alike_in_a_row_waits_and_the_cursor_with_it(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        posts = [door.post(n, f"A wombat {n}") for n in (2, 3, 4, 5)]
        with pytest.raises(StoppedError) as caught:
            await scan(door, door.post(1, "Ferry"), *posts, door.post(6, "Ferry two"), upto=6)
        assert caught.value.held == {4, 5}
        assert caught.value.reached == await door.cursor() == 3
        assert [item.document.message_id for item in caught.value.stored] == [1, 6]
        assert [problem.place for problem in await listed(door)] == ["tg:7/2", "tg:7/3"]
        (trouble,) = door.troubles.list_all()
        assert (trouble.cause, trouble.reason) == (f"channel:{door.channel.id}", "channels")
        # Pushes pass nothing over either; a scan that reads on finds it as it was.
        with pytest.raises(StoppedError):
            await door.intake.submit([door.post(9, "A lone wombat")])
        with pytest.raises(StoppedError):
            await scan(door, *posts[2:], upto=9)
        assert await door.cursor() == 3
        assert len(await listed(door)) == 2
    assert await scan(door, *posts[2:], door.post(9, "A lone wombat"), upto=9) == [4, 5, 9]
    assert await door.cursor() == 9
    assert door.troubles.list_all() == []


@pytest.mark.slow
async def test_the_fifth_of_fifty_waits_whatever_its_error(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        for first in (1, 11, 21, 31):
            good = [door.post(n, f"Number {n}") for n in range(first + 1, first + 10)]
            odd = door.post(first, "A wombat") if first % 4 == 1 else broken(door, first)
            await scan(door, odd, *good, upto=first + 9)
        with pytest.raises(StoppedError):
            await scan(door, broken(door, 41), upto=41)
    assert await door.cursor() == 40
    async with door.db.transaction() as tx:
        for problem in await problems.list_problems(tx):
            await problems.drop_problem(tx, problem.id)
    # Whoever drops them has seen to them.
    assert await scan(door, broken(door, 41), upto=41) == []
    assert await door.cursor() == 41


async def test_what_lies_behind_the_cursor_is_set_aside_though_its_channel_is_stopped(
    door: Door,
) -> None:
    edited = datetime(2025, 11, 1, 13, tzinfo=UTC)
    await scan(door, *(door.post(n, f"Number {n}") for n in (1, 2, 3, 4)), upto=4)
    async with Refusing(door.db, "wombat"):
        for n in (1, 2, 3, 4):
            await door.intake.submit([door.post(n, "A wombat", edit_date=edited)])
    assert len(await listed(door)) == 4
    assert await door.cursor() == 4


async def test_history_that_was_asked_for_waits_in_the_same_way(door: Door) -> None:
    await scan(door, door.post(100, "Now"), upto=100)
    posts = [door.post(n, f"A wombat {n}", history=True, asked=True) for n in (2, 3, 4)]
    async with Refusing(door.db, "wombat"):
        with pytest.raises(StoppedError):
            await door.intake.submit(posts)
        assert [trouble.cause for trouble in door.troubles.list_all()] == [
            f"history:{door.channel.id}"
        ]
    assert len(await door.intake.submit(posts)) == 3
    assert door.troubles.list_all() == []
    assert await listed(door) == []


async def test_the_operator_is_told_of_an_error_once(door: Door) -> None:
    async with Refusing(door.db, "wombat"):
        for n in (1, 10):
            await scan(door, door.post(n, "A wombat"), door.post(n + 1, "Well"), upto=n + 1)
    (notice,) = [row for row in await door.queued() if row.kind == "notice"]
    assert notice.chat_id == 1
    assert "tg:7/1" in str(notice.payload)


async def test_a_full_disk_sets_nothing_aside_and_what_is_in_hand_is_stored_after_it(
    door: Door,
) -> None:
    async with door.db.transaction() as tx:
        pages = (await tx.fetch_all("PRAGMA page_count"))[0]["page_count"]
        await tx.fetch_all(f"PRAGMA max_page_count = {pages}")
    posts = [door.post(n, f"{n} " * 50_000) for n in range(1, 4)]
    scanning = asyncio.create_task(scan(door, *posts, upto=3))
    done, _ = await asyncio.wait({scanning}, timeout=0.5)
    assert not done
    assert await door.cursor() == 0
    async with door.db.transaction() as tx:
        await tx.fetch_all("PRAGMA max_page_count = 1000000")
    assert await scanning == [1, 2, 3]
    assert await listed(door) == []


async def test_while_the_disk_is_full_no_more_is_taken_than_there_is_room_for(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.intake.QUEUED_JOBS", 2)
    intake = Intake(door.db, SavedQueries())
    async with door.db.transaction() as tx:
        pages = (await tx.fetch_all("PRAGMA page_count"))[0]["page_count"]
        await tx.fetch_all(f"PRAGMA max_page_count = {pages}")
    work = asyncio.create_task(intake.run())
    big = [door.post(n, f"{n} " * 50_000) for n in (1, 2)]
    waiting = [asyncio.create_task(intake.submit([post])) for post in big]
    while not (intake._is_held and intake._places.locked()):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    with pytest.raises(UnavailableError, match="too much waits to be stored") as caught:
        await intake.submit([door.post(3, "C")])
    assert (caught.value.cause, caught.value.where) == ("disk", "intake")
    # A scan waits, for nothing would read again what it has read.
    advance = Advance(id=door.channel.id, message_id=4, scanned_at=datetime.now(UTC))
    waiting.append(asyncio.create_task(intake.submit([door.post(4, "D")], advance=advance)))
    await asyncio.sleep(0)
    assert not waiting[-1].done()
    async with door.db.transaction() as tx:
        await tx.fetch_all("PRAGMA max_page_count = 1000000")
    assert [len(stored) for stored in await asyncio.gather(*waiting)] == [1, 1, 1]
    # Then who comes when much is in hand waits for a place, as ever.
    many = [intake.submit([door.post(n, "C")]) for n in (3, *range(5, 10))]
    assert [len(stored) for stored in await asyncio.gather(*many)] == [1] * 6
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def test_where_it_stops_nobody_waits_for_what_was_in_hand_or_in_the_queue(
    door: Door,
) -> None:
    in_hand = asyncio.Event()

    async def hang(_tx: Connection, _rows: Collection[int]) -> frozenset[int]:
        in_hand.set()
        await asyncio.Event().wait()
        return frozenset()

    intake = Intake(door.db, SavedQueries(), others=hang)
    work = asyncio.create_task(intake.run())
    waiting = [asyncio.create_task(intake.submit([door.post(1, "A")]))]
    await in_hand.wait()
    waiting.append(asyncio.create_task(intake.submit([door.post(2, "B")])))
    while not intake._jobs:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    work.cancel()
    done, _ = await asyncio.wait({work, *waiting}, timeout=60)
    assert len(done) == 3
    assert all(one.cancelled() for one in done)


@pytest.mark.parametrize("first", [RuntimeError("odd"), ValueError("odder")])
async def test_a_fault_that_is_no_posts_is_told_while_posts_are_taken_one_by_one(
    door: Door, first: Exception
) -> None:
    errors = [first, MemoryError("no room")]

    async def failing(_tx: Connection, _rows: Collection[int]) -> frozenset[int]:
        if errors:
            raise errors.pop(0)
        return frozenset()

    intake = Intake(door.db, SavedQueries(), others=failing)
    work = asyncio.create_task(intake.run())
    submitted = asyncio.create_task(intake.submit([door.post(1, "A"), door.post(2, "B")]))
    await asyncio.wait({submitted}, timeout=60)
    assert submitted.done()
    assert isinstance(submitted.exception(), MemoryError)
    assert await listed(door) == []
    assert len(await intake.submit([door.post(1, "A"), door.post(2, "B")])) == 2
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def test_a_short_post_has_its_channels_usual_language_and_an_alert_finds_it(
    door: Door,
) -> None:
    said = "Министр прибыл в порт утром и встретился с рыбаками, сообщили в посольстве"
    (short,) = await door.intake.submit([door.post(1, "Отбой тревоги")])
    assert (short.document.lang, short.document.lang_basis) == (None, None)
    posts = [door.post(number, f"{said}: {number}") for number in range(2, 7)]
    for stored in await door.intake.submit(posts):
        assert (stored.document.lang, stored.document.lang_basis) == ("ru", None)
    texts = ("Отбой тревоги снова", "Kyiv, 9:00", "Привіт", "🚢", "#Порт")
    outcomes = await door.intake.submit(
        [door.post(number, text) for number, text in enumerate(texts, start=10)]
    )
    languages = [stored.document.lang for stored in outcomes]
    assert languages == ["ru", None, None, None, "ru"]
    assert outcomes[0].document.lang_basis == "channel"
    async with door.db.transaction() as tx:
        await alerts.add_alert(tx, chat_id=42, query="отбой lang:ru", now=datetime.now(UTC))
        saved = SavedQueries(await list_active(tx))
    (alert,) = saved.matching(outcomes[0].document, analysed=outcomes[0].analysed)
    assert alert.query == "отбой lang:ru"


async def test_a_short_post_that_was_stored_without_one_gets_it_when_it_is_read_again(
    door: Door,
) -> None:
    said = "Министр прибыл в порт утром и встретился с рыбаками, сообщили в посольстве"
    short = door.post(1, "Отбой тревоги")
    await door.intake.submit([short])
    await door.intake.submit([door.post(number, f"{said}: {number}") for number in range(2, 7)])
    (again,) = await door.intake.submit([short])
    assert (again.outcome, again.revised, again.document.lang) == ("updated", False, "ru")
    (once_more,) = await door.intake.submit([short])
    assert once_more.outcome == "unchanged"
    async with door.db.reader() as conn:
        assert await documents.list_revisions(conn, "tg:7/1") == []
        assert await documents.count_languages(conn, HARBOUR) == {"ru": 5}


async def test_what_another_process_reads_by_now_is_left_to_it_and_all_else_is_stored(
    door: Door,
) -> None:
    now = datetime.now(UTC)
    async with door.db.transaction() as tx:
        pier = await channels.add_channel(tx, channel_id=8, title="Pier", now=now)
    door.elsewhere = {pier.id}
    here = [door.post(number, f"The ferry sails {number}") for number in range(1, 13)]
    there = [replace(door.post(number, "The ferry of the pier"), channel=pier) for number in (1, 2)]
    jobs = [door.intake.submit([post]) for post in here]
    for place, post in zip((3, 7), there, strict=True):
        jobs.insert(place, door.intake.submit([post]))
    for channel in (pier, door.channel):
        advance = Advance(id=channel.id, message_id=12, scanned_at=now)
        jobs.append(door.intake.submit(advance=advance))
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    refused = [number for number, one in enumerate(ended) if isinstance(one, BaseException)]
    assert refused == [3, 7, 14]
    for number in refused:
        assert isinstance(ended[number], ElsewhereError)
    assert len(await door.queued()) == 12
    assert await door.cursor() == 12
    async with door.db.reader() as conn:
        assert (await channels.get_channel(conn, pier.id)).cursor == 0
    door.elsewhere.clear()
    (stored,) = await door.intake.submit(there[:1])
    assert stored.outcome == "new", "nothing is left of the refusal"


class _Watched(SavedQueries):
    """Saved queries that note when they were asked."""

    def __init__(self, turn: Callable[[], int]) -> None:
        super().__init__()
        self._turn = turn
        self.asked_at: list[int] = []

    def matching(
        self,
        document: Document,
        *,
        analysed: Analysed | None = None,
        but_not: Document | None = None,
    ) -> list[Saved]:
        """As ever."""
        self.asked_at.append(self._turn())
        return super().matching(document, analysed=analysed, but_not=but_not)


async def test_others_have_their_turn_while_a_batch_is_matched(door: Door) -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    saved = _Watched(lambda: turns)
    intake = Intake(door.db, saved)
    tasks = [asyncio.create_task(intake.run()), asyncio.create_task(count_turns())]
    count = 5 * MATCHED_AT_ONCE
    await intake.submit([door.post(number, f"ferry {number}") for number in range(1, count + 1)])
    for task in tasks:
        task.cancel()
    assert len(saved.asked_at) == count
    assert max(Counter(saved.asked_at).values()) <= MATCHED_AT_ONCE
