"""Places as people call them, and abbreviations, that the IANA database has under another name."""

from collections.abc import Mapping

_BY_ZONE: Mapping[str, str] = {
    "Africa/Cairo": "каир",
    "America/Los_Angeles": "лос-анджелес, сан-франциско, san francisco, seattle, pst, pdt",
    "America/New_York": "нью-йорк, nyc, вашингтон, washington, boston, miami, edt",
    "America/Sao_Paulo": "сан-паулу, бразилиа, brasilia, rio de janeiro",
    "America/Toronto": "торонто, оттава, ottawa",
    "Asia/Almaty": "алматы, алма-ата, астана, astana",
    "Asia/Ashgabat": "ашхабад",
    "Asia/Baku": "баку",
    "Asia/Bangkok": "бангкок",
    "Asia/Bishkek": "бишкек",
    "Asia/Dubai": "дубай, абу-даби, abu dhabi",
    "Asia/Dushanbe": "душанбе",
    "Asia/Hong_Kong": "гонконг",
    "Asia/Irkutsk": "иркутск",
    "Asia/Jerusalem": "иерусалим, тель-авив",
    "Asia/Kamchatka": "камчатка, петропавловск-камчатский",
    "Asia/Kolkata": "дели, delhi, new delhi, мумбаи, mumbai, бангалор, bangalore",
    "Asia/Krasnoyarsk": "красноярск",
    "Asia/Magadan": "магадан",
    "Asia/Novosibirsk": "новосибирск",
    "Asia/Omsk": "омск",
    "Asia/Seoul": "сеул",
    "Asia/Shanghai": "пекин, шанхай, beijing, peking",
    "Asia/Tashkent": "ташкент",
    "Asia/Tbilisi": "тбилиси",
    "Asia/Tehran": "тегеран",
    "Asia/Tokyo": "токио",
    "Asia/Vladivostok": "владивосток, хабаровск",
    "Asia/Yakutsk": "якутск, чита",
    "Asia/Yekaterinburg": "екатеринбург, челябинск, пермь, уфа, тюмень",
    "Asia/Yerevan": "ереван",
    "Europe/Amsterdam": "амстердам, гаага, the hague",
    "Europe/Athens": "афины",
    "Europe/Belgrade": "белград",
    "Europe/Berlin": "берлин, мюнхен, гамбург, munich, hamburg, frankfurt, cologne",
    "Europe/Brussels": "брюссель",
    "Europe/Bucharest": "бухарест",
    "Europe/Budapest": "будапешт",
    "Europe/Chisinau": "кишинев",
    "Europe/Helsinki": "хельсинки",
    "Europe/Istanbul": "стамбул, анкара, ankara",
    "Europe/Kaliningrad": "калининград",
    "Europe/Kyiv": "киев, київ, одесса, львов, харьков, odesa, lviv, kharkiv, киевское, киевскому",
    "Europe/Lisbon": "лиссабон",
    "Europe/London": "лондон, edinburgh",
    "Europe/Madrid": "мадрид, барселона, barcelona",
    "Europe/Minsk": "минск",
    "Europe/Moscow": "москва, мск, msk, санкт-петербург, петербург, спб, saint petersburg,"
    " st. petersburg, st petersburg, казань, сочи, краснодар, московское, московскому",
    "Europe/Oslo": "осло",
    "Europe/Paris": "париж",
    "Europe/Prague": "прага",
    "Europe/Riga": "рига",
    "Europe/Rome": "рим, милан, milan, milano",
    "Europe/Samara": "самара",
    "Europe/Sofia": "софия",
    "Europe/Stockholm": "стокгольм",
    "Europe/Tallinn": "таллин",
    "Europe/Vienna": "вена",
    "Europe/Vilnius": "вильнюс",
    "Europe/Volgograd": "волгоград",
    "Europe/Warsaw": "варшава, краков, krakow",
    "Europe/Zurich": "цюрих, женева, geneva, bern",
}

PLACES: Mapping[str, str] = {
    place.strip(): zone for zone, places in _BY_ZONE.items() for place in places.split(",")
}
"""Zones by such a name in lower case, with е for ё."""

BY_HALF_HOURS: Mapping[tuple[int, int], str] = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
}
"""Zones without summer time by how far they are from UTC, where it is no full hour."""
