"""Groups with topics: what is asked for in one is answered and told of there."""

from typing import Any

FAST = {"SEND_RATE_GROUP": "6000", "BURST_AFTER": "0"}
FERRY = "The council of Marby sold the ferry for 312 crowns on Friday, its treasurer said."


async def test_alerts_come_in_the_topics_they_were_made_in_until_these_are_closed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    ben = stage.sandbox.add_user("Ben", username="ben_crew")
    group = stage.sandbox.add_group("Crew", members=[stage.bot, ben], admins=[stage.ann, ben],
                                    forum=True)  # fmt: skip
    ferries, breads = await group.open_topic("Ferries"), await group.open_topic("Bread")
    mill = stage.sandbox.add_channel("The Mill", username="mill", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mill", **FAST)
    bot = stage.bot.username

    async def ask(person: Any, text: str, topic: int | None, expected: str) -> Any:
        """What a person is answered: in the topic, in reply to them."""
        asked = await group.say(person, text, topic=topic)
        answer = await group.wait_for(expected, sender=stage.bot, after=asked)
        assert (answer.topic, answer.reply_to) == (topic, asked)
        return answer

    async def tell(text: str, topic: int | None, *, begins: str) -> Any:
        """What the group is told of a post in a topic; by nothing else than this."""
        before = group.posts[-1]
        await stage.news.post(text)
        return await group.wait_for(
            lambda post: begins in post.text and post.topic == topic, sender=stage.bot, after=before
        )

    # Two people set things up at once, each in a topic.
    await ask(stage.ann, f"/alert@{bot} ferry", ferries, "Alert set")
    await ask(ben, f"/alert@{bot} bread", breads, "Alert set")
    told = await tell(FERRY, ferries, begins="312 crowns")
    assert told.reply_to is None
    await stage.wait_drained()
    follow_up = await tell(f"{FERRY} The buyer is a painter.", ferries, begins="a painter")
    assert follow_up.reply_to == told

    # A post that both ask for comes in both topics; what repeats it, in neither.
    both = "The ferry to Olda carries no bread on Sundays, the harbour master decided."
    before = group.posts[-1]
    await stage.news.post(both)
    for topic in (ferries, breads):
        await group.wait_for(
            lambda post, topic=topic: "no bread on Sundays" in post.text and post.topic == topic,
            sender=stage.bot,
            after=before,
        )
    await mill.post(both)
    await tell("A ferry was painted green.", ferries, begins="painted green")
    assert sum("no bread on Sundays" in post.text for post in group.posts) == 2

    # Lists and cards say where it goes; a button answers where it stands.
    listed = await ask(ben, f"/alerts@{bot}", breads, "alerts: 2")
    button = next(one for row in listed.buttons for one in row if "bread" in one.text)
    await group.press(ben, listed, button)
    await group.wait_for(
        lambda post: post is listed and "To a topic of this group" in post.text, sender=stage.bot
    )
    await ask(stage.ann, f"/digest@{bot} daily 08:00", ferries, "A digest comes")

    # Given again elsewhere, an alert goes there; General has no number.
    await ask(stage.ann, f"/alert@{bot} ferry", breads, "It comes here from now on")
    await tell("The ferry school has a new bell.", breads, begins="a new bell")
    await ask(stage.ann, f"/alert@{bot} ferry", None, "It comes here from now on")
    await tell("The ferry school has a new cook.", None, begins="a new cook")
    await ask(stage.ann, f"/alert@{bot} ferry", ferries, "It comes here from now on")

    # In private Ann sees what she manages, and opens its alerts.
    mine = await stage.chat.ask("/mine")
    assert "Crew: 2 alerts, 1 plan" in mine.text
    await stage.chat.press(mine, next(one for one in mine.buttons[0] if "🔔" in one.text))
    await stage.chat.wait_for("alerts: 2")

    word = "A topic of this group is closed"

    async def told_of_it(count: int) -> None:
        await stage.wait_drained()
        said = [post.topic for post in group.posts if word in post.text]
        assert said == [None] * count

    await group.close_topic(ferries)
    await tell("A bakery near the ferry burned down.", None, begins="near the ferry")
    await told_of_it(1)
    await tell("The ferry school has a new roof.", None, begins="a new roof")
    await told_of_it(1)

    # So it is with a topic that was deleted.
    await group.delete_topic(breads)
    await tell("Bread is dearer in Olda by nine percent.", None, begins="is dearer")
    await told_of_it(2)
