"""A signal is said in its reader's language and zone, after quiet hours, and once."""

from datetime import UTC, datetime, time

import pytest

from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.signals.recipients import Recipients
from storage.outbox.gate import Outbox
from storage.subscribers import subscribers

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def say(here, words) -> Message:
    return Message(RichText(f"{words.language} {here.now.astimezone(here.zone):%H:%M}"))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "ru 17:00"),  # the instance's own
        ({"language": "en"}, "en 17:00"),
        ({"timezone": "Asia/Tokyo"}, "ru 21:00"),
        ({"language": "en", "timezone": "Europe/Lisbon"}, "en 12:00"),
    ],
)
async def test_whoever_chose_nothing_is_told_as_the_instance_says(
    database, told, fields, text
) -> None:
    tells = Recipients(outbox=Outbox(), language="ru", timezone="Asia/Yekaterinburg")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOON)
        await subscribers.update_subscriber(tx, 1, **fields)
        assert await tells.tell(tx, 1, "event:1", say, now=NOON)
        assert await tells.tell(tx, 1, "event:1", say, now=NOON)  # once an event
        assert not await tells.tell(tx, 2, "event:1", say, now=NOON)  # nobody
    assert await told() == [(1, text)]


async def test_who_came_back_is_told_of_what_the_former_reader_was_told(database, told) -> None:
    tells = Recipients(outbox=Outbox(), language="en", timezone="UTC")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOON)
        await tells.tell(tx, 1, "event:1", say, now=NOON)
        await tx.execute("UPDATE subscriber SET incarnation = 'another'")
        await tells.tell(tx, 1, "event:1", say, now=NOON)
        await subscribers.deactivate(tx, 1)
        assert not await tells.tell(tx, 1, "event:2", say, now=NOON)
    assert await told() == [(1, "en 12:00")] * 2


@pytest.mark.parametrize(
    ("zone", "due"),
    [("UTC", NOON), ("Asia/Tokyo", datetime(2026, 11, 20, 22, tzinfo=UTC))],
)
async def test_quiet_hours_are_those_of_the_readers_zone(database, zone, due) -> None:
    tells = Recipients(outbox=Outbox(), language="en", timezone="UTC")
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOON)
        await subscribers.update_subscriber(
            tx, 1, timezone=zone, quiet_from=time(20), quiet_until=time(7)
        )
        await tells.tell(tx, 1, "event:1", say, now=NOON)
        row = await tx.fetch_one("SELECT due_at FROM delivery")
    assert row is not None
    assert row["due_at"] == int(due.timestamp()) * 1_000_000
