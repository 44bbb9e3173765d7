"""What a process of some roles says of itself, and what of the pace is its own."""

from typing import Any

import pytest

from bot.app.roles import ALL, Role
from bot.app.split import LOOK_EVERY, Split
from bot.delivering.shares import PARTS
from bot.process.holder import Holder
from bot.telegram.pace import Pace

NOBODY: Any = None


def split(*roles: Role) -> Split:
    """One of several processes."""
    return Split(roles=frozenset(roles), holder=Holder(NOBODY, "ann"), plain=NOBODY)


@pytest.mark.parametrize(
    ("made", "channels", "said"),
    [
        (Split(), 1, ", watching 1 channel"),
        (Split(), 2, ", watching 2 channels"),
        (split(*ALL), 0, ", watching 0 channels"),
        (split("watch"), 3, ", watching 3 channels, to watch"),
        (split("deliver", "serve"), 3, ", to serve,deliver"),
    ],
)
def test_a_process_says_what_it_does(made: Split, channels: int, said: str) -> None:
    assert made.said(channels) == said


def test_alone_it_sends_to_all_and_looks_at_plans_as_usual() -> None:
    alone = Split()
    assert (alone.is_shared, alone.portion().shares, alone.looking()) == (False, None, {})
    assert alone.portion().stands(1e9)
    assert [*alone.sharing(NOBODY, NOBODY, NOBODY, NOBODY)] == []


async def test_beside_others_it_sends_to_nobody_before_it_has_shares() -> None:
    shared = split("deliver")
    portion = shared.portion()
    assert (shared.is_shared, portion.shares) == (True, frozenset())
    assert not portion.stands(0.0)
    assert shared.looking() == {"look_every": LOOK_EVERY}


@pytest.mark.parametrize(("roles", "parts"), [(("serve",), 2), (("watch", "schedule"), 1)])
def test_who_delivers_nothing_has_a_small_part_of_the_pace(
    roles: tuple[Role, ...], parts: int
) -> None:
    pace = Pace(overall=36.0, per_chat=1.0, per_group=20.0)
    shared = Split(roles=frozenset(roles), holder=Holder(NOBODY, "ann"), plain=object())  # type: ignore[arg-type]
    assert [*shared.sharing(NOBODY, NOBODY, pace, NOBODY)] == []
    assert pace.overall == pytest.approx(36.0 * parts / PARTS)


async def test_who_delivers_takes_shares_and_looks_for_what_others_queue() -> None:
    pace = Pace(overall=36.0, per_chat=1.0, per_group=20.0)
    shared = Split(roles=ALL, holder=Holder(NOBODY, "ann"), plain=object())  # type: ignore[arg-type]
    names = []
    for name, work in shared.sharing(NOBODY, NOBODY, pace, NOBODY):
        names.append(name)
        work.close()
    assert names == ["shares", "waking"]
    assert pace.overall == 36.0
