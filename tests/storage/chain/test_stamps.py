"""What an authority stamped, and which head was posted."""

from collections.abc import Callable
from datetime import datetime, timedelta

from storage.chain import heads, stamps
from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents

DAY = timedelta(days=1)


async def test_the_first_answer_for_a_head_is_kept(
    database: Database, now: datetime, make_document: Callable[..., Document]
) -> None:
    for number in range(1, 4):
        post = make_document(f"Post {number}", message_id=number)
        async with database.transaction() as tx:
            at = now + number * DAY
            await documents.store_documents(tx, [post], stored_at=at, live=True)
    await heads.close_days(database, now=now + 9 * DAY)
    async with database.transaction() as tx:
        assert await stamps.list_stamps(tx) == {}
        for head, answer in ((3, b"late"), (1, b"early"), (3, b"again")):
            await stamps.add_stamp(tx, head, answer, stamped_at=now)
        assert list((await stamps.list_stamps(tx)).items()) == [(1, b"early"), (3, b"late")]
        assert [head for head in range(9) if await stamps.is_stamped(tx, head)] == [1, 3]


async def test_the_last_head_of_a_chat_is_known(tx: Connection) -> None:
    assert not await stamps.is_posted(tx, 1, b"\x01")
    await stamps.note_posted(tx, 1, b"\x01")
    assert await stamps.is_posted(tx, 1, b"\x01")
    assert not await stamps.is_posted(tx, 1, b"\x02")
    assert not await stamps.is_posted(tx, 2, b"\x01")
    await stamps.note_posted(tx, 1, b"\x02")
    assert not await stamps.is_posted(tx, 1, b"\x01")
