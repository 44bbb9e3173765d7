"""Commands that are given by a button: those of the welcome, and the answers to questions."""

from handlers import command_table, registry
from handlers.conversation import dialogue
from handlers.conversation.press_context import ButtonError, PressContext
from handlers.conversation.requests import Invocation, PressResult, Reply, Request
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from storage.structs import replace
from storage.subscribers.questions import Question


async def run(context: PressContext, services: Services) -> PressResult:
    """Give a command, as if it were written. Fields: its name, and what stands behind it."""
    name, *rest = context.fields
    if name not in command_table.BY_NAME:
        raise ButtonError(f"{name!r} is no command")
    request = await _request(context, name, services)
    await registry.end_question(request, services)
    reply = await registry.obey(Invocation(name, None, "|".join(rest).strip()), request, services)
    return PressResult(reply=_placed(reply, request))


async def answer(context: PressContext, services: Services) -> PressResult:
    """Answer a question. Fields: its id, and the answer."""
    question = await dialogue.find_asked(context, services, context.press.message_id)
    if isinstance(question, PressResult):
        return question
    return await _answer(context, question, "|".join(context.fields[1:]), services)


async def take(context: PressContext, services: Services) -> PressResult:
    """Answer a question with what it proposes. The field is its id."""
    question = await dialogue.find_asked(context, services, context.press.message_id)
    if isinstance(question, PressResult):
        return question
    return await _answer(context, question, question.suggestion, services)


async def _answer(
    context: PressContext, question: Question, text: str, services: Services
) -> PressResult:
    request = await _request(context, question.command, services)
    invocation = registry.answering(question, text)
    reply = await registry.obey(invocation, request, services, question)
    return PressResult(keyboard=(), reply=_placed(reply, request))


async def _request(context: PressContext, name: str, services: Services) -> Request:
    """What somebody asks for by a press."""
    press, chat = context.press, context.subscriber
    if chat is None:
        raise ButtonError("the chat was forgotten")
    may_manage = press.may_manage
    if may_manage is None and command_table.BY_NAME[name].who == "manager":
        may_manage = await services.role_of(press.chat_id, press.sender_id or 0) == "manager"
    return Request(
        chat_id=press.chat_id,
        sender_id=press.sender_id,
        text="",
        now=press.now,
        message_id=press.message_id,
        topic=press.topic,
        language=press.language,
        is_private=press.is_private,
        is_channel=chat.is_channel,
        may_manage=bool(may_manage),
    )


def _placed(reply: Reply, request: Request) -> tuple[Message, ...]:
    """In a group the answer stands where the button does: below what was pressed."""
    if request.is_private:
        return reply.messages
    return tuple(replace(message, reply_to=request.message_id) for message in reply.messages)
