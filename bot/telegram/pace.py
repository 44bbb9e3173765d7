"""The bot's rate limits: token buckets over all chats, for each chat and for each group.

Pure; times in seconds of a monotonic clock. The rates are those of Telegram's FAQ for bots ("My bot
is hitting limits"): about 30 messages a second over all, 1 a second in a chat with short bursts
allowed, 20 a minute in a group.
"""

from dataclasses import dataclass, field

CHAT_BURST = 3.0
SMOOTHNESS = 25
"""The overall bucket saves up what may be sent in 1/25 of a second."""
SLOWER = 0.8
LEAST_SHARE = 0.25
RECOVERY = 0.002
"""The share of its full rate that a bucket regains in a second."""
EDIT_SHARE = 1 / 3
"""The share of the overall rate that edits may use, so that turning pages leaves room for
alerts."""
EDIT_PATIENCE = 2.0
"""How long an edit leaves the last token of a chat to messages, in units of the time that one token
takes."""
_KEPT_CHATS = 4096


@dataclass(slots=True)
class Bucket:
    """``rate`` tokens a second, at most ``burst`` saved up. Starts full.

    After a wait that the server asked for it is slower, and regains its full rate gradually.
    """

    rate: float
    burst: float
    level: float = field(init=False)
    updated_at: float = field(default=0.0, init=False)
    closed_until: float = field(default=0.0, init=False)
    share: float = field(default=1.0, init=False)

    def __post_init__(self) -> None:
        self.level = self.burst

    def ready_at(self, now: float, *, leaving: float = 0.0) -> float:
        """The earliest time at which a token can be taken with ``leaving`` tokens left; ``now`` if
        at once."""
        self._fill(now)
        missing = 1.0 + min(leaving, self.burst - 1.0) - self.level
        # A ten-thousandth is forgiven: a wait computed in floating point must be long enough.
        wait = missing / (self.rate * self.share) if missing > 1e-4 else 0.0
        return max(now + wait, self.closed_until)

    def take(self, now: float) -> None:
        """Take one token, even if there is none yet (the level becomes negative)."""
        self._fill(now)
        self.level -= 1.0

    def close(self, until: float) -> None:
        """Give no token before ``until``, because the server said so."""
        self.closed_until = max(self.closed_until, until)

    def learn(self) -> None:
        """Slow down, because the server asked to wait."""
        self.share = max(LEAST_SHARE, self.share * SLOWER)

    def turn_to(self, rate: float, now: float) -> None:
        """Change the rate; the tokens saved up do not grow by that."""
        self._fill(now)
        self.rate, self.burst = rate, max(1.0, rate / SMOOTHNESS)
        self.level = min(self.level, self.burst)

    def is_idle(self, now: float) -> bool:
        """Whether the bucket is as good as new, so that it may be dropped."""
        self._fill(now)
        return self.level >= self.burst and self.closed_until <= now and self.share >= 1.0

    def _fill(self, now: float) -> None:
        if now > self.updated_at:
            elapsed = now - self.updated_at
            self.level = min(self.burst, self.level + elapsed * self.rate * self.share)
            if self.share < 1.0:
                self.share = min(1.0, self.share + elapsed * RECOVERY)
            self.updated_at = now


class Pace:
    """All the buckets that a message must pass. Chats are Telegram's marked ids: groups negative.

    ``overall`` and ``per_chat`` are messages a second, ``per_group`` messages a minute.
    """

    def __init__(self, *, overall: float, per_chat: float, per_group: float) -> None:
        self._overall = Bucket(overall, max(1.0, overall / SMOOTHNESS))
        self._edits = Bucket(overall * EDIT_SHARE, max(1.0, overall * EDIT_SHARE / SMOOTHNESS))
        self._per_chat = per_chat
        self._per_group = per_group
        self._chats: dict[int, Bucket] = {}
        self.taken = 0
        """Messages and edits that were counted since the start."""

    @property
    def overall(self) -> float:
        """Messages a second over all chats."""
        return self._overall.rate

    def share(self, rate: float, now: float) -> None:
        """Change the overall rate to ``rate`` messages a second, since other processes send the
        rest."""
        self._overall.turn_to(rate, now)
        self._edits.turn_to(rate * EDIT_SHARE, now)

    def allowed(self, now: float) -> float:
        """Messages a second over all chats that may be sent at present; less after a wait that the
        server asked for."""
        self._overall.ready_at(now)
        return self._overall.rate * self._overall.share

    def closed_for(self, now: float) -> float:
        """The seconds for which nothing may be sent to any chat, because the server said so."""
        return max(0.0, self._overall.closed_until - now)

    def ready_at(self, chat_id: int, now: float) -> float:
        """The earliest time at which a message to this chat may be sent; ``now`` if at once."""
        return max(self._overall.ready_at(now), self.chat_ready_at(chat_id, now))

    def overall_ready_at(self, now: float) -> float:
        """The earliest time at which the overall limit allows a message."""
        return self._overall.ready_at(now)

    def chat_ready_at(self, chat_id: int, now: float) -> float:
        """The earliest time at which this chat's own limit allows a message."""
        bucket = self._chats.get(chat_id)
        return now if bucket is None else bucket.ready_at(now)

    def take(self, chat_id: int, now: float) -> None:
        """Count a message to this chat."""
        self.taken += 1
        self._overall.take(now)
        self._bucket(chat_id, now).take(now)

    def edits_ready_at(self, now: float) -> float:
        """The earliest time at which the overall limits allow an edit."""
        return max(self._overall.ready_at(now), self._edits.ready_at(now))

    def edit_ready_at(self, chat_id: int, now: float, since: float) -> float:
        """The earliest time at which a chat's own limit allows an edit that waits since ``since``;
        until ``EDIT_PATIENCE`` is over it leaves one token for a message."""
        bucket = self._chats.get(chat_id)
        if bucket is None:
            return now
        patient_until = since + EDIT_PATIENCE / bucket.rate
        leaving = bucket.ready_at(now, leaving=1.0)
        return min(leaving, max(patient_until, bucket.ready_at(now)))

    def take_edit(self, chat_id: int, now: float) -> None:
        """Count an edit of a message in this chat."""
        self._edits.take(now)
        self.take(chat_id, now)

    def close_chat(self, chat_id: int, until: float, now: float) -> None:
        """Send nothing to this chat before ``until``."""
        self._bucket(chat_id, now).close(until)

    def close_all(self, until: float) -> None:
        """Send nothing to anybody before ``until``."""
        self._overall.close(until)

    def learn_chat(self, chat_id: int, now: float) -> None:
        """Slow down in this chat, because the server asked to wait."""
        self._bucket(chat_id, now).learn()

    def learn_all(self) -> None:
        """Slow down over all chats, because the server asked to wait."""
        self._overall.learn()

    def closed_chats(self, now: float, until: float) -> list[int]:
        """The chats to which nothing may be sent before ``until``."""
        return [key for key, bucket in self._chats.items() if bucket.ready_at(now) > until]

    def _bucket(self, chat_id: int, now: float) -> Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            if len(self._chats) >= _KEPT_CHATS:
                self._forget_idle(now)
            bucket = self._chats[chat_id] = self._new_bucket(chat_id, now)
        return bucket

    def _new_bucket(self, chat_id: int, now: float) -> Bucket:
        if chat_id > 0:
            bucket = Bucket(self._per_chat, max(CHAT_BURST, self._per_chat))
        else:
            # The minute's allowance may be spoken at once, but no faster than a chat's own burst.
            bucket = Bucket(self._per_group / 60.0, max(1.0, min(CHAT_BURST, self._per_group)))
        bucket.updated_at = now
        return bucket

    def _forget_idle(self, now: float) -> None:
        for chat_id in [key for key, bucket in self._chats.items() if bucket.is_idle(now)]:
            del self._chats[chat_id]
