"""Places to choose a time zone by: regions, and of each the zones of places that people know.

One place for each zone that is not another's double: what is not here is found by its name.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handlers.texts.people.zones import COVERED, ZoneWords
from storage.languages import formats


class Region(Struct, frozen=True, kw_only=True):
    """A part of the world by its code, with its zones."""

    code: str
    zones: tuple[str, ...]

    def name(self, language: str) -> str:
        """What it is called in a language."""
        return ZoneWords.of(language).regions[self.code]

    def names(self, language: str) -> Iterator[str]:
        """What it is found by in a language: each part of its name by itself."""
        for name in self.name(language).split(","):
            yield name.strip().lower()

    @property
    def covers(self) -> frozenset[str]:
        """Countries of several zones that are here, in all languages."""
        return COVERED.words(self.code) if self.code in COVERED.english else frozenset()


def place(zone: str, language: str) -> str:
    """What the place of a zone is called in a language."""
    return ZoneWords.of(language).places.get(zone) or formats.city(zone, language)


def _zones(area: str, cities: str) -> tuple[str, ...]:
    return tuple(f"{area}/{city}" for city in cities.split())


_REGIONS: Mapping[str, tuple[str, ...]] = {
    "eu": _zones(
        "Europe",
        """
        Amsterdam Athens Belgrade Berlin Brussels Bucharest Budapest Chisinau Copenhagen
        Dublin Helsinki Istanbul Kyiv Lisbon London Madrid Minsk Moscow Oslo Paris
        Prague Riga Rome Sofia Stockholm Tallinn Vienna Vilnius Warsaw Zurich
        """,
    ),
    "ru": _zones(
        "Europe",
        """
        Kaliningrad Moscow Samara Saratov Volgograd
        """,
    )
    + _zones(
        "Asia",
        """
        Yekaterinburg Omsk Novosibirsk Krasnoyarsk Irkutsk Yakutsk Vladivostok Magadan
        Kamchatka
        """,
    ),
    "me": _zones(
        "Asia",
        """
        Amman Baghdad Baku Beirut Damascus Dubai Jerusalem Kuwait Nicosia Qatar Riyadh
        Tbilisi Tehran Yerevan
        """,
    ),
    "as": _zones(
        "Asia",
        """
        Almaty Ashgabat Bangkok Bishkek Colombo Dhaka Dushanbe Ho_Chi_Minh Hong_Kong
        Jakarta Kabul Karachi Kathmandu Kolkata Kuala_Lumpur Manila Seoul Shanghai
        Singapore Taipei Tashkent Tokyo Ulaanbaatar Yangon
        """,
    ),
    "af": _zones(
        "Africa",
        """
        Accra Addis_Ababa Algiers Cairo Casablanca Dakar Harare Johannesburg Khartoum
        Kinshasa Lagos Luanda Nairobi Tripoli Tunis
        """,
    ),
    "na": _zones(
        "America",
        """
        Anchorage Chicago Denver Halifax Havana Los_Angeles Mexico_City New_York Panama
        Phoenix Toronto Vancouver
        """,
    ),
    "sa": _zones(
        "America",
        """
        Asuncion Bogota Buenos_Aires Caracas La_Paz Lima Montevideo Guayaquil Santiago
        Sao_Paulo
        """,
    ),
    "oc": _zones(
        "Australia",
        """
        Adelaide Brisbane Darwin Melbourne Perth Sydney
        """,
    )
    + _zones(
        "Pacific",
        """
        Auckland Fiji Honolulu
        """,
    ),
}

REGIONS: Mapping[str, Region] = {
    code: Region(code=code, zones=zones) for code, zones in _REGIONS.items()
}
"""Regions by the code that their buttons carry: buttons of old messages keep their meaning."""
