"""Names of messages that outlive the database, and the random ids that follow."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import EMPTY_HASH, Channel, Document
from storage.outbox import outbox_keys
from storage.structs import replace

AT = datetime(2024, 5, 1, 11, 59, tzinfo=UTC)
MakeDocument = Callable[..., Document]


def key(document: Document, chat_id: int = 5, incarnation: str = "a", at: Any = AT) -> str:
    return outbox_keys.alert_names(document, at).keys(chat_id, incarnation)[0]


def spare(document: Document) -> str | None:
    return outbox_keys.alert_names(document, AT).keys(5, "a")[1]


def test_copies_share_the_key_of_what_they_say_and_have_places_of_their_own(
    make_document: MakeDocument,
) -> None:
    one = make_document("Grain", message_id=1)
    copy = make_document("Grain", message_id=9, channel=Channel(id=78))
    assert key(one) == key(copy)
    assert (spare(one), spare(copy)) == ("alert:5:a:77/1", "alert:5:a:78/9")


@pytest.mark.parametrize(
    "other",
    [
        {"chat_id": 6},
        {"incarnation": "b"},
        {"at": AT + timedelta(days=1)},
        {"at": None},
    ],
)
def test_another_reader_or_day_is_another_key(
    make_document: MakeDocument, other: dict[str, Any]
) -> None:
    document = make_document("Grain")
    assert key(document, **other) != key(document)


def test_days_are_those_of_utc(make_document: MakeDocument) -> None:
    tokyo = AT.astimezone(timezone(timedelta(hours=14)))
    assert key(make_document("Grain"), at=tokyo) == key(make_document("Grain"))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"content_hash": EMPTY_HASH}, "77/1"),
        ({"content_hash": None}, "77/1"),
        ({"content_hash": None, "channel": Channel(username="Harbour")}, "@harbour/1"),
        ({"content_hash": None, "channel": None}, "tg:77/1"),
        ({"content_hash": None, "message_id": None}, "tg:77/1"),
    ],
)
def test_a_post_without_words_is_named_by_its_place(
    make_document: MakeDocument, changes: dict[str, Any], place: str
) -> None:
    document = replace(make_document("Grain"), **changes)
    assert outbox_keys.alert_names(document, AT).keys(5, "a") == (f"alert:5:a:{place}", None)


def test_a_list_is_named_by_what_it_holds_in_any_order() -> None:
    assert outbox_keys.bundle(5, ["b", "a"]) == outbox_keys.bundle(5, ["a", "b"])
    assert outbox_keys.bundle(5, ["a"]) != outbox_keys.bundle(5, ["a", "b"])
    assert outbox_keys.bundle(5, ["a"]) != outbox_keys.bundle(6, ["a"])
    assert outbox_keys.bundle(5, ["ab", "c"]) != outbox_keys.bundle(5, ["a", "bc"])


def test_a_digest_is_named_by_its_reader_its_plan_its_hour_and_what_it_holds() -> None:
    given_ = {
        "plan": "c0ffee",
        "due_at": datetime(2024, 5, 1, 8, tzinfo=UTC),
        "posts": ("tg:1/1", "tg:1/2"),
        "part": 0,
    }
    changes: list[dict[str, Any]] = [
        {"plan": ""},
        {"due_at": datetime(2024, 5, 2, 8, tzinfo=UTC)},
        {"due_at": datetime(2024, 5, 1, 18, tzinfo=UTC)},
        {"posts": ("tg:1/1",)},
        {"part": 1},
    ]
    keys = [outbox_keys.digest(5, "a", **{**given_, **change}) for change in [{}, *changes]]
    keys += [outbox_keys.digest(6, "a", **given_), outbox_keys.digest(5, "b", **given_)]
    assert len(set(keys)) == len(keys)
    turned = {**given_, "posts": ("tg:1/2", "tg:1/1")}
    assert outbox_keys.digest(5, "a", **turned) == keys[0]


@given(secret=st.binary(max_size=200), key=st.text(), other=st.integers(0, 3))
def test_random_ids_are_hmacs(secret: bytes, key: str, other: int) -> None:
    named = f"{key}\0{other}" if other else key
    digested = hmac.digest(secret, named.encode("utf-8", "surrogatepass"), "sha256")
    assert outbox_keys.random_id(secret, key, other) == (
        int.from_bytes(digested[:8], "big", signed=True)
        or int.from_bytes(digested[8:16], "big", signed=True)
        or 1
    )


@given(st.binary(min_size=1, max_size=64), st.text())
def test_random_ids_follow_from_the_key_and_the_secret(secret: bytes, key: str) -> None:
    number = outbox_keys.random_id(secret, key)
    assert number == outbox_keys.random_id(secret, key)
    assert -(2**63) <= number < 2**63
    assert number != 0
    assert number != outbox_keys.random_id(secret, key + "x")
    assert number != outbox_keys.random_id(secret + b"x", key)


def test_keys_are_written_as_messages_that_are_out_have_them(make_document: MakeDocument) -> None:
    # Another spelling is another random id, and what is out would be sent again.
    post = make_document("Grain", message_id=9)
    assert key(post) == f"alert:5:a:2024-05-01/{post.content_hash}"
    assert outbox_keys.change(post, 5, "a", "x") == "change:5:a:77|77/9:x"
    assert outbox_keys.changes_of(post, 5, "a") == "change:5:a:77|77/9:"
    assert outbox_keys.changes_in(post, 5, "a") == "change:5:a:77|"
    assert outbox_keys.update("k", 3) == "update:k:3"
    assert outbox_keys.bundle(5, ["b", "a"]) == "bundle:5:59b271ae1bbcb1d31d41929817f4b16f"
    assert outbox_keys.tally("k", AT) == "tally:k:2024-05-01T11:59:00+00:00"
    assert outbox_keys.tally("k", AT.astimezone(timezone(timedelta(hours=3)))) == (
        outbox_keys.tally("k", AT)
    )
    assert (
        outbox_keys.digest(
            5, "a", plan="c0ffee", due_at=datetime(2024, 5, 1, 8, 5, tzinfo=UTC), posts="ba", part=2
        )
        == "digest:5:a:c0ffee:2024-05-01T0805:59b271ae1bbcb1d31d41929817f4b16f:2"
    )
    assert outbox_keys.answer(5, 7, "x") == "answer:5:7:x"
    assert outbox_keys.press(5, 8, 0) == "press:5:8:0"
    assert outbox_keys.arrival(5, 9) == "came:5:9"
    assert outbox_keys.notice(5, "gone") == "notice:gone:5"
    assert outbox_keys.random_id(b"secret", "answer:5:7:0") == RANDOM


RANDOM = -7409125968073721355
"""What the HMAC of a key says: the first eight bytes, signed."""
