"""Decides what becomes of a row whose sending failed. Pure."""

from typing import Literal

from msgspec import Struct

from storage.backoff import backoff

FailureKind = Literal[
    "duplicate",
    "timeout",
    "network",
    "server",
    "flood",
    "gone",
    "refused",
    "frozen",
    "unauthorized",
]
Action = Literal["sent", "retry", "gone", "hold", "dead", "stop", "close"]

MAX_ATTEMPTS = 8
NETWORK_DELAY = 3.0
FROZEN_DELAY = 3600.0


class Failure(Struct, frozen=True, kw_only=True):
    """Why a call to Telegram failed. ``seconds``: the wait that the server asked for."""

    kind: FailureKind
    reason: str
    seconds: float = 0.0


class Verdict(Struct, frozen=True, kw_only=True):
    """What to do with the row; ``delay``: seconds before a retry.

    ``blames``: the attempt counts toward ``MAX_ATTEMPTS``, after which the row is given up.
    """

    action: Action
    delay: float = 0.0
    blames: bool = True


def decide(failure: Failure, attempts: int) -> Verdict:
    """The verdict on a row after ``attempts`` counted tries (this one included).

    A duplicate was sent before. For a wait that the server names, a frozen account or a lost
    network the row is not to blame: it is retried as long as needed. What the server refuses for
    its content is given up at once (``dead``), and what keeps failing in other ways after
    ``MAX_ATTEMPTS``.
    """
    match failure.kind:
        case "duplicate":
            return Verdict(action="sent")
        case "gone":
            return Verdict(action="gone")
        case "refused":
            return Verdict(action="dead")
        case "unauthorized":
            return Verdict(action="stop")
        case "flood":
            return Verdict(action="retry", delay=max(1.0, failure.seconds), blames=False)
        case "frozen":
            return Verdict(action="retry", delay=FROZEN_DELAY, blames=False)
        case "timeout" | "network":
            return Verdict(action="retry", delay=NETWORK_DELAY, blames=False)
        case "server":
            if attempts >= MAX_ATTEMPTS:
                return Verdict(action="dead")
            return Verdict(action="retry", delay=backoff(attempts))


def decide_notice(failure: Failure, attempts: int) -> Verdict:
    """The verdict on a notice to an operator. If they cannot be written to, they may not have
    started the bot yet: the notice waits (``hold``)."""
    if failure.kind == "gone":
        return Verdict(action="hold")
    return decide(failure, attempts)


_UNEDITABLE = frozenset(
    {"MESSAGE_ID_INVALID", "MESSAGE_EDIT_TIME_EXPIRED", "MESSAGE_AUTHOR_REQUIRED"}
)


def decide_update(failure: Failure, attempts: int) -> Verdict:
    """The verdict on an edit of a message (core.telegram.org/method/messages.editMessage).

    An edit that changes nothing was made before. A message that its reader deleted, or that cannot
    be edited any more, is never edited again (``close``).
    """
    if failure.reason == "MESSAGE_NOT_MODIFIED":
        return Verdict(action="sent")
    if failure.reason in _UNEDITABLE:
        return Verdict(action="close")
    return decide(failure, attempts)
