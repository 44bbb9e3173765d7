"""How a post that could not be stored is kept, and what its errors have in common."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from telethon.tl import types

from bot.intake import asides
from bot.intake.asides import Asides, Judged
from bot.intake.posts import Post, Refused, Unread
from handlers.operators.troubles import Troubles
from storage import document_json
from storage.document import Author, Document, Source
from storage.document import Channel as PostChannel
from storage.documents.authors import Authors, Keep
from storage.documents.problems import DOCUMENT, LARGEST
from storage.errors import DocumentError
from storage.records import Channel
from storage.structs import replace

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
CHANNEL = Channel(id=3, channel_id=7, username="harbour", title="Harbour", added_at=NOW)
DOCUMENT_7_5 = Document(
    kind="post",
    doc_id="tg:7/5",
    source=Source(type="tme_html"),
    message_id=5,
    author=Author(kind="user", id=42, name="Ann"),
    content_hash="0" * 16,
)
ANN, BOB = 42, 43


def message(**fields: Any) -> Any:
    return types.Message(
        id=5,
        peer_id=types.PeerChannel(7),
        date=NOW,
        message="Hello",
        from_id=types.PeerUser(ANN),
        post_author="Ann",
        **fields,
    )


def refused(error: Exception | None = None, **post: Any) -> Refused:
    return Refused(
        post=Post(channel=CHANNEL, **(post or {"messages": (message(),)})),
        error=error or ValueError("odd"),
    )


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        (KeyError("a"), KeyError("b"), True),
        (ValueError("row 17 of 'x'"), ValueError("row 2 of 'why'"), True),
        (ValueError('no "ship" here'), ValueError('no "port" here'), True),
        (ValueError("no ship"), ValueError("no port"), False),
        (ValueError("odd"), TypeError("odd"), False),
        (DocumentError("odd", where="a"), DocumentError("odd", where="b"), True),
    ],
)
def test_errors_of_one_fault_differ_in_names_and_numbers_alone(
    one: Exception, other: Exception, are_alike: bool
) -> None:
    assert (asides.kind_of(one) == asides.kind_of(other)) is are_alike
    assert asides.kind_of(ValueError("x" * 900)) == "ValueError: " + "x" * 188


def test_what_stops_a_channel_and_its_history_are_two_troubles() -> None:
    assert asides.cause_of(3, asked=False) == "channel:3"
    assert asides.cause_of(3, asked=True) == "history:3"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"x", "ValueError: odd"),
        (b"x" * LARGEST, "ValueError: odd"),
        (
            b"x" * (LARGEST + 1),
            "ValueError: odd; it is too big to be kept: only the channel has it",
        ),
    ],
)
def test_what_could_not_be_read_is_kept_as_it_came(raw: bytes, told: str) -> None:
    unread = Unread(ids=(4, 5), error=ValueError("odd"), form="tme", raw=raw)
    found = asides.problem_of(refused(unread=unread, history=True), Authors())
    assert (found.place, found.form, found.raw, found.error) == ("tg:7/4", "tme", raw, told)
    assert (found.channel_id, found.message_id, found.history) == (7, 4, True)
    assert found.kind == "ValueError: odd"


def test_what_cannot_be_written_down_is_said_so() -> None:
    odd: Any = object()
    found = asides.problem_of(refused(messages=(odd,)), Authors())
    assert (found.form, found.raw, found.message_id) == ("telethon", None, None)
    assert found.error == "ValueError: odd; it could not be kept"
    assert not found.history


@pytest.mark.parametrize(("keep", "author"), [("channels", None), ("full", "Ann")])
def test_a_document_is_kept_with_as_much_of_its_author_as_may_be(
    keep: Keep, author: str | None
) -> None:
    post = Post(channel=CHANNEL, messages=(message(),))
    for one in (
        Refused(post=post, error=ValueError("odd"), document=DOCUMENT_7_5),
        refused(document=DOCUMENT_7_5),
    ):
        found = asides.problem_of(one, Authors(keep=keep))
        assert found.form == DOCUMENT
        document = document_json.parse((found.raw or b"").decode())
        assert (document.doc_id, document.author and document.author.name) == ("tg:7/5", author)


@pytest.mark.parametrize(
    ("keep", "people", "writer"),
    [("channels", {-7, BOB}, None), ("pseudonym", {-7, BOB}, None), ("full", {-7, ANN, BOB}, ANN)],
)
def test_messages_are_kept_with_whom_they_forward_and_without_who_wrote_them(
    keep: Keep, people: set[int], writer: int | None
) -> None:
    peers = {-7: PostChannel(title="Harbour"), ANN: PostChannel(title="Ann")}
    peers[BOB] = PostChannel(title="Bob")
    forward = types.MessageFwdHeader(date=NOW, from_id=types.PeerUser(BOB))
    one = message(fwd_from=forward)
    found = asides.problem_of(refused(messages=(one, one), peers=peers), Authors(keep=keep))
    lines = [json.loads(line) for line in (found.raw or b"").splitlines()]
    assert len(lines) == 2
    assert {peer["id"] for peer in lines[0]["peers"]} == people
    kept = lines[0]["message"]
    assert (kept["from_id"] and kept["from_id"]["user_id"]) == writer
    assert kept["post_author"] == ("Ann" if writer else None)
    assert lines[0]["channel"] == {"id": 7, "username": "harbour", "title": "Harbour"}
    assert one.from_id.user_id == ANN  # it stays as it was
    assert found.error == "ValueError: odd"


def test_what_waits_is_a_trouble_until_it_goes_on() -> None:
    troubles = Troubles()
    aside = Asides(troubles=troubles)
    aside.settle(Judged((refused(), refused())), goes_on=None)
    (standing,) = troubles.list_all()
    assert standing.text == "posts of @harbour cannot be taken in, from tg:7/5 on: ValueError: odd"
    aside.settle(Judged(), goes_on=None)
    assert troubles.list_all()
    history = replace(refused().post, asked=True)
    aside.settle(Judged((replace(refused(), post=history),)), goes_on="channel:3")
    assert len(troubles.list_all()) == 2
    aside.settle(Judged(), goes_on="channel:3")
    (left,) = troubles.list_all()
    assert left.text.startswith("history of @harbour ")
    aside.drop(3, asked=False)
    assert troubles.list_all()
    aside.drop(3, asked=True)
    assert not troubles.list_all()
