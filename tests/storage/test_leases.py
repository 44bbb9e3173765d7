"""A lease is one owner's at a time, on both engines."""

from datetime import UTC, datetime, timedelta

from storage import leases
from storage.connection import Connection
from storage.leases import Lease

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TERM = timedelta(seconds=10)


async def test_a_lease_goes_to_one_after_the_other(tx: Connection) -> None:
    assert await leases.find(tx, "serve") is None
    ann = await leases.take(tx, "serve", "ann", now=NOW, until=NOW + TERM)
    assert ann == Lease(name="serve", owner="ann", fence=1)
    for owner in ("bob", "ann"):
        assert await leases.take(tx, "serve", owner, now=NOW, until=NOW + TERM) is None
    assert await leases.take(tx, "other", "bob", now=NOW, until=NOW + TERM) is not None
    assert await leases.find(tx, "serve") == (ann, NOW + TERM)
    assert await leases.renew(tx, ann, until=NOW + 2 * TERM)
    assert await leases.take(tx, "serve", "bob", now=NOW + TERM, until=NOW + 9 * TERM) is None
    bob = await leases.take(tx, "serve", "bob", now=NOW + 2 * TERM, until=NOW + 3 * TERM)
    assert bob == Lease(name="serve", owner="bob", fence=2)
    assert not await leases.renew(tx, ann, until=NOW + 9 * TERM)
    await leases.give_back(tx, ann)  # is another's: nothing happens
    assert await leases.find(tx, "serve") == (bob, NOW + 3 * TERM)


async def test_what_was_given_back_is_taken_at_once_with_a_higher_number(tx: Connection) -> None:
    first = await leases.take(tx, "serve", "ann", now=NOW, until=NOW + TERM)
    assert first is not None
    await leases.give_back(tx, first)
    again = await leases.take(tx, "serve", "ann", now=NOW, until=NOW + TERM)
    assert again == Lease(name="serve", owner="ann", fence=2)
    assert not await leases.renew(tx, first, until=NOW + 9 * TERM)
