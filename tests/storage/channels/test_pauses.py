"""When a channel posted."""

from datetime import UTC, datetime, timedelta

from storage import row_ids
from storage.channels import channels, pauses
from storage.documents import documents

AT = datetime(2024, 5, 1, 11, 59, tzinfo=UTC)


async def test_times_are_those_of_publication_of_this_channel_in_order(
    tx, now, make_document, monkeypatch
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, now=now)
    assert await pauses.find_last_post(tx, channel) is None
    for number, minutes in ((1, 0), (2, 5), (3, 3)):
        at = AT + timedelta(minutes=minutes)
        post = make_document(f"Post {number}", message_id=number, published_at=f"{at:%FT%TZ}")
        await documents.store_documents(tx, [post], stored_at=now, live=True)
    unnumbered = make_document("A page", message_id=None)
    await documents.store_documents(tx, [unnumbered], stored_at=now, live=True)
    times = await pauses.list_times(tx, channel, since=AT + timedelta(minutes=1))
    epoch = int(AT.timestamp())
    assert times == [epoch + 180, epoch + 300]
    last = await pauses.find_last_post(tx, channel)
    assert last is not None
    assert (last.message_id, last.at) == (3, AT + timedelta(minutes=3))
    monkeypatch.setattr(pauses, "MOST", 2)
    assert await pauses.list_times(tx, channel, since=AT) == [epoch + 180, epoch + 300]
    # Where its second was full a post has a number of a later one.
    found = await tx.fetch_one("SELECT id FROM document WHERE message_id = 3")
    spilled = (found["id"], row_ids.first_id(AT))
    await tx.execute("INSERT INTO spilled (document_id, first_id) VALUES (?, ?)", spilled)
    last = await pauses.find_last_post(tx, channel)
    assert last is not None and last.at == AT
