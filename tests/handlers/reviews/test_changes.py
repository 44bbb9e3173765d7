"""What an edit took back."""

import pytest

from handlers.reviews.changes import LEAST, MOST_COMPARED, weigh_change
from storage.query.words import russian


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        ("The ferry carries 40 people", "The ferry carries 45 people", True),
        ("The ferry will sail", "The ferry will not sail", True),
        ("The ferry did not sail", "The ferry did sail", True),
        ("Капитан Анна Пример уволена", "Капитан Инна Другая уволена", True),
        ("На борту было 40 человек", "На борту было 45 человек", True),
        ("The ferry is late. Nobody is hurt, says the port", "The ferry is late", True),
        ("It sails on Monday", "It sails on Friday", True),
        ("The ferry is late", "The ferry is late. It sails at 9", False),  # added
        ("The ferry is late", "❗️The ferry is late!", False),
        ("В порту стоит транспот", "В порту стоит транспорт", False),  # a misprint
        ('The "old" ferry — late', "The «old» ferry - late", False),
        ("The big ferry is late", "The large ferry is late", False),
        ("", "", False),
        ("", "The ferry is late", False),
    ],
)
def test_what_was_stated_and_is_no_more_weighs(old: str, new: str, is_told: bool) -> None:
    assert (weigh_change(old, new, russian.is_word) >= LEAST) == is_told


def test_figures_weigh_more_than_words() -> None:
    def weight(old: str, new: str) -> int:
        return weigh_change(f"The ferry carries {old}", f"The ferry carries {new}", bool)

    assert weight("40 people", "45 people") > weight("many people", "some crates")


def test_very_long_texts_are_compared_by_what_is_gone() -> None:
    long = "ferry crane " * (int(MOST_COMPARED**0.5) // 2 + 1)
    assert weigh_change(long + "40", long + "45", bool) >= LEAST
    assert weigh_change(long, long + "added", bool) == 0
