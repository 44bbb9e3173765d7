"""Acting for a group or channel from a private chat: what is shown there says for whom.

The buttons of such a message carry the chat that they are about (its marked id, always negative)
before their own data: ``-1001700000001:ap|5|0``. Whether who presses manages it is asked each time.
"""

import re

from handlers.conversation.requests import PressResult
from handlers.render.text.examples import examples_for
from handlers.render.text.messages import Button, Keyboard, Message, has_room
from handlers.render.text.names import contained
from handlers.render.text.rich import bold, join
from storage.records import Subscriber
from storage.structs import replace

_MARKED = re.compile(r"(-[1-9][0-9]{0,17}):(.+)", re.DOTALL)


def split_data(data: str) -> tuple[int | None, str]:
    """The chat that a button is about, None for the one it is in; and the button's own data."""
    match = _MARKED.fullmatch(data)
    return (int(match[1]), match[2]) if match else (None, data)


def mark_message(message: Message, about: Subscriber) -> Message:
    """The message with the name of the chat that it and its buttons are about."""
    said = examples_for(message.text, handle_of(about))
    text = join("\n\n", (bold(f"📢 {name_of(about)}"), said))
    keyboard = _mark(message.keyboard, about.chat_id)
    return replace(message, text=text, keyboard=keyboard, reply_to=None)


def mark_result(result: PressResult, about: Subscriber) -> PressResult:
    """The same for what a press leads to."""
    return replace(
        result,
        edit=mark_message(result.edit, about) if result.edit else None,
        keyboard=None if result.keyboard is None else _mark(result.keyboard, about.chat_id),
        reply=tuple(mark_message(message, about) for message in result.reply),
    )


def name_of(chat: Subscriber) -> str:
    """A group or channel as a person knows it."""
    return contained(chat.name or "").strip() or handle_of(chat)


def handle_of(chat: Subscriber) -> str:
    """A group or channel as it is named in a command."""
    return f"@{chat.username}" if chat.username else str(chat.chat_id)


def _mark(keyboard: Keyboard, chat_id: int) -> Keyboard:
    """A button whose data is too long then is left out."""
    rows = (tuple(_marked(button, chat_id) for button in row) for row in keyboard)
    kept = (tuple(button for button in row if button is not None) for row in rows)
    return tuple(row for row in kept if row)


def _marked(button: Button, chat_id: int) -> Button | None:
    if button.data is None:
        return button
    data = f"{chat_id}:{button.data}"
    return replace(button, data=data) if has_room(data) else None
