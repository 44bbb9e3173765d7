"""What a check says of channels, and how many previews it tries for that."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telethon import errors
from telethon.tl import types

from bot import settings
from bot.commands.checking import channels
from bot.commands.checking.channels import FROM_OUTSIDE, Looks, Wanted, known_finding
from bot.watching.resolve import FoundChannel
from handlers.sources import references
from storage.records import Channel

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def channel(**fields: Any) -> Channel:
    return Channel(id=1, added_at=NOW, **fields)


def wanted(text: str, known: Channel | None = None, **fields: Any) -> Wanted:
    reference = references.parse_reference(text)
    return Wanted(text=text, reference=reference, known=known, **fields)


@pytest.fixture
def looks(tmp_path: Path) -> Looks:
    """Looks without an account that have tried enough pages."""
    made = Looks(settings.load({"DATA_DIR": str(tmp_path)}), None, refused_until=None)
    made._pages = 0
    return made


@pytest.mark.parametrize(
    ("text", "known", "where"),
    [
        ("@Harbour", None, "@Harbour"),
        ("https://t.me/Harbour", None, "@Harbour"),
        ("1700000001", None, "1700000001"),
        ("1700000001", channel(channel_id=1700000001), "1700000001"),
        ("1700000001", channel(channel_id=1700000001, title="Port"), "Port"),
        ("@Harbour", channel(username="port"), "@port"),
    ],
)
def test_a_channel_is_called_as_it_is_known(text: str, known: Channel | None, where: str) -> None:
    assert wanted(text, known).where == where


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (None, "@harbour: warning: not known yet to the service that uses the session"),
        (channel(error="it is private now", source="joined"), "warning: it is private now"),
        (channel(source="joined"), "as a member (as the running service found)"),
        (channel(source="public"), "as a public channel (by scans; at once where it joins) (as"),
        (channel(source="preview"), "read from its web previews (as the running service found)"),
        (channel(), "@harbour: not read yet (as the running service found)"),
    ],
)
def test_a_channel_of_a_running_service_is_told_as_that_found_it(
    known: Channel | None, line: str
) -> None:
    assert line in str(known_finding(wanted("@harbour", known)))


@pytest.mark.parametrize(
    ("channel", "line"),
    [
        (wanted("@harbour", is_removed=True), "not watched: it was taken off the list by hand"),
        (wanted("@harbour"), "read from its web previews (not tried: there are many)"),
        (wanted("1700000001", channel(username="port")), "read from its web previews (not tried"),
        (wanted("1700000001"), "warning: not read: only a user account can; run `dateline login`"),
        (wanted("https://t.me/+abcdefghij"), "warning: not read: only a user account can"),
    ],
)
async def test_without_an_account_public_names_alone_are_read(
    looks: Looks, channel: Wanted, line: str
) -> None:
    (found,) = await looks.look([channel])
    assert line in str(found)


async def test_with_an_account_what_it_is_in_is_looked_up_no_more(looks: Looks) -> None:
    client: Any = object()  # it is asked for nothing
    looks._client = client
    found = FoundChannel(channel_id=7, access_hash=1, username="harbour", title="Port", joined=True)
    looks.joined = {7: found}
    by_number, by_name, renamed = await looks.look(
        [
            wanted("7", channel(channel_id=7)),
            wanted("@harbour"),
            wanted("@pier", channel(channel_id=7, username="pier")),
        ]
    )
    assert str(renamed) == "@pier: Port, read by the user account, as a member"
    assert str(by_number).endswith("Port, read by the user account, as a member")
    assert str(by_name) == "@harbour: Port, read by the user account, as a member"


@pytest.mark.parametrize(
    ("until", "refused_for", "left"), [(NOW, 0.0, 9), (None, 5.0, 9), (None, 0.0, 0)]
)
async def test_names_that_are_not_looked_up_now_are_read_by_previews_until_then(
    looks: Looks, until: datetime | None, refused_for: float, left: int
) -> None:
    client: Any = object()
    looks._client = client
    looks._refused_until, looks.refused_for, looks._names = until, refused_for, left
    (found,) = await looks.look([wanted("@harbour")])
    assert str(found).endswith("until Telegram looks its name up for the account")
    assert not found.is_warning


def test_names_are_looked_up_as_long_as_telegram_does(tmp_path: Path) -> None:
    found = settings.load({"DATA_DIR": str(tmp_path)})
    until = NOW + timedelta(hours=1)
    assert Looks(found, None, refused_until=None)._may_look_up()
    assert not Looks(found, None, refused_until=until)._may_look_up()


class Telegram:
    """It refuses who asks for channel 3, gives all others, and counts how many it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def __call__(self, request: Any) -> types.messages.Chats:
        ids = [one.channel_id for one in request.id]
        self.asked.append(len(ids))
        if 3 in ids:
            raise errors.ChannelInvalidError(request)
        photo = types.ChatPhotoEmpty()
        made = [types.Channel(id=one, title="Port", photo=photo, date=None) for one in ids]
        return types.messages.Chats(chats=[*made, types.ChatForbidden(id=1000, title="Closed")])

    def note(self, _error: Exception) -> None:
        pass


@pytest.mark.parametrize(
    ("there", "asked", "found"),
    [
        (range(4, 104), [100], range(4, 104)),
        (range(4, 105), [100, 1], range(4, 105)),
        (range(3, 105), [100, 2], range(103, 105)),  # the hundred that were refused are looked up
        (range(4), [3], ()),
        ((), [], ()),
    ],
)
async def test_a_hundred_that_telegram_refuses_hide_no_others(
    looks: Looks, there: Sequence[int], asked: list[int], found: Sequence[int]
) -> None:
    known = [channel(channel_id=number, access_hash=number) for number in there]
    keyless = channel(channel_id=5000)
    telegram: Any = Telegram()
    wish = [wanted(f"{1 + one.channel_id}", one) for one in (*known, keyless) if one.channel_id]
    assert await looks._list_open(telegram, wish) == set(found)
    assert telegram.asked == asked


async def test_what_the_account_reads_from_outside_is_told_and_the_rest_is_looked_up(
    looks: Looks,
) -> None:
    telegram: Any = Telegram()
    looks._client = telegram
    looks.refused_for = 5.0  # No name is looked up now.
    is_open = channel(channel_id=7, access_hash=1, title="Port", username="harbour")
    is_new = channel(channel_id=8, title="Quay", username="quay")
    lines = await looks.look([wanted("@harbour", is_open), wanted("@quay", is_new)])
    assert [FROM_OUTSIDE in str(line) for line in lines] == [True, False]
    assert "Port" in str(lines[0])


@pytest.fixture
async def site(looks: Looks) -> AsyncIterator[dict[str, str | None]]:
    """A web server that these looks take for t.me: gives each name the answer that stands here,
    hangs up where that is empty, and says nothing where it is None."""
    answers: dict[str, str | None] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        answer = answers[head.split(" ")[1].rpartition("/")[2]]
        if answer is None:
            await reader.read()
        else:
            writer.write(answer.encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    looks._settings = settings.load(
        {
            "DATA_DIR": str(looks._settings.data_dir),
            "PREVIEW_BASE_URL": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/s/",
        }
    )
    async with server:
        yield answers


STATUS = "HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "said", "left"),
    [
        # What is wrong with one channel says nothing of the others, which are tried all the same.
        (STATUS.format("302 Found\r\nLocation: https://t.me/port"), "it has no web preview", 8),
        (STATUS.format("404 Not FoundChannel"), "the web preview answers 404", 8),
        (STATUS.format("500 Broken"), "the web preview answers 500", 8),
        # What is wrong with the way there is most likely wrong with it for all.
        ("", "the web preview cannot be reached", 1),
        (None, "no answer", 0),
    ],
)
async def test_as_many_previews_are_tried_as_it_is_worth(
    looks: Looks,
    site: dict[str, str | None],
    monkeypatch: pytest.MonkeyPatch,
    answer: str | None,
    said: str,
    left: int,
) -> None:
    looks._pages = 9
    site["port"] = answer
    if answer is None:
        monkeypatch.setattr(channels, "PREVIEW_PATIENCE", 0.05)
    (found,) = await looks.look([wanted("@port")])
    assert f"warning: not read from its web previews: {said}" in str(found)
    assert looks._pages == left


async def test_one_that_hangs_up_is_tried_once_more_and_then_the_rest_is_not(
    looks: Looks, site: dict[str, str | None]
) -> None:
    looks._pages = 9
    names = ["@port", "@quay", "@harbour"]
    site.update(dict.fromkeys(("port", "quay", "harbour"), ""))
    lines = [str(one) for one in await looks.look([wanted(name) for name in names])]
    assert ["cannot be reached" in line for line in lines] == [True, True, False]
    assert lines[2].endswith("(not tried: there are many)")


async def test_a_name_that_is_neither_looked_up_nor_read_by_previews_is_warned_of(
    looks: Looks, site: dict[str, str | None]
) -> None:
    looks._client, looks._refused_until, looks._pages = object(), NOW, 9  # type: ignore[assignment]
    site["port"] = STATUS.format("404 Not FoundChannel")
    (found,) = await looks.look([wanted("@port")])
    assert found.is_warning
    assert str(found).startswith(
        "@port: warning: Telegram looks no names up now, and not read from its web previews:"
    )
