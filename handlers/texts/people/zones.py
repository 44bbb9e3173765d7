"""Time zones by the names of places: what is shown, and what people write, beyond the names of
cities and countries that Unicode's CLDR has in each language."""

from collections.abc import Mapping

from storage.languages.records import Texts, texts
from storage.languages.vocabulary import Vocabulary


class ZoneWords(Texts, frozen=True, kw_only=True):
    """``regions`` by their code; ``places`` by zones that are shown by another name than that of
    the CLDR: that of a bigger city, or a better known one."""

    CONTEXT = "zones"

    regions: Mapping[str, str] = texts(
        {
            "eu": "Europe",
            "ru": "Russia",
            "me": "Caucasus, Middle East",
            "as": "Asia",
            "af": "Africa",
            "na": "North America",
            "sa": "South America",
            "oc": "Australia, Oceania",
        }
    )
    places: Mapping[str, str] = texts(
        {
            "America/Asuncion": "Asuncion",
            "America/Bogota": "Bogota",
            "America/Guayaquil": "Quito",
            "Asia/Kamchatka": "Kamchatka",
            "Asia/Kolkata": "Delhi",
            "Asia/Kuwait": "Kuwait",
            "Asia/Qatar": "Doha",
            "Asia/Shanghai": "Beijing",
            "Europe/Chisinau": "Chisinau",
        }
    )


COVERED = Vocabulary(
    "zones.covered",
    {
        "ru": "russian federation",
        "as": "indonesia, mongolia",
        "na": "usa, us, united states, america, canada, mexico",
        "sa": "brazil, chile, latin america",
    },
)
"""Countries of several zones by the region where these are to choose from."""

FOUND = Vocabulary(
    "zones.found",
    {
        "Africa/Abidjan": "ivory coast",
        "Africa/Johannesburg": "rsa",
        "America/Los_Angeles": "san francisco, seattle, pst, pdt",
        "America/New_York": "nyc, washington, boston, miami, est, edt",
        "America/Port_of_Spain": "trinidad",
        "America/Sao_Paulo": "brasilia, rio de janeiro",
        "America/Toronto": "ottawa",
        "Asia/Almaty": "astana",
        "Asia/Bishkek": "kyrgyz republic",
        "Asia/Dubai": "abu dhabi, uae",
        "Asia/Hebron": "palestine",
        "Asia/Ho_Chi_Minh": "viet nam",
        "Asia/Jerusalem": "tel aviv",
        "Asia/Kolkata": "new delhi, mumbai, bangalore",
        "Asia/Macau": "macao",
        "Asia/Pyongyang": "dprk",
        "Asia/Seoul": "korea",
        "Asia/Shanghai": "peking",
        "Asia/Tokyo": "jst",
        "Asia/Vladivostok": "khabarovsk",
        "Asia/Yangon": "myanmar, burma",
        "Asia/Yekaterinburg": "chelyabinsk, perm, ufa, tyumen",
        "Atlantic/Bermuda": "bermudas",
        "Atlantic/Faroe": "faroes",
        "Europe/Amsterdam": "the hague, holland",
        "Europe/Berlin": "munich, hamburg, frankfurt, cologne, koln, cest",
        "Europe/Chisinau": "moldavia",
        "Europe/Istanbul": "ankara, turkey",
        "Europe/Kyiv": "odesa, lviv, kharkiv",
        "Europe/London": "uk, england, scotland, britain, great britain, edinburgh, bst",
        "Europe/Madrid": "barcelona",
        "Europe/Minsk": "byelorussia",
        "Europe/Moscow": "msk, saint petersburg, st. petersburg, st petersburg",
        "Europe/Prague": "czech republic",
        "Europe/Rome": "milan, milano",
        "Europe/Sarajevo": "bosnia",
        "Europe/Skopje": "macedonia",
        "Europe/Warsaw": "krakow",
        "Europe/Zurich": "geneva, bern",
        "Indian/Mahe": "seychelles islands",
        "UTC": "z, zulu",
    },
)
"""Cities, countries and abbreviations by their zone."""

AROUND = Vocabulary("zones.around", {"around": "in, of, on, at, the, time, timezone, zone"})
"""What stands around a name: ``Kyiv time``, ``по Москве``."""

WORDS = Vocabulary("zones.words", {"word": "jersey"})
"""Names of countries that are ordinary words, and are taken for these."""

OFFSET = Vocabulary("zones.offset", {"moscow": "msk"})
"""What Moscow's time is called, from which others are counted: ``MSK+2``."""
