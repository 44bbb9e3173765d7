"""``/cancel``, or the word: close the open question."""

from handlers.conversation import dialogue
from handlers.conversation.command_context import CommandContext
from handlers.conversation.requests import Reply
from handlers.conversation.services import Services
from handlers.render.text.keyboards import RUN, data
from handlers.render.text.messages import Button, Message, has_room
from handlers.texts.people.asking import asking_words


async def handle(context: CommandContext, services: Services) -> Reply:
    """Close the question and say so. If none is open, the word may be meant as a search."""
    message = dialogue.cancelled(context.question, context.words)
    text = context.argument
    searching = data(RUN, "search", text)
    if context.question is not None or not text or not has_room(searching):
        return Reply((message,))
    label = asking_words(context.words.language).search_for.replace("{text}", text)
    button = Button(text=label, data=searching)
    return Reply((Message(message.text, ((button,),)),))
