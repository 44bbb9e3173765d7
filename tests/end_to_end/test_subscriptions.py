"""What one has set up leaves as a file, and is set up from it by another."""

import json
from typing import Any

from bot.sandbox.state.messages import File
from handlers.subscriptions import form
from handlers.texts.languages import words_of


async def test_subscriptions_go_as_a_file_to_another_person_and_into_a_group(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    bot = stage.bot.username
    for said in ("/alert ferry channel:harbour", "/digest daily 8:00 Europe/London"):
        await stage.chat.ask(said)
    await stage.wait_drained()

    # It comes as a file that says nothing of who made it.
    await stage.chat.send("/subscriptions")
    sent = await stage.chat.wait_for("All that is set up here")
    assert sent.file is not None
    assert sent.file.name == form.NAME
    told = json.loads(sent.file.data)
    assert told["alerts"] == [{"query": "ferry channel:harbour"}]
    assert str(stage.ann.id) not in sent.file.data.decode()

    # Somebody else, who changed a line of it, sends it back and hears what is in it.
    told["alerts"].append({"query": "barge ("})
    told["silences"] = [{"name": "nobody_here"}]
    edited = json.dumps(told, ensure_ascii=False, indent=4).encode()
    boris = stage.sandbox.add_user("Boris", language="ru").chat_with(stage.bot)
    await boris.ask("/start")
    await boris.send_file(File(name=form.NAME, mime="application/json", data=edited, dc_id=4))
    shown = await boris.wait_for("Что в этом файле")
    assert "Новое: 1 оповещение, 1 сводка, 1 настройка" in shown.text
    assert "✕ Оповещение barge (: " in shown.text
    assert "✕ Молчание @nobody_here: здесь не отслеживается" in shown.text
    assert "Часовой пояс: Лондон (сейчас: UTC)" in shown.text
    await boris.press(shown, "✓ Настроить новое")
    shown = await boris.wait_for("Настроено: 1 оповещение, 1 сводка, 1 настройка")
    assert "✕ Оповещение barge (: " in shown.text
    await stage.news.post("The ferry to Olda sails again, says the captain.")
    await boris.wait_for("sails again")

    # In a group whoever manages it does, with the command below the file or in answer to it.
    group = stage.sandbox.add_group("Crew", members=[stage.bot, boris.user], admins=[stage.ann])
    file = File(name="renamed.json", mime="application/json", data=sent.file.data)
    posted = await group.say(stage.ann, "for all of us", file=file)
    asked = await group.say(boris.user, f"/subscriptions@{bot}", reply_to=posted)
    await group.wait_for(words_of("ru").managers_only, sender=stage.bot, after=asked)
    asked = await group.say(stage.ann, f"/subscriptions@{bot}", reply_to=posted)
    shown = await group.wait_for("What this file holds", sender=stage.bot, after=asked)
    await group.press(stage.ann, shown, "✓ Set up what is new")
    await group.wait_for("Set up: 1 alert, 1 digest", sender=stage.bot, after=asked)
    asked = await group.say(stage.ann, f"/subscriptions@{bot}", file=file)
    await group.wait_for("nothing to set up", sender=stage.bot, after=asked)

    # What is too large is not even asked for.
    read = stage.sandbox.count_calls("upload.getFile")
    large = File(name=form.NAME, mime="application/json", data=b" " * (form.MOST_BYTES + 1))
    await stage.chat.send_file(large)
    await stage.chat.wait_for("too large")
    assert stage.sandbox.count_calls("upload.getFile") == read
    assert not stage.sandbox.unknown_calls
