"""What a digest shows, and what it shows once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.render.answers import digests
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.document import Block, Channel, Document, Forward, Source

EN = words_of("en")
HARBOUR = Channel(id=100, username="harbour", title="Harbour News")
CITY = Channel(id=200, username="city", title="City Desk")
AFTER = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = Here(ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 12, tzinfo=UTC))


def post(channel: Channel, number: int, title: str | None, **fields: object) -> Document:
    given = {
        "kind": "post",
        "doc_id": f"tg:{channel.id}/{number}",
        "source": Source(type="telethon"),
        "channel": channel,
        "message_id": number,
        "title": title,
        "published_at": "2026-11-22T09:00:00Z",
        "content_hash": f"{abs(hash(title)) % 16**16:016x}",
    }
    return Document(**{**given, **fields})  # type: ignore[arg-type]


def shown(documents: list[Document]) -> list[tuple[str, list[str]]]:
    return [
        (item.document.doc_id, [other.doc_id for other in item.elsewhere])
        for item in digests.distinct(documents)
    ]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([post(HARBOUR, 1, "a"), post(CITY, 2, "b")], [("tg:100/1", []), ("tg:200/2", [])]),
        # One text posted by two channels.
        ([post(HARBOUR, 1, "a"), post(CITY, 2, "a")], [("tg:100/1", ["tg:200/2"])]),
        # Two forwards of one origin, with remarks that differ.
        (
            [
                post(HARBOUR, 1, "a", forwarded_from=Forward(channel_id=300, message_id=9)),
                post(CITY, 2, "b", forwarded_from=Forward(channel_id=300, message_id=9)),
            ],
            [("tg:100/1", ["tg:200/2"])],
        ),
        # A forward and its original, which is shown although it came in later.
        (
            [
                post(HARBOUR, 1, "a", forwarded_from=Forward(username="City", message_id=2)),
                post(CITY, 2, "b"),
            ],
            [("tg:200/2", ["tg:100/1"])],
        ),
        # Joined over a third: equal text on one side, equal origin on the other.
        (
            [
                post(HARBOUR, 1, "a", forwarded_from=Forward(channel_id=300, message_id=9)),
                post(CITY, 2, "b"),
                post(HARBOUR, 3, "b", forwarded_from=Forward(channel_id=300, message_id=9)),
            ],
            [("tg:200/2", ["tg:100/1", "tg:100/3"])],
        ),
        # Pictures without a word are not the same picture.
        (
            [
                post(HARBOUR, 1, None, content_hash="e" * 16),
                post(CITY, 2, None, content_hash="e" * 16),
            ],
            [("tg:100/1", []), ("tg:200/2", [])],
        ),
        # Hidden origins join nothing.
        (
            [
                post(HARBOUR, 1, "a", forwarded_from=Forward(name="X")),
                post(CITY, 2, "b", forwarded_from=Forward(name="X")),
            ],
            [("tg:100/1", []), ("tg:200/2", [])],
        ),
        ([post(HARBOUR, 1, "pinned", kind="service")], []),
        ([post(HARBOUR, 1, "a", deleted_at="2026-11-22T10:00:00Z")], []),
    ],
)
def test_a_text_is_shown_once(
    documents: list[Document], expected: list[tuple[str, list[str]]]
) -> None:
    assert shown(documents) == expected


def compose(documents: list[Document], *, cut: bool = False) -> tuple[Message, ...]:
    return digests.digest_messages(documents, after=AFTER, here=HERE, cut=cut, words=EN)


def test_a_digest_is_grouped_by_channel() -> None:
    (message,) = compose(
        [
            post(CITY, 1, "Tram lines extended"),
            post(HARBOUR, 3, "Crane repaired", published_at="2026-11-22T10:30:00Z"),
            post(HARBOUR, 2, "Ferry late", published_at="2026-11-21T22:00:00Z"),
            post(
                HARBOUR,
                4,
                "Ice warning",
                forwarded_from=Forward(name="Weather Office"),
                published_at="2026-11-22T11:00:00Z",
            ),
            post(CITY, 5, "Crane repaired"),
        ]
    )
    assert message.text.text == (
        "4 posts since yesterday 13:00\n"
        "\n"
        "Harbour News\n"
        "• yesterday 23:00 Ferry late\n"
        "• today 11:30 Crane repaired · also in City Desk\n"
        "• today 12:00 Ice warning · ↪ Weather Office\n"
        "\n"
        "City Desk\n"
        "• today 10:00 Tram lines extended"
    )
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == [
        "https://t.me/harbour/2",
        "https://t.me/harbour/3",
        "https://t.me/harbour/4",
        "https://t.me/city/1",
    ]


def test_nothing_that_came_in_makes_no_digest() -> None:
    assert compose([]) == ()


def test_a_busy_channel_is_cut_and_says_so() -> None:
    texts = "\n".join(
        message.text.text
        for message in compose([post(HARBOUR, n, f"Headline {n:03}") for n in range(1, 131)])
    )
    assert texts.startswith("130 posts since")
    assert "Headline 031" in texts
    assert "Headline 030" not in texts
    assert "… and 30 more posts" in texts


def test_a_long_digest_is_split_into_messages_that_telegram_takes() -> None:
    documents = [post(HARBOUR, n, f"Headline {n} " + "word " * 40) for n in range(1, 101)]
    messages = compose(documents)
    assert len(messages) > 3
    assert all(len(message.text.wire_spans()) <= 100 for message in messages)
    assert all(len(message.text.text) <= 4096 for message in messages)


def test_what_a_digest_could_not_hold_is_said() -> None:
    (message,) = compose([post(HARBOUR, 1, "a")], cut=True)
    assert message.text.text.endswith("/search finds the rest.")


def test_a_post_without_title_shows_its_first_words() -> None:
    body = (Block(type="para", text="Just a line."),)
    (message,) = compose([post(HARBOUR, 1, None, body=body)])
    assert "• today 10:00 Just a line." in message.text.text
