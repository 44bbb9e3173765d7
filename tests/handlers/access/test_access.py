"""A private instance: asked for, granted, denied, revoked, invited, forgotten."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.access.invite import read_invitation
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.texts.people.access import access_words
from storage import payloads
from storage.outbox import new_rows, queueing
from storage.payloads import TextPayload
from storage.records import NewDelivery
from storage.structs import replace
from storage.subscribers import callers, subscribers

EN = access_words("en")

HOSTILE = ["\u202eevil\u2066", "<b>&amp;</b>{id}", "Z" * 64, "a\n\nb"]


async def told(database, chat_id: int) -> list[Message]:
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT payload FROM delivery WHERE chat_id = ? ORDER BY id", (chat_id,)
        )
    return [Message.from_payload(payloads.read("answer", row["payload"])) for row in rows]


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir()).lower()


async def ask(ann):
    (refused,) = await ann.say("/start")
    return await ann.press(refused.keyboard, "Ask the operator")


@pytest.mark.parametrize("name", HOSTILE)
async def test_who_asks_is_let_in_and_told_once(ann, operator, private, database, name) -> None:
    ann, operator = private(replace(ann, name=name)), private(operator)
    assert (await ask(ann)).edit.text.text == EN.asked
    assert (await ask(ann)).toast == EN.asked_already
    (notice,) = await told(database, operator.chat_id)
    assert "(id 1) asks to be let in." in notice.text.text
    assert "\u202e" not in notice.text.text and "\n" not in notice.text.text
    assert all(word[:20] in notice.text.text for word in re.findall(r"\w+", name))
    first = await operator.press(notice.keyboard, "Allow")
    again = await operator.press(notice.keyboard, "Allow")
    late = await operator.press(notice.keyboard, "Deny")
    assert first.edit == again.edit == late.edit
    assert (again.toast, late.toast) == (EN.settled, EN.settled)
    assert [message.text.text for message in await told(database, 1)] == [EN.let_in]
    assert (await ann.read("/start")).startswith("Hello!")


async def test_who_is_denied_asks_again_a_week_later(ann, operator, private, database) -> None:
    ann, operator = private(ann), private(operator)
    await ask(ann)
    (notice,) = await told(database, operator.chat_id)
    await operator.press(notice.keyboard, "Deny")
    ann.now += timedelta(days=6)
    assert (await ask(ann)).toast == EN.denied_lately
    ann.now += timedelta(days=2)
    assert (await ask(ann)).edit.text.text == EN.asked
    assert len(await told(database, operator.chat_id)) == 2
    assert (await operator.press(notice.keyboard, "Allow")).edit is None  # Of the old request.


@pytest.mark.parametrize("answer", ["Allow", "Deny"])
async def test_who_was_answered_takes_no_place_of_those_who_wait(
    ann, operator, private, database, monkeypatch, answer: str
) -> None:
    monkeypatch.setattr(callers, "PENDING", 1)
    ann, operator = private(ann), private(operator)
    bob = replace(ann, chat_id=2, sender_id=2, name="Bob")
    await ask(ann)
    assert (await ask(bob)).edit is None
    (notice,) = await told(database, operator.chat_id)
    await operator.press(notice.keyboard, answer)
    assert (await ask(bob)).edit.text.text == EN.asked
    async with database.reader() as conn:
        caller = await callers.find_caller(conn, 1)
    assert (caller.asked_at, caller.denied_at) == (None, operator.now if answer == "Deny" else None)


async def test_others_allow_nobody(ann, operator, private, database) -> None:
    ann, operator = private(ann), private(operator)
    await ask(ann)
    (notice,) = await told(database, operator.chat_id)
    assert (await ann.press(notice.keyboard, "Allow")).edit is None
    assert "private instance" in await ann.read("/start")


async def test_so_many_wait_at_most(ann, private, database, monkeypatch) -> None:
    monkeypatch.setattr(callers, "PENDING", 1)
    await ask(private(ann))
    other = replace(private(ann), chat_id=2, sender_id=2)
    assert (await ask(other)).toast == EN.busy


async def test_a_name_is_admitted_of_who_wrote(ann, operator, private, database) -> None:
    ann, operator = private(replace(ann, username="Ann_Invented")), private(operator)
    assert "has written" in await operator.read("/admit @ann_invented")
    await ann.say("/start")
    assert await operator.read("/admit @ann_invented") == "Let in: 1"
    assert [message.text.text for message in await told(database, 1)] == [EN.let_in]


async def test_users_are_paged_and_removed(ann, operator, private, database, active) -> None:
    ann, operator = private(ann), private(operator)
    for number in range(1, 12):
        await operator.say(f"/admit {number}")
    await ann.say("/alert oil")
    (first,) = await operator.say("/users")
    assert first.text.text.startswith("Let in: 11\n• Ann 1\n")
    assert [button.text for button in first.keyboard[-1]] == ["1 / 2", "Next ›"]
    second = (await operator.press(first.keyboard, "Next")).edit
    assert second.text.text.count("•") == 3
    assert [button.text for button in second.keyboard[-1]] == ["‹ Prev", "2 / 2"]
    assert (await operator.press_data("us|9")).edit == second
    only = "Only the operator of this instance may do that."
    refused = await ann.press(first.keyboard, "Remove: Ann")
    assert (refused.edit, refused.toast) == (None, only)
    gone = await operator.press(first.keyboard, "Remove: Ann")
    assert gone.edit.text.text.startswith("Removed: Ann\n\nLet in: 10")
    assert await active() == []
    assert "private instance" in await ann.read("/alerts")
    assert (await ask(ann)).toast == EN.denied_lately
    refused = await ann.press(gone.edit.keyboard, "Undo")
    assert (refused.edit, refused.toast) == (None, "This button no longer works.")
    assert "private instance" in await ann.read("/alerts")
    back = await operator.press(gone.edit.keyboard, "Undo")
    assert back.edit == first
    assert back.toast == "Ann is let in as before. What was posted meanwhile is not told."
    assert [one.query for one in await active()] == ["oil"]
    assert "oil" in str(await ann.say("/alerts"))


async def test_who_was_removed_and_is_let_in_again_is_told_what_waited(
    ann, operator, private, database, now
) -> None:
    ann, operator = private(ann), private(operator)
    await operator.say("/admit 1")
    await operator.say("/admit 2")
    row = NewDelivery(
        chat_id=1, kind="digest", key="digest:1", payload=TextPayload(text="the digest"),
        priority=0, due_at=now + timedelta(hours=1), created_at=now,
    )  # fmt: skip
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row, replace(row, chat_id=2, key="two")])

    async def states() -> list[str]:
        async with database.reader() as conn:
            rows = await conn.fetch_all(
                "SELECT state FROM delivery WHERE kind = 'digest' ORDER BY chat_id"
            )
        return [row["state"] for row in rows]

    gone = await operator.press_data("ur|0|1")
    await operator.press_data("uq|0|2")  # The question of former versions.
    assert await states() == ["dropped", "dropped"]
    operator.now += timedelta(hours=23)
    assert (await operator.press(gone.edit.keyboard, "Undo")).edit.text.text.startswith("Let in: 1")
    assert await states() == ["queued", "dropped"]
    operator.now += timedelta(hours=2)
    late = await operator.press_data("uu|0|2")
    assert late.toast == "That can't be put back any more."
    assert await states() == ["queued", "dropped"]


async def test_who_was_removed_while_lost_gets_nothing_of_before(
    ann, operator, private, database, services, now
) -> None:
    ann, operator = private(ann), private(operator)
    await operator.say("/admit 1")
    digest = new_rows.digest(1, "digest:1", TextPayload(text="the digest"), now=now)
    async with database.transaction() as tx:
        await services.outbox.queue_digests(tx, [digest])
        await services.outbox.chat_left(tx, 1, reason="USER_IS_BLOCKED", now=now)
    await operator.press_data("ur|0|1")
    await operator.say("/admit 1")
    await ann.say("/start")
    async with database.transaction() as tx:
        await services.outbox.chat_found(tx, 1, now=now)
        rows = await tx.fetch_all("SELECT state FROM delivery WHERE kind = 'digest'")
    assert [row["state"] for row in rows] == ["dropped"]


async def test_who_was_let_in_otherwise_and_stopped_is_left_alone_by_an_old_undo(
    ann, operator, private, database
) -> None:
    ann, operator = private(ann), private(operator)
    await operator.say("/admit 1")
    gone = await operator.press_data("ur|0|1")
    await operator.say("/admit 1")
    await ann.say("/stop")
    assert (await operator.press(gone.edit.keyboard, "Undo")).toast == "It is back."
    async with database.reader() as conn:
        assert not (await subscribers.get_subscriber(conn, 1)).active


async def test_nobody_is_let_in_again_who_was_forgotten(ann, operator, private) -> None:
    ann, operator = private(ann), private(operator)
    await operator.say("/admit 1")
    gone = await operator.press_data("ur|0|1")
    (asked,) = await ann.say("/forgetme")
    await ann.press(asked.keyboard, "Yes")
    assert (await operator.press(gone.edit.keyboard, "Undo")).toast.startswith("That can't be")
    assert "private instance" in await ann.read("/alerts")


async def test_an_invitation_lets_so_many_in_until_it_ends(ann, operator, private) -> None:
    ann, operator = private(ann), private(operator)
    made, listed = await operator.say("/invite 2 people, until Friday")
    token = re.search(r"start=([A-Za-z0-9_-]{1,64})$", made.text.text)[1]
    people = [replace(ann, chat_id=n, sender_id=n) for n in range(1, 5)]
    assert (await people[0].read(f"/start {token}")).startswith("Hello!")
    assert (await people[0].read(f"/start {token}")).startswith("Hello again.")  # Counts once.
    late = replace(people[1], now=people[1].now + timedelta(days=6))
    refusal = await late.read("/start")
    assert await late.read(f"/start {token}") == refusal
    assert await late.read("/start i_forged") == refusal
    assert (await people[1].read(f"/start {token}")).startswith("Hello!")
    assert "private instance" in await people[2].read(f"/start {token}")
    made, listed = await operator.say("/invite")
    token = re.search(r"start=(\S+)$", made.text.text)[1]
    gone = (await operator.press(listed.keyboard, "Remove 1")).edit
    assert gone.text.text.startswith("Removed: 1 person, until 29 Nov 23:59\n\nNo invitation")
    assert "private instance" in await people[3].read(f"/start {token}")
    assert "operator" in (await people[0].press(gone.keyboard, "Undo")).toast
    back = await operator.press(gone.keyboard, "Undo")
    assert (back.edit, back.toast) == (listed, "It is back.")
    assert (await people[3].read(f"/start {token}")).startswith("Hello!")


@pytest.mark.parametrize("written", ["five", "0", "1001", "3, 367 days", "<b>x</b>"])
async def test_what_is_no_invitation_is_shown_how_to_write_one(operator, written: str) -> None:
    (said,) = await operator.say(f"/invite {written}")
    assert said.text.text.splitlines() == [
        EN.invite_usage,
        "/invite 5, until 2026-12-31",
        "/invite 5, 30 days",
    ]
    assert [span.kind for span in said.text.spans] == ["code", "code"]


SUNDAY = Here(UTC, datetime(2026, 11, 22, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "people", "day"),
    [
        ("", 1, (2026, 11, 30)),
        ("5", 5, (2026, 11, 30)),
        ("5 people, until Friday", 5, (2026, 11, 28)),
        ("until friday", 1, (2026, 11, 28)),
        ("5 человек, до пятницы", 5, (2026, 11, 28)),
        ("3, 30 days", 3, (2026, 12, 23)),
        ("2 человека, 3 дня", 2, (2026, 11, 26)),
        ("1 until 2026-12-31", 1, (2027, 1, 1)),
        ("0", None, None),
        ("5 until doomsday", None, None),
        ("5 until 2026-11-01", None, None),
        ("5 until 2029-11-01", None, None),
        ("9999", None, None),
        ("five", None, None),
    ],
)
def test_invitations_as_people_write_them(text: str, people, day) -> None:
    language = "ru" if re.search("[а-я]", text) else "en"
    read = read_invitation(text, SUNDAY, language)
    assert read == (None if people is None else (people, datetime(*day, tzinfo=UTC)))


@pytest.mark.parametrize("name", ["Zyxwina", "\u202eZyxwina\u2066"])
async def test_forgetme_of_who_asked_leaves_nothing(
    ann, operator, private, database, tmp_path: Path, name: str
) -> None:
    number = 0x7E571D5A3C
    ann = replace(private(ann), chat_id=number, sender_id=number, name=name, username="zyxwina_q")
    await ask(ann)
    (question,) = await ann.say("/forgetme")
    await ann.press(question.keyboard, "Yes")
    async with database.reader() as conn:
        assert await callers.find_caller(conn, number) is None
        assert await subscribers.find_subscriber(conn, number) is None
    held = everything(tmp_path)
    assert b"zyxwina" not in held
    assert str(number).encode() not in held and number.to_bytes(6, "big") not in held
