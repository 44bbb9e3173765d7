"""Items of lists and rows of tables in rich messages."""

from typing import Any

import pytest

from handlers.normalize.parsing.fields import Record
from handlers.normalize.telethon import rich_lists
from handlers.normalize.telethon.rich_words import Words
from storage.document import Block, Span

ORDERED = {"_": "PageBlockOrderedList"}


@pytest.mark.parametrize(
    ("node", "marks"),
    [
        ({"_": "PageBlockList", "items": [{}, {}]}, [None, None]),
        ({**ORDERED, "items": [{}, {}]}, ["1.", "2."]),
        ({**ORDERED, "items": [{}, {}], "start": 7}, ["7.", "8."]),
        ({**ORDERED, "items": [{}, {}, {}], "reversed": True}, ["3.", "2.", "1."]),
        ({**ORDERED, "items": [{}, {}], "reversed": True, "start": 9}, ["9.", "8."]),
        ({**ORDERED, "items": [{}, {"value": 5}, {}]}, ["1.", "5.", "6."]),
        ({**ORDERED, "items": [{"num": "a."}, {"num": "b"}, {}]}, ["a.", "b.", "3."]),
        (
            {"_": "PageBlockList", "items": [{"checkbox": True}, {"checked": True}]},
            ["☐", None],
        ),
        ({**ORDERED, "items": [{"checkbox": True, "checked": True}, {}]}, ["☑", "2."]),
        ({**ORDERED, "items": []}, []),
    ],
)
def test_what_marks_an_item(node: dict[str, Any], marks: list[str | None]) -> None:
    assert [mark for _, mark in rich_lists.items(Record(node))] == marks


def test_a_mark_stands_before_its_item() -> None:
    bold = Span(kind="bold", start=0, end=4)
    first = Block(type="para", text="Boats", spans=(bold,))
    assert rich_lists.bullet(first, None) == Block(type="bullet", text="Boats", spans=(bold,))
    marked = rich_lists.bullet(first, "12.")
    assert (marked.type, marked.text, marked.marker) == ("bullet", "12. Boats", "12.")
    assert marked.spans == (Span(kind="bold", start=4, end=8),)


def test_cells_stand_on_one_line() -> None:
    bold = Span(kind="bold", start=0, end=1)
    cells = [Words("a\nb", (bold,)), Words("", ()), Words("c", (bold,))]
    row = rich_lists.row(cells)
    assert row.text == "a b |  | c"
    assert [row.text[span.start : span.end] for span in row.spans] == ["a", "c"]
    assert rich_lists.row([Words("", ()), Words("", ())]).text == ""
    assert rich_lists.row([]).text == ""
