"""Each expectation, seen: what is done, and in what words the outcome is told."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct
from telethon import Button
from telethon.tl import types

from bot.commands.probing import expectations
from bot.commands.probing.chat import Chat, Inbox, new_id
from bot.commands.probing.expectations import Expectation, Finding
from bot.telegram import failures, outgoing
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS

EDITS = 10
OWN_DATA = bytes(range(192, 256))
"""As much as a button holds, and no UTF-8."""


async def look_at(expectation: Expectation, look: Callable[[], Awaitable[str]]) -> Finding:
    """Look at an expectation; what fails on the way is what was seen."""
    try:
        seen = await look()
    except CALL_ERRORS as error:
        failure = failures.failure_of(error)
        seen = f"failed: {failure.reason}"
        if failure.kind == "flood":
            seen = f"asked to wait {failure.seconds:.0f} s"
    return Finding(expectation=expectation, seen=seen)


class Sent(Struct, frozen=True, kw_only=True):
    """A message, and the id with which it was sent."""

    text: str
    random_id: int
    message_id: int | None


async def send_first(chat: Chat, bot: Client, text: str) -> Sent:
    """Send what is to be sent again."""
    random_id = new_id()
    result = await chat.say(bot, text, random_id)
    return Sent(text=text, random_id=random_id, message_id=outgoing.sent_id(result))


async def send_again(chat: Chat, bot: Client, sent: Sent, text: str) -> str:
    """Use the ``random_id`` once more."""
    try:
        result = await chat.say(bot, text, sent.random_id)
    except CALL_ERRORS as error:
        if failures.failure_of(error).kind == "duplicate":
            return expectations.REFUSED
        raise
    return expectations.FIRST if outgoing.sent_id(result) == sent.message_id else expectations.TWICE


async def reply_to_deleted(chat: Chat, bot: Client) -> str:
    """Reply to what is not there any more."""
    number = outgoing.sent_id(await chat.say(bot, "Probe: deleted"))
    await chat.delete(bot, number or 0)
    try:
        header = types.InputReplyToMessage(reply_to_msg_id=number or 0)
        await chat.say(bot, "Probe: a reply", reply_to=header)
    except CALL_ERRORS as error:
        if failures.failure_of(error).kind == "refused":
            return "refused"
        raise
    return "sent"


async def send_many_entities(chat: Chat, bot: Client) -> str:
    """Send more entities than we ever do."""
    entities = [types.MessageEntityBold(2 * place, 1) for place in range(expectations.ENTITIES)]
    result = await chat.say(bot, "x " * expectations.ENTITIES + "end", entities=entities)
    return expectations.kept(len(_entities(result)))


def _entities(result: object) -> list[object]:
    """Those of the message that was sent, as the server tells them."""
    shown = [getattr(update, "message", None) for update in getattr(result, "updates", ())]
    told = [found for one in (result, *shown) if (found := getattr(one, "entities", None))]
    return list(told[0]) if told else []


async def press_own(chat: Chat, bot: Client, inbox: Inbox) -> str:
    """Have a button with data of our own pressed."""
    await chat.press(await _send_button(chat, bot, "Probe: a button"), OWN_DATA)
    data = inbox.presses[-1] if inbox.presses else b""
    return expectations.SAME_DATA if data == OWN_DATA else f"{len(data)} other bytes"


async def press_foreign(chat: Chat, bot: Client) -> str:
    """Press what is on no button."""
    number = await _send_button(chat, bot, "Probe: another button")
    try:
        await chat.press(number, OWN_DATA[:-1])
    except CALL_ERRORS as error:
        if failures.failure_of(error).kind == "refused":
            return "refused"
        raise
    return "handed on"


async def _send_button(chat: Chat, bot: Client, text: str) -> int:
    """Send a message with a button; gives the number that the account knows it by."""
    button = types.KeyboardButtonRow([Button.inline("Probe", OWN_DATA)])
    await chat.say(bot, text, reply_markup=types.ReplyInlineMarkup([button]))
    event = await chat.heard.wait_message(text)
    return int(event.id)


async def edit_often(chat: Chat, bot: Client) -> str:
    """Edit one message as often and as fast as we do."""
    number = outgoing.sent_id(await chat.say(bot, "Probe: edit 0"))
    for count in range(1, EDITS + 1):
        try:
            await chat.edit(bot, number or 0, f"Probe: edit {count}")
        except CALL_ERRORS as error:
            failure = failures.failure_of(error)
            if failure.kind == "flood":
                return f"asked to wait {failure.seconds:.0f} s after {count - 1} edits"
            raise
    return expectations.NO_WAIT


async def hear_after(inbox: Inbox, text: str) -> str:
    """Hear what was written while the bot was away."""
    try:
        await inbox.wait_message(text)
    except TimeoutError:
        return "it did not come"
    return expectations.CAME


async def pass_time(until: float) -> None:
    """Wait until a time of the event loop."""
    await asyncio.sleep(max(0.0, until - asyncio.get_running_loop().time()))
