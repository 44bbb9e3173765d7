"""What an alert says of its post's story, a line for each thing. All texts are invented."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.render.alerts.story_lines import AlertDetails, Counted, detail_lines
from handlers.render.text.dates import Here
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.languages import words_of
from storage.document import Block, Channel, Document, Source

HERE = Here(ZoneInfo("Europe/Berlin"), datetime(2026, 11, 22, 18, tzinfo=UTC))
EN = words_of("en")
FIVE = "Channel 1, Channel 2, Channel 3, Channel 4, Channel 5"
SAID = alert_lines_words("en")
HARBOUR = Channel(id=100, username="harbour", title="Harbour News")


def post(
    *lines: str, channel: Channel | None = HARBOUR, number: int = 5, **more: object
) -> Document:
    given = {
        "kind": "post",
        "doc_id": f"tg:100/{number}",
        "source": Source(type="telethon"),
        "channel": channel,
        "message_id": number,
        "published_at": "2026-11-22T13:05:21Z",
        "title": lines[0],
        "body": tuple(Block(type="para", text=text) for text in lines[1:]),
        "content_hash": "0" * 16,
    }
    return Document(**{**given, **more})  # type: ignore[arg-type]


def told(document: Document, **details: object) -> list[str]:
    found = AlertDetails(**details)  # type: ignore[arg-type]
    return [line.text for line in detail_lines(document, found, here=HERE, words=EN, said=SAID)]


def place(number: int, **more: object) -> Channel:
    return Channel(**{"id": number, "title": f"Channel {number}", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channels", "line"),
    [
        ([place(1)], "🔁 also in Channel 1"),
        ([place(1), place(2), place(1)], "🔁 also in Channel 1, Channel 2"),
        ([place(100)], None),
        ([place(100), place(2)], "🔁 also in Channel 2"),
        ([place(n) for n in range(1, 6)], f"🔁 also in {FIVE}"),
        ([place(n) for n in range(1, 8)],
         f"🔁 also in {FIVE}, +2"),
        ([Channel(username="mill"), Channel(username="mill"), Channel(username="port")],
         "🔁 also in @mill, @port"),
        ([place(1, username="mill"), place(2, username="mill")], "🔁 also in Channel 1, Channel 2"),
        ([], None),
    ],
)  # fmt: skip
def test_each_other_channel_is_named_once(channels: list[Channel], line: str | None) -> None:
    others = tuple(post("Late", channel=one, number=at) for at, one in enumerate(channels))
    assert told(post("Late"), others=others) == ([] if line is None else [line])


def test_what_is_in_no_channel_is_known_by_its_own_name() -> None:
    (line,) = told(post("Late", channel=None), others=(post("Late", channel=None, number=6),))
    assert line.startswith("🔁 also in ")
    assert told(post("Late", channel=None), others=(post("Late", channel=None),)) == []


@pytest.mark.parametrize(
    ("before", "after", "edited_at", "line"),
    [
        (("Late", "a"), ("Late", "a"), "2026-11-22T13:30:00Z", None),
        (("Late", "a"), ("Late", "a", "b"), "2026-11-22T13:30:00Z",
         "✏️ edited today 14:30: +1 line"),
        (("Late", "a", "b"), ("Late", "c"), "2026-11-22T13:30:00Z",
         "✏️ edited today 14:30: +1 line, −2 lines"),
        (("Late", "a", "a"), ("Late", "a"), None, "✏️ edited: −1 line"),
        (("Late", "a"), ("a", "Late"), None, "✏️ edited"),
        (("Late", " a "), ("Late", "a"), None, None),
    ],
)  # fmt: skip
def test_an_edit_is_told_by_its_lines(
    before: tuple[str, ...], after: tuple[str, ...], edited_at: str | None, line: str | None
) -> None:
    found = told(post(*after, edited_at=edited_at), first=post(*before))
    assert found == ([] if line is None else [line])


def test_a_deletion_is_told_with_its_time_and_what_stands() -> None:
    gone = post("Late", deleted_at="2026-11-22T14:05:21Z")
    (plain,) = told(gone)
    assert plain == f"🗑 {SAID.deleted.format(span=SAID.span(3600.0))}"
    (standing,) = told(gone, copy=post("Late", channel=place(7)))
    assert standing.startswith(f"{plain}; ")
    assert "Channel 7" in standing
    (undated,) = told(post("Late", deleted_at="2026-11-22T14:05:21Z", published_at=None))
    assert undated == f"🗑 {SAID.deleted_at_once}"


def test_what_follows_is_quoted_and_lateness_told_first_of_all() -> None:
    found = told(
        post("Late", deleted_at="2026-11-22T14:05:21Z"),
        follows=post("The  ferry\nwas", "to leave " + "x" * 200),
        late=7200.0,
        others=(post("Late", channel=place(1)),),
        first=post("Earlier"),
    )
    assert [line[0] for line in found] == ["↩", "⏱", "🔁", "✏", "🗑"]
    assert "The ferry was to leave xxx" in found[0]
    assert found[0].count("x") < 90
    assert SAID.span(7200.0) in found[1]


def test_what_came_of_the_event_is_counted_and_the_first_channels_are_named() -> None:
    first = tuple(
        post("x", channel=Channel(id=n, username=f"c{n}", title=f"Channel {n}"))
        for n in range(1, 6)
    )
    some = Counted(posts=12, channels=9, first=first)
    assert told(post("x"), counted=some) == [f"🗂 +12 in 9 channels: {FIVE}, +4"]
    one = Counted(posts=1, channels=1, first=first[:1])
    assert told(post("x"), counted=one) == ["🗂 +1 in 1 channel: Channel 1"]
    assert told(post("x"), counted=Counted(posts=1, channels=0)) == ["🗂 +1"]


def test_an_answer_says_what_is_new_of_the_event() -> None:
    assert told(post("x"), news="number") == ["🆕 another number"]
    assert told(post("x"), news="unclear") == []
