"""Links into the bot: found by their token until they end."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.connection import Connection
from storage.subscribers import links
from storage.subscribers.links import KEPT, Link

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANN, BOB = 5, 6


async def add(tx: Connection, now: datetime, **fields: Any) -> str:
    given = {"kind": "search", "made_by": ANN, "now": now, "ends_at": now + HOUR, **fields}
    return await links.add_link(tx, **given)


async def test_a_link_is_found_by_its_token_until_it_ends(tx: Connection, now: datetime) -> None:
    token = await add(tx, now, kind="alert", target="grain")
    assert re.fullmatch(r"[\w-]{22}", token, re.ASCII)
    made = Link(
        token=token, kind="alert", target="grain", made_by=ANN, ends_at=now + HOUR, people=0
    )
    assert await links.find_link(tx, token, now=now) == made
    assert await links.find_link(tx, token, now=now + HOUR - timedelta.resolution) == made
    assert await links.find_link(tx, token, now=now + HOUR) is None
    assert await links.find_link(tx, token[:-1], now=now) is None
    assert await add(tx, now, kind="alert", target="grain") != token


async def test_links_are_listed_newest_first_and_invitations_apart(
    tx: Connection, now: datetime
) -> None:
    made = [await add(tx, now + n * MINUTE, ends_at=now + HOUR + n * MINUTE) for n in range(3)]
    invite = await add(tx, now, kind="invite", people=1)
    await add(tx, now, kind="invite", people=0)
    await add(tx, now, made_by=BOB)

    async def listed(*, invites: bool, at: datetime = now, of: int = ANN) -> list[str]:
        found = await links.list_links(tx, of, now=at, invites=invites)
        return [link.token for link in found]

    assert await listed(invites=False) == made[::-1]
    assert await listed(invites=True) == [invite]
    assert await listed(invites=False, at=now + HOUR) == made[:0:-1]
    assert await listed(invites=True, at=now + HOUR) == []
    assert await listed(invites=True, of=BOB) == []


async def test_an_invitation_lets_in_so_many_people_and_no_more(
    tx: Connection, now: datetime
) -> None:
    token = await add(tx, now, kind="invite", people=2)
    search = await add(tx, now, people=2)
    assert not await links.use_invite(tx, token, now=now + HOUR)
    assert not await links.use_invite(tx, search, now=now)
    assert await links.use_invite(tx, token, now=now)
    found = await links.find_link(tx, token, now=now)
    assert found is not None
    assert found.people == 1
    assert await links.use_invite(tx, token, now=now)
    assert not await links.use_invite(tx, token, now=now)
    other = await links.find_link(tx, search, now=now)
    assert other is not None
    assert other.people == 2


async def test_the_latest_links_of_a_chat_are_kept_and_none_that_has_ended(
    tx: Connection, now: datetime
) -> None:
    bobs = await add(tx, now, made_by=BOB, ends_at=now + 2 * HOUR)
    ended = await add(tx, now, made_by=BOB, ends_at=now + timedelta(seconds=KEPT + 1))
    made = [await add(tx, now + n * timedelta(seconds=1)) for n in range(KEPT + 2)]
    rows = await tx.fetch_all("SELECT token FROM link")
    assert {row["token"] for row in rows} == {bobs, *made[2:]}
    assert ended not in made


@pytest.mark.parametrize("maker", [ANN, BOB])
async def test_a_link_is_ended_by_who_made_it(tx: Connection, now: datetime, maker: int) -> None:
    token, other = await add(tx, now), await add(tx, now)
    assert (await links.remove_link(tx, token, maker, now=now) is not None) == (maker == ANN)
    assert (await links.find_link(tx, token, now=now) is None) == (maker == ANN)
    assert await links.remove_link(tx, "x", ANN, now=now) is None
    assert await links.find_link(tx, other, now=now) is not None
    await links.forget_chat(tx, maker)
    assert (await links.find_link(tx, other, now=now) is None) == (maker == ANN)
