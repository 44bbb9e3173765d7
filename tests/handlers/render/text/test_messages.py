"""Messages: Telegram's limits, and cutting at boundaries of sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text import messages, rich
from handlers.render.text.messages import Button, Message
from handlers.render.text.rich import RichText, Span
from storage import payloads
from storage.structs import replace

FLAG = "🇷🇺"
FAMILY = "👨‍👩‍👧‍👦"
THUMB = "👍🏽"
KEYCAP = "5️⃣"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("text", "end", "cut"),
    [
        ("One two three", 20, "One two three"),
        ("First block.\n\nSecond block here", 20, "First block."),
        ("First line\nSecond line here", 16, "First line"),
        ("It is so. Then it is not so at all", 15, "It is so."),
        ('He said "no." Then he went', 18, 'He said "no."'),
        ("Вот первая фраза. А вот вторая фраза", 25, "Вот первая фраза."),
        ("Mooring costs 12.50 crowns now", 20, "Mooring costs 12.50"),
        ("It went up today! See mole.example now", 30, "It went up today!"),
        ("one two three four", 10, "one two"),
        ("one two three four", 7, "one two"),
        ("one\ttwo\tthree four", 7, "one\ttwo"),
        ("one two\tthree four", 7, "one two"),
        ("one\ttwo three four", 7, "one\ttwo"),
        ("one two\tthree four", 9, "one two"),
        ("one\ttwo three four", 6, "one"),
        ("one two", 6, "one"),
        ("one two", 7, "one two"),
        ("a bcdefghi", 8, "a bcdefg"),
        ("a bcdefghi", 3, "a"),
        ("First block\n\nSecond block", 11, "First block"),
        ("First\nSecond", 5, "First"),
        ("It is. Then it is not", 6, "It is."),
        ("A\n\nB and so it goes on", 12, "A\n\nB and so"),
        ("A\nB and so it goes on", 12, "A\nB and so"),
        ("A. B and so it goes on", 12, "A. B and so"),
        # What ends in the first half is no place to cut at; what ends with the half is.
        ("abcd\nfgh jkl mno", 10, "abcd\nfgh"),
        ("abcde\nghi jkl mno", 10, "abcde"),
        ("Abc. efg hij klm", 10, "Abc. efg"),
        ("Abcd. fg hij klm", 10, "Abcd. fg"),
        ("Abcde. g hij klm", 10, "Abcde."),
        ("abcd fghijklmno", 10, "abcd fghij"),
        ("abcde ghijklmno", 10, "abcde"),
        ("abcdefghij", 4, "abcd"),
        (FLAG * 3, 3, FLAG),
        (FLAG * 3, 4, FLAG * 2),
        ("🇦🇿" * 2, 3, "🇦🇿"),
        ("🇿🇦" * 2, 3, "🇿🇦"),
        ("a" + FAMILY, 5, "a"),
        ("ab" + THUMB, 3, "ab"),
        ("abc" + KEYCAP, 4, "abc"),
        ("abc" + SCOTLAND, 8, "abc"),
        ("abе\u0301", 3, "ab"),
        (FAMILY, 2, FAMILY[:2]),
    ],
)
def test_where_a_text_is_cut(text: str, end: int, cut: str) -> None:
    assert text[: messages.boundary(text, end)] == cut


@pytest.mark.parametrize(
    ("text", "end", "place"),
    [
        ("abc", 0, 0),
        ("abc", 2, 2),
        ("abc", 3, 3),
        ("a\r\nb", 2, 1),
        ("a\r\nb", 3, 3),
        ("a\rb", 2, 2),
        ("a\nb", 2, 2),
        ("a\n\nb", 2, 2),
        ("a\n\rb", 2, 2),
        ("aя\u0301b", 2, 1),
        ("a\u200db", 1, 1),
        ("a\u200db", 2, 2),
        (THUMB + "a", 1, 1),
        ("a" + THUMB, 2, 1),
        ("a" + FLAG + FLAG, 2, 1),
        ("a" + FLAG + FLAG, 3, 3),
        ("a" + FLAG + FLAG, 4, 3),
        ("a" + FLAG + "b", 3, 3),
        ("a\U0001f1e5\U0001f1e6", 2, 2),
        ("a\U0001f1ff\U0001f200", 2, 2),
        ("a\U0001f1e6\U0001f1ff", 2, 1),
        ("ab\U0001f3fb", 2, 1),
        ("ab\U0001f3ff", 2, 1),
        ("ab\U0001f3fa", 2, 2),
        ("ab\U0001f400", 2, 2),
        ("ab\U000e0020", 2, 1),
        ("ab\U000e007f", 2, 1),
    ],
)
def test_no_grapheme_is_cut(text: str, end: int, place: int) -> None:
    assert messages.grapheme_boundary(text, end) == place


def test_a_short_message_is_left_whole() -> None:
    message = Message(rich.bold("Hello"), ((Button(text="a", data="b"),),))
    assert messages.split(message) == (message,)


def test_2049_emoji_are_too_long_for_one_message() -> None:
    parts = messages.split(Message(RichText("🔔" * 2049)))
    assert [messages.utf16_length(part.text.text) for part in parts] == [4096, 2]


def test_buttons_stay_with_the_last_part() -> None:
    keyboard = ((Button(text="a", data="b"),),)
    parts = messages.split(Message(RichText("word " * 2000), keyboard))
    assert len(parts) == 3
    assert [part.keyboard for part in parts] == [(), (), keyboard]


def test_no_part_has_more_than_a_hundred_spans() -> None:
    text = rich.join(" ", [rich.bold(f"w{index}") for index in range(250)])
    parts = messages.split(Message(text))
    assert [len(part.text.spans) for part in parts] == [100, 100, 50]
    assert " ".join(part.text.text for part in parts) == text.text


def test_a_span_over_a_cut_goes_on_in_the_next_part() -> None:
    parts = messages.split(Message(rich.code("one two three")), limit=8)
    assert [part.text for part in parts] == [rich.code("one two"), rich.code("three")]


@pytest.mark.parametrize(
    ("limit", "parts"),
    [
        (20, ["see one two three", "and on"]),
        (16, ["see", "one two three", "and on"]),
        (9, ["see", "one two", "three and", "on"]),
    ],
)
def test_no_cut_is_inside_a_span_that_fits_into_a_message(limit: int, parts: list[str]) -> None:
    text = rich.join(" ", ("see", rich.bold(rich.link("one two three", "https://x.org")), "and on"))
    assert [part.text.text for part in messages.split(Message(text), limit=limit)] == parts


SPANS = st.lists(
    st.tuples(st.sampled_from(["bold", "code", "link"]), st.text("ab .\n", max_size=9))
)


@given(SPANS, st.integers(10, 40))
def test_spans_that_fit_stay_whole(pieces: list[tuple[str, str]], limit: int) -> None:
    marked = [
        rich.styled(kind, text, "https://x.org" if kind == "link" else None)  # type: ignore[arg-type]
        for kind, text in pieces
        if text.strip()
    ]
    parts = messages.split(Message(rich.join(" ", marked)), limit=limit)
    assert sum(len(part.text.spans) for part in parts) == len(marked)
    assert all(messages.utf16_length(part.text.text) <= limit for part in parts)


PIECES = st.sampled_from([FLAG, FAMILY, THUMB, KEYCAP, "word", " ", ". ", "\n", "\n\n", "я", "é"])


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(16, 40))
def test_parts_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    parts = messages.split(Message(RichText(text)), limit=limit)
    assert all(messages.utf16_length(part.text.text) <= limit for part in parts)
    assert "".join("".join(part.text.text.split()) for part in parts) == "".join(text.split())
    for part in parts[1:]:
        assert part.text.text[0] not in "\u200d\ufe0f\u20e3\U0001f3fd"


@given(st.text(max_size=60), st.integers(2, 30))
def test_a_truncated_text_fits(text: str, limit: int) -> None:
    cut = messages.truncate(RichText(text), limit)
    assert messages.utf16_length(cut.text) <= limit


def test_truncating_marks_the_cut_and_keeps_spans() -> None:
    text = RichText("one two three", (Span("bold", 4, 13),))
    assert messages.truncate(text, 9) == RichText("one two…", (Span("bold", 4, 7),))


@pytest.mark.parametrize("span", [Span("code", 4, 13), Span("link", 4, 13, "https://x.org")])
def test_truncating_leaves_no_half_of_a_query_or_link(span: Span) -> None:
    assert messages.truncate(RichText("one two three", (span,)), 9) == RichText("one…")
    whole = RichText("two three", (replace(span, start=0, end=9),))
    assert messages.truncate(whole, 8).text == "two…"


def test_shortening_makes_one_line() -> None:
    assert messages.shorten("one\n two\tthree  four", 14) == "one two three…"


@pytest.mark.parametrize(
    ("data", "url"),
    [(None, None), ("a", "https://t.me/x"), ("я" * 33, None), ("", None)],
)
def test_a_button_that_telegram_would_refuse_is_an_error(data: str | None, url: str | None) -> None:
    with pytest.raises(ValueError, match="a button"):
        Button(text="x", data=data, url=url)


@pytest.mark.parametrize(
    "message",
    [
        Message(rich.bold("a") + "b"),
        Message(RichText("a"), ((Button(text="x", data="d"),), (Button(text="y", url="u"),))),
    ],
)
def test_a_payload_comes_back_as_it_was(message: Message) -> None:
    assert (
        Message.from_payload(payloads.read("answer", payloads.write(message.to_payload())))
        == message
    )
