"""What subscribers set so that alerts are no noise: by commands and by buttons."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.render.alerts.alerts import alert_message
from handlers.render.answers.settings import places_keyboard
from handlers.texts.languages import words_of
from handlers.times import zones
from handlers.times.clocks import parse_quiet
from handlers.times.zone_regions import REGIONS, place
from storage.outbox import held, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, NewDelivery
from storage.subscribers import alerts, mutes, plans, subscribers

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def alert_of(database, number: int = 1):
    async with database.reader() as conn:
        return await alerts.find_alert(conn, number)


async def subscriber_of(database, chat_id: int = 1):
    async with database.reader() as conn:
        return await subscribers.get_subscriber(conn, chat_id)


async def hold(database, due, *, now, post: str = "a") -> None:
    """An alert of one post for Ann, held until then under the key "alert:1:" and the post."""
    row = NewDelivery(
        chat_id=1,
        kind="alert",
        key=f"alert:1:{post}",
        payload=AlertPayload(doc_id=post, alerts=((1, "oil"),)),
        priority=PRIORITY_ALERT,
        due_at=due,
        created_at=now,
        bundle=held.bundle_name(due),
    )
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, [row])


def labels(keyboard) -> list[str]:
    return [button.text for row in keyboard for button in row]


@pytest.fixture
async def told(ann, active, store, make_post):
    """An alert that told of a post."""
    await ann.say("/alert oil")
    post = make_post(5, "Oil prices")
    await store(post)
    return alert_message(post, await active(), language="en", timezone="UTC", now=ann.now)


@pytest.fixture
async def opened(ann, told):
    """The buttons below that alert, all of them."""
    return (await ann.press(told.keyboard, "⋯")).keyboard


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        ("22:00-07:00", (time(22), time(7), False)),
        ("22-7", (time(22), time(7), False)),
        ("22.30 – 7:15 urgent", (time(22, 30), time(7, 15), True)),
        ("10pm to 7 am", (time(22), time(7), False)),
        ("22:00 до 07:00 срочные", (time(22), time(7), True)),
        ("с 11 вечера до 7 утра", (time(23), time(7), False)),
        ("from 10pm to noon urgent", (time(22), time(12), True)),
        ("22-7 URGENT", (time(22), time(7), True)),
        ("22:00", None),
        ("25:00-07:00", None),
        ("22:00-07:00 loudly", None),
        ("a-b", None),
        ("", None),
    ],
)
def test_quiet_hours_as_people_write_them(written: str, parsed: object) -> None:
    assert parse_quiet(written) == parsed


async def test_quiet_hours_are_set_shown_and_ended(ann, database) -> None:
    assert (await ann.read("/quiet")).startswith("Quiet hours: none\n")
    said = await ann.read("/quiet 22:00-07:00")
    assert said.startswith("From 22:00 to 7:00 (UTC) I keep silent.")
    found = await subscriber_of(database)
    assert (found.quiet_from, found.quiet_until, found.quiet_but_urgent) == (
        time(22),
        time(7),
        False,
    )
    assert "urgent" in await ann.read("/quiet 22:00-07:00 urgent")
    assert "Quiet hours: 22:00–7:00, but for urgent alerts" in await ann.read("/settings")
    assert await ann.read("/quiet off") == "There are no quiet hours any more."
    assert (await subscriber_of(database)).quiet_from is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("/quiet sometimes", "I can't read quiet hours in sometimes.\nWhen shall I keep silent?"),
        ("/quiet 22:00-22:00", "Quiet hours must begin and end at different times."),
        ("/timezone Berln", "I know no time zone Berln. Did you mean Europe/Berlin, where it is"),
        ("/timezone europe/berlin", "Your time zone is now Europe/Berlin."),
    ],
)
async def test_what_is_said_to_quiet_and_timezone(ann, written: str, said: str) -> None:
    assert (await ann.read(written)).startswith(said)


async def test_a_bare_timezone_asks(ann, database) -> None:
    (question,) = await ann.say("/timezone")
    assert question.text.text.startswith("Which time zone?")
    assert "Cancel" in question.keyboard[-1][0].text
    await ann.say("tokyo")
    assert (await subscriber_of(database)).timezone == "Asia/Tokyo"


async def test_a_zone_is_chosen_by_region_and_place(ann, database) -> None:
    (question,) = await ann.say("/timezone")
    assert labels(question.keyboard)[:2] == ["Europe", "Russia"]
    first = (await ann.press(question.keyboard, "Europe")).keyboard
    assert labels(first)[:2] == ["Dublin 12:00", "Lisbon 12:00"]
    assert labels(first)[-4:] == ["1 / 3", "Next ›", "‹ Back", "✕ Cancel"]
    second = (await ann.press(first, "Next")).keyboard
    assert "Rome 13:00" in labels(second)
    regions = (await ann.press(second, "Back")).keyboard
    assert labels(regions) == [*labels(question.keyboard)[:-1], "‹ Back", "✕ Cancel"]
    taken = await ann.press(second, "Rome")
    assert "Time zone: Europe/Rome" in taken.edit.text.text
    assert (await subscriber_of(database)).timezone == "Europe/Rome"
    assert (await ann.read("tokyo")).startswith("Nothing found")  # it answers no question now


@pytest.mark.parametrize("said", ["/alert", "tokyo", "cancel", "/search"])
async def test_the_places_of_an_old_question_cancel_nothing(ann, said: str) -> None:
    (question,) = await ann.say("/timezone")
    await ann.say(said)
    places = (await ann.press(question.keyboard, "Europe")).keyboard
    assert labels(places)[-1] == "‹ Back"


async def test_the_writer_of_digests_hears_of_a_zone_that_moves_one(ann, hooks) -> None:
    await ann.say("/timezone Rome")
    assert hooks.plans == []
    await ann.say("/digest daily 08:00")
    hooks.plans.clear()
    await ann.say("/quiet 22:00-07:00")
    await ann.say("/timezone Rome")
    assert hooks.plans == []
    await ann.say("/timezone Tokyo")
    assert hooks.plans == [1]


async def test_a_zone_that_nobody_knows_is_chosen_with_its_digest(ann) -> None:
    (asked,) = await ann.say("/digest 8pm Europe/Nowhereville")
    assert asked.text.text == "I know no time zone Europe/Nowhereville. Choose a region:"
    places = (await ann.press(asked.keyboard, "Asia")).keyboard
    places = (await ann.press((await ann.press(places, "Next")).keyboard, "Prev")).keyboard
    taken = await ann.press(places, "Delhi 17:30")
    assert "Digest: every day at 20:00 (Asia/Kolkata)" in taken.edit.text.text


@pytest.mark.parametrize("written", ["/timezone Russia", "/timezone по России", "/digest 9 рф"])
async def test_a_country_of_several_zones_is_asked_for_its_place(ann, written: str) -> None:
    (asked,) = await ann.say(written)
    assert asked.text.text == "There are several time zones. Choose a place:"
    taken = await ann.press(asked.keyboard, "Omsk")
    assert "Time zone: Asia/Omsk" in taken.edit.text.text
    assert ("every day at 9:00 (Asia/Omsk)" in taken.edit.text.text) == ("digest" in written)


@pytest.mark.parametrize("data", ["sm|z||xx|0", "sm|z||eu|x", "sm|z||eu", "sm|z|junk|eu|-1"])
async def test_forged_choices_of_a_zone_lead_nowhere(ann, data: str) -> None:
    await ann.say("/start")
    context = await ann.press_data(data)
    assert context.toast and context.keyboard is None and context.edit is None


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("code", REGIONS)
def test_every_place_has_a_button_and_is_found_by_name(code, language) -> None:
    words = words_of(language)
    for zone in REGIONS[code].zones:
        assert zones.find_zone(place(zone, language)) == zone
    pages = [places_keyboard(code, page, words, NOW) for page in range(4)]
    shown = {button.data for keyboard in pages for row in keyboard for button in row}
    assert {f"st|z|{zone}" for zone in REGIONS[code].zones} <= shown


@pytest.mark.parametrize(
    ("menu", "choice", "line"),
    [
        ("Language", "русский", "Язык: русский"),
        ("Time zone", "UTC", "Time zone: UTC"),
        ("Quiet hours", "23:00–8:00", "Quiet hours: 23:00–8:00"),
        ("Quiet hours", "Off", "Quiet hours: none"),
        ("Bursts", "List after 5 a minute", "Bursts: after 5 alerts a minute"),
        ("Bursts", "Each by itself", "Bursts: each alert by itself"),
    ],
)
async def test_settings_are_changed_by_buttons(ann, menu: str, choice: str, line: str) -> None:
    (message,) = await ann.say("/settings")
    choices = await ann.press(message.keyboard, menu)
    changed = await ann.press(choices.keyboard, choice)
    assert line in changed.edit.text.text
    again = await ann.press(choices.keyboard, choice)
    assert again.edit == changed.edit
    back = await ann.press(choices.keyboard, labels(choices.keyboard)[-1])
    assert back.edit == changed.edit


async def test_urgent_alerts_are_let_through_by_a_button(ann, database) -> None:
    await ann.say("/quiet 22:00-07:00")
    (message,) = await ann.say("/settings")
    choices = await ann.press(message.keyboard, "Quiet hours")
    await ann.press(choices.keyboard, "Urgent ones come through")
    assert (await subscriber_of(database)).quiet_but_urgent


async def test_the_digest_button_leads_to_the_plans(ann, database, hooks) -> None:
    await ann.say("/timezone Europe/Berlin")
    (message,) = await ann.say("/settings")
    shown = await ann.press(message.keyboard, "Digest")
    assert shown.edit.text.text == "You have no digest yet."
    # Buttons of before plans had a list still mean what they meant.
    choices = await ann.press_data("sm|d")
    assert choices.edit == shown.edit
    listed = await ann.press_data("st|d|21:00")
    assert "every day at 21:00" in listed.edit.text.text
    async with database.reader() as conn:
        (plan,) = await plans.list_plans(conn, 1)
    assert (plan.times, plan.timezone) == ("daily 21:00", "Europe/Berlin")
    assert hooks.plans[-1] == 1
    assert (await ann.press_data("st|d|off")).edit == listed.edit


@pytest.mark.parametrize(
    ("label", "field", "value", "line"),
    [
        ("Urgent", "urgent", True, "Comes in quiet hours too (8:00–9:00)"),
        ("Silent", "silent", True, "without a sound"),
        ("Every 15 min", "every_minutes", 15, "Sent together, every 15 minutes"),
        ("5 an hour", "hourly_limit", 5, "At most 5 an hour"),
        ("Once per event", "once", True, "Once per event: later posts of it go into its first"),
    ],
)
async def test_the_page_of_an_alert_changes_it(
    ann, database, label: str, field: str, value: object, line: str
) -> None:
    await ann.say("/alert oil")
    await ann.say("/quiet 8-9 urgent")
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    how = await ann.press(page.edit.keyboard, "How it comes")
    for _ in range(2):  # Pressed again, it says the same.
        changed = await ann.press(how.edit.keyboard, label)
        assert line in changed.edit.text.text
        assert f"✓ {label}" in "".join(labels(changed.edit.keyboard)).replace("1️⃣ ", "")
        assert getattr(await alert_of(database), field) == value
    card = await ann.press(changed.edit.keyboard, "Back")
    assert line in card.edit.text.text


async def test_an_alert_is_paused_and_goes_on(ann, database) -> None:
    await ann.say("/alert oil")
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    for _ in range(2):
        paused = await ann.press(page.edit.keyboard, "Pause")
        assert "⏸ Paused" in paused.edit.text.text
        assert (await alert_of(database)).paused
    resumed = await ann.press(paused.edit.keyboard, "Resume")
    assert "On since today" in resumed.edit.text.text
    assert not (await alert_of(database)).paused


async def test_nobody_changes_the_alert_of_another_chat(ann, operator, database) -> None:
    await ann.say("/alert oil")
    before = await alert_of(database)
    await operator.say("/start")
    for data in ("as|1|0|p|1", "au|1|0|77", "zs|t|tg:100/5|1", "mu|tg:100/5|1"):
        await operator.press_data(data)
    assert await alert_of(database) == before


@pytest.mark.parametrize(
    "data",
    [
        "as|1|0|x|1",
        "as|1|0|p|2",
        "as|1|0|e|7",
        "as|1|0|l|-1",
        "zs|9|tg:1/1|1",
        "st|l|xx",
        "st|z|Nowhere/City",
        "st|q|25-26",
        "st|d|soon",
        "st|q|22:00-07:00 loud",
        "st|u|2",
        "st|u|",
        "st|b|2",
        "st|b|-1",
        "st|x|1",
        "st|q",
        "sm|x",
        "sm|z||Atlantis",
    ],
)
async def test_forged_settings_lead_to_a_toast(ann, database, data: str) -> None:
    await ann.say("/alert oil")
    await ann.say("/quiet 22:00-07:00 urgent")
    before = await subscriber_of(database), await alert_of(database)
    result = await ann.press_data(data)
    assert (result.edit, result.keyboard) == (None, None)
    assert result.toast == "This button no longer works."
    assert (await subscriber_of(database), await alert_of(database)) == before


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        ("1 hour", datetime(2026, 11, 22, 13, tzinfo=UTC)),
        ("8 hours", datetime(2026, 11, 22, 20, tzinfo=UTC)),
        ("Until tomorrow", datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ],
)
async def test_an_alert_is_snoozed_below_its_message(
    ann, told, database, choice: str, until: datetime
) -> None:
    asked = await ann.press(told.keyboard, "Snooze")
    assert asked.edit is None
    back = await ann.press(asked.keyboard, "Back")
    assert back.keyboard == told.keyboard
    for _ in range(2):
        snoozed = await ann.press(asked.keyboard, choice)
        assert snoozed.toast.startswith("Snoozed, back ")
        assert snoozed.keyboard == told.keyboard
        assert (await alert_of(database)).snoozed_until == until
    (message,) = await ann.say("/alerts")
    assert labels(message.keyboard) == ["💤 oil"]
    page = await ann.press(message.keyboard, "oil")
    woken = await ann.press(page.edit.keyboard, "Wake up")
    assert "On since today" in woken.edit.text.text
    assert (await alert_of(database)).snoozed_until is None


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("/quiet off", 0),
        ("/quiet 11:00-18:00", 6),
        ("/quiet 01:00-02:00", 0),
        ("/timezone Europe/Moscow", 2),
        ("/timezone Asia/Tokyo", 0),
    ],
)
async def test_what_is_held_for_the_end_of_quiet_hours_follows_them(
    ann, database, now, said: str, hours: int
) -> None:
    await ann.say("/quiet 08:00-17:00")
    await hold(database, now + 5 * HOUR, now=now)
    await ann.say(said)
    async with database.reader() as conn:
        moved = await outbox.find_delivery(conn, "alert:1:a")
    assert moved.due_at == now + hours * HOUR


async def test_a_longer_snooze_holds_longer_what_is_held(ann, told, opened, database, now) -> None:
    await hold(database, now + HOUR, now=now)
    asked = await ann.press(told.keyboard, "Snooze")
    await ann.press(asked.keyboard, "8 hours")
    async with database.reader() as conn:
        waiting = await outbox.find_delivery(conn, "alert:1:a")
    assert waiting.due_at == now + 8 * HOUR
    removed = await ann.press(opened, "Remove this alert")
    async with database.reader() as conn:
        assert await outbox.count_by_state(conn) == {"dropped": 1}
    await ann.press(removed.keyboard, "Undo")
    async with database.reader() as conn:
        assert await outbox.count_by_state(conn) == {"queued": 1}


@pytest.mark.parametrize(
    ("said", "hours"),
    [("/quiet off", 0), ("/quiet 11:00-18:00", 6), ("/timezone Europe/Moscow", 2)],
)
async def test_what_is_held_for_a_woken_alert_is_told_outside_of_quiet_hours(
    ann, told, database, now, said: str, hours: int
) -> None:
    await ann.say("/quiet 08:00-17:00")
    await ann.say(said)
    asked = await ann.press(told.keyboard, "Snooze")
    await ann.press(asked.keyboard, "8 hours")
    await hold(database, now + 8 * HOUR, now=now)
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    await ann.press(page.edit.keyboard, "Wake up")
    async with database.reader() as conn:
        waiting = await outbox.find_delivery(conn, "alert:1:a")
    assert waiting.due_at == now + hours * HOUR


async def test_a_snooze_that_is_over_does_not_show(ann, told) -> None:
    asked = await ann.press(told.keyboard, "Snooze")
    await ann.press(asked.keyboard, "1 hour")
    ann.now += 2 * HOUR
    (message,) = await ann.say("/alerts")
    assert labels(message.keyboard) == ["🔔 oil"]


async def test_a_mute_is_undone_where_it_was_made(ann, told, opened, database) -> None:
    muted = await ann.press(opened, "Mute channel")
    assert labels((await ann.press(told.keyboard, "⋯")).keyboard) == labels(muted.keyboard)
    for _ in range(2):
        heard = await ann.press(muted.keyboard, "Unmute channel")
        assert heard.toast == "Harbour News is not muted any more."
        assert heard.keyboard == opened
    async with database.reader() as conn:
        assert await mutes.list_mutes(conn, 1) == []
    assert (await ann.press(heard.keyboard, "Back")).keyboard == told.keyboard


async def test_a_channel_is_muted_and_heard_again(ann, opened, database) -> None:
    for _ in range(2):
        muted = await ann.press(opened, "Mute channel")
        assert muted.toast == ("Harbour News is muted for: oil. The same button undoes it.")
    async with database.reader() as conn:
        assert [mute.channel for mute in await mutes.list_mutes(conn, 1)] == ["100"]
    (message,) = await ann.say("/alerts")
    page = await ann.press(message.keyboard, "oil")
    assert "Without Harbour News" in page.edit.text.text
    for _ in range(2):
        heard = await ann.press(page.edit.keyboard, "Unmute Harbour News")
        assert "Without" not in heard.edit.text.text
    assert heard.toast is None


async def test_where_the_post_is_gone_there_is_no_channel_to_mute(
    ann, told, opened, database
) -> None:
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document")
    result = await ann.press(opened, "Mute channel")
    assert result.toast == "There is no channel to mute here."
    assert result.keyboard is not None


async def test_in_a_channel_an_alert_is_folded_again_for_its_readers(ann, opened, database) -> None:
    async with database.transaction() as tx:
        await tx.execute("UPDATE subscriber SET is_channel = 1 WHERE chat_id = 1")
    folded = (await ann.press(opened, "Back")).keyboard
    assert labels(folded) == ["Open", "🔎 Similar", "⚙️ Change"]
    assert labels((await ann.press(folded, "Change")).keyboard) == labels(opened)
    await ann.press(opened, "Remove this alert")
    assert labels((await ann.press(opened, "Back")).keyboard) == ["Open", "↩️ Undo"]


async def test_similar_posts_come_as_a_message_of_their_own(ann, opened) -> None:
    found = await ann.press(opened, "Similar")
    assert (found.edit, found.keyboard) == (None, None)
    (message,) = found.reply
    assert "Oil prices" in message.text.text


async def test_the_buttons_of_an_alert_that_is_gone_say_so(ann, told, opened) -> None:
    asked = await ann.press(told.keyboard, "Snooze")
    muted = await ann.press(opened, "Mute channel")
    await ann.press(opened, "Remove this alert")
    for keyboard, label in (
        (told.keyboard, "Snooze"),
        (asked.keyboard, "1 hour"),
        (opened, "Mute channel"),
        (muted.keyboard, "Unmute channel"),
        (opened, "Similar"),
    ):
        assert (await ann.press(keyboard, label)).toast == "This alert was removed before."


@pytest.mark.parametrize("how", ["pause", "mute", "stop"])
async def test_what_is_held_is_not_told_when_nobody_wants_it_any_more(
    ann, opened, database, now, how: str
) -> None:
    await hold(database, now + HOUR, now=now, post="tg:100/5")
    if how == "pause":
        (message,) = await ann.say("/alerts")
        page = await ann.press(message.keyboard, "oil")
        await ann.press(page.edit.keyboard, "Pause")
    elif how == "mute":
        await ann.press(opened, "Mute channel")
    else:
        await ann.say("/stop")
    async with database.reader() as conn:
        assert await outbox.count_by_state(conn) == {"dropped": 1}


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("/timezone Berln", ("Time zone: Europe/Berlin", "Digest: off")),
        ("/digest 8pm Berln", ("Time zone: Europe/Berlin", "Digest: every day at 20:00 (Eur")),
    ],
)
async def test_a_guessed_zone_is_asked_about_and_taken_by_a_button(
    ann, database, written: str, lines: tuple[str, ...]
) -> None:
    (asked,) = await ann.say(written)
    assert asked.text.text.endswith("Did you mean Europe/Berlin, where it is 13:00?")
    assert (await subscriber_of(database)).timezone is None
    other = await ann.press(asked.keyboard, "Other")
    assert "South America" in labels(other.keyboard)
    taken = await ann.press(asked.keyboard, "Yes")
    assert all(line in taken.edit.text.text for line in lines)


async def test_a_digest_follows_the_zone_of_its_chat(ann) -> None:
    said = await ann.read("/digest 8:00 Berlin")
    assert "\nYour time zone is now Europe/Berlin.\n" in said
    await ann.say("/timezone Japan")
    assert "every day at 8:00 (Asia/Tokyo)" in await ann.read("/settings")
