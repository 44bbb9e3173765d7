"""What was posted and what reached whom: the sandbox's own account of the truth."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.sandbox.messages import Message

if TYPE_CHECKING:
    from bot.sandbox.accounts import Account, Bot, User
    from bot.sandbox.channels import Channel

DuplicateOutcome = Literal["refused", "answered", "forgotten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post as it was when it appeared in its channel."""

    channel: "Channel"
    id: int
    text: str
    date: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A message sent with a random id that its sender had used before.

    ``outcome``: it was "refused", or "answered" with the message of before, or the id was
    "forgotten" and the message has come once more.
    """

    sender: "Account"
    random_id: int
    at: datetime
    outcome: DuplicateOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A bot's answer to a pressed button."""

    text: str | None
    alert: bool
    url: str | None
    user: "User"
    bot: "Bot"
    at: datetime


class Ledger:
    """Grows only. ``received`` holds the messages that bots sent; they carry their edits."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.received: list[Message] = []
        self.duplicates: list[Duplicate] = []
        self.answers: list[Answer] = []

    def received_by(self, recipient: "Account | Channel") -> list[Message]:
        """Gives what bots sent to one account or channel, in order."""
        return [
            message
            for message in self.received
            if getattr(message, "recipient", getattr(message, "channel", None)) is recipient
        ]
