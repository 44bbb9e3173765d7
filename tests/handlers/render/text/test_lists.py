"""Lists a page at a time."""

import pytest

from handlers.render.text.keyboards import LIST_ROWS
from handlers.render.text.lists import Removed, page_of, ticked
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of


@pytest.mark.parametrize(
    ("count", "number", "items", "place", "row"),
    [
        (0, 0, [], (0, 0, 1), []),
        (0, 3, [], (0, 0, 1), []),
        (8, 0, [0, 1, 2, 3, 4, 5, 6, 7], (0, 0, 1), []),
        (9, 0, [0, 1, 2, 3, 4, 5, 6, 7], (0, 0, 2), [("1 / 2", "n"), ("Next ›", "v|x|1")]),
        (9, 1, [8], (8, 1, 2), [("‹ Prev", "v|x|0"), ("2 / 2", "n")]),
        (17, 1, [8, 9, 10, 11, 12, 13, 14, 15], (8, 1, 3), [
            ("‹ Prev", "v|x|0"), ("2 / 3", "n"), ("Next ›", "v|x|2"),
        ]),
        (16, 9, [8, 9, 10, 11, 12, 13, 14, 15], (8, 1, 2), [("‹ Prev", "v|x|0"), ("2 / 2", "n")]),
        (9, -1, [0, 1, 2, 3, 4, 5, 6, 7], (0, 0, 2), [("1 / 2", "n"), ("Next ›", "v|x|1")]),
    ],
)  # fmt: skip
def test_a_page_has_so_many_rows_and_turns_to_its_neighbours(
    count: int, number: int, items: list[int], place: tuple[int, int, int], row: list
) -> None:
    assert LIST_ROWS == 8
    page = page_of(range(count), number)
    assert list(page.items) == items
    assert (page.first, page.number, page.pages) == place
    shown = [
        (button.text, button.data if "/" not in button.text else "n")
        for buttons in page.turning("v", ("x",), words_of("en"))
        for button in buttons
    ]
    assert shown == row


def test_what_is_set_is_marked() -> None:
    assert [ticked("Daily", is_on) for is_on in (True, False)] == ["✓ Daily", "Daily"]


@pytest.mark.parametrize(("count", "turning"), [(2, []), (LIST_ROWS + 2, ["v|1"])])
def test_each_item_has_its_button_and_the_last_row_turns(count: int, turning: list[str]) -> None:
    page = page_of(range(count), 0)
    entries = [RichText(f"{place}. x") for place, _ in page.numbered()]
    buttons = [Button(text=str(place), data=f"b|{place}") for place, _ in page.numbered()]
    message = page.message(RichText("All"), entries, buttons, "v", words_of("en"), between="\n")
    assert message.text.text.split("\n")[:2] == ["All", "1. x"]
    rows, below = message.keyboard[: len(buttons)], message.keyboard[len(buttons) :]
    assert [button.data for (button,) in rows] == [button.data for button in buttons]
    turns = [button.data for row in below for button in row]
    assert [data for data in turns if data and data.startswith("v|")] == turning


def test_what_was_removed_is_said_above_with_the_way_back_first() -> None:
    kept = Button(text="kept", data="k")
    shown = Removed("Oil", "u|1").above(Message(RichText("Rest"), ((kept,),)), words_of("en"))
    assert shown.text.text == "Removed: Oil\n\nRest"
    assert [[(one.text, one.data) for one in row] for row in shown.keyboard] == [
        [("↩️ Undo", "u|1")],
        [("kept", "k")],
    ]
