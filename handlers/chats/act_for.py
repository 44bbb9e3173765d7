"""``/for @my_channel /alert words``: a command for a group or channel that the sender manages."""

import re

from handlers.chats import waking
from handlers.conversation import behalf, command_context, dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Invocation, Reply, parse_command
from handlers.conversation.services import Services
from handlers.plans import review
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, code, fill
from handlers.sources.references import parse_reference
from handlers.texts import typed
from handlers.texts.people.places import place_words
from storage.channels import chat_ids
from storage.errors import ServiceError
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers import subscribers

TOLD_THERE = {"catchup": "friday", "review": ""}
"""Commands whose answer is sent to that chat itself, with sample arguments."""
_TOPIC = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:c/\d+|[a-z]\w+)/\d", re.IGNORECASE
)
"""The link of a topic or a message. It is refused: what is set up from here belongs to no topic."""
SHOWN = "settings"
"""The command if none is given."""


async def handle(context: CommandContext, services: Services) -> Reply:
    """Run the command if the person manages the chat; the answer is sent here."""
    said = place_words(context.words.language)
    if not context.request.is_private:
        return Reply((Message(RichText(said.act_private)),))
    name, _, rest = context.argument.partition(" ")
    chat = await _find(name, services)
    if chat is None:
        there = code(f"/start@{services.bot_username}")
        return Reply((Message(fill(said.act_unknown, name=code(name[:100]), example=there)),))
    person = context.request.sender_id or 0
    if await services.role_of(chat.chat_id, person) != "manager":
        return Reply((Message(fill(said.act_denied, name=behalf.name_of(chat))),))
    if _TOPIC.match(name) and not chat.is_channel:
        there = code(f"{rest.split(' ')[0] or '/settings'}@{services.bot_username}")
        return Reply((Message(fill(said.act_topic, example=there)),))
    inner = _inner_visit(context, chat, services)
    if not command_context.is_let_in(inner.request, chat, services):
        return Reply((Message(fill(context.words.refused_group, id=code(str(chat.chat_id)))),))
    answer = await _obey(inner, _invocation(rest), services)
    marked = tuple(behalf.mark_message(message, chat) for message in answer.messages)
    return Reply(marked, stands=answer.stands)


async def _obey(context: CommandContext, written: Invocation, services: Services) -> Reply:
    """The answer to a command; ``context`` is that of the managed chat."""
    known = {command.name: command for command in context.commands if command.who == "manager"}
    command = known.get(written.name)
    said = place_words(context.words.language)
    if command is None:
        names = ", ".join(f"/{name}" for name in known)
        return Reply((Message(fill(said.act_only, commands=names)),))
    if command.needs_words(written.argument, context.request):
        return Reply((await dialogue.ask_for(command, context, services),))
    meant = typed.DIGEST.meanings().get(written.argument.lower())
    is_plan = command.name == "review" and review.is_plan(written.argument)
    if (command.name in TOLD_THERE and not is_plan) or (
        command.name == "digest" and meant == "now"
    ):
        then = TOLD_THERE.get(command.name, "now")
        there = code(f"/{command.name}@{services.bot_username} {then}".rstrip())
        return Reply((Message(fill(said.act_digest, example=there)),))
    return await waking.obey(command, replace(context, argument=written.argument), services)


def _inner_visit(context: CommandContext, chat: Subscriber, services: Services) -> CommandContext:
    request = replace(
        context.request,
        chat_id=chat.chat_id,
        reply_to=None,
        topic=chat.topic,
        is_private=False,
        is_channel=chat.is_channel,
        may_manage=True,
        name=chat.name,
        username=chat.username,
        access_hash=chat.access_hash,
    )
    return replace(
        context,
        request=request,
        subscriber=chat,
        words=command_context.words_for(chat, context.request.language, services),
        timezone=command_context.timezone_of(chat, services),
        handle=behalf.handle_of(chat),
    )


def _invocation(text: str) -> Invocation:
    """The command in ``/alert words`` or ``alert words``; without one, the settings."""
    text = text.strip()
    written = parse_command(text if text.startswith("/") else f"/{text}")
    if written is not None:
        return written
    return Invocation(text.partition(" ")[0] if text else SHOWN, None, "")


async def _find(written: str, services: Services) -> Subscriber | None:
    """The group or channel named by name, link or number; None if the bot has not met it."""
    try:
        reference = parse_reference(written)
    except ServiceError:
        return None
    async with services.database.reader() as conn:
        if reference.kind == "name":
            return await subscribers.find_by_username(conn, reference.value)
        if reference.kind != "id":
            return None
        number = int(reference.value)
        for chat_id in (chat_ids.of_channel(number), -number):
            chat = await subscribers.find_subscriber(conn, chat_id)
            if chat is not None:
                return chat
    return None
