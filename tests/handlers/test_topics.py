"""What is set up in a topic of a group is told there, and so is the group from then on."""

from typing import Any

import pytest

from storage.channels import channels
from storage.connection import Database
from storage.subscribers import subscribers


@pytest.mark.parametrize(
    "command", ["alert grain", "surge grain", "silence @harbour", "digest daily 08:00"]
)
async def test_a_group_is_of_the_topic_in_which_something_was_set_up_last(
    ann: Any, database: Database, command: str
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=100, username="harbour", now=ann.now)
    ann.chat_id, ann.is_private = -501, False
    await ann.say("/start@dateline_bot")
    name, _, rest = command.partition(" ")
    for topic in (7, 8, None):
        ann.topic = topic
        await ann.say(f"/{name}@dateline_bot {rest}")
        async with database.reader() as conn:
            group = await subscribers.find_subscriber(conn, -501)
        assert group is not None
        assert group.topic == topic
