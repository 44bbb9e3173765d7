"""Every language says everything, with the same values in it."""

import dataclasses
from string import Formatter

import pytest

from handlers.registry import COMMANDS
from handlers.texts import languages
from handlers.texts.words import Words

EN, RU = languages.LANGUAGES["en"], languages.LANGUAGES["ru"]
SENTENCES = [
    spec.name for spec in dataclasses.fields(Words) if isinstance(getattr(EN, spec.name), str)
]
FORMS = ["posts", "results", "alerts", "channels", "more_posts"]


def names(template: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_the_same_values_in_every_language(sentence: str) -> None:
    english, russian = getattr(EN, sentence), getattr(RU, sentence)
    assert names(english) == names(russian) - {"until"}  # where Russian has no "since" for it
    assert english.strip() and russian.strip()


def test_nothing_was_left_untranslated() -> None:
    same = {name for name in SENTENCES if getattr(EN, name) == getattr(RU, name)}
    assert same == set()


@pytest.mark.parametrize("words", [EN, RU])
def test_every_command_has_a_summary_that_the_menu_takes(words: Words) -> None:
    assert set(words.summaries) == {command.name for command in COMMANDS}
    assert all(3 <= len(summary) <= 256 for summary in words.summaries.values())


@pytest.mark.parametrize("words", [EN, RU])
def test_every_example_can_be_written_in_every_language(words: Words) -> None:
    assert set(words.samples) == set(EN.samples)
    for command in COMMANDS:
        assert all("{" not in example for example in command.usage(words))


@pytest.mark.parametrize("forms", FORMS)
def test_every_form_has_its_number(forms: str) -> None:
    assert len(getattr(EN, forms)) == 2
    assert len(getattr(RU, forms)) == 3
    assert all("{n}" in form for words in (EN, RU) for form in getattr(words, forms))


@pytest.mark.parametrize("words", [EN, RU])
def test_months_and_media_are_all_named(words: Words) -> None:
    assert len(words.months) == len(words.months_short) == 12
    assert set(words.media) == set(EN.media)


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
