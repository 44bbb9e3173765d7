"""Which language a person is spoken to in, and what its words are good for."""

from typing import get_args

import pytest

from handlers.command_table import COMMANDS
from handlers.texts import languages, typed
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage.document import MediaType

EN, RU = words_of("en"), words_of("ru")


@pytest.mark.parametrize("words", [EN, RU])
def test_every_command_has_a_summary_that_the_menu_takes(words: Words) -> None:
    assert set(words.summaries) == {command.name for command in COMMANDS}
    assert all(3 <= len(summary) <= 256 for summary in words.summaries.values())


def test_every_command_may_be_called_by_a_word_of_ones_own() -> None:
    assert set(typed.COMMANDS.english) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("words", [EN, RU])
def test_every_example_can_be_written_in_every_language(words: Words) -> None:
    assert set(words.samples) == set(EN.samples)
    for command in COMMANDS:
        assert all("{" not in example for example in command.usage(words))


@pytest.mark.parametrize("words", [EN, RU])
def test_months_and_media_are_all_named(words: Words) -> None:
    assert len(words.months) == len(words.months_short) == 12
    assert set(words.media) == set(get_args(MediaType))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 постов"),
        (1, "1 пост"),
        (2, "2 поста"),
        (4, "4 поста"),
        (5, "5 постов"),
        (11, "11 постов"),
        (12, "12 постов"),
        (14, "14 постов"),
        (21, "21 пост"),
        (22, "22 поста"),
        (25, "25 постов"),
        (101, "101 пост"),
        (111, "111 постов"),
        (1002, "1002 поста"),
    ],
)
def test_russian_numbers(number: int, text: str) -> None:
    assert RU.count(RU.posts, number) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 posts"), (1, "1 post"), (21, "21 posts")])
def test_english_numbers(number: int, text: str) -> None:
    assert EN.count(EN.posts, number) == text


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU", "ru"),
        ("en", None),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_what_telegrams_language_settles(code: str | None, language: str | None) -> None:
    assert languages.language_at_first_sight(code) == language


@pytest.mark.parametrize(
    ("chosen", "default", "language"),
    [("ru", "en", "ru"), ("en", "ru", "en"), (None, "ru", "ru"), ("de", "en", "en")],
)
def test_how_a_subscriber_is_spoken_to(chosen: str | None, default: str, language: str) -> None:
    assert languages.language_of(chosen, default) == language
