"""What is placed of one batch counts for what comes behind it, for each reader."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.intake import folding
from bot.intake.folding import Folding, Sorted
from handlers.stories import placing
from handlers.stories.placing import Placement
from storage import database
from storage.connection import Connection
from storage.document import Channel, Document, Forward, Link, Source
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery, Told
from storage.structs import replace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = "The council of Marby sold the old lighthouse for 312 crowns, its treasurer said."
TEXTS = {
    "tg:1/1": NEWS,
    "tg:2/1": NEWS.replace("312", "512"),
    "tg:3/1": NEWS.replace("312", "412"),
    "tg:4/1": NEWS.replace("312", "612"),
    "tg:5/1": NEWS.replace("312", "712"),
}


@pytest.fixture
async def tx(database_url: str) -> AsyncIterator[Connection]:
    db = await database.open_database(database_url)
    async with db.transaction() as connection:
        yield connection
    await db.close()


def post(doc_id: str) -> Document:
    channel, _, number = doc_id.removeprefix("tg:").partition("/")
    return Document(
        kind="post",
        doc_id=doc_id,
        source=Source(type="telethon"),
        channel=Channel(id=int(channel)),
        message_id=int(number),
        published_at="2026-03-01T12:00:00Z",
        title=TEXTS[doc_id],
        content_hash="0" * 16,
    )


def row(doc_id: str, chat_id: int) -> NewDelivery:
    return NewDelivery(
        chat_id=chat_id,
        kind="alert",
        key=f"alert:{chat_id}:{doc_id}",
        payload=AlertPayload(doc_id=doc_id, alerts=((1, "q"),)),
        priority=PRIORITY_ALERT,
        due_at=NOON,
        created_at=NOON,
        story="tg:1/1",
    )


def as_it_is(row: NewDelivery, *, is_told: bool = True) -> NewDelivery:
    return row


async def sort(tx: Connection, *rows: NewDelivery, got: dict[int, list[Told]]) -> Sorted:
    known = {doc_id: post(doc_id) for doc_id in TEXTS}
    told = {(chat, None, "tg:1/1"): posts for chat, posts in got.items()}
    return await Folding().sort(tx, rows, known, told, as_it_is, now=NOON + timedelta(minutes=1))


async def test_what_follows_in_a_batch_takes_what_comes_behind_it_till_it_is_full(
    tx: Connection,
) -> None:
    had = Told(post="tg:1/1", at=NOON)
    rows = [row(doc_id, chat) for doc_id in list(TEXTS)[1:] for chat in (1, 2)]
    found = await sort(tx, *rows, got={1: [had]})
    told = [(one.chat_id, one.alert.doc_id, one.alert.follows) for one in found.rows]
    added = [(one.chat_id, one.post, one.onto) for one in found.folds]
    assert told == [
        (1, "tg:2/1", "tg:1/1"),
        (2, "tg:2/1", None),
        (2, "tg:3/1", "tg:2/1"),
        (1, "tg:5/1", "tg:4/1"),
    ]
    assert added == [
        (1, "tg:3/1", "tg:2/1"),
        (1, "tg:4/1", "tg:2/1"),
        (2, "tg:4/1", "tg:3/1"),
        (2, "tg:5/1", "tg:3/1"),
    ]


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({}, (1, 1)),
        ({"forwarded_from": Forward(channel_id=9, message_id=3)}, (9, 3)),
        ({"forwarded_from": Forward(channel_id=9)}, (1, 1)),
        ({"forwarded_from": Forward(message_id=3)}, (1, 1)),
        ({"message_id": None}, "tg:1/1"),
        ({"channel": None, "message_id": None}, "tg:1/1"),
    ],
)
def test_the_origin_of_a_post_is_what_it_forwards_or_itself(
    fields: dict[str, Any], origin: object
) -> None:
    assert folding._origin(replace(post("tg:1/1"), **fields)) == origin


@pytest.mark.parametrize(
    ("before", "now", "is_news"),
    [
        ((), ("https://example.org/a",), True),
        (("https://example.org/a",), ("https://example.org/b",), True),
        (("https://example.org/a",), ("https://example.org/a",), False),
        (("https://example.org/a",), (), False),
        ((), (None,), False),  # one that leads nowhere
    ],
)
def test_the_same_words_of_a_channel_with_another_link_are_news(
    before: tuple[str | None, ...], now: tuple[str | None, ...], is_news: bool
) -> None:
    one, other = (
        folding._wording(
            replace(
                post("tg:1/1"),
                message_id=number,
                links=tuple(Link(text="The", url=url) for url in urls),
            ),
            frozenset(),
        )
        for number, urls in enumerate((before, now), 1)
    )
    assert placing._is_news(one, other) is is_news


@pytest.mark.parametrize(
    ("channel", "known_as"),
    [
        (Channel(id=5), 5),
        (Channel(id=5, username="harbour"), 5),
        (Channel(username="harbour"), "harbour"),
        (None, "tg:1/1"),
    ],
)
def test_a_channel_is_its_number_where_that_is_known(
    channel: Channel | None, known_as: object
) -> None:
    worded = folding._wording(replace(post("tg:1/1"), channel=channel), frozenset())
    assert worded.channel == known_as


@pytest.mark.parametrize(
    ("placed", "follows", "fresh", "silent"),
    [
        (Placement(action="send"), None, (), False),
        (Placement(action="follow", onto="tg:2/1", fresh=((1, 4),)), "tg:2/1", ((1, 4),), False),
        (Placement(action="follow", onto="tg:2/1", rings=False), "tg:2/1", (), True),
    ],
)
def test_what_follows_says_what_and_rings_only_where_it_may(
    placed: Placement, follows: str | None, fresh: object, silent: bool
) -> None:
    told = folding._worded(row("tg:1/1", 1), placed).alert
    assert (told.follows, told.fresh, told.silent) == (follows, fresh, silent)
    assert told.alerts == ((1, "q"),)


@pytest.mark.parametrize(
    ("placed", "decides", "fresh", "alerts"),
    [
        (Placement(action="fold", onto="tg:2/1", fresh=((1, 4),)), True, None, ((1, "q"),)),
        (Placement(action="add", onto="tg:2/1", fresh=((1, 4),)), True, ((1, 4),), ((1, "q"),)),
        (Placement(action="add", onto="tg:2/1", fresh=((1, 4),)), False, ((1, 4),), ()),
    ],
)
def test_a_fold_keeps_what_its_own_message_would_need(
    placed: Placement, decides: bool, fresh: object, alerts: object
) -> None:
    given = row("tg:1/1", 4)
    fold = folding._fold(given, placed, given if decides else None)
    assert (fold.chat_id, fold.story, fold.onto, fold.post) == (4, "tg:1/1", "tg:2/1", "tg:1/1")
    assert (fold.fresh, fold.key, fold.alerts) == (fresh, "alert:4:tg:1/1", alerts)
    spare = folding._fold(replace(given, spare_key="spare"), placed, None)
    assert spare.key == "spare"
