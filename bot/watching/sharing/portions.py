"""Decides which watcher reads which channel. Pure and deterministic: every watcher gets the same
result.

A channel goes to a watcher whose account is in it; else to any watcher with a usable account, in
equal parts; if there is none, to any watcher, which reads the web preview or waits. A channel stays
with its reader as long as no other watcher would be better.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from storage.channels.watchers import Watcher


class Wanted(Struct, frozen=True, kw_only=True):
    """A watched channel (``row``): the accounts that are in it (``members``), and its present
    ``reader``. ``is_private``: only a member can read it."""

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
    """The reader of each channel, by row id; empty without watchers. ``may_join``: the accounts
    that may join one more channel now; None for all."""
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
    """The watchers that suit a channel best, all equally."""
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
    # The one with most may keep one more, so that the fewest change hands.
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
