"""Which language a person is spoken to in."""

import functools

from handlers.texts.chats import ChatKind, words_in
from handlers.texts.words import Words
from storage.languages import catalogue


@functools.cache
def words_of(language: str, place: ChatKind = "private") -> Words:
    """The words of a language; English for one that the bot does not speak."""
    return words_in(place, Words.of(language))


def language_of(chosen: str | None, default: str) -> str:
    """The language of a subscriber: the stored one where the bot speaks it, else the default."""
    return chosen if chosen in catalogue.spoken() else default


def language_at_first_sight(code: str | None) -> str | None:
    """What Telegram's language code (``ru``, ``ru-RU``) settles; None leaves it to the instance.

    English is what many apps report unasked, so only another language counts as a choice.
    """
    language = (code or "").partition("-")[0].lower()
    return language if language in catalogue.spoken()[1:] else None
