"""Stretches of a text: what stands around what is said."""

import pytest

from storage.query.words import sentences


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("«Порт закрыт»", "Порт закрыт"),
        ("«Порт закрыт». *", "Порт закрыт"),
        ("«Порт «Заря» закрыт»!", "Порт «Заря» закрыт"),
        ("«Порт» закрыт", "«Порт» закрыт"),
        ("«Порт» закрыт «Зарёй»", "«Порт» закрыт «Зарёй»"),
        ("«Порт закрыт", "«Порт закрыт"),
        ("Порт закрыт", "Порт закрыт"),
        ("", ""),
    ],
)
def test_marks_around_all_of_it_are_left_aside(text: str, bare: str) -> None:
    start, end = sentences.unquoted(f"Он: {text}", 4, 4 + len(text))
    assert f"Он: {text}"[start:end] == bare
