"""What a word that is left out hides."""

import pytest

from storage.query import surely
from storage.query.tree import Exact, Node, Or, Words


@pytest.mark.parametrize(
    ("form", "is_narrower"),
    [("train", True), ("сталь", True), ("כרזה", True), ("harbour", False), ("реклама", False)],
)
def test_a_word_that_may_be_another_hides_less_than_it_finds(
    form: str, *, is_narrower: bool
) -> None:
    assert surely.is_narrower(form) is is_narrower


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (Words(("train",), sure=True), Or((Exact("train"), Exact("trains")))),
        (Words(("dice",), sure=True), Exact("dice")),
        (Words(("train",)), Words(("train",))),
        (Words(("train",), title=True, sure=True), Words(("train",), title=True, sure=True)),
        (Words(("сталь",), sure=True), Words(("сталь",), sure=True)),
    ],
)
def test_a_word_with_other_meanings_is_told_by_its_forms(word: Words, told: Node) -> None:
    assert surely.in_forms(word) == told
