"""What is watched, and how far it is read: /status, /watch, /unwatch, /backfill."""

from datetime import timedelta

import pytest

from handlers.texts.languages import words_of
from storage.channels import backfills, channels, progress
from storage.documents import problems
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery, NewProblem
from storage.structs import replace
from storage.version import __version__


async def add_harbour(database, now):
    async with database.transaction() as tx:
        channel = await channels.add_channel(
            tx, channel_id=100, username="harbour", title="Harbour News", now=now
        )
        await channels.begin_watching(tx, channel.id, 0, now - timedelta(hours=4))
    return channel


async def test_the_status_lists_channels_by_name_with_what_is_read_of_them(
    operator, database, store, make_post, now
) -> None:
    channel = await add_harbour(database, now)
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=200, username="city", now=now)
        await channels.add_channel(tx, channel_id=300, title="Old", watched=False, now=now)
    await store(make_post(1, "a"), make_post(4, "b"), make_post(5, "c"))
    async with database.transaction() as tx:
        await channels.advance_cursor(
            tx, channel.id, 1, now - timedelta(seconds=30), gaps=1, posts=2
        )
        await channels.update_channel(tx, channel.id, source="joined")
    (message,) = await operator.say("/status")
    assert message.text.text.startswith("Watched: 2 channels\n")
    assert message.text.text.endswith(
        "\n• @city: no posts yet\n"
        "  cursor 0, last scan never, not read yet\n"
        "  gaps: 0 open, 0 filled with 0 posts\n"
        "• Harbour News: last post 5, 2 h ago, 3 today\n"
        "  cursor 1, last scan 30 s ago, joined\n"
        "  gaps: 1 open, 1 filled with 2 posts\n"
        "  stored after 1 h, at worst 1 h\n"
        "  recent posts are being read, newest first: 0 posts so far"
    )
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == ["https://t.me/city", "https://t.me/harbour"]


async def test_a_channel_in_trouble_says_why_in_the_readers_language(ann, database, now) -> None:
    channel = await add_harbour(database, now)
    async with database.transaction() as tx:
        await channels.update_channel(tx, channel.id, error="there is no such channel")
    assert "⚠️ there is no such channel" in await ann.read("/channels")
    await ann.say("/settings language ru")
    assert "⚠️ такого канала нет" in await ann.read("/channels")


async def test_what_an_unfinished_backfill_has_not_read_is_a_gap(operator, database, now) -> None:
    channel = await add_harbour(database, now)
    async with database.transaction() as tx:
        await backfills.ask_for(tx, channel.id, limit=10, now=now)
        await backfills.begin(tx, channel.id, first_id=1, last_id=50)
        await backfills.advance(tx, channel.id, from_id=1, next_id=11, posts=10)
        (status,) = await progress.list_status(tx, midnight=now)
    assert status.open_gaps == ((11, 50),)
    assert "history: 10 posts read, up to 10 of 50" in await operator.read("/status")


async def test_only_the_operator_changes_what_is_watched(ann, operator, database) -> None:
    denied = words_of("en").operators_only
    for command in ("/watch @harbour", "/unwatch @harbour", "/backfill @harbour", "/status"):
        assert await ann.read(command) == denied
    assert "@harbour goes on the list" in await operator.read("/watch https://t.me/harbour")
    assert "@harbour is watched already" in await operator.read("/watch @Harbour")
    async with database.reader() as conn:
        (channel,) = await channels.list_channels(conn)
        assert await channels.count_changes(conn) == 1
    assert channel.username == "harbour"


async def test_a_channel_taken_off_by_hand_is_remembered(operator, database) -> None:
    await operator.say("/watch @harbour")
    assert "not watched any more" in await operator.read("/unwatch harbour")
    assert "is not on the list" in await operator.read("/unwatch harbour")
    async with database.reader() as conn:
        assert await channels.was_removed(conn, username="harbour")
        assert await channels.list_channels(conn) == []
    await operator.say("/watch @harbour")
    async with database.reader() as conn:
        assert len(await channels.list_channels(conn)) == 1


async def state_of(database) -> dict[str, object]:
    """What watching knows of the one channel."""
    async with database.reader() as conn:
        (row,) = await conn.fetch_all("SELECT * FROM channel")
        names = ("watched", "removed", "cursor", "floor", "last_scan_at", "added_at", "error")
        return {name: row[name] for name in names}


async def test_a_channel_that_was_taken_off_is_watched_on_at_a_press(
    ann, operator, database, now
) -> None:
    channel = await add_harbour(database, now)
    async with database.transaction() as tx:
        await channels.begin_watching(tx, channel.id, 70, now)
    before = await state_of(database)
    (removed,) = await operator.say("/unwatch @harbour")
    assert [[b.text for b in row] for row in removed.keyboard] == [["↩️ Undo"]]
    assert (await state_of(database))["watched"] == 0
    operator.now += timedelta(hours=1)
    denied = words_of("en").operators_only
    assert (await ann.press(removed.keyboard, "Undo")).toast == denied
    back = await operator.press(removed.keyboard, "Undo")
    assert back.edit.text.text == (
        "@harbour is watched as before; what it posted meanwhile is read and told."
    )
    assert await state_of(database) == before  # From where it was read, not from now.
    async with database.reader() as conn:
        assert await channels.count_changes(conn) == 2
    twice = await operator.press(removed.keyboard, "Undo")
    assert (twice.edit, twice.keyboard) == (None, None)  # What it says is so still.
    assert twice.toast == "@harbour is watched; it was put on the list today 12:00."


@pytest.mark.parametrize("again", [(), ("/unwatch @harbour",)], ids=["watched", "taken off again"])
async def test_what_is_not_read_of_a_channel_that_began_anew_is_said(
    ann, operator, database, now, again: tuple[str, ...]
) -> None:
    """``/watch`` was given before the undo: the posts between are neither stored nor told."""
    await add_harbour(database, now)
    (removed,) = await operator.say("/unwatch @harbour")
    operator.now += timedelta(hours=1)
    await operator.say("/watch @harbour")
    operator.now += timedelta(hours=1)
    ann.services = replace(ann.services, admins=frozenset({ann.chat_id}))
    for command in again:
        await ann.say(command)
    back = await operator.press(removed.keyboard, "Undo")
    assert back.edit.text.text == (
        "@harbour is watched; it was put on the list today 13:00. What it posted while it was not"
        " watched is history: nobody is told of it."
    )
    assert [[b.text for b in row] for row in back.edit.keyboard] == [
        ["↻ How far?", "Read further back"]
    ]
    assert (await state_of(database))["watched"] == 1


async def test_what_was_taken_off_long_ago_is_watched_anew_by_name_alone(
    operator, database
) -> None:
    await operator.say("/watch @harbour")
    (removed,) = await operator.say("/unwatch @harbour")
    operator.now += timedelta(days=1, seconds=1)
    late = await operator.press(removed.keyboard, "Undo")
    assert (late.edit, late.toast) == (None, "That can't be put back any more.")
    assert (await state_of(database))["watched"] == 0


async def test_the_operator_takes_a_channel_off_on_its_card(ann, operator, database, now) -> None:
    await add_harbour(database, now)
    (listed,) = await operator.say("/channels")
    card = (await operator.press(listed.keyboard, "arbour")).edit
    theirs = (await ann.press(listed.keyboard, "arbour")).edit
    assert [b.text for b in card.keyboard[-1]] == ["‹ Channels", "✕ Remove"]
    assert [b.text for b in theirs.keyboard[-1]] == ["‹ Channels"]
    assert (await ann.press(card.keyboard, "Remove")).toast == words_of("en").operators_only
    gone = await operator.press(card.keyboard, "Remove")
    assert gone.edit.text.text.startswith("Removed: ")
    assert gone.toast.endswith("is not watched any more. What is stored stays.")
    assert (await ann.press(gone.edit.keyboard, "Undo")).toast == words_of("en").operators_only
    back = await operator.press(gone.edit.keyboard, "Undo")
    assert back.edit == listed
    assert (await operator.press_data("cd|0|999")).toast == "That was removed before."


async def test_an_invite_link_waits_for_what_it_leads_to(operator, database) -> None:
    link = "https://t.me/+AbCdEf123"
    assert link in await operator.read(f"/watch {link}")
    await operator.say("/watch https://t.me/joinchat/AbCdEf123")
    async with database.reader() as conn:
        (channel,) = await channels.list_channels(conn)
    assert (channel.reference, channel.channel_id) == (link, None)
    assert "not watched any more" in await operator.read(f"/unwatch {link}")


async def test_what_is_no_channel_is_said_to_be_none(operator) -> None:
    for command in ("/watch", "/unwatch", "/backfill"):
        assert "is no channel's name" in await operator.read(f"{command} !!!")
        (question,) = await operator.say(command)
        assert [button.text for row in question.keyboard for button in row] == ["✕ Cancel"]


async def test_history_is_asked_for_with_a_date_or_without(operator, database, now) -> None:
    await add_harbour(database, now)
    assert "is not on the list" in await operator.read("/backfill @city")
    assert "/backfill @channel" in await operator.read("/backfill @harbour someday")
    assert "oldest first" in await operator.read("/backfill @harbour 02.01.2026")
    async with database.reader() as conn:
        (asked,) = await backfills.list_backfills(conn, open_only=True)
    assert asked.since is not None and asked.since.isoformat() == "2026-01-02T00:00:00+00:00"
    assert asked.asked_by == operator.chat_id


async def test_status_says_how_often_everything_is_scanned(operator, database, now) -> None:
    await add_harbour(database, now)
    text = await operator.read("/status")
    assert "Every channel is scanned within 3 min." in text
    assert "Outbox: 0 waiting, 0 sent, 0 given up." in text
    assert f"\nDateline {__version__}\n" in text
    assert "Harbour News" in text


async def test_status_names_what_was_given_up_and_why(operator, database, now) -> None:
    async with database.transaction() as tx:
        row = NewDelivery(
            chat_id=7,
            kind="alert",
            key="alert:7:a",
            payload=AlertPayload(doc_id="a"),
            priority=PRIORITY_ALERT,
            due_at=now,
            created_at=now,
        )
        await queueing.add_deliveries(tx, [row])
        await outbox.mark_dead(tx, 1, "ENTITY_BOUNDS_INVALID")
    text = await operator.read("/status")
    assert "1 given up." in text
    assert "Given up: alert 1 to 7: ENTITY_BOUNDS_INVALID" in text
    assert "dateline outbox" in text


async def test_what_is_set_aside_is_counted_in_the_status(operator, database, now) -> None:
    assert "Set aside" not in await operator.read("/status")
    async with database.transaction() as tx:
        for number in (1, 2):
            found = NewProblem(
                place=f"tg:7/{number}", form="telethon", raw=b"", error="no", kind="no"
            )
            await problems.set_aside(tx, found, now=now, version="1")
    assert "Set aside, not read or not stored: 2." in await operator.read("/status")


async def test_a_name_that_moved_is_asked_about_before_its_newcomer_is_watched(
    operator, ann, database, now
) -> None:
    await operator.say("/watch @harbour")
    async with database.transaction() as tx:
        (known,) = await channels.list_channels(tx)
        await channels.update_channel(
            tx, known.id, channel_id=100, username="harbour_today", title="Harbour News"
        )
    (asked,) = await operator.say("/watch t.me/Harbour")
    assert asked.text.text == (
        "@harbour_today was put on the list as @Harbour and is watched still. Whoever is called "
        "@Harbour now is another channel. Watch that one too?"
    )
    ((button,),) = asked.keyboard
    async with database.reader() as conn:
        assert len(await channels.list_channels(conn)) == 1
    assert (await ann.press_data(button.data)).toast == words_of("en").operators_only
    for _ in range(2):
        pressed = await operator.press_data(button.data)
        assert pressed.edit.text.text.startswith("@Harbour goes on the list.")
    async with database.reader() as conn:
        watched = [(one.channel_id, one.username) for one in await channels.list_channels(conn)]
    assert watched == [(100, "harbour_today"), (None, "Harbour")]
    assert (await operator.press_data("wo|!!!")).toast == words_of("en").old_button


async def test_a_channel_is_taken_off_by_the_name_it_was_put_on_by(operator, database) -> None:
    await operator.say("/watch @harbour")
    async with database.transaction() as tx:
        (known,) = await channels.list_channels(tx)
        await channels.update_channel(tx, known.id, channel_id=100, username="harbour_today")
    assert "@harbour_today is not watched any more" in await operator.read("/unwatch @harbour")


async def test_a_title_that_turns_its_line_turns_no_other_words(ann, operator, database) -> None:
    await operator.say("/watch 100")
    async with database.transaction() as tx:
        (known,) = await channels.list_channels(tx)
        await channels.update_channel(tx, known.id, title="News \u202e evil")
    for command in ("/channels", "/status", "/unwatch 100"):
        said = await operator.read(command)
        assert "evil" in said and "\u202e" not in said


async def test_what_is_read_of_a_new_channel_is_said_where_it_is(operator, services) -> None:
    assert "at most" not in await operator.read("/watch @town")
    operator.services = replace(services, read_on_watch=(14, 500))
    said = await operator.read("/watch @harbour")
    assert "posts of the last 14 days, at most 500, are read now" in said
    assert said.endswith("they raise no alerts.")


async def test_a_running_service_hears_of_each_change_of_the_list(operator, database) -> None:
    async def changes() -> int:
        async with database.reader() as conn:
            return await channels.count_changes(conn)

    said = ["/watch @harbour", "/status", "/unwatch @nowhere", "/unwatch @harbour"]
    counted = [await changes()]
    for command in said:
        await operator.say(command)
        counted.append(await changes())
    assert counted == [0, 1, 1, 1, 2]
