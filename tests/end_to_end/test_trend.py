"""How much is posted of something, which channels are suggested, and what two have in common."""

import struct
from typing import Any

PATIENTLY = "bot.charts.child.Artist.__init__.__kwdefaults__['seconds'] = 100.0"
"""On a busy machine the first picture may take longer than a reader is to wait for it."""


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG")
    return struct.unpack(">II", picture[16:24])


async def test_a_trend_arrives_as_a_picture_once_in_private_and_in_a_group(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    quay = stage.sandbox.add_channel("Причал 🚢", username="quay", members=[stage.watcher])
    group = stage.sandbox.add_group("Crew", members=[stage.bot], admins=[stage.ann])
    await stage.run(PATIENTLY, CHANNELS="@harbour @quay")
    await stage.chat.ask("/start")
    posts = [
        *[await stage.news.post(f"The ferry sails, says captain {number}") for number in (1, 2)],
        await quay.post("Паром ferry вышел из порта"),
        await stage.news.post("The lamp burns again: t.me/lighthouse_news"),
    ]
    await stage.wait_stored(*posts)
    lost = stage.sandbox.faults.drop_connection("messages.sendMedia", when="after")
    asked = await stage.chat.send("/trend ferry 7d")
    told = await stage.chat.wait_for("📈 ferry: 3 posts of 2 channels in 7 days", after=asked)
    await lost.wait_hit()
    await stage.wait_drained()
    assert size_of(told.file.data) == (1200, 980)
    assert "By channel: Harbour News 2, Причал 🚢 1" in told.text
    assert len([one for one in stage.chat.messages if one.file is not None]) == 1
    await stage.chat.press(told, "🔎 All posts")
    await stage.chat.wait_for("Паром ferry вышел", after=told)

    await stage.chat.ask("/language ru")
    compared = await stage.chat.ask("/тренд ferry, паром")
    assert "1. ferry: 3 поста" in compared.text and "2. паром: 1 пост" in compared.text
    assert compared.file is not None

    stage.sandbox.faults.fail("messages.sendMedia", "CHAT_SEND_PHOTOS_FORBIDDEN", code=403)
    await group.say(stage.ann, f"/trend@{stage.bot.username} ferry")
    plain = await group.wait_for("📈 ferry: 3", sender=stage.bot)
    assert plain.file is None

    suggested = await stage.chat.ask("/советы")
    assert "1. @lighthouse_news: назван в 1 посте\n   кем: Harbour News 1" in suggested.text
    await stage.chat.press(suggested, "Попросить 1")
    await stage.chat.wait_for("@lighthouse_news", after=suggested)
    compared = await stage.chat.ask("/compare @harbour @quay")
    assert "Quay" not in compared.text and "Общего среди сохранённого" in compared.text
    assert not stage.sandbox.unknown_calls
