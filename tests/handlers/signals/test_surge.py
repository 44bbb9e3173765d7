"""``/surge``: asked for, listed, ended, asked for again, in the words of readers."""

from datetime import timedelta

import pytest

from storage.query.reading.syntax import MOST_CHARACTERS
from storage.structs import replace
from storage.subscribers import surges


async def test_it_is_asked_for_listed_and_ended_and_asked_for_again(ann, hooks) -> None:
    assert "/surge oil price" in await ann.read("/surge")
    (made,) = await ann.say("/surge Grain deal")
    assert "say so here, once in 6 hours at most" in made.text.text
    assert hooks.plans == [1]
    assert (await ann.read("/surge Grain deal")).startswith("Surges of Grain deal are told here")
    (listed,) = (await ann.press(made.keyboard, "All queries")).reply
    assert listed.text.text.startswith("Queries whose surges are told here: 1\nA tap opens one")
    (removed,) = (await ann.press(made.keyboard, "Remove")).reply
    assert removed.text.text == "Surges of Grain deal are told here no more."
    back = await ann.press(removed.keyboard, "Undo")
    assert (back.edit, back.toast) == (listed, "It is back.")
    assert "told here: 1" in await ann.read("/surge")
    assert "no more" in await ann.read("/surge off Grain deal")
    assert await ann.read("/surge off Grain deal") == "That is told here no more."


async def test_off_may_stand_behind_what_is_told_here(ann) -> None:
    await ann.read("/surge lights")
    assert "Surges of lights are told here no more" in await ann.read("/surge lights off")
    assert "posted of lights off" in await ann.read("/surge lights off")  # none is told: a word
    await ann.read("/surge lights")
    assert (await ann.read("/surge lights off")).startswith("Surges of lights off are told here")


async def test_each_has_a_card_and_is_removed_and_put_back_as_it_was(
    ann, database, now, hooks
) -> None:
    await ann.say("/surge ferry")
    await ann.say(f"/surge {'x' * 200}")
    async with database.transaction() as tx:
        (first, _) = await surges.list_surges(tx, 1)
        await surges.note_told(tx, first, now=now - timedelta(hours=1))
        before = await surges.list_surges(tx, 1)
    (listed,) = await ann.say("/surge")
    card = (await ann.press(listed.keyboard, "ferry")).edit
    assert card.text.text.splitlines() == [
        "📈 ferry",
        "7 days: 0 posts",
        "░░░░░░·",
        "30 days: 0 posts",
        "░" * 29 + "·",
        "📡 all channels",
        "🕗 Told when there is much more than usually at that hour, once in 6 hours at most",
        "Told last: today 11:00",
        "➡️ To you, here",
    ]
    assert [[b.text for b in row] for row in card.keyboard] == [
        ["✎ Query", "🔎 All posts"],
        ["‹ All queries", "✕ Remove"],
    ]
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert gone.text.text.startswith("Removed: ferry\n\nQueries whose surges are told here: 1")
    bob = replace(ann, chat_id=2, sender_id=2)
    assert (await bob.press(gone.keyboard, "Undo")).toast == "That can't be put back any more."
    assert (await ann.press(listed.keyboard, "ferry")).toast == "That was removed before."
    back = await ann.press(gone.keyboard, "Undo")
    assert (back.edit, back.toast) == (listed, "It is back.")
    async with database.reader() as conn:
        assert await surges.list_surges(conn, 1) == before  # When it was told last, too.


async def test_they_are_paged_in_place_and_none_more_comes_back_than_there_may_be(
    ann, services
) -> None:
    ann.services = replace(services, alerts_per_person=12)
    for number in range(12):
        await ann.say(f"/surge ferry{number}")
    (listed,) = await ann.say("/surge")
    assert [b.text for b in listed.keyboard[-1]] == ["1 / 2", "Next ›"]
    second = (await ann.press(listed.keyboard, "Next")).edit
    assert len(second.keyboard) == 5
    card = (await ann.press(second.keyboard, "ferry9")).edit
    assert (await ann.press(card.keyboard, "All queries")).edit == second
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert [b.text for b in gone.keyboard[-1]] == ["‹ Prev", "2 / 2"]
    await ann.say("/surge another")
    full = await ann.press(gone.keyboard, "Undo")
    assert full.toast.startswith("There are 12 of these here")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("after:2026-01-01", "leave after:2026-01-01 out"),
        ("grain after:2026-01-01", "leave after:2026-01-01 out"),
        ('"grain', "grain"),
        ("x" * 5000, "5"),
    ],
)
async def test_what_is_no_query_of_a_surge_is_said(ann, written: str, said: str) -> None:
    assert said in await ann.read(f"/surge {written}")
    assert "told here: " not in await ann.read("/surge")


async def test_another_chats_surges_are_its_own(ann, manager, services) -> None:
    await manager.say("/surge@dateline_bot grain")
    assert await ann.read("/surge off #1") == "That is told here no more."
    assert "told here: 1" in await manager.read("/surge@dateline_bot")
    ann.services = replace(services, alerts_per_person=1)
    await ann.say("/surge oil")
    assert "There are 1 of these here" in await ann.read("/surge gas")


async def test_it_is_said_in_russian_too(ann) -> None:
    ann.language = "ru"
    assert "не чаще раза в 6 часов" in await ann.read("/всплеск нефть")
    assert "больше не сообщаю" in await ann.read("/surge убрать нефть")


async def _edited(person, words: str):
    """What comes of a query that is written anew on the card of the first."""
    (listed,) = await person.say("/surge")
    card = (await person.press(listed.keyboard, listed.keyboard[0][0].text)).edit
    (asked,) = (await person.press(card.keyboard, "Query")).reply
    person.said += 1
    return asked, await person.say(words)


@pytest.mark.parametrize(
    ("before", "wrote", "after", "said"),
    [
        ("ferry", "barge", "barge", "Changed."),
        ("ferry", "ferry", "ferry", "Changed."),
        ("ferry channel:harbour", "barge", "barge channel:harbour", "Changed."),
        ("ferry channel:harbour", "barge channel:quay", "barge channel:quay", "Changed."),
        ("ferry", "after:2026-01-01 barge", "ferry", "after:2026-01-01"),
        ("ferry", "(barge", "ferry", "(barge"),
        ("ferry", "tram", "ferry", "Surges of tram are told here already."),
    ],
)
async def test_its_query_is_written_anew_in_its_place(
    ann, database, now, before: str, wrote: str, after: str, said: str
) -> None:
    await ann.say(f"/surge {before}")
    await ann.say("/surge tram")
    async with database.transaction() as tx:
        (first, _) = await surges.list_surges(tx, 1)
        await surges.note_told(tx, first, now=now)
    asked, (answer,) = await _edited(ann, wrote)
    assert asked.text.text.endswith("\nferry")
    assert said in answer.text.text
    async with database.reader() as conn:
        have = await surges.list_surges(conn, 1)
    assert [(one.id, one.query) for one in have] == [(1, after), (2, "tram")]
    assert (have[0].told_at is None) == (after != before)


async def test_one_that_gets_too_long_for_its_channels_is_left_as_it_was(ann, database) -> None:
    names = ",".join(f"harbour_news_{number:03}" for number in range(5))
    await ann.say(f"/surge ferry channel:{names}")
    long = " OR ".join(f"barge{number:03}" for number in range(37))
    assert len(long) < MOST_CHARACTERS < len(f"{long} channel:{names}")
    _, (answer,) = await _edited(ann, long)
    assert "this query is too long" in answer.text.text
    async with database.reader() as conn:
        (one,) = await surges.list_surges(conn, 1)
    assert one.query == f"ferry channel:{names}"
    assert (await ann.read("barge")).startswith("Changed.")  # It is still asked for.
    async with database.reader() as conn:
        (one,) = await surges.list_surges(conn, 1)
    assert one.query == f"barge channel:{names}"


async def test_whoever_writes_that_means_words_and_changes_nothing_of_anothers(
    ann, database
) -> None:
    bob = replace(ann, chat_id=2, sender_id=2)
    await bob.say("/surge ferry")
    for said in ("/surge edit:1", "/surge edit:1 barge", "/surge edit:99 barge"):
        await ann.say(said)
    async with database.reader() as conn:
        assert [one.query for one in await surges.list_surges(conn, 2)] == ["ferry"]
