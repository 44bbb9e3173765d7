"""Telegram's entities as spans of characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.parsing import spans
from handlers.normalize.parsing.fields import Record
from storage.document import Span

TEXT = "see example.org and more"


def entity(kind: str, offset: object = 4, length: object = 11, **more: object) -> Record:
    return Record({"_": kind, "offset": offset, "length": length, **more})


@pytest.mark.parametrize(
    ("kind", "span", "url"),
    [
        *((name, name.lower(), None) for name in ("Bold", "Italic", "Underline", "Strike")),
        *((name, name.lower(), None) for name in ("Spoiler", "Code", "Pre", "Email", "Phone")),
        *((name, name.lower(), None) for name in ("Mention", "Hashtag", "Cashtag", "Blockquote")),
        ("BotCommand", "bot_command", None),
        ("CustomEmoji", "custom_emoji", None),
        ("BankCard", "bank_card", None),
        ("DiffInsert", "inserted", None),
        ("DiffDelete", "deleted", None),
        ("DiffReplace", "replaced", None),
        ("Url", "link", "http://example.org"),
        ("TextUrl", "link", "tg:here"),
        ("MentionName", "mention", "tg://user?id=5"),
        ("FormattedDate", "date", None),
        ("Unknown", None, None),
        ("bold", None, None),
    ],
)
def test_what_each_kind_of_entity_is(kind: str, span: str | None, url: str | None) -> None:
    expected = () if span is None else (Span(kind=span, start=4, end=15, url=url),)  # type: ignore[arg-type]
    for prefix in ("MessageEntity", "InputMessageEntity"):
        given = entity(f"{prefix}{kind}", url="tg:here", user_id=5)
        assert spans.from_entities(TEXT, [given]) == expected


@pytest.mark.parametrize(
    ("offset", "length", "place"),
    [
        (0, 24, (0, 24)),
        (0, 99, (0, 24)),
        (23, 1, (23, 24)),
        (24, 1, None),
        (3, 0, None),
        (3, -1, None),
        (-3, 5, (0, 2)),
        (None, 1, None),
        (1, None, None),
        ("1", 1, None),
        (True, 1, None),
        (2**63 - 1, 1, None),
        (2**63, 1, None),
    ],
)
def test_an_entity_lies_in_its_text(
    offset: object, length: object, place: tuple[int, int] | None
) -> None:
    found = spans.from_entities(TEXT, [entity("MessageEntityBold", offset, length)])
    assert [(one.start, one.end) for one in found] == ([] if place is None else [place])


def test_outer_spans_come_before_inner_ones() -> None:
    given = [entity("MessageEntityBold", *at) for at in ((4, 3), (4, 9), (0, 2))]
    found = spans.from_entities(TEXT, given)
    assert [(one.start, one.end) for one in found] == [(0, 2), (4, 13), (4, 7)]


@given(st.text(st.sampled_from("aй\U0001f525\U00010000"), max_size=12))
def test_utf_16_units_become_characters(text: str) -> None:
    characters = spans.Characters(text)
    for at in range(len(text) + 1):
        units = len(text[:at].encode("utf-16-le")) // 2
        assert characters.at(units) == at
        if at < len(text) and text[at] > "\uffff":
            assert characters.at(units + 1) == at + 1  # one cut in half counts as passed
    assert (characters.at(-5), characters.at(99)) == (0, len(text))


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("example.org", "http://example.org"),
        ("HTTPS://example.org", "HTTPS://example.org"),
        ("tg:x", "tg:x"),
        ("a1+.-:x", "a1+.-:x"),
        ("1a:x", "http://1a:x"),
        (" tg:x", "http:// tg:x"),
    ],
)
def test_where_a_link_leads(address: str, target: str) -> None:
    assert spans.target(address) == target


def test_spans_are_moved_with_their_text() -> None:
    one = Span(kind="link", start=2, end=5, url="tg:x")
    assert list(spans.shifted([one], 3)) == [Span(kind="link", start=5, end=8, url="tg:x")]


def test_what_is_said_twice_counts_once_and_thousands_are_cut_short() -> None:
    text = "abcdefgh" * 500
    same = [entity("Bold", 1, 2) for _ in range(9000)]
    others = [entity("TextUrl", n, len(text) - 2 * n, url=f"tg:{n}") for n in range(1, 1900)]
    found = spans.from_entities(text, [*same, *others])
    assert len(found) == spans.MOST
    assert found.count(Span(kind="bold", start=1, end=3)) == 1
    assert found[-1].url == f"tg:{spans.MOST - 1}"


def test_no_more_is_read_than_is_kept() -> None:
    text = "abcdefgh" * 500
    entities = (entity("Url", n, len(text) - 2 * n) for n in range(1, 1900))
    spans.from_entities(text, entities)
    assert len(list(entities)) == 1899 - spans.MOST
