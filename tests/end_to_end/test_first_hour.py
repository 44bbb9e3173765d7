"""The first minutes of a reader, by taps and words alone: in private, in a group, for a channel."""

from typing import Any

from bot.sandbox.state import media

PATIENCE = 120.0
FAST = {"SEND_RATE_GROUP": "600"}


async def tap(chat: Any, message: Any, label: str, answer: str) -> Any:
    """Tap the button of this text, and see what comes of it."""
    button = next(b for row in message.buttons for b in row if label in b.text)
    last = chat.messages[-1]
    await chat.press(message, button, timeout=PATIENCE)
    return await chat.wait_for(answer, after=last, timeout=PATIENCE)


async def say(chat: Any, text: str, answer: str) -> Any:
    sent = await chat.send(text)
    return await chat.wait_for(answer, after=sent, timeout=PATIENCE)


async def test_from_start_to_a_first_alert_by_two_taps_and_a_word(new_stage: Any) -> None:
    """In both languages; the service is started anew in the middle, and cancelling works too."""
    stage = new_stage
    ivan = stage.sandbox.add_user("Ivan", language="ru").chat_with(stage.bot)
    first = await stage.run()
    before = [await stage.news.post(f"Harbour notice {number}") for number in range(6)]
    await stage.wait_stored(*before, await stage.news.post("The harbour is calm"))
    found = await say(stage.chat, "/search notice", "Found for notice: 6 results")

    welcome = await say(stage.chat, "/start", "The harbour is calm")
    asked = await tap(stage.chat, welcome, "New alert", "Which words shall I watch for?")
    willkommen = await say(ivan, "/start", "Последний пост:")
    cancelled = await tap(ivan, willkommen, "Новое оповещение", "За какими словами следить?")
    assert await first.stop() == 0
    second = await stage.run()

    assert (await say(ivan, "отмена", "Отменено.")).text == "Отменено."
    await say(stage.chat, "ferry", "Alert set: ferry.")
    await stage.chat.press(found, "Next ›", timeout=PATIENCE)
    await stage.sandbox.wait_for(lambda: "2 / 2" in str(found.buttons) or None, timeout=PATIENCE)
    stale = await ivan.press(cancelled, "✕ Отмена", timeout=PATIENCE)
    assert stale.text == "Этот вопрос уже закрыт. Дайте команду ещё раз."
    used = await stage.chat.press(asked, "✕ Cancel", timeout=PATIENCE)
    assert used.text == "This question is over. Give the command again."
    await tap(ivan, willkommen, "Новое оповещение", "За какими словами следить?")
    await say(ivan, "паром", "Слежу: паром.")
    await stage.news.post("The ferry sails. Паром отплыл")
    await stage.chat.wait_for("🔔 ferry", timeout=PATIENCE)
    await ivan.wait_for("🔔 паром", timeout=PATIENCE)
    assert not second.find_lines("Traceback")


async def test_posts_are_forwarded_and_pictures_get_one_sentence(new_stage: Any) -> None:
    stage = new_stage
    await stage.run()
    post = await stage.news.post("The ferry to Port Example sails. #ferry")
    await stage.wait_stored(post)
    await stage.chat.forward(post)
    proposed = await stage.chat.wait_for("From this post", timeout=PATIENCE)
    assert "It would have fired 1 time in the last 7 days." in proposed.text
    await tap(stage.chat, proposed, "Set the alert", 'Alert set: "Port Example" #ferry.')
    own = await stage.chat.send("Mayor Anna Sample spoke")
    await stage.chat.wait_for("Nothing found", after=own, timeout=PATIENCE)
    sent = await stage.chat.send("/alert", reply_to=own)
    await stage.chat.wait_for('the alert "Mayor Anna Sample"', after=sent, timeout=PATIENCE)
    album = await stage.chat.attach(media.photo(), media.photo(), media.photo())
    await stage.chat.wait_for("I read words only.", after=album[-1], timeout=PATIENCE)
    await say(stage.chat, "/cancel", "Cancelled.")
    assert sum("words only" in message.text for message in stage.chat.messages) == 1


async def test_a_group_and_a_channel_are_set_up_by_taps_and_words(new_stage: Any) -> None:
    stage = new_stage
    ben = stage.sandbox.add_user("Ben")
    ivan = stage.sandbox.add_user("Ivan", language="ru")
    club = stage.sandbox.add_channel("Ferry Club", username="ferry_club", admins=[ivan])
    group = stage.sandbox.add_group("Crew", members=[stage.bot, ben], admins=[stage.ann])
    await stage.run(**FAST)
    chat = ivan.chat_with(stage.bot)
    await say(chat, "/start", "Здравствуйте!")

    command = await group.say(stage.ann, f"/start@{stage.bot.username}")
    welcome = await group.wait_for("Hello!", sender=stage.bot, after=command)
    await group.press(stage.ann, welcome, "🔔 New alert", timeout=PATIENCE)
    asked = await group.wait_for("Which words", sender=stage.bot, after=welcome)
    foreign = await group.press(ben, asked, "✕ Cancel", timeout=PATIENCE)
    assert foreign.text == "This question was put to somebody else."
    await group.say(ben, "bread", reply_to=asked)
    answer = await group.say(stage.ann, "ferry", reply_to=asked)
    await group.wait_for("Alert set: ferry.", sender=stage.bot, after=answer)

    club.add_member(stage.bot, admin=True, by=ivan)
    hint = await chat.wait_for("Теперь я могу писать в Ferry Club", timeout=PATIENCE)
    left = await tap(chat, hint, "Новое оповещение", "📢 Ferry Club\n\nЗа какими словами")
    await chat.press(left, "✕ Отмена", timeout=PATIENCE)
    await tap(chat, hint, "Новое оповещение", "📢 Ferry Club\n\nЗа какими словами")
    told = await say(chat, "паром", "Слежу: паром.")
    assert told.text.startswith("📢 Ferry Club")
    await stage.news.post("The ferry sails. Паром отплыл")
    await group.wait_for("🔔 ferry", sender=stage.bot, timeout=PATIENCE)
    await club.wait_for("🔔 паром", sender=stage.bot, timeout=PATIENCE)
    assert not stage.alerts()
