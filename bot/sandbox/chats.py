"""What a person does in a chat with a bot, and what they see there."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from telethon.tl import types

from bot.sandbox.ledger import Answer
from bot.sandbox.messages import Button, Content, Message, PrivateMessage

if TYPE_CHECKING:
    from bot.sandbox.accounts import Bot, User

Predicate = Callable[[PrivateMessage], bool]


class Chat:
    """A person's chat with a bot. Waiting is by events; ``timeout`` is in seconds."""

    def __init__(self, user: "User", bot: "Bot") -> None:
        self.user = user
        self.bot = bot
        self._dialogue = user.world.dialogue(user, bot)

    @property
    def messages(self) -> list[PrivateMessage]:
        """What the bot sent, in order, deleted messages too."""
        return [message for message in self._dialogue.messages if message.sender is self.bot]

    async def send(
        self,
        text: str,
        *,
        entities: Sequence[Any] | None = None,
        reply_to: Message | None = None,
    ) -> PrivateMessage:
        """Sends a message to the bot; a leading /command is marked, as apps do."""
        message = PrivateMessage(
            content=Content(text=text, entities=_entities(text, entities)),
            sender=self.user,
            recipient=self.bot,
            reply_to=reply_to,
        )
        self._dialogue.send(message)
        return message

    async def start(self, payload: str = "") -> PrivateMessage:
        """Presses Start, with what a ``?start=`` link carries."""
        return await self.send(f"/start {payload}".rstrip())

    async def ask(self, text: str, *, timeout: float = 10) -> PrivateMessage:  # noqa: ASYNC109
        """Sends a message and gives the next one that the bot sends."""
        sent = await self.send(text)
        return await self.wait_for(after=sent, timeout=timeout)

    async def wait_for(
        self,
        what: str | Predicate | None = None,
        *,
        after: PrivateMessage | None = None,
        timeout: float = 10,  # noqa: ASYNC109
    ) -> PrivateMessage:
        """Waits for a message of the bot: with this text in it, or that the predicate takes.

        Messages that are there already count, those after ``after`` only when it is given; an
        edit counts as much as a new message. Raises TimeoutError.
        """
        matches = _matcher(what)

        def find() -> PrivateMessage | None:
            messages = self._dialogue.messages
            first = messages.index(after) + 1 if after is not None else 0
            theirs = (message for message in messages[first:] if message.sender is self.bot)
            return next((message for message in theirs if matches(message)), None)

        wanted = repr(what) if isinstance(what, str) else "a message"
        return await self.user.world.changes.wait_for(
            find, what=f"{wanted} from {self.bot.username}", timeout=timeout
        )

    async def press(
        self,
        message: PrivateMessage,
        button: str | bytes | Button,
        *,
        timeout: float = 10,  # noqa: ASYNC109
        wait: bool = True,
    ) -> Answer | None:
        """Presses a button, named by its text or data, and waits for the bot's answer.

        A bot that is offline never learns of it. Raises LookupError when there is no such
        button, TimeoutError when no answer comes; ``wait=False`` gives None at once.
        """
        pressed = _find_button(message, button)
        query = self.user.world.queries.press(self.user, self.bot, message, pressed.data or b"")
        if not wait:
            return None
        return await self.user.world.changes.wait_for(
            lambda: query.answer, what=f"an answer to {pressed.text!r}", timeout=timeout
        )


def _entities(text: str, entities: Sequence[Any] | None) -> tuple[Any, ...]:
    if entities is not None:
        return tuple(entities)
    if not text.startswith("/") or len(text) == 1:
        return ()
    return (types.MessageEntityBotCommand(0, len(text.split(maxsplit=1)[0])),)


def _matcher(what: str | Predicate | None) -> Predicate:
    if what is None:
        return lambda message: True
    if isinstance(what, str):
        return lambda message: what in message.text
    return what


def _find_button(message: Message, wanted: str | bytes | Button) -> Button:
    for row in message.buttons:
        for button in row:
            if wanted in (button, button.text, button.data):
                return button
            if isinstance(wanted, str) and wanted.encode() == button.data:
                return button
    raise LookupError(f"no button {wanted!r} under {message.text[:40]!r}")
