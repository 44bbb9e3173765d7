"""Links that open a chat with the bot by something that a channel has."""

import pytest

from handlers.alerts.alert_buttons import LINK
from storage.structs import replace
from storage.subscribers import alerts, subscribers

CHANNEL = -1_000_000_000_077


@pytest.mark.parametrize(
    ("role", "sender_id", "payload", "is_shown"),
    [
        ("member", 1, "{id}", True),
        ("administrator", 1, "{id}", True),
        ("stranger", 1, "{id}", False),
        ("member", None, "{id}", False),
        ("member", 1, "{own}", False),  # somebody's own is nobody else's
        ("member", 1, "{id}99", False),
        ("member", 1, "x{id}", False),
        ("member", 1, "\u0661", False),
        ("member", 1, "1" * 19, False),
        ("member", 1, "", False),
    ],
)
async def test_a_channels_alert_is_shown_to_those_who_can_read_the_channel(
    ann, database, role, sender_id, payload, is_shown
) -> None:
    asked = []

    async def role_of(chat_id: int, user_id: int) -> str:
        asked.append((chat_id, user_id))
        return role

    async with database.transaction() as tx:
        for chat_id in (CHANNEL, 2):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=ann.now)
        theirs = await alerts.add_alert(tx, chat_id=CHANNEL, query="ferry quay", now=ann.now)
        own = await alerts.add_alert(tx, chat_id=2, query="ferry quay", now=ann.now)
    services = replace(ann.services, role_of=role_of)
    person = replace(ann, services=services, sender_id=sender_id)
    said = await person.read(f"/start {LINK}{payload.format(id=theirs.id, own=own.id)}")
    assert ("ferry quay" in said) is is_shown
    assert said.startswith("Hello!") is not is_shown
    assert set(asked) <= {(CHANNEL, 1)}
