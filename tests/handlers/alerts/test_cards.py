"""An alert's card: its query is written anew, its channels are chosen, what was missed is said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storage.channels import channels
from storage.connection import Database
from storage.document import Channel
from storage.query.reading.syntax import MOST_CHARACTERS
from storage.records import Alert
from storage.structs import replace
from storage.subscribers import alerts, mutes

QUAY = Channel(id=200, username="quay", title="Quay Watch")


@pytest.fixture
async def watched(database: Database, now: Any) -> None:
    """Two channels that are watched."""
    async with database.transaction() as tx:
        for one in (Channel(id=100, username="harbour", title="Harbour News"), QUAY):
            added = await channels.add_channel(tx, username=one.username, now=now)
            await channels.update_channel(tx, added.id, channel_id=one.id, title=one.title)


async def have(database: Database, chat_id: int = 1) -> list[Alert]:
    async with database.reader() as conn:
        return await alerts.list_alerts(conn, chat_id)


async def card(person: Any, label: str) -> Any:
    (message,) = await person.say("/alerts")
    return (await person.press(message.keyboard, label)).edit


def labels(message: Any) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_the_query_of_an_alert_is_written_anew(ann: Any, database: Database) -> None:
    await ann.say("/alert oil")
    await ann.say("/alert gas")
    (former, _) = await have(database)
    async with database.transaction() as tx:
        await alerts.update_alert(tx, former.id, 1, urgent=True)
        await mutes.add_mutes(tx, [former.id], "100", "Harbour News")
    ann.now += timedelta(hours=1)
    asked = await ann.press((await card(ann, "oil")).keyboard, "Query")
    assert asked.reply[0].text.text.endswith("(a tap copies it):\noil")
    assert (await ann.read('"oil')).startswith("I can't read this query")
    assert (await ann.read("gas")) == "You have this alert already: gas."
    said = await ann.read("oil OR crude")
    assert said.startswith("Changed.\n🔔 oil OR crude\n▶️ On since today")
    changed = (await have(database))[0]
    assert changed == replace(former, urgent=True, query="oil OR crude", since=ann.now)
    async with database.reader() as conn:
        assert len(await mutes.list_mutes(conn, former.id)) == 1


async def test_a_query_too_long_for_the_channels_of_its_alert_changes_nothing(
    ann: Any, database: Database
) -> None:
    held = "channel:" + ",".join(f"harbour_news_{number:03}" for number in range(5))
    await ann.say(f"/alert oil {held}")
    await ann.press((await card(ann, "oil")).keyboard, "Query")
    long = " OR ".join(f"barge{number:03}" for number in range(37))
    assert len(long) < MOST_CHARACTERS < len(f"{long} {held}")
    assert "this query is too long" in await ann.read(long)
    assert [one.query for one in await have(database)] == [f"oil {held}"]
    assert (await ann.read("gas")).startswith("Changed.")  # It is still asked for.
    assert [one.query for one in await have(database)] == [f"gas {held}"]


async def test_a_question_about_a_query_is_cancelled(ann: Any, database: Database) -> None:
    await ann.say("/alert oil")
    asked = (await ann.press((await card(ann, "oil")).keyboard, "Query")).reply[0]
    await ann.press(asked.keyboard, "Cancel")
    await ann.say("gas")
    assert [one.query for one in await have(database)] == ["oil"]


@pytest.mark.parametrize("said", ["/alert edit:1 gas", "/alert edit:7", "/alert edit:1gas"])
async def test_what_nobody_asked_for_is_a_query_of_its_own(
    ann: Any, database: Database, said: str
) -> None:
    await ann.say("/alert oil")
    await ann.say(said)
    assert (await have(database))[0].query == "oil"


async def test_an_alert_that_went_meanwhile_is_not_changed(ann: Any, database: Database) -> None:
    await ann.say("/alert oil")
    await ann.press((await card(ann, "oil")).keyboard, "Query")
    await ann.press_data("ar|1|0")
    assert await ann.read("gas") == "This alert was removed before."
    assert await have(database) == []


@pytest.mark.usefixtures("watched")
async def test_channels_are_chosen_when_an_alert_is_made(ann: Any, database: Database) -> None:
    (made,) = await ann.say("/alert oil")
    chosen = (await ann.press(made.keyboard, "Channels")).edit
    assert labels(chosen) == ["✓ All channels", "Harbour News", "Quay Watch", "‹ Back"]
    for _ in range(2):  # Pressed again, it says the same.
        one = (await ann.press(chosen.keyboard, "Quay")).edit
        assert labels(one) == ["All channels", "Harbour News", "✓ Quay Watch", "‹ Back"]
        assert "📡 Quay Watch" in one.text.text
    assert [(a.query, a.since) for a in await have(database)] == [("oil channel:quay,200", ann.now)]
    back = (await ann.press(one.keyboard, "Back")).edit
    assert back.text.text.startswith("Alert set: oil channel:quay,200.")
    assert labels(back) == labels(made)
    both = (await ann.press(one.keyboard, "Harbour")).edit
    assert "📡 Harbour News, Quay Watch" in both.text.text
    none = (await ann.press(both.keyboard, "All channels")).edit
    assert labels(none) == labels(chosen)
    assert [one.query for one in await have(database)] == ["oil"]


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("other", "after", "toast"),
    [
        ("gas", "oil channel:quay,200", None),
        ("gas channel:quay,200", "oil channel:quay,200", None),
        ("oil channel:quay,200", "oil", "You have this alert already: oil channel:quay,200."),
    ],
)
async def test_an_alert_is_held_to_channels_unless_another_asks_the_same(
    ann: Any, database: Database, other: str, after: str, toast: str | None
) -> None:
    await ann.say("/alert oil")
    await ann.say(f"/alert {other}")
    chosen = (await ann.press((await card(ann, "🔔 oil")).keyboard, "Channels")).edit
    pressed = await ann.press(chosen.keyboard, "Quay")
    assert pressed.toast == toast
    assert {one.query for one in await have(database)} == {after, other}


@pytest.mark.parametrize("separator", [" ", "\n", "\n\n"])
async def test_an_answer_of_several_lines_is_the_query_that_was_asked_for(
    ann: Any, database: Database, separator: str
) -> None:
    await ann.say("/alert oil")
    await ann.press((await card(ann, "oil")).keyboard, "Query")
    await ann.say(f"gas{separator}coal")
    assert [one.query for one in await have(database)] == ["gas coal"]


@pytest.mark.usefixtures("watched")
async def test_another_query_is_held_to_the_same_channels(ann: Any, database: Database) -> None:
    await ann.say("/alert oil channel:quay,200")
    shown = await card(ann, "oil")
    assert "🔔 oil\n" in shown.text.text and "📡 Quay Watch" in shown.text.text
    await ann.press(shown.keyboard, "Query")
    await ann.say("gas OR coal")
    assert [one.query for one in await have(database)] == ["(gas OR coal) channel:quay,200"]
    await ann.press((await card(ann, "gas")).keyboard, "Query")
    await ann.say("gas channel:harbour")
    assert [one.query for one in await have(database)] == ["gas channel:harbour"]


@pytest.mark.usefixtures("watched")
async def test_an_alert_for_all_of_a_channel_keeps_one(ann: Any, database: Database) -> None:
    await ann.say("/alert channel:quay,200")
    shown = await card(ann, "Quay Watch")
    assert shown.text.text.startswith("🔔 All posts\n")
    chosen = (await ann.press(shown.keyboard, "Channels")).edit
    for label in ("✓ Quay", "All channels"):
        refused = await ann.press(chosen.keyboard, label)
        assert (refused.edit, refused.toast) == (
            None,
            "This asks for no words: it needs a channel.",
        )
    assert [one.query for one in await have(database)] == ["channel:quay,200"]


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    "data", ["ac|1|n|1|2|0", "ac|1|n|x|1|0", "ac|1|x|1|1|0", "ak|1|x|0", "ak|1|n|-1", "ac|1|n|1|1"]
)
async def test_forged_choices_lead_to_a_toast(ann: Any, database: Database, data: str) -> None:
    await ann.say("/alert oil")
    result = await ann.press_data(data)
    assert (result.edit, result.toast) == (None, "This button no longer works.")


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(("row", "page"), [(99, 0), (1, 99)])
async def test_rows_and_pages_that_are_not_there_do_no_harm(
    ann: Any, database: Database, row: int, page: int
) -> None:
    await ann.say("/alert oil")
    shown = (await ann.press_data(f"ac|1|n|{row}|1|{page}")).edit
    assert labels(shown)[-1] == "‹ Back"
    assert (row == 1) == ("channel:" in (await have(database))[0].query)


async def test_the_bars_count_what_is_stored_but_not_what_is_left_out(
    ann: Any, database: Database, store: Any, make_post: Callable[..., Any], now: Any
) -> None:
    def at(days: int, number: int, **fields: Any) -> Any:
        published = f"{now - timedelta(days=days, minutes=number):%FT%TZ}"
        return make_post(number, f"Oil {number}", published_at=published, **fields)

    await store(
        *(at(0, number) for number in (1, 2)),
        *(at(3, number) for number in range(3, 7)),
        at(8, 8),
        at(29, 9),
        at(30, 10),
        at(3, 11, channel=QUAY),
    )
    await ann.say("/alert oil")
    text = (await card(ann, "oil")).text.text
    assert "7 days: 7 posts\n░░░█░░▄\n30 days: 9 posts, most on 19 Nov\n" in text
    async with database.transaction() as tx:
        await mutes.add_mutes(tx, [1], "200", "Quay Watch")
    assert "7 days: 6 posts\n" in (await card(ann, "oil")).text.text


async def test_counting_that_takes_too_long_leaves_the_card(ann: Any) -> None:
    await ann.say("/alert oil")
    hurried = replace(ann, services=replace(ann.services, search_seconds=0.0))
    text = (await card(hurried, "oil")).text.text
    assert "How many posts match takes too long to count.\n📡 all channels" in text


async def test_what_came_while_an_alert_was_gone_is_said(
    ann: Any, store: Any, make_post: Callable[..., Any], now: Any
) -> None:
    await ann.say("/alert oil")
    await store(make_post(1, "Oil before"), at=now - timedelta(minutes=1))
    gone = (await ann.press((await card(ann, "oil")).keyboard, "Remove")).edit
    ann.now += timedelta(minutes=30)
    posts = [make_post(2, "Oil meanwhile"), make_post(3, "Gas"), make_post(4, "Oil again")]
    await store(*posts, at=now + timedelta(minutes=10))
    back = await ann.press(gone.keyboard, "Undo")
    assert back.toast is None
    assert back.reply[0].text.text == (
        "It is back, as it was: oil\nWhile it was gone 2 posts came that match. They were not sent."
    )
    found = await ann.press(back.reply[0].keyboard, "Latest matches")
    assert "Oil meanwhile" in found.reply[0].text.text


async def test_what_was_made_anew_meanwhile_is_not_doubled(ann: Any, database: Database) -> None:
    await ann.say("/alert oil")
    gone = (await ann.press((await card(ann, "oil")).keyboard, "Remove")).edit
    await ann.say("/alert oil")
    back = await ann.press(gone.keyboard, "Undo")
    assert back.toast == "You have this alert already: oil."
    assert len(await have(database)) == 1


async def test_nothing_is_put_back_beyond_what_one_may_have(ann: Any, database: Database) -> None:
    await ann.say("/alert oil")
    gone = (await ann.press((await card(ann, "oil")).keyboard, "Remove")).edit
    for word in ("one", "two", "three"):
        await ann.say(f"/alert {word}")
    back = await ann.press(gone.keyboard, "Undo")
    assert back.toast.startswith("You have 3 alerts, the most")
    assert len(await have(database)) == 3


async def test_in_a_group_those_who_manage_it_change_its_alerts(
    manager: Any, member: Any, database: Database
) -> None:
    await manager.say("/alert@dateline_bot oil")
    (message,) = await manager.say("/alerts@dateline_bot")
    page = (await manager.press(message.keyboard, "oil")).edit
    assert page.text.text.endswith("➡️ To this group: Ann")
    for label in ("Query", "Channels", "Remove", "How it comes"):
        refused = await member.press(page.keyboard, label)
        assert "dministrators" in (refused.toast or refused.reply[0].text.text)
    await manager.press(page.keyboard, "Query")
    await member.say("coal")
    await manager.say("gas")
    assert [one.query for one in await have(database, -50)] == ["gas"]


def _unmuting(message: Any) -> list[int]:
    """The numbers of the piers that a card's buttons hear again."""
    return [int(label[-2:]) for label in labels(message) if "Unmute Pier" in label]


async def test_each_channel_that_an_alert_leaves_out_has_its_button_on_a_page(
    ann: Any, database: Database
) -> None:
    await ann.say("/alert oil")
    (alert,) = await have(database)
    titles = {str(100 + number): f"Pier {number:02}" for number in range(12)}
    async with database.transaction() as tx:
        await mutes.leave_out(tx, alert.id, titles)
    pages = [await card(ann, "oil")]
    assert "Pier 09 and 2 more" in pages[0].text.text
    while [label for label in labels(pages[-1]) if "Next" in label]:
        pages.append((await ann.press(pages[-1].keyboard, "Next")).edit)
    assert [_unmuting(page) for page in pages] == [[*range(5)], [*range(5, 10)], [10, 11]]
    heard = await ann.press(pages[1].keyboard, "Unmute Pier 07")
    assert "Pier 07" in heard.toast
    assert _unmuting(heard.edit) == [5, 6, 8, 9, 10]
    alone = (await ann.press(pages[2].keyboard, "Unmute Pier 10")).edit
    last = (await ann.press(alone.keyboard, "Unmute Pier 11")).edit
    assert "2 / 2" in labels(last)  # The third page is gone with its last channel.
