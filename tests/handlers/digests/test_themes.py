"""What the stories of a digest go on from, as they are read from the archive."""

from datetime import timedelta

from bot.intake.events import Events
from storage.stories import events

PROTEST = "Протестующие в Марлине вышли на проспект Зорина, полиция закрыла проспект Зорина"
AGAIN = "В Марлине протестующие снова вышли на проспект Зорина, полиция применила там водометы"
FIRE = "Крупный пожар на складе в городе Северове потушен к утру, никто не пострадал"


async def thread(database) -> None:
    """Put all that is stored into events."""
    async with database.transaction() as tx:
        _, found = await events.list_unthreaded(tx, after=0, limit=1000)
        await Events().join(tx, found)


async def test_a_story_continues_from_days_before_with_a_link(
    ann, store, make_post, database, now
) -> None:
    before = now - timedelta(days=3)
    at = f"{before:%Y-%m-%dT%H:%M:%SZ}"
    await store(
        *(make_post(n, f"{PROTEST}: {n} задержаны", published_at=at) for n in (1, 2, 3)), at=before
    )
    filler = [make_post(n, f"слово{n} дело{n} место{n} время{n}") for n in range(20, 60)]
    await store(make_post(10, AGAIN), make_post(11, FIRE), *filler, at=now - timedelta(hours=1))
    await thread(database)
    (message,) = await ann.say("/digest now 24h")
    lines = message.text.text.split("\n")
    (line,) = [line for line in lines if "continues from" in line]
    assert "↩ continues from 19 Nov" in line
    assert AGAIN in lines[lines.index(line) - 1]
    assert "https://t.me/harbour/1" in {span.url for span in message.text.spans}
