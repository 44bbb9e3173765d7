"""What is said, in private, to the person who lets the bot write in a group or channel."""

from handlers.conversation import behalf, command_context
from handlers.conversation.requests import Request
from handlers.conversation.services import Services
from handlers.render.text.keyboards import RUN, data
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import code, fill, join
from handlers.texts.people.places import place_words
from handlers.texts.people.welcoming import welcome_words
from storage.records import Subscriber


def arrival_message(
    chat: Subscriber, person: Subscriber, alerts: int, request: Request, services: Services
) -> Message:
    """How to go on; ``alerts`` is how many were kept there from before, ``request`` who let it in.

    On a private instance that has not let the chat in, how to be let in.
    """
    words = command_context.words_for(person, None, services)
    said = place_words(words.language)
    if not command_context.is_let_in(request, chat, services):
        return Message(fill(words.refused_group, id=code(str(chat.chat_id))))
    name = behalf.name_of(chat)
    if alerts:
        count = words.count(words.alerts, alerts)
        return Message(fill(said.came_back, name=name, alerts=count))
    sample = words.example("/alert {word}")
    here = f"/for {behalf.handle_of(chat)} {sample}"
    there = sample.replace("/alert", f"/alert@{services.bot_username}")
    lines = [
        fill(said.came, name=name),
        fill(said.came_here, example=code(here)),
        fill(said.came_there, example=code(there)),
    ]
    ask = Button(
        text=welcome_words(words.language).alert_button,
        data=data(RUN, "for", f"{behalf.handle_of(chat)} /alert"),
    )
    return Message(join("\n", lines), ((ask,),))
