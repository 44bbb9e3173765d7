"""A reader asks why: in answer to an alert, and with the link of a post that did not come."""

from typing import Any

PATIENCE = 60.0


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
    assert "was made after I had read it" in (await why(stage.chat, early.link)).text
    assert (await why(stage.chat, "t.me/elsewhere/1")).text == "I don't watch that channel."
    assert "Which post?" in (await why(stage.chat)).text
