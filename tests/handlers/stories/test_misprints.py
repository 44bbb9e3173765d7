"""One word with a misprint, or two words. All words but the invented ones are common."""

import pytest

from handlers.stories import misprints, tokens
from handlers.stories.tokens import Token

WORDS = frozenset(
    [
        "транспорт",
        "транспорта",
        "корабль",
        "корабля",
        "пирс",
        "вышел",
        "порта",
        "борта",
        "министра",
        "вокзал",
    ]
)


def is_word(form: str) -> bool:
    return form in WORDS


def one(text: str) -> Token:
    (token,) = tokens.read(text)
    return token


@pytest.mark.parametrize(
    ("right", "wrong", "is_misprint"),
    [
        ("транспорта", "транспота", True),
        ("транспорта", "транспоорта", True),
        ("транспорта", "транспорат", True),
        ("транспорта", "трансполта", True),
        ("транспорта", "трнаспорат", False),
        ("транспорта", "транспоооорта", False),
        ("транспорта", "транспорт", False),  # both are words
        ("транспорта", "транспорта", False),
        ("трансморта", "транспота", False),  # neither is
        ("корабля", "коробля", False),  # another letter in a short word is another word
        ("корабля", "корбаля", True),
        ("корабля", "корабя", True),
        ("пирс", "пис", False),
        ("пирс", "пирсы", False),
        ("порта", "поррта", True),
        ("порта", "орта", False),
        ("порта", "портаа", True),
        ("порта", "опрта", True),
        ("порта", "потр", False),
        ("вокзал", "Вокзла", False),
        ("Вокзал", "Вокзла", False),  # names have letters that no dictionary holds
        ("Министра", "Минстра", True),
        ("12345678", "1234567", False),
        ("committee", "comittee", True),
        ("committee", "commitee", True),
        ("committed", "committee", False),
        ("address", "adress", False),  # too short
        ("addresses", "adresses", True),
        ("Committee", "Comittee", False),
        ("harbour", "harbor", False),
    ],
)
def test_a_misprint_is_one_slip_of_one_letter(right: str, wrong: str, is_misprint: bool) -> None:
    assert misprints.is_misprint(one(right), one(wrong), is_word) is is_misprint
    assert misprints.is_misprint(one(wrong), one(right), is_word) is is_misprint


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("the harbour is open", True),
        ("die Fähre verlassen sie am Abend", False),
        ("los vecinos enterraron la caja", False),
        ("кот и пёс", False),  # no word is long enough to tell
        ("вышел корабль", True),
        ("излезе корабът от пристанището", False),
        ("вышел корабль вышел корабль вышел корабль вышел qqqqq яяяяя ююююю", True),
        ("вышел корабль вышел корабль вышел корабль qqqqq яяяяя ююююю эээээ", False),
        ("вышел Ааааа Ббббб Ввввв", True),
        ("пирс вышел порта qqqq", True),
        ("", False),
    ],
)
def test_the_dictionary_knows_the_language_of_a_text(text: str, can: bool) -> None:
    assert misprints.can_be_told(tokens.read(text), is_word) is can
