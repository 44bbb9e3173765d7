"""Two people keep their alerts at once: each finds, changes, removes and puts back their own."""

import asyncio
from typing import Any


async def press(stage: Any, chat: Any, message: Any, words: str) -> Any:
    """Press the button that says so, and see the message change."""
    button = next((b for row in message.buttons for b in row if words in b.text), None)
    assert button is not None, (words, message.buttons)
    edits = len(message.edits)
    await chat.press(message, button)
    await stage.sandbox.wait_for(lambda: len(message.edits) > edits or None, what=words)
    return message


async def test_two_people_keep_alerts_by_their_cards_through_a_restart(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    ben = stage.sandbox.add_user("Ben", language="ru").chat_with(stage.bot)
    made, his = await asyncio.gather(stage.chat.ask("/alert ferry"), ben.ask("/alert ferry"))
    await asyncio.gather(
        press(stage, stage.chat, made, "Channels"), press(stage, ben, his, "Каналы")
    )
    await asyncio.gather(
        press(stage, stage.chat, made, "Harbour News"), press(stage, ben, his, "‹ Назад")
    )
    assert "✓ Harbour News" in [b.text for row in made.buttons for b in row]
    await press(stage, stage.chat, made, "Back")
    assert made.text.startswith("Alert set: ferry channel:harbour,")
    assert his.text.startswith("Слежу: ferry.")

    await stage.news.post("The ferry sails")
    told = await stage.chat.wait_for("The ferry sails")
    assert (await ben.wait_for("The ferry sails")).text.startswith("🔔 ferry\n")

    shown, other = await asyncio.gather(stage.chat.ask("/alerts"), ben.ask("/alerts"))
    await press(stage, stage.chat, shown, "ferry · Harbour News")
    await press(stage, ben, other, "ferry")
    assert "7 days: 1 post\n" in shown.text and "\n📡 Harbour News\n" in shown.text
    assert "7 дней: 1 пост\n" in other.text and "\n📡 все каналы\n" in other.text
    query = next(b for row in shown.buttons for b in row if "Query" in b.text)
    await stage.chat.press(shown, query)
    asked = await stage.chat.wait_for("Write the query anew", after=told)
    await service.kill()
    service = await stage.run()
    changed = await stage.chat.ask("grain")
    assert changed.text.startswith("Changed.\n🔔 grain\n"), asked.text
    assert "\n📡 Harbour News\n" in changed.text

    await press(stage, stage.chat, changed, "Remove")
    await press(stage, ben, other, "Убрать")
    missed = await stage.news.post("Grain and a ferry, which nobody is told of")
    await stage.wait_stored(missed)
    await stage.wait_drained()
    await press(stage, stage.chat, changed, "Undo")
    said = await stage.chat.wait_for("It is back, as it was: grain", after=changed)
    assert "1 post came that matches. It was not sent." in said.text
    await stage.news.post("Grain is dearer")
    assert "🔔 grain" in (await stage.chat.wait_for("Grain is dearer", after=said)).text
    await stage.wait_drained()
    received = [one.text for one in stage.sandbox.ledger.received_by(ben.user)]
    assert sum("ferry" in text and "sails" in text for text in received) == 1
    assert not any("Grain" in text for text in received)
    assert not stage.sandbox.unknown_calls
