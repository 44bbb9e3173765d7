"""Rich messages through the real process: what stands in one is stored, told and found."""

from typing import Any

from telethon.tl import types

WATCHED = {"RECONCILE_INTERVAL": "0.5", "SCAN_REQUESTS_PER_MINUTE": "6000"}


def plain(text: str) -> Any:
    return types.TextPlain(text)


def notice(word: str) -> list[Any]:
    """A heading, a paragraph with a link, and a list whose item alone has the word."""
    link = types.TextUrl(plain("in full"), "https://harbour.example/full", 0)
    item = types.PageListItemText(plain(f"a {word} was found"))
    return [
        types.PageBlockHeading1(plain("Harbour notice")),
        types.PageBlockParagraph(types.TextConcat([plain("Read it "), link, plain(".")])),
        types.PageBlockList([item]),
    ]


def is_alert(message: Any, word: str) -> bool:
    return message.text.startswith("🔔") and word in message.text


async def test_a_word_that_stands_only_in_a_rich_message_is_told_and_found(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run(**WATCHED)
    await stage.chat.ask("/alert sextant OR compass")

    # The rest comes when it is asked for, before the post is stored.
    await stage.news.post_rich(notice("sextant"), shown=1)
    alert = await stage.chat.wait_for(lambda message: is_alert(message, "sextant"))
    assert "Harbour notice" in alert.text
    assert "in full" in alert.text

    # Where it does not come then, a scan asks again, and what it brings is told.
    fault = stage.sandbox.faults.fail("messages.getRichMessage", "INTERNAL", code=500, times=2)
    await stage.news.post_rich(notice("compass"), shown=2)
    await fault.wait_hit(2)
    alert = await stage.chat.wait_for(lambda message: is_alert(message, "compass"))
    assert "Harbour notice" in alert.text

    found = await stage.chat.ask("/search sextant")
    assert "Harbour notice" in found.text
