"""What is looked at, and what of it the service can bear. Pure."""

from typing import Literal, TypeAlias

from msgspec import Struct

REFUSED, FIRST, TWICE = (
    "refused as a duplicate",
    "answered with the first message",
    "sent a second time",
)
SAME_DATA, CAME, NO_WAIT = "the same 64 bytes", "it came", "no wait"
ENTITIES = 101

When: TypeAlias = Literal["at once", "after a minute", "from another session"]
Text: TypeAlias = Literal["the same text", "another text"]


class Expectation(Struct, frozen=True, kw_only=True):
    """``what`` is looked at; ``expected`` says in words what may be seen, ``bears`` lists it."""

    what: str
    expected: str
    bears: frozenset[str]


class Finding(Struct, frozen=True, kw_only=True):
    """An expectation and what was seen of it."""

    expectation: Expectation
    seen: str

    @property
    def holds(self) -> bool:
        """Whether the service can bear what was seen."""
        return self.seen in self.expectation.bears


def repeated(when: When, text: Text) -> Expectation:
    """What becomes of a ``random_id`` that is used again: nothing is to be sent twice."""
    return Expectation(
        what=f"a random_id used again with {text}, {when}",
        expected=f"{REFUSED}, or {FIRST}",
        bears=frozenset({REFUSED, FIRST}),
    )


def kept(count: int) -> str:
    """How many of the entities stayed."""
    return f"{count} of {ENTITIES} kept"


REPLY = Expectation(
    what="a reply to a message that was deleted",
    expected="refused, or sent",
    bears=frozenset({"refused", "sent"}),
)
MANY_ENTITIES = Expectation(
    what=f"a message with {ENTITIES} entities",
    expected="sent, with 100 of them at least",
    bears=frozenset({kept(100), kept(ENTITIES)}),
)
OWN_DATA = Expectation(
    what="callback data of our own that is no text",
    expected=SAME_DATA,
    bears=frozenset({SAME_DATA}),
)
FOREIGN_DATA = Expectation(
    what="callback data that is on no button",
    expected="refused, or handed on",
    bears=frozenset({"refused", "handed on"}),
)
EDIT_PACE = Expectation(
    what="edits of one message at SEND_RATE_CHAT",
    expected=NO_WAIT,
    bears=frozenset({NO_WAIT}),
)
AWAY = Expectation(
    what="a message written while the bot was away",
    expected=CAME,
    bears=frozenset({CAME}),
)
