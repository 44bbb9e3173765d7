"""What a newcomer is told of the channels that are watched, and others of how things stand."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.render.answers import welcome
from handlers.render.answers.welcome import Offer, State
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Keyboard
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source
from storage.records import Plan
from storage.structs import replace

EN = words_of("en")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = here_in("Europe/Berlin", NOON)
POST = Document(
    kind="post",
    doc_id="tg:1/2",
    source=Source(type="telethon"),
    channel=Channel(id=1, username="quay", title="Quay"),
    message_id=2,
    published_at="2026-11-22T09:00:00Z",
    title="x" * 301,
    content_hash="0" * 16,
)
LATEST = ["The latest post:\nQuay · today 10:00", "x" * 300 + " …"]
HELP = "All commands: /help"


def told(keyboard: Keyboard) -> list[list[str]]:
    return [[f"{one.text} = {one.data}" for one in row] for row in keyboard]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("", "📡 No channel is watched yet."),
        ("A", "📡 1 channel: A"),
        ("ABC", "📡 3 channels: A, B, C"),
        ("ABCD", "📡 4 channels: A, B, C and 1 more"),
        ("ABCDEFGHI", "📡 9 channels: A, B, C and 6 more"),
    ],
)
def test_three_channels_are_named_and_the_rest_is_a_number(names: str, told: str) -> None:
    assert welcome._watched(Offer(names=tuple(names)), EN).text == told


def test_how_far_they_are_read_stands_below() -> None:
    line = welcome._watched(Offer(names=("A",), progress=RichText("half of it")), EN).text
    assert line == "📡 1 channel: A\n⏳ half of it"


@pytest.mark.parametrize(
    ("alerts", "digests", "what"),
    [
        (0, 0, None),
        (1, 0, "1 alert"),
        (0, 2, "2 digests"),
        (3, 1, "3 alerts and 1 digest"),
    ],
)
def test_what_goes_on_after_a_stop_is_counted(alerts: int, digests: int, what: str | None) -> None:
    line = welcome.woken_line(alerts, digests, EN).text
    if what is None:
        assert not any(sign.isdigit() for sign in line)
    else:
        assert what in line


@pytest.mark.parametrize(
    ("alerts", "paused", "plans", "of_alerts", "of_digests"),
    [
        (0, 0, 0, "🔔 No alerts yet", "📰 No digest"),
        (2, 0, 0, "🔔 2 alerts: /alerts", "📰 No digest"),
        (0, 0, 1, "🔔 No alerts yet", "📰 A digest every day at 8:00, next today 14:00"),
        (3, 1, 2, "🔔 3 alerts, 1 paused: /alerts", "📰 2 digests, the next one today 14:00"),
    ],
)
def test_how_things_stand_with_a_post_where_nothing_brings_any(
    alerts: int, paused: int, plans: int, of_alerts: str, of_digests: str
) -> None:
    made = [
        Plan(id=n, chat_id=1, kind="digest", token=f"t{n}", times="daily 08:00",
             timezone="Europe/Berlin", created_at=NOON)
        for n in range(plans)
    ]  # fmt: skip
    state = State(
        alerts=alerts,
        paused=paused,
        plans=made,
        next_digest=NOON + timedelta(hours=1) if plans else None,
        zone="Berlin",
        quiet=RichText("quiet"),
    )
    message = welcome.state_message(Offer(names=("A",), latest=POST), state, HERE, EN)
    first, *others = message.text.text.split("\n\n")
    zone = "🕒 Time zone Berlin, where it is 13:00"
    assert first.split("\n")[1:] == [of_alerts, of_digests, zone, "🌙 quiet", "📡 1 channel: A"]
    assert others == [*([] if alerts or plans else LATEST), HELP]


def test_somebody_new_is_shown_the_latest_post() -> None:
    short = replace(POST, title="x" * 300)
    whole = [LATEST[0], short.title]
    for latest, shown in ((POST, LATEST), (short, whole), (None, [])):
        message = welcome.welcome_message(Offer(names=("A",), latest=latest), HERE, EN)
        assert message.text.text.split("\n\n")[1:] == ["📡 1 channel: A", *shown, HELP]


def test_buttons_give_the_commands_that_they_name() -> None:
    search, alert = "🔎 Search = rn|search", "🔔 New alert = rn|alert"
    digest, zone = "📰 Digests = rn|digest", "🕒 Time zone = rn|timezone"
    assert told(welcome.start_keyboard(EN, searches=True)) == [[search, alert], [digest, zone]]
    assert told(welcome.start_keyboard(EN, searches=False)) == [[alert], [digest, zone]]
    assert told(welcome.alert_row(EN)) == [[alert]]
    assert told(welcome.zone_row(EN)) == [[zone]]
    assert told(welcome.examples_keyboard(["oil", '"a b"', "x" * 60])) == [
        ["🔎 oil = rn|search|oil"],
        ['🔎 a b = rn|search|"a b"'],
    ]
