"""/subscriptions: what one has set up as a file, and back."""

import json
import threading
from datetime import time
from types import SimpleNamespace
from typing import Any

import pytest

from handlers.conversation.requests import GivenFile, Request
from handlers.conversation.services import Role
from handlers.sources import holding
from handlers.subscriptions import form, weighing
from handlers.subscriptions.subscriptions import is_ours
from storage.channels import channels
from storage.structs import replace
from storage.subscribers import alerts, mutes, plans, silences, subscribers, surges

HEAD = '"dateline": "subscriptions", "version": 1'


MANY_LEFT_OUT = f'"alerts": [{{"query": "a", "left_out": [{", ".join(["{}"] * 201)}]}}]'
MANY_CHANNELS = f'"digests": [{{"times": "daily 8:00", "channels": [{", ".join(["{}"] * 51)}]}}]'


async def set_up(ann: Any) -> None:
    for text in (
        "/alert ferry channel:harbour",
        "/alert barge OR tug per:event",
        "/digest weekdays 8:00",
        "/review weekly fri 18:00 ferry",
        "/silence @harbour",
        "/surge ferry",
        "/quiet 22:00-07:00 urgent",
        "/timezone Europe/London",
        "/language en",
    ):
        await ann.say(text)


async def test_what_is_set_up_comes_as_a_file_that_can_be_read(
    ann: Any, written: Any, harbour: Any
) -> None:
    await set_up(ann)
    told = json.loads(await written(ann))
    assert told == {
        "dateline": "subscriptions",
        "version": 1,
        "settings": {
            "language": "en",
            "timezone": "Europe/London",
            "quiet": "22:00-07:00 urgent",
        },
        "alerts": [
            {"query": "ferry channel:harbour"},
            {"query": "barge OR tug", "once": True},
        ],
        "digests": [
            {"times": "weekdays 08:00"},
            {"times": "weekly fri 18:00", "kind": "review", "query": "ferry"},
        ],
        "silences": [{"name": "harbour", "id": 100}],
        "surges": [{"query": "ferry"}],
    }


async def test_a_file_sets_up_the_same_in_another_chat_and_twice_adds_nothing(
    ann: Any, written: Any, give: Any, harbour: Any, database: Any
) -> None:
    await set_up(ann)
    data = await written(ann)
    bob = type(ann)(ann.services, chat_id=2, sender_id=2, name="Bob")

    (shown,) = await give(bob, data)
    assert "New: 2 alerts, 2 digests, 1 silence, 1 surge, 3 settings" in shown.text.text
    async with database.reader() as conn:
        assert await alerts.list_alerts(conn, 2) == []
        assert (await subscribers.get_subscriber(conn, 2)).timezone is None

    result = await bob.press(shown.keyboard, "Set up")
    assert "Set up: 2 alerts, 2 digests, 1 silence, 1 surge, 3 settings" in result.edit.text.text
    assert await written(bob) == data

    (again,) = await give(bob, data)
    assert "nothing to set up" in again.text.text
    assert not [b for row in again.keyboard for b in row if "Set up" in b.text]
    repeated = await bob.press(shown.keyboard, "Set up")
    assert repeated.edit is None
    assert "nothing to set up" in repeated.toast
    assert await written(bob) == data
    async with database.reader() as conn:
        assert len(await plans.list_plans(conn, 2)) == 2


async def test_it_can_be_undone_and_what_was_there_before_stays(
    ann: Any, written: Any, give: Any, harbour: Any, database: Any
) -> None:
    await set_up(ann)
    data = await written(ann)
    bob = type(ann)(ann.services, chat_id=2, sender_id=2, name="Bob")
    for text in ("/alert ferry channel:harbour", "/timezone Asia/Tokyo", "/digest daily 9:00"):
        await bob.say(text)
    before = await written(bob)

    (shown,) = await give(bob, data)
    assert "Time zone: Europe/London (now: Asia/Tokyo)" in shown.text.text
    assert "= Alert ferry channel:harbour" in shown.text.text
    taken = await bob.press(shown.keyboard, "Set up")
    assert await written(bob) != before
    undone = await bob.press(taken.edit.keyboard, "Undo")
    assert "all is as it was" in undone.edit.text.text
    assert await written(bob) == before
    assert "can't be undone" in (await bob.press(taken.edit.keyboard, "Undo")).toast
    async with database.reader() as conn:
        assert (await plans.list_plans(conn, 2))[0].timezone == "Asia/Tokyo"
        assert (await subscribers.get_subscriber(conn, 2)).quiet_from is None
        assert await silences.list_silences(conn, 2) == []
        assert await surges.list_surges(conn, 2) == []


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('"alerts": [{"query": "ferry ("}]', "✕ Alert ferry (: "),
        ('"alerts": [{"query": "ferry before:2024-01-01"}]', "it ends before a date"),
        ('"alerts": [{"query": ""}]', "✕ Alert ?: "),
        ('"alerts": [{"query": 7}]', "alerts, entry 1: this is of another kind"),
        ('"alerts": [{}]', "alerts, entry 1: this is missing: query"),
        ('"alerts": ["ferry"]', "alerts, entry 1: this is of another kind"),
        ('"alerts": [{"query": "ferry", "chat_id": 3}]', "there is no such field: chat_id"),
        ('"alerts": [{"query": "fer\\u0000ry"}]', "there are signs in it that nobody sees: query"),
        ('"alerts": [{"query": "\\ud800"}]', "there are signs in it that nobody sees: query"),
        (
            '"alerts": [{"query": "ferry", "hourly_limit": 7}]',
            "can't have this value: hourly_limit",
        ),
        ('"alerts": [{"query": "ferry", "every_minutes": true}]', "of another kind"),
        ('"alerts": [{"query": "a", "left_out": [{"name": "x OR y"}]}]', "value: left_out"),
        (MANY_LEFT_OUT, "it names more channels than may be: left_out"),
        (MANY_CHANNELS, "it names more channels than may be: channels"),
        ('"alerts": {"query": "ferry"}', "✕ alerts: this is of another kind"),
        ('"alerts": [{"query": "b"}, {"query": "B"}]', "✕ Alert B: it stands there before"),
        ('"digests": [{"times": "whenever"}]', "its times can't be read"),
        ('"digests": [{"times": "daily 8:00", "most": 7}]', "can't have this value: most"),
        ('"digests": [{"times": "daily 8:00", "kind": "spam"}]', "of another kind"),
        ('"digests": [{"times": "daily 8:00", "name": "\\u3164"}]', "this value: name"),
        ('"digests": [{"times": "daily 8:00", "channels": [{"name": "nobody"}]}]', "none of its"),
        ('"digests": [{"times": "daily 8:00", "channels": [{}]}]', "none of its channels"),
        ('"silences": [{"name": "nobody"}]', "✕ Silence of @nobody: not watched here"),
        ('"silences": [{"name": "harbour", "id": 7}]', "✕ Silence of @harbour: not watched here"),
        ('"surges": [{"query": "after:2024-01-01"}]', "it asks for dates"),
        ('"settings": {"timezone": "Mars/Olympus"}', "✕ Time zone: Mars/Olympus: it can't have"),
        ('"settings": {"language": "xx"}', "it can't have this value: language"),
        ('"settings": {"quiet": "22:00-22:00"}', "it can't have this value: quiet"),
        ('"settings": {"alerts_a_minute": 4}', "it can't have this value: alerts_a_minute"),
        ('"settings": {"alerts_a_minute": true}', "of another kind"),
        ('"settings": {"admin": 1}', "settings, entry 1: there is no such field: admin"),
        ('"settings": []', "✕ settings: this is of another kind"),
        ('"wishes": []', "✕ wishes: there is no such part"),
    ],
)
async def test_what_cannot_be_taken_is_named_with_the_reason_and_the_rest_is_taken(
    ann: Any, give: Any, written: Any, harbour: Any, rows: str, line: str
) -> None:
    good = '"surges": [{"query": "grain"}]'
    if '"surges"' in rows:
        good = '"silences": [{"id": 100}]'
    (shown,) = await give(ann, f"{{{HEAD}, {rows}, {good}}}".encode())
    assert line in shown.text.text
    assert "Can't be taken: 1 " in shown.text.text
    taken = await ann.press(shown.keyboard, "Set up")
    assert line in taken.edit.text.text
    told = json.loads(await written(ann))
    held = told.get("surges") == [{"query": "grain"}] or len(told["silences"]) == 1
    assert held


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "no file of subscriptions"),
        (b"\xff\xfe\x00", "no file of subscriptions"),
        (b"[]", "no file of subscriptions"),
        (b'{"dateline": "other", "version": 1}', "no file of subscriptions"),
        (b'{"dateline": "subscriptions", "version": "1"}', "no file of subscriptions"),
        (b'{"dateline": "subscriptions", "version": NaN}', "no file of subscriptions"),
        (b'{"dateline": "subscriptions", "version": 1' + b"1" * 5000 + b"}", "no file of"),
        (b'{"dateline": "subscriptions",\n"version": 1,,}', "damaged at line 2"),
        (b'{"dateline": "subscriptions", "version": 2}', "newer version of me"),
        (f'{{{HEAD}, "alerts": [], "alerts": []}}'.encode(), "alerts stands twice"),
        (f'{{{HEAD}, "surges": [{{"query": "a", "query": "b"}}]}}'.encode(), "query stands twice"),
        (b'{"a": 1, "a": 2}', "no file of subscriptions"),
        (b"[" * 100_000, "no file of subscriptions"),
        (b'{"a":' * 100_000, "no file of subscriptions"),
        (b" " * (form.MOST_BYTES + 1), "too large"),
    ],
)
async def test_what_is_no_such_file_is_said_in_one_line_and_changes_nothing(
    ann: Any, give: Any, data: bytes, line: str
) -> None:
    (shown,) = await give(ann, data)
    assert line in shown.text.text
    assert "\n" not in shown.text.text
    assert shown.keyboard == ()


async def test_there_are_no_more_than_one_may_have(
    ann: Any, give: Any, database: Any, harbour: Any
) -> None:
    rows = ", ".join(f'{{"query": "word{number}"}}' for number in range(12))
    await ann.say("/alert ferry")
    await ann.say("/silence @harbour")
    data = f'{{{HEAD}, "alerts": [{rows}], "surges": [{rows}]}}'.encode()
    (shown,) = await give(ann, data)
    assert "New: 7 alerts, 7 surges" in shown.text.text
    assert "as many are here as one may have (8)" in shown.text.text
    await ann.press(shown.keyboard, "Set up")
    async with database.reader() as conn:
        assert len(await alerts.list_alerts(conn, 1)) == 8
        assert len(await surges.list_surges(conn, 1)) == 7


async def test_of_many_queries_only_those_that_are_shown_are_asked_for_their_channels(
    ann: Any, give: Any, harbour: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(query: Any) -> holding.Held:
        assert threading.current_thread() is not threading.main_thread()
        read.append(query.text)
        return holding.read_held(query)

    asked = SimpleNamespace(**{**vars(holding), "read_held": counted})
    monkeypatch.setattr(weighing, "holding", asked)
    rows = ", ".join(f'{{"query": "word{number} channel:nobody"}}' for number in range(20))
    (shown,) = await give(ann, f'{{{HEAD}, "alerts": [{rows}]}}'.encode())
    assert shown.text.text.count("(not watched here: nobody)") == 8 == len(read)
    await ann.press(shown.keyboard, "Set up")
    assert len(read) == 8


async def test_channels_that_are_not_watched_here_are_named(
    ann: Any, give: Any, database: Any, harbour: Any
) -> None:
    rows = (
        '"alerts": [{"query": "ferry channel:nobody,harbour"}],'
        '"digests": [{"times": "daily 8:00", "channels": [{"id": 100}, {"name": "nobody"}]}]'
    )
    (shown,) = await give(ann, f"{{{HEAD}, {rows}}}".encode())
    assert "Alert ferry channel:nobody,harbour (not watched here: nobody)" in shown.text.text
    assert "every day at 8:00 (of 1 channel; not watched here: @nobody)" in shown.text.text
    await ann.press(shown.keyboard, "Set up")
    async with database.reader() as conn:
        (plan,) = await plans.list_plans(conn, 1)
    assert plan.channels == (harbour.id,)


async def test_another_file_in_its_place_is_shown_and_not_taken(
    ann: Any, give: Any, shelves: Any, database: Any
) -> None:
    (shown,) = await give(ann, f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode())
    ((place, _),) = shelves.files.items()
    shelves.files[place] = f'{{{HEAD}, "alerts": [{{"query": "barge"}}]}}'.encode()
    result = await ann.press(shown.keyboard, "Set up")
    assert "another file" in result.toast
    assert "Alert barge" in result.edit.text.text
    async with database.reader() as conn:
        assert await alerts.list_alerts(conn, 1) == []
    del shelves.files[place]
    assert "Send it once more" in (await ann.press(shown.keyboard, "Set up")).toast


async def test_many_lines_are_turned_page_by_page(ann: Any, give: Any) -> None:
    rows = ", ".join(f'{{"query": "word{number} ("}}' for number in range(50))
    (shown,) = await give(ann, f'{{{HEAD}, "alerts": [{rows}]}}'.encode())
    assert "word0 (" in shown.text.text
    last = await ann.press((await ann.press(shown.keyboard, "Next")).edit.keyboard, "Next")
    assert "word49 (" in last.edit.text.text


async def test_in_a_group_only_who_manages_it_takes_a_file(
    member: Any, manager: Any, give: Any, written: Any, database: Any
) -> None:
    data = f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode()
    assert await give(manager, data) == ()  # A file that is not for the bot.
    (refused,) = await give(member, data, text="/subscriptions@dateline_bot")
    assert refused.keyboard == ()
    (shown,) = await give(manager, data, text="/subscriptions@dateline_bot")
    assert "Alert ferry" in shown.text.text
    denied = await member.press(shown.keyboard, "Set up")
    assert denied.edit is None
    async with database.reader() as conn:
        assert await alerts.list_alerts(conn, -50) == []
    await manager.press(shown.keyboard, "Set up")
    assert json.loads(await written(manager))["alerts"] == [{"query": "ferry"}]


async def test_the_command_may_answer_a_file(ann: Any, shelves: Any) -> None:
    shelves.files[1, 40] = f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode()
    ann.reply_to = 40
    (shown,) = await ann.say("/subscriptions")
    assert "Alert ferry" in shown.text.text


async def test_a_stopped_chat_is_woken(ann: Any, give: Any, database: Any) -> None:
    await ann.say("/alert barge")
    await ann.say("/stop")
    (shown,) = await give(ann, f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode())
    await ann.press(shown.keyboard, "Set up")
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, 1)).active


async def test_it_speaks_russian_and_the_language_of_the_file_from_then_on(
    ann: Any, give: Any
) -> None:
    data = f'{{{HEAD}, "settings": {{"language": "ru"}}, "alerts": [{{"query": "a"}}]}}'.encode()
    (shown,) = await give(ann, data)
    taken = await ann.press(shown.keyboard, "Set up")
    assert "Настроено" in taken.edit.text.text
    (again,) = await give(ann, data)
    assert "Что в этом файле" in again.text.text


async def test_nothing_is_set_up_yet(ann: Any) -> None:
    assert "Nothing is set up here yet" in await ann.read("/subscriptions")


@pytest.mark.parametrize(
    ("name", "is_private", "taken"),
    [
        ("dateline-subscriptions.json", True, True),
        ("dateline-subscriptions (1).json", True, True),
        ("dateline-subscriptions.json", False, False),
        ("notes.json", True, False),
        (None, True, False),
    ],
)
def test_a_file_is_known_by_its_name_in_private(
    ann: Any, name: str | None, is_private: bool, taken: bool, now: Any
) -> None:
    request = Request(chat_id=1, sender_id=1, text="", now=now, is_private=is_private, file=name)
    assert is_ours(request) is taken


async def test_quiet_hours_and_alerts_settings_come_as_they_were(
    ann: Any, give: Any, database: Any
) -> None:
    entry = {
        "query": "ferry",
        "left_out": [{"name": "Quay", "title": "Quay"}, {"id": 7, "title": "Seven"}],
        "paused": True,
        "urgent": True,
        "silent": True,
        "hourly_limit": 5,
        "every_minutes": 60,
    }
    settings = {"quiet": "23:30-6:15", "alerts_a_minute": 0}
    whole = {"dateline": "subscriptions", "version": 1, "settings": settings, "alerts": [entry]}
    (shown,) = await give(ann, json.dumps(whole).encode())
    await ann.press(shown.keyboard, "Set up")
    async with database.reader() as conn:
        chat = await subscribers.get_subscriber(conn, 1)
        (alert,) = await alerts.list_alerts(conn, 1)
        left_out = {one.channel for one in await mutes.list_mutes(conn, alert.id)}
    assert (chat.quiet_from, chat.quiet_until) == (time(23, 30), time(6, 15))
    assert chat.burst_after == 0
    assert (alert.paused, alert.urgent, alert.silent) == (True, True, True)
    assert (alert.hourly_limit, alert.every_minutes) == (5, 60)
    assert left_out == {"@quay", "7"}


async def test_a_file_without_a_word_and_under_another_name_is_told_how(
    ann: Any, give: Any
) -> None:
    (shown,) = await give(ann, b"{}", name="renamed.json")
    assert shown.text.text.endswith("answer it with /subscriptions.")
    (other,) = await give(ann, b"{}", name="report.pdf")
    assert "/subscriptions" not in other.text.text


async def test_a_forwarded_file_of_ours_is_read(ann: Any, give: Any) -> None:
    data = f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode()
    (shown,) = await give(ann, data, text="All that is set up here", is_forwarded=True)
    assert "Alert ferry" in shown.text.text


async def test_a_channel_is_set_up_from_a_file_in_private_by_its_managers_alone(
    ann: Any, give: Any, services: Any, database: Any, now: Any, shelves: Any
) -> None:
    async with database.transaction() as tx:
        await subscribers.add_subscriber(
            tx, chat_id=-100, username="my_channel", name="Mine", is_channel=True, now=now
        )
    roles: dict[int, Role] = {1: "manager", 2: "member"}

    async def role_of(chat_id: int, user_id: int) -> Role:
        return roles[user_id]

    asked = replace(services, role_of=role_of)
    ann = replace(ann, services=asked)
    bob = replace(ann, chat_id=2, sender_id=2, name="Bob")
    data = f'{{{HEAD}, "alerts": [{{"query": "ferry"}}]}}'.encode()
    (refused,) = await give(bob, data, text="/for @my_channel /subscriptions")
    assert refused.keyboard == ()
    (shown,) = await give(ann, data, text="/for @my_channel /subscriptions")
    assert "Mine" in shown.text.text
    pressed = shown.keyboard[0][0].data
    shelves.files[2, 1] = data
    assert (await bob.press_data(pressed)).edit is None
    taken = await ann.press(shown.keyboard, "Set up")
    async with database.reader() as conn:
        assert [one.query for one in await alerts.list_alerts(conn, -100)] == ["ferry"]
        assert await alerts.list_alerts(conn, 1) == []
    await ann.press(taken.edit.keyboard, "Undo")
    async with database.reader() as conn:
        assert await alerts.list_alerts(conn, -100) == []


async def test_in_a_channel_the_file_is_not_handed_to_all_readers(
    member: Any, database: Any, now: Any
) -> None:
    member.may_manage, member.is_channel, member.sender_id = True, True, None
    await member.say("/alert@dateline_bot ferry")
    (message,) = await member.say("/subscriptions@dateline_bot")
    assert message.attachment is None
    assert "/for" in message.text.text


async def test_a_private_instance_reads_no_strangers_file(
    ann: Any, private: Any, give: Any, shelves: Any
) -> None:
    (refused,) = await give(private(ann), f'{{{HEAD}, "alerts": []}}'.encode())
    assert "file" not in refused.text.text
    assert refused.keyboard == () or "Set up" not in refused.keyboard[0][0].text


async def test_channels_that_are_watched_no_more_are_not_found_by_their_numbers(
    ann: Any, give: Any, database: Any, harbour: Any
) -> None:
    async with database.transaction() as tx:
        await channels.remove_channel(tx, harbour.id)
    rows = (
        '"silences": [{"id": 100}], "digests": [{"times": "daily 8:00", "channels": [{"id": 100}]}]'
    )
    (shown,) = await give(ann, f"{{{HEAD}, {rows}}}".encode())
    assert "Harbour News" not in shown.text.text
    assert "Can't be taken: 1 digest, 1 silence" in shown.text.text


async def test_a_file_that_could_not_be_read_just_now_is_asked_for_again(
    ann: Any, give: Any, services: Any
) -> None:
    async def late(chat_id: int, message_id: int, most: int) -> GivenFile | None:
        return GivenFile(0, None, is_late=True)

    ann.services = replace(services, file_of=late)
    (shown,) = await give(ann, b"{}")
    assert "Try again in a moment" in shown.text.text
