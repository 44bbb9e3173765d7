"""Rate limits for requests of people and chats: a number a minute, at once or spread. Pure.

Times are in seconds of a monotonic clock.
"""

from bot.telegram.pace import Bucket

_KEPT = 4096


class Allowance:
    """``per_minute`` requests for each key; a used-up allowance refills evenly."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: dict[int, Bucket] = {}

    def take(self, key: int, now: float) -> bool:
        """Use one request of this key; False if none is left."""
        bucket = self._bucket(key, now)
        if bucket.ready_at(now) > now:
            return False
        bucket.take(now)
        return True

    def wait(self, key: int, now: float) -> float:
        """Seconds until this key may make a request; 0 if it may now."""
        return self._bucket(key, now).ready_at(now) - now

    def _bucket(self, key: int, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = Bucket(self._per_minute / 60.0, float(self._per_minute))
            bucket.updated_at = now
        return bucket

    def _forget(self, now: float) -> None:
        if len(self._buckets) >= _KEPT:
            for key in [key for key, bucket in self._buckets.items() if bucket.is_idle(now)]:
                del self._buckets[key]
