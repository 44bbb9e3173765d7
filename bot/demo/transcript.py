"""The demo's transcript: what the channel posts, and what the subscriber's phone shows."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text
from telethon.tl import types

from bot.demo.picture import Picture
from bot.demo.posts import Sample

WIDTH = 88
SHOWN_LINES = 4
SHOWN_LETTERS = 280
_STYLES: dict[Any, str] = {
    types.MessageEntityBold: "bold",
    types.MessageEntityItalic: "italic",
    types.MessageEntityCode: "cyan",
    types.MessageEntityTextUrl: "underline",
    types.MessageEntityUrl: "underline",
}


class Transcript:
    """Writes to stdout, and into a picture where there is one. All text from outside is text,
    never the terminal's markup."""

    def __init__(self, picture: Picture | None = None) -> None:
        self._picture = picture
        terminal = sys.stdout.isatty()
        self._console = Console(
            file=sys.stdout,
            width=None if terminal else WIDTH,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def heading(self, text: str) -> None:
        """A line that says what happens next."""
        self._console.print(Text(text, style="bold"))
        if self._picture is not None:
            self._picture.note(text)

    def posted(self, channel: str, sample: Sample) -> None:
        """A post as its channel shows it, in short."""
        title = f"📣 {channel}"
        if sample.origin:
            title += f" · forwarded from {sample.origin}"
        self._panel(Text(_opening(sample.text)), title, "blue", indent=0)

    def wrote(self, text: str) -> None:
        """What the subscriber writes."""
        self._said(text)
        if self._picture is not None:
            self._picture.wrote(_plain(text))

    def pressed(self, text: str) -> None:
        """Which button the subscriber presses."""
        self._said(f"[ {text} ]")

    def _said(self, text: str) -> None:
        self._console.print(Text(f"{' ' * 40}🙂 {_plain(text)}"), justify="left")

    def received(self, message: Any) -> None:
        """A message as the subscriber's phone shows it."""
        body = styled(message.text, message.entities)
        if self._picture is not None:
            labels = [[_plain(button.text) for button in row] for row in message.buttons]
            self._picture.received(body.copy(), labels)
        for row in message.buttons:
            body.append("\n" + "  ".join(f"[ {_plain(button.text)} ]" for button in row), "dim")
        self._panel(body, "📱 the subscriber's phone", "green", indent=4)

    def result(self, line: str) -> None:
        """The last line."""
        self._console.file.write(line + "\n")
        self._console.file.flush()

    def _panel(self, body: Text, title: str, style: str, *, indent: int) -> None:
        panel = Panel(body, title=Text(_plain(title)), title_align="left", border_style=style)
        width = min(self._console.width, WIDTH) - indent
        panel.width = width
        text = Text(" " * indent)
        if indent:
            with self._console.capture() as capture:
                self._console.print(panel)
            lines = capture.get().splitlines()
            self._console.file.writelines(f"{text.plain}{line}\n" for line in lines)
            self._console.file.flush()
        else:
            self._console.print(panel)


def styled(text: str, entities: Sequence[Any]) -> Text:
    """A message's text with its entities as styles; offsets come in UTF-16 units."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if character > "\uffff" else 1))
    index = {units: place for place, units in enumerate(places)}
    shown = Text(_plain(text, newlines=True))
    for entity in entities:
        style = _STYLES.get(type(entity))
        start, end = index.get(entity.offset), index.get(entity.offset + entity.length)
        if style and start is not None and end is not None:
            shown.stylize(style, start, end)
    return shown


def _opening(text: str) -> str:
    lines = text.splitlines()
    short = "\n".join(lines[:SHOWN_LINES])
    if len(short) > SHOWN_LETTERS:
        short = short[:SHOWN_LETTERS].rstrip()
    return _plain(short if short == text else f"{short} …", newlines=True)


def _plain(text: str, *, newlines: bool = False) -> str:
    """The text without control characters, which a terminal would obey; as long as before."""
    keep = "\n" if newlines else ""
    # Joiners and selectors are no control characters: emoji need them.
    return "".join(
        char if char in keep or char.isprintable() or char in "\u200d\ufe0f" else " "
        for char in text
    )
