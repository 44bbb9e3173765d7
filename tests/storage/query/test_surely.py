"""What a word that is left out hides."""

import pytest

from storage.query import surely
from storage.query.tree import Exact, Near, Node, Or, Words
from storage.query.words import analysis


@pytest.mark.parametrize(
    ("form", "is_narrower"),
    [
        ("train", True),
        ("сталь", True),
        ("כרזה", True),
        ("harbour", False),
        ("реклама", False),
        ("krakow", True),
    ],
)
def test_a_word_that_may_be_another_hides_less_than_it_finds(
    form: str, *, is_narrower: bool
) -> None:
    assert surely.is_narrower(Words((form,))) is is_narrower


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (Words(("train",), sure=True), Or((Exact("train"), Exact("trains")))),
        (Words(("dice",), sure=True), Exact("dice")),
        (Words(("train", "station"), sure=True), Words(("train", "station"), sure=True)),
        (Words(("train",)), Words(("train",))),
        (Words(("train",), title=True, sure=True), Words(("train",), title=True, sure=True)),
        (Words(("сталь",), sure=True), Words(("сталь",), sure=True)),
    ],
)
def test_a_word_with_other_meanings_is_told_by_its_forms(word: Words, told: Node) -> None:
    assert surely.in_forms(word) == told


@pytest.mark.parametrize(
    ("row", "text", "occurs"),
    [
        (("train",), "two trains", True),
        (("train",), "two trainings", False),
        (("train", "station"), "TRAIN stations", True),
        (("train", "station"), "training stations, no train", False),
        (("station", "train"), "a train station, a training", False),
        (("сталь",), "они стали ждать", False),
        (("цена", "на", "сталь"), "цены на стали", False),
        (("цена", "на", "сталь"), "ценой на сталь", True),
    ],
)
def test_what_surely_occurs_stands_there_word_for_word(
    row: tuple[str, ...], text: str, *, occurs: bool
) -> None:
    assert surely.occurs(analysis.column(text), Words(row, sure=True)) is occurs


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("train of the station", True),
        ("station of no train", True),
        ("train of the old station", False),
        ("training of the station", False),
        ("a training, and a train, at the station", True),
        ("", False),
    ],
)
def test_both_sides_of_near_are_surely_there(text: str, *, near: bool) -> None:
    sides = (Words(("train",), sure=True), Words(("station",)))
    assert surely.near(analysis.column(text), Near(*sides, 2)) is near


@pytest.mark.parametrize(
    ("place", "hides"),
    [("газа", [{"place:газа"}]), ("новый порт", [{"place:новый"}, {"place:порт"}])],
)
def test_a_place_that_is_left_out_is_no_form_of_another_word(
    place: str, hides: list[set[str]]
) -> None:
    assert [*map(set, surely.place_marks(place))] == hides


TRAIN = Words(("train", "station"), sure=True)


@pytest.mark.parametrize(
    ("leaf", "own", "others", "also"),
    [
        (TRAIN, False, {"training", "trained"}, False),
        (Words(("train",), title=True, sure=True), False, {"training"}, False),
        (Near(TRAIN, Words(("grain",)), 3), False, {"training"}, True),
        (Near(Words(("port",)), Words(("grain",)), 3), False, set(), True),
        (Exact("train"), True, {"trains", "training"}, False),
        (Exact("train"), False, set(), False),
        (Words(("train", "station")), False, set(), False),
        (Words(("цена", "на", "сталь"), sure=True), False, set(), False),
    ],
)
def test_what_makes_a_document_doubtful(
    leaf: Node, *, own: bool, others: set[str], also: bool
) -> None:
    found = surely.unlike(leaf, refused=True, own=own)
    assert found is not None
    assert (others <= {*found.forms}, found.also) == (True, also)
    assert bool(found.forms) == bool(others)
    assert found.forms == () or "train" not in found.forms


def test_of_a_word_that_is_stemmed_to_another_it_is_not_known() -> None:
    assert surely.unlike(Words(("остров", "бали"), sure=True), refused=True, own=False) is None
    assert surely.terms("бали") == {"бал"}


@pytest.mark.parametrize(
    ("form", "terms"),
    [("house", {"hous"}), ("dice", {"dice|die"}), ("find", {"find", "find|found"})],
)
def test_the_terms_of_the_forms_that_are_meant(form: str, terms: set[str]) -> None:
    assert surely.terms(form) == terms
