"""The first ten minutes of two readers, and their second week, as their phones show them:
docs/first-session.md.

    python benchmarks/first_session.py > docs/first-session.md

The real service runs against the sandbox; everything is tapped or typed, and what is shown is what
came. Times are those of the run.
"""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telethon.tl import types

from bot import logs
from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.state import media
from bot.sandbox.state.messages import Message
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.chats import Chat
from handlers.render.text.keyboards import MORE
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.cards import card_words
from handlers.texts.collecting import collection_words
from handlers.texts.people.asking import asking_words
from handlers.texts.people.welcoming import welcome_words
from handlers.texts.querying import querying_words
from handlers.times.zone_regions import REGIONS, place

PHONE = "+15550000001"
PATIENCE = 120.0
ROWS = 4
"""More rows of buttons than that are cut."""

INTRODUCTION = """# The first session

What a new reader taps and types in the first ten minutes, and in the second week, and what the bot
shows, in English and in Russian. `benchmarks/first_session.py` made it by running the service
against a Telegram of its own; the channels and all that they say are invented. What the reader
types stands in code, what is tapped in double brackets; below each message are its buttons.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one reader types, in their language, and what is noted beside it. ``region`` and
    ``place`` are those of the reader's time zone."""

    title: str
    language: str
    search: str
    query: str
    alert: str
    cancel: str
    region: str
    place: str
    post: str
    toast: str
    forward: str
    voice: str
    answers: str
    week: str
    brief: str
    note: str
    picture: str

    def label(self, button: str) -> str:
        """What a button says, or part of it."""
        said, asked = welcome_words(self.language), asking_words(self.language)
        settings, saved = alert_settings_words(self.language), collection_words(self.language)
        region = REGIONS[self.region]
        return {
            "search": said.search_button,
            "alert": said.alert_button,
            "digest": said.digest_button,
            "zone": said.zone_button,
            "eight": "8:00",
            "region": region.name(self.language),
            "place": place(self.place, self.language),
            "more": MORE,
            "mute": settings.mute,
            "unmute": settings.unmute_here,
            "take": asked.take,
            "keep": querying_words(self.language).keep,
            "brief": f"{self.brief} · ",
            "text": saved.text_button,
            "first alert": "🔔",
            "remove": card_words(self.language).remove,
            "undo": card_words(self.language).undo,
        }[button]


ENGLISH = Script(
    title="In English",
    language="en",
    search="ferry",
    query="harbour",
    alert="grain",
    cancel="cancel",
    region="eu",
    place="Europe/Lisbon",
    post="*A channel posts:*",
    toast="*shown for a moment:*",
    forward="forwards the last post",
    voice="sends a voice message",
    answers="in answer to the alert:",
    week="The second week",
    brief="Monday brief",
    note="Ask the port office how long it holds.",
    picture="a picture: the days of both",
)
RUSSIAN = Script(
    title="По-русски",
    language="ru",
    search="паром",
    query="порт",
    alert="зерно",
    cancel="отмена",
    region="ru",
    place="Europe/Moscow",
    post="*Канал пишет:*",
    toast="*показано на мгновение:*",
    forward="пересылает последний пост",
    voice="присылает голосовое сообщение",
    answers="в ответ на оповещение:",
    week="Вторая неделя",
    brief="Обзор",
    note="Спросить в порту, надолго ли.",
    picture="картинка: дни того и другого",
)

BEFORE = {
    "Harbour News": [
        "The evening ferry to Gull Island sails an hour later\nFrom Friday it leaves at nine.",
        "The harbour master asks all crews to keep clear of pier four\nDivers are at work there.",
        "A ferry that ran aground is afloat again\nNobody was hurt, the harbour master says.",
    ],
    "Вестник порта": [
        "Паром на остров Чаек пойдёт на час позже\nС пятницы он уходит в девять.",
        "Капитан порта просит обходить четвёртый причал\nТам работают водолазы.",
        "Паром, севший на мель, снова на воде\nНикто не пострадал, сообщил капитан порта.",
    ],
    "Grain Watch": ["Barley is cheaper for the third week in a row"],
}
LIVE = {
    "en": "Grain prices rise after the storm\nTraders at Port Example expect two dry weeks. #grain",
    "ru": "Зерно дорожает после шторма\nТорговцы в Примерске ждут двух сухих недель. #зерно",
}


@dataclass(slots=True)
class Session:
    """One reader at the phone. Everything is written down as it happens."""

    chat: Chat
    script: Script
    lines: list[str] = field(default_factory=list)
    seen: int = 0

    async def say(self, text: str, answer: str | None = None) -> Any:
        """Type something, and see the answer."""
        self._did(f"`{text}`")
        sent = await self.chat.send(text)
        return await self._see(answer, sent)

    async def tap(self, message: Any, button: str, *, edits: bool = False) -> Any:
        """Tap a button, and see the message that it leads to, or (``edits``) what becomes of this
        one."""
        label = self.script.label(button)
        found = next(one for row in message.buttons for one in row if label in one.text)
        self._did(f"[[ {found.text} ]]")
        before, count = len(message.edits), len(self.chat.messages)
        answer = await self.chat.press(message, found, timeout=PATIENCE)
        if answer is not None and answer.text:
            self.lines.append(f"{self.script.toast} {_escaped(answer.text)}\n")
        if not edits:
            last = self.chat.messages[count - 1]
            return await self._see(None, last)
        await self._wait(lambda: len(message.edits) > before)
        self._show(message)
        return message

    async def see_post(self, channel: Channel, text: str) -> Any:
        """A channel posts, and the alert comes."""
        quoted = "\n".join(f"> {line}  " for line in text.splitlines())
        self.lines.append(f"{self.script.post}\n\n> **{channel.title}**  \n{quoted}\n")
        await channel.post(text)
        return await self._see("🔔", None)

    async def see_preview(self, made: Any) -> Any:
        """See what a digest that was made would tell now."""
        return await self._see("👁", made)

    async def send(self, what: str, sending: Any) -> Any:
        """Send something that is no text, and see the answer."""
        self._did(what)
        return await self._see(None, await sending)

    async def answer(self, message: Any, text: str) -> Any:
        """Type something in answer to a message, and see what comes."""
        self._did(f"{self.script.answers} `{text}`")
        return await self._see(None, await self.chat.send(text, reply_to=message))

    async def _see(self, what: str | None, after: Any) -> Any:
        if isinstance(after, list):
            after = after[-1]
        new = self.chat.messages[self.seen] if after is None and self.seen else after
        found = await self.chat.wait_for(what, after=new, timeout=PATIENCE)
        self.seen = len(self.chat.messages) - 1
        self._show(found)
        return found

    async def _wait(self, is_so: Any) -> None:
        changes = self.chat.user.world.changes
        await changes.wait_for(lambda: is_so() or None, what="an edit", timeout=PATIENCE)

    def _did(self, what: str) -> None:
        self.lines.append(f"**{self.chat.user.first_name}:** {what}\n")

    def _show(self, message: Message) -> None:
        shown = [f"> {line}  " if line else ">" for line in _marked(message).splitlines()]
        rows = [_row(row) for row in message.buttons[:ROWS]]
        rows += ["…"] if len(message.buttons) > ROWS else []
        shown += [">", *(f"> {row}  " for row in rows)] if rows else []
        shown = [*self._attached(message), *shown]
        self.lines.append("\n".join(shown) + "\n")

    def _attached(self, message: Message) -> list[str]:
        """The file that came with a message: a text in full, a picture by a word."""
        if message.file is None:
            return []
        if message.file.mime.startswith("image/"):
            return [f"> 🖼 *{self.script.picture}*  ", ">"]
        text = message.file.data.decode().strip()
        lines = [f"> {line}".rstrip() for line in ("```text", *text.splitlines(), "```")]
        return [f"> 📄 `{message.file.name}`  ", ">", *lines, ">"]


async def play(session: Session, channel: Channel, live: str) -> None:
    """The ten minutes."""
    script, chat = session.script, session.chat
    welcome = await session.say("/start")
    await session.tap(welcome, "search")
    await session.say(script.search)
    await session.tap(welcome, "alert")
    preview = await session.say(script.alert)
    await session.tap(preview, "keep", edits=True)
    alert = await session.see_post(channel, live)
    await session.tap(alert, "more", edits=True)
    await session.tap(alert, "mute", edits=True)
    await session.tap(alert, "unmute", edits=True)
    await session.say("/digest")
    await session.say(script.cancel)
    question = await session.tap(welcome, "digest")
    await session.see_preview(await session.tap(question, "eight"))
    question = await session.tap(welcome, "zone")
    await session.tap(question, "region", edits=True)
    await session.tap(question, "place", edits=True)
    proposed = await session.send(script.forward, chat.forward(channel.posts[-1]))
    await session.tap(proposed, "take")
    await session.send(script.voice, chat.attach(media.document(None, "audio/ogg", voice=True)))
    await session.say("/start")
    await session.say("/stop")
    await session.say(f"/alert {script.query}")
    await session.say("/digest now")
    session.lines.append(f"### {script.week}\n")
    await play_on(session, channel, alert)


async def play_on(session: Session, channel: Channel, alert: Any) -> None:
    """What a reader comes to use once the first alerts have come."""
    script = session.script
    have = await session.say("/alerts")
    card = await session.tap(have, "first alert", edits=True)
    await session.tap(card, "remove", edits=True)
    await session.tap(card, "undo", edits=True)
    await session.answer(alert, f"/save {script.brief}: {script.note}")
    shown = await session.say("/collections")
    brief = await session.tap(shown, "brief", edits=True)
    await session.tap(brief, "text")
    await session.say(f"/trend {script.alert}, {script.query} 7d")
    await session.say(f"/surge {script.alert}")
    await session.say(f"/silence @{channel.username}")


def _row(row: Sequence[Any]) -> str:
    return " ".join(f"`[ {button.text} ]`" for button in row)


_SIGNS: dict[Any, tuple[str, str]] = {
    types.MessageEntityBold: ("**", "**"),
    types.MessageEntityItalic: ("*", "*"),
    types.MessageEntityCode: ("`", "`"),
}


def _marked(message: Message) -> str:
    """A message's text in Markdown; entities count UTF-16 units."""
    units = message.text.encode("utf-16-le")
    edges: dict[int, str] = {}
    for entity in sorted(message.entities, key=lambda one: -one.length):
        before, after = _SIGNS.get(type(entity), ("", ""))
        if isinstance(entity, types.MessageEntityTextUrl):
            before, after = "[", f"]({entity.url})"
        end = entity.offset + entity.length
        edges[entity.offset] = edges.get(entity.offset, "") + before
        edges[end] = after + edges.get(end, "")
    places = sorted({0, len(units) // 2, *edges})
    parts = []
    for start, end in zip(places, [*places[1:], places[-1]], strict=True):
        text = units[start * 2 : end * 2].decode("utf-16-le")
        parts.append(edges.get(start, "") + _escaped(text))
    return "".join(parts)


def _escaped(text: str) -> str:
    return re.sub(r"([*_<>\[\]])", r"\\\1", text)


async def record() -> str:
    """The page, in Markdown."""
    with tempfile.TemporaryDirectory(prefix="dateline-session-") as folder:
        async with Sandbox.start() as sandbox:
            return await _record(sandbox, Path(folder))


async def _record(sandbox: Sandbox, folder: Path) -> str:
    watcher = sandbox.add_user("Watcher", phone=PHONE)
    bot = sandbox.add_bot("dateline_example_bot", token="1000:an-example")  # noqa: S106
    channels = [
        sandbox.add_channel(title, username=f"example_{number}", members=[watcher])
        for number, title in enumerate(BEFORE)
    ]
    posted_at = datetime.now(UTC) - timedelta(hours=3)
    for channel in reversed(channels):
        for text in BEFORE[channel.title]:
            posted_at += timedelta(minutes=20)
            await channel.post(text, date=posted_at)
    names = ", ".join(f"@{channel.username}" for channel in channels)
    environment = process.environment_for(sandbox, bot, folder, names, SEND_RATE_CHAT="20")
    await process.log_in(environment, folder, PHONE)
    service = ServiceProcess(environment, folder)
    ann = Session(sandbox.add_user("Ann").chat_with(bot), ENGLISH)
    ivan = Session(sandbox.add_user("Иван", language="ru").chat_with(bot), RUSSIAN)
    try:
        await service.start()
        await service.wait_line("recent posts read", count=len(channels), timeout=PATIENCE)
        await play(ann, channels[0], LIVE["en"])
        await play(ivan, channels[1], LIVE["ru"])
        await service.stop()
    finally:
        await service.kill()
    parts = [f"## {one.script.title}\n\n" + "\n".join(one.lines) for one in (ann, ivan)]
    return "\n".join([INTRODUCTION, *parts])


if __name__ == "__main__":
    logs.configure("error", "text", ())
    print(asyncio.run(record()), end="")
