"""A document's own facts in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.render.text import headings
from handlers.render.text.dates import Here
from handlers.texts.languages import words_of
from storage.document import DELETED, Author, Block, Channel, Document, Forward, Media, Source

BERLIN = Here(ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 18, tzinfo=UTC))
EN, RU = words_of("en"), words_of("ru")


def post(**fields: object) -> Document:
    given = {
        "kind": "post",
        "doc_id": "tg:100/5",
        "source": Source(type="telethon"),
        "channel": Channel(id=100, username="harbour_news", title="Harbour News"),
        "message_id": 5,
        "content_hash": "0" * 16,
    }
    return Document(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "english", "russian"),
    [
        ("2026-11-22T13:05:21Z", "today 14:05", "сегодня 14:05"),
        ("2026-07-22T23:30:00+00:00", "23 Jul", "23 июл"),
        ("2022-05-05T16:30", "5 May 2022", "5 мая 2022"),
        ("2026-11-22T16:30", "22 Nov", "22 ноя"),
        ("2022-05-05", "5 May 2022", "5 мая 2022"),
        ("2026-05-05", "5 May", "5 мая"),
        ("2024-03", "March 2024", "март 2024"),
        ("2024", "2024", "2024"),
        ("--04-30", "30 Apr (year unknown)", "30 апр (год неизвестен)"),
        (None, "date unknown", "дата неизвестна"),
        ("2024-13", "date unknown", "дата неизвестна"),
        ("2024-02-30T10:00:00Z", "date unknown", "дата неизвестна"),
        ("yesterday", "date unknown", "дата неизвестна"),
    ],
)
def test_dates_are_no_more_exact_than_they_are_known(
    date: str | None, english: str, russian: str
) -> None:
    document = post(published_at=date)
    assert headings.published(document, BERLIN, EN) == english
    assert headings.published(document, BERLIN, RU) == russian


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        (Channel(id=1, username="x", title="Title"), "Title"),
        (Channel(id=1, username="x", title="  "), "@x"),
        (Channel(id=1), "1"),
        (None, "a.txt"),
    ],
)
def test_what_a_channel_is_called(channel: Channel | None, name: str) -> None:
    document = post(channel=channel, source=Source(type="text", file="a.txt"))
    assert headings.channel_name(document, EN) == name


def test_a_title_from_outside_is_one_line_and_bounded() -> None:
    document = post(channel=Channel(title="A\nB " + "long " * 100))
    name = headings.channel_name(document, EN)
    assert name.startswith("A B long")
    assert len(name) <= headings.NAME_UNITS


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://t.me/a/1"}, "https://t.me/a/1"),
        ({}, "https://t.me/harbour_news/5"),
        ({"channel": Channel(id=100)}, "https://t.me/c/100/5"),
        ({"url": "javascript:x", "channel": None}, None),
        ({"message_id": None}, None),
        ({"channel": Channel(id=100, username="a/b")}, "https://t.me/c/100/5"),
    ],
)
def test_where_a_post_is_opened(fields: dict[str, object], address: str | None) -> None:
    assert headings.address(post(**fields)) == address


@pytest.mark.parametrize(
    ("forward", "line", "url"),
    [
        (Forward(name="Port Office 🇩🇪"), "↪ Forwarded from Port Office 🇩🇪", None),
        (
            Forward(name="Port", username="port", message_id=9, date="2026-11-21T10:00:00Z"),
            "↪ Forwarded from Port · yesterday 11:00",
            "https://t.me/port/9",
        ),
        (Forward(channel_id=7), "↪ Forwarded", None),
    ],
)
def test_the_origin_of_a_forward(forward: Forward, line: str, url: str | None) -> None:
    made = headings.origin(post(forwarded_from=forward), BERLIN, EN)
    assert made is not None
    assert made.text == line
    assert [span.url for span in made.spans] == ([url] if url else [])


def test_a_post_of_its_own_has_no_origin() -> None:
    assert headings.origin(post(), BERLIN, EN) is None


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"title": "Head\nline"}, "Head line"),
        ({"body": (Block(type="para", text="First"),)}, "First"),
        ({"media": (Media(type="photo"),)}, "[photo]"),
        ({}, "unnamed"),
    ],
)
def test_a_headline_is_the_first_words(fields: dict[str, object], line: str) -> None:
    assert headings.headline(post(**fields), EN) == line


@pytest.mark.parametrize(
    ("author", "name"),
    [
        (None, None),
        (Author(kind="user", id=7, name="Ann \n Odd", username="ann"), "Ann Odd"),
        (Author(kind="channel", id=7, name="  ", username="ann"), "@ann"),
        (Author(kind="user", id=7), "7"),
        (Author(kind="user"), None),
        (Author(kind="group", id=7, name="Crew"), None),
        (DELETED, None),
        (Author(kind="user", name="x" * 101), "x" * 99 + "…"),
    ],
)
def test_a_heading_leads_to_the_post_and_names_who_wrote_it(
    author: Author | None, name: str | None
) -> None:
    document = post(author=author, published_at="2026-11-22T13:05:21Z")
    assert headings.author_name(document) == name
    shown = headings.heading(document, BERLIN, EN)
    middle = f" · {name}" if name else ""
    assert shown.text == f"Harbour News{middle} · today 14:05"
    assert [span.url for span in shown.spans] == ["https://t.me/harbour_news/5"]


@pytest.mark.parametrize(("units", "shown"), [(160, "x" * 160), (161, "x" * 159 + "…")])
def test_a_headline_has_160_units_at_most(units: int, shown: str) -> None:
    assert headings.headline(post(title="x" * units), EN) == shown
