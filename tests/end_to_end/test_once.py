"""One message for one event, however many channels tell it, whatever happens to the process."""

from itertools import product
from typing import Any

from tests.end_to_end.test_changes import marked

OPENINGS = (
    "A fire in the port of Marby killed 12 people",
    "12 people were killed by a fire in the port of Marby",
    "Fire in Marby: 12 people killed in the port",
    "In the port of Marby 12 people were killed by a fire",
    "The port of Marby was on fire, 12 people are dead",
)
MIDDLES = (", said mayor Ivo Kalen", ", mayor Kalen said", ", as mayor Ivo Kalen says", "")
ENDINGS = (" on Monday evening.", " on Monday, in the evening.", " late on Monday.")
POSTS = ["".join(parts) for parts in product(OPENINGS, MIDDLES, ENDINGS)]
CHANNELS = "@harbour @mirror @quay @beacon"


def counted(stage: Any, posts: int) -> bool:
    """Whether the first message counts so many posts of four channels."""
    return f"+{posts} in 4 channels" in stage.alerts()[0].text


def labels(message: Any) -> list[str]:
    return [button.text for row in message.buttons for button in row]


async def test_sixty_posts_are_one_message_and_another_number_answers_it(ready_stage: Any) -> None:
    stage = ready_stage
    others = [
        stage.sandbox.add_channel(name.title(), username=name, members=[stage.watcher])
        for name in ("mirror", "quay", "beacon")
    ]
    channels = [stage.news, *others]
    service = await stage.run(CHANNELS=CHANNELS)
    await stage.chat.ask("/alert fire")
    listed = await stage.chat.ask("/alerts")
    for button in ("🔔 fire", "🕗 How it comes", "1️⃣ Once per event", "‹ Back", "‹ Alerts"):
        edits = len(listed.edits)
        await stage.chat.press(listed, button)
        await stage.sandbox.wait_for(lambda edits=edits: len(listed.edits) > edits or None)
    assert "1️⃣" in labels(listed)[0]

    await stage.news.post(POSTS[0])
    first = await stage.chat.wait_for("Marby")
    half = [await channels[n % 4].post(POSTS[n]) for n in range(1, 30)]
    await stage.wait_stored(*half[:10])
    await service.kill()
    rest = [await channels[n % 4].post(POSTS[n]) for n in range(30, 60)]
    await stage.run(CHANNELS=CHANNELS)
    await stage.wait_stored(*half, *rest)
    await stage.sandbox.wait_for(lambda: counted(stage, 59) or None)
    assert stage.alerts() == [first]

    more = "A fire in the port of Marby killed 17 people, mayor Ivo Kalen said late on Monday."
    await channels[2].post(more)
    news = await stage.chat.wait_for("killed 17")
    assert news.reply_to is first
    assert marked(news, type(next(e for e in news.entities if "Bold" in type(e).__name__)))
    await stage.chat.press(first, "🗂 59 more posts")
    await stage.sandbox.wait_for(lambda: "probably the same event" in first.text or None)
    assert "1 / 8" in labels(first)
    await stage.chat.press(first, "‹ Back")
    await stage.sandbox.wait_for(lambda: counted(stage, 59) or None)
    await stage.chat.press(first, "💤 Snooze")
    await stage.sandbox.wait_for(lambda: "1 hour" in labels(first) or None)
    await stage.chat.press(first, "‹ Back")
    await stage.sandbox.wait_for(lambda: "🗂 59 more posts" in labels(first) or None)
    await stage.wait_drained()
    assert len(stage.alerts()) == 2
    assert not stage.told_twice()
