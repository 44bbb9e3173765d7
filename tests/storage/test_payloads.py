"""What a row carries comes back as it was, from whatever version wrote it."""

import json
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import payloads
from storage.payloads import (
    AlertPayload,
    EditPayload,
    Line,
    ListPayload,
    Payload,
    TallyPayload,
    TextPayload,
    UnreadablePayload,
)
from storage.records import DeliveryKind
from storage.structs import replace

words = st.text(max_size=8)
numbers = st.integers(0, 9)
matched = st.lists(st.tuples(numbers, words), max_size=3).map(tuple)
ranges = st.lists(st.tuples(numbers, numbers), max_size=3).map(tuple)
alerts = st.builds(
    AlertPayload,
    doc_id=words,
    alerts=matched,
    silent=st.booleans(),
    urgent=st.booleans(),
    follows=st.none() | words,
    fresh=ranges,
    change=st.sampled_from([None, "edited", "deleted"]),
    since=st.none() | numbers,
    once=st.booleans(),
    news=st.none() | words,
)
lines = st.builds(Line, doc_id=words, alerts=matched, story=st.none() | words, fresh=ranges)
lists = st.builds(
    ListPayload,
    posts=st.lists(lines, max_size=3).map(tuple),
    rows=st.lists(numbers, max_size=3).map(tuple),
    first=st.none() | numbers,
    late=st.booleans(),
    away=st.booleans(),
    gone=st.booleans(),
    silent=st.booleans(),
)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "alert": alerts,
    "bundle": lists,
    "update": st.builds(EditPayload, lines=st.none() | numbers),
    "tally": st.builds(TallyPayload, count=numbers, silent=st.booleans()),
    "answer": st.builds(TextPayload, text=words, access_hash=st.none() | numbers),
    "digest": st.builds(TextPayload, text=words, preview=st.none() | words),
    "notice": st.builds(TextPayload, text=words, reply_to=st.none() | numbers),
}


def test_every_kind_of_row_has_its_record() -> None:
    assert BY_KIND.keys() == set(get_args(DeliveryKind))


@pytest.mark.parametrize("kind", BY_KIND)
@given(data=st.data())
def test_a_payload_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    payload = data.draw(BY_KIND[kind])
    assert payloads.read(kind, payloads.write(payload)) == payload


@given(payload=alerts, others=st.lists(alerts, max_size=3))
def test_the_parts_of_an_alert_are_the_whole(
    payload: AlertPayload, others: list[AlertPayload]
) -> None:
    own, shared = payloads.write_for_reader(payload), payloads.write_for_post(payload)
    assert payloads.read("alert", f"{shared[:-1]},{own[1:]}") == payload
    for other in others:
        is_shared = payloads.of_post(other) == payloads.of_post(payload)
        assert is_shared == (payloads.write_for_post(other) == shared)


OIL = ((1, "oil"),)


@pytest.mark.parametrize(
    ("kind", "stored", "expected"),
    [
        ("alert", {"doc_id": "a", "alerts": [[1, "oil"]]}, AlertPayload(doc_id="a", alerts=OIL)),
        ("alert", {"doc_id": "a", "since": None, "new": 1}, AlertPayload(doc_id="a")),
        (
            "bundle",
            {"posts": [["a", [[1, "oil"]]], ["b", [], "s"], ["c", [], None, [[1, 2]]]]},
            ListPayload(
                posts=(
                    Line(doc_id="a", alerts=OIL),
                    Line(doc_id="b", story="s"),
                    Line(doc_id="c", fresh=((1, 2),)),
                )
            ),
        ),
        ("update", {}, EditPayload()),
        ("answer", {"text": "ё\ud800", "spans": []}, TextPayload(text="ё\ud800")),
    ],
)
def test_what_former_versions_wrote_is_read(
    kind: str, stored: dict[str, Any], expected: Payload
) -> None:
    assert payloads.read(kind, json.dumps(stored)) == expected


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("alert", "{}"), ("alert", "no"), ("alert", "[]"), ("alert", "null"),
        ("alert", '{"doc_id": 1}'), ("alert", '{"doc_id": "a", "alerts": [1]}'),
        ("bundle", "{}"), ("bundle", '{"posts": [1]}'), ("tally", "{}"), ("else", "{}"),
        ("answer", '{"text": "a", "spans": [["bold", 0]]}'),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_and_stays_as_it_is(kind: str, stored: str) -> None:
    read = payloads.read(kind, stored)
    assert isinstance(read, UnreadablePayload)
    assert read.error
    assert payloads.write(read) == stored


def test_what_is_at_its_default_is_not_stored() -> None:
    plain = AlertPayload(doc_id="a", alerts=OIL)
    assert json.loads(payloads.write(plain)) == {"doc_id": "a", "alerts": [[1, "oil"]]}
    # The outbox's SQL asks for these by name.
    told = replace(plain, silent=True, urgent=True, follows="b", change="deleted")
    assert json.loads(payloads.write(told)).keys() == {
        "doc_id", "alerts", "silent", "urgent", "follows", "change",
    }  # fmt: skip
    assert json.loads(payloads.write(EditPayload(lines=3))) == {"lines": 3}


def test_every_payload_is_one_of_the_records() -> None:
    hints = get_type_hints(payloads.Carrying)
    assert set(get_args(hints["payload"])) == {
        AlertPayload, EditPayload, ListPayload, TallyPayload, TextPayload, UnreadablePayload,
    }  # fmt: skip


PAYLOADS = {
    "alert": payloads.AlertPayload(doc_id="tg:1/1"),
    "listed": payloads.ListPayload(posts=()),
    "text": payloads.TextPayload(text="Done."),
}


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("held", PAYLOADS)
def test_a_row_gives_what_it_carries_and_nothing_else(name: str, held: str) -> None:
    class Row(payloads.Carrying):
        payload = PAYLOADS[held]

    if name == held:
        assert getattr(Row(), name) is PAYLOADS[held]
    else:
        with pytest.raises(ValueError, match=f"{type(PAYLOADS[held]).__name__} is no "):
            getattr(Row(), name)
