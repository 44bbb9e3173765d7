"""What a post suggests: names and hashtags, whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.queries.proposals import list_queries
from storage.query.reading import syntax


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The ferry to Port Example sails. Minister Anna Sample said so. #ferry",
            ['"Port Example" #ferry', '"Port Example"', "#ferry"],
        ),
        (
            "Министр Анна Примерова заявила, что порт Выборг закрыт. В порту Выборга ждут.",
            ['Выборг "Анна Примерова"', "Выборг", '"Анна Примерова"'],
        ),
        ("Срочно! В Примерске сгорел склад. Жители Примерска спасены", ["Примерск"]),
        ("Паром на остров Чаек пойдёт позже", ["Чаек"]),
        ("МИД и ООН обсудили зерно", ["МИД ООН", "МИД", "ООН"]),
        ("Rates rose, says the IMF in a note", ["IMF"]),
        ("Only words here, and #Ferry #Tanker #Third", ["#ferry #tanker", "#ferry", "#tanker"]),
        (
            "Harbour Council Approves New Ferry Plan\nThe Harbour Council voted.",
            ['"Harbour Council"'],
        ),
        ("A meeting with Jean-Luc O'Sample", ['"Jean-Luc O\'Sample"']),
        ("BREAKING: HARBOUR CLOSED AFTER STORM", []),
        ("On Monday the price of oil fell in November", []),
        ("See https://Example.com/Foo, t.me/Harbour or @HarbourNews now", []),
        ("The first word only. Every sentence. Has one.", []),
        ("🔥🔥🔥 1234 …", []),
        ("", []),
    ],
)
def test_names_and_hashtags_are_proposed(text: str, expected: list[str]) -> None:
    assert list_queries(text) == expected


@given(st.text(max_size=300) | st.text(alphabet='Ab Я"#-(): .*\n', max_size=300))
def test_whatever_is_proposed_can_be_read(text: str) -> None:
    for query in list_queries(text):
        syntax.parse(query)


def test_a_post_of_any_length_is_read_soon() -> None:
    assert list_queries("Aa " * 200_000) == []
