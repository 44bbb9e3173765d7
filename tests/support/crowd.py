"""Many people who give commands and press buttons at once, and what is to come of it."""

import asyncio
import itertools
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from handlers import buttons
from handlers.render.text import keyboards

PATIENCE = 180.0
GARBLED = (b"\xff" * 64, b"\0", b"", b"ap|" + b"9" * 40 + b"|0", b"zz|1", b"-1:pd|1")
VERBS = sorted(buttons.VERBS.keys() - {keyboards.FORGET})
"""Who presses that one asks for it."""


class Crowd:
    """People who give commands and press buttons: those who are ``honest`` press what is theirs,
    twice; ``forgers`` press what is of others, and garbled data. ``victim`` has an alert."""

    def __init__(self, stage: Any, *, chats: int, commands: int, seed: int) -> None:
        self.stage = stage
        self.chance = random.Random(seed)  # noqa: S311
        self.commands = commands
        self.victim = stage.sandbox.add_user("Victim").chat_with(stage.bot)
        people = [stage.sandbox.add_user(f"Person {number}") for number in range(chats)]
        chats_of_all = [person.chat_with(stage.bot) for person in people]
        self.honest, self.forgers = chats_of_all[::2], chats_of_all[1::2]
        self.drops: dict[Any, tuple[Any, bytes]] = {}
        self.asked: dict[Any, list[str]] = {chat: [] for chat in chats_of_all}
        self.set_up: dict[Any, set[str]] = {chat: set() for chat in (self.victim, *self.honest)}
        self._words = (f"w{number}x" for number in itertools.count())

    async def arrive(self) -> None:
        """Everybody has an alert, and below the answer a button that removes it."""
        await asyncio.gather(*map(self._arrive, (self.victim, *self.asked)))

    async def _arrive(self, chat: Any) -> None:
        word = next(self._words)
        added = await chat.ask(f"/alert {word}", timeout=PATIENCE)
        data = next(b.data for row in added.buttons for b in row if b.data.startswith(b"pd|"))
        self.drops[chat] = (added, data)
        if chat is self.victim:
            self.set_up[chat].add(word)

    async def rush(self) -> None:
        """All that they send and press, in the order of nobody."""
        deeds = [*self.asked] * self.commands * 2
        self.chance.shuffle(deeds)
        for number, chat in enumerate(deeds):
            if number % 2:
                word = next(self._words)
                is_alert = chat in self.honest and self.chance.random() < 0.5
                self.asked[chat].append(word)
                if is_alert:
                    self.set_up[chat].add(word)
                await chat.send(f"/{'alert' if is_alert else 'search'} {word}")
            else:
                self._press(chat)

    def _press(self, chat: Any) -> None:
        """What is honest is pressed twice, also when the message is an old one by now."""
        message, drop = self.drops[chat]
        pressed = [drop, drop, self.chance.choice(GARBLED)]
        if chat in self.forgers:
            pressed = [self._forged() for _ in range(3)]
        for data in pressed:
            self.stage.sandbox.press(chat.user, message, data)

    def _forged(self) -> bytes:
        """A button of any kind, about a row of somebody else's, or for their chat."""
        other = self.chance.choice([self.victim, *self.honest])
        row = self.drops[other][1].decode().split("|")[1]
        verb = self.chance.choice(VERBS)
        fields = [row, *(str(self.chance.randint(0, 9)) for _ in range(self.chance.randint(0, 4)))]
        data = "|".join([verb, *self.chance.sample(fields, len(fields))])
        behalf = f"-100{other.user.id}:" if self.chance.random() < 0.2 else ""
        return (behalf + data).encode()[:64]

    def answered(self) -> Counter[str]:
        """How often each command was."""
        said = {chat: [message.text for message in chat.messages] for chat in self.asked}
        return Counter(
            {
                word: sum(word in text for text in said[chat])
                for chat, words in self.asked.items()
                for word in words
            }
        )

    def unanswered(self) -> int:
        """How many commands are without an answer."""
        return sum(not count for count in self.answered().values())

    def faults(self, database: Path) -> list[str]:
        """What is not as it is to be, once all are answered and all presses done."""
        odd = [f"{word}: {n} answers" for word, n in self.answered().items() if n != 1]
        if len(self.victim.messages) != 1:
            odd.append(f"the victim was told {len(self.victim.messages)} times")
        with closing(sqlite3.connect(database)) as db:
            found = db.execute("SELECT chat_id, query FROM alert").fetchall()
        kept = {chat.user.id: {q for id, q in found if id == chat.user.id} for chat in self.set_up}
        for chat, wanted in self.set_up.items():
            if kept[chat.user.id] != wanted:
                odd.append(f"alerts of {chat.user.id}: {kept[chat.user.id]}, not {wanted}")
        for chat in self.honest:
            removed = [one for one in chat.messages if one.text.startswith("Removed")]
            if len(removed) != 1:
                odd.append(f"{chat.user.id} was told {len(removed)} times that an alert is removed")
        return odd
