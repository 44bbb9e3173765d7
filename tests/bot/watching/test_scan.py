"""One scan of one channel: what it stores, how far the cursor moves, what it takes for gone."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from noted_budget import NotedBudget
from telethon.tl import types

from bot.intake.posts import Refused, StoppedError
from bot.watching import scan
from bot.watching.history import AccountHistory, Page, item_of
from bot.watching.scan import Scanned, Scanner
from storage.errors import InputError
from storage.records import Channel
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def page_of(*ids: int, low: int | None = None) -> Page:
    posts = [
        types.Message(id=id, peer_id=types.PeerChannel(1), date=NOW, message="x") for id in ids
    ]
    items = tuple(item_of([post]) for post in posts)
    return Page(items=items, low=ids[0] if low is None else low, high=ids[-1], is_last=False)


@pytest.mark.parametrize(
    ("cursor", "low", "known", "start"),
    [
        pytest.param(10, 11, (), 10, id="the page joins on to the cursor"),
        pytest.param(10, 5, (6, 7), 10, id="it reaches back behind it: all is seen at once"),
        pytest.param(10, 15, (), 10, id="a gap, and nothing to compare"),
        pytest.param(10, 15, (4, 8), 3, id="a gap: what was compared is read once more"),
        pytest.param(2, 15, (4, 8), 2, id="never from behind the cursor on"),
        pytest.param(500, 450, range(301, 501), 300, id="more to compare than a page holds"),
    ],
)
def test_history_is_read_on_from_here(cursor: int, low: int, known: Any, start: int) -> None:
    channel = Channel(id=1, channel_id=1, added_at=NOW, cursor=cursor)
    assert scan._start(channel, page_of(low, low + 1), {*known}) == start


@pytest.mark.parametrize(
    ("older", "newest", "start", "ids", "low"),
    [
        ((), (5, 6), 4, (5, 6), 5),
        ((3, 4), (5, 6), 2, (3, 4, 5, 6), 3),
        ((3, 4, 5), (5, 6), 2, (3, 4, 5, 6), 3),
        ((9,), (5, 6), 7, (5, 6), 5),
    ],
)
def test_pages_are_joined_without_repeating_a_post(
    older: tuple[int, ...], newest: tuple[int, ...], start: int, ids: tuple[int, ...], low: int
) -> None:
    read = page_of(*older).items if older else ()
    joined = scan._joined(read, page_of(*newest), start)
    assert (tuple(item.ids[0] for item in joined.items), joined.low) == (ids, low)


@pytest.fixture
def scanner(ground: Any) -> Scanner:
    return Scanner(ground.db, ground.watchlist, ground.intake, recheck=50)


async def scanned(scanner: Scanner, ground: Any, confirm_after: float = 60.0) -> Scanned:
    """Scan Harbour once, as the watchlist knows it."""
    channel = ground.watchlist.find(ground.harbour.id)
    now = asyncio.get_running_loop().time()
    return await scanner.scan(
        channel, ground.history, urgent=False, now=now, confirm_after=confirm_after
    )


async def test_what_was_there_before_it_was_watched_is_not_stored(
    ground: Any, scanner: Scanner
) -> None:
    old = await ground.harbour.post("Old", date=datetime(2024, 1, 1, tzinfo=UTC))
    await ground.watch(scanned=False)
    assert (await scanned(scanner, ground)).found == 0
    row = await ground.row()
    assert (row.cursor, row.floor, await ground.texts()) == (old.id, old.id, [])


async def test_what_followed_while_it_was_not_scanned_yet_is_stored(
    ground: Any, scanner: Scanner
) -> None:
    await ground.harbour.post("Old", date=datetime(2024, 1, 1, tzinfo=UTC))
    await ground.watch(scanned=False)
    new = await ground.harbour.post("New")
    assert (await scanned(scanner, ground)).found == 1
    row = await ground.row()
    assert (row.cursor, row.floor, await ground.texts()) == (new.id, new.id - 1, ["New"])


async def test_much_that_followed_before_the_first_scan_is_stored_by_the_next_ones(
    ground: Any, scanner: Scanner
) -> None:
    old = await ground.harbour.post("Old", date=datetime(2024, 1, 1, tzinfo=UTC))
    await ground.watch(scanned=False)
    texts = [f"Number {number}" for number in range(80)]
    for text in texts:
        await ground.harbour.post(text)
    first = await scanned(scanner, ground)
    assert (first.is_done, first.found) == (False, 0)
    assert (first.page.high, (await ground.row()).cursor) == (ground.harbour.posts[-1].id, old.id)
    assert (await scanned(scanner, ground)).found == 80
    assert await ground.texts() == texts


async def test_the_cursor_moves_with_what_is_stored_and_an_edit_is_stored_too(
    ground: Any, scanner: Scanner
) -> None:
    await ground.watch()
    posts = [await ground.harbour.post(text) for text in ("One", "Two")]
    assert (await scanned(scanner, ground)).found == 2
    assert (await ground.row()).cursor == posts[-1].id
    await posts[0].edit("One, mended")
    assert (await scanned(scanner, ground)).found == 0
    assert await ground.texts() == ["One, mended", "Two"]


@pytest.mark.parametrize("urgent", [False, True])
async def test_all_that_an_urgent_scan_asks_for_is_urgent(
    ground: Any, scanner: Scanner, urgent: bool
) -> None:
    budget = NotedBudget()
    history = AccountHistory(ground.client, budget)
    await ground.watch(scanned=False)
    for _ in range(2):
        channel = ground.watchlist.find(ground.harbour.id)
        await scanner.scan(channel, history, urgent=urgent, now=0.0, confirm_after=60.0)
        assert budget.take_noted() == {urgent}
        for number in range(scan.PAGE + 50):
            await ground.harbour.post(f"Post {number}")
    assert len(await ground.texts()) == scan.PAGE + 50


async def test_a_gap_of_several_pages_is_read_without_a_hole(ground: Any, scanner: Scanner) -> None:
    await ground.watch()
    texts = [f"Number {number}" for number in range(230)]
    for text in texts:
        await ground.harbour.post(text)
    result = await scanned(scanner, ground)
    assert (result.is_done, result.found) == (True, 230)
    assert await ground.texts() == texts
    assert (await ground.row()).cursor == ground.harbour.posts[-1].id


async def test_what_is_too_long_for_one_turn_goes_on_in_the_next(
    ground: Any, scanner: Scanner
) -> None:
    await ground.watch()
    for number in range(scan.PAGE * (scan.PAGES + 3)):
        await ground.harbour.post(f"Number {number}")
    first = await scanned(scanner, ground)
    reached = (await ground.row()).cursor
    assert not first.is_done
    assert len(await ground.texts()) >= reached > scan.PAGE * scan.PAGES - 1
    while not (await scanned(scanner, ground)).is_done:
        continue
    assert (await ground.row()).cursor == ground.harbour.posts[-1].id
    assert len(await ground.texts()) == len(ground.harbour.posts)


@pytest.mark.parametrize(
    ("there", "gone", "is_marked"),
    [(6, 4, True), (6, 5, False), (12, 6, True), (12, 7, False), (4, 4, True)],
)
async def test_a_few_or_up_to_half_that_are_gone_are_marked_at_once(
    ground: Any, scanner: Scanner, there: int, gone: int, is_marked: bool
) -> None:
    await ground.watch()
    posts = [await ground.harbour.post(f"Number {number}") for number in range(there)]
    await scanned(scanner, ground)
    for post in posts[:gone]:
        await post.delete()
    await scanned(scanner, ground)
    left = range(gone if is_marked else 0, there)
    assert await ground.texts() == [f"Number {number}" for number in left]


async def test_many_that_are_gone_at_once_must_be_gone_a_while_later_too(
    ground: Any, scanner: Scanner
) -> None:
    await ground.watch()
    posts = [await ground.harbour.post(f"Number {number}") for number in range(12)]
    await scanned(scanner, ground)
    for post in posts[:9]:
        await post.delete()
    await scanned(scanner, ground)
    await scanned(scanner, ground)
    assert len(await ground.texts()) == 12
    await scanned(scanner, ground, confirm_after=0.0)
    assert await ground.texts() == ["Number 9", "Number 10", "Number 11"]


def test_what_is_missing_is_believed_when_it_was_missing_a_while_ago_too() -> None:
    nobody: Any = None
    scanner = Scanner(nobody, nobody, nobody, recheck=50)
    one, other = (Channel(id=n, channel_id=n, added_at=NOW) for n in (1, 2))

    def confirmed(channel: Channel, ids: set[int], now: float) -> set[int]:
        return set(scanner._confirmed(channel, frozenset(ids), now, 60.0))

    assert confirmed(one, {1, 2}, 1000.0) == set()
    assert confirmed(one, {2, 3}, 1059.9) == set()
    assert confirmed(other, {2}, 1060.0) == set()
    assert confirmed(one, {2, 3}, 1060.0) == {2}
    assert confirmed(one, {4}, 1070.0) == set()  # others: the time begins anew
    assert confirmed(one, {4}, 1100.0) == set()
    assert confirmed(one, {4}, 1130.0) == {4}


async def test_what_a_source_that_is_not_sure_leaves_out_must_be_left_out_later_too(
    ground: Any, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground.history, "is_sure", False, raising=False)
    await ground.watch()
    posts = [await ground.harbour.post(f"Number {number}") for number in range(3)]
    await scanned(scanner, ground)
    await posts[0].delete()
    await scanned(scanner, ground)
    assert len(await ground.texts()) == 3
    await scanned(scanner, ground, confirm_after=0.0)
    assert await ground.texts() == ["Number 1", "Number 2"]


async def test_what_was_missing_and_came_back_is_doubted_anew(
    ground: Any, scanner: Scanner
) -> None:
    row = await ground.watch()
    known = set(range(1, 13))

    async def compare(page: Page) -> None:
        await scanner._compare(row, ground.history, page, known, 1000.0, 60.0)

    await compare(page_of(11, 12, low=1))
    assert len(scanner._suspicions[row.id].ids) == 10
    await compare(page_of(*known, low=1))
    assert scanner._suspicions == {}


@pytest.mark.parametrize(
    ("ids", "low", "is_last", "looked_for"),
    [
        ((5, 7), 5, False, [6]),  # what lies before the page is not on it
        ((5, 7), 5, True, [4, 6]),  # unless the page is all that there is
        ((5, 6, 7), 5, False, []),
    ],
)
async def test_what_the_page_should_show_and_does_not_is_looked_for(
    ground: Any,
    scanner: Scanner,
    monkeypatch: pytest.MonkeyPatch,
    ids: tuple[int, ...],
    low: int,
    is_last: bool,
    looked_for: list[int],
) -> None:
    row = await ground.watch()
    asked: list[int] = []

    async def list_present(_: Channel, ids: Any) -> set[int]:
        asked.extend(ids)
        return {*ids}

    monkeypatch.setattr(ground.history, "list_present", list_present)
    page = replace(page_of(*ids, low=low), is_last=is_last)
    await scanner._compare(row, ground.history, page, {4, 5, 6, 7}, 0.0, 60.0)
    assert asked == looked_for


async def test_posts_that_wait_hold_up_those_that_follow_no_more_than_their_cursor(
    ground: Any, scanner: Scanner
) -> None:
    row = await ground.watch()
    one, two = [await ground.harbour.post(text) for text in ("One", "Two")]
    submit = ground.intake.submit

    async def stopping(posts: Any = (), **_: Any) -> None:
        held = [
            Refused(post=post, error=InputError("odd")) for post in posts if post.ids == (one.id,)
        ]
        await submit([post for post in posts if post.ids != (one.id,)])
        raise StoppedError(held, stored=(), reached=row.cursor)

    ground.intake.submit = stopping
    with pytest.raises(StoppedError):
        await scanned(scanner, ground)
    ground.intake.submit = submit
    assert await ground.texts() == ["Two"]
    kept = [ground.watchlist.is_stored(row.id, item) for item in await items(ground, row)]
    assert kept == [False, True]
    assert ground.watchlist.get(row.id).cursor == row.cursor
    assert (await scanned(scanner, ground)).found == 1
    assert (await ground.row()).cursor == two.id


async def items(ground: Any, row: Channel) -> Any:
    return (await ground.history.newest(row, 2)).items
