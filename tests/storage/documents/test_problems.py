"""What is set aside, within its limits, on a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from storage import document_json
from storage.connection import Database
from storage.document import Author, Document
from storage.documents import documents, problems
from storage.documents.problems import Limits
from storage.documents.redactions import Redaction, add_redactions
from storage.records import NewProblem

VERSION = "1 of a test"


def made(number: int, raw: bytes | None = b"raw", **fields: object) -> NewProblem:
    """Post ``number`` of channel 77, that could not be stored."""
    details: dict[str, object] = {
        "place": f"tg:77/{number}",
        "form": "telethon",
        "raw": raw,
        "error": "it can't be stored",
        "kind": "StorageError",
        "channel_id": 77,
        "message_id": number,
    }
    return NewProblem(**(details | fields))  # type: ignore[arg-type]


async def keep(database: Database, now: datetime, *found: NewProblem, **options: object) -> None:
    async with database.transaction() as tx:
        for one in found:
            await problems.set_aside(tx, one, now=now, version=VERSION, **options)  # type: ignore[arg-type]


async def test_what_is_set_aside_comes_back_as_it_was(database: Database, now: datetime) -> None:
    found = made(5, b"\x00\xff as it came", history=True, file="a.json", given="@harbour")
    await keep(database, now, found)
    async with database.reader() as conn:
        (listed,) = await problems.list_problems(conn)
        kept = await problems.find_problem(conn, listed.id)
    assert kept is not None
    assert listed.raw is None
    assert kept.raw == found.raw
    assert {name: getattr(kept, name) for name in found.__slots__} == {
        name: getattr(found, name) for name in found.__slots__
    }
    assert (kept.since, kept.tries, kept.version, kept.size) == (
        now,
        1,
        VERSION,
        len(found.raw or b""),
    )


@pytest.mark.parametrize(
    ("place", "is_kept"),
    [("tg:77/5", False), ("tg:@Harbour/5", False), ("tg:77/6", True), ("tg:@mill/5", True)],
)
async def test_of_a_redacted_post_nothing_is_kept(
    database: Database, now: datetime, place: str, is_kept: bool
) -> None:
    redaction = Redaction(redacted_at=now)
    async with database.transaction() as tx:
        await add_redactions(tx, ["tg:77/5", "tg:@harbour/5"], redaction)
    number = int(place.rpartition("/")[2])
    channel = None if "@" in place else 77
    await keep(database, now, made(number, place=place, channel_id=channel))
    async with database.reader() as conn:
        (listed,) = await problems.list_problems(conn)
        kept = await problems.find_problem(conn, listed.id)
    assert kept is not None and (kept.raw is not None) is is_kept


async def test_what_is_set_aside_is_known_by_its_number_place_and_message(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        ids = [
            await problems.set_aside(tx, made(number), now=now, version=VERSION)
            for number in (5, 6, 7, 5)
        ]
        assert ids[0] == ids[3] and len(set(ids)) == 3
        for id, number in zip(ids, (5, 6, 7), strict=False):
            found = await problems.find_problem(tx, id)
            assert found is not None and found.message_id == number
        assert await problems.find_problem(tx, 99) is None
        await problems.remove_places(tx, ["tg:77/6", "tg:77/8"])
        await problems.remove_problems(tx, [ids[2]])
        known = {number for number in range(9) if await problems.is_known(tx, f"tg:77/{number}")}
        aside = {number for number in range(9) if await problems.is_aside(tx, 77, number)}
        assert known == aside == {5}
        assert not await problems.is_aside(tx, 78, 5)
        assert await problems.count_problems(tx) == 1


async def test_the_same_place_is_one_row_with_what_came_last(
    database: Database, now: datetime
) -> None:
    await keep(database, now, made(5, b"before"), made(6))
    await keep(database, now + timedelta(hours=1), made(5, b"after", error="worse", kind="other"))
    async with database.reader() as conn:
        first, second = await problems.list_problems(conn)
        kept = await problems.find_problem(conn, first.id)
    assert kept is not None and kept.raw == b"after"
    assert (first.place, first.error, first.tries, first.since) == ("tg:77/5", "worse", 2, now)
    assert (second.place, second.tries) == ("tg:77/6", 1)
    assert (first.kind, first.size, second.kind) == ("other", len(b"after"), "StorageError")


@pytest.mark.parametrize(("size", "is_kept"), [(1_000_000, True), (1_000_001, False)])
async def test_more_than_a_megabyte_is_told_of_and_not_kept(
    database: Database, now: datetime, size: int, is_kept: bool
) -> None:
    await keep(database, now, made(5, b"x" * size))
    async with database.reader() as conn:
        (listed,) = await problems.list_problems(conn)
        kept = await problems.find_problem(conn, listed.id)
        due = await problems.list_due(conn, "another")
    assert kept is not None
    assert (kept.raw is not None, listed.size) == (is_kept, size)
    assert due == ([listed.id] if is_kept else [])


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        (Limits(rows=3, size=10_000), [8, 9, 10]),
        (Limits(rows=100, size=40), [7, 8, 9, 10]),
        (Limits(rows=100, size=49), [7, 8, 9, 10]),
        (Limits(rows=100, size=100), list(range(1, 11))),
        (Limits(rows=100, size=5), []),
    ],
)
async def test_the_oldest_go_and_are_counted(
    database: Database, now: datetime, limits: Limits, left: list[int]
) -> None:
    await keep(database, now, *(made(n, b"x" * 10) for n in range(1, 11)), limits=limits)
    async with database.reader() as conn:
        kept = [problem.message_id for problem in await problems.list_problems(conn)]
        assert kept == left
        assert await problems.count_problems(conn) == len(left)
        assert await problems.count_dropped(conn) == 10 - len(left)


@pytest.mark.slow
async def test_ten_thousand_are_kept_and_a_hundred_megabytes(
    database: Database, now: datetime
) -> None:
    await keep(database, now, made(1))
    async with database.transaction() as tx:
        await tx.execute(
            "WITH RECURSIVE more (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM more WHERE n < 10000)"
            " INSERT INTO problem (place, form, error, kind, history, since, tries, version, size)"
            " SELECT 'tg:77/' || n, 'telethon', '', '', 0, 0, 1, '', 0 FROM more"
        )
    await keep(database, now, made(10_001), made(10_002))
    async with database.reader() as conn:
        assert await problems.count_problems(conn) == 10_000
        assert await problems.count_dropped(conn) == 2
    await keep(database, now, *(made(20_000 + n, b"x" * 1_000_000) for n in range(101)))
    async with database.reader() as conn:
        kept = await problems.list_problems(conn)
    assert [problem.message_id for problem in kept] == list(range(20_001, 20_101))


async def test_what_another_version_tried_is_due(database: Database, now: datetime) -> None:
    await keep(database, now, made(5), made(6))
    async with database.transaction() as tx:
        assert await problems.list_due(tx, VERSION) == []
        first, second = await problems.list_due(tx, "2")
        await problems.note_failure(tx, first, error="still", kind="still", version="2")
        assert await problems.list_due(tx, "2") == [second]
        assert await problems.drop_problem(tx, second)
        assert not await problems.drop_problem(tx, second)
        (left,) = await problems.list_problems(tx)
    assert (left.error, left.tries, left.version) == ("still", 2, "2")


async def test_outcomes_are_those_of_the_channel_before_a_post_newest_first(
    database: Database, now: datetime, make_document: Callable[..., Document]
) -> None:
    await keep(database, now, made(4), made(6, kind="other"), made(9), made(5, channel_id=8))
    async with database.transaction() as tx:
        given = [make_document(message_id=number) for number in (3, 5, 6, 7, 12)]
        await documents.store_documents(tx, given, stored_at=now, live=True)
    async with database.reader() as conn:
        found = await problems.list_outcomes(conn, 77, before=9, limit=50)
        assert found == [None, "other", None, "StorageError", None]
        assert await problems.list_outcomes(conn, 77, before=9, limit=2) == [None, "other"]


async def test_a_person_is_taken_out_of_what_is_set_aside(
    database: Database, now: datetime, make_document: Callable[..., Document]
) -> None:
    ann = Author(kind="user", id=987_654, name="Ann")
    document = make_document("The ferry sails", author=ann)
    await keep(
        database,
        now,
        made(1, document_json.dump(document).encode(), form=problems.DOCUMENT),
        made(2, b'{"message": {"from_id": {"user_id": 987654}}}'),
        made(3, b'{"message": {"from_id": {"user_id": 5}}}'),
    )
    async with database.transaction() as tx:
        await documents.forget_person(tx, ann.id or 0, now=now)
        first, second, third = [
            await problems.find_problem(tx, problem.id)
            for problem in await problems.list_problems(tx)
        ]
    assert first is not None and first.raw is not None and b"Ann" not in first.raw
    assert document_json.parse(first.raw.decode()).title == "The ferry sails"
    assert second is not None and second.raw is None
    assert third is not None and third.raw is not None
