"""Queries in a conversation: previews, refined results, inline mode, over a real connection."""

from typing import Any

from telethon.tl import types

from bot.sandbox.state import media


def _button(message: Any, words: str) -> Any:
    rows = message.buttons
    return next(button for row in rows for button in row if words in button.text)


async def _press(stage: Any, message: Any, words: str) -> Any:
    """Press a button and wait until the message is edited."""
    edits = len(message.edits)
    await stage.chat.press(message, _button(message, words))
    await stage.sandbox.wait_for(lambda: len(message.edits) > edits or None, what=words)
    return message


async def test_results_are_refined_and_become_an_alert_with_a_preview(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    posts = [await stage.news.post(f"The ferry sails at {hour}") for hour in range(3)]
    await stage.wait_stored(*posts)
    results = await stage.chat.ask("/search ferry")
    assert "3 results" in results.text
    await service.stop()
    await stage.run()
    await _press(stage, results, "Channel")
    await _press(stage, results, "Harbour News")
    assert "ferry channel:harbour" in results.text
    await stage.chat.press(results, _button(results, "Make this an alert"))
    told = await stage.chat.wait_for("Alert set", after=results)
    assert "would have fired 3 times" in told.text
    await _press(stage, told, "Remove")
    assert told.text == "Removed: ferry channel:harbour"
    await _press(stage, told, "Undo")
    assert told.text == "It is back, as it was: ferry channel:harbour"
    assert not stage.sandbox.unknown_calls


async def test_a_query_in_any_chat_offers_posts(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run()
    posts = [await stage.news.post(f"The ferry sails at {hour}") for hour in range(52)]
    await stage.wait_stored(*posts)
    first = await stage.chat.inline("ferries")
    assert len(first.results) == 50
    assert first.is_personal
    assert first.cache_time
    assert "The ferry sails at 51" in first.results[0].send_message.message
    second = await stage.chat.inline("ferries", offset=first.next_offset)
    assert len(second.results) == 2
    assert not second.next_offset
    nothing = await stage.chat.inline('"ferries')
    assert nothing.results == ()


async def test_a_private_instance_offers_nothing_to_others(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ACCESS="private")
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    assert (await stage.chat.inline("ferry")).results == ()


async def test_what_is_attached_and_where_links_lead_is_found_and_alerted_on(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert dredging")
    await stage.chat.ask("/alert link:example.org")
    await stage.chat.ask("/alert plan in:text")
    plan = await stage.news.post("Read it", media=media.document("dredging_plan.pdf"))
    told = await stage.chat.wait_for("[file] dredging_plan.pdf")
    assert told.text.startswith("🔔 dredging\n")
    full = types.MessageEntityTextUrl(0, 4, "https://news.example.org/full")
    linked = await stage.news.post("Full statement", entities=[full])
    told = await stage.chat.wait_for("Full statement")
    assert told.text.startswith("🔔 link:example.org\n")
    await stage.wait_stored(plan, linked)
    assert "[file] dredging_plan.pdf" in (await stage.chat.ask("/search plan")).text
    assert "Nothing" in (await stage.chat.ask("/search plan in:text")).text
    assert "Full statement" in (await stage.chat.ask("/search link:example.org")).text
    assert len(stage.alerts()) == 2
