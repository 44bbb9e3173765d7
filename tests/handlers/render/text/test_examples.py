"""Commands to copy, as they must be said where they are copied to."""

import pytest

from handlers.render.text.examples import address_examples, examples_for
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, Span, bold, code, command, fill, join

SHOWN = fill("😀 {a} or {b}, {c}", a=code("/alert oil"), b=bold("x"), c=code("/digest now"))


def spans(text: RichText) -> list[tuple[str, str]]:
    return [(span.kind, text.text[span.start : span.end]) for span in text.spans]


def test_in_a_group_examples_name_the_bot() -> None:
    text = address_examples(Message(SHOWN), "some_bot").text
    assert text.text == "😀 /alert@some_bot oil or x, /digest@some_bot now"
    assert spans(text) == [
        ("code", "/alert@some_bot oil"),
        ("bold", "x"),
        ("code", "/digest@some_bot now"),
    ]


def test_for_another_chat_examples_name_it() -> None:
    text = examples_for(SHOWN, "@my_channel")
    assert spans(text) == [
        ("code", "/for @my_channel /alert oil"),
        ("bold", "x"),
        ("code", "/for @my_channel /digest now"),
    ]


def test_a_command_to_press_is_one_to_copy_elsewhere() -> None:
    pressed = fill("say {a} or /alert", a=command("/help"))
    assert spans(address_examples(Message(pressed), "some_bot").text) == [
        ("command", "/help@some_bot")
    ]
    shown = examples_for(pressed, "@my_channel")
    assert spans(shown) == [("code", "/for @my_channel /help")]
    assert shown.text == "say /for @my_channel /help or /alert"


@pytest.mark.parametrize(
    "text",
    [
        code("oil OR gas"),
        code("/alert@other_bot oil"),
        RichText("/alert oil, all plain"),
        code("see /alert"),
        join("", ()),
    ],
)
def test_what_is_no_example_stays(text: RichText) -> None:
    assert address_examples(Message(text), "some_bot").text == text


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Span("bold", 0, 4), "say "),  # ends where the command begins
        (Span("bold", 0, 10), "say /alert@some_bot"),  # ends with it
        (Span("bold", 4, 10), "/alert@some_bot"),
        (Span("bold", 10, 14), " oil"),  # begins where it ends
        (Span("bold", 11, 14), "oil"),
        (Span("bold", 0, 14), "say /alert@some_bot oil"),
    ],
)
def test_what_stands_around_an_example_moves_with_it(span: Span, shown: str) -> None:
    text = RichText("say /alert oil", (Span("code", 4, 14), span))
    found = address_examples(Message(text), "some_bot").text
    assert spans(found) == [("code", "/alert@some_bot oil"), ("bold", shown)]
