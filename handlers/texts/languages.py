"""Which language a person is spoken to in."""

import functools
from typing import Final

from handlers.texts import en, ru
from handlers.texts.chats import Place, words_in
from handlers.texts.words import Words

LANGUAGES: Final[dict[str, Words]] = {"en": en.WORDS, "ru": ru.WORDS}


@functools.cache
def words_of(language: str, place: Place = "private") -> Words:
    """The words of a language; English for one that the bot does not speak."""
    return words_in(place, LANGUAGES.get(language, en.WORDS))


def language_of(chosen: str | None, default: str) -> str:
    """The language of a subscriber: the stored one where the bot speaks it, else the default."""
    return chosen if chosen in LANGUAGES else default


def language_at_first_sight(code: str | None) -> str | None:
    """What Telegram's language code (``ru``, ``ru-RU``) settles; None leaves it to the instance.

    English is what many apps report unasked, so only another language counts as a choice.
    """
    language = (code or "").partition("-")[0].lower()
    return language if language in LANGUAGES and language != "en" else None
