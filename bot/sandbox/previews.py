"""The web previews of the sandbox's public channels, in the shape of ``t.me/s/<username>``.

A page shows the newest posts, or those before a message (``?before=ID``), and says with an ETag
whether it has changed.
"""

import asyncio
import base64
import html
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.world.channels import Channel, Post
from bot.sandbox.world.world import World

PAGE = 20

_POST = """<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message js-widget_message" data-post="{name}/{id}"{view}>
<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author">
<a class="tgme_widget_message_owner_name" href="https://t.me/{name}"><span dir="auto">{title}</span>
</a></div>{media}
<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">{views}</span>
<a class="tgme_widget_message_date" href="https://t.me/{name}/{id}">
<time datetime="{at}" class="time">12:00</time></a></div></div></div></div>"""
_PART = (
    '<a class="tgme_widget_message_photo_wrap grouped_media_wrap" '
    'href="https://t.me/{name}/{id}?single" style="background-image:url()"></a>'
)


@dataclass(slots=True, kw_only=True)
class Request:
    """A page that was asked for, and what it was answered with."""

    target: str
    headers: dict[str, str]
    status: int = 0


@dataclass(slots=True)
class Previews:
    """A web server of previews. ``address`` is what PREVIEW_BASE_URL takes.

    ``closed``: user names of channels that have none. ``answers``: status lines, with headers if
    any, that the next requests get instead of a page. ``numbered``: posts name their channel's id.
    """

    world: World = field(repr=False)
    address: str = ""
    closed: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    numbered: bool = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        try:
            while head := await _read_head(reader):
                first, *rest = head.split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
                request = Request(target=first.split(" ")[1], headers=headers)
                answer = self._answer(request)
                request.status = int(answer.split(" ")[1])
                self.requests.append(request)
                writer.write(answer.encode())
                await writer.drain()
                self.world.changes.fire()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, request: Request) -> str:
        if self.answers:
            return _response(self.answers.pop(0), "")
        target = urlsplit(request.target)
        name = target.path.rpartition("/")[2]
        channel = self.world.names.get(name.lower())
        if not isinstance(channel, Channel) or name.lower() in self.closed:
            return _response(f"302 Found\r\nLocation: https://t.me/{name}", "")
        before = int(parse_qs(target.query).get("before", [str(1 << 60)])[0])
        page = self._page(channel, before)
        tag = f'"{blake2b(page.encode(), digest_size=8).hexdigest()}"'
        if request.headers.get("if-none-match") == tag:
            return _response(f"304 Not Modified\r\nETag: {tag}", "")
        return _response(f"200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: {tag}", page)

    def _page(self, channel: Channel, before: int) -> str:
        shown = [post for post in channel.posts if post.id < before and post.action is None][-PAGE:]
        wraps = "".join(self._wrap(channel, parts) for parts in _posts(shown))
        return (
            f'<html><meta property="og:title" content="{html.escape(channel.title)}">'
            f'<section class="tgme_channel_history js-message_history">{wraps}</section></html>'
        )

    def _wrap(self, channel: Channel, parts: list[Post]) -> str:
        first, name = parts[0], channel.username or ""
        view = base64.urlsafe_b64encode(json.dumps({"c": -channel.id, "p": first.id}).encode())
        text = html.escape(first.text).replace("\n", "<br/>")
        media = "".join(_PART.format(name=name, id=part.id) for part in parts if len(parts) > 1)
        return _POST.format(
            name=name,
            id=first.id,
            view=f' data-view="{view.decode()}"' if self.numbered else "",
            title=html.escape(channel.title),
            media=media,
            text=text,
            views=first.views or 1,
            at=first.date.isoformat(timespec="seconds"),
        )


def _posts(messages: list[Post]) -> Iterator[list[Post]]:
    """Messages as posts, the parts of an album together."""
    group: list[Post] = []
    for message in messages:
        if group and (message.grouped_id is None or message.grouped_id != group[0].grouped_id):
            yield group
            group = []
        group.append(message)
    if group:
        yield group


async def _read_head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return ""


def _response(head: str, body: str) -> str:
    length = len(body.encode())
    return f"HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}"


@asynccontextmanager
async def serve(world: World) -> AsyncIterator[Previews]:
    """Serves on 127.0.0.1 until the context ends."""
    previews = Previews(world)
    server = await asyncio.start_server(previews.serve, "127.0.0.1", 0)
    previews.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/s/"
    try:
        yield previews
    finally:
        server.close()
