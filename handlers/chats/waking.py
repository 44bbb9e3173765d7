"""What resumes when a chat is used again after ``/stop``, said in the answer to whatever woke
it. One that could not be written to is woken by whatever is said there: it can be again."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.conversation.command_context import Command, CommandContext, revive_chat
from handlers.conversation.requests import PressResult, Reply
from handlers.conversation.services import Services
from handlers.render.answers.welcome import woken_line
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, join
from handlers.texts.words import Words
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import alerts, plans, subscribers

ENDING = frozenset({"stop", "forgetme"})
"""Who says so wants nothing that waited."""


class Asleep(Struct, frozen=True):
    """What a stopped chat had set up; ``lost``: it could not be written to."""

    chat_id: int
    alerts: int
    digests: int
    lost: bool = False


async def obey(command: Command, context: CommandContext, services: Services) -> Reply:
    """The answer to a command; it begins with what resumes."""
    asleep = await look(context.subscriber, services)
    is_here = not context.handle and command.name not in ENDING
    if asleep is not None and asleep.lost and is_here:
        chat = await find_again(context.subscriber, services, now=context.request.now)
        context = replace(context, subscriber=chat)
    reply = await command.handle(context, services)
    line = await _woken(asleep, services, context.words)
    return reply if line is None else replace(reply, messages=_headed(reply.messages, line))


async def find_again(chat: Subscriber, services: Services, *, now: datetime) -> Subscriber:
    """Activate a chat that could not be written to, with what waited for it."""
    await revive_chat(chat.chat_id, services, now=now)
    return replace(chat, active=True, lost=False)


async def look(chat: Subscriber | None, services: Services) -> Asleep | None:
    """What is paused in a stopped chat; None for an active one."""
    if chat is None or chat.active:
        return None
    async with services.database.reader() as conn:
        count = await alerts.count_alerts(conn, chat.chat_id)
        planned = await plans.list_plans(conn, chat.chat_id)
    return Asleep(chat.chat_id, count, sum(not plan.paused for plan in planned), chat.lost)


async def tell(
    result: PressResult, asleep: Asleep | None, services: Services, words: Words
) -> PressResult:
    """The result of a press, with what resumes."""
    line = await _woken(asleep, services, words)
    if line is None:
        return result
    if result.reply or result.edit is None:
        return replace(result, reply=_headed(result.reply, line))
    return replace(result, edit=_headed((result.edit,), line)[0])


async def _woken(asleep: Asleep | None, services: Services, words: Words) -> RichText | None:
    if asleep is None:
        return None
    async with services.database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, asleep.chat_id)
    if chat is None or not chat.active:
        return None
    return woken_line(asleep.alerts, asleep.digests, words, lost=asleep.lost)


def _headed(messages: Sequence[Message], line: RichText) -> tuple[Message, ...]:
    if not messages or not messages[0].text:
        return (Message(line), *messages)
    first, *others = messages
    return (replace(first, text=join("\n\n", (line, first.text))), *others)
