"""Where the buttons under a Telethon message lead. Duck-typed: knows no Telethon."""

from collections.abc import Iterator
from typing import Any

from handlers.normalize.fields import listed, whole, words
from storage.document import Link


def of_buttons(markup: Any) -> Iterator[Link]:
    """The buttons that open an address, in reading order; others lead nowhere outside a chat."""
    for row in listed(markup, "rows"):
        for button in listed(row, "buttons"):
            address = target(button)
            if address is not None:
                yield Link(text=words(button, "text") or "", url=address)


def target(button: Any) -> str | None:
    """The address that a button opens; older layers keep it in the button itself."""
    for holder in (getattr(button, "type", None), button):
        address = words(holder, "url")
        if address is not None:
            return address
        user_id = whole(holder, "user_id")
        if user_id is not None:
            return f"tg://user?id={user_id}"
    return None
