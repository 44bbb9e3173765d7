"""What updates say of chats that move, and of who was put out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.serving import membership_receiver

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def service(peer: Any, action: Any) -> Any:
    return types.MessageService(id=1, peer_id=peer, date=WHEN, action=action)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(
            service(types.PeerChat(777), types.MessageActionChatMigrateTo(42)),
            (-777, -1000000000042),
            id="said in the group",
        ),
        pytest.param(
            service(types.PeerChannel(42), types.MessageActionChannelMigrateFrom("Crew", 777)),
            (-777, -1000000000042),
            id="said in the supergroup",
        ),
        pytest.param(
            service(types.PeerChannel(42), types.MessageActionPinMessage()), None, id="no move"
        ),
        pytest.param(
            types.Message(id=1, peer_id=types.PeerChat(777), date=WHEN, message="hello"),
            None,
            id="a message",
        ),
    ],
)
def test_a_move_is_read_from_either_side(message: Any, expected: Any) -> None:
    assert membership_receiver.move_of(message) == expected
