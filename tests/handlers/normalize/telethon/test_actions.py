"""Service messages: what happened, and what is said with it."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import actions
from storage.document import Block


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("MessageActionChannelCreate", "create_channel"),
        ("MessageActionChatCreate", "create_group"),
        ("MessageActionChatEditTitle", "edit_group_title"),
        ("MessageActionChatEditPhoto", "edit_group_photo"),
        ("MessageActionChatDeletePhoto", "delete_group_photo"),
        ("MessageActionChatAddUser", "invite_members"),
        ("MessageActionChatDeleteUser", "remove_members"),
        ("MessageActionChatJoinedByLink", "join_group_by_link"),
        ("MessageActionChatJoinedByRequest", "join_group_by_request"),
        ("MessageActionChatMigrateTo", "migrate_to_supergroup"),
        ("MessageActionChannelMigrateFrom", "migrate_from_group"),
        ("MessageActionHistoryClear", "clear_history"),
        ("MessageActionSetMessagesTTL", "set_messages_ttl"),
        ("MessageActionTopicCreate", "topic_created"),
        ("MessageActionGiveawayLaunch", "giveaway_launch"),
        ("MessageActionSetChatTheme", "edit_chat_theme"),
        ("MessageActionPinMessage", "pin_message"),
        ("MessageActionGroupCall", "group_call"),
    ],
)
def test_what_happened_has_the_name_that_exports_give_it(kind: str, name: str) -> None:
    assert actions.name(Record({"_": kind})) == name


@pytest.mark.parametrize(
    ("action", "title", "body"),
    [
        ({}, None, ()),
        ({"title": "Harbour"}, "Harbour", ()),
        ({"gift": {"title": "Lamp"}}, "Lamp", ()),
        ({"title": "Harbour", "gift": {"title": "Lamp"}}, "Harbour", ()),
        ({"message": "Well done"}, "Well done", ()),
        ({"title": "Harbour", "message": "New"}, "Harbour", (Block(type="para", text="New"),)),
        ({"reject_comment": "Too late"}, None, (Block(type="para", text="Too late"),)),
        (
            {"list": [{"title": {"text": "Paint"}}, {"title": ""}, {"title": {"text": "Sail"}}]},
            None,
            (Block(type="bullet", text="Paint"), Block(type="bullet", text="Sail")),
        ),
        ({"answer": {"text": {"text": "Yes"}}}, None, (Block(type="bullet", text="Yes"),)),
    ],
)
def test_what_is_said_with_it(
    action: dict[str, Any], title: str | None, body: tuple[Block, ...]
) -> None:
    assert actions.title(Record(action)) == title
    assert actions.body(Record(action)) == body
