"""Whatever list it is: what a press on an entry does and says, and which page it leads to."""

from datetime import timedelta

import pytest

from handlers.conversation.press_context import ButtonError, PressContext, number
from handlers.conversation.removable import RemovableList, Taken
from handlers.conversation.requests import Press
from handlers.render.text.lists import Removed
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of
from storage.structs import replace
from storage.undoing import removals

NOTHING = "Nothing"


class Shelf:
    """A list of entries by key, which are of chat 1 and called by their keys in capitals."""

    def __init__(self, *keys: str) -> None:
        self.keys = set(keys)
        self.list = RemovableList(
            show=self.show, take=self.take, put=self.put, called=self.called, undo="sh",
            kind="feed",
        )  # fmt: skip

    async def show(self, context, page: int, removed: Removed | None, services) -> Message:
        above = f"{removed.name} {removed.undo}" if removed is not None else NOTHING
        return Message(RichText(f"page {page}: {above}"))

    async def take(self, tx, context, key: str, services) -> Taken | None:
        if key not in self.keys:
            return None
        self.keys.remove(key)
        now = context.press.now
        await removals.keep(tx, context.press.chat_id, "feed", key, {"id": key}, now=now)
        return Taken(key.upper(), "taken")

    async def put(self, tx, context, key: str, services) -> str:
        found = await removals.take(tx, context.press.chat_id, "feed", key, now=context.press.now)
        self.keys |= {key} if found else set()
        return "put back" if found else "too late"

    async def called(self, conn, context, key: str, kept: removals.Kept) -> str | None:
        return None if kept.row["id"] == "nameless" else str(kept.row["id"]).upper()


@pytest.fixture
def press(services, now):
    """Presses a button of the list: what is said in passing, and what is shown."""

    async def pressed(shelf: Shelf, verb: str, *fields: str, chat_id: int = 1, later=timedelta(0)):
        context = PressContext(
            press=Press(chat_id=chat_id, sender_id=chat_id, data="", now=now + later),
            fields=fields, subscriber=None, words=words_of("en"), timezone="UTC",
        )  # fmt: skip
        made = await getattr(shelf.list, verb)(context, services)
        return made.toast, made.edit.text.text if made.edit else None

    return pressed


async def test_an_entry_is_removed_and_put_back_on_its_page(press) -> None:
    shelf = Shelf("a", "b")
    assert await press(shelf, "turn", "2") == (None, "page 2: Nothing")
    assert await press(shelf, "remove", "3", "a") == ("taken", "page 3: A sh|3|a")
    assert shelf.keys == {"b"}
    toast, shown = await press(shelf, "remove", "4", "a")
    assert shown == "page 4: A sh|4|a"
    assert toast == "That was removed before."
    assert await press(shelf, "restore", "5", "a") == ("put back", "page 5: Nothing")
    assert shelf.keys == {"a", "b"}
    assert await press(shelf, "restore", "5", "a") == ("too late", "page 5: Nothing")


@pytest.mark.parametrize(
    ("key", "chat_id", "later", "is_offered"),
    [
        ("a", 1, timedelta(hours=23), True),
        ("a", 1, timedelta(hours=25), False),
        ("a", 2, timedelta(0), False),  # of another chat
        ("c", 1, timedelta(0), False),  # never there
        ("nameless", 1, timedelta(0), False),
    ],
)
async def test_what_is_gone_is_offered_again_while_it_is_kept(
    press, key: str, chat_id: int, later: timedelta, is_offered: bool
) -> None:
    shelf = Shelf("a", "nameless")
    for one in ("a", "nameless"):
        await press(shelf, "remove", "0", one)
    _, shown = await press(shelf, "remove", "7", key, chat_id=chat_id, later=later)
    assert shown == f"page 7: {f'{key.upper()} sh|7|{key}' if is_offered else NOTHING}"


async def test_what_is_kept_may_be_of_another_owner_than_the_chat(press) -> None:
    shelf = Shelf("a")
    await press(shelf, "remove", "0", "a")
    shelf.list = replace(shelf.list, owner=lambda context, key: 1)
    _, shown = await press(shelf, "remove", "0", "a", chat_id=2)
    assert shown == "page 0: A sh|0|a"


@pytest.mark.parametrize(
    ("fields", "index", "expected"),
    [
        (("0",), 0, 0),
        (("x", "17"), 1, 17),
        (("007",), 0, 7),
        (("9" * 18,), 0, 10**18 - 1),
        (("9" * 19,), 0, None),
        (("",), 0, None),
        ((), 0, None),
        (("1",), 1, None),
        (("-1",), 0, None),
        (("+1",), 0, None),
        (("1_0",), 0, None),
        ((" 1",), 0, None),
        (("٣",), 0, None),
        (("²",), 0, None),
    ],
)
def test_a_field_is_a_number_of_plain_digits(
    fields: tuple[str, ...], index: int, expected: int | None
) -> None:
    if expected is None:
        with pytest.raises(ButtonError, match="no number"):
            number(fields, index)
    else:
        assert number(fields, index) == expected
