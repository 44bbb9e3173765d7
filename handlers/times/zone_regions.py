"""Places to choose a time zone by: regions, and of each the places that people know.

One place for each zone that is not another's double: what is not here is found by its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """``name`` by language; ``places`` by zone, each by its names in English and Russian;
    ``covers`` are countries of several zones."""

    name: Mapping[str, str]
    places: Mapping[str, tuple[str, str]]
    covers: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What it is found by, in both languages."""
        written = ", ".join((*self.name.values(), self.covers))
        return tuple(name.strip().lower() for name in written.split(",") if name.strip())

    def place(self, zone: str, language: str) -> str:
        """What the place of a zone is called in a language."""
        return self.places[zone][language == "ru"]


def _places(area: str, text: str) -> dict[str, tuple[str, str]]:
    """Lines such as ``Kolkata: Delhi, Дели``; without a colon the zone is called by the place."""
    found = {}
    for line in text.strip().splitlines():
        zone, _, names = line.rpartition(": ")
        english, russian = names.split(", ")
        found[f"{area}/{zone or english.replace(' ', '_')}"] = (english, russian)
    return found


_EUROPE = """\
Amsterdam, Амстердам
Athens, Афины
Belgrade, Белград
Berlin, Берлин
Brussels, Брюссель
Bucharest, Бухарест
Budapest, Будапешт
Chisinau, Кишинёв
Copenhagen, Копенгаген
Dublin, Дублин
Helsinki, Хельсинки
Istanbul, Стамбул
Kyiv, Киев
Lisbon, Лиссабон
London, Лондон
Madrid, Мадрид
Minsk, Минск
Moscow, Москва
Oslo, Осло
Paris, Париж
Prague, Прага
Riga, Рига
Rome, Рим
Sofia, София
Stockholm, Стокгольм
Tallinn, Таллин
Vienna, Вена
Vilnius, Вильнюс
Warsaw, Варшава
Zurich, Цюрих
"""
_RUSSIA_IN_EUROPE = """\
Kaliningrad, Калининград
Moscow, Москва
Samara, Самара
Saratov, Саратов
Volgograd, Волгоград
"""
_RUSSIA_IN_ASIA = """\
Yekaterinburg, Екатеринбург
Omsk, Омск
Novosibirsk, Новосибирск
Krasnoyarsk, Красноярск
Irkutsk, Иркутск
Yakutsk, Якутск
Vladivostok, Владивосток
Magadan, Магадан
Kamchatka, Камчатка
"""
_NEAR_EAST = """\
Amman, Амман
Baghdad, Багдад
Baku, Баку
Beirut, Бейрут
Damascus, Дамаск
Dubai, Дубай
Jerusalem, Иерусалим
Kuwait, Эль-Кувейт
Nicosia, Никосия
Qatar: Doha, Доха
Riyadh, Эр-Рияд
Tbilisi, Тбилиси
Tehran, Тегеран
Yerevan, Ереван
"""
_ASIA = """\
Almaty, Алматы
Ashgabat, Ашхабад
Bangkok, Бангкок
Bishkek, Бишкек
Colombo, Коломбо
Dhaka, Дакка
Dushanbe, Душанбе
Ho_Chi_Minh: Ho Chi Minh City, Хошимин
Hong Kong, Гонконг
Jakarta, Джакарта
Kabul, Кабул
Karachi, Карачи
Kathmandu, Катманду
Kolkata: Delhi, Дели
Kuala Lumpur, Куала-Лумпур
Manila, Манила
Seoul, Сеул
Shanghai: Beijing, Пекин
Singapore, Сингапур
Taipei, Тайбэй
Tashkent, Ташкент
Tokyo, Токио
Ulaanbaatar, Улан-Батор
Yangon, Янгон
"""
_AFRICA = """\
Accra, Аккра
Addis Ababa, Аддис-Абеба
Algiers, Алжир
Cairo, Каир
Casablanca, Касабланка
Dakar, Дакар
Harare, Хараре
Johannesburg, Йоханнесбург
Khartoum, Хартум
Kinshasa, Киншаса
Lagos, Лагос
Luanda, Луанда
Nairobi, Найроби
Tripoli, Триполи
Tunis, Тунис
"""
_NORTH_AMERICA = """\
Anchorage, Анкоридж
Chicago, Чикаго
Denver, Денвер
Halifax, Галифакс
Havana, Гавана
Los Angeles, Лос-Анджелес
Mexico City, Мехико
New York, Нью-Йорк
Panama, Панама
Phoenix, Финикс
Toronto, Торонто
Vancouver, Ванкувер
"""
_SOUTH_AMERICA = """\
Asuncion, Асунсьон
Bogota, Богота
Buenos Aires, Буэнос-Айрес
Caracas, Каракас
La Paz, Ла-Пас
Lima, Лима
Montevideo, Монтевидео
Guayaquil: Quito, Кито
Santiago, Сантьяго
Sao_Paulo: São Paulo, Сан-Паулу
"""
_AUSTRALIA = """\
Adelaide, Аделаида
Brisbane, Брисбен
Darwin, Дарвин
Melbourne, Мельбурн
Perth, Перт
Sydney, Сидней
"""
_PACIFIC = """\
Auckland, Окленд
Fiji, Фиджи
Honolulu, Гонолулу
"""

REGIONS: Mapping[str, Region] = {
    "eu": Region(
        name={"en": "Europe", "ru": "Европа"},
        places=_places("Europe", _EUROPE),
    ),
    "ru": Region(
        name={"en": "Russia", "ru": "Россия"},
        places=_places("Europe", _RUSSIA_IN_EUROPE) | _places("Asia", _RUSSIA_IN_ASIA),
        covers="russian federation, рф, российская федерация",
    ),
    "me": Region(
        name={"en": "Caucasus, Middle East", "ru": "Кавказ, Ближний Восток"},
        places=_places("Asia", _NEAR_EAST),
    ),
    "as": Region(
        name={"en": "Asia", "ru": "Азия"},
        places=_places("Asia", _ASIA),
        covers="indonesia, индонезия, mongolia, монголия",
    ),
    "af": Region(
        name={"en": "Africa", "ru": "Африка"},
        places=_places("Africa", _AFRICA),
    ),
    "na": Region(
        name={"en": "North America", "ru": "Северная Америка"},
        places=_places("America", _NORTH_AMERICA),
        covers="usa, us, united states, америка, сша, america, canada, канада, mexico, мексика",
    ),
    "sa": Region(
        name={"en": "South America", "ru": "Южная Америка"},
        places=_places("America", _SOUTH_AMERICA),
        covers="brazil, бразилия, chile, чили, латинская америка, latin america",
    ),
    "oc": Region(
        name={"en": "Australia, Oceania", "ru": "Австралия, Океания"},
        places=_places("Australia", _AUSTRALIA) | _places("Pacific", _PACIFIC),
    ),
}
"""Regions by the code that their buttons carry: buttons of old messages keep their meaning."""
