"""Which languages a word is taken to be of."""

import pytest

from storage.query.words.inflection import languages


@pytest.mark.parametrize(
    ("form", "language"),
    [("krakow", "pl"), ("secim", "tr"), ("krieg", "de"), ("praha", "cs"), ("kaupunki", "fi")],
)
def test_letters_tell_a_language(form: str, language: str) -> None:
    assert languages.guess(form)[0] == language


@pytest.mark.parametrize("form", ["government", "harbour", "through", "qqq"])
def test_english_and_unknown_words_are_of_none(form: str) -> None:
    assert languages.guess(form) == ()
