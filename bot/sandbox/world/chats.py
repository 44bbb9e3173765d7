"""What a person does in a chat with a bot, and what they see there."""

import secrets
from collections.abc import Callable, Sequence
from typing import TypeVar

from telethon.tl import TLObject, types

from bot.sandbox.state.changes import PATIENCE, Changes
from bot.sandbox.state.ledger import Answer
from bot.sandbox.state.messages import Button, Content, File, Forward, Message, PrivateMessage
from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.inline import InlineAnswer
from bot.sandbox.world.talks import Talks

Predicate = Callable[[PrivateMessage], bool]
M = TypeVar("M", bound=Message)


class Chat:
    """A person's chat with a bot. Waiting is by events; ``timeout`` is in seconds."""

    def __init__(self, world: Talks, user: Account, bot: Bot) -> None:
        self._world = world
        self.user = user
        self.bot = bot
        self._dialogue = world.dialogue(user, bot)

    @property
    def messages(self) -> list[PrivateMessage]:
        """What the bot sent, in order, deleted messages too."""
        return [message for message in self._dialogue.messages if message.sender is self.bot]

    async def send(
        self,
        text: str,
        *,
        entities: Sequence[TLObject] | None = None,
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

    async def edit(self, message: PrivateMessage, text: str) -> None:
        """Edits what the person sent."""
        self._dialogue.edit(message, Content(text=text, entities=_entities(text, None)))

    async def attach(self, *media: TLObject, text: str = "") -> list[PrivateMessage]:
        """Sends media to the bot, several as an album, with the text below the first."""
        grouped_id = secrets.randbits(62) if len(media) > 1 else None
        sent = [
            PrivateMessage(
                content=Content(text="" if number else text, media=one),
                sender=self.user,
                recipient=self.bot,
                grouped_id=grouped_id,
            )
            for number, one in enumerate(media)
        ]
        for message in sent:
            self._dialogue.send(message)
        return sent

    async def send_file(self, file: File, *, text: str = "") -> PrivateMessage:
        """Sends a file to the bot, which can get its bytes, with the text below it."""
        content = Content(
            text=text, entities=_entities(text, None), media=self._world.keep_file(file)
        )
        message = PrivateMessage(content=content, sender=self.user, recipient=self.bot, file=file)
        self._dialogue.send(message)
        return message

    async def forward(self, post: Message) -> PrivateMessage:
        """Forwards a post of a channel to the bot."""
        origin = Forward(date=post.date, channel=post.place, channel_post=post.id_for(self.user))
        message = PrivateMessage(
            content=post.content, sender=self.user, recipient=self.bot, forward=origin
        )
        self._dialogue.send(message)
        return message

    async def start(self, payload: str = "") -> PrivateMessage:
        """Presses Start, with what a ``?start=`` link carries."""
        return await self.send(f"/start {payload}".rstrip())

    async def ask(self, text: str, *, timeout: float = PATIENCE) -> PrivateMessage:  # noqa: ASYNC109
        """Sends a message and gives the next one that the bot sends, without what it says
        unasked (``Bot.is_unasked``): that may come at any time."""
        sent = await self.send(text)
        is_unasked = self.bot.is_unasked
        return await self.wait_for(
            lambda message: not is_unasked(message.text), after=sent, timeout=timeout
        )

    async def wait_for(
        self,
        what: str | Predicate | None = None,
        *,
        after: PrivateMessage | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> PrivateMessage:
        """Waits for a message of the bot: with this text in it, or that the predicate takes.

        Messages that are there already count, those after ``after`` only when it is given; an
        edit counts as much as a new message. Raises TimeoutError.
        """
        return await wait_for_message(
            self._world.changes,
            lambda: self._dialogue.messages,
            what,
            sender=self.bot,
            after=after,
            timeout=timeout,
        )

    async def press(
        self,
        message: PrivateMessage,
        button: str | bytes | Button,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109
        wait: bool = True,
    ) -> Answer | None:
        """Presses a button, named by its text or data, and waits for the bot's answer.

        A bot that is offline never learns of it. Raises LookupError when there is no such
        button, TimeoutError when no answer comes; ``wait=False`` gives None at once.
        """
        pressed = message.find_button(button)
        return await self._world.queries.press(
            self.user, message, pressed, timeout=timeout, wait=wait
        )

    async def inline(
        self,
        text: str,
        *,
        offset: str = "",
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> InlineAnswer:
        """Types ``@bot text`` and waits for what the bot offers; raises TimeoutError."""
        return await self._world.inline_queries.ask(
            self.user, self.bot, text, offset=offset, timeout=timeout
        )


async def wait_for_message(
    changes: Changes,
    messages: Callable[[], Sequence[M]],
    what: str | Callable[[M], bool] | None,
    *,
    sender: Profile,
    after: M | None,
    timeout: float,  # noqa: ASYNC109
) -> M:
    """Waits for the first of ``messages()``, by ``sender``, that ``what`` fits."""
    matches = _matcher(what)

    def find() -> M | None:
        present = messages()
        first = present.index(after) + 1 if after is not None else 0
        theirs = (message for message in present[first:] if message.sender is sender)
        return next((message for message in theirs if matches(message)), None)

    wanted = repr(what) if isinstance(what, str) else "a message"
    name = sender.username or sender.first_name
    return await changes.wait_for(find, what=f"{wanted} from {name}", timeout=timeout)


def _entities(text: str, entities: Sequence[TLObject] | None) -> tuple[TLObject, ...]:
    if entities is not None:
        return tuple(entities)
    if not text.startswith("/") or len(text) == 1:
        return ()
    return (types.MessageEntityBotCommand(0, len(text.split(maxsplit=1)[0])),)


def _matcher(what: str | Callable[[M], bool] | None) -> Callable[[M], bool]:
    if what is None:
        return lambda message: True
    if isinstance(what, str):
        return lambda message: what in message.text
    return what
