"""Telethon's message box, which counts update numbers, extended to keep the updates that it
withholds.

Telegram numbers the updates of an account and of each channel (``pts``, and ``seq`` over all of
them: core.telegram.org/api/updates). If one is missing, Telethon drops what comes after it and
requests the difference. If no difference can be had, what came after is all that there is.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from telethon._updates import messagebox
from telethon._updates.messagebox import ENTRY_ACCOUNT, ENTRY_SECRET, GapError, PtsInfo
from telethon.tl import types

MOST_KEPT = 1000
"""The most withheld updates that are kept of an account, and of each channel."""

Entry: TypeAlias = Hashable
"""Whose numbers they are: a channel's (its id), or one of Telethon's constants for the
account's."""
Key: TypeAlias = tuple[int, int, int]
Peers: TypeAlias = tuple[Sequence[types.TypeUser], Sequence[types.TypeChat]]


class _Withheld:
    """Updates that came too early, by their numbers, with the users and chats that they name."""

    def __init__(self) -> None:
        self.updates: dict[Key, types.TypeUpdate] = {}
        self.users: dict[int, types.TypeUser] = {}
        self.chats: dict[int, types.TypeChat] = {}

    def keep(self, key: Key, update: types.TypeUpdate, peers: Peers) -> None:
        if len(self.updates) < MOST_KEPT:
            self.updates.setdefault(key, update)
            self.users.update((user.id, user) for user in peers[0])
            self.chats.update((chat.id, chat) for chat in peers[1])

    def end(self, start: int) -> int:
        return max(start, max((int(key[0]) for key in self.updates), default=0))

    def in_order(self) -> list[types.TypeUpdate]:
        return [update for _, update in sorted(self.updates.items(), key=lambda item: item[0][0])]


class KeepingBox(messagebox.MessageBox):  # type: ignore[misc]
    """A message box that can return withheld updates in place of a difference."""

    def __init__(self, log: logging.Logger) -> None:
        super().__init__(log)
        self._withheld: dict[Entry, _Withheld] = {}
        self._bridged: dict[Entry, tuple[int, int, set[Key]]] = {}
        self._peers: Peers = ([], [])
        self._skipped_seq = 0
        self.on_dropped: Callable[[int], None] = lambda _: None

    @property
    def account_state(self) -> tuple[int, datetime, int] | None:
        """The account's state (pts, date, qts); None if it is not known."""
        if ENTRY_ACCOUNT not in self.map:
            return None
        qts = self.map[ENTRY_SECRET].pts if ENTRY_SECRET in self.map else 0
        return self.map[ENTRY_ACCOUNT].pts, self.date, qts

    def lower(self, pts: int, qts: int) -> bool:
        """Go back to these numbers of the account where they are earlier; whether any is."""
        numbers = {ENTRY_ACCOUNT: pts, ENTRY_SECRET: qts}
        later = [entry for entry, number in numbers.items() if number < self._pts(entry)]
        for entry in later:
            self.map[entry].pts = numbers[entry]
        return bool(later)

    def process_updates(
        self, updates: object, chat_hashes: object, result: list[types.TypeUpdate]
    ) -> object:
        """Telethon's, but keeps the updates that it drops at a gap in ``seq``."""
        self._peers = getattr(updates, "users", None) or [], getattr(updates, "chats", None) or []
        try:
            return super().process_updates(updates, chat_hashes, result)
        except GapError:
            if not getattr(updates, "_self_outgoing", False):
                self._keep_whole(updates)
            raise

    def apply_pts_info(
        self, update: types.TypeUpdate, *, reset_deadlines: object
    ) -> types.TypeUpdate | None:
        """Telethon's, but keeps an update that is not applied yet."""
        info = PtsInfo.from_update(update)
        if info is not None and self._came_late(info):
            return update
        applied = super().apply_pts_info(update, reset_deadlines=reset_deadlines)
        if info is None or getattr(update, "_self_outgoing", False):
            return applied
        if applied is not None:
            self._forget_until(info.entry, info.pts)
            if info.entry in self._bridged:
                self._bridged[info.entry][2].add(_key(info))
        elif self._pts(info.entry) < info.pts:
            self._keep(info.entry, _key(info), update)
        return applied

    def get_channel_difference(self, chat_hashes: object) -> object:
        """Telethon's, but calls ``on_dropped`` for a channel that it gives up silently, for want of
        an access hash."""
        wanted = set(self.getting_diff_for)
        request = super().get_channel_difference(chat_hashes)
        for entry in wanted - self.getting_diff_for:
            self.on_dropped(entry)
        return request

    def bridge_account(self, state: types.updates.State | None) -> types.updates.Difference:
        """A difference of the account made of the withheld updates, ending at the server's state.

        ``state``: None if the server does not return it; then the difference ends with the withheld
        updates.
        """
        withheld = self._withheld.pop(ENTRY_ACCOUNT, _Withheld())
        secret = self._withheld.pop(ENTRY_SECRET, _Withheld())
        pts, qts = withheld.end(self._pts(ENTRY_ACCOUNT)), secret.end(self._pts(ENTRY_SECRET))
        if state is None:
            state = types.updates.State(pts, qts, datetime.now(UTC), self.seq, 0)
        state.pts, state.qts = max(state.pts, pts), max(state.qts, qts)
        state.seq = max(state.seq, self._skipped_seq)
        self._bridge(ENTRY_ACCOUNT, state.pts, withheld)
        self._bridge(ENTRY_SECRET, state.qts, secret)
        updates = [*withheld.in_order(), *secret.in_order()]
        return types.updates.Difference(
            new_messages=[],
            new_encrypted_messages=[],
            other_updates=[_unnumbered(one, ENTRY_ACCOUNT, ENTRY_SECRET) for one in updates],
            chats=[*withheld.chats.values(), *secret.chats.values()],
            users=[*withheld.users.values(), *secret.users.values()],
            state=state,
        )

    def bridge_channel(self, channel_id: int) -> types.updates.ChannelDifference:
        """The same for a channel; the difference ends with the withheld updates."""
        withheld = self._withheld.pop(channel_id, _Withheld())
        pts = withheld.end(self._pts(channel_id))
        self._bridge(channel_id, pts, withheld)
        return types.updates.ChannelDifference(
            pts=pts,
            new_messages=[],
            other_updates=[_unnumbered(one, channel_id) for one in withheld.in_order()],
            chats=list(withheld.chats.values()),
            users=list(withheld.users.values()),
            final=True,
        )

    def settle(self, entry: Entry) -> None:
        """Forget the withheld updates: the difference was had and contains them."""
        self._withheld.pop(entry, None)
        self._bridged.pop(entry, None)

    def abandon(self) -> list[Entry]:
        """End every difference that is being requested; returns their entries."""
        entries = list(self.getting_diff_for)
        for entry in entries:
            self.end_get_diff(entry)
        return entries

    def _pts(self, entry: Entry) -> int:
        state = self.map.get(entry)
        return state.pts if state else 0

    def _keep(self, entry: Entry, key: Key, update: types.TypeUpdate) -> None:
        self._withheld.setdefault(entry, _Withheld()).keep(key, update, self._peers)

    def _keep_whole(self, updates: object) -> None:
        self._skipped_seq = max(self._skipped_seq, getattr(updates, "seq", 0) or 0)
        for number, update in enumerate(getattr(updates, "updates", None) or ()):
            info = PtsInfo.from_update(update)
            if info is None or info.entry is not ENTRY_ACCOUNT:
                # It has no place among the account's own; it comes after those before it.
                self._keep(ENTRY_ACCOUNT, (0, self._skipped_seq, number), update)
            elif self._pts(ENTRY_ACCOUNT) < info.pts:
                self._keep(ENTRY_ACCOUNT, _key(info), update)

    def _forget_until(self, entry: Entry, pts: int) -> None:
        withheld = self._withheld.get(entry)
        if withheld is not None:
            for key in [key for key in withheld.updates if key[0] <= pts]:
                del withheld.updates[key]
            if not withheld.updates:
                del self._withheld[entry]

    def _bridge(self, entry: Entry, end: int, withheld: _Withheld) -> None:
        low, _, told = self._bridged.get(entry, (self._pts(entry), end, set()))
        if len(told) > MOST_KEPT:
            low, told = self._pts(entry), set()
        self._bridged[entry] = (low, end, told | withheld.updates.keys())

    def _came_late(self, info: PtsInfo) -> bool:
        """Whether an update was skipped before and comes after all."""
        low, end, told = self._bridged.get(info.entry, (0, 0, ()))
        if not low < info.pts <= end or _key(info) in told:
            return False
        self._bridged[info.entry][2].add(_key(info))
        return True


def _key(info: PtsInfo) -> Key:
    return (info.pts, info.pts_count, 0)


def _unnumbered(update: types.TypeUpdate, *entries: Entry) -> types.TypeUpdate:
    """The update without its number, if that belongs to these entries: the number has been passed
    already."""
    info = PtsInfo.from_update(update)
    if info is not None and info.entry in entries:
        for name in ("pts", "qts"):
            if hasattr(update, name):
                setattr(update, name, 0)
    return update
