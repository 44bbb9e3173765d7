"""Alerts on changes: what a post said and says, what was deleted, and no flood of either."""

from typing import Any

from telethon.tl import types


def marked(message: Any, kind: type) -> list[str]:
    """The words of a message under a kind of entity."""
    text = message.text.encode("utf-16-le")
    return [
        text[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in message.entities
        if isinstance(e, kind)
    ]


async def test_an_edit_is_told_with_what_was_said_and_rings_once(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry is:edited")
    post = await stage.news.post("The ministry condemns the ferry")
    other = await stage.news.post("A ferry that stays as it is")
    await stage.wait_stored(post, other)
    await stage.wait_drained()
    assert stage.alerts() == []

    await post.edit("The ministry  condemns the ferry 🚢")
    await post.edit("The ministry regrets the boat")
    alert = await stage.chat.wait_for("✏️ changed")
    assert "condemns" in marked(alert, types.MessageEntityStrike)[0]
    assert "regrets" in marked(alert, types.MessageEntityBold)[0]
    await post.edit("The ministry welcomes the ferry")
    await stage.sandbox.wait_for(lambda: "welcomes" in alert.text or None)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_a_deletion_is_told_and_a_cleared_channel_is_one_list(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry is:deleted")
    posts = [await stage.news.post(f"The ferry number {n} sails") for n in range(31)]
    await stage.wait_stored(*posts)
    await posts[0].delete()
    alert = await stage.chat.wait_for(" after posting")
    assert "number 0 sails" in alert.text
    await stage.news.delete(posts[1:])
    listed = await stage.chat.wait_for("30 posts were deleted")
    assert "number" in listed.text
    await stage.wait_drained()
    told = [m for m in stage.sandbox.ledger.received_by(stage.ann) if "🗑" in m.text]
    assert len(told) == 2
