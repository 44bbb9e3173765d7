"""What of an event came to the message of an alert that rings once for it."""

from typing import Any

from handlers.alerts.counted import read_counted
from handlers.render.alerts.story_lines import NAMED, Counted
from storage.connection import Database
from storage.document import Channel
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold


async def test_posts_are_counted_and_the_first_channels_named(
    database: Database, store: Any, make_post: Any, now: Any
) -> None:
    def post(channel: int, number: int) -> Any:
        named = Channel(id=channel, username=f"pier_{channel}", title=f"Pier {channel}")
        return make_post(number, f"The ferry {number}", channel=named)

    told = [post(1, 1), post(1, 2), *(post(channel, 3) for channel in range(2, 8))]
    await store(*told)
    host = NewDelivery(
        chat_id=1,
        kind="alert",
        key="1:tg:100/1",
        payload=AlertPayload(doc_id="tg:100/1"),
        priority=PRIORITY_ALERT,
        due_at=now,
        created_at=now,
        story="a",
    )
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [host])
        row = await outbox.find_delivery(tx, host.key)
        assert row is not None
        assert await read_counted(tx, row.id) is None
        came = [*(one.doc_id for one in told), "tg:9/9"]  # that post is not in the archive
        folds = [
            Fold(chat_id=1, story="a", onto="tg:100/1", post=name, is_event=True) for name in came
        ]
        await folded.add_folds(tx, folds, now=now)
        counted = await read_counted(tx, row.id)
    first = (told[0], *told[2:])[:NAMED]
    assert counted == Counted(posts=len(came), channels=7, first=first)
