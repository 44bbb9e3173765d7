"""The stories that most of some posts are of."""

from storage.document import Channel
from storage.documents import documents
from storage.stories import largest
from storage.stories.largest import LargeStory


async def test_copies_and_what_tells_of_one_event_are_one_story(tx, make_document, now) -> None:
    towns = [Channel(id=n, title=f"Town {n}") for n in (1, 1, 2, 3, 4)]
    posts = [
        make_document(f"Ferry {n}", message_id=n, channel=town) for n, town in enumerate(towns, 1)
    ]
    stored = await documents.store_documents(tx, posts, stored_at=now, live=True)
    one, two, three, four, five = sorted(item.id for item in stored)
    await tx.execute("UPDATE document SET story = 'tg:1/1' WHERE id IN (?, ?)", (one, three))
    for number, post in enumerate((one, two), 1):
        await tx.execute(
            "INSERT INTO event_post (id, document_id, event, russian) VALUES (?, ?, 1, 0)",
            (number, post),
        )
    assert await largest.list_largest(tx, [five, four, three, two, one]) == [
        LargeStory(1, (one, two, three), 2),
        LargeStory("tg:3/4", (four,), 1),
        LargeStory("tg:4/5", (five,), 1),
    ]
    assert await largest.list_largest(tx, []) == []
