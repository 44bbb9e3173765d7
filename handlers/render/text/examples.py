"""Commands that a message shows, to copy or to tap, written as they must be where they are said."""

import re
from collections.abc import Callable

from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, Span
from storage.structs import replace

_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?![A-Za-z0-9_@])")


def address_examples(message: Message, bot_username: str) -> Message:
    """For a group or channel: ``/alert oil`` as ``/alert@some_bot oil``; without the name the bot
    does not get the message there."""
    return replace(
        message,
        text=_rewrite(
            message.text,
            lambda found: f"{found}@{bot_username}",
        ),
    )


def examples_for(text: RichText, handle: str) -> RichText:
    """For a private chat from which another is managed: ``/for @my_channel /alert oil``."""
    copied = (replace(span, kind="code") if span.kind == "command" else span for span in text.spans)
    rewritten = RichText(text.text, tuple(copied))
    return _rewrite(rewritten, lambda found: f"/for {handle} {found}")


def _rewrite(text: RichText, rewrite: Callable[[str], str]) -> RichText:
    """The text with every command that stands alone, or in code font, written anew."""
    edits = []
    for span in text.spans:
        match = _COMMAND.match(text.text, span.start, span.end)
        if span.kind in ("code", "command") and match:
            edits.append((match.start(), match.end(), rewrite(match[0])))
    for start, end, new in sorted(edits, reverse=True):
        longer = len(new) - (end - start)
        spans = tuple(_moved(span, end, longer) for span in text.spans)
        text = RichText(text.text[:start] + new + text.text[end:], spans)
    return text


def _moved(span: Span, place: int, by: int) -> Span:
    """A span over a text that grew before ``place``."""
    start = span.start + by if span.start >= place else span.start
    return replace(span, start=start, end=span.end + by if span.end >= place else span.end)
