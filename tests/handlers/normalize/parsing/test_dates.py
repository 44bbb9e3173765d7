"""Dates as people write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.normalize.parsing import dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("March 13, 2023", "2023-03-13"),
        ("March 13 2023", "2023-03-13"),
        ("March 13,2023", "2023-03-13"),
        ("march 13th, 2023", "2023-03-13"),
        ("13 March 2023", "2023-03-13"),
        ("13th March, 2023", "2023-03-13"),
        ("Mar. 13, 2023", "2023-03-13"),
        ("13 Mar. 2023", "2023-03-13"),
        ("Sept. 2", "--09-02"),
        ("Sep. 02", "--09-02"),
        ("Dec. 22", "--12-22"),
        ("MAY 5", "--05-05"),
        ("5 Mayıs 2023", "2023-05-05"),
        ("5 Mayis 2023", "2023-05-05"),
        ("5 MAYIS 2023", "2023-05-05"),
        ("3 KASIM", "--11-03"),
        ("3 MAYİS", "--05-03"),
        ("Auguſt 3, 2023", "2023-08-03"),
        ("5 May.", "--05-05"),
        ("Monday, March 13, 2023", "2023-03-13"),
        ("March 2024", "2024-03"),
        ("March, 2024", "2024-03"),
        ("13 марта 2023", "2023-03-13"),
        ("13 марта 2023 г.", "2023-03-13"),
        ("13 марта 2023 года", "2023-03-13"),
        ("13\xa0марта 2023\xa0г.", "2023-03-13"),
        ("5 мая", "--05-05"),
        ("28 июл", "--07-28"),
        ("28 июл. 2022", "2022-07-28"),
        ("март 2023", "2023-03"),
        ("вторник, 14 марта 2023", "2023-03-14"),
        ("14. Dezember", "--12-14"),
        ("17. dubna 2026", "2026-04-17"),
        ("április 17.", "--04-17"),
        ("17 kwietnia 2026", "2026-04-17"),
        ("17 квітня 2026", "2026-04-17"),
        ("17 Nisan 2026", "2026-04-17"),
        ("17 aprilie", "--04-17"),
        ("17 април", "--04-17"),
        ("April 17/2026", "2026-04-17"),
        ("14. März 2023", "2023-03-14"),
        ("2023-03-13", "2023-03-13"),
        ("13.03.2023", "2023-03-13"),
        ("February 29", "--02-29"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_a_date_says_what_its_writer_said(text: str, iso: str) -> None:
    assert dates.parse_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "April 31",
        "29 February 2023",
        "30 февраля",
        "32 марта",
        "0 марта",
        "2023-13-01",
        "2023-02-30",
        "31.02.2023",
        "03/04/2023",
        "march of time",
        "13",
        "2023",
        "May",
        "mayor 5",
        "October 22-24, 2024",
        "in March 13, 2023",
        "",
    ],
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "iso", "end"),
    [
        ("April 17. /AGENCY/.", "--04-17", 8),
        ("21 апреля. ИНТЕРФАКС", "--04-21", 9),
        ("5 мая 2022 году сообщили", "2022-05-05", 10),
        ("May 5, 2023 and on", "2023-05-05", 11),
        ("1 мая. 2022 год начался", "--05-01", 5),
        ("5 март.2022", "--03-05", 7),
        # A month that is written whole is not abbreviated, a shorter one is.
        *((f"5 {month}. 2022 год", f"--{number}-05", len(month) + 2)
          for month, number in (("may", "05"), ("june", "06"), ("july", "07"), ("мая", "05"),
                                ("май", "05"), ("июня", "06"), ("июнь", "06"),
                                ("июля", "07"), ("июль", "07"), ("mai", "05"), ("juni", "06"))),
        *((f"5 {month}. 2022 год", f"2022-{number}-05", len(month) + 12)
          for month, number in (("jan", "01"), ("feb", "02"), ("апр", "04"), ("янв", "01"),
                                ("sept", "09"), ("авг", "08"), ("нояб", "11"), ("дек", "12"))),
    ],
)  # fmt: skip
def test_a_date_ends_where_its_own_words_end(text: str, iso: str, end: int) -> None:
    found = dates.match_date(text)
    assert found == dates.DateMatch(date=iso, end=end)


@given(st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(2999, 12, 31)))
def test_every_day_is_read_back_from_both_orders(day: datetime.date) -> None:
    assert dates.parse_date(f"{day:%B} {day.day}, {day.year}") == day.isoformat()
    assert dates.parse_date(f"{day.day} {day:%B} {day.year}") == day.isoformat()


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    dates.parse_date(text)


MONTHS = """
01 january jan января январь янв januar jänner január gennaio gen enero ene janeiro janvier janv
01 stycznia ledna januára januarja januara ianuarie ocak yanvar januari януари січня студзеня
01 јануара
02 february feb февраля февраль фев февр februar február febbraio febrero fevereiro fev février
02 févr fevrier lutego února februára februarja februara februarie şubat fevral februari февруари
02 лютого лютага фебруара
03 march mar марта март мар märz március marzo março marco mars marca března martie mart maart
03 березня сакавіка
04 april apr апреля апрель апр április aprile abril abr avril avr kwietnia dubna apríla aprila
04 aprilie nisan aprel квітня красавіка априла април
05 may мая май mai május maggio mag mayo maio maja května mája mayıs mei maj травня маја
06 june jun июня июнь июн juni június giugno giu junio junho juin czerwca června júna junija juna
06 iunie haziran iyun юни червня чэрвеня јуна
07 july jul июля июль июл juli július luglio lug julio julho juillet juil lipca července júla
07 julija jula iulie temmuz iyul юли липня ліпеня јула
08 august aug августа август авг augusztus agosto ago août aout sierpnia srpna augusta avgusta
08 ağustos avqust augustus augusti серпня жніўня
09 september sep sept сентября сентябрь сен сент szeptember settembre set septiembre setembro
09 septembre września září septembra septembrie eylül sentyabr септември вересня верасня септембра
10 october oct октября октябрь окт oktober október ottobre ott octubre outubro out octobre
10 października října októbra oktobra octombrie ekim oktyabr октомври жовтня кастрычніка октобра
11 november nov ноября ноябрь ноя нояб noviembre novembro novembre listopadu novembra noiembrie
11 kasım noyabr ноември листопада лістапада новембра
12 december dec декабря декабрь дек dezember dicembre dic diciembre dezembro dez décembre déc
12 decembre grudnia prosince decembra decembrie aralık dekabr декември грудня снежня децембра
"""
"""Months as they are written behind a day: in all languages whose texts are read."""


@pytest.mark.parametrize("line", MONTHS.split("\n")[1:-1])
def test_a_month_is_known_by_each_of_its_names(line: str) -> None:
    number, *names = line.split()
    assert names
    for name in names:
        assert dates.parse_date(f"5 {name} 2023") == f"2023-{number}-05", name


@pytest.mark.parametrize(
    ("written", "month"),
    [(f"{name}. 5, 2023", number) for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )],
)  # fmt: skip
def test_english_months_are_cut_to_three_letters(written: str, month: int) -> None:
    assert dates.parse_date(written) == f"2023-{month:02}-05"
