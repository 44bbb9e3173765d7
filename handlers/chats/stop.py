"""``/stop``: no more messages; alerts and plans are kept for ``/start``."""

from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.keyboards import LABEL_UNITS, RUN, data
from handlers.render.text.messages import Button, Keyboard, Message, has_room, shorten
from handlers.render.text.rich import RichText, code, fill, join
from handlers.texts.people.asking import asking_words

SHOWN_UNITS = 200


async def handle(context: CommandContext, services: Services) -> Reply:
    """Deactivate the chat; nothing is deleted. With words behind it, ask what is meant."""
    if any(map(str.isalnum, context.argument)):
        return Reply((_doubt(context),))
    chat_id = context.request.chat_id
    async with services.database.transaction() as tx:
        await services.outbox.chat_stopped(tx, chat_id, now=context.request.now)
    services.plans_changed(chat_id)
    return Reply((Message(RichText(context.words.stopped)),))


def _doubt(context: CommandContext) -> Message:
    """That nothing is stopped, and what else may be meant: ``/stop the war`` may be an alert to
    remove, or words to search for. In a channel there is nothing to press."""
    said = asking_words(context.words.language)
    words = shorten(" ".join(context.argument.split()), SHOWN_UNITS)
    lines = [fill(said.stop_words, stop=code("/stop"), alerts=code(f"/alerts {words}"))]
    meant = [("stop", ""), ("alerts", words)]
    if not context.handle:  # For another chat nothing is searched.
        lines.append(fill(said.search_words, command=code(f"/search {words}")))
        meant.append(("search", words))
    may_press = bool(context.handle) or not context.request.is_channel
    return Message(join("\n", lines), _buttons(meant) if may_press else ())


def _buttons(meant: list[tuple[str, str]]) -> Keyboard:
    """A button that gives each of the commands, where it has room for it."""
    return tuple(
        (Button(text=shorten(f"/{name} {words}".rstrip(), LABEL_UNITS), data=pressed),)
        for name, words in meant
        if has_room(pressed := data(RUN, name, words)) and pressed.isprintable()
    )
