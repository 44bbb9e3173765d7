"""What reaches people of a story: one alert, kept up to date; late and bundled after a downtime."""

from datetime import UTC, datetime, timedelta
from typing import Any


async def wait_edited(stage: Any, words: str, chat: Any = None) -> Any:
    """Wait until an alert says these words, by an edit."""
    chat = chat or stage.chat

    def find() -> Any:
        alerts = [message for message in chat.messages if message.text.startswith("🔔")]
        return next((one for one in alerts if one.edits and words in one.text), None)

    return await stage.sandbox.wait_for(find, what=f"an edit with {words!r}")


async def read_pages(stage: Any, bundle: Any) -> str:
    """All that a bundle tells, page by page, as its reader turns them."""
    texts = [bundle.text]
    while following := [b for row in bundle.buttons for b in row if b.text == "Next ›"]:
        edits = len(bundle.edits)
        await stage.chat.press(bundle, following[0])
        await stage.sandbox.wait_for(lambda edits=edits: len(bundle.edits) > edits or None)
        texts.append(bundle.text)
    return "\n".join(texts)


async def test_reposts_edits_and_deletion_are_told_in_the_one_alert(ready_stage: Any) -> None:
    stage = ready_stage
    mirror = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    post = await stage.news.post("The ferry sails at noon from the old pier")
    await stage.chat.wait_for("The ferry sails")
    await mirror.forward(post)
    await wait_edited(stage, "also in Mirror")
    await post.edit("The ferry sails at noon from the old pier\nBring a coat\nAnd a hat")
    await wait_edited(stage, "+2 lines")
    await post.delete()
    alert = await wait_edited(stage, " after posting")
    assert "also in Mirror" in alert.text
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_a_deleted_alert_message_ends_its_updates_and_nothing_else(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.fail("messages.editMessage", "MESSAGE_ID_INVALID", times=1)
    post = await stage.news.post("The ferry sails at noon")
    await stage.chat.wait_for("The ferry sails")
    await post.edit("The ferry sails at one")
    await fault.wait_hit()
    await stage.wait_drained()
    await post.edit("The ferry sails at two")
    await stage.news.post("Another ferry, another day")
    await stage.chat.wait_for("Another ferry")
    await stage.wait_drained()
    assert stage.sandbox.count_calls("messages.editMessage") == 1
    assert not any(alert.edits for alert in stage.alerts())


async def test_much_that_was_missed_is_told_in_one_list_and_little_alone(ready_stage: Any) -> None:
    stage = ready_stage
    ben = stage.sandbox.add_user("Ben")
    other = ben.chat_with(stage.bot)
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await other.ask("/alert library")
    await service.stop()
    then = datetime.now(UTC) - timedelta(hours=2)
    for number in range(30):
        at = then + timedelta(minutes=number)
        await stage.news.post(f"The ferry, part {number} of it", date=at)
    await stage.news.post("The library opens", date=then + timedelta(minutes=31))
    await stage.run()
    alone = await other.wait_for("The library opens")
    assert "late: posted" in alone.text
    await stage.chat.wait_for("part 0 of it")
    await stage.wait_drained()
    (bundle,) = stage.alerts()
    assert bundle.text.startswith("🔔 30 posts that were missed")
    text = await read_pages(stage, bundle)
    places = [text.index(f"part {number} of it") for number in range(30)]
    assert places == sorted(places)
    assert all(text.count(f"part {number} of it") == 1 for number in range(30))


async def test_a_group_is_a_recipient_until_the_bot_is_put_out(ready_stage: Any) -> None:
    stage = ready_stage
    group = stage.sandbox.add_group("Crew", members=[stage.ann, stage.bot])
    group.add_member(stage.ann, admin=True)
    service = await stage.run()
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry")
    answer = await group.wait_for("ferry", sender=stage.bot)
    await stage.news.post("The ferry sails")
    await group.wait_for("The ferry sails", sender=stage.bot, after=answer)
    group.remove_member(stage.bot)
    await service.wait_line("put out of a chat")
    calls = stage.sandbox.count_calls("messages.sendMessage")
    unheard = await stage.news.post("The ferry returns")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert stage.sandbox.count_calls("messages.sendMessage") == calls


async def test_after_stop_no_message_is_sent_or_edited(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    post = await stage.news.post("The ferry sails at noon")
    await stage.chat.wait_for("The ferry sails")
    await stage.chat.ask("/stop")
    sent = stage.sandbox.count_calls("messages.sendMessage")
    await post.edit("The ferry sails at one")
    unheard = await stage.news.post("Another ferry, which nobody hears of")
    await stage.wait_stored(unheard)
    await stage.wait_drained()
    assert stage.sandbox.count_calls("messages.editMessage") == 0
    assert stage.sandbox.count_calls("messages.sendMessage") == sent


async def test_an_update_brings_back_no_button_of_a_removed_alert_but_undo(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    post = await stage.news.post("The ferry sails at noon")
    alert = await stage.chat.wait_for("The ferry sails")
    for verb in (b"uf", b"xq"):
        button = next(b for row in alert.buttons for b in row if (b.data or b"").startswith(verb))
        edits = len(alert.edits)
        await stage.chat.press(alert, button)
        await stage.sandbox.wait_for(lambda edits=edits: len(alert.edits) > edits or None)
    assert [button.text for row in alert.buttons for button in row] == ["Open", "↩️ Undo"]
    await post.edit("The ferry sails at noon\nBring a coat")
    await wait_edited(stage, "+1 line")
    assert "+1 lines" not in alert.text
    assert [button.text for row in alert.buttons for button in row] == ["Open", "↩️ Undo"]
