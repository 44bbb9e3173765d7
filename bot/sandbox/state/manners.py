"""The ways in which Telegram may word the same answer: what a client must not depend on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.state.messages import Message
from bot.sandbox.state.repeats import Repeats


@dataclass(slots=True)
class Manners:
    """How this server answers. By default as Telegram mostly does.

    ``page``: the most messages that a history answers with. ``hidden``: posts that no history shows
    (Telegram leaves out what is "not displayable"), or only as empty ones (``shows_empty``).
    ``plain_history``: a history without ``pts`` and count. ``lists_usernames``: public names in the
    list alone, as those of channels with several. ``repeats``: what becomes of a ``random_id`` that
    is used again. ``clock_ahead``: seconds that its clock is before ours. ``application``: the one
    pair of ``api_id`` and ``api_hash`` that it takes; None for any.
    """

    page: int = 100
    hidden: set[Message] = field(default_factory=set)
    shows_empty: bool = False
    plain_history: bool = False
    lists_usernames: bool = False
    repeats: Repeats = field(default_factory=Repeats)
    clock_ahead: float = 0.0
    application: tuple[int, str] | None = None

    def cut(self, newest_first: Sequence[Message]) -> list[Message]:
        """What a history shows of the messages that were asked for."""
        shown = [item for item in newest_first if self.shows_empty or item not in self.hidden]
        return shown[: self.page]
