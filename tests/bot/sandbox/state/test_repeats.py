"""A random id that is used again, in all that is known or feared of Telegram."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from telethon import TelegramClient, errors, events
from telethon.tl import functions, types

from bot.sandbox.server import Sandbox
from bot.sandbox.state.repeats import MODES, Repeats
from bot.telegram import outgoing
from handlers.render.text.messages import File
from handlers.render.text.rich import RichText

Send = Callable[["Stage", Any, int], Awaitable[Any]]
MINUTE = timedelta(minutes=1)
_BUTTONS = types.ReplyInlineMarkup(
    [
        types.KeyboardInlineButtonRow(
            [types.KeyboardInlineButton("More", types.InlineButtonTypeCallback(b"more"))]
        )
    ]
)


@dataclass
class Stage:
    """A bot that is signed in, a person who has started it, and a channel where it may post."""

    sandbox: Sandbox
    client: TelegramClient
    bot: Any
    ann: Any
    channel: Any

    @property
    def person(self) -> Any:
        return types.InputPeerUser(self.ann.id, 0)

    @property
    def outcomes(self) -> list[str]:
        return [duplicate.outcome for duplicate in self.sandbox.ledger.duplicates]


@pytest.fixture
async def stage(sandbox: Sandbox, sign_in: Any) -> Stage:
    ann, bot = sandbox.add_user("Ann"), sandbox.add_bot("lookout_bot")
    channel = sandbox.add_channel("Board", username="board", admins=[bot])
    await ann.chat_with(bot).send("/start")
    return Stage(sandbox, await sign_in(bot), bot, ann, channel)


async def send_text(stage: Stage, to: Any, random_id: int) -> Any:
    request = functions.messages.SendMessageRequest(to, "Snow", random_id=random_id)
    return await stage.client(request)


async def send_buttons(stage: Stage, to: Any, random_id: int) -> Any:
    return await stage.client(
        functions.messages.SendMessageRequest(
            to, "Snow", random_id=random_id, reply_markup=_BUTTONS
        )
    )


async def send_file(stage: Stage, to: Any, random_id: int) -> Any:
    uploaded = await stage.client.upload_file(b"Snow", file_name="snow.txt")
    file = File(name="snow.txt", mime="text/plain", data=b"Snow", count=1, more=False)
    request = outgoing.file_request(to, file, uploaded, RichText("Snow"), random_id=random_id)
    return await stage.client(request)


KINDS = pytest.mark.parametrize("send", [send_text, send_buttons, send_file])


async def peer_of(stage: Stage, is_channel: bool) -> Any:
    return await stage.client.get_input_entity("board") if is_channel else stage.person


@KINDS
@pytest.mark.parametrize("is_channel", [False, True])
async def test_an_error_refuses_the_second(stage: Stage, send: Send, is_channel: bool) -> None:
    stage.sandbox.manners.repeats = MODES["error"]
    to = await peer_of(stage, is_channel)
    await send(stage, to, 42)
    with pytest.raises(errors.RandomIdDuplicateError):
        await send(stage, to, 42)
    assert len(stage.sandbox.ledger.received) == 1
    assert stage.outcomes == ["refused"]


@KINDS
@pytest.mark.parametrize("is_channel", [False, True])
async def test_success_shows_the_original(stage: Stage, send: Send, is_channel: bool) -> None:
    stage.sandbox.manners.repeats = MODES["original"]
    to = await peer_of(stage, is_channel)
    first = await send(stage, to, 42)
    await send(stage, to, 43)
    again = await send(stage, to, 42)

    number, new = again.updates
    assert (number.id, number.random_id) == (outgoing.sent_id(first), 42)
    kind = types.UpdateNewChannelMessage if is_channel else types.UpdateNewMessage
    assert (type(new), new.pts_count) == (kind, 0)
    original = stage.sandbox.ledger.received[0]
    assert new.message.date == original.date.replace(microsecond=0)
    assert outgoing.sent_id(again) == outgoing.sent_id(first) == original.id_for(stage.bot)
    assert len(stage.sandbox.ledger.received) == 2
    assert stage.outcomes == ["answered"]


@KINDS
async def test_another_session_does_not_know_it(stage: Stage, send: Send, sign_in: Any) -> None:
    stage.sandbox.manners.repeats = MODES["forgotten"]
    await send(stage, stage.person, 42)
    with pytest.raises(errors.RandomIdDuplicateError):
        await send(stage, stage.person, 42)
    stage.client = await sign_in(stage.bot)
    await send(stage, stage.person, 42)
    with pytest.raises(errors.RandomIdDuplicateError):
        await send(stage, stage.person, 42)
    assert len(stage.sandbox.ledger.received) == 2
    assert stage.outcomes == ["refused", "forgotten", "refused"]


@pytest.mark.parametrize(("kept", "received"), [(MINUTE, 1), (timedelta(0), 2)])
@pytest.mark.parametrize("answer", ["error", "original"])
async def test_ids_are_remembered_for_a_time(
    stage: Stage, kept: timedelta, received: int, answer: Any
) -> None:
    stage.sandbox.manners.repeats = Repeats(answer=answer, kept=kept)
    await send_text(stage, stage.person, 42)
    try:
        await send_text(stage, stage.person, 42)
    except errors.RandomIdDuplicateError:
        assert (answer, received) == ("error", 1)
    assert len(stage.sandbox.ledger.received) == received


@pytest.mark.parametrize("is_channel", [False, True])
async def test_telethon_hears_on_after_an_answer_that_moves_nothing(
    stage: Stage, listen: Any, is_channel: bool
) -> None:
    """A ``pts_count`` of 0 is no step of the box: nothing behind it may be taken for old or
    missing, and what others write comes once."""
    stage.sandbox.manners.repeats = MODES["original"]
    inbox = listen(stage.client, events.NewMessage(incoming=True))
    to = await peer_of(stage, is_channel)
    for words in ("one", "two", "three"):
        for _ in range(2):
            await send_buttons(stage, to, 42)
        await stage.ann.chat_with(stage.bot).send(words)
        assert (await inbox.next()).raw_text == words
    await stage.client.get_me()
    assert len(inbox) == 0
    assert stage.outcomes == ["answered"] * 5


async def test_a_refused_send_uses_no_id_up(stage: Stage) -> None:
    await stage.ann.block(stage.bot)
    with pytest.raises(errors.UserIsBlockedError):
        await send_text(stage, stage.person, 42)
    await stage.ann.unblock(stage.bot)
    await send_text(stage, stage.person, 42)
    assert stage.outcomes == []
