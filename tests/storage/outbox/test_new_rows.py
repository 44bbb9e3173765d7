"""How urgent each kind of row is, how long it waits, and what it is about."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.outbox import new_rows
from storage.outbox.outbox_keys import AlertNames
from storage.payloads import AlertPayload, EditPayload, ListPayload, TallyPayload, TextPayload
from storage.records import Alert, Delivery, NewDelivery
from storage.structs import replace

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
WEEK = timedelta(days=7)
TEXT = TextPayload(text="Hello")
LIST = Delivery(
    id=7,
    chat_id=501,
    kind="bundle",
    key="list",
    random_id=9,
    payload=ListPayload(posts=()),
    priority=1,
    due_at=NOW,
    state="sent",
    attempts=1,
    created_at=NOW,
)


@pytest.mark.parametrize(
    ("row", "kind", "priority", "waits", "kept_for"),
    [
        (new_rows.answer(501, "k", TEXT, now=NOW), "answer", 0, 0, None),
        (new_rows.alert(501, "k", AlertPayload(doc_id="a"), now=NOW), "alert", 1, 0, WEEK),
        (
            new_rows.alert(501, "k", AlertPayload(doc_id="a"), now=NOW, due_at=LATER),
            "alert",
            1,
            3,
            WEEK,
        ),
        (new_rows.digest(501, "k", TEXT, now=NOW), "digest", 2, 0, None),
        (new_rows.notice(501, "k", TEXT, now=NOW), "notice", 1, 0, WEEK),
        (new_rows.notice(501, "k", TEXT, now=NOW, due_at=LATER), "notice", 1, 3, WEEK),
        (new_rows.notice(501, "k", TEXT, now=NOW, priority=0), "notice", 0, 0, WEEK),
        (new_rows.bundle(501, [LIST], ListPayload(posts=()), now=NOW), "bundle", 1, 0, None),
        (
            new_rows.update(501, 7, "k", 1, now=NOW, due_at=LATER, expires_at=LATER),
            "update",
            3,
            3,
            LATER - NOW,
        ),
        (new_rows.list_edit(LIST, 1, 4, now=NOW, due_at=LATER), "update", 1, 3, None),
        (
            new_rows.tally(LIST, 4, is_silent=False, now=NOW, due_at=LATER),
            "tally",
            3,
            3,
            timedelta(hours=4),
        ),
    ],
)
def test_what_goes_out_goes_in_its_turn_and_is_given_up_in_its_time(
    row: NewDelivery, kind: str, priority: int, waits: int, kept_for: timedelta | None
) -> None:
    assert (row.chat_id, row.kind, row.priority, row.created_at) == (501, kind, priority, NOW)
    assert row.due_at == NOW + timedelta(hours=waits)
    assert row.expires_at == (None if kept_for is None else NOW + kept_for)


def test_what_an_alert_is_told_with_stays_with_it() -> None:
    row = new_rows.alert(
        501, "k", AlertPayload(doc_id="a"), now=NOW, spare_key="s", bundle="late", story="tg:7/1"
    )
    assert (row.key, row.spare_key, row.bundle, row.story) == ("k", "s", "late", "tg:7/1")
    named = new_rows.bundle(501, [LIST], ListPayload(posts=()), now=NOW, name="burst")
    assert named.bundle == "burst"


def test_an_edit_names_its_message_and_each_has_a_key_of_its_own() -> None:
    edits = [new_rows.list_edit(LIST, n, 4, now=NOW, due_at=NOW) for n in (1, 2)]
    edits += [
        new_rows.update(501, 8, "other", n, now=NOW, due_at=NOW, expires_at=NOW) for n in (1, 2)
    ]
    assert [row.target for row in edits] == [7, 7, 8, 8]
    assert [row.payload for row in edits] == [EditPayload(lines=4)] * 2 + [EditPayload()] * 2
    tallies = [new_rows.tally(LIST, 3, is_silent=True, now=NOW, due_at=at) for at in (NOW, LATER)]
    assert tallies[0].payload == TallyPayload(count=3, silent=True)
    assert len({row.key for row in (*edits, *tallies)}) == 6


@pytest.mark.parametrize("topic", [None, 9])
def test_what_belongs_to_a_list_stands_in_its_topic(topic: int | None) -> None:
    listed = replace(LIST, topic=topic)
    rows = [
        new_rows.bundle(501, [listed, LIST], ListPayload(posts=()), now=NOW),
        new_rows.tally(listed, 4, is_silent=False, now=NOW, due_at=LATER),
    ]
    assert [row.topic for row in rows] == [topic, topic]


def test_readers_of_any_of_some_alerts_are_parted_from_the_others() -> None:
    oil, gas, ice = (Alert(id=id, chat_id=1, query="x", created_at=NOW) for id in (1, 2, 3))
    fan_out = new_rows.FanOut(
        doc_id="a",
        names=AlertNames("a", "h"),
        story="a",
        matched={501: (oil, gas), 502: (gas,), 503: (ice, gas, oil)},
        incarnations={},
        now=NOW,
        due_at=NOW,
        bundle=None,
    )
    for ids, theirs in (
        ({1}, [501, 503]), ({3, 9}, [503]), ({2}, [501, 502, 503]), (set[int](), [])
    ):  # fmt: skip
        of_any, others = fan_out.part(ids)
        assert [*of_any.matched] == theirs
        assert {**of_any.matched, **others.matched} == fan_out.matched
