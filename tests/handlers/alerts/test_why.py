"""/why in a subscriber's words: what matches, what is missing, what held it back."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage.channels import channels, own_posts
from storage.document import Block, Channel, Media
from storage.documents import problems
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload, Line, ListPayload
from storage.records import PRIORITY_ALERT, NewDelivery, NewProblem
from storage.stories import folded
from storage.stories.folded import Fold
from storage.structs import replace
from storage.subscribers import alerts, mutes, subscribers

FERRY = "https://t.me/harbour/7"
MILL = Channel(id=200, username="mill", title="Mill Post")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHEN = "today 12:00"


@pytest.fixture
async def post(store: Any, make_post: Any) -> Any:
    """A post of Harbour News that is stored as it is watched."""
    body = (Block(type="para", text="It takes grain to the old port."),)
    plan = Media(type="document", name="plan.pdf")
    made = make_post(7, "The ferry sails", body=body, lang="ru", media=(plan,))
    await store(made, at=NOW - timedelta(hours=2, minutes=52))
    return made


async def ask(person: Any, *queries: str, link: str = FERRY) -> str:
    """What is said of a post to somebody who had these alerts before it was read."""
    async with person.services.database.transaction() as tx:
        if await subscribers.find_subscriber(tx, person.chat_id) is None:
            await subscribers.add_subscriber(tx, chat_id=person.chat_id, now=person.now)
        for query in queries:
            await alerts.add_alert(
                tx, chat_id=person.chat_id, query=query, now=person.now - timedelta(days=1)
            )
    command = "/why" if person.is_private else "/why@dateline_bot"
    said: str = await person.read(f"{command} {link}")
    return said.partition("\n")[2] if said.startswith(("Harbour", "Mill")) else said


async def queue(person: Any, post: Any, **fields: Any) -> int:
    """Queue the message about a post, as it would have been."""
    async with person.services.database.transaction() as tx:
        have = await alerts.list_alerts(tx, person.chat_id)
        row = NewDelivery(
            chat_id=person.chat_id,
            kind="alert",
            key=post.doc_id,
            payload=AlertPayload(
                doc_id=post.doc_id, alerts=tuple((one.id, one.query) for one in have)
            ),
            priority=PRIORITY_ALERT,
            due_at=fields.pop("due_at", person.now),
            created_at=person.now,
            story=fields.pop("story", post.doc_id),
        )
        await queueing.add_deliveries(tx, [replace(row, **fields)])
        found = await outbox.find_delivery(tx, post.doc_id)
        assert found is not None
        return found.id


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("wheat", "“wheat” is not in it"),
        ("grain lang:en", "lang:en: the post is in Russian"),
        ("grain -ferry", "excluded by -ferry"),
        ("wheat OR rye", "none of these is in it: “wheat”, “rye”"),
        ("channel:mill", "channel:mill: it stands in Harbour News"),
        ('"grain port"', "the words of “grain port” are in it, but not one after the other"),
        ('"grain rye"', "“grain rye” is not in it"),
        ("grain NEAR/1 port", "grain NEAR/1 port: they stand further apart"),
        ("title:grain", "“grain” is not in the title, only below it"),
        ("title:rye", "“rye” is not in the title"),
        ("plan in:text", "“plan” is not in the text, only in what is attached"),
        ("link:example.org", "link:example.org: no link in it leads there"),
        ("ferry -plan", "excluded by -plan"),
        ("=grains", "=grains: this very form is not in it"),
        ("==GRAIN", "==GRAIN: the word is in it, but not with these capitals"),
        ("==RYE", "==RYE is not in it"),
        ("whea*", "no word in it begins with “whea”"),
        ("has:photo,video", "has:photo, has:video: it has none"),
        ("lang:en,de", "lang:en, lang:de: the post is in Russian"),
        ("from:mill", "from:mill: it is no forward"),
        ("is:edited", "is:edited: it has not been edited"),
        ("#rye", "#rye is not in it"),
        ("place:Rome", "place:rome: it is not datelined there"),
        ("who:Mill", "who:mill: nobody of that name is quoted in it"),
        ("ferry after:2026-11-23", "after:2026-11-23: published today 9:07"),
        ("a b c d", "“a” is not in it; “b” is not in it; “c” is not in it …"),
    ],
)
async def test_what_is_missing(ann: Any, post: Any, query: str, missing: str) -> None:
    title, row = (await ask(ann, query)).splitlines()
    assert title == "It does not match the only alert:"
    assert row.partition(" — ")[2] == missing


async def test_who_has_no_alerts_is_told_so(ann: Any, post: Any) -> None:
    assert await ask(ann) == "You have no alerts yet."


async def test_the_nearest_alerts_come_first(ann: Any, post: Any) -> None:
    queries = ("rye", "ferry grain rye", "ferry rye", "wheat", "oats", "flax", "rye wheat")
    assert (await ask(ann, *queries)).splitlines() == [
        "None of the 7 alerts matches it:",
        "ferry grain rye — “rye” is not in it",
        "ferry rye — “rye” is not in it",
        "rye — “rye” is not in it",
        "wheat — “wheat” is not in it",
        "oats — “oats” is not in it",
        "… and 2 more, no nearer",
    ]


async def test_in_russian(ann: Any, post: Any) -> None:
    ann.language = "ru"
    await ann.say("/start")
    said = await ask(ann, "зерно", "grain lang:en", "ferry -grain")
    assert said.splitlines() == [
        "Не подходит ни под одно из оповещений (3):",
        "grain lang:en — lang:en: пост на русском",
        "ferry -grain — исключено: -grain",
        "зерно — «зерно» в нём нет",
    ]


async def test_a_message_that_came_is_answered(ann: Any, post: Any, database: Any) -> None:
    await ask(ann, "ferry", "rye")
    row = await queue(ann, post)
    assert await ask(ann) == (
        "Matches: ferry\nWhen it came it matched: rye\nIt waits for its turn to be sent."
    )
    async with database.transaction() as tx:
        await mark_sent(tx, row, 44, ann.now)
    (message,) = await ann.say(f"/why {FERRY}")
    assert message.text.text.endswith(f"It came: {WHEN}.")
    assert message.reply_to == 44
    ann.reply_to = 44
    assert (await ann.say("/why"))[0] == message
    ann.reply_to = 45
    assert (await ann.read("/why")).startswith("That is no alert.")
    async with database.transaction() as tx:
        await tx.execute("UPDATE delivery SET kind = 'bundle', message_id = 45")
    assert (await ann.read("/why")).startswith("That is a list of several posts.")


async def test_what_came_in_a_list_leads_to_the_list(ann: Any, post: Any, database: Any) -> None:
    await ask(ann, "ferry")
    row = await queue(ann, post)
    listed = NewDelivery(
        chat_id=1,
        kind="bundle",
        key="bundle:1",
        payload=ListPayload(posts=(Line(doc_id=post.doc_id, alerts=((1, "ferry"),)),)),
        priority=PRIORITY_ALERT,
        due_at=ann.now,
        created_at=ann.now,
    )
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [listed])
        await tx.execute(
            "UPDATE delivery SET state = 'bundled',"
            " finished_at = (SELECT created_at FROM delivery WHERE key = 'bundle:1') WHERE id = ?",
            (row,),
        )
        found = await outbox.find_delivery(tx, "bundle:1")
    assert found is not None
    assert (await ask(ann)).endswith("It is in a list that is on its way.")
    async with database.transaction() as tx:
        await mark_sent(tx, found.id, 46, ann.now)
    (message,) = await ann.say(f"/why {FERRY}")
    assert message.text.text.endswith(f"It came in a list: {WHEN}.")
    assert message.reply_to == 46


async def test_what_is_held_says_until_when(ann: Any, post: Any, database: Any) -> None:
    await ask(ann, "ferry")
    end = ann.now + timedelta(hours=1)
    async with database.transaction() as tx:
        await subscribers.update_subscriber(tx, 1, quiet_from=time(11), quiet_until=time(13))
    await queue(ann, post, due_at=end, bundle="held:1")
    assert (await ask(ann)).endswith("It is held back, and comes today 13:00: quiet hours.")


async def test_a_fold_leads_to_the_message_that_it_came_to(
    ann: Any, post: Any, store: Any, make_post: Any, database: Any
) -> None:
    copy = make_post(3, "The ferry sails", channel=MILL, body=post.body)
    await store(copy, at=NOW - timedelta(hours=2, minutes=52))
    await ask(ann, "ferry")
    row = await queue(ann, post, story="a")
    async with database.transaction() as tx:
        await mark_sent(tx, row, 44, ann.now)
        fold = Fold(chat_id=1, story="a", onto=post.doc_id, post=copy.doc_id)
        await folded.add_folds(tx, [fold], now=ann.now)
    (message,) = await ann.say("/why t.me/mill/3")
    assert message.reply_to == 44
    assert message.text.text.splitlines()[1:] == [
        "Matches: ferry",
        "It says nothing that Harbour News did not say, so it came to that one's message.",
        f"It came: {WHEN}.",
    ]


async def test_what_raised_nothing_is_explained_for_each_alert(
    ann: Any, post: Any, database: Any
) -> None:
    await ask(ann, "ferry", "grain", "port")
    async with database.transaction() as tx:
        first, second, _ = await alerts.list_alerts(tx, 1)
        await alerts.update_alert(tx, first.id, 1, paused=True)
        await mutes.add_mutes(tx, [second.id], "100", "Harbour News")
        await alerts.add_alert(tx, chat_id=1, query="sails", now=ann.now)
    assert (await ask(ann)).splitlines() == [
        "Matches: ferry · grain · port · sails",
        "ferry is paused.",
        "grain leaves Harbour News out: it is muted.",
        "port: it did not come, and nothing that is set now explains it.",
        "The alert sails was made after I had read the post (today 9:08).",
    ]


async def test_a_deleted_post_and_one_that_was_read_late_say_so(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(make_post(7, "The ferry sails", deleted_at="2026-11-22T09:17:00Z"))
    assert (await ask(ann, "ferry")).splitlines()[:3] == [
        "⏱ late: posted 2 h before it could be read",
        "🗑 deleted 10 min after posting",
        "Matches: ferry",
    ]


async def test_why_a_post_is_not_stored(ann: Any, post: Any, database: Any, make_post: Any) -> None:
    async with database.transaction() as tx:
        watched = await channels.add_channel(
            tx, channel_id=100, username="harbour", title="Harbour News", now=ann.now
        )
        await channels.begin_watching(tx, watched.id, 5, ann.now)
        await channels.advance_cursor(tx, watched.id, 20, scanned_at=ann.now)
        await own_posts.add_own_posts(tx, [(-1_000_000_000_100, 9)])
        aside = NewProblem(
            place="tg:100/10", form="telethon", raw=b"", error="odd", kind="odd",
            channel_id=100, message_id=10,
        )  # fmt: skip
        await problems.set_aside(tx, aside, now=ann.now, version="1")
    said = {number: await ask(ann, link=f"t.me/harbour/{number}") for number in (4, 8, 9, 10, 21)}
    assert said == {
        4: "It is older than what I have read of @harbour.",
        8: "I found no such post when I read @harbour: it was deleted before, or is no post (a "
        "service message, say).",
        9: "I wrote that myself; what I say is no post.",
        10: "I could not read it, and have set it aside: the next version tries again. Whoever "
        "runs me sees it in dateline problems.",
        21: "I have not read it yet: @harbour is read up to number 20.",
    }


@pytest.mark.parametrize(
    ("error", "number", "begins"),
    [
        (None, 20, "I found no such post"),
        (None, 21, "I have not read it yet"),
        ("it is private now", 20, "I found no such post"),
        ("it is private now", 21, "I have not read it: @harbour can't be read at present"),
        (None, 5, "It is older"),
        (None, 6, "I found no such post"),
    ],
)
async def test_how_far_its_channel_is_read_tells_why_a_post_is_not_stored(
    ann: Any, post: Any, database: Any, error: str | None, number: int, begins: str
) -> None:
    async with database.transaction() as tx:
        watched = await channels.add_channel(
            tx, channel_id=100, username="harbour", title="Harbour News", now=ann.now
        )
        await channels.begin_watching(tx, watched.id, 5, ann.now)
        await channels.advance_cursor(tx, watched.id, 20, scanned_at=ann.now)
        await channels.update_channel(tx, watched.id, error=error)
    said = await ask(ann, link=f"t.me/harbour/{number}")
    assert said.startswith(begins), said


async def test_of_a_channel_that_is_watched_anew_nothing_is_read_yet(
    ann: Any, post: Any, database: Any
) -> None:
    async with database.transaction() as tx:
        watched = await channels.add_channel(tx, channel_id=100, username="harbour", now=ann.now)
        await channels.begin_watching(tx, watched.id, 5, ann.now)
        await channels.advance_cursor(tx, watched.id, 20, scanned_at=ann.now)
        await channels.remove_channel(tx, watched.id)
        await channels.add_channel(tx, channel_id=100, username="harbour", now=ann.now)
    said = await ask(ann, link="t.me/harbour/8")
    assert said.startswith("I have not read it yet"), said


@pytest.mark.parametrize("link", ["t.me/mill/1", "t.me/c/200/1", "tg://resolve?domain=x_y&post=2"])
async def test_of_channels_that_are_not_watched_nothing_is_told(
    ann: Any, database: Any, link: str
) -> None:
    async with database.transaction() as tx:
        mill = await channels.add_channel(tx, channel_id=200, username="mill", now=ann.now)
        await channels.remove_channel(tx, mill.id)
        aside = NewProblem(
            place="tg:200/1", form="telethon", raw=b"", error="odd", kind="odd",
            channel_id=200, message_id=1,
        )  # fmt: skip
        await problems.set_aside(tx, aside, now=ann.now, version="1")
    assert await ask(ann, link=link) == "I don't watch that channel."


async def test_who_is_not_let_in_learns_nothing(private: Any, ann: Any, post: Any) -> None:
    assert "Harbour" not in await private(ann).read(f"/why {FERRY}")


async def test_a_group_asks_for_its_own_alerts(
    member: Any, manager: Any, ann: Any, post: Any
) -> None:
    await ask(ann, "grain")
    assert "Only administrators" in await ask(member, link=FERRY)
    assert "wheat — “wheat” is not in it" in await ask(manager, "wheat")


async def test_the_link_may_come_after_the_question(ann: Any, post: Any) -> None:
    await ask(ann, "ferry")
    assert "Which post?" in await ann.read("/why")
    assert "Matches: ferry" in await ann.read(f"this one: {FERRY}")
    assert (await ann.read("/why that")).startswith("I see no link of a post in that.")
