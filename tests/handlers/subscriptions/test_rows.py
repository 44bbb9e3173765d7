"""What stands behind the rows of a file: it is what is set up, and what is not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.subscriptions import form, present
from handlers.subscriptions.form import Named
from storage.channels import channels
from storage.records import Channel, Mute


def made(**parts: Any) -> bytes:
    return json.dumps({"dateline": "subscriptions", "version": 1, **parts}).encode()


@pytest.mark.parametrize(
    ("part", "entry", "row"),
    [
        (
            "alerts",
            {"query": "ferry", "paused": True, "silent": True, "hourly_limit": 5},
            "＋ Alert ferry (paused; without a sound; 5 an hour at most)",
        ),
        (
            "alerts",
            {"query": "ferry", "once": True, "every_minutes": 60, "left_out": [{"id": 7}]},
            "＋ Alert ferry (once for an event; every 60 minutes; without 1 channel)",
        ),
        ("alerts", {"query": "ferry", "urgent": True}, "＋ Alert ferry (urgent)"),
        (
            "digests",
            {
                "times": "daily 8:00",
                "name": "Morning",
                "query": "ferry",
                "paused": True,
                "channels": [{"name": "other", "id": 100}],
            },
            "＋ Digest Morning, every day at 8:00 (paused; ferry; of 1 channel)",
        ),
        ("silences", {"name": "another", "id": 100}, "＋ Silence of @harbour"),
    ],
)
async def test_a_row_says_what_is_set_up(
    ann: Any, give: Any, harbour: Any, part: str, entry: Any, row: str
) -> None:
    (shown,) = await give(ann, made(**{part: [entry]}))
    assert row in shown.text.text.splitlines()


async def test_what_is_watched_no_more_is_called_as_it_is_known(
    ann: Any, give: Any, database: Any, harbour: Any, now: Any
) -> None:
    await ann.say("/silence @harbour")
    async with database.transaction() as tx:
        await channels.remove_channel(tx, harbour.id)
        await channels.add_channel(tx, channel_id=101, username="quay", now=now)
    held = [{"name": "another", "id": 100}, {"id": 101}]
    (shown,) = await give(ann, made(digests=[{"times": "daily 8:00", "channels": held}]))
    assert "not watched here: @harbour" in shown.text.text


@pytest.mark.parametrize(
    ("part", "entry", "more", "note"),
    [
        ("alerts", {"query": "ferry"}, {"urgent": True}, "/alerts"),
        ("alerts", {"query": "ferry"}, {"left_out": [{"name": "quay"}]}, "/alerts"),
        ("digests", {"times": "daily 8:00"}, {"most": 20}, "/digest"),
    ],
)
async def test_what_is_here_otherwise_is_said_to_stay_as_it_is(
    ann: Any, give: Any, part: str, entry: Any, more: Any, note: str
) -> None:
    (shown,) = await give(ann, made(**{part: [entry]}))
    await ann.press(shown.keyboard, "Set up")
    (same,) = await give(ann, made(**{part: [entry]}))
    assert "stays so" not in same.text.text
    (other,) = await give(ann, made(**{part: [{**entry, **more}]}))
    assert f"(other here, and stays so: {note})" in other.text.text


async def test_an_alert_comes_back_as_it_is_here(
    ann: Any, give: Any, written: Any, harbour: Any
) -> None:
    left_out = [{"name": "quay"}, {"name": "harbour"}]
    (shown,) = await give(ann, made(alerts=[{"query": "ferry", "left_out": left_out}]))
    await ann.press(shown.keyboard, "Set up")
    (again,) = await give(ann, await written(ann))
    assert "= Alert ferry" in again.text.text.splitlines()


async def test_settings_stand_first_among_what_is_new(ann: Any, give: Any) -> None:
    data = made(alerts=[{"query": "ferry"}], settings={"timezone": "Europe/London"})
    (shown,) = await give(ann, data)
    rows = [line for line in shown.text.text.splitlines() if line.startswith("＋")]
    assert ["Time zone" in row for row in rows] == [True, False]


def test_parts_that_there_are_not_are_looked_at_up_to_a_limit() -> None:
    strange = {f"part{number}": [] for number in range(form.MOST_ENTRIES + 5)}
    contained = form.read(made(**strange, surges=[{"query": "a"}]))
    assert len(contained.spoiled) == form.MOST_ENTRIES
    assert contained.left == 5
    assert len(contained.entries) == 1


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"username": "quay"}, Named(name="quay")),
        ({"username": "quay", "channel_id": 7}, Named(name="quay", id=7)),
        ({"channel_id": 7, "title": "Quay Watch"}, Named(id=7, title="Quay Watch")),
        ({"channel_id": 7}, Named(id=7)),
        ({"title": "Quay Watch"}, None),
    ],
)
def test_a_channel_is_named_as_others_may_find_it(
    known: dict[str, Any], named: Named | None
) -> None:
    channel = Channel(id=1, added_at=datetime(2026, 1, 2, tzinfo=UTC), **known)
    assert present.name_channel(channel) == named


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("101", Named(id=101, title="Harbour")),
        ("@harbour", Named(name="harbour", title="Harbour")),
        ("harbour", Named(name="harbour", title="Harbour")),  # what a forged button muted
        ("", Named(title="Harbour")),
    ],
)
def test_a_channel_that_is_left_out_is_told_by_number_or_name(key: str, told: Named) -> None:
    assert present._muted(Mute(alert_id=1, channel=key, title="Harbour"), None) == told
