"""A message that arrived, and whose answer nobody can read, goes on as one without an answer."""

import struct
from typing import Any

import pytest
from office import Office
from telethon.tl import types

from bot.sandbox.protocol.session import Session

SENT = bytes(types.UpdateShortSentMessage(7, 3, 1, None))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(struct.pack("<I", 0xDEADBEEF), id="of a kind that nobody knows"),
        pytest.param(b"", id="empty"),
        pytest.param(SENT[:9], id="cut short"),
        pytest.param(bytes(types.User(1, first_name="Ann")), id="of another kind"),
        pytest.param(struct.pack("<Ii", 0x1CB5C415, 2**31 - 1), id="longer than it is"),
        pytest.param(
            struct.pack("<I", types.UpdatesTooLong.CONSTRUCTOR_ID), id="without the message"
        ),
    ],
)
async def test_what_arrived_is_sent_once_whatever_was_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr("bot.telegram.retry.NETWORK_DELAY", 0.05)
    monkeypatch.setattr("storage.backoff.backoff", lambda _: 0.05)
    give, broken = Session.answer, []

    def break_first(session: Session, message_id: int, result: Any) -> None:
        if not broken and isinstance(result, types.Updates | types.UpdateShortSentMessage):
            broken.append(result)
            session.send(struct.pack("<Iq", 0xF35C6D01, message_id) + answer)
        else:
            give(session, message_id, result)

    async with office.at_work():
        monkeypatch.setattr(Session, "answer", break_first)
        await office.queue(office.ann, "Ferry late")
        await office.queue(office.bob, "Tram late")
        await office.wait_states(sent=2)
        await office.queue(office.ann, "Ferry back")
        await office.wait_states(sent=3)
    assert broken
    assert office.received(office.ann) == ["Ferry late", "Ferry back"]
    assert office.received(office.bob) == ["Tram late"]
