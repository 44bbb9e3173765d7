"""Groups with topics: what is asked for in one is answered and told of there."""

from typing import Any

FAST = {"SEND_RATE_GROUP": "6000", "BURST_AFTER": "0"}
FERRY = "The council of Marby sold the ferry for 312 crowns on Friday, its treasurer said."


async def test_alerts_come_in_the_topic_they_were_made_in_until_it_is_closed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot], admins=[stage.ann], forum=True)
    topic = await group.open_topic("Ferries")
    other = await group.open_topic("Bread")
    await stage.run(**FAST)
    alert = f"/alert@{stage.bot.username} ferry"
    await group.say(stage.ann, alert, topic=topic)
    answer = await group.wait_for("Alert set", sender=stage.bot)
    assert (answer.topic, answer.reply_to) == (topic, None)

    await stage.news.post(FERRY)
    told = await group.wait_for("312 crowns", sender=stage.bot)
    assert (told.topic, told.reply_to) == (topic, None)
    await stage.wait_drained()
    await stage.news.post(f"{FERRY} The buyer is a painter.")
    follow_up = await group.wait_for("a painter", sender=stage.bot)
    assert (follow_up.topic, follow_up.reply_to) == (topic, told)

    # Answers go where the question was.
    await group.say(stage.ann, f"/help@{stage.bot.username}", topic=other)
    helped = await group.wait_for("/search", sender=stage.bot, after=follow_up)
    assert helped.topic == other

    await group.close_topic(topic)
    await stage.news.post("A bakery near the ferry burned down, nobody was hurt.")
    moved = await group.wait_for("A bakery near the ferry", sender=stage.bot)
    assert moved.topic is None
    assert "Its topic is closed" in moved.text
    await stage.news.post("The ferry school has a new roof since Monday.")
    plain = await group.wait_for("The ferry school", sender=stage.bot)
    assert plain.topic is None
    assert "Its topic is closed" not in plain.text

    # So it is with a topic that was deleted.
    await group.say(stage.ann, f"/alert@{stage.bot.username} bread", topic=other)
    said = await group.wait_for("Alert set", sender=stage.bot, after=plain)
    assert said.topic == other
    await group.delete_topic(other)
    await stage.news.post("Bread is dearer in Olda by nine percent.")
    bread = await group.wait_for("Bread is dearer", sender=stage.bot)
    assert bread.topic is None
    assert "Its topic is closed" in bread.text
