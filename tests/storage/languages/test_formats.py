"""Months, days, numbers, cities and countries in the words of a language."""

import pytest

from storage.languages import formats


@pytest.mark.parametrize(
    ("language", "first", "may", "last"),
    [
        ("en", "January", "May", "December"),
        ("ru", "январь", "май", "декабрь"),
        ("de", "Januar", "Mai", "Dezember"),
        # No language, and one that nothing is known of.
        ("", "January", "May", "December"),
        ("xx", "January", "May", "December"),
        ("not_a_language", "January", "May", "December"),
    ],
)
def test_months_are_named_by_themselves_from_january_on(
    language: str, first: str, may: str, last: str
) -> None:
    names = formats.months(language)
    assert len(names) == len(set(names)) == 12
    assert (names[0], names[4], names[-1]) == (first, may, last)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
        ("ru", "янв фев мар апр мая июн июл авг сен окт ноя дек"),
        # Those that are written in full stay whole.
        ("de", "Jan Feb März Apr Mai Juni Juli Aug Sep Okt Nov Dez"),
    ],
)
def test_short_months_stand_beside_a_day_without_a_full_stop(language: str, expected: str) -> None:
    assert " ".join(formats.months_short(language)) == expected


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", ("monday", "mon"), ("sunday", "sun")),
        ("ru", ("понедельник", "пн"), ("воскресенье", "вс")),
        ("de", ("montag", "mo"), ("sonntag", "so")),
    ],
)
def test_weekdays_begin_with_monday_in_small_letters(
    language: str, first: tuple[str, str], last: tuple[str, str]
) -> None:
    days = formats.weekdays(language)
    assert len(set(days)) == 7
    assert (days[0], days[-1]) == (first, last)
    assert not any(short.endswith(".") for _, short in days)


@pytest.mark.parametrize(
    ("value", "language", "decimals", "written"),
    [
        (0, "en", 0, "0"),
        (999, "en", 0, "999"),
        (1000, "en", 0, "1,000"),
        (1234567, "en", 0, "1,234,567"),
        (1234567, "ru", 0, "1\u00a0234\u00a0567"),
        (1234567, "de", 0, "1.234.567"),
        (-1000, "en", 0, "-1,000"),
        (1.6, "en", 0, "2"),
        (0.5, "en", 1, "0.5"),
        (0.5, "ru", 1, "0,5"),
        (2, "en", 1, "2.0"),
        (1234.567, "en", 2, "1,234.57"),
        (1000, "xx", 0, "1,000"),
    ],
)
def test_numbers_are_written_as_in_the_language(
    value: float, language: str, decimals: int, written: str
) -> None:
    assert formats.number(value, language, decimals) == written


@pytest.mark.parametrize(
    ("zone", "language", "name"),
    [
        ("Europe/Riga", "ru", "Рига"),
        ("Europe/Riga", "en", "Riga"),
        ("America/New_York", "en", "New York"),
        ("America/New_York", "ru", "Нью-Йорк"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        # By their former names they are known too.
        ("Europe/Kiev", "ru", "Киев"),
        ("Europe/Kyiv", "ru", "Киев"),
        ("Asia/Kolkata", "ru", "Калькутта"),
        # Those that are no city's, and none at all.
        ("UTC", "en", "UTC"),
        ("Nowhere/Harbour_Town", "ru", "Harbour Town"),
        ("Europe/Riga", "xx", "Riga"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, language: str, name: str) -> None:
    assert formats.city(zone, language) == name


def test_countries_are_called_by_their_two_letters() -> None:
    english, russian = formats.countries("en"), formats.countries("ru")
    assert (english["DE"], russian["DE"]) == ("Germany", "Германия")
    assert {len(code) for code in english} == {2}
    assert all(map(str.isalpha, english))
    # Neither continents, which have numbers, nor what is longer.
    assert not {"001", "150", "EUROZONE"} & english.keys()


def test_each_country_has_its_zones() -> None:
    zones = formats.zones_of_countries()
    assert zones["LV"] == ("Europe/Riga",)
    assert {"Europe/Moscow", "Asia/Vladivostok"} < set(zones["RU"])
    assert all(isinstance(one, tuple) and one for one in zones.values())
