"""Words that make another statement."""

import pytest

from handlers.stories import statements


@pytest.mark.parametrize(
    "word", ["7", "2024", "су34", "5й", "января", "марта", "среду", "два", "march", "friday", "six"]
)
def test_figures_and_days_are_numbers(word: str) -> None:
    assert statements.is_number(word)


@pytest.mark.parametrize("word", ["порт", "марка", "marching", "sixth", "маяк"])
def test_other_words_are_not(word: str) -> None:
    assert not statements.is_number(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("открыл", "закрыли"),
        ("ввел", "отменил"),
        ("до", "после"),
        ("вырос", "упал"),
        ("завтра", "сегодня"),
        ("север", "запад"),
        ("opened", "closed"),
        ("rises", "fell"),
        ("before", "after"),
    ],
)
def test_opposites_exclude_each_other_both_ways(one: str, other: str) -> None:
    assert statements.are_opposed(one, other)
    assert statements.are_opposed(other, one)
    assert not statements.are_opposed(one, one)


@pytest.mark.parametrize(
    ("one", "other"), [("открыл", "открыли"), ("порт", "паром"), ("до", "дом")]
)
def test_other_pairs_do_not(one: str, other: str) -> None:
    assert not statements.are_opposed(one, other)
