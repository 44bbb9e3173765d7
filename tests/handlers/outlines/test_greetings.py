"""Posts that only greet, and lines that only bid to follow a channel."""

import pytest

from handlers.outlines import greetings

GREETINGS = """
good morning | good afternoon | good evening | good night | good day | happy new year
happy holiday | happy holidays | happy weekend | hello all | hello everyone | hello friends
no comment | no comments | доброе утро | добрый день | добрый вечер | доброй ночи
спокойной ночи | здравствуйте | всем привет | всем доброго | с праздником | с новым годом
с добрым утром | без комментариев | guten morgen | guten tag | guten abend | gute nacht
ohne kommentar | bonjour | bonsoir | bonne nuit | bonne année | sans commentaire
buenos días | buenas tardes | buenas noches | sin comentarios
"""
CALLS = """
подписывайтесь | подписаться | подпишись | подпишитесь | подписка на канал | подписка на нас
подписка на наш | присоединяйтесь | присоединяйся | присылайте | прислать новость | читайте нас
підпишіться | підписатися | підписатись | підписуйтесь | підписуйтеся | приєднуйтесь
надіслати новину | subscribe | join us | follow our | follow us | join our | send us | read more on
abonniere sie | abonnieren sie | abonnieret sie | folge uns | folgen sie uns | folget uns
abonnez-vous | suivez-nous | lire plus | suscríbete | suscribase | suscríbanse | síguenos
siguenos | inscreva-se | siga-nos | abone ol | bizi takip | تابعونا | اشتركوا
عضو شوید | ما را دنبال | הצטרפו | עקבו
"""


def listed(written: str) -> list[str]:
    return [one for line in written.strip().splitlines() for one in line.split(" | ")]


@pytest.mark.parametrize("greeting", listed(GREETINGS))
def test_a_greeting_tells_nothing(greeting: str) -> None:
    for text in (greeting.title(), f"☀️ {greeting}!", f"{greeting}, Mellen", f"{greeting}. 🔥"):
        assert greetings.tells_nothing(text), text
    for text in (f"{greeting}. It burns", f"{greeting}x", f"A {greeting}"):
        assert not greetings.tells_nothing(text), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("12 🔥 34", True),
        ("12 ships", False),
        ("Bonjour one two three four", True),
        ("Bonjour one two three four five", False),
        *((f"Bonjour{stop} Fire", False) for stop in ".:;!?…\n—–"),
        ("Bonjour, Fire", True),
        ("Bonjour! 12", True),
    ],
)
def test_few_words_may_be_the_news(text: str, expected: bool) -> None:
    assert greetings.tells_nothing(text) is expected


@pytest.mark.parametrize("call", listed(CALLS))
def test_a_call_to_follow_is_one(call: str) -> None:
    for text in (call.title(), f"👉 {call} @mellen"):
        assert greetings.is_call(text), text
    for text in (f"The {call}", f"{call}x"):
        assert not greetings.is_call(text), text


@pytest.mark.parametrize("call", ["关注海港", "關注海港", "订阅海港"])
def test_a_call_where_words_are_not_written_apart(call: str) -> None:
    assert greetings.is_call(call)


@pytest.mark.parametrize(("words", "expected"), [(12, True), (13, False)])
def test_a_long_line_is_no_call(words: int, expected: bool) -> None:
    assert greetings.is_call(f"Subscribe{' word' * (words - 1)}") is expected
