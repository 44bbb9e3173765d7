"""The pages of time zones to choose from."""

from datetime import UTC, datetime, time
from itertools import chain

import pytest

from handlers.render.answers import settings
from handlers.render.answers.settings import Present
from handlers.render.text.messages import Keyboard
from handlers.texts.languages import words_of
from handlers.times.zone_regions import REGIONS
from storage.records import Subscriber

EN = words_of("en")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def flat(rows: list[list[str]]) -> list[str]:
    return [*chain.from_iterable(rows)]


def pages(code: str) -> list[list[list[str]]]:
    """The labels of all pages of a region, as far as each leads on."""
    found = []
    while True:
        keyboard = settings.places_keyboard(code, len(found), EN, NOW)
        assert keyboard is not None
        found.append([[button.text for button in row] for row in keyboard])
        if EN.following not in flat(found[-1]):
            return found


@pytest.mark.parametrize("code", REGIONS)
def test_each_place_of_a_region_stands_on_one_page(code: str) -> None:
    found = pages(code)
    size, zones = settings.PLACES_A_PAGE, REGIONS[code].zones
    assert len(found) == -(-len(zones) // size)
    turned = len(found) > 1
    places = [flat(rows[: -1 - turned]) for rows in found]
    assert [len(page) for page in places] == [
        min(size, len(zones) - start) for start in range(0, len(zones), size)
    ]
    labels = flat(places)
    assert len(set(labels)) == len(zones)
    for number, rows in enumerate(found, 1):
        assert len(rows[-1]) == 1
        if turned:
            place = f"{number} / {len(found)}"
            row = [EN.previous] * (number > 1) + [place] + [EN.following] * (number < len(found))
            assert rows[-2] == row


def test_pages_that_are_not_there_are_the_nearest() -> None:
    for code in REGIONS:
        last = len(pages(code)) - 1
        for asked, page in ((-1, 0), (99, last)):
            assert settings.places_keyboard(code, asked, EN, NOW) == settings.places_keyboard(
                code, page, EN, NOW
            )
    assert settings.places_keyboard("nowhere", 0, EN, NOW) is None


def test_a_digest_that_was_wished_comes_with_the_zone() -> None:
    code = next(iter(REGIONS))
    plain = settings.places_keyboard(code, 0, EN, NOW)
    wished = settings.places_keyboard(code, 0, EN, NOW, time(8, 5))
    assert plain is not None and wished is not None
    assert [button.text for button in plain[0]] == [button.text for button in wished[0]]
    for with_plan, without in zip(wished[0], plain[0], strict=True):
        assert with_plan.data is not None and without.data is not None
        assert "08:05 " in with_plan.data
        assert "08:05" not in without.data
    regions = settings.regions_keyboard(EN, time(8, 5))
    assert sum(map(len, regions)) == len(REGIONS) + 1
    assert all("08:05" in (button.data or "") for row in regions for button in row)


def told(keyboard: Keyboard | None) -> list[str]:
    """The rows of a keyboard, each button with its data."""
    return [" | ".join(f"{one.text} = {one.data}" for one in row) for row in keyboard or ()]


BACK = "‹ Back = sm|-"
LANGUAGES = ["✓ English = st|l|en", "русский = st|l|ru"]
REGION_ROWS = [
    "✓ Europe = sm|z||eu|0 | Russia = sm|z||ru|0",
    "Caucasus, Middle East = sm|z||me|0 | Asia = sm|z||as|0",
    "Africa = sm|z||af|0 | North America = sm|z||na|0",
    "South America = sm|z||sa|0 | Australia, Oceania = sm|z||oc|0",
]
QUIET = [
    "22:00–7:00 = st|q|22:00-07:00",
    "✓ 23:00–8:00 = st|q|23:00-08:00",
    "0:00–8:00 = st|q|00:00-08:00",
    "Off = st|q|off",
    "Urgent ones wait too = st|u|0",
    "✓ Urgent ones come through = st|u|1",
]
BURSTS = [
    "List after 1 a minute = st|b|1",
    "List after 3 a minute = st|b|3",
    "✓ List after 5 a minute = st|b|5",
    "List after 10 a minute = st|b|10",
    "List after 20 a minute = st|b|20",
    "Each by itself, always = st|b|0",
]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("l", [*LANGUAGES, BACK]),
        ("z", [*REGION_ROWS, "UTC = st|z|UTC", BACK]),
        ("q", [*QUIET, BACK]),
        ("b", [*BURSTS, BACK]),
        ("x", []),
    ],
)
def test_what_a_setting_can_be_set_to_and_is(name: str, rows: list[str]) -> None:
    chat = Subscriber(
        chat_id=1, created_at=NOW, quiet_from=time(23), quiet_until=time(8), quiet_but_urgent=True
    )
    assert told(settings.choices_keyboard(name, Present(chat, "Europe/Berlin", 5), EN)) == rows


def test_what_is_set_to_nothing_is_marked_too() -> None:
    present = Present(Subscriber(chat_id=1, created_at=NOW), "UTC", 0)
    rows = [row for name in "zqb" for row in told(settings.choices_keyboard(name, present, EN))]
    assert [row.partition(" = ")[0] for row in rows if "✓" in row] == [
        "✓ UTC", "✓ Off", "✓ Urgent ones wait too", "✓ Each by itself, always"
    ]  # fmt: skip


def test_each_setting_has_a_button() -> None:
    assert told(settings.settings_keyboard(EN)) == [
        "🌐 Language = sm|l | 🕒 Time zone = sm|z",
        "🌙 Quiet hours = sm|q | 📰 Digests = gl|0",
        "📋 Bursts = sm|b",
    ]


@pytest.mark.parametrize(
    ("at", "row"),
    [
        (None, "Yes = st|z|Asia/Tokyo | Other = sm|z|"),
        (time(8, 5), "Yes = st|p|08:05 Asia/Tokyo | Other = sm|z|08:05"),
    ],
)
def test_a_zone_that_was_guessed_is_confirmed(at: time | None, row: str) -> None:
    assert told(settings.guess_keyboard("Asia/Tokyo", at, EN)) == [row]


def test_a_digest_that_moved_offers_its_former_zone() -> None:
    moved = settings.plan_moved_message(time(8), "Europe/Berlin", time(10), "Asia/Tokyo", EN)
    assert "10:00 (Asia/Tokyo), the same moment as 8:00 (Europe/Berlin)" in moved.text.text
    assert told(moved.keyboard) == [
        "Use Europe/Berlin for everything = st|p|08:00 Europe/Berlin",
        "Other = sm|z|",
    ]


def test_places_stand_from_west_to_east_and_by_name() -> None:
    shown = told(settings.places_keyboard("oc", 0, EN, NOW, time(8, 5), present="Australia/Sydney"))
    places = [one.partition(" = ") for row in shown for one in row.split(" | ")]
    assert [text for text, _, _ in places] == [
        "Honolulu 2:00", "Perth 20:00", "Darwin 21:30", "Brisbane 22:00", "Adelaide 22:30",
        "Melbourne 23:00", "✓ Sydney 23:00", "Fiji 0:00", "Auckland 1:00", "‹ Back",
    ]  # fmt: skip
    assert places[-1][2] == "sm|z|08:05"
    (turning,) = told(settings.places_keyboard("as", 1, EN, NOW, time(8, 5)))[-2:-1]
    assert "‹ Prev = sm|z|08:05|as|0" in turning
    assert "Next › = sm|z|08:05|as|2" in turning
