"""Where buttons and stories of Telethon messages lead. Duck-typed: knows no Telethon."""

from collections.abc import Iterator

from handlers.normalize.parsing import addresses
from handlers.normalize.parsing.fields import listed, whole, words
from handlers.normalize.parsing.spans import from_entities
from storage.document import Link


def of_buttons(markup: object) -> Iterator[Link]:
    """The buttons that open an address, in reading order; others lead nowhere outside a chat."""
    for row in listed(markup, "rows"):
        for button in listed(row, "buttons"):
            address = target(button)
            if address is not None:
                yield Link(text=words(button, "text") or "", url=address)


def of_story(story: object) -> Iterator[Link]:
    """The addresses in a story: those of its caption, and those that are laid over its picture."""
    caption = words(story, "caption") or ""
    for span in from_entities(caption, listed(story, "entities")):
        if span.kind == "link":
            yield Link(text=caption[span.start : span.end], url=span.url)
    for area in listed(story, "media_areas"):
        address = words(area, "url")
        if address is not None:
            yield Link(text="", url=address)


def target(button: object) -> str | None:
    """The address that a button opens; older layers keep it in the button itself."""
    for holder in (getattr(button, "type", None), button):
        address = words(holder, "url")
        if address is not None:
            return address
        person = addresses.of_user(whole(holder, "user_id"))
        if person is not None:
            return person
    return None
