"""What the bot says, and commands to it, in groups and channels that are watched as well."""

from typing import Any

from storage.document import Author
from storage.documents import documents

FAST = {"SEND_RATE_GROUP": "6000", "RECONCILE_INTERVAL": "0.5"}


async def posts_of(stage: Any, channel: Any) -> list[tuple[str, Author | None]]:
    """What is stored of a channel, once a scan has been over all of it."""
    found: list[tuple[str, Author | None]] = []

    async def is_scanned(conn: Any) -> bool:
        listed = await conn.fetch_all(
            "SELECT cursor FROM channel WHERE channel_id = ?", (channel.id,)
        )
        return bool(listed) and listed[0]["cursor"] >= channel.posts[-1].id

    async def look(conn: Any) -> bool:
        rows = await conn.fetch_all(
            "SELECT doc_id FROM document WHERE channel_id = ? ORDER BY message_id", (channel.id,)
        )
        names = [row["doc_id"] for row in rows]
        stored = await documents.find_documents(conn, names)
        found.extend(("\n".join(stored[name].texts()), stored[name].author) for name in names)
        return True

    await stage.wait_database(is_scanned)
    await stage.wait_database(look)
    return [(text, author) for text, author in found if text]


async def test_in_a_group_neither_commands_nor_answers_nor_alerts_are_posts(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    reader = stage.sandbox.add_user("Reader", username="reader")
    forum = stage.sandbox.add_group(
        "Open Forum",
        username="open_forum",
        members=[stage.watcher, reader, stage.bot],
        admins=[stage.ann],
    )
    settings = {**FAST, "CHANNELS": "@harbour @open_forum", "AUTHORS": "full"}
    service = await stage.run(**settings)
    await stage.chat.ask("/alert ferry")
    name = stage.bot.username
    asked = await forum.say(stage.ann, f"/alert@{name} ferry")
    answer = await forum.wait_for("Alert set", sender=stage.bot, after=asked)
    said = await forum.say(reader, "The ferry is late again, says the harbour")
    told = await stage.chat.wait_for("The ferry is late")
    assert "Open Forum · Reader · " in told.text
    await stage.news.post("A ferry of the harbour ran aground at night; nobody was hurt")
    await forum.wait_for("ran aground", sender=stage.bot, after=answer)
    asked = await forum.say(reader, f"/search@{name} ferry")
    await forum.wait_for("The ferry is late", sender=stage.bot, after=asked)
    asked = await forum.say(reader, f"/search@{name} by:@reader")
    await forum.wait_for("The ferry is late", sender=stage.bot, after=asked)
    asked = await forum.say(stage.ann, f"/digest@{name} now")
    await forum.wait_for("The ferry is late", sender=stage.bot, after=asked)
    unsent = await forum.say(reader, "/ferry timetables are news, and no command")
    await stage.wait_stored(said, unsent)
    await stage.wait_drained()
    expected = [
        ("The ferry is late again, says the harbour", "Reader"),
        ("/ferry timetables are news, and no command", "Reader"),
    ]
    stored = await posts_of(stage, forum)
    assert [(text, author and author.name) for text, author in stored] == expected

    await service.stop()
    await forum.say(reader, f"/search@{name} Late")
    last = await forum.say(reader, "Good night")
    await stage.run(**settings)
    await stage.wait_stored(last)
    stored = await posts_of(stage, forum)
    assert [text for text, _ in stored] == [text for text, _ in expected] + ["Good night"]
    await stage.wait_drained()
    assert len(stage.alerts()) == 3
    assert not any("lso in" in message.text for message in stage.chat.messages)


async def test_in_a_channel_what_the_bot_posted_is_told_by_its_number(ready_stage: Any) -> None:
    stage = ready_stage
    club = stage.sandbox.add_channel(
        "Ferry Club", username="ferry_club", members=[stage.watcher], admins=[stage.ann, stage.bot]
    )
    settings = {**FAST, "CHANNELS": "@harbour @ferry_club"}
    service = await stage.run(**settings)
    name = stage.bot.username
    asked = await club.post(f"/alert@{name} ferry")
    await club.wait_for("Alert set", sender=stage.bot, after=asked)
    posts = [await stage.news.post(f"The ferry number {number} sails") for number in range(5)]
    for number in range(5):
        await club.wait_for(f"number {number} sails", sender=stage.bot)
    alert = next(post for post in club.posts if "number 3" in post.text)
    own = await club.post("The club meets tomorrow")
    passed_on = await club.forward(alert)
    await stage.wait_stored(own, passed_on, *posts)
    await stage.wait_drained()
    stored = await posts_of(stage, club)
    assert [text.split("\n")[0] for text, _ in stored][:1] == ["The club meets tomorrow"]
    assert len(stored) == 2

    await service.stop()
    unread = await club.post("Good night")
    await stage.run(**settings)
    await stage.wait_stored(unread)
    assert len(await posts_of(stage, club)) == 3
