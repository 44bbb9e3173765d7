"""Until when names are not to be looked up, over a restart too."""

from datetime import datetime, timedelta, timezone

from storage.channels import accounts, lookups
from storage.connection import Connection

HOUR = timedelta(hours=1)


async def test_a_refusal_holds_until_its_time(tx: Connection, now: datetime) -> None:
    assert await lookups.find_refused_until(tx, now) is None
    until = now + HOUR
    await lookups.refuse_until(tx, until)
    assert await lookups.find_refused_until(tx, now) == until
    assert await lookups.find_refused_until(tx, until - timedelta.resolution) == until
    assert await lookups.find_refused_until(tx, until) is None
    # What was reckoned while the clock was ahead holds nobody up for years.
    await lookups.refuse_until(tx, now + lookups.LONGEST)
    assert await lookups.find_refused_until(tx, now) == now + lookups.LONGEST
    assert await lookups.find_refused_until(tx, now - timedelta.resolution) is None
    later = (until + HOUR).astimezone(timezone(timedelta(hours=3)))
    await lookups.refuse_until(tx, later)
    found = await lookups.find_refused_until(tx, until)
    assert found == later
    assert found.utcoffset() == timedelta(0)


async def test_a_refusal_is_the_accounts_that_met_it(tx: Connection, now: datetime) -> None:
    await accounts.set_first(tx, 5)
    await lookups.refuse_until(tx, now + HOUR, 5)
    await lookups.refuse_until(tx, now + 2 * HOUR, 6)
    found = [await lookups.find_refused_until(tx, now, one) for one in (5, 6, 7, None)]
    assert found == [now + HOUR, now + 2 * HOUR, None, now + HOUR]
    await accounts.set_first(tx, 7)
    assert await lookups.find_refused_until(tx, now) is None
