"""The calls that clients made, as the sandbox remembers them."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from telethon.tl import TLRequest

from bot.sandbox.rpc.call import CallRecord

if TYPE_CHECKING:
    from bot.sandbox.world.accounts import Account


class CallLog:
    """Every call, in order, and by method."""

    def __init__(self) -> None:
        self.all: list[CallRecord] = []
        self.unknown: list[CallRecord] = []
        self.failures: list[Exception] = []
        self._by_method: defaultdict[str, list[CallRecord]] = defaultdict(list)

    def add(self, method: str, account: "Account | None", request: TLRequest) -> CallRecord:
        """Remembers a call that has just come in."""
        record = CallRecord(method=method, account=account, request=request)
        self.all.append(record)
        self._by_method[method].append(record)
        return record

    def find(
        self,
        method: str,
        count: int,
        account: "Account | None",
        matching: Callable[[TLRequest], bool] | None,
    ) -> CallRecord | None:
        """Gives the ``count``-th call that matches."""
        records = self._by_method[method] if method != "*" else self.all
        if len(records) < count:
            return None
        if account is None and matching is None:
            return records[count - 1]
        matches = (
            record
            for record in records
            if account in (None, record.account) and (matching is None or matching(record.request))
        )
        return next((record for number, record in enumerate(matches, 1) if number == count), None)

    def count(self, method: str, account: "Account | None") -> int:
        """Tells how often a method was called."""
        records = self._by_method[method] if method != "*" else self.all
        return sum(account in (None, record.account) for record in records)
