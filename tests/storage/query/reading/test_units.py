"""Numbers and units, as one word and as two."""

import pytest

from storage.query.reading import units
from storage.query.reading.syntax import parse


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (["7кг"], {("7кг",), ("7", "кг")}),
        (["7", "кг"], {("7кг",), ("7", "кг")}),
        (["100km"], {("100km",), ("100", "km"), ("100", "км")}),
        (["100", "км"], {("100km",), ("100", "km"), ("100", "км")}),
        # In the letters of the other alphabet it is the same unit.
        (["7", "t"], {("7", "t"), ("7t",), ("7", "т")}),
        (["7t"], {("7t",), ("7", "т")}),
        (["7", "мт"], {("7", "мт"), ("7mt",), ("7", "mt")}),
        (["5g"], set()),
        (["3d"], set()),
        (["7", "кот"], set()),
        (["кг"], set()),
    ],
)
def test_a_number_and_its_unit_are_written_in_every_way(
    forms: list[str], expected: set[tuple[str, ...]]
) -> None:
    found = units.rows(forms)
    assert set(found) == expected
    assert not found or found[0] == (*forms,)


@pytest.mark.parametrize(
    "text", ["100км", "100 км", '"шли 100 км"', "München", "Vučić", "Ђоковић", "5 млн -Müller"]
)
def test_what_is_asked_is_asked_again_by_its_text(text: str) -> None:
    asked = parse(text)
    again = parse(asked.text)
    assert again.root == asked.root
    assert again.text == asked.text
