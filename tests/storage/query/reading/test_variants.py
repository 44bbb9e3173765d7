"""Words that are written in two ways."""

import pytest

from storage.query.reading import variants
from storage.query.reading.syntax import parse
from storage.query.words import analysis


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("миллионов", ("миллион", "млн")),
        ("млн", ("млн", "миллион")),
        ("September", ("september", "sept", "sep")),
        ("colours", ("colours", "colors")),
        ("favorite", ("favorite", "favourite")),
        ("rigour", ("rigour", "rigor")),
        ("behaviours", ("behaviours", "behaviors")),
        ("realise", ("realise", "realize")),
        ("organizations", ("organizations", "organisations")),
        ("paralysed", ("paralysed", "paralyzed")),
        ("Orelskyi", ("orelskyi", "orelsky", "orelskyy", "orelskiy")),
        ("whisky", ()),
        ("promise", ()),
        ("laboratory", ()),
        ("humorous", ()),
        ("harbinger", ()),
        ("харбор", ()),
    ],
)
def test_the_ways_to_write_a_word(word: str, ways: tuple[str, ...]) -> None:
    assert variants.ways(analysis.fold(word)) == ways


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (("eeuu",), ("ee", "uu")),
        (("ff", "aa"), ("ffaa",)),
        (("aaa",), None),
        (("ee",), None),
        (("ee", "uu", "aa"), None),
        (("port",), None),
    ],
)
def test_abbreviations_in_the_plural_are_written_as_one_and_as_two(
    row: tuple[str, ...], other: tuple[str, ...] | None
) -> None:
    assert variants.doubled(row) == other


@pytest.mark.parametrize(
    "text",
    ["5 млн", "5 миллионов крон", "labour Orelsky", "EEUU", "ee uu", "порт -млн", "29 November",
     '"5 млн"', "10 тыс", "тысяча 5"],
)  # fmt: skip
def test_a_canonical_text_asks_for_the_same(text: str) -> None:
    query = parse(text)
    assert parse(query.text).root == query.root
    assert parse(query.text).text == query.text


def test_what_is_left_out_is_only_itself() -> None:
    assert parse("port -colour").text == "port -colour"
