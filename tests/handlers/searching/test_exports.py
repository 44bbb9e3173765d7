"""The file of an export is made piece by piece, so that others have their turn."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.render.text.messages import DIGEST_PAGE, Attachment
from handlers.searching import exports

SIZE = exports._CHUNK


async def several(count: int) -> AsyncIterator[Any]:
    for number in range(count):
        yield number


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (SIZE - 1, [SIZE - 1]),
        (SIZE, [SIZE]),
        (SIZE + 1, [SIZE, 1]),
        (2 * SIZE + 3, [SIZE, SIZE, 3]),
    ],
)
async def test_what_is_found_comes_in_pieces_of_a_size(count: int, sizes: list[int]) -> None:
    chunks = [chunk async for chunk in exports._chunks(several(count))]
    assert [len(chunk) for chunk in chunks] == sizes
    assert [one for chunk in chunks for one in chunk] == [*range(count)]


@pytest.mark.parametrize(
    ("most", "spare", "count", "more"),
    [(3, 0, 3, False), (2, 0, 2, True), (0, 0, 0, True), (9, 0, 3, False), (9, -1, 2, True)],
)
async def test_a_file_ends_before_it_is_too_large(
    ann, store, make_post, now, most: int, spare: int, count: int, more: bool
) -> None:
    await store(*(make_post(number, "Sanctions were agreed") for number in (1, 2, 3)))
    asked = Attachment(query="sanctions", format="jsonl", timezone="UTC", asked_at=now)
    database = ann.services.database
    whole = await exports.make_file(database, asked)
    assert (whole.count, whole.more, whole.data.count(b"\n")) == (3, False, 3)
    made = await exports.make_file(
        database, asked, most_documents=most, most_bytes=len(whole.data) + spare
    )
    assert (made.count, made.more, made.name) == (count, more, f"dateline-{count}.jsonl")
    assert whole.data.startswith(made.data)


_COPIED = "doc_id, channel_id, message_id, changed_at, content_hash, ranks, analysis, json"
_COPY = f"""
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO document ({_COPIED}, stored_at, live, id)
    SELECT doc_id || '/' || i, channel_id, message_id + i, changed_at, content_hash, ranks,
        analysis, json, stored_at, live, id + i FROM document CROSS JOIN n
"""  # noqa: S608


@pytest.mark.slow
async def test_a_file_holds_ten_thousand_posts(ann, store, make_post, now) -> None:
    database = ann.services.database
    await store(make_post(1, "Sanctions were agreed"))
    async with database.transaction() as tx:
        await tx.execute(_COPY, (9_999,))
    asked = Attachment(query="after:2020", format="jsonl", timezone="UTC", asked_at=now)
    made = await exports.make_file(database, asked)
    assert (made.count, made.more) == (10_000, False)
    await store(make_post(20_000, "Sanctions were lifted"))
    made = await exports.make_file(database, asked)
    assert (made.count, made.more) == (10_000, True)


async def test_a_digests_page_is_no_export(ann, now) -> None:
    asked = Attachment(query="", format=DIGEST_PAGE, timezone="UTC", asked_at=now)
    with pytest.raises(ValueError, match="'html' is no export"):
        await exports.make_file(ann.services.database, asked)
