"""What somebody hostile may send: buttons' data, texts and queries of random and mutated bytes."""

import random
from collections.abc import Sequence
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types

from benchmarks.fuzz_desk_stage import CREW, CY, EVE, WHEN, marked
from handlers import buttons, registry
from handlers.texts.languages import words_of

KINDS = ("press", "message", "inline", "membership")
WEIGHTS = (55, 30, 14, 1)
FIELDS = (
    "", "-", "0", "1", "2", "7", "-1", "00", "off", "on", "z", "l", "q", "d", "u", "c", "p", "s",
    "newest", "relevance", "7d", "ru", "en", "8", "t", "22:00-07:00", "25:99", "UTC", "Etc/../UTC",
    "9" * 18, "9" * 19, "18446744073709551616", "-9223372036854775809", "١٢", "²", "1e9", "0x10",
    "NaN", "harbour", "tg:100/1", "tg:100/99999999999999999999", "\0", "%", "'", "🦆", "\u202e",
)  # fmt: skip
QUERIES = (
    "ferry", '"ferry sails"', "ferry OR", "-ferry", "NOT", "(", ")", "((((", "fer*", "*", "ferry~3",
    "channel:harbour", "channel:", "lang:ru", "lang:xx", "after:7d", "before:2026-13-99",
    "after:99999999d", "by:ann", "is:original", "has:photo", "\\", "a AND (b OR", '"', "паром",
)  # fmt: skip


class Things:
    """Makes updates. ``seen`` is data of real buttons, one's own and others'; ``spoken_as`` are
    channels of their own that people spoke as in the group, who are asked things too."""

    def __init__(self, chance: random.Random, seen: Sequence[bytes]) -> None:
        self._chance = chance
        self._seen = seen
        self.spoken_as: set[int] = set()
        words = words_of("en")
        self._examples = [text for command in registry.COMMANDS for text in command.usage(words)]

    def make(self, sender: int) -> tuple[str, Any]:
        """A kind, and an update of that kind from this person, read back from its bytes."""
        kind = self._chance.choices(KINDS, WEIGHTS)[0]
        while True:
            update = getattr(self, f"_{kind}")(sender)
            sent = self._over_the_wire(update)
            if sent is not None:
                return kind, sent

    def _over_the_wire(self, update: Any) -> Any:
        """The update from its own bytes, a few of them changed now and then; None where it says
        something else then of what the server vouches for."""
        raw = bytearray(bytes(update))
        if self._chance.random() < 0.15:
            for _ in range(self._chance.randint(1, 3)):
                raw[self._chance.randrange(4, len(raw))] = self._chance.randrange(256)
        try:
            with BinaryReader(bytes(raw)) as reader:
                read = reader.tgread_object()
        except Exception:
            return None
        return read if type(read) is type(update) and vouched(read) == vouched(update) else None

    def _press(self, sender: int) -> Any:
        chance, data = self._chance, self.data()
        query_id = chance.randrange(-(2**63), 2**63)
        number = chance.choice((1, 5, 77, chance.randrange(1, 2**31)))
        if chance.random() < 0.05:
            return self._inline_press(sender, query_id, data)
        places = [types.PeerUser(sender)] * 6 + [types.PeerChannel(CREW)] * 3
        places += [types.PeerChat(chance.randrange(1, 2**31)), types.PeerUser(CY)]
        return types.UpdateBotCallbackQuery(
            query_id=query_id,
            user_id=sender,
            peer=chance.choice(places),
            msg_id=number,
            chat_instance=chance.randrange(2**40),
            data=None if chance.random() < 0.02 else data,
            game_short_name="game" if chance.random() < 0.02 else None,
        )

    def _inline_press(self, sender: int, query_id: int, data: bytes) -> Any:
        chance = self._chance
        low = chance.randrange(2**31)
        number: Any = types.InputBotInlineMessageID(2, low | CY % 2**31 << 32, 1)
        if chance.random() < 0.5:
            number = types.InputBotInlineMessageID64(2, EVE, low, 1)
        return types.UpdateInlineBotCallbackQuery(
            query_id=query_id, user_id=sender, msg_id=number, chat_instance=1, data=data
        )

    def _message(self, sender: int) -> Any:
        chance = self._chance
        number = chance.randrange(1, 2**31)
        if chance.random() < 0.05:
            return types.UpdateShortMessage(
                id=number, user_id=sender, message=self.text(), pts=1, pts_count=1, date=WHEN
            )
        in_group = chance.random() < 0.3
        place: Any = types.PeerChannel(CREW) if in_group else types.PeerUser(sender)
        kind = types.UpdateNewChannelMessage if in_group else types.UpdateNewMessage
        message: Any = types.MessageEmpty(number, place)
        if chance.random() < 0.05:
            actions = (types.MessageActionPinMessage(), types.MessageActionHistoryClear())
            action = chance.choice(actions)
            message = types.MessageService(id=number, peer_id=place, date=WHEN, action=action)
        elif chance.random() < 0.98:
            message = self._written(sender, place, number, in_group)
        return kind(message, pts=1, pts_count=1)

    def _written(self, sender: int, place: Any, number: int, in_group: bool) -> Any:
        chance = self._chance
        speaker: Any = types.PeerUser(sender)
        if in_group and sender == EVE and chance.random() < 0.2:
            speaker = types.PeerChannel(chance.randrange(1, 2**31))
            self.spoken_as.add(marked(speaker.channel_id))
        forward = types.MessageFwdHeader(date=WHEN, from_name="somebody")
        entity = types.MessageEntityBotCommand(chance.randrange(100), chance.randrange(100))
        media = types.MessageMediaUnsupported()
        return types.Message(
            id=number,
            peer_id=place,
            from_id=speaker if in_group or chance.random() < 0.5 else None,
            date=WHEN,
            message=self.text(in_group),
            entities=[entity] if chance.random() < 0.3 else None,
            fwd_from=forward if chance.random() < 0.05 else None,
            media=media if chance.random() < 0.05 else None,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=5) if chance.random() < 0.1 else None,
            via_bot_id=CY if chance.random() < 0.02 else None,
        )

    def _inline(self, sender: int) -> Any:
        chance = self._chance
        offset = chance.choice(("", "", "", chance.choice(FIELDS), self.noise(40)))
        return types.UpdateBotInlineQuery(
            query_id=chance.randrange(-(2**63), 2**63),
            user_id=sender,
            query=chance.choice((self.query(), self.noise(300))),
            offset=offset.replace("\ud800", ""),
        )

    def _membership(self, sender: int) -> Any:
        chance = self._chance
        if chance.random() < 0.5:
            stopped = chance.random() < 0.5
            return types.UpdateBotStopped(user_id=sender, date=WHEN, stopped=stopped, qts=1)
        return types.UpdateChatParticipant(
            chat_id=chance.randrange(1, 2**31),
            date=WHEN,
            actor_id=sender,
            user_id=chance.choice((sender, chance.randrange(1, 2**31))),
            qts=1,
        )

    def data(self) -> bytes:
        """Data of a button: seen before, put together, mutated, or nothing but noise."""
        chance = self._chance
        roll = chance.random()
        if roll < 0.15:
            return chance.randbytes(chance.randrange(65))
        if roll < 0.55 and self._seen:
            data = self._seen[chance.randrange(len(self._seen))]
        else:
            fields = [chance.choice(FIELDS) for _ in range(chance.randrange(6))]
            fields += [str(chance.randrange(60))] if chance.random() < 0.5 else []
            fields += ["x" * chance.randrange(40, 62)] if chance.random() < 0.1 else []
            chance.shuffle(fields)
            data = "|".join((chance.choice(list(buttons.VERBS)), *fields)).encode()
        if chance.random() < 0.1:
            data = b"-100" + str(chance.choice((CREW, CREW + 1, 10**17))).encode() + b":" + data
        return self._mutated(data)[:64] if chance.random() < 0.4 else data[:64]

    def _mutated(self, data: bytes) -> bytes:
        chance, changed = self._chance, bytearray(data)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(changed) + 1)
            match chance.randrange(4):
                case 0:
                    changed[place:place] = chance.randbytes(chance.randint(1, 8))
                case 1:
                    del changed[place : place + chance.randint(1, 8)]
                case 2:
                    changed[place : place + 1] = bytes([chance.randrange(256)])
                case _:
                    changed[place:place] = str(chance.randrange(2**70)).encode()
        return bytes(changed)

    def query(self) -> str:
        """A query, or what looks like one."""
        chance = self._chance
        return " ".join(chance.choice(QUERIES) for _ in range(chance.randint(1, 5)))

    def text(self, in_group: bool = False) -> str:
        """A command with anything behind it, or any text; as a group addresses the bot."""
        chance = self._chance
        roll = chance.random()
        if roll < 0.2:
            return self.noise(chance.choice((20, 200, 4096)))
        command = chance.choice(self._examples)
        name, _, rest = command.partition(" ")
        if in_group and chance.random() < 0.8:
            name += "@dateline_bot"
        arguments = (rest, self.query(), self.noise(60), chance.choice(FIELDS), "")
        text = f"{name} {chance.choice(arguments)}"
        if roll < 0.3:
            return self._mutated(text.encode()).decode("utf-8", "replace")
        return text.strip() if roll < 0.9 else self.query()

    def noise(self, most: int) -> str:
        """Any characters that text may hold."""
        chance = self._chance
        highest = chance.choice((0x7F, 0x4FF, 0xD7FF, 0x10FFFF))
        codes = chance.choices(range(highest + 1), k=int(chance.random() * (most + 1)))
        return "".join(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF)


def vouched(update: Any) -> tuple[Any, ...]:
    """What the server says of who sent an update, and where: nobody forges that."""
    message = getattr(update, "message", None)
    names = ("user_id", "peer", "chat_id", "channel_id", "actor_id", "stopped")
    said = tuple(_plain(getattr(update, name, None)) for name in names)
    if not isinstance(message, types.Message | types.MessageService | types.MessageEmpty):
        return (*said, bool(getattr(update, "out", False)))
    of_message = (_plain(message.peer_id), _plain(getattr(message, "from_id", None)))
    flags = (bool(getattr(message, name, False)) for name in ("post", "out"))
    return (*said, type(message).__name__, *of_message, *flags)


def _plain(value: Any) -> Any:
    peers = types.PeerUser | types.PeerChannel | types.PeerChat
    return bytes(value) if isinstance(value, peers) else value
