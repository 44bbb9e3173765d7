"""How watching goes, as it is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.render.answers.watching import channel_lines
from handlers.texts.languages import words_of
from storage.channels.progress import COUNTED, ChannelStatus
from storage.records import Backfill, Channel

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(fields: dict[str, Any], status: dict[str, Any]) -> list[str]:
    channel = Channel(id=1, title="Harbour", added_at=NOON, **fields)
    shown = ChannelStatus(channel=channel, **status)
    return channel_lines(shown, "Harbour", words_of("en"), NOON).text.split("\n")


def backfill(**fields: Any) -> dict[str, Any]:
    return {"backfill": Backfill(channel=1, asked_at=NOON, **fields)}


@pytest.mark.parametrize(
    ("posts", "told"),
    [
        (0, "0 today"),
        (1, "1 today"),
        (COUNTED - 1, f"{COUNTED - 1} today"),
        (COUNTED, f"{COUNTED}+ today"),
    ],
)
def test_what_is_not_counted_to_its_end_is_told_with_a_plus(posts: int, told: str) -> None:
    status = ChannelStatus(
        channel=Channel(id=1, title="Harbour", added_at=NOON),
        posts_today=posts,
        last_message_id=5,
        last_post_at=NOON - timedelta(minutes=2),
    )
    first = channel_lines(status, "Harbour", words_of("en"), NOON).text.split("\n")[0]
    assert first.endswith(f", {told}")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ({}, "no posts yet"),
        ({"last_message_id": 5}, "no posts yet"),
        ({"last_post_at": NOON}, "no posts yet"),
        ({"last_message_id": 5, "last_post_at": NOON - HOUR}, "last post 5, 1 h ago, 0 today"),
    ],
)
def test_the_last_post_is_told_where_it_is_known(status: dict[str, Any], line: str) -> None:
    assert told({}, status)[0] == f"• Harbour: {line}"


@pytest.mark.parametrize(
    ("fields", "status", "lines"),
    [
        (
            {},
            {},
            ["cursor 0, last scan never, not read yet", "gaps: 0 open, 0 filled with 0 posts"],
        ),
        (
            {"cursor": 12, "last_scan_at": NOON - HOUR, "gaps_filled": 3, "posts_filled": 1},
            {"open_gaps": ((1, 2), (5, 6))},
            ["cursor 12, last scan 1 h ago, not read yet", "gaps: 2 open, 3 filled with 1 post"],
        ),
        ({}, {"lag_median": 2.0}, []),
        ({}, {"lag_worst": 2.0}, []),
        ({}, {"lag_median": 2.0, "lag_worst": 90.0}, ["stored after 2 s, at worst 1 min"]),
        ({}, backfill(), []),
        ({}, backfill(next_id=0, last_id=9), []),
        ({}, backfill(next_id=1, last_id=9, posts=1), ["history: 1 post read, up to 0 of 9"]),
        ({}, backfill(next_id=9, last_id=9, posts=2), ["history: 2 posts read, up to 8 of 9"]),
        ({}, backfill(next_id=10, last_id=9), []),
        (
            {},
            backfill(newest_first=True, posts=7),
            ["recent posts are being read, newest first: 7 posts so far"],
        ),
        ({}, backfill(newest_first=True, posts=7, finished_at=NOON), []),
        ({"error": "odd"}, {}, ["⚠️ odd"]),
    ],
)
def test_facts_stand_below_where_there_are_any(
    fields: dict[str, Any], status: dict[str, Any], lines: list[str]
) -> None:
    found = told(fields, status)[1:]
    assert all(line.startswith("  ") for line in found)
    assert [line.strip() for line in found][-len(lines) :] == lines or not lines
    assert len(found) == max(2, len(lines) + 2 * (not lines[:1] or "cursor" not in lines[0]))


def test_a_channel_leads_to_itself_where_it_is_public() -> None:
    for username, urls in ((None, []), ("harbour", ["https://t.me/harbour"])):
        channel = Channel(id=1, title="Harbour", added_at=NOON, username=username)
        shown = channel_lines(ChannelStatus(channel=channel), "Harbour", words_of("en"), NOON)
        assert [span.url for span in shown.spans] == urls
