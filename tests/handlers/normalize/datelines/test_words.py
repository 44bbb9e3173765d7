"""Words that datelines know: each of them is known where it stands."""

import pytest

from handlers.normalize.datelines import agencies, datelines, places

AGENCIES = """
TASS/ITAR-TASS/ТАСС/ИТАР-ТАСС/RIA Novosti/RIA/РИА Новости/РИА/Xinhua/AP/Associated Press
Reuters/Рейтер/AFP/dpa/Sputnik/Спутник/Trend/Azernews/AZERTAC/АЗЕРТАДЖ/MENAFN/Report/APA/BelTA
БелТА/MNA/IRNA/ISNA/Tasnim/Fars/Mehr/KCNA/Yonhap/Kyodo/Jiji/ANSA/EFE/Anadolu/AA/UPI/PTI/ANI
IANS/APP/Bernama/Antara/VNA/Montsame/Kazinform/Казинформ/КазТАГ/KazTAG/Tengrinews/Kabar/Кабар
AKIpress/Armenpress/Арменпресс/Ukrinform/Укринформ/UNIAN/УНИАН/UzA/УзА/Khovar/Ховар/ST/SANA
WAM/KUNA/SPA/QNA/MENA/Petra/WAFA/Prensa Latina/REGNUM/Росбалт/RBC/РБК/Moldpres/BBC/CNN/DW/RT
PNA/TASR/CTK/PAP/BNS/LETA/STT/NTB/TT/ANP/Belga/APS/MAP/TAP/Interfax/Interfax.ru/Interfax-Elm
Интерфакс/Интерфакс-Вяз/24.kg/ИА Вяз/ИА «Вяз»
"""
IN_BRACKETS = """
AAP/ABI/AFI/AGI/Adnkronos/Agência Lusa/AGERPRES/AMNA/ANGOP/APAnews/askanews/ATA/AZƏRTAC
AzerTAg/BNA/BSS/BTA/CNA/CNS/CNW/CP/ČTK/DHA/dpa-AFX/ddp/ENA/EUROPA PRESS/FENA/FNA/GNA/HINA/IHA
INA/INS/ITALPRESS/Jiji Press/KNA/KPL/LaPresse/LNA/Lusa/MIA/MTI/NAN/NINA/NNA/Notimex/ONA/PANA
Pressenza/RSS/SANEWS/SDA/SID/SITA/STA/SUNA/TANJUG/Télam/TNA/UNB/UNI/VOI/awp/epd/БТА/МОНЦАМЭ
Монцамэ/НИАТ Ховар/Киодо/Синьхуа/ЦТК/ПАП/МТИ/Анадолу/ИТАР/Прайм
"""
HEADS = """
UPDATE BREAKING WATCH VIDEO PHOTO PHOTOS EXCLUSIVE OPINION ANALYSIS LIVE URGENT ALERT FLASH
NEWS INTERVIEW EXPLAINER FACTBOX SUMMARY COMMENT EDITORIAL CORRECTION CORRECTED ADVISORY
FEATURE SPORT SPORTS FOOTBALL NOTE WARNING READ LISTEN TRANSCRIPT BACKGROUND CONTEXT REPORT
STATEMENT POLL TIMELINE QUESTION ANSWER REVIEW PREVIEW UPDATED JUST TOP WORLD BUSINESS
POLITICS IMPORTANT UNESCO UNICEF UNHCR INTERPOL EUROPOL ASEAN BRICS MERCOSUR NASDAQ EUROVISION
BREXIT COVID HAMAS HEZBOLLAH TALIBAN KREMLIN PENTAGON CONGRESS SENATE PARLIAMENT GOOGLE APPLE
AMAZON FACEBOOK MICROSOFT SAMSUNG TESLA BOEING AIRBUS TOYOTA GAZPROM ROSATOM PRESIDENT
MINISTER GOVERNMENT POLICE CLIMATE WEATHER HEALTH SCIENCE ECONOMY MARKETS STOCKS
"""
BODIES = """
US USA UN EU UK NATO UAE CIA FBI OPEC WHO IMF ООН США ЕС МИД ФСБ МВД МЧС СНГ НАТО ВОЗ МВФ ЦБ
РФ СССР ОАЭ КНР КНДР GMT UTC MSK EST EDT CET МСК AM PM
"""
STATES = """
Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb
Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo Ont Que Alta Sask Man
"""
PLACES = """
LONDON/PARIS/BERLIN/MOSCOW/WASHINGTON/NEW YORK/BEIJING/TOKYO/SEOUL/ROME/MADRID/LISBON/VIENNA
BRUSSELS/GENEVA/ATHENS/ANKARA/ISTANBUL/TEHRAN/BAGHDAD/DAMASCUS/BEIRUT/CAIRO/JERUSALEM/TEL AVIV
RIYADH/DUBAI/ABU DHABI/DOHA/KUWAIT/KABUL/ISLAMABAD/KARACHI/LAHORE/NEW DELHI/DELHI/MUMBAI/DHAKA
COLOMBO/KATHMANDU/BANGKOK/HANOI/JAKARTA/MANILA/KUALA LUMPUR/SINGAPORE/HONG KONG/SHANGHAI
TAIPEI/SYDNEY/CANBERRA/WELLINGTON/OTTAWA/TORONTO/MEXICO CITY/HAVANA/BOGOTA/LIMA/SANTIAGO
BUENOS AIRES/BRASILIA/CARACAS/NAIROBI/LAGOS/ABUJA/ACCRA/PRETORIA/JOHANNESBURG/CAPE TOWN
ADDIS ABABA/KHARTOUM/TRIPOLI/TUNIS/ALGIERS/RABAT/KYIV/KIEV/MINSK/CHISINAU/WARSAW/PRAGUE
BRATISLAVA/BUDAPEST/BUCHAREST/SOFIA/BELGRADE/ZAGREB/SARAJEVO/STOCKHOLM/OSLO/HELSINKI
COPENHAGEN/REYKJAVIK/DUBLIN/AMSTERDAM/THE HAGUE/RIGA/VILNIUS/TALLINN/TBILISI/YEREVAN/BAKU
ASTANA/ALMATY/TASHKENT/BISHKEK/DUSHANBE/ASHGABAT/ST. PETERSBURG/ULAANBAATAR/PYONGYANG
UNITED NATIONS/МОСКВА/САНКТ-ПЕТЕРБУРГ/ЛОНДОН/ПАРИЖ/БЕРЛИН/ВАШИНГТОН/НЬЮ-ЙОРК/ПЕКИН/ТОКИО/СЕУЛ
РИМ/МАДРИД/ВЕНА/БРЮССЕЛЬ/ЖЕНЕВА/АФИНЫ/АНКАРА/СТАМБУЛ/ТЕГЕРАН/БАГДАД/ДАМАСК/БЕЙРУТ/КАИР
ИЕРУСАЛИМ/КИЕВ/МИНСК/КИШИНЕВ/КИШИНЁВ/ВАРШАВА/ПРАГА/БУДАПЕШТ/БУХАРЕСТ/СОФИЯ/БЕЛГРАД/СТОКГОЛЬМ
ОСЛО/ХЕЛЬСИНКИ/КОПЕНГАГЕН/РИГА/ВИЛЬНЮС/ТАЛЛИН/ТБИЛИСИ/ЕРЕВАН/БАКУ/АСТАНА/АЛМАТЫ/ТАШКЕНТ/БИШКЕК
ДУШАНБЕ/АШХАБАД/ГААГА/НЬЮ-ДЕЛИ/RAMALLAH/AMMAN/MUSCAT/MANAMA/SANAA/NICOSIA/VALLETTA/LUXEMBOURG
LJUBLJANA/SKOPJE/TIRANA/PODGORICA/PRISTINA/DAKAR/BAMAKO/LUANDA/KINSHASA/KAMPALA/KIGALI/LUSAKA
HARARE/MAPUTO/MOGADISHU/VATICAN CITY/PHNOM PENH/VIENTIANE/YANGON/MONTREAL/VANCOUVER
LOS ANGELES/SAN FRANCISCO/CHICAGO/HOUSTON/MIAMI/BOSTON/SAO PAULO/RIO DE JANEIRO/MUNICH
FRANKFURT/HAMBURG/MILAN/BARCELONA/ZURICH/KOLKATA/CHENNAI/BENGALURU/GUANGZHOU/OSAKA/MELBOURNE
AUCKLAND/МАНИЛА/ДЖАКАРТА/ХАНОЙ/БАНГКОК/ДОХА/ЭР-РИЯД/ТРИПОЛИ/ТУНИС
"""


def parts(lines: str) -> list[str]:
    return lines.strip().replace("\n", "/").split("/")


@pytest.mark.parametrize("name", parts(AGENCIES))
def test_an_agency_is_known_with_and_without_brackets(name: str) -> None:
    assert agencies.is_name(name) and agencies.is_name(f"{name}/{name}")
    for window in (f"({name}) - x", f"/{name}/ x"):
        found = agencies.read(window, 0)
        assert found is not None
        assert (found.name, found.known) == (name, True)


@pytest.mark.parametrize("name", parts(IN_BRACKETS))
def test_a_name_of_several_meanings_is_an_agencys_in_brackets(name: str) -> None:
    found = agencies.read(f"({name}) - x", 0)
    assert found is not None and found.known
    assert not agencies.is_name(name)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((name, True) for name in ("dpa", "epd", "ddp", "askanews", "dpa-afx", "sda", "apa", "awp",
                                    "24.kg")),
        *((name, False) for name in ("ap", "who", "tass", "reuters", "unb", "rss")),
    ],
)  # fmt: skip
def test_few_agencies_are_written_in_small_letters(name: str, is_one: bool) -> None:
    assert (agencies.read(f"({name}) - x", 0) is not None) is is_one


@pytest.mark.parametrize("word", HEADS.split())
def test_what_heads_a_text_in_capitals_is_no_place(word: str) -> None:
    assert not places.may_be_alone(word)
    assert datelines.match(f"{word} — The port of the town is open again.") is None


@pytest.mark.parametrize("word", BODIES.split())
def test_a_body_of_capitals_is_no_agency(word: str) -> None:
    assert agencies.read_unlisted(f". {word}. x", 0) is None
    assert agencies.read_unlisted(f". {word}Z. x", 0) is not None


@pytest.mark.parametrize("state", STATES.split())
def test_a_state_is_a_part_of_its_place(state: str) -> None:
    found = [place for place, _ in places.list_places(f"BOSTON, {state}. The x", 0)]
    assert found == ["BOSTON", f"BOSTON, {state}."]


@pytest.mark.parametrize("place", parts(PLACES))
def test_a_big_place_is_known_before_a_colon(place: str) -> None:
    said = "The port of the town is open again, the mayor said."
    found = datelines.match(f"{place}: {said}")
    assert found is not None
    assert datelines.match(f"ZZ{place}: {said}") is None


@pytest.mark.parametrize("place", ["THE HAGUE", "THE VATICAN", "THE BAHAMAS", "THE GAMBIA"])
def test_few_places_have_an_article(place: str) -> None:
    assert places.is_place(place)
    assert not places.is_place(f"{place}S")
