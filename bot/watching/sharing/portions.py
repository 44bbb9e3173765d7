"""Who is to read which channel, where several watch. Pure: each of them comes to the same.

A channel goes to one whose account is in it; else to any whose account serves, in equal parts;
where none does, to any at all, who reads it from its web preview or lets it wait. It stays where it
is, as long as that is as good as elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from storage.channels.watchers import Watcher


class Wanted(Struct, frozen=True, kw_only=True):
    """A watched channel (its ``row``): the accounts that are in it (``members``), and who reads it
    now; ``is_private``: who reads it has to be in it."""

    row: int
    members: frozenset[int] = frozenset()
    reader: str | None = None
    is_private: bool = False


def share_out(
    channels: Iterable[Wanted],
    watchers: Collection[Watcher],
    *,
    may_join: Collection[int] | None = None,
) -> dict[int, str]:
    """Who is to read each channel, by its row; nobody does where nobody watches. ``may_join``: the
    accounts that may join one more by now; None for all."""
    groups: defaultdict[tuple[str, ...], list[Wanted]] = defaultdict(list)
    for channel in sorted(channels, key=lambda one: one.row):
        fit = _fit(channel, watchers, may_join)
        groups[tuple(sorted(one.owner for one in fit))].append(channel)
    found: dict[int, str] = {}
    for owners, group in groups.items():
        if owners:
            found |= _in_equal_parts(group, owners)
    return found


def _fit(
    channel: Wanted, watchers: Collection[Watcher], may_join: Collection[int] | None
) -> list[Watcher]:
    """Those who are the best to read it, all alike."""
    inside = [one for one in watchers if one.account in channel.members]
    serving = [one for one in watchers if one.serves]
    able = [one for one in inside if one.serves]
    if not able and channel.is_private and may_join is not None:
        able = [one for one in serving if one.account in may_join]
    return able or serving or inside or list(watchers)


def _in_equal_parts(group: Sequence[Wanted], owners: Sequence[str]) -> dict[int, str]:
    held: dict[str, list[int]] = {owner: [] for owner in owners}
    free: list[int] = []
    for channel in group:
        held.get(channel.reader or "", free).append(channel.row)
    least, more = divmod(len(group), len(owners))
    # Whoever has most may keep one more, so that the fewest change hands.
    ranked = sorted(owners, key=lambda owner: (-len(held[owner]), owner))
    parts = {owner: least + (place < more) for place, owner in enumerate(ranked)}
    for owner, part in parts.items():
        free += held[owner][part:]
        del held[owner][part:]
    free.sort()
    for owner in ranked:
        missing = parts[owner] - len(held[owner])
        held[owner] += free[:missing]
        del free[:missing]
    return {row: owner for owner, rows in held.items() for row in rows}
