"""What was posted and what reached whom: the sandbox's own account of the truth."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from bot.sandbox.state.messages import Message
from bot.sandbox.state.profiles import ChannelProfile, Profile

DuplicateOutcome = Literal["refused", "answered", "forgotten"]


class Posted(Struct, frozen=True, kw_only=True):
    """A post as it was when it appeared in its channel."""

    channel: ChannelProfile
    id: int
    text: str
    date: datetime
    at: datetime


class Duplicate(Struct, frozen=True, kw_only=True):
    """A message sent with a random id that its sender had used before.

    ``outcome``: it was "refused", or "answered" with the message of before, or the id was
    "forgotten" and the message has come once more.
    """

    sender: Profile
    random_id: int
    at: datetime
    outcome: DuplicateOutcome


class Answer(Struct, frozen=True, kw_only=True):
    """A bot's answer to a pressed button."""

    text: str | None
    alert: bool
    url: str | None
    user: Profile
    bot: Profile
    at: datetime


class Ledger:
    """Grows only. ``received`` holds the messages that bots sent; they carry their edits."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.received: list[Message] = []
        self.duplicates: list[Duplicate] = []
        self.answers: list[Answer] = []

    def received_by(self, recipient: Profile | ChannelProfile) -> list[Message]:
        """Gives what bots sent to one account or channel, in order."""
        return [
            message
            for message in self.received
            if getattr(message, "recipient", getattr(message, "channel", None)) is recipient
        ]
