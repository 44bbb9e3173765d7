"""What is read of answers by who gets no updates."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon.extensions import BinaryReader
from telethon.tl import types
from telethon.tl.functions.messages import SendMediaRequest, SendMessageRequest
from telethon.tl.functions.updates import GetStateRequest

from bot.telegram import outgoing
from bot.telegram.updates.unheard import Unheard

HERE = types.InputPeerSelf()
NUMBERS = st.integers(1, 2**31 - 1)
RANDOM = st.integers(-(2**63), 2**63 - 1)
SHOWN = types.UpdateNewMessage(
    types.Message(id=31, peer_id=types.PeerUser(7), date=None, message="Ice"), 5, 1
)


def text(random_id: int = 9) -> SendMessageRequest:
    return SendMessageRequest(HERE, "Ice", random_id=random_id)


def updates(*several: Any) -> types.Updates:
    return types.Updates(list(several), users=[], chats=[], date=None, seq=0)


def read(request: Any, answer: bytes) -> Any:
    return Unheard(request).read_result(BinaryReader(answer))


@given(number=NUMBERS, random_id=RANDOM)
def test_the_number_alone_is_read_of_a_message_that_was_sent(number: int, random_id: int) -> None:
    answer = bytes(updates(types.UpdateMessageID(number, random_id), SHOWN))
    media = SendMediaRequest(HERE, types.InputMediaEmpty(), "", random_id=random_id)
    for request in (text(random_id), media):
        # What stands behind it is not looked at: it may be cut off.
        for whole in (answer, answer[: -(len(bytes(SHOWN)))]):
            assert outgoing.sent_id(read(request, whole)) == number


@pytest.mark.parametrize(
    ("request_", "answer", "number"),
    [
        (text(), updates(SHOWN, types.UpdateMessageID(30, 9)), 30),
        (text(), updates(SHOWN), 31),
        (text(), updates(types.UpdateMessageID(30, 8), SHOWN), 30),
        (text(), types.UpdateShortSentMessage(32, 1, 1, None), 32),
        (text(), updates(), None),
        (GetStateRequest(), types.updates.State(1, 2, None, 3, 4), None),
        (GetStateRequest(), updates(types.UpdateMessageID(30, 9), SHOWN), 30),
    ],
)
def test_any_other_answer_is_read_whole(request_: Any, answer: Any, number: int | None) -> None:
    found = read(request_, bytes(answer))
    assert bytes(found) == bytes(answer)
    assert outgoing.sent_id(found) == number


def test_an_answer_that_is_broken_is_refused_as_ever() -> None:
    whole = bytes(updates(types.UpdateMessageID(30, 9), SHOWN))
    for length in (0, 7, 20):
        with pytest.raises(Exception):  # noqa: B017  (as Telethon fails)
            read(text(), whole[:length])
