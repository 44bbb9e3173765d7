"""Who is to read which channel, where several watch."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watching.sharing.portions import Wanted, share_out
from storage.channels.watchers import Watcher

ANN, BOB = (
    Watcher(owner="ann", account=1, serves=True),
    Watcher(owner="bob", account=2, serves=True),
)
FROZEN = Watcher(owner="ann", account=1)
NOBODY = Watcher(owner="eve")
IN_ONE, IN_TWO = frozenset({1}), frozenset({2})


@pytest.mark.parametrize(
    ("channel", "present", "may_join", "reader"),
    [
        # Whose account is in it reads it, whoever reads it now, and how many it has.
        (Wanted(row=1, members=IN_TWO, reader="ann"), [ANN, BOB], None, "bob"),
        (Wanted(row=1, members=IN_ONE, reader="bob", is_private=True), [ANN, BOB], None, "ann"),
        # One that is as good as another keeps what it has.
        (Wanted(row=1, members=IN_ONE | IN_TWO, reader="bob"), [ANN, BOB], None, "bob"),
        (Wanted(row=1, reader="bob"), [ANN, BOB], None, "bob"),
        # What one read that does not serve now, or is no more, goes to one that does.
        (Wanted(row=1, members=IN_ONE, reader="ann"), [FROZEN, BOB], None, "bob"),
        (Wanted(row=1, reader="gone"), [BOB, NOBODY], None, "bob"),
        # Where none serves, it stays with who may be let, else with anybody.
        (Wanted(row=1, members=IN_ONE), [FROZEN, NOBODY], None, "ann"),
        (Wanted(row=1), [NOBODY], None, "eve"),
        # A private one goes to an account that may join it, while there is one.
        (Wanted(row=1, reader="ann", is_private=True), [ANN, BOB], {2}, "bob"),
        (Wanted(row=1, reader="ann", is_private=True), [ANN, BOB], set(), "ann"),
        (Wanted(row=1, reader="ann"), [ANN, BOB], {2}, "ann"),
    ],
)
def test_a_channel_is_read_by_who_reads_it_best(
    channel: Wanted, present: list[Watcher], may_join: set[int] | None, reader: str
) -> None:
    assert share_out([channel], present, may_join=may_join) == {1: reader}


def test_nobody_reads_where_nobody_watches() -> None:
    assert share_out([Wanted(row=1, reader="gone")], []) == {}


OWNERS = ["ann", "bob", "cid", "dan"]
WATCHERS = st.lists(
    st.builds(
        Watcher,
        owner=st.sampled_from(OWNERS),
        account=st.none() | st.integers(1, 3),
        serves=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.owner,
)
CHANNELS = st.lists(
    st.builds(
        Wanted,
        row=st.integers(1, 40),
        members=st.frozensets(st.integers(1, 3)),
        reader=st.none() | st.sampled_from([*OWNERS, "gone"]),
        is_private=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda one: one.row,
)


@given(channels=CHANNELS, present=WATCHERS)
def test_each_channel_is_one_watchers_and_all_come_to_the_same(
    channels: list[Wanted], present: list[Watcher]
) -> None:
    found = share_out(channels, present)
    assert set(found) == ({one.row for one in channels} if present else set())
    assert found == share_out(channels[::-1], present[::-1])
    # Once that is done, nothing changes hands any more.
    settled = [
        Wanted(row=one.row, members=one.members, reader=found.get(one.row)) for one in channels
    ]
    assert share_out(settled, present) == found


@given(count=st.integers(0, 60), readers=st.lists(st.sampled_from([*OWNERS, None]), min_size=60))
def test_what_anybody_may_read_is_shared_evenly_and_little_moves(
    count: int, readers: list[str | None]
) -> None:
    present = [Watcher(owner=owner, account=n, serves=True) for n, owner in enumerate(OWNERS)]
    channels = [Wanted(row=n, reader=readers[n]) for n in range(count)]
    found = share_out(channels, present)
    parts = Counter(found.values())
    assert max(parts.values(), default=0) - min((parts[one] for one in OWNERS), default=0) <= 1
    # Nobody loses a channel and gets another, and whoever has less than the others loses none.
    held = Counter(one.reader for one in channels if one.reader)
    kept = Counter(found[one.row] for one in channels if found[one.row] == one.reader)
    for owner in OWNERS:
        assert kept[owner] == min(held[owner], parts[owner])
