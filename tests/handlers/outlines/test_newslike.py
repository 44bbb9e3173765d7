"""What is news by its form, and what is a notice, in several languages."""

import pytest

from handlers.outlines.newslike import ALONE, PLAIN, is_notice, official_word
from tests.handlers.outlines.test_outline import posted


@pytest.mark.parametrize(
    ("text", "alone", "confirmed"),
    [
        ("Parliament passed the Olda Act: 71 voted for it, 20 against.", ALONE, 1.0),
        ("El parlamento de Olda aprueba la ley con 71 votos", ALONE, 1.0),
        ("Olda weist 12 Diplomaten aus!", ALONE, 1.0),
        ("The minister of Olda said that talks go on!", ALONE, 1.0),
        ("Министр заявил, что переговоры в Олде идут", ALONE, 1.0),
        ("The president of Olda dismissed the government", PLAIN, 1.0),
        ("Evacuation of 800 people from Olda, call +99 12 345 678", PLAIN, 1.0),
        ("Photo of the day: the lighthouse of Olda", PLAIN, 1.0),
        ("We congratulate the people of Olda on their National Day!", 0.0, 0.0),
        ("Поздравляем народ Олды с праздником!", 0.0, 0.0),
        ("Feliz Día Nacional, Olda!", 0.0, 0.0),
        ("国庆快乐！", 0.0, 0.0),
        ("The consular section is open from 09:00 to 13:00", 0.0, 0.0),
        ("Консульский отдел принимает с 09:00 до 13:00", 0.0, 0.0),
        ("Öffnungszeiten der Botschaft: 9:00 – 13:00 Uhr", 0.0, 0.0),
        ("❗️ The president of Olda dismissed the government", PLAIN, 1.0),
    ],
)
def test_the_word_of_an_office_counts_where_it_is_news(
    text: str, alone: float, confirmed: float
) -> None:
    post = posted(1, text)
    assert official_word(post, confirmed=False) == alone
    assert official_word(post, confirmed=True) == confirmed


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("Appointments by phone +99 12 345 678", True),
        ("Запись по телефону 8 800 555-35-35", True),
        ("Anmeldung unter 030 1234 5678", True),
        ("Envoyez votre CV à emploi@phare.example", True),
        ("Winter tyres 20% off at Reifenhof! Call +99 12 555 000", True),
        ("Окна за 4 900 ₽, звоните +99 12 777 000", True),
        ("Guided tours at 10:00 and 12:00 on 1.12.2026, call +99 12 300 100", True),
        ("Shells hit Olda: 12 injured, relatives may call +99 12 345 678", False),
        ("The mayor said that help is under +99 12 345 678", False),
        ("Airport of Olda closed from 03:20 to 04:10", False),
        ("Explosions in the port of Olda!", False),
        ("The key rate was cut to 4.25-4.75%", False),
        ("The budget has 1 200 000 000 crowns", False),
        ("Goal! Olda beats Marby 3:2", False),
        ("", False),
    ],
)
def test_a_notice_says_how_to_call_or_write_and_reports_nothing(text: str, notice: bool) -> None:
    assert is_notice(posted(1, text)) is notice
