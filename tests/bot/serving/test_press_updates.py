"""A press of a button as it comes from Telegram."""

from typing import Any

import pytest
from telethon.tl import types

from bot.serving.press_updates import Query, read_press

ANN, CREW_CHAT = 501, -1_000_000_000_042


def pressed(
    peer: Any, data: bytes | None = b"stop|7", *, known: dict[int, Any] | None = None
) -> Any:
    update = types.UpdateBotCallbackQuery(
        query_id=77, user_id=ANN, peer=peer, msg_id=5, chat_instance=1, data=data
    )
    if known is not None:
        update._entities = known
    return update


def test_a_press_in_a_private_chat_is_its_owners() -> None:
    ann = types.User(ANN, access_hash=9, lang_code="ru")
    query = read_press(pressed(types.PeerUser(ANN), known={ANN: ann}))
    assert query == Query(
        id=77,
        user_id=ANN,
        chat_id=ANN,
        message_id=5,
        data="stop|7",
        language="ru",
        access_hash=9,
    )
    press = query.press()
    assert press is not None
    assert (press.chat_id, press.sender_id, press.data) == (ANN, ANN, "stop|7")
    assert (press.message_id, press.language) == (5, "ru")
    assert (press.is_private, press.may_manage) == (True, True)
    assert press.now.tzinfo is not None


def test_a_press_in_a_group_leaves_open_who_may_manage_it() -> None:
    query = read_press(pressed(types.PeerChannel(42)))
    assert (query.chat_id, query.language, query.access_hash) == (CREW_CHAT, None, None)
    press = query.press()
    assert press is not None
    assert (press.is_private, press.may_manage) == (False, None)


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(pressed(types.PeerUser(ANN + 1)), id="in another person's chat"),
        pytest.param(pressed(types.PeerUser(ANN), None), id="no data"),
        pytest.param(pressed(types.PeerUser(ANN), b"\xff\xfe"), id="data that nobody wrote"),
        pytest.param(
            types.UpdateInlineBotCallbackQuery(
                query_id=77, user_id=ANN, msg_id=None, chat_instance=1, data=b"stop|7"
            ),
            id="below a message sent in inline mode",
        ),
    ],
)
def test_what_no_button_of_ours_has_is_no_press(update: Any) -> None:
    query = read_press(update)
    assert (query.id, query.user_id) == (77, ANN)
    assert query.press() is None


def test_each_message_that_a_press_leads_to_has_a_key_of_its_own() -> None:
    query = read_press(pressed(types.PeerUser(ANN)))
    keys = {query.key(part) for part in (0, 1, "late", "instead:0")}
    keys.add(read_press(pressed(types.PeerChannel(42))).key(0))
    assert len(keys) == 5
