"""/save and /collections in a subscriber's words."""

from datetime import timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from handlers.collections.brief_file import make_brief
from handlers.render.answers.collections import POSTS
from handlers.render.text.keyboards import COLLECTION_REMOVE, SAVE, below_alert
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.document import Block
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload, Line, ListPayload
from storage.records import PRIORITY_ALERT, Alert, NewDelivery
from storage.structs import replace
from storage.subscribers import collections

FERRY = "https://t.me/harbour/7"


@pytest.fixture
async def post(store: Any, make_post: Any) -> Any:
    """A post of Harbour News."""
    made = make_post(7, "The ferry sails", body=(Block(type="para", text="At noon."),))
    await store(made)
    return made


async def told(person: Any, post: Any, message_id: int, kind: str = "alert") -> None:
    """The chat was told of the post in a message."""
    payload: Any = AlertPayload(doc_id=post.doc_id, alerts=((1, "ferry"),))
    if kind == "bundle":
        payload = ListPayload(posts=(Line(doc_id=post.doc_id, alerts=()),))
    row = NewDelivery(
        chat_id=person.chat_id,
        kind=kind,  # type: ignore[arg-type]
        key=post.doc_id,
        payload=payload,
        priority=PRIORITY_ALERT,
        due_at=person.now,
        created_at=person.now,
    )
    async with person.services.database.transaction() as tx:
        await queueing.add_deliveries(tx, [row])
        found = await outbox.find_delivery(tx, post.doc_id)
        assert found is not None
        await mark_sent(tx, found.id, message_id, person.now)


@pytest.mark.parametrize("name", ["\u200b", "\u3164\u2060", "\u2800"])
async def test_a_name_that_nobody_can_see_is_refused(ann: Any, post: Any, name: str) -> None:
    await ann.say("/start")
    said = await ann.read(f"/save {FERRY} {name}: a note")
    assert said.startswith("There is nothing to be seen in that name.")
    async with ann.services.database.reader() as conn:
        assert await collections.list_collections(conn, ann.chat_id) == []


async def test_an_alert_is_saved_by_answering_it(ann: Any, post: Any) -> None:
    await ann.say("/start")
    await told(ann, post, 44)
    ann.reply_to = 44
    (message,) = await ann.say("/save Brief: for Monday")
    assert message.text.text == "Saved to Brief, which holds 1 post now."
    card = (await ann.press(message.keyboard, "Open Brief")).edit
    assert card is not None
    assert card.text.text.splitlines()[:5] == [
        "📁 Brief · 1 post",
        "",
        "1. The ferry sails",
        "Harbour News · today 9:07",
        "Note: for Monday",
    ]


async def test_a_link_will_do_and_no_name_means_the_last_used(ann: Any, post: Any) -> None:
    assert "Saved to Saved, which holds 1 post" in await ann.read(f"/save {FERRY}")
    assert "It is in Saved already" in await ann.read(f"/save {FERRY}")
    assert "Saved to Night desk" in await ann.read(f"/save {FERRY} Night  desk")
    assert "It is in Night desk already" in await ann.read(f"/save {FERRY}")
    assert "its note is yours now" in await ann.read(f"/save {FERRY} night desk: look again")


async def test_what_is_not_stored_or_no_post_is_said_so(ann: Any, post: Any) -> None:
    assert "I have not stored that post" in await ann.read("/save https://t.me/harbour/8 Brief")
    assert "Which post?" in await ann.read("/save")
    await ann.read("/cancel")
    await told(ann, post, 45, kind="bundle")
    ann.reply_to = 45
    assert "That message is a list" in await ann.read("/save Brief")
    ann.reply_to = None
    await told(ann, post, 1)
    assert "Which post?" in await ann.read("/save")
    await ann.read("/cancel")
    assert "Nothing is saved here yet" in await ann.read("/collections")


async def test_the_button_below_an_alert_saves_to_the_last_used(ann: Any, post: Any) -> None:
    await ann.say(f"/save {FERRY} Brief")
    alert = Alert(id=1, chat_id=1, query="ferry", created_at=ann.now)
    keyboard = below_alert(post, [alert], words_of("en"), unfolded=True)
    result = await ann.press(keyboard, "Save")
    assert result.toast == "It is in Brief already. All of them: /collections"
    assert (result.edit, result.keyboard) == (None, None)
    assert (await ann.press_data(f"{SAVE}|tg:100/8|1")).toast == "a post that is not kept any more"


async def test_what_is_taken_out_or_removed_comes_back(ann: Any, post: Any) -> None:
    (message,) = await ann.say(f"/save {FERRY} Brief: a note")
    card = (await ann.press(message.keyboard, "Undo")).edit
    assert "Nothing is in it." in card.text.text
    card = (await ann.press(card.keyboard, "Undo")).edit
    assert "Note: a note" in card.text.text
    shown = await ann.press(card.keyboard, "Remove")
    assert (shown.toast, "Nothing is saved" in shown.edit.text.text) == ("Removed: Brief", True)
    shown = await ann.press(shown.edit.keyboard, "Undo")
    assert (shown.toast, "Collections: 1" in shown.edit.text.text) == ("It is back.", True)
    shown = await ann.press(shown.edit.keyboard, "Brief · 1")
    assert "Note: a note" in shown.edit.text.text


async def test_posts_stand_on_pages(ann: Any, store: Any, make_post: Any) -> None:
    posts = [make_post(number, f"Ferry {number}") for number in range(1, POSTS + 3)]
    await store(*posts)
    for made in posts:
        (message,) = await ann.say(f"/save {made.url} Brief")
    shown = (await ann.press(message.keyboard, "Open")).edit
    assert f"{POSTS}. Ferry {POSTS}" in shown.text.text
    shown = (await ann.press(shown.keyboard, "Next")).edit
    assert shown.text.text.count("Ferry") == 2
    for _ in range(2):
        shown = (await ann.press(shown.keyboard, f"✕ {POSTS + 1}")).edit
    assert f"{POSTS}. Ferry {POSTS}" in shown.text.text  # there is no such page any more


async def made_file(person: Any, message: Message, language: str = "en") -> str:
    assert message.attachment is not None
    kept = Message.from_payload(message.to_payload()).attachment
    assert kept is not None
    file = await make_brief(person.services.database, kept, language)
    return file.data.decode()


async def test_the_brief_has_words_links_dates_and_notes(ann: Any, post: Any) -> None:
    (message,) = await ann.say(f"/save {FERRY} Brief: for Monday")
    shown = (await ann.press(message.keyboard, "Open")).edit
    (reply,) = (await ann.press(shown.keyboard, "Text")).reply
    assert (await made_file(ann, reply)).splitlines()[3:] == [
        "1. The ferry sails",
        "Harbour News · 2026-11-22 09:07 UTC",
        "https://t.me/harbour/7",
        "> At noon.",
        "Note: for Monday",
    ]
    (reply,) = (await ann.press(shown.keyboard, "HTML")).reply
    page = await made_file(ann, reply)
    assert '<a href="https://t.me/harbour/7"' in page
    assert '<blockquote dir="auto">At noon.</blockquote>' in page
    assert "<script" not in page


async def test_hostile_words_stay_words(ann: Any, store: Any, make_post: Any) -> None:
    evil = '<script>alert(1)</script>"\u202e'
    made = make_post(9, evil, body=(Block(type="para", text=evil),))
    await store(made)
    (message,) = await ann.say(f"/save {made.url} <b>x</b>: {evil}")
    shown = (await ann.press(message.keyboard, "Open")).edit
    (reply,) = (await ann.press(shown.keyboard, "HTML")).reply
    page = await made_file(ann, reply, "ru")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3
    assert "<b>" not in page


async def test_a_group_shares_its_own_and_managers_alone_remove(
    member: Any, manager: Any, ann: Any, post: Any
) -> None:
    (message,) = await member.say(f"/save@dateline_bot {FERRY} Brief")
    assert "Saved to Brief" in message.text.text
    shown = (await manager.press(message.keyboard, "Open")).edit
    assert "The ferry sails" in shown.text.text
    refused = await member.press(shown.keyboard, "Remove")
    assert refused.edit is None
    assert "Nothing is saved" in await ann.read("/collections")
    found = shown.keyboard[-1][-1].data
    assert found.startswith(COLLECTION_REMOVE)
    forged = await ann.press_data(found)
    assert forged.toast == "That collection is gone."
    async with ann.services.database.reader() as conn:
        assert len(await collections.list_collections(conn, member.chat_id)) == 1


async def test_two_people_at_once_have_each_their_own(ann: Any, post: Any) -> None:
    ben = replace(ann, chat_id=2, sender_id=2, name="Ben", language="ru")
    await ann.say(f"/save {FERRY} Brief: Ann's")
    await ben.say(f"/save {FERRY} Brief: Ben's")
    for person, own, other in ((ann, "Ann's", "Ben's"), (ben, "Ben's", "Ann's")):
        (message,) = await person.say("/collections")
        text = (await person.press(message.keyboard, "Brief · 1")).edit.text.text
        assert own in text
        assert other not in text


async def test_limits_are_told(ann: Any, post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MOST", 1)
    monkeypatch.setattr(collections, "MOST_POSTS", 1)
    await ann.say(f"/save {FERRY} Brief")
    assert "the most that there may be" in await ann.read(f"/save {FERRY} Other")


async def test_a_card_leads_back_to_its_page_of_the_list_and_removing_stays_there(
    ann: Any, post: Any
) -> None:
    await ann.say("/start")
    for number in range(11):
        ann.now += timedelta(minutes=1)
        await ann.say(f"/save {FERRY} Brief {number}")
    (first,) = await ann.say("/collections")
    second = (await ann.press(first.keyboard, "Next")).edit
    card = (await ann.press(second.keyboard, "Brief 1 ")).edit
    assert (await ann.press(card.keyboard, "All collections")).edit == second
    gone = (await ann.press(card.keyboard, "Remove")).edit
    assert gone.text.text.startswith("Removed: Brief 1\nCollections: 10")
    assert [b.text for b in gone.keyboard[-1]] == ["‹ Prev", "2 / 2"]
    assert (await ann.press(gone.keyboard, "Undo")).edit == second


async def test_a_collection_says_by_how_many_feeds_it_goes_out(ann: Any, post: Any) -> None:
    ann.services = replace(ann.services, feeds_url="http://127.0.0.1:8080")
    (saved,) = await ann.say(f"/save {FERRY} Brief")
    card = (await ann.press(saved.keyboard, "Open Brief")).edit
    assert "goes out" not in card.text.text
    assert [[b.text for b in row] for row in card.keyboard][-2:] == [
        ["📡 Feed"],
        ["‹ All collections", "✕ Remove"],
    ]
    await ann.press(card.keyboard, "📡 Feed")
    again = (await ann.press(saved.keyboard, "Open Brief")).edit
    assert again.text.text.endswith("\n\n📡 It goes out as 1 feed: /feed")


async def test_a_card_shows_how_much_was_saved_each_day(
    ann: Any, store: Any, make_post: Any
) -> None:
    await store(*[make_post(number, f"Ferry {number}") for number in range(1, 6)])
    today = ann.now
    for number, ago in enumerate((40, 29, 6, 0, 0), 1):
        ann.now = today - timedelta(days=ago)
        await ann.say(f"/save https://t.me/harbour/{number} Brief")
    (listed,) = await ann.say("/collections")
    card = (await ann.press(listed.keyboard, "Brief")).edit
    *week, month, bars = card.text.text.splitlines()[-5:]
    assert week == ["Saved by day:", "7 days: 3 posts", "▄·····█"]
    assert month.startswith("30 days: 4 posts")
    assert bars == "▄" + "·" * 22 + "▄·····█"
    out = (await ann.press(card.keyboard, "✕ 5")).edit
    assert "7 days: 2 posts\n█·····█" in out.text.text


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("/collections brief two", "📁 Brief Two · 1 post"),
        ("/collections BRIEF", "📁 Brief · 1 post"),
        ("/collections tw", "📁 Brief Two · 1 post"),
        ("/collections bri", "Collections: 2"),
        ("/collections harbour", "No collection is called harbour.\n\nCollections: 3"),
        ("/collections", "Collections: 3"),
    ],
)
async def test_a_collection_that_is_named_is_opened(
    ann: Any, post: Any, said: str, begins: str
) -> None:
    for name in ("Brief", "Brief Two", "Other"):
        await ann.say(f"/save {FERRY} {name}")
    assert (await ann.read(said)).startswith(begins)
