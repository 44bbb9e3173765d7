"""Lists of news under a label are told from posts that have a list."""

import pytest

from handlers.stories import roundups

ITEMS = "\n\n▪️A bakery burned down\n\n▪️The tram is late\n\n▪️Snow is expected"
POINTS = ITEMS.replace("▪️", "— ")


@pytest.mark.parametrize(
    "text",
    [
        f"❗️Главное к утру вторника{ITEMS}",
        f"Другие заявления бургомистра на встрече с жителями в четверг вечером:{POINTS}",
        f"Bürgermeister:{POINTS}",
        f"The main news of the valley by the morning of the second of May{ITEMS}",
        "Today:\n1. A bakery burned down\n2. The tram is late\n3. Snow is expected",
        f"Morning briefing: what you need to know on this second of May{POINTS}",
        ITEMS,
        ITEMS.strip().replace("\n\n", "\n"),
    ],
)
def test_a_list_under_a_label_is_a_roundup(text: str) -> None:
    assert roundups.is_roundup(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A bakery burned down.",
        "Главное к утру вторника\n\n▪️Сгорела пекарня\n\n▪️Опоздал трамвай",
        f"С мая подорожают поездки на трамвае в порт, сообщила мэрия города:{POINTS}",
        f"The council has approved the plan for the rebuilding of the old harbour:{POINTS}",
        "«Сгорела пекарня»\n«Опоздал трамвай»\n«Ждут снега»\n«Всё»",
        f"{'Главное событие дня — пожар в старой пекарне у порта. ' * 5}{ITEMS}",
    ],
)
def test_a_post_that_tells_something_above_its_list_is_none(text: str) -> None:
    assert not roundups.is_roundup(text)
