"""What the stories of a digest go on from, as they are read from the archive."""

from datetime import timedelta

import pytest

from bot.intake.events import Events
from handlers.digests import themes as digest_themes
from handlers.outlines.outline import Story
from handlers.outlines.weight import Weight
from storage.stories import events
from storage.structs import replace
from tests.handlers.outlines.test_outline import posted

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


@pytest.mark.parametrize(
    ("other", "mine", "names", "is_alike"),
    [
        ({1: 6, 3: 24, 4: 3, 5: 2}, True, ("Orla", "Vestby"), True),  # 0.24 exactly
        ({1: 6, 3: 24, 4: 3, 5: 3}, True, ("Orla", "Vestby"), False),
        ({1: 1}, True, ("Orla", "Vestby"), True),
        ({1: 1}, False, ("Orla", "Vestby"), False),
        ({1: 1}, True, ("Orla", "Nordby"), False),
    ],
)
def test_stories_of_one_digest_are_of_one_theme_from_a_likeness_on(
    other: dict[int, int], mine: bool, names: tuple[str, ...], is_alike: bool
) -> None:
    given = {
        "tg:1/1": replace(posted(1, "One"), gist={1: 1}),
        "tg:1/2": replace(posted(2, "Other"), gist=other),
    }
    stories = [
        Story(
            head="",
            doc_id=name,
            posts=(name,),
            tellers=(),
            weight=Weight(sources=0, official=0, novelty=0, recency=0, volume=0),
            mine=own,
        )
        for name, own in (("tg:1/1", True), ("tg:1/2", mine))
    ]
    told = [[[frozenset({name}) for name in said]] for said in (("Orla", "Vestby"), names)]
    assert digest_themes._alike(stories, given, told) == [(0, 1)] * is_alike
