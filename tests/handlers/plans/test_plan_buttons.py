"""Plans made, changed and removed by taps."""

from datetime import timedelta

import pytest
from database_steps import mark_sent

from storage.channels import channels
from storage.document import Channel
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import TextPayload
from storage.structs import replace
from storage.subscribers import plans

CITY = Channel(id=200, username="city", title="City Desk")


def labels(keyboard) -> list[str]:
    return [button.text for row in keyboard for button in row]


async def planned(database, chat_id: int = 1):
    async with database.reader() as conn:
        return await plans.list_plans(conn, chat_id)


@pytest.fixture
async def card(ann):
    """The card of a plan that two taps made; an older one is somebody else's."""
    other = replace(ann, chat_id=2, sender_id=2)
    await other.say("/start")
    await other.press_data("ga|daily 09:00")
    await ann.say("/start")
    listed = await ann.press_data("gl|0")
    asked = await ann.press(listed.edit.keyboard, "New")
    return (await ann.press(asked.edit.keyboard, "on weekdays at 8:00")).edit


async def test_two_taps_make_a_plan_and_show_what_it_would_tell(
    ann, database, store, make_post
) -> None:
    await store(make_post(1, "Ferry late"))
    await ann.say("/start")
    listed = await ann.press_data("gl|0")
    asked = await ann.press(listed.edit.keyboard, "New")
    made = await ann.press(asked.edit.keyboard, "every day at 8:00")
    assert made.edit.text.text == (
        "✓ Made.\n"
        "📰 All posts\n"
        "🕗 every day at 8:00 (UTC) · next: tomorrow 8:00\n"
        "🔎 All posts\n"
        "7 days: 1 post\n"
        "░░░░░░█\n"
        "30 days: 1 post\n"
        f"{'░' * 29}█\n"
        "📡 all channels\n"
        "At most 10 stories, in full\n"
        "When nothing is new, nothing is said\n"
        "➡️ To you, here"
    )
    (preview,) = made.reply
    assert preview.text.text.startswith("👁 As it would come now:\n🗞 yesterday 12:00 – today 12:00")
    assert "Ferry late" in preview.text.text
    again = await ann.press(asked.edit.keyboard, "every day at 8:00")
    assert (again.toast, again.reply) == ("There is such a digest already.", ())
    assert len(await planned(database)) == 1


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [("20 stories", "most", 20), ("In short", "short", True), ("say so", "says_nothing_new", True)],
)
async def test_how_much_it_tells_is_chosen(ann, card, database, label, field, value) -> None:
    shown = (await ann.press(card.keyboard, "How much")).edit
    for _ in range(2):  # Pressed again, it says the same.
        result = await ann.press(shown.keyboard, label)
        assert result.toast == "Changed."
        assert any("✓" in one and label in one for one in labels(result.edit.keyboard))
        (plan,) = await planned(database)
        assert getattr(plan, field) == value
    back = await ann.press(result.edit.keyboard, "Back")
    assert labels(back.edit.keyboard) == labels(card.keyboard)


async def test_a_plan_is_held_to_all_channels_again_by_one_tap(ann, card, database) -> None:
    (plan,) = await planned(database)
    async with database.transaction() as tx:
        await plans.update_plan(tx, plan.id, channels=(1, 2))
    chosen = (await ann.press(card.keyboard, "Channels")).edit
    all_of_them = (await ann.press(chosen.keyboard, "All channels")).edit
    assert "✓ All channels" in labels(all_of_them.keyboard)
    assert (await planned(database))[0].channels == ()


@pytest.mark.parametrize(("label", "field", "value"), [("Pause", "paused", True)])
async def test_a_plan_is_changed_in_place(ann, card, database, label, field, value) -> None:
    result = await ann.press(card.keyboard, label)
    assert result.toast == "Changed."
    (plan,) = await planned(database)
    assert getattr(plan, field) == value
    assert (await ann.press(card.keyboard, label)).edit == result.edit


async def test_its_times_are_chosen_or_written(ann, card, database) -> None:
    choices = await ann.press(card.keyboard, "When")
    assert "✓ on weekdays at 8:00" in labels(choices.edit.keyboard)
    shown = await ann.press(choices.edit.keyboard, "every 3 hours")
    assert "🕗 every 3 hours (UTC) · next: today 15:00" in shown.edit.text.text
    asked = await ann.press(choices.edit.keyboard, "Other times")
    assert "When shall it come?" in asked.reply[0].text.text
    assert (await ann.read("whenever")).startswith("I can't read a time of day")
    assert "🕗 on Mon, Thu at 9:00 (UTC)" in await ann.read("mon, thu 9")
    assert (await planned(database))[0].times == "weekly mon, thu 09:00"


async def test_its_name_and_query_are_written(ann, card, database, store, make_post) -> None:
    await store(make_post(1, "Ferry late"), make_post(2, "Barley cheaper"))
    await ann.press(card.keyboard, "Name")
    assert "📰 Morning" in await ann.read("Morning")
    await ann.press(card.keyboard, "Query")
    assert "^" in await ann.read('"ferry')
    (changed,) = await ann.say("ferry")
    assert "🔎 ferry" in changed.text.text
    (shown,) = (await ann.press(changed.keyboard, "Preview")).reply
    assert "🗞 Morning\n" in shown.text.text
    assert "Ferry late" in shown.text.text and "Barley" not in shown.text.text
    await ann.press(card.keyboard, "Query")
    await ann.say("all")
    await ann.press(card.keyboard, "Name")
    assert "📰 All posts" in await ann.read("none")
    (plan,) = await planned(database)
    assert (plan.name, plan.query) == ("", "")


async def test_its_channels_are_chosen(ann, card, database, store, make_post, now) -> None:
    desks = ((100, "harbour", "Harbour News"), (200, "city", "City Desk"))
    async with database.transaction() as tx:
        added = [
            await channels.add_channel(tx, channel_id=number, username=name, title=title, now=now)
            for number, name, title in desks
        ]
        for one in added:
            await channels.watch_channel(tx, one.id, now=now)
    await store(make_post(1, "Ferry late"), make_post(2, "Tram late", channel=CITY))
    choices = await ann.press(card.keyboard, "Channels")
    chosen = await ann.press(choices.edit.keyboard, "City Desk")
    assert "✓ City Desk" in labels(chosen.edit.keyboard)
    back = await ann.press(chosen.edit.keyboard, "Back")
    assert "📡 City Desk" in back.edit.text.text
    (shown,) = (await ann.press(back.edit.keyboard, "Preview")).reply
    assert "Tram late" in shown.text.text and "Ferry" not in shown.text.text
    taken_out = await ann.press(chosen.edit.keyboard, "✓ City Desk")
    assert "City Desk" in labels(taken_out.edit.keyboard)
    assert (await planned(database))[0].channels == ()


async def test_what_is_removed_can_be_put_back(ann, card, database) -> None:
    removed = await ann.press(card.keyboard, "Remove")
    assert removed.toast == "Removed: All posts"
    assert labels(removed.edit.keyboard) == ["↩️ Undo", "＋ New"]
    assert await planned(database) == []
    assert (await ann.press(card.keyboard, "Preview")).toast == "This digest was removed before."
    ann.now += timedelta(hours=30)
    back = await ann.press(removed.edit.keyboard, "Undo")
    assert back.toast == "It is back."
    assert "1. All posts · on weekdays at 8:00" in back.edit.text.text
    (plan,) = await planned(database)
    assert plan.due_at is not None and plan.due_at > ann.now
    assert (await ann.press(removed.edit.keyboard, "Undo")).edit == back.edit


async def test_a_plan_is_of_its_chat_alone(ann, card, services) -> None:
    other = replace(ann, chat_id=2, sender_id=2)
    await other.say("/start")
    (plan,) = await planned(services.database)
    before = plan
    verbs = "gc|{} gs|{}|p|1 gr|{} gu|{} gv|{} gt|{} gk|{}|0 gw|{}|1|1|0"
    for data in verbs.format(*[plan.id] * 8).split():
        result = await other.press_data(data)
        assert result.toast == "This digest was removed before."
        assert result.reply == ()
    assert (await other.read(f"/digest name {plan.id} Mine")) == "This digest was removed before."
    assert await planned(services.database) == [before]


@pytest.mark.parametrize(
    "data",
    [
        "ga|", "ga|every 5h", "ga|daily 8 grain", "ga|later", "gc|x", "gc|-1", "gc", "gs|2|p|2",
        "gs|2|q|1", "gs|2|m|7", "gs|2|t|junk", "gs|2|t|", "gs|2|s|01x", "gw|2|x|1|0", "gk|2|-3",
        "gu|9999999999999999999", "gv|١", "gl|x",
    ],
)  # fmt: skip
async def test_forged_buttons_lead_nowhere(ann, card, database, data: str) -> None:
    before = await planned(database)
    result = await ann.press_data(data)
    assert result.toast
    assert result.reply == ()
    assert await planned(database) == before


async def test_members_of_a_group_plan_nothing(member, manager, database) -> None:
    await manager.say("/start@dateline_bot")
    assert (await member.press_data("ga|daily 08:00")).edit is None
    made = await manager.press_data("ga|daily 08:00")
    assert "✓ Made." in made.edit.text.text
    assert len(await planned(database, -50)) == 1


@pytest.mark.parametrize("data", ["ga|daily 08:00", "st|d|08:00", "st|p|08:00 Asia/Tokyo"])
async def test_a_plan_of_a_button_comes_in_the_topic_of_its_message(
    manager, database, data: str
) -> None:
    await manager.say("/start@dateline_bot")
    manager.pressed_at = 71
    async with database.transaction() as tx:
        new = new_rows.answer(-50, "shown", TextPayload(text="When?"), now=manager.now, topic=12)
        await queueing.add_deliveries(tx, [new])
        shown = await outbox.find_delivery(tx, new.key)
        await mark_sent(tx, shown.id, manager.pressed_at, manager.now)
    await manager.press_data(data)
    (plan,) = await planned(database, -50)
    assert plan.topic == 12


async def test_nothing_is_shown_to_all_of_a_channel(manager, database) -> None:
    channel = replace(manager, chat_id=-1001, sender_id=None, is_channel=True, name="Desk")
    (told,) = await channel.say("/digest@dateline_bot daily 8")
    assert told.text.text.startswith("A digest comes every day at 8:00")


async def test_the_list_has_pages(ann, database, services) -> None:
    ann.services = replace(services, alerts_per_person=20)
    for hour in range(11):
        await ann.say(f"/digest daily {hour}:30")
    first = await ann.press_data("gl|0")
    second = await ann.press(first.edit.keyboard, "Next")
    assert "11. All posts · every day at 10:30" in second.edit.text.text
    assert (await ann.press_data("gl|99")).edit == second.edit
    card = await ann.press(second.edit.keyboard, "11. ")
    assert (await ann.press(card.edit.keyboard, "Digests")).edit == second.edit
    gone = await ann.press(card.edit.keyboard, "Remove")
    assert "10. All posts" in gone.edit.text.text  # Whoever removes one stays on its page.
    assert (await ann.press(gone.edit.keyboard, "Undo")).edit == second.edit


async def test_it_speaks_russian(ann) -> None:
    ann.language = "ru"
    assert "Сводка будет приходить по будням в 8:00 и 18:00 (UTC)." in await ann.read(
        "/digest будни 8, 18:00 паром"
    )
    (listed,) = await ann.say("/digest")
    assert "1. паром · по будням в 8:00 и 18:00 · ближайшая: завтра 8:00" in listed.text.text
    card = await ann.press(listed.keyboard, "паром")
    assert "Не больше 10 историй, подробно" in card.edit.text.text
    assert "В какой день недели?" in await ann.read("/digest еженедельно 9")
