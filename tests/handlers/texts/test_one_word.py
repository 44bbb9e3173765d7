"""One word for removing, in each language: what has it, and that nothing has another."""

import re

import pytest

from handlers.texts.cards import card_words
from storage.languages import catalogue, template

CANCEL = "asking.cancel"
"""It leaves a question: nothing is removed."""
BARE = {
    "collections.take_out_button": "the sign alone",
    "collections.take_out_hint": "the line that says what that does",
    "subscriptions.row_refused": "a mark in a list of what was taken and what was not: no button",
}
OTHERWISE = {
    "why.fates.dropped": "a message that waits is no entry of a list",
    "watching.given_up_hint": "what could not be read is no entry of a list",
}
SIGN = "✕"
OTHERS = {
    "en": re.compile(
        r"\b(revok\w*|discard\w*|unfollow\w*|drop(ped|s)?|tak(e|es|en) (\w+ )?(out|back|off))\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(r"\b(отозв\w*|отзыва\w*|отзови\w*|изъя\w*)", re.IGNORECASE),
}
"""Words for it that people had read here before, or might."""
WORDS = list(OTHERS.items())


def said(language: str) -> dict[str, str]:
    """All that the bot says in a language, by context; what people may type is left out."""
    read = catalogue.read(language)

    def forms(context: str, english: tuple[str, ...]) -> tuple[str, ...]:
        many = len(english) > 1
        return read.forms(context, english) if many else (read.text(context, english[0]),)

    return {
        one.entry.context: "\n".join(forms(one.entry.context, tuple(one.entry.english)))
        for one in template.find_entries()
        if not one.entry.context.startswith("typed.")
    }


def test_each_language_that_is_spoken_has_its_other_words_here() -> None:
    assert set(catalogue.spoken()) == set(OTHERS)


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_every_button_with_the_sign_says_the_one_word(language: str) -> None:
    word = card_words(language).remove
    signed = {context: text for context, text in said(language).items() if text.startswith(SIGN)}
    assert len(signed) > 5
    others = {
        context: text
        for context, text in signed.items()
        if not text.startswith(word) and context not in (CANCEL, *BARE)
    }
    assert others == {}


@pytest.mark.parametrize(("language", "other"), WORDS)
def test_nothing_that_is_removed_is_said_in_another_word(
    language: str, other: re.Pattern[str]
) -> None:
    found = {context: text for context, text in said(language).items() if other.search(text)}
    assert {context: found[context] for context in found.keys() - OTHERWISE.keys()} == {}


@pytest.mark.parametrize("language", sorted(OTHERS))
def test_the_word_stands_on_no_button_without_the_sign(language: str) -> None:
    bare = card_words(language).remove.removeprefix(SIGN).strip()
    unsigned = [text for text in said(language).values() if re.match(rf"{bare}\\b(?! one)", text)]
    assert [text for text in unsigned if len(text) < 30] == []
