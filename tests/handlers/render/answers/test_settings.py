"""The pages of time zones to choose from."""

from datetime import UTC, datetime, time
from itertools import chain

import pytest

from handlers.render.answers import settings
from handlers.texts.languages import words_of
from handlers.times.zone_regions import REGIONS

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
