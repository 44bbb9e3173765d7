"""Alert rows as their recipients want to be told, over a real database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeAlias

import pytest

from bot.intake import alert_rows
from bot.intake.folding import Folding
from bot.intake.saved_queries import Saved
from storage import database, times
from storage.channels import chat_ids
from storage.connection import Connection
from storage.document import Channel, Document, Media, Source
from storage.outbox import bundles, held, outbox, queueing
from storage.outbox.bundles import Restored
from storage.outbox.new_rows import FanOut, rows_of
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

NIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
OIL, GAS, OTHERS = 1, 2, 3


@pytest.fixture
async def tx(database_url: str) -> AsyncIterator[Connection]:
    """Chat 1 has alerts ``oil`` (1) and ``gas`` (2), chat 2 ``oil`` (3)."""
    db = await database.open_database(database_url)
    async with db.transaction() as connection:
        for chat_id in (1, 2):
            await subscribers.add_subscriber(connection, chat_id=chat_id, now=NIGHT)
        for chat_id, query in ((1, "oil"), (1, "gas"), (2, "oil")):
            await alerts.add_alert(connection, chat_id=chat_id, query=query, now=NIGHT)
        yield connection
    await db.close()


def post(number: int, channel: int = 77) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:{channel}/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=channel, title="Harbour"),
        message_id=number,
        content_hash="0" * 16,
    )


def row(document: Document, chat_id: int, *matched: int, now: datetime = NIGHT) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"alert:{chat_id}:{document.doc_id}",
        payload=AlertPayload(doc_id=document.doc_id, alerts=tuple((id, "q") for id in matched)),
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        story=document.doc_id,
    )


async def consider(
    tx: Connection, document: Document, *rows: NewDelivery, now: datetime = NIGHT
) -> list[NewDelivery]:
    known = {document.doc_id: document}
    _, made = await alert_rows.decide(tx, rows, known, Folding(), timezone="UTC", now=now)
    await queueing.add_deliveries(tx, made.rows)
    return made.rows


async def quiet(tx: Connection, **how: Any) -> None:
    await subscribers.update_subscriber(tx, 1, quiet_from=time(22), quiet_until=time(7), **how)


async def test_who_has_set_nothing_is_told_as_ever(tx: Connection) -> None:
    rows = [row(post(1), 1, OIL, GAS), row(post(1), 2, OTHERS)]
    assert await consider(tx, post(1), *rows) == rows


async def test_quiet_hours_hold_for_one_bundle_and_leave_others_alone(tx: Connection) -> None:
    await quiet(tx)
    mine, other = await consider(tx, post(1), row(post(1), 1, OIL), row(post(1), 2, OTHERS))
    assert (mine.due_at, mine.bundle) == (MORNING, held.bundle_name(MORNING))
    assert (other.due_at, other.bundle) == (NIGHT, None)
    (later,) = await consider(tx, post(2), row(post(2), 1, GAS), now=NIGHT + HOUR)
    assert later.bundle == mine.bundle


async def test_quiet_hours_are_those_of_the_persons_zone(tx: Connection) -> None:
    await quiet(tx, timezone="Asia/Tokyo")
    (mine,) = await consider(tx, post(1), row(post(1), 1, OIL))
    assert mine.bundle is None


async def test_what_is_urgent_comes_at_night(tx: Connection) -> None:
    await quiet(tx, quiet_but_urgent=True)
    await alerts.update_alert(tx, GAS, 1, urgent=True)
    (mine,) = await consider(tx, post(1), row(post(1), 1, OIL, GAS))
    assert (mine.due_at, mine.bundle) == (NIGHT, None)
    assert mine.alert.alerts == ((GAS, "gas"),)


async def test_what_is_urgent_says_so_and_is_no_line_of_a_list(tx: Connection) -> None:
    await alerts.update_alert(tx, GAS, 1, urgent=True)
    both, other = await consider(tx, post(1), row(post(1), 1, OIL, GAS), row(post(1), 2, OTHERS))
    assert both.alert.urgent
    assert not other.alert.urgent


@pytest.mark.parametrize("matched", [(OIL,), (OIL, GAS)])
async def test_a_muted_channel_is_left_out_of_its_alert(
    tx: Connection, matched: tuple[int, ...]
) -> None:
    await mutes.add_mutes(tx, [OIL], "77", "Harbour")
    made = await consider(tx, post(1), row(post(1), 1, *matched), row(post(1), 2, OTHERS))
    told = [one.alert.alert_ids for one in made]
    assert told == ([[OTHERS]] if matched == (OIL,) else [[GAS], [OTHERS]])
    elsewhere = post(1, channel=78)
    assert len(await consider(tx, elsewhere, row(elsewhere, 1, OIL))) == 1


async def test_a_post_comes_once_in_each_topic_that_has_an_alert_for_it(tx: Connection) -> None:
    await alerts.update_alert(tx, GAS, 1, topic=12)
    given = row(post(1), 1, OIL, GAS)
    given = replace(given, key="alert:1:ab:7/5", spare_key="alert:1:ab:x")
    made = await consider(tx, post(1), given, row(post(1), 2, OTHERS))
    assert [(one.chat_id, one.topic, one.alert.alert_ids) for one in made] == [
        (1, None, [OIL]), (1, 12, [GAS]), (2, None, [OTHERS]),
    ]  # fmt: skip
    assert [(one.key, one.spare_key) for one in made[:2]] == [
        ("alert:1:ab:7/5", "alert:1:ab:x"), ("alert:1:ab/12:7/5", "alert:1:ab/12:x"),
    ]  # fmt: skip
    changed = await alert_rows.decide_each(
        tx, [given], {post(1).doc_id: post(1)}, timezone="UTC", now=NIGHT
    )
    assert [one.topic for one in changed] == [None, 12]


async def test_a_paused_alert_tells_nothing(tx: Connection) -> None:
    await alerts.update_alert(tx, OIL, 1, paused=True)
    assert await consider(tx, post(1), row(post(1), 1, OIL)) == []


async def test_a_silent_alert_has_no_sound(tx: Connection) -> None:
    await alerts.update_alert(tx, OIL, 1, silent=True)
    (alone,) = await consider(tx, post(1), row(post(1), 1, OIL))
    assert alone.is_silent
    (both,) = await consider(tx, post(2), row(post(2), 1, OIL, GAS))
    assert not both.is_silent
    # What was to have none before has none.
    told = row(post(3), 1, OIL, GAS)
    (hushed,) = await consider(tx, post(3), replace(told, payload=replace(told.alert, silent=True)))
    assert hushed.is_silent


async def test_beyond_the_limit_an_hour_posts_are_bundled(tx: Connection) -> None:
    await alerts.update_alert(tx, OIL, 1, hourly_limit=2)
    dues = []
    for number in range(5):
        now = NIGHT + number * timedelta(minutes=10)
        (made,) = await consider(tx, post(number), row(post(number), 1, OIL, now=now), now=now)
        dues.append((made.due_at - NIGHT, made.bundle is not None))
    assert dues == [
        (timedelta(0), False),
        (timedelta(minutes=10), False),
        (HOUR, True),
        (HOUR, True),
        (HOUR, True),
    ]
    # A list counts once, and what was told more than an hour ago is forgotten.
    now = NIGHT + HOUR + timedelta(minutes=15)
    (made,) = await consider(tx, post(5), row(post(5), 1, OIL, now=now), now=now)
    assert made.bundle is None
    kept = await tx.fetch_all("SELECT told_at FROM told ORDER BY told_at")
    assert [one["told_at"] for one in kept] == [*map(times.to_epoch, (NIGHT + HOUR, now))]


async def test_a_story_that_was_told_does_not_count_again(tx: Connection) -> None:
    await alerts.update_alert(tx, OIL, 1, hourly_limit=1)
    for minutes in (0, 10):
        now = NIGHT + timedelta(minutes=minutes)
        await consider(tx, post(1), row(post(1), 1, OIL, now=now), now=now)
    told = await alerts.list_times_told(tx, [OIL], since=NIGHT - HOUR)
    assert told == {OIL: [NIGHT]}
    assert await outbox.count_by_state(tx) == {"queued": 1}


async def test_many_posts_of_one_transaction_keep_the_limit(tx: Connection) -> None:
    await alerts.update_alert(tx, OIL, 1, hourly_limit=1)
    posts = [post(number) for number in range(4)]
    _, considered = await alert_rows.decide(
        tx,
        [row(document, 1, OIL) for document in posts],
        {document.doc_id: document for document in posts},
        Folding(),
        timezone="UTC",
        now=NIGHT,
    )
    made = considered.rows
    assert [one.bundle is not None for one in made] == [False, True, True, True]
    assert len({one.bundle for one in made[1:]}) == 1


async def test_a_chat_is_not_told_of_what_was_posted_in_it(tx: Connection) -> None:
    channel = -1_000_000_000_077
    await subscribers.add_subscriber(tx, chat_id=channel, is_channel=True, now=NIGHT)
    rows = [row(post(1), channel, OTHERS), row(post(1), 1, OIL)]
    assert [one.chat_id for one in await consider(tx, post(1), *rows)] == [1]
    elsewhere = post(1, channel=78)
    assert len(await consider(tx, elsewhere, row(elsewhere, channel, OTHERS))) == 1


async def test_a_story_that_waits_is_told_at_once_when_an_urgent_alert_matches_it_too(
    tx: Connection,
) -> None:
    await quiet(tx, quiet_but_urgent=True)
    await alerts.update_alert(tx, GAS, 1, urgent=True)
    (waiting,) = await consider(tx, post(1), row(post(1), 1, OIL))
    assert waiting.bundle is not None
    again = row(post(1), 1, OIL)
    await consider(tx, post(1), again)
    held_row = await outbox.find_delivery(tx, waiting.key)
    assert held_row is not None
    assert held_row.due_at == waiting.due_at
    await consider(tx, post(1), row(post(1), 1, GAS))
    told = await outbox.find_delivery(tx, waiting.key)
    assert told is not None
    assert (told.due_at, told.bundle) == (NIGHT, None)
    assert told.alert.alerts == ((GAS, "gas"), (OIL, "oil"))
    assert await outbox.count_by_state(tx) == {"queued": 1}


async def test_stories_that_waited_and_are_told_at_once_count_toward_no_limit(
    tx: Connection,
) -> None:
    await quiet(tx, quiet_but_urgent=True)
    await alerts.update_alert(tx, GAS, 1, urgent=True, hourly_limit=1)
    posts = [post(1), post(2)]
    waiting = [(await consider(tx, one, row(one, 1, OIL)))[0] for one in posts]
    await alert_rows.decide(
        tx,
        [row(one, 1, GAS) for one in posts],
        {one.doc_id: one for one in posts},
        Folding(),
        timezone="UTC",
        now=NIGHT,
    )
    told = [await outbox.find_delivery(tx, one.key) for one in waiting]
    assert [(one.due_at, one.bundle) for one in told if one] == [(NIGHT, None)] * 2
    assert await alerts.list_times_told(tx, [GAS], since=NIGHT - HOUR) == {GAS: []}


@pytest.mark.parametrize(
    ("other", "comes"),
    [("plan.pdf", False), ("Plan (pdf)", False), ("map.pdf", True)],
)
async def test_the_same_words_with_another_file_are_no_copy(
    tx: Connection, other: str, comes: bool
) -> None:
    words = "The plan of the new harbour is published, the council says."
    posts = [
        replace(post(1, channel), title=words, media=(Media(type="document", name=name),))
        for channel, name in ((77, "plan.pdf"), (78, other))
    ]
    rows = [replace(row(one, 1, OIL), story="tg:77/1") for one in posts]
    known = {one.doc_id: one for one in posts}
    _, made = await alert_rows.decide(tx, rows, known, Folding(), timezone="UTC", now=NIGHT)
    assert len(made.rows) == 1 + comes
    assert len(made.folds) == 1 - comes


@pytest.mark.parametrize(
    ("age", "is_restored", "bundle", "wait"),
    [
        (None, True, None, 0),
        (0, False, None, 0),
        (600, False, None, 0),
        (601, False, bundles.LATE, 0),
        (601, True, bundles.LATE, 0),
        (90_000, True, bundles.AWAY, 300),
        (90_000, False, bundles.LATE, 0),
    ],
)
def test_a_late_post_is_for_a_list_and_a_doubtful_one_for_that_of_the_restored(
    age: int | None, is_restored: bool, bundle: str | None, wait: int
) -> None:
    restored = Restored(at=NIGHT - 2 * HOUR, told_at=NIGHT + timedelta(seconds=300))
    published_at = None if age is None else NIGHT - timedelta(seconds=age)
    found = alert_rows._when_told(published_at, restored if is_restored else None, NIGHT)
    assert found == (bundle, NIGHT + timedelta(seconds=wait))
    if bundle == bundles.AWAY:  # its time is over
        after = NIGHT + HOUR
        assert alert_rows._when_told(published_at, restored, after) == (bundle, after)


Set: TypeAlias = Callable[[Connection], Awaitable[Any]]
SETTINGS: Mapping[str, Set] = {
    "nothing": lambda tx: asyncio.sleep(0),
    "quiet hours": lambda tx: quiet(tx),
    "urgent": lambda tx: alerts.update_alert(tx, GAS, 1, urgent=True),
    "muted": lambda tx: mutes.add_mutes(tx, [OIL], "77", "Harbour"),
    "a topic": lambda tx: alerts.update_alert(tx, GAS, 1, topic=12),
    "once": lambda tx: alerts.update_alert(tx, OTHERS, 2, once=True),
    "told before": lambda tx: _tell(tx, 2),
}
GIVEN: Mapping[str, Sequence[Document]] = {
    "one": [post(1)],
    "many": [post(1), post(2), post(1, 78), post(3)],
    "a copy": [post(1), post(2), replace(post(4, 79), title="A copy")],
    "posted to its reader": [post(1), replace(post(5), channel=Channel(id=4_294_967_297))],
    "twice": [post(1), post(2), post(1)],
}


async def _tell(tx: Connection, number: int) -> None:
    await queueing.add_deliveries(tx, [row(post(number), 2, OTHERS)])


def fan_out(document: Document) -> FanOut:
    """The post told to both chats, and to one that is its own."""
    story = "tg:77/1" if document.title else document.doc_id
    matched = {
        1: [Saved(OIL, 1, "oil"), Saved(GAS, 1, "gas")],
        2: [Saved(OTHERS, 2, "oil")],
        chat_ids.of_channel(4_294_967_297): [Saved(9, 3, "oil")],
    }
    readers = {1: "ab", 2: "cd"}
    return alert_rows.fan_out(document, story, matched, readers, restored=None, now=NIGHT)


def by_chat(rows: Iterable[NewDelivery]) -> list[NewDelivery]:
    """The rows in their order, chat by chat."""
    return sorted(rows, key=lambda one: one.chat_id)


@pytest.mark.parametrize("named", SETTINGS)
@pytest.mark.parametrize("given", GIVEN)
async def test_it_is_decided_alike_whether_or_not_rows_are_made(
    tx: Connection, named: str, given: str
) -> None:
    await SETTINGS[named](tx)
    fans = [fan_out(one) for one in GIVEN[given]]
    known = {one.doc_id: one for one in GIVEN[given]}
    outcomes = [
        await alert_rows.decide(tx, new, known, Folding(), timezone="UTC", now=NIGHT)
        for new in (fans, [*rows_of(fans)])
    ]
    found, wanted = [by_chat(rows_of(queued)) for queued, _ in outcomes]
    assert found == wanted
    assert len(wanted) > 1
    assert outcomes[0][1].folds == outcomes[1][1].folds
    assert outcomes[0][1].ringing == outcomes[1][1].ringing
    if named == "nothing" and given in ("one", "many"):
        assert outcomes[0][0] == fans
