"""A reader asks why a post came or did not, and opens what was folded."""

from typing import Any

PATIENCE = 120.0


async def why(chat: Any, argument: str = "", reply_to: Any = None) -> Any:
    sent = await chat.send(f"/why {argument}".strip(), reply_to=reply_to)
    return await chat.wait_for(after=sent, timeout=PATIENCE)


async def test_why_a_post_came_was_folded_or_did_not_match(ready_stage: Any) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror")
    early = await stage.news.post("The ferry will sail at noon")
    await stage.wait_stored(early)
    await stage.chat.ask("/alert ferry -sport")
    text = "The ferry sails again from the old harbour"
    post = await stage.news.post(text)
    alert = await stage.chat.wait_for("🔔", timeout=PATIENCE)
    copy = await other.post(text)
    played = await other.post("Sport: the ferry crew won the final")
    await stage.wait_stored(post, copy, played)
    await stage.wait_drained()

    told = await why(stage.chat, reply_to=alert)
    assert "Matches: ferry -sport" in told.text
    assert told.reply_to is alert
    folded = await why(stage.chat, copy.link)
    assert "It says nothing that Harbour News did not say" in folded.text
    assert folded.reply_to is alert
    assert "excluded by -sport" in (await why(stage.chat, played.link)).text
    assert "was made after I had read the post" in (await why(stage.chat, early.link)).text
    assert (await why(stage.chat, "t.me/elsewhere/1")).text == "I don't watch that channel."
    assert "Which post?" in (await why(stage.chat)).text


async def test_what_was_folded_is_opened_and_stands_in_for_what_was_deleted(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    text = "The ferry sails again from the old harbour"
    post = await stage.news.post(text)
    alert = await stage.chat.wait_for("🔔", timeout=PATIENCE)
    copy = await other.post(text)
    await stage.chat.wait_for("also in Mirror", timeout=PATIENCE)

    await stage.chat.press(alert, "⋯", timeout=PATIENCE)
    await press(stage, alert, "🔁 +1 post", "＝ Mirror")
    assert text in alert.text
    await press(stage, alert, "‹ Back", "🔔")

    await post.delete()
    told = await stage.chat.wait_for("the same stands in Mirror", timeout=PATIENCE)
    assert told is alert
    assert alert.buttons[0][0].url == copy.link
    found = await stage.chat.ask("/search ferry")
    await press(stage, found, "1: +1 channel", "The same story elsewhere: 1")


async def press(stage: Any, message: Any, button: str, shows: str) -> None:
    """Press a button and wait until the message shows this."""
    await stage.sandbox.wait_for(
        lambda: any(button in one.text for row in message.buttons for one in row) or None,
        what=button,
        timeout=PATIENCE,
    )
    await stage.chat.press(message, button, timeout=PATIENCE)
    await stage.sandbox.wait_for(
        lambda: shows in message.text or None, what=shows, timeout=PATIENCE
    )
