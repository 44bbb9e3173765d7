"""Taking a command apart."""

import pytest

from handlers.conversation.requests import Invocation, parse_command


@pytest.mark.parametrize(
    ("text", "invocation"),
    [
        ("/search oil price", Invocation("search", None, "oil price")),
        ("/search@news_bot oil", Invocation("search", "news_bot", "oil")),
        ("  /Search  oil  ", Invocation("search", None, "oil")),
        ("/search\noil\nprice", Invocation("search", None, "oil\nprice")),
        ("/start", Invocation("start", None, "")),
        ("/start ref-1_A", Invocation("start", None, "ref-1_A")),
        ("/search@news_bot", Invocation("search", "news_bot", "")),
        ("/поиск цена нефти", Invocation("search", None, "цена нефти")),
        ("/Помощь", Invocation("help", None, "")),
        ("/оповещения@news_bot", Invocation("alerts", "news_bot", "")),
        ("/поискать", Invocation("поискать", None, "")),
        ("/тихо с 22 до 7", Invocation("тихо", None, "с 22 до 7")),
        ("/بحث كلمة", Invocation("بحث", None, "كلمة")),
        ("\u200f/search oil", Invocation("search", None, "oil")),
        ("\u202b/search@news_bot oil\u202c", Invocation("search", "news_bot", "oil")),
        ("\ufeff/start", Invocation("start", None, "")),
        ("／search oil", Invocation("search", None, "oil")),
        ("／ＳＥＡＲＣＨ　ｏｉｌ", Invocation("search", None, "ｏｉｌ")),
        ("/alert： grain", Invocation("alert", None, "grain")),
        ("／stop！", Invocation("stop", None, "")),
        ("/gr[ae]y/", None),
        ("／", None),
        ("/нефть/", None),
        ("oil price", None),
        ("/", None),
        ("/ search", None),
        ("//search", None),
        ("/search, please", None),
        ("/stop!", Invocation("stop", None, "")),
        ("/Alert: grain", Invocation("alert", None, "grain")),
        ("/стоп.", Invocation("stop", None, "")),
        ("/search@news_bot: a bot for news", None),
        ("/a/b:c", None),
        ("a /search b", None),
        ("", None),
    ],
)
def test_commands(text: str, invocation: Invocation | None) -> None:
    assert parse_command(text) == invocation
