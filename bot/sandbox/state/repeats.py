"""What becomes of a ``random_id`` that its sender has used before.

What Telegram does is not documented, and reports differ; a client must come to no harm by any of
it. So this server has a mode for each: set ``sandbox.manners.repeats`` to one of ``MODES``, or to
``Repeats`` with a time of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from bot.sandbox.state.messages import Message

Answer = Literal["error", "original"]


class Repeats(Struct, frozen=True, kw_only=True):
    """How a repeated id is taken.

    ``answer``: "error" refuses it (500 RANDOM_ID_DUPLICATE), "original" answers with success and
    the message that was sent first, its old date, and a ``pts_count`` of 0. ``kept``: so long an id
    is remembered, for ever for None. ``across_sessions`` False: another session of the account (a
    client that was started or connected anew) does not know it. An id that is not known any more is
    a new one: what is sent with it comes a second time.
    """

    answer: Answer = "error"
    kept: timedelta | None = None
    across_sessions: bool = True

    def recall(
        self, known: "Remembered | None", *, session_id: int, at: datetime
    ) -> "Remembered | None":
        """What is still known of an id in this session at this time."""
        if known is None or (self.kept is not None and at - known.at > self.kept):
            return None
        if not self.across_sessions and session_id != known.session_id:
            return None
        return known


MODES: Mapping[str, Repeats] = MappingProxyType(
    {
        "error": Repeats(),
        "original": Repeats(answer="original"),
        "forgotten": Repeats(across_sessions=False),
    }
)
"""The three that clients are tested with."""


class Remembered(Struct, frozen=True, kw_only=True):
    """What was sent with an id, in which session, and when the id was last taken."""

    message: Message
    session_id: int
    at: datetime
