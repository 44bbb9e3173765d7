"""The demo's dialogue as a picture."""

from xml.etree import ElementTree

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from bot.demo import picture as demo_picture
from bot.demo.picture import BUBBLE, MOST_LINES, PADDING, WIDTH, Picture
from bot.demo.transcript import styled

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg())  # noqa: S314 - it is our own


def texts(picture: Picture) -> list[str]:
    return ["".join(one.itertext()) for one in drawn(picture).iter(f"{SVG}text")][3:]


def test_who_says_what_and_with_which_buttons() -> None:
    picture = Picture("Harbour")
    picture.note("A reader comes.")
    picture.wrote("/alert ferry")
    picture.received(Text.assemble("Alert set: ", ("ferry", "cyan")), [["Keep", "Drop"], ["⋯"]])
    groups = [group.get("class") for group in drawn(picture).iter(f"{SVG}g")]
    assert groups == ["note", "out", "in"]
    assert texts(picture) == [
        "A reader comes.", "/alert ferry", "Alert set: ferry", "Keep", "Drop", "⋯"
    ]  # fmt: skip
    assert '<tspan class="c">ferry</tspan>' in picture.svg()


@pytest.mark.parametrize("scheme", ["--page: #dfe7ee", "prefers-color-scheme: dark"])
def test_it_is_light_and_dark(scheme: str) -> None:
    assert scheme in Picture("Harbour").svg()


def test_long_messages_are_cut_between_lines_and_blank_ones_do_not_count() -> None:
    picture = Picture("Harbour")
    picture.received(Text("\n\n".join(f"line {n}" for n in range(MOST_LINES + 1))), [])
    assert texts(picture) == [*(f"line {n}" for n in range(MOST_LINES)), "…"]


@examples(60)
@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_any_text_is_drawn_inside_and_is_no_markup(text: str, label: str) -> None:
    picture = Picture("<b>&")
    picture.received(styled(text, ()), [[styled(label, ()).plain.replace("\n", " ")]])
    boxes = list(drawn(picture).iter(f"{SVG}rect"))
    assert all(0 <= float(b.get("x", 0)) + float(b.get("width", 0)) <= WIDTH for b in boxes)
    for line in demo_picture._lines(styled(text, ()), BUBBLE - 2 * PADDING):
        assert demo_picture._width(line) <= BUBBLE - 2 * PADDING
