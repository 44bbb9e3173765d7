"""Time zones as people name them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.texts.people.zones import FOUND
from handlers.times import zones

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("UTC+3", "Etc/GMT-3"),
        ("GMT +3", "Etc/GMT-3"),
        ("gmt-5", "Etc/GMT+5"),
        ("UTC−5:00", "Etc/GMT+5"),
        ("+3", "Etc/GMT-3"),
        ("+03:00", "Etc/GMT-3"),
        ("UTC+0", "UTC"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+3:30", "Asia/Tehran"),
        ("UTC+4:30", "Asia/Kabul"),
        ("UTC+5:45", "Asia/Kathmandu"),
        ("UTC+6:30", "Asia/Yangon"),
        ("UTC+9:30", "Australia/Darwin"),
        ("China", "Asia/Shanghai"),
        ("Cyprus", "Asia/Nicosia"),
        ("Germany", "Europe/Berlin"),
        ("Kazakhstan", "Asia/Almaty"),
        ("Malaysia", "Asia/Kuala_Lumpur"),
        ("Ukraine", "Europe/Kyiv"),
        ("Uzbekistan", "Asia/Tashkent"),
        ("UTC+5.30", "Asia/Kolkata"),
        ("gmt3", "Etc/GMT-3"),
        ("UTC–3", "Etc/GMT+3"),
        ("UTC+3 (Moscow)", "Europe/Moscow"),
        ("(UTC+03:00) Moscow, St. Petersburg", "Europe/Moscow"),
        ("Moscow (UTC+3)", "Europe/Moscow"),
        ("Somewhere (UTC+3)", "Etc/GMT-3"),
        ("Paris, France", "Europe/Paris"),
        ("Paris, Texas", None),
        ("Moscow, Berlin", None),
        ("Europe / Berlin", "Europe/Berlin"),
        ("CEST", "Europe/Berlin"),
        ("EST", "America/New_York"),
        ("Z", "UTC"),
        ("Köln", "Europe/Berlin"),
        ("3", None),
        ("12:30", None),
        (",", None),
        ("()", None),
        ("(((UTC+3)))", None),
        ("UTC+5:17", None),
        ("UTC-5:30", None),
        ("UTC+25", None),
        ("Etc/GMT+3", "Etc/GMT+3"),
        ("Москва", "Europe/Moscow"),
        ("МСК", "Europe/Moscow"),
        ("Санкт-Петербург", "Europe/Moscow"),
        ("Кишинёв", "Europe/Chisinau"),
        ("нью-йорк", "America/New_York"),
        ("Munich", "Europe/Berlin"),
        ("San  Francisco", "America/Los_Angeles"),
        ("India", "Asia/Kolkata"),
        ("Индия", "Asia/Kolkata"),
        ("по Индии", "Asia/Kolkata"),
        ("Germany", "Europe/Berlin"),
        ("в Германии", "Europe/Berlin"),
        ("Côte d’Ivoire", "Africa/Abidjan"),
        ("Türkiye", "Europe/Istanbul"),
        ("Китае", "Asia/Shanghai"),
        ("Russia", None),
        ("United States", None),
        ("Бразилия", None),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Bogotá", "America/Bogota"),
        ("МСК+2", "Etc/GMT-5"),
        ("MSK-1", "Etc/GMT-2"),
        ("msk", "Europe/Moscow"),
        ("по Москве", "Europe/Moscow"),
        ("по московскому времени", "Europe/Moscow"),
        ("время Киева", "Europe/Kyiv"),
        ("Moscow time", "Europe/Moscow"),
        ("time in Kyiv", "Europe/Kyiv"),
        ("в Алма-Ате", "Asia/Almaty"),
        ("Петропавловске-Камчатском", None),
        ("по UTC+3", "Etc/GMT-3"),
        ("Афинах", "Europe/Athens"),
        ("Казани", "Europe/Moscow"),
        ("Риме", "Europe/Rome"),
        ("Римом", "Europe/Rome"),
        ("Варшавы", "Europe/Warsaw"),
        ("Варшавой", "Europe/Warsaw"),
        ("в Корее", "Asia/Seoul"),
        ("Кореей", "Asia/Seoul"),
        ("Индией", "Asia/Kolkata"),
        ("в Шанхае", "Asia/Shanghai"),
        ("Афинам", "Europe/Athens"),
        ("east", None),
        # Parts of a country, by names of former times.
        *((name, None) for name in ("continental", "EasterIsland", "Atlantic", "Newfoundland",
                                    "Michigan", "Arizona", "BajaNorte", "center", "Beulah",
                                    "New Salem", "acre", "DeNoronha")),
        ("general", None),
        ("time", None),
        ("в", None),
        ("x" * 5000, None),
        ("Europe/Atlantis", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)  # fmt: skip
def test_zones(text: str, zone: str | None) -> None:
    assert zones.find_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlni", "Europe/Berlin"),
        ("Berlim", "Europe/Berlin"),
        ("Mosow", "Europe/Moscow"),
        ("Мосвка", "Europe/Moscow"),
        ("по Мосвке", "Europe/Moscow"),
        ("Washingtn", "America/New_York"),
        ("Washnigtn", None),
        ("Berln", "Europe/Berlin"),
        ("Екатиринбурк", "Asia/Yekaterinburg"),
        ("Grmany", "Europe/Berlin"),
        ("UTC+25", None),
        ("xqzzkw", None),
    ],
)
def test_the_nearest_zone_of_a_misspelt_one(text: str, zone: str | None) -> None:
    assert zones.nearest_zone(text) == zone


NO_PLACES = """
Mars mars Venus Jupiter Moon home here work every daily morning evening tonight noon please hello
thanks today tomorrow monday friday sunday weekdays march urgent Narnia Mordor вечера вечером утра
утром ночи дня днём завтра сегодня каждый день будни выходные дома здесь работа погода мало чада
того срочно полдень полночь Марс Луна Венера Юпитер
"""


@pytest.mark.parametrize("word", NO_PLACES.split())
def test_what_is_no_place_is_no_zone_and_no_guess(word: str) -> None:
    assert zones.find_zone(word) is None
    assert zones.nearest_zone(word) is None


@pytest.mark.parametrize("hours", range(-12, 15))
def test_a_distance_from_utc_is_the_one_that_was_said(hours: int) -> None:
    name = zones.find_zone(f"UTC{hours:+d}")
    assert name is not None
    assert WINTER.astimezone(ZoneInfo(name)).utcoffset() == timedelta(hours=hours)
    assert zones.zone_label(name, "en") == (f"UTC{hours:+d}" if hours else "UTC")


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Etc/UTC"])
def test_other_zones_are_called_as_they_are(name: str) -> None:
    assert zones.zone_label(name, "en") == name


@pytest.mark.parametrize("place", FOUND.meanings())
def test_every_place_has_a_zone_and_is_written_as_it_is_looked_up(place: str) -> None:
    assert zones.find_zone(place.upper()) == FOUND.meanings()[place]
    assert FOUND.meanings()[place] in zones.zone_names().values()


@pytest.mark.parametrize(("offset", "name"), zones.BY_HALF_HOURS.items())
def test_zones_by_half_hours_keep_their_distance_all_year(
    offset: tuple[int, int], name: str
) -> None:
    wanted = timedelta(hours=offset[0], minutes=offset[1])
    for month in (1, 7):
        local = WINTER.replace(month=month).astimezone(ZoneInfo(name))
        assert local.utcoffset() == wanted


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Europe/Moscow", "Москва"),
        ("Asia/Kolkata", "Дели"),
        ("Etc/GMT-3", "UTC+3"),
        ("UTC", "UTC"),
        ("America/Nome", "America/Nome"),
    ],
)
def test_zones_are_called_by_their_places_in_russian(name: str, label: str) -> None:
    assert zones.zone_label(name, "ru") == label
    assert label in ("UTC+3", name) or zones.find_zone(label) == name
