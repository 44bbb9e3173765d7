"""Whatever is set up, its file sets up the same in an empty chat; and no file does any harm."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.subscriptions import form
from handlers.subscriptions.form import (
    AlertEntry,
    Content,
    DigestEntry,
    FormError,
    Named,
    Setting,
    SurgeEntry,
)
from handlers.subscriptions.present import tell_content
from handlers.subscriptions.taking import Target, look, take
from handlers.subscriptions.undoing import undo
from handlers.subscriptions.weighing import read_file
from storage.channels import channels
from storage.subscribers import subscribers

MOST = 8
NAMES = ("harbour", "quay", "mill")

words = st.sampled_from(("ferry", "barge", "зерно", '"grain deal"', "tug OR crane", "lang:ru ice"))
queries = st.builds(
    lambda word, held: f"{word} channel:{held}" if held and "OR" not in word else word,
    words,
    st.sampled_from(("", *NAMES)),
)
named = st.sampled_from([Named(name=name, id=number) for number, name in enumerate(NAMES, 1)])
muted = named.map(lambda one: Named(name=one.name, id=one.id, title=one.name.title()))
alert_entries = st.builds(
    AlertEntry,
    query=queries,
    left_out=st.lists(muted, max_size=2, unique_by=lambda one: one.id).map(
        lambda found: tuple(sorted(found, key=lambda one: one.title))
    ),
    paused=st.booleans(),
    urgent=st.booleans(),
    silent=st.booleans(),
    once=st.booleans(),
    hourly_limit=st.sampled_from((None, 1, 20)),
    every_minutes=st.sampled_from((None, 15, 240)),
)
digest_entries = st.builds(
    DigestEntry,
    times=st.sampled_from(("daily 08:00", "weekdays 07:30, 18:00", "every 3h", "hourly 9-18")),
    kind=st.sampled_from(("digest", "review")),
    name=st.sampled_from(("", "Morning", "Утро ☕")),
    query=st.just("") | queries,
    channels=st.lists(named, max_size=3, unique=True).map(tuple),
    most=st.sampled_from((5, 10, 40)),
    short=st.booleans(),
    says_nothing_new=st.booleans(),
    paused=st.booleans(),
)
choices = {
    "language": st.sampled_from(("en", "ru")),
    "timezone": st.sampled_from(("UTC", "Europe/London", "Asia/Kathmandu")),
    "quiet": st.sampled_from(("22:00-07:00", "00:30-06:15 urgent")),
    "alerts_a_minute": st.sampled_from((0, 1, 20)),
}
contents = st.builds(
    Content,
    settings=st.fixed_dictionaries({}, optional=choices).map(
        lambda chosen: tuple(Setting(name, chosen[name]) for name in choices if name in chosen)
    ),
    alerts=st.lists(alert_entries, max_size=3, unique_by=lambda one: one.query),
    digests=st.lists(
        digest_entries,
        max_size=3,
        unique_by=lambda one: (one.kind, one.times, one.query, frozenset(one.channels)),
    ),
    silences=st.lists(named, max_size=3, unique=True),
    surges=st.lists(st.builds(SurgeEntry, query=queries), max_size=3, unique=True),
)
strange = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("query", "times", "name", "id", "x")), inner, max_size=4)
    ),
    max_leaves=12,
)
files = st.dictionaries(
    st.sampled_from(("settings", "alerts", "digests", "silences", "surges", "wishes"))
    | st.text(max_size=8),
    strange | st.lists(strange, max_size=4),
    max_size=5,
).map(lambda told: {**told, "dateline": "subscriptions", "version": 1})

slow = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def place(database: Any, now: Any) -> Target:
    async with database.transaction() as tx:
        for number, name in enumerate(NAMES, 1):
            await channels.add_channel(tx, channel_id=number, username=name, now=now)
    return Target(chat_id=5, topic=None, now=now)


async def _emptied(services: Any, place: Target) -> None:
    async with services.database.transaction() as tx:
        await subscribers.remove_subscriber(tx, place.chat_id)
        await subscribers.add_subscriber(tx, chat_id=place.chat_id, now=place.now)


async def _content(services: Any, place: Target) -> Content:
    async with services.database.reader() as conn:
        return tell_content(await look(conn, place.chat_id, services))


@pytest.mark.slow
@slow
@given(content=contents)
async def test_what_is_set_up_is_the_same_after_a_file(
    services: Any, place: Target, content: Content
) -> None:
    await _emptied(services, place)
    weighing, _ = await take(read_file(form.write(content)), place, services, is_private=True)
    assert weighing.of("refused") == []
    first = form.write(await _content(services, place))
    again, _ = await take(read_file(first), place, services, is_private=True)
    assert again.of("new") == []
    assert form.write(await _content(services, place)) == first
    told, asked = json.loads(first), json.loads(form.write(content))
    for part in ("alerts", "digests", "silences", "surges"):
        assert told.get(part) == asked.get(part)

    await _emptied(services, place)
    _, taken = await take(read_file(first), place, services, is_private=True)
    assert form.write(await _content(services, place)) == first
    empty = not any(json.loads(first).get(part) for part in ("alerts", "digests", "settings"))
    if content.count or content.settings:
        undone = await undo(place.chat_id, taken.at, services, now=place.now)
        assert undone or empty
        left = await _content(services, place)
        assert left.count == 0
        assert left.settings == ()


@pytest.mark.slow
@slow
@given(told=files)
async def test_no_file_breaks_anything_or_changes_anything_unasked(
    ann: Any, give: Any, services: Any, place: Target, told: dict[str, Any]
) -> None:
    await _emptied(services, Target(chat_id=1, topic=None, now=place.now))
    (shown,) = await give(ann, json.dumps(told).encode())
    assert shown.text.text
    here = Target(chat_id=1, topic=None, now=place.now)
    assert (await _content(services, here)).count == 0
    if any("Set up" in button.text for row in shown.keyboard for button in row):
        taken = await ann.press(shown.keyboard, "Set up")
        assert "Set up" in taken.edit.text.text
        undone = await ann.press(taken.edit.keyboard, "Undo")
        assert undone.edit is not None
        assert (await _content(services, here)).count == 0


@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode()))
def test_what_is_no_json_is_no_file(data: bytes) -> None:
    with pytest.raises(FormError):
        form.read(data)
