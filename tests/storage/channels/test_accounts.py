"""What accounts know of channels and when they joined some: whatever happens, as two dictionaries
would hold it."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from storage.channels import accounts
from storage.channels.accounts import DAY, Known
from storage.connection import Connection

ACCOUNTS = (11, 12, 13)
CHANNELS = (101, 102, 103, 104)


class Kept:
    """Known channels by account and number, and joins by account."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], Known] = {}
        self.joins: defaultdict[int, set[datetime]] = defaultdict(set)

    def leave(self, account: int, left: list[int]) -> None:
        for (who, number), one in list(self.known.items()):
            if who == account and number in left:
                gone = Known(channel_id=number, access_hash=one.access_hash, joined=False)
                self.known[who, number] = gone

    def note_join(self, account: int, now: datetime) -> None:
        lately = {at for at in self.joins[account] if at > now - DAY}
        self.joins[account] = lately | {now}

    def list_joins(self, account: int, now: datetime) -> list[datetime]:
        return sorted(min(now, at) for at in self.joins[account] if at > now - DAY)


async def step(tx: Connection, kept: Kept, chance: random.Random, now: datetime) -> None:
    account, number = chance.choice(ACCOUNTS), chance.choice(CHANNELS)
    match chance.choice(("know", "know", "leave", "leave all", "join", "join", "join", "drop")):
        case "know":
            joined = chance.random() < 0.7
            one = Known(channel_id=number, access_hash=chance.randrange(-9, 9), joined=joined)
            await accounts.know(tx, account, [one])
            kept.known[account, number] = one
        case "leave":
            await accounts.leave(tx, account, [number, 999])
            kept.leave(account, [number])
        case "leave all" if chance.random() < 0.3:
            await accounts.leave_all(tx, account)
            kept.leave(account, list(CHANNELS))
        case "join":
            await accounts.note_join(tx, account, now)
            kept.note_join(account, now)
        case "drop":
            at = chance.choice(sorted({now, *kept.joins[account], *kept.joins[ACCOUNTS[0]]}))
            await accounts.drop_join(tx, account, at)
            kept.joins[account].discard(at)


async def test_each_account_keeps_its_own(tx: Connection, now: datetime) -> None:
    chance, kept = random.Random(3), Kept()  # noqa: S311
    met = 0
    for _ in range(70):
        now += chance.choice((-1, 0, 1, 2, 6)) * timedelta(hours=4)  # A clock may be put back.
        await step(tx, kept, chance, now)
        members: defaultdict[int, set[int]] = defaultdict(set)
        for (account, number), one in kept.known.items():
            if one.joined:
                members[number].add(account)
        assert await accounts.list_members(tx) == dict(members)
        assert await accounts.count_memberships(tx) == sum(map(len, members.values()))
        for account in ACCOUNTS:
            own = {number: one for (who, number), one in kept.known.items() if who == account}
            assert await accounts.list_known(tx, account) == own
            for at in (now, now + 20 * timedelta(hours=1)):
                expected = kept.list_joins(account, at)
                assert await accounts.list_joins(tx, account, at) == expected
                met += len(expected)
    assert met > 100


async def test_the_first_account_and_names_are_kept(tx: Connection) -> None:
    assert await accounts.find_first(tx) is None
    for account in (12, 11):
        await accounts.set_first(tx, account)
        assert await accounts.find_first(tx) == account
    await accounts.set_name(tx, 11, "Ann")
    named = [await accounts.find_name(tx, account) for account in (11, 12, None)]
    assert named == ["Ann", "12", ""]
