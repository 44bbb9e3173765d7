"""What we read of Telethon's objects is there, whichever kind they are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.telegram.objects import Message

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PEER = types.PeerChannel(5)
MESSAGES = [
    types.Message(id=1, peer_id=PEER, date=NOW, message="Rain"),
    types.MessageService(id=2, peer_id=PEER, date=NOW, action=types.MessageActionPinMessage()),
    types.MessageEmpty(id=3, peer_id=PEER),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_kind_of_message_has_what_is_read_of_messages(message: Any) -> None:
    read = [*Message.__annotations__, "to_json"]
    assert len(read) > 10
    assert [name for name in read if not hasattr(message, name)] == []
