"""Sorting, filtering and keeping what a search found."""

import pytest

from handlers.queries import narrowing, searches
from handlers.render.text.keyboards import MAKE_ALERT, data
from handlers.searching import filter_buttons
from handlers.texts.querying import querying_words
from storage.document import Channel, Forward
from storage.query.reading import syntax
from storage.structs import replace
from storage.subscribers import alerts

EN = querying_words("en")

QUAY = Channel(id=200, username="quay", title="Quay Watch")


def labels(keyboard) -> list[str]:
    return [button.text for row in keyboard for button in row]


async def refine(person, message, menu: str, choice: str):
    asked = await person.press(message.keyboard, menu)
    assert asked.keyboard is not None
    result = await person.press(asked.keyboard, choice)
    assert result.edit is not None
    return result.edit


async def test_results_are_filtered_in_place_and_freed_again(ann, store, make_post) -> None:
    await store(
        make_post(1, "Embargo one"),
        make_post(2, "Embargo two", channel=QUAY),
        make_post(3, "Эмбарго: embargo", lang="ru"),
    )
    (message,) = await ann.say("/search embargo")
    quay = await refine(ann, message, "Channel", "Quay Watch")
    assert quay.text.text.startswith("Found for embargo channel:quay: 1 result\n")
    assert "Channel: quay" in labels(quay.keyboard)
    both = await refine(ann, quay, "Language", "Russian")
    assert both.text.text.startswith("Nothing found for embargo channel:quay lang:ru.")
    free = await refine(ann, both, "Channel", "All channels")
    assert free.text.text.startswith("Found for embargo lang:ru: 1 result\n")
    week = await refine(ann, free, "Period", "7 days")
    assert week.text.text.startswith("Found for embargo lang:ru after:7d: 1 result\n")


async def test_of_a_filter_the_present_value_is_marked(ann, store, make_post) -> None:
    await store(make_post(1, "Embargo one"), make_post(2, "Embargo two", channel=QUAY))
    (message,) = await ann.say("/search embargo")

    async def marked(shown, menu: str) -> list[str]:
        pressed = await ann.press(shown.keyboard, menu)
        return [text for text in labels(pressed.keyboard) if text.startswith("✓")]

    for menu, choice, nothing in (
        ("Channel", "Quay Watch", "✓ All channels"),
        ("Period", "7 days", "✓ Any time"),
        ("Language", "English", "✓ Any language"),
    ):
        assert await marked(message, menu) == [nothing]
        chosen = await refine(ann, message, menu, choice)
        assert await marked(chosen, menu) == [f"✓ {choice}"]


async def test_the_way_back_from_a_menu_is_the_page(ann, store, make_post) -> None:
    await store(make_post(1, "Embargo one"))
    (message,) = await ann.say("/search embargo")
    asked = await ann.press(message.keyboard, "Period")
    back = await ann.press(asked.keyboard, "Back")
    assert back.edit == message


async def test_order_is_switched_and_pages_go_on(ann, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo {'embargo ' * (n % 3)}{n}") for n in range(1, 9)))
    (message,) = await ann.say("/search embargo")
    sorted_page = (await ann.press(message.keyboard, "By relevance")).edit
    assert sorted_page is not None
    assert sorted_page.text.text != message.text.text
    assert "⇅ By date" in labels(sorted_page.keyboard)
    again = (await ann.press(message.keyboard, "By relevance")).edit
    assert again == sorted_page
    following = (await ann.press(sorted_page.keyboard, "Next")).edit
    assert following is not None
    newest = (await ann.press(following.keyboard, "By date")).edit
    assert newest == message


async def test_results_become_an_alert_without_their_period(
    ann, database, store, make_post
) -> None:
    await store(make_post(1, "Embargo one"))
    (message,) = await ann.say("/search (embargo OR ban) after:7d")
    result = await ann.press(message.keyboard, "Make this an alert")
    assert result.toast is not None
    assert result.toast.startswith("Alert set: embargo OR ban.")
    assert result.reply[0].text.text.startswith("Alert set: embargo OR ban.")
    again = await ann.press(message.keyboard, "Make this an alert")
    assert again.toast == "You have this alert already: embargo OR ban."
    async with database.reader() as conn:
        assert [one.query for one in await alerts.list_alerts(conn, 1)] == ["embargo OR ban"]


async def test_a_period_alone_makes_no_alert_and_nothing_found_does(ann) -> None:
    (dates,) = await ann.say("/search after:7d")
    ((share,),) = dates.keyboard
    assert share.text == "🔗 Share"
    older = data(MAKE_ALERT, share.data.rpartition("|")[2])  # Of a message of before.
    assert (await ann.press_data(older)).toast == EN.no_alert
    (nothing,) = await ann.say("/search embargo")
    assert labels(nothing.keyboard) == ["🔔 Make this an alert", "🔗 Share"]


async def test_members_filter_and_managers_make_alerts(member, manager, store, make_post) -> None:
    await store(make_post(1, "Embargo one"))
    (message,) = await member.say("/search@dateline_bot embargo")
    assert (await member.press(message.keyboard, "Channel")).keyboard
    assert (await member.press(message.keyboard, "alert")).reply == ()
    assert (await manager.press(message.keyboard, "alert")).reply


async def test_copies_are_one_row_over_all_pages(ann, store, make_post) -> None:
    origin = Forward(name="Harbour News", channel_id=100, username="harbour", message_id=1)
    copies = [
        make_post(n, "Embargo agreed", channel=Channel(id=n, username=f"mirror{n}", title=f"M{n}"))
        for n in range(20, 24)
    ]
    forward = make_post(30, "Embargo agreed", channel=QUAY, forwarded_from=origin)
    others = [make_post(n, f"Embargo notice {n}") for n in range(2, 8)]
    await store(make_post(1, "Embargo agreed"), *others, *copies, forward)
    (first,) = await ann.say("/search embargo")
    text = first.text.text
    assert text.startswith("Found for embargo: 12 results\n\n1. Quay Watch · ")
    assert text.count("agreed") == 1
    assert "notice 4" in text
    second = (await ann.press(first.keyboard, "Next")).edit
    assert second is not None
    assert "agreed" not in second.text.text
    assert "+" not in second.text.text
    (copy,) = await ann.say('/search "embargo agreed" channel:mirror20')
    assert " · +5 channels\n" in copy.text.text


async def test_a_search_that_takes_too_long_says_so(ann, store, make_post) -> None:
    await store(make_post(1, "Embargo one"))
    (message,) = await ann.say("/search embargo")
    hurried = replace(ann, services=replace(ann.services, search_seconds=0.0))
    assert await hurried.read("/search embargo") == EN.slow
    assert (await hurried.press(message.keyboard, "By relevance")).toast == EN.slow


@pytest.mark.parametrize(
    "fields", ["c|a b", "p|9d", "l|xx", "s|oldest", "z|1", "c|", "s|", "c|" + "x" * 41]
)
async def test_forged_choices_lead_to_a_toast(ann, store, make_post, fields: str) -> None:
    await store(make_post(1, "Embargo one"))
    (message,) = await ann.say("/search embargo")
    token = message.keyboard[0][0].data.split("|")[1]
    result = await ann.press_data(f"{filter_buttons.CHOOSE}|{token}|{fields}")
    assert result.toast == "This button no longer works."


def test_searches_of_the_first_versions_are_read() -> None:
    old = searches._from_json(["oil", "cursor"])
    assert old == searches.SavedSearch("oil", ("cursor",))
    kept = searches.SavedSearch("oil", ("c",), (("k",),), "relevance", "quay", "7d", "ru")
    assert searches._from_json(searches._to_json(kept)) == kept


@pytest.mark.parametrize(
    ("query", "conditions", "narrowed"),
    [
        ("oil", ["lang:ru"], "oil lang:ru"),
        ("oil OR gas", ["channel:quay"], "(oil OR gas) channel:quay"),
        ("oil OR gas", [], "oil OR gas"),
        ("oil after:2024-01-01", ["lang:ru"], "oil lang:ru after:2024-01-01"),
        ("-oil lang:en", ["is:original"], "-oil lang:en is:original"),
        (" ".join(f"w{n}" * 4 for n in range(39)) + " x" * 1, ["channel:" + "q" * 300], None),
    ],
)
def test_conditions_join_a_query(query: str, conditions: list[str], narrowed: str | None) -> None:
    result = narrowing.narrow(syntax.parse(query), conditions)
    assert (result.text if result else None) == narrowed
