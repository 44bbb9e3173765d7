"""/latest: the newest posts, of everything, of a channel, or with words."""

from typing import Any

import pytest

from storage.channels import channels
from storage.document import Channel

PORT = Channel(id=200, username="port_desk", title="Port Desk")


@pytest.mark.parametrize(
    ("asked", "found", "missing"),
    [
        ("/latest", ["The ferry", "The barge"], []),
        ("/latest @port_desk", ["The barge"], ["The ferry"]),
        ("/latest ferry", ["The ferry"], ["The barge"]),
        ("/latest 3", ["The ferry", "The barge"], []),
        ("/latest 2026", [], ["The ferry", "The barge"]),
    ],
)
async def test_the_newest_come_first(
    ann: Any, make_post: Any, store: Any, asked: str, found: list[str], missing: list[str]
) -> None:
    await store(make_post(1, "The ferry sails"), make_post(2, "The barge sinks", channel=PORT))
    said = await ann.read(asked)
    assert all(title in said for title in found)
    assert not any(title in said for title in missing)


async def test_it_is_headed_in_words_and_not_by_a_query_that_nobody_wrote(
    ann: Any, make_post: Any, store: Any
) -> None:
    await store(make_post(1, "The ferry sails"), make_post(2, "The barge sinks", channel=PORT))
    (latest,) = await ann.say("/latest")
    assert latest.text.text.startswith("All posts of the last 30 days: 2 results\n")
    menu = (await ann.press(latest.keyboard, "Channel")).keyboard
    port = (await ann.press(menu, "Port Desk")).edit.text.text
    assert port.startswith("All posts of the last 30 days · channel:port_desk: 1 result\n")
    assert (await ann.read("/latest @port_desk")).startswith("All posts of @port_desk: 1 result\n")
    period = (await ann.press(latest.keyboard, "Period")).keyboard
    week = (await ann.press(period, "7 days")).edit.text.text
    assert week.startswith("All posts · after:7d: ")
    year = (await ann.press(period, "1 year")).edit.text.text  # it widens nothing
    assert year.startswith("All posts of the last 30 days · after:1y: ")
    assert (await ann.read("/latest ferry")).startswith("Found for ferry: 1 result")
    await ann.say("/language ru")
    assert (await ann.read("/latest")).startswith("Все посты за последние 30 дней: 2 результата\n")


@pytest.mark.parametrize(
    ("asked", "sorts"), [("/latest", False), ("/latest @port_desk", False), ("/latest barge", True)]
)
async def test_only_words_are_weighed(
    ann: Any, make_post: Any, store: Any, asked: str, sorts: bool
) -> None:
    await store(make_post(1, "The barge sinks", channel=PORT))
    (latest,) = await ann.say(asked)
    labels = [button.text for row in latest.keyboard for button in row]
    assert ("⇅ By relevance" in labels) is sorts


async def test_where_there_is_nothing_that_is_said(ann: Any) -> None:
    assert await ann.read("/latest") == "All posts of the last 30 days: nothing found."


async def test_of_a_channel_that_is_not_watched_that_is_said(
    ann: Any, make_post: Any, store: Any, database: Any, now: Any
) -> None:
    said = "All posts of @harbour_desk: nothing found."
    assert await ann.read("/latest @harbour_desk") == (
        f"{said}\n@harbour_desk is not watched here. What is: /channels"
    )
    async with database.transaction() as tx:
        await channels.add_channel(tx, username="harbour_desk", now=now)
    assert await ann.read("/latest @harbour_desk") == said
    await store(make_post(2, "The barge sinks", channel=PORT))
    kept = await ann.read("/latest @port_desk")
    assert "1 result\n@port_desk is not watched here" in kept and "The barge sinks" in kept


@pytest.mark.parametrize(
    ("asked", "lasts"),
    [
        ("/latest", False),
        ("/latest after:3d", False),
        ("/latest ferry", True),
        ("/latest @x", True),
    ],
)
async def test_an_alert_is_offered_where_one_can_be_made(
    ann: Any, make_post: Any, store: Any, asked: str, lasts: bool
) -> None:
    await store(make_post(1, "The ferry sails"))
    (latest,) = await ann.say(asked)
    labels = [button.text for row in latest.keyboard for button in row]
    assert ("🔔 Make this an alert" in labels) == lasts
    assert "🔗 Share" in labels


async def test_a_channel_that_is_chosen_makes_an_alert_possible(
    ann: Any, make_post: Any, store: Any
) -> None:
    await store(make_post(1, "The ferry sails"), make_post(2, "The barge sinks", channel=PORT))
    (latest,) = await ann.say("/latest")
    menu = (await ann.press(latest.keyboard, "Channel")).keyboard
    port = (await ann.press(menu, "Port Desk")).edit
    made = await ann.press(port.keyboard, "Make this an alert")
    assert "channel:port_desk" in made.reply[0].text.text
