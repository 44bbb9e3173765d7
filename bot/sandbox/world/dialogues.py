"""Private messages between two accounts."""

from bot.sandbox.protocol.session import Session
from bot.sandbox.state.boxes import Event, Kind
from bot.sandbox.state.clock import now
from bot.sandbox.state.messages import Content, PrivateMessage
from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.stage import Stage


class Dialogue:
    """All messages of two accounts, oldest first; deleted ones are marked, not removed."""

    def __init__(self, world: Stage, one: Account, other: Account) -> None:
        self._world = world
        self.members = (one, other)
        self.messages: list[PrivateMessage] = []

    def other(self, account: Profile) -> Account:
        """Gives the other side."""
        one, other = self.members
        return other if account is one else one

    def send(self, message: PrivateMessage, *, skip: Session | None = None) -> Event:
        """Puts a message into both boxes, pushes it, and gives the event of the sender's box.

        ``skip`` is the session that learns of it by the answer to its own request.
        """
        sender = message.sender
        assert sender is not None  # noqa: S101  (narrows the type)
        events = []
        for account in sorted(dict.fromkeys(self.members), key=lambda one: one is not sender):
            message.ids[account.id] = number = account.box.next_message_id()
            account.messages[number] = message
            events.append((account, account.box.record("new", message)))
        self.messages.append(message)
        if sender.is_bot:
            self._world.ledger.received.append(message)
        self._push(events, skip)
        return events[0][1]

    def edit(
        self, message: PrivateMessage, content: Content, *, skip: Session | None = None
    ) -> Event:
        """Changes a message for both; gives the event of its sender's box."""
        message.revise(content)
        events = self._record("edit", [message], skip)
        return next(event for account, event in events if account is message.sender)

    def delete(self, messages: list[PrivateMessage], *, skip: Session | None = None) -> None:
        """Deletes messages for both."""
        for message in messages:
            message.deleted_at = now()
        self._record("delete", messages, skip)

    def _record(
        self, kind: Kind, messages: list[PrivateMessage], skip: Session | None
    ) -> list[tuple[Account, Event]]:
        accounts = dict.fromkeys(self.members)
        events = [(account, account.box.record(kind, *messages)) for account in accounts]
        self._push(events, skip)
        return events

    def _push(self, events: list[tuple[Account, Event]], skip: Session | None) -> None:
        for account, event in events:
            self._world.push_event(account, event, skip=skip)
        self._world.changes.fire()
