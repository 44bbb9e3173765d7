"""Datelines of many agencies, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.datelines import datelines


@pytest.mark.parametrize(
    ("raw", "place", "date", "agency"),
    [
        ("SPRINGFIELD, April 17. /TASS/.", "SPRINGFIELD", "--04-17", "TASS"),
        ("SPRINGFIELD, April 17 /TASS/.", "SPRINGFIELD", "--04-17", "TASS"),
        ("SPRINGFIELD, April 17, 2024. /TASS/.", "SPRINGFIELD", "2024-04-17", "TASS"),
        ("UN, September 20. /TASS/.", "UN", "--09-20", "TASS"),
        ("NEW YORK, April 12. /TASS/.", "NEW YORK", "--04-12", "TASS"),
        ("ST. PETERSBURG, June 5. /TASS/.", "ST. PETERSBURG", "--06-05", "TASS"),
        ("ROSTOV-ON-DON, May 3. /TASS/.", "ROSTOV-ON-DON", "--05-03", "TASS"),
        ("САНКТ-ПЕТЕРБУРГ, 5 июня. /ТАСС/.", "САНКТ-ПЕТЕРБУРГ", "--06-05", "ТАСС"),
        ("МОСКВА, 5 мая. /Корр. ТАСС/.", "МОСКВА", "--05-05", "ТАСС"),
        ("MOSCOW, July 28 -- AP.", "MOSCOW", "--07-28", "AP"),
        ("MOSCOW, July 28 - Interfax:", "MOSCOW", "--07-28", "Interfax"),
        ("Москва. 28 июля – Интерфакс -", "Москва", "--07-28", "Интерфакс"),
        ("MOSCOW, July 28 – RIA Novosti.", "MOSCOW", "--07-28", "RIA Novosti"),
        ("МОСКВА, 28 июл — РИА Новости.", "МОСКВА", "--07-28", "РИА Новости"),
        ("МОСКВА, 5 мая - РИА Новости, Иван Иванов.", "МОСКВА", "--05-05", "РИА Новости"),
        ("Москва. 21 апреля. INTERFAX.RU -", "Москва", "--04-21", "INTERFAX.RU"),
        ("Нью-Йорк. 3 марта. ИНТЕРФАКС -", "Нью-Йорк", "--03-03", "ИНТЕРФАКС"),
        ("Moscow. April 21. Interfax -", "Moscow", "--04-21", "Interfax"),
        ("BEIJING, Nov. 28 (Xinhua) --", "BEIJING", "--11-28", "Xinhua"),
        ("RIO DE JANEIRO, Nov. 18 (Xinhua) --", "RIO DE JANEIRO", "--11-18", "Xinhua"),
        ("ATHENS, Greece (AP) —", "ATHENS, Greece", None, "AP"),
        ("WASHINGTON, D.C. (AP) —", "WASHINGTON, D.C.", None, "AP"),
        ("LONDON/PARIS (Reuters) -", "LONDON/PARIS", None, "Reuters"),
        ("UNITED NATIONS, Feb 3 (Reuters) -", "UNITED NATIONS", "--02-03", "Reuters"),
        ("London, 5 May 2022 (AFP) -", "London", "2022-05-05", "AFP"),
        ("SPRINGFIELD, May 4 (Springfield Wire) –", "SPRINGFIELD", "--05-04", "Springfield Wire"),
        ("TEHRAN, Sep. 02 (MNA) –", "TEHRAN", "--09-02", "MNA"),
        ("MINSK, 14. Dezember (BelTA) -", "MINSK", "--12-14", "BelTA"),
        ("Damascus,(ST)-", "Damascus", None, "ST"),
        ("YEREVAN, MAY 5, ARMENPRESS.", "YEREVAN", "--05-05", "ARMENPRESS"),
        ("АСТАНА. КАЗИНФОРМ -", "АСТАНА", None, "КАЗИНФОРМ"),
        ("BAKU, Azerbaijan, January 1.", "BAKU, Azerbaijan", "--01-01", None),
        ("TASHKENT, May 5 -", "TASHKENT", "--05-05", None),
        ("Tashkent, May 5.", "Tashkent", "--05-05", None),
        ("ТАСС, 17 апреля.", None, "--04-17", "ТАСС"),
        ("/ТАСС/, МОСКВА, 5 мая.", "МОСКВА", "--05-05", "ТАСС"),
        ("RIA Novosti, Moscow, July 28 –", "Moscow", "--07-28", "RIA Novosti"),
        ("(AP) ATHENS —", "ATHENS", None, "AP"),
        ("(Reuters) -", None, None, "Reuters"),
        ("(MENAFN- AzerNews)", None, None, "MENAFN- AzerNews"),
        ("5 мая, Минск /Корр. БЕЛТА/.", "Минск", "--05-05", "БЕЛТА"),
    ],
)
def test_a_dateline_is_cut_with_its_parts(
    raw: str, place: str | None, date: str | None, agency: str | None
) -> None:
    text = f"{raw} Two towns have built a bridge."
    found = datelines.match(text)
    assert found is not None
    line = found.dateline
    assert (line.raw, line.place, line.date, line.agency) == (raw, place, date, agency)
    assert text[found.end :] == "Two towns have built a bridge."


@pytest.mark.parametrize(
    ("date", "behind", "cut"),
    [
        ("May 4", "", "May 4"),
        ("May 4", "\xa0", "May 4"),
        ("May 4", ".", "May 4."),
        ("May 4", ". The bridge", "May 4."),
        ("May 4", ".The bridge", "May 4."),
        ("May 4", " – The bridge", "May 4 –"),
        ("May 4", ": The bridge", "May 4:"),
        ("4 Dec.", " The bridge", "4 Dec."),
        ("4 дек.", " Мост открыт", "4 дек."),
        ("May 4", " The bridge", None),
        ("4 Dec", " The bridge", None),
        ("May 4", ", The bridge", None),
        ("May 4", "; the bridge", None),
    ],
)
def test_what_stands_behind_a_bare_date_says_whether_it_is_a_datelines(
    date: str, behind: str, cut: str | None
) -> None:
    text = f"SPRINGFIELD, {date}{behind}"
    found = datelines.match(text)
    assert (found and found.dateline.raw) == (cut and f"SPRINGFIELD, {cut}")
    if found is not None:
        assert text[found.end :] == behind.lstrip(".:– \xa0")


def test_a_dateline_may_be_all_there_is() -> None:
    found = datelines.match("BAKU, Azerbaijan, Dec. 22")
    assert found is not None
    assert (found.dateline.place, found.dateline.date, found.end) == (
        "BAKU, Azerbaijan",
        "--12-22",
        25,
    )


@pytest.mark.parametrize(
    "text",
    [
        "(US dollars - TASS) was the sum.",
        "It costs two billion (US dollars - TASS), he said.",
        "[The ministry's - TASS] answer came.",
        "In Springfield, May 5. It was late.",
        "On May 10, the minister will meet guests.",
        "В Москве, 5 мая. Было поздно.",
        "Jane Roe, May 5. She came.",
        "Jane Roe (Norway) - won the race.",
        "The West (NATO) — said so.",
        "SPRINGFIELD, April 31. /TASS/. No such day.",
        "BRUSSELS — a city of rain",
        "Question: Where?",
        "Moscow and Minsk, May 5 was the day.",
        "TASS reported on May 5.",
        "Spring",
        "",
    ],
)
def test_what_only_looks_like_a_dateline_is_text(text: str) -> None:
    assert datelines.match(text) is None


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    found = datelines.match(text)
    if found is not None:
        assert text.lstrip(" \t\xa0").startswith(found.dateline.raw)


@pytest.mark.parametrize(
    ("raw", "place", "date", "agency"),
    [
        ("(ANSA) - LAGONERO, 22 MAR -", "LAGONERO", "--03-22", "ANSA"),
        ("Puerto Gris, 4 dic (EFE).-", "Puerto Gris", "--12-04", "EFE"),
        ("BELLERIVE, 3 août (AFP) -", "BELLERIVE", "--08-03", "AFP"),
        ("LISMAR, 5 de março de 2026 (EFE) -", "LISMAR", "2026-03-05", "EFE"),
        ("SPRINGFIELD, (ST)_", "SPRINGFIELD", None, "ST"),
        ("СОСНОВО, 13 ноя – РИА Соснов.", "СОСНОВО", "--11-13", "РИА Соснов"),
        ("СОСНОВО, 1 ноября, СоснПресс.", "СОСНОВО", "--11-01", "СоснПресс"),
        ("SPRINGFIELD, March 17, SPN -", "SPRINGFIELD", "--03-17", "SPN"),
        ("СОСНТАГ - 4 мая.", None, "--05-04", "СОСНТАГ"),
        ("SPRINGFIELD (Nov 11):", "SPRINGFIELD", "--11-11", None),
        ("Friday, 04 December 2026 (SPA) -", None, "2026-12-04", "SPA"),
        ("PORT ADAM, Mass. (AP) —", "PORT ADAM, Mass.", None, "AP"),
        ("PORT ADAM, Fla., May 4 (Reuters) -", "PORT ADAM, Fla.", "--05-04", "Reuters"),
        ("THE HAGUE, November 17. /TASS/.", "THE HAGUE", "--11-17", "TASS"),
        ("SPRINGFIELD May 4 (Reuters) -", "SPRINGFIELD", "--05-04", "Reuters"),
        ("Сосново, 23 марта, 2026, 15:53 — ИА Соснов.", "Сосново", "2026-03-23", "ИА Соснов"),
        ("SPRINGFIELD, Elm News Agency (ENA) -", "SPRINGFIELD", None, "Elm News Agency (ENA)"),
        ("SPRINGFIELD ( The Elm / ENN ) -", "SPRINGFIELD", None, "The Elm / ENN"),
        ("Springfield, Ohio, Dec. 12/ Trend News, I. Roe/", "Springfield, Ohio", "--12-12",
         "Trend News"),
        ("SPRINGFIELD. KAZINFORM", "SPRINGFIELD", None, "KAZINFORM"),
        ("SPRINGFIELD --", "SPRINGFIELD", None, None),
        ("SPRINGFIELD —", "SPRINGFIELD", None, None),
        ("LONDON:", "LONDON", None, None),
        ("МОСКВА:", "МОСКВА", None, None),
        ("MANILA –", "MANILA", None, None),
        ("SPRINGFIELD, May 4. /TASS Correspondent Jane Roe/.", "SPRINGFIELD", "--05-04", "TASS"),
        ("СОСНОВО, 4 мая. /Корр. ТАСС Анна Соснова/.", "СОСНОВО", "--05-04", "ТАСС"),
        ("Kiel/Elmstadt (dpa/lno) -", "Kiel/Elmstadt", None, "dpa/lno"),
        ("Bonn (KNA)", "Bonn", None, "KNA"),
        ("Elmo, 4 mag. (askanews) -", "Elmo", "--05-04", "askanews"),
        ("(AGI) - Elmo, 4 mag. -", "Elmo", "--05-04", "AGI"),
        ("New Elm [Elmland], May 4 (ENI):", "New Elm [Elmland]", "--05-04", "ENI"),
        ("СОСНОВО, 04.05.2026 /НИАТ «Сосна»/.", "СОСНОВО", "2026-05-04", "НИАТ «Сосна»"),
        ("Baku, May 4, AZERTAC", "Baku", "--05-04", "AZERTAC"),
        ("SPRINGFIELD, May 4 ENP -", "SPRINGFIELD", "--05-04", "ENP"),
        ("Elm City, May 4/2026 (ENA)", "Elm City", "2026-05-04", "ENA"),
        ("Praha 4. května (ČTK) -", "Praha", "--05-04", "ČTK"),
        ("Budapest, május 4. (MTI) -", "Budapest", "--05-04", "MTI"),
        ("BEOGRAD, 4. maja (Tanjug) -", "BEOGRAD", "--05-04", "Tanjug"),
        ("İSTANBUL (AA) -", "İSTANBUL", None, "AA"),
        ("Сосново, Соснария (SosnDaily.com) –", "Сосново, Соснария", None, "SosnDaily.com"),
        ("НЬЮ-ЙОРК /ООН/, 4 мая. /ТАСС/.", "НЬЮ-ЙОРК /ООН/", "--05-04", "ТАСС"),
        ("KATHMANDU, May 4: (RSS)", "KATHMANDU", "--05-04", "RSS"),
        ("ELMO, 4 maggio 2026 - (Agenzia Elmo) -", "ELMO", "2026-05-04", "Agenzia Elmo"),
        ("NEW ELM--(ELM WIRE)--", "NEW ELM", None, "ELM WIRE"),
        ("NEW ELM, May 4. /Reuters/ENA/.", "NEW ELM", "--05-04", "Reuters/ENA"),
        ("NEW ELM/OLD ELM, May 4. /TASS/.", "NEW ELM/OLD ELM", "--05-04", "TASS"),
        ("Elmo, May 4, Reuters/ENA -", "Elmo", "--05-04", "Reuters/ENA"),
        ("Elmo, Elmland, May 4. Elm News -", "Elmo, Elmland", "--05-04", "Elm News"),
        ("Port Elm, 4 May – Elm News Agency.", "Port Elm", "--05-04", "Elm News Agency"),
        ("(ElmPress) - SAINT-ELME, 4 MAG -", "SAINT-ELME", "--05-04", "ElmPress"),
        ("/ENA/, Elmo, 4 May.", "Elmo", "--05-04", "ENA"),
        ("(Reuters) NEW ELM, Mass., 4 May -", "NEW ELM, Mass.", "--05-04", "Reuters"),
        ("MAY 4, NEW ELM, Mass. /AP/.", "NEW ELM, Mass.", "--05-04", "AP"),
        ("Port Elm May 4 /ElmPress/.", "Port Elm", "--05-04", "ElmPress"),
        ("Elmo, Elmland (Elm News) -", "Elmo, Elmland", None, "Elm News"),
        ("Elmo, May 4 -", "Elmo", "--05-04", None),
        ("NEW ELM, 4 MAG.", "NEW ELM", "--05-04", None),
        ("SÃO ELMO --", "SÃO ELMO", None, None),
        ("NEW ELM, Elmland —", "NEW ELM, Elmland", None, None),
        ("NEW ELM, Elmland –", "NEW ELM, Elmland", None, None),
        ("NEW ELM, E.L. —", "NEW ELM, E.L.", None, None),
        ("СОСНОВО, 4 нояб. - РИА Новости.", "СОСНОВО", "--11-04", "РИА Новости"),
        ("СОСНОВО, 4 мая. /Корр. СоснПресс Анна Роу/.", "СОСНОВО", "--05-04", "СоснПресс"),
        ("СОСНОВО, 4 мая. /Корр. РИА Новости Анна Роу/.", "СОСНОВО", "--05-04", "РИА Новости"),
        ("Сосново, 4 мая – СОТА, Анна Роу.", "Сосново", "--05-04", "СОТА"),
        ("РИА Соснов, Сосново, 4 мая.", "Сосново", "--05-04", "РИА Соснов"),
    ],
)  # fmt: skip
def test_agencies_write_them_in_many_ways(
    raw: str, place: str | None, date: str | None, agency: str | None
) -> None:
    text = f"{raw} The mayor opens the bridge."
    found = datelines.match(text)
    assert found is not None
    line = found.dateline
    assert (line.place, line.date, line.agency) == (place, date, agency)
    assert text[found.end :].lstrip() == "The mayor opens the bridge."


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE -- The mayor opens the bridge.",
        "BREAKING: The mayor opens the bridge.",
        "СРОЧНО: Мэр открыл мост.",
        "РОУ: Мэр открыл мост.",
        "РОУ — Мэр города и строитель.",
        "NATO — The alliance met.",
        "UNEP (Nature Programme) – A body of the world.",
        "BRIDGE: The mayor opens it.",
        "Springfield May 4 was a day of rain.",
        "SPRINGFIELD May 4 was a day of rain.",
        "Friday, 4 December - The day of the bridge (SPA).",
        "Springfield -- The town of bridges.",
        "LONDON — Towns Open a Bridge",
        "PARIS – LONDON: the night train runs again.",
        "Mon, 4 May 2026 16:05:00 GMT",
        "Соснов, 4 мая. Так подписал капитан.",
        "DONALD — The captain — has arrived.",
        "ElmPress, Elmo, May 4, 2026.",
        "UNESCO — The body lists the wreck.",
        "BUDGET, Roads: The mayor opens the bridge.",
        "ТРН, СОСНОВО, 4 МАЯ.",
        "Moscow (map) - the town and its rivers.",
        "Springfield (Elmland) - the seat of the ministry.",
        "Roe, 4 May (interview) - the talks go on.",
    ],
)
def test_a_label_a_name_and_a_day_are_no_place(text: str) -> None:
    found = datelines.match(text)
    assert found is None or (found.dateline.place, found.dateline.agency) == (None, None)
