"""What the stored posts forward and name, and what they have in common, over both engines."""

from datetime import timedelta

from storage import row_ids
from storage.channels import named, shared
from storage.channels.named import Forwarded
from storage.document import Channel, Forward
from storage.documents import documents

QUAY = Channel(id=78, username="quay", title="Quay")


async def test_forwards_are_counted_by_who_made_them(tx, make_document, now) -> None:
    far, own = Forward(channel_id=5, name="Far"), Forward(channel_id=77)
    old = f"{now - timedelta(days=9):%FT%TZ}"
    posts = [
        make_document("One", message_id=1, forwarded_from=far),
        make_document("Two", message_id=2, forwarded_from=far),
        make_document("Three", message_id=3, forwarded_from=far, channel=QUAY),
        make_document("Own", message_id=4, forwarded_from=own),
        make_document("Old", message_id=5, forwarded_from=far, published_at=old),
    ]
    await documents.store_documents(tx, posts, stored_at=now, live=True)
    since = now - timedelta(days=8)
    found = await named.list_forwarded(tx, since=since)
    counts = sorted((one.channel_id, one.by, one.posts) for one in found)
    assert counts == [(5, 77, 2), (5, 78, 1)]
    assert all(isinstance(one, Forwarded) for one in found)
    origins = await named.list_origins(tx, [one.newest for one in found])
    assert {origin.name for origin in origins.values()} == {"Far"}


async def test_posts_are_read_newest_first_piece_by_piece(tx, make_document, now) -> None:
    posts = [
        make_document(
            f"Post {n}", message_id=n, published_at=f"{now - n * timedelta(hours=1):%FT%TZ}"
        )
        for n in range(1, 5)
    ]
    await documents.store_documents(tx, posts, stored_at=now, live=True)
    since = now - timedelta(hours=3, minutes=1)
    first = await named.list_written(tx, since=since, below=row_ids.LAST_DATED, limit=2)
    rest = await named.list_written(tx, since=since, below=first[-1].id, limit=2)
    texts = [one.json for one in (*first, *rest)]
    assert [f"Post {n}" in text for n, text in enumerate(texts, 1)] == [True, True, True]
    placed = await shared.list_published(tx, 77, since=since)
    assert [one.story for one in placed] == ["tg:77/3", "tg:77/2", "tg:77/1"]
    assert await shared.list_published(tx, 78, since=since) == []
