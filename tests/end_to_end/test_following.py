"""Channels as their readers find, follow and leave them, in their words."""

import re
from typing import Any

LINK = re.compile(r"\?start=([\w-]{1,64})")


async def test_a_reader_follows_a_channel_and_no_more_across_a_restart(ready_stage: Any) -> None:
    stage = ready_stage
    town = stage.sandbox.add_channel("Town", username="town", members=[stage.watcher])
    service = await stage.run(CHANNELS="@harbour @town")
    told = await town.post("What the town says")
    await stage.wait_stored(told)
    page = await stage.chat.ask("/channels")
    assert page.text.index("Town @town") < page.text.index("Harbour News @harbour")
    assert re.search("last post (today|yesterday)", page.text)  # midnight may have been just now
    await stage.chat.press(page, "Harbour News")
    await stage.chat.wait_for(lambda message: "🔔 No forwards" in _labels(message))
    await stage.chat.press(page, "🔔 No forwards")
    await stage.chat.wait_for("You get its own posts")

    await service.kill()  # What was chosen, and its buttons, are kept.
    await stage.run(CHANNELS="@harbour @town")
    await stage.news.forward(told)
    await stage.news.post("The harbour's own words")
    await stage.chat.wait_for(lambda message: "own words" in message.text and message.buttons)
    assert len(stage.alerts()) == 1
    await stage.chat.press(page, "🔕 Nothing")
    await stage.chat.wait_for(lambda message: "🔔 All posts" in _labels(message))
    await stage.wait_stored(await stage.news.post("Nobody follows now"))
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_a_reader_mutes_a_channel_and_hears_it_again_in_russian(ready_stage: Any) -> None:
    stage = ready_stage
    boris = stage.sandbox.add_user("Boris", language="ru")
    chat = boris.chat_with(stage.bot)
    await stage.run()
    await chat.ask("/оповещение паром")
    first = await stage.news.post("Паром отходит в полдень")
    await chat.wait_for("Паром отходит")
    page = await chat.ask("/каналы")
    assert re.search("Harbour News @harbour\nпоследний пост (сегодня|вчера)", page.text)
    await chat.press(page, "Harbour News")
    await chat.wait_for(lambda message: "📖 Последние посты" in _labels(message))
    await chat.press(page, "📖 Последние посты")
    await chat.wait_for(lambda message: "Найдено" in message.text and "полдень" in message.text)
    await chat.press(page, "🔇 Выключить")
    await chat.wait_for("Выключен. Оповещения: 1 из 1.")
    await stage.wait_stored(first, await stage.news.post("Паром стоит во льдах"))
    await chat.press(page, "🔊 Включить")
    await stage.news.post("Паром снова вышел в море")
    await chat.wait_for("Паром снова вышел")
    assert not any("во льдах" in message.text for message in chat.messages)


async def test_a_channel_is_passed_on_by_a_link_and_asked_for_where_it_is_not_watched(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    olga = stage.sandbox.add_user("Olga").chat_with(stage.bot)
    boris = stage.sandbox.add_user("Boris", language="ru").chat_with(stage.bot)
    service = await stage.run(ADMINS=str(olga.user.id))
    await olga.ask("/start")
    page = await stage.chat.ask("/channels")
    await stage.chat.press(page, "Harbour News")
    await stage.chat.wait_for(lambda message: "🔗 Share" in _labels(message))
    await stage.chat.press(page, "🔗 Share")
    made = await stage.chat.wait_for("Whoever opens this sees Harbour News")
    link = LINK.search(made.text)[1]
    opened = await boris.ask(f"/start {link}")
    await boris.press(opened, "🔔 Все посты")
    await boris.wait_for("Вам приходят все его посты")
    await stage.news.post("Ice in the harbour")
    await boris.wait_for("Ice in the harbour")

    await olga.ask("/unwatch @harbour")
    asked = await boris.ask(f"/start {link}")
    assert asked.text == "За Harbour News я не слежу. Владельца спросил; ответ напишу сюда."
    notice = await olga.wait_for("A reader asks to watch Harbour News.")
    await service.kill()
    await stage.run(ADMINS=str(olga.user.id), CHANNELS="")
    await olga.press(notice, "Watch")
    told = await boris.wait_for("Теперь слежу за Harbour News, как вы просили.")
    await boris.press(told, "Открыть")
    await boris.wait_for(lambda message: message is told and "@harbour" in message.text)

    listed = await stage.chat.ask("/links")
    await stage.chat.press(listed, "✕ Remove 1")
    await stage.chat.wait_for("There are no links.")
    dead = {(await boris.ask(f"/start {one}")).text for one in (link, "l_1", "l_100")}
    none = {(await boris.ask(f"/start {one}")).text for one in ("c_1", "")}
    assert len(dead) == len(none) == 1
    assert next(iter(dead)).startswith("Эта ссылка никуда не ведёт")


def _labels(message: Any) -> list[str]:
    return [button.text for row in message.buttons for button in row]
