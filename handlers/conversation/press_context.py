"""The context that a press of a button is answered in: who pressed, where, in which language."""

from msgspec import Struct

from handlers.conversation.requests import Press
from handlers.conversation.services import Services
from handlers.texts.words import Words
from storage.errors import UsageError
from storage.records import Subscriber


class ButtonError(UsageError):
    """A button's data that no button of ours has now: of an old message, or forged."""

    def __init__(self, what: str) -> None:
        super().__init__(what, where="button")


class PressContext(Struct, frozen=True, kw_only=True):
    """What the answer to a press is given; ``subscriber`` None for a chat that was forgotten."""

    press: Press
    fields: tuple[str, ...]
    subscriber: Subscriber | None
    words: Words
    timezone: str


def number(fields: tuple[str, ...], index: int) -> int:
    """A field that is a number. Raises ButtonError where it is none."""
    text = fields[index] if index < len(fields) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ButtonError(f"{text!r} is no number")
    return int(text)


async def may_manage(press: Press, services: Services) -> bool:
    """Whether who presses may change what the chat gets."""
    if press.may_manage is not None:
        return press.may_manage
    return await services.role_of(press.chat_id, press.sender_id or 0) == "manager"
