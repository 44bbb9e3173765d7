"""How an alert is laid out in a chat: its preview, its links, what is attached."""

from typing import Any

from telethon.tl import types

from bot.sandbox.state import media


async def test_a_post_with_a_picture_is_previewed_above_its_words_and_keeps_that(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    address = "https://docs.example.org/s7?a=1&b=<2>"
    text = "The ferry is late.\nFull statement"
    link = types.MessageEntityTextUrl(19, 14, address)
    post = await stage.news.post(text, media=media.photo(), entities=[link])
    alert = await stage.chat.wait_for("The ferry is late")
    assert alert.preview == post.link
    assert "t.me/" not in alert.text
    hidden = [entity for entity in alert.entities if getattr(entity, "url", "") == address]
    encoded = alert.text.encode("utf-16-le")
    ((start, length),) = [(2 * entity.offset, 2 * entity.length) for entity in hidden]
    assert encoded[start : start + length].decode("utf-16-le") == "Full statement"

    more = next(b for row in alert.buttons for b in row if b.text == "⋯")
    await stage.chat.press(alert, more)
    await stage.sandbox.wait_for(lambda: alert.edits or None)
    assert alert.preview == post.link
    await post.edit(text + "\nBring a coat", entities=[link])
    await stage.sandbox.wait_for(lambda: "Bring a coat" in alert.text or None)
    assert alert.preview == post.link


async def test_a_chat_that_allows_no_preview_gets_the_alert_without(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    stage.sandbox.faults.fail("messages.sendMedia", "CHAT_SEND_MEDIA_FORBIDDEN", code=403)
    await stage.news.post("The ferry sails", media=media.photo())
    alert = await stage.chat.wait_for("The ferry sails")
    assert alert.preview is None
    await stage.wait_drained()
    assert len(stage.alerts()) == 1
