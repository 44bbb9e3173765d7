"""Until when names are not to be looked up, over a restart too."""

from datetime import datetime, timedelta, timezone

from storage.channels import lookups
from storage.connection import Connection

HOUR = timedelta(hours=1)


async def test_a_refusal_holds_until_its_time(tx: Connection, now: datetime) -> None:
    assert await lookups.find_refused_until(tx, now) is None
    until = now + HOUR
    await lookups.refuse_until(tx, until)
    assert await lookups.find_refused_until(tx, now) == until
    assert await lookups.find_refused_until(tx, until - timedelta.resolution) == until
    assert await lookups.find_refused_until(tx, until) is None
    later = (until + HOUR).astimezone(timezone(timedelta(hours=3)))
    await lookups.refuse_until(tx, later)
    found = await lookups.find_refused_until(tx, until)
    assert found == later
    assert found.utcoffset() == timedelta(0)
