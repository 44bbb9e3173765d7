"""Find out who operates the instance: the person whom the bot sends a code that is then typed on
the terminal.

So nobody has to know their numeric id, and nobody else can claim to be the operator.
"""

import contextlib
import secrets
from typing import Any

from telethon import events, utils

from bot.telegram import clients
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS
from handlers.texts.languages import language_at_first_sight
from handlers.texts.people.access import access_words
from storage.languages.catalogue import SOURCE

LETTERS = "BCDFGHKLMNPRSTVWXZ"
"""No vowels: a code is no word. No digits: it is no id."""
LENGTH = 6
MOST = 50
"""People who get a code; who else writes meanwhile gets none."""


class Callers:
    """Gives everybody who writes to the bot a code of their own."""

    def __init__(self, bot: Client) -> None:
        self._bot = bot
        self._codes: dict[int, str] = {}
        self._names: dict[int, str] = {}
        bot.add_event_handler(self._answer, events.NewMessage(incoming=True))
        bot.begin()

    def find(self, typed: str) -> tuple[int, str] | None:
        """The id and name of whom this code was given, in any case; or None."""
        code = "".join(typed.split()).upper()
        for number, given in self._codes.items():
            if secrets.compare_digest(given.encode(), code.encode()):
                return number, self._names[number]
        return None

    async def _answer(self, event: Any) -> None:
        number = event.sender_id
        if not event.is_private or (number not in self._codes and len(self._codes) >= MOST):
            return
        with contextlib.suppress(*CALL_ERRORS):
            sender = await event.get_sender()
            code = self._codes.setdefault(number, _new_code())
            self._names[number] = utils.get_display_name(sender)
            language = language_at_first_sight(getattr(sender, "lang_code", None)) or SOURCE
            await clients.within(event.respond(access_words(language).setup_code.format(code=code)))


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
