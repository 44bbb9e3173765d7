"""What goes wrong on demand: refused, lost and late calls, lost and muddled pushes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from telethon.tl import TLObject, TLRequest

from bot.sandbox.state.changes import PATIENCE
from bot.sandbox.state.profiles import ChannelProfile, Profile
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.users import User
from bot.sandbox.world.world import World

CallKind = Literal[
    "fail", "drop before", "drop after", "withhold request", "withhold reply", "delay", "muddle"
]
PushKind = Literal["withhold push", "duplicate push", "reorder push"]
Peer: TypeAlias = Account | Channel


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One thing that goes wrong, ``times`` times (None: until stopped), on each ``every``-th call
    that matches."""

    world: World = field(repr=False)
    kind: CallKind | PushKind
    method: str = "*"
    account: Account | None = None
    peer: Peer | None = None
    times: int | None = 1
    every: int = 1
    code: int = 400
    error: str = ""
    seconds: float = 0.0
    result: TLObject | None = None
    text: str = ""
    seen: int = 0
    hits: int = 0
    stopped: bool = False
    held: list[Callable[[], None]] = field(default_factory=list, repr=False)

    @property
    def active(self) -> bool:
        """Whether it still strikes."""
        return not self.stopped and (self.times is None or self.hits < self.times)

    def stop(self) -> None:
        """Strikes no more; what it holds stays held."""
        self.stopped = True

    def release(self) -> None:
        """Lets go, in order, what was withheld."""
        held, self.held = self.held, []
        for let_go in held:
            let_go()

    async def wait_hit(self, count: int = 1, *, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Waits until it has struck so often."""
        await self.world.changes.wait_for(
            lambda: self.hits >= count,
            what=f"fault {self.kind!r} on {self.method} to strike {count} time(s)",
            timeout=timeout,
        )

    def is_due(self) -> bool:
        """Counts a call that matches; gives whether this one is struck."""
        self.seen += 1
        return self.seen % self.every == 0

    def strike(self) -> None:
        """Counts a hit."""
        self.hits += 1
        self.world.changes.fire()


class Faults:
    """All faults of a sandbox; the first active one that matches strikes.

    Everywhere: ``method`` is a name such as ``messages.sendMessage``, or ``*``; ``times`` how
    often (None: until stopped), for calls ``every`` which of them; ``account`` who calls and
    ``peer`` whom the call names, None for anybody; ``text`` words that the message of the call has.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._of_calls: list[Fault] = []
        self._of_pushes: list[Fault] = []

    def fail(self, method: str, error: str, *, code: int = 400, **where: Any) -> Fault:
        """Refuses calls with an RPC error."""
        return self._add_call_fault("fail", method, error=error, code=code, **where)

    def flood_wait(self, method: str, seconds: int, **where: Any) -> Fault:
        """Refuses calls with FLOOD_WAIT."""
        return self.fail(method, f"FLOOD_WAIT_{seconds}", code=420, **where)

    def muddle(self, method: str, result: TLObject, **where: Any) -> Fault:
        """Answers calls with something of the sandbox's choice."""
        return self._add_call_fault("muddle", method, result=result, **where)

    def drop_connection(
        self, method: str, when: Literal["before", "after"] = "before", **where: Any
    ) -> Fault:
        """Cuts the connection instead of processing a call, or of answering it."""
        kind: CallKind = "drop after" if when == "after" else "drop before"
        return self._add_call_fault(kind, method, **where)

    def withhold_request(self, method: str, **where: Any) -> Fault:
        """Leaves calls unprocessed and unanswered; `release` processes them."""
        return self._add_call_fault("withhold request", method, **where)

    def withhold_reply(self, method: str, **where: Any) -> Fault:
        """Processes calls and leaves them unanswered; `release` answers them."""
        return self._add_call_fault("withhold reply", method, **where)

    def delay(
        self, method: str, seconds: float, *, times: int | None = None, **where: Any
    ) -> Fault:
        """Processes calls late."""
        return self._add_call_fault("delay", method, seconds=seconds, times=times, **where)

    def withhold_pushes(
        self,
        account: Account | None = None,
        channel: Channel | None = None,
        *,
        times: int | None = None,
    ) -> Fault:
        """Keeps pushes back; `release` sends them."""
        return self._add_push_fault("withhold push", account, channel, times)

    def duplicate_pushes(
        self,
        account: Account | None = None,
        channel: Channel | None = None,
        *,
        times: int | None = None,
    ) -> Fault:
        """Sends pushes twice."""
        return self._add_push_fault("duplicate push", account, channel, times)

    def reorder_pushes(
        self, account: Account | None = None, channel: Channel | None = None, *, times: int = 2
    ) -> Fault:
        """Keeps ``times`` pushes back, then sends them in reverse order."""
        return self._add_push_fault("reorder push", account, channel, times)

    async def block(self, user: User, bot: Bot) -> None:
        """The user blocks the bot."""
        await user.block(bot)

    async def unblock(self, user: User, bot: Bot) -> None:
        """The user lets the bot write again."""
        await user.unblock(bot)

    def clear(self) -> None:
        """Stops all faults."""
        for fault in (*self._of_calls, *self._of_pushes):
            fault.stop()
        self._of_calls.clear()
        self._of_pushes.clear()

    def _add_call_fault(self, kind: CallKind, method: str, **details: Any) -> Fault:
        fault = Fault(world=self._world, kind=kind, method=method, **details)
        self._of_calls.append(fault)
        return fault

    def _add_push_fault(
        self,
        kind: PushKind,
        account: Account | None,
        channel: Channel | None,
        times: int | None,
    ) -> Fault:
        fault = Fault(world=self._world, kind=kind, account=account, peer=channel, times=times)
        self._of_pushes.append(fault)
        return fault

    # What the server asks

    def take_call(self, method: str, account: Account | None, request: TLRequest) -> Fault | None:
        """Gives the fault that strikes this call, and counts the hit."""
        for fault in self._of_calls:
            if (
                fault.active
                and fault.method in ("*", method)
                and fault.account in (None, account)
                and (fault.peer is None or fault.peer.id == _peer_id(request))
                and fault.text in (getattr(request, "message", None) or "")
                and fault.is_due()
            ):
                fault.strike()
                return fault
        return None

    def take_push(self, account: Profile, channel: ChannelProfile | None) -> Fault | None:
        """Gives the fault that strikes this push, and counts the hit."""
        for fault in self._of_pushes:
            if fault.active and fault.account in (None, account) and fault.peer in (None, channel):
                fault.strike()
                return fault
        return None


def _peer_id(request: TLRequest) -> int | None:
    peer = getattr(request, "peer", None) or getattr(request, "channel", None)
    for name in ("channel_id", "user_id", "chat_id"):
        number = getattr(peer, name, None)
        if isinstance(number, int):
            return number
    return None
