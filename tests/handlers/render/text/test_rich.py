"""Rich text: characters and spans, whatever the characters are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.render.text import rich
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, Span, WireSpan
from storage import payloads
from storage.payloads import TextPayload

HOSTILE = "<b>no</b> *no* [no](https://x.y) {name} & \u202e"


def test_outside_text_stays_text() -> None:
    text = rich.fill("Found: {name}", name=HOSTILE)
    assert text == RichText("Found: " + HOSTILE)


def test_joining_moves_spans_along() -> None:
    text = rich.join(", ", [rich.bold("ab"), "c", rich.code("d")])
    assert text == RichText("ab, c, d", (Span("bold", 0, 2), Span("code", 7, 8)))


def test_ranges_of_a_text_are_marked_where_they_hold_anything() -> None:
    ranges = [(0, 0), (0, 1), (2, 2), (2, 5), (4, 3), (5, 5)]
    spans = (Span("code", 0, 1), Span("code", 2, 5))
    assert rich.marked("grain", ranges, "code") == RichText("grain", spans)


def test_adding_strings_on_either_side() -> None:
    assert "a " + rich.bold("b") + " c" == RichText("a b c", (Span("bold", 2, 3),))


def test_styles_nest() -> None:
    text = rich.link(rich.bold("a") + "b", "https://t.me/x/1")
    assert text.spans == (Span("link", 0, 2, "https://t.me/x/1"), Span("bold", 0, 1))


def test_empty_text_carries_no_span() -> None:
    assert rich.bold("") == RichText()


@pytest.mark.parametrize(
    ("start", "end", "spans"),
    [
        (0, 6, (Span("bold", 2, 4),)),
        (3, 6, (Span("bold", 0, 1),)),
        (0, 3, (Span("bold", 2, 3),)),
        (0, 2, ()),
        (4, 6, ()),
    ],
)
def test_a_cut_keeps_what_of_each_span_lies_inside(
    start: int, end: int, spans: tuple[Span, ...]
) -> None:
    text = RichText("abcdef", (Span("bold", 2, 4),))
    assert text.cut(start, end) == RichText("abcdef"[start:end], spans)


def test_a_span_outside_the_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="outside"):
        RichText("ab", (Span("bold", 1, 3),))


def test_spans_on_the_wire_count_utf16_units() -> None:
    text = "🇷🇺 " + rich.bold("🔔x") + " " + rich.code("я")
    assert text.wire_spans() == (WireSpan("bold", 5, 3), WireSpan("code", 9, 1))


def test_spans_on_the_wire_come_outer_first() -> None:
    text = rich.bold(rich.link("ab", "https://t.me/x") + "c")
    assert [(span.kind, span.length) for span in text.wire_spans()] == [("bold", 3), ("link", 2)]


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://t.me/x/1", True),
        ("http://example.org", True),
        ("HTTPS://example.org/?q=1#2", True),
        ("javascript:alert(1)", False),
        ("tg://resolve?domain=x", False),
        ("https://", False),
        ("https://localhost/", False),
        ("https://a b.org", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_links(url: str, good: bool) -> None:
    assert rich.openable(url) is good
    assert bool(rich.link("words", url).spans) is good


def test_a_payload_of_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="blink"):
        Message.from_payload(TextPayload(text="ab", spans=(("blink", 0, 1, None),)))


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    text = draw(st.text(min_size=1, max_size=40))
    kinds = st.sampled_from(sorted(rich.KINDS))
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(Span(draw(kinds), start, end))  # type: ignore[arg-type]
    return RichText(text, tuple(spans))


@given(rich_texts())
def test_a_payload_comes_back_as_it_was(text: RichText) -> None:
    stored = payloads.write(Message(text).to_payload())
    assert Message.from_payload(payloads.read("answer", stored)).text == text


@given(rich_texts())
def test_wire_spans_cut_the_same_characters(text: RichText) -> None:
    units = text.text.encode("utf-16-le", "surrogatepass")
    wire = sorted(
        units[2 * span.offset : 2 * (span.offset + span.length)] for span in text.wire_spans()
    )
    expected = sorted(
        text.text[span.start : span.end].encode("utf-16-le", "surrogatepass") for span in text.spans
    )
    assert wire == expected
