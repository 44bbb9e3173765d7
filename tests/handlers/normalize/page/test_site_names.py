"""Lines that a link preview may begin with."""

import pytest

from handlers.normalize.page import site_names


@pytest.mark.parametrize(
    ("line", "cost"),
    [
        ("example.org", 0.2),
        ("  EXAMPLE.ORG ", 0.2),
        ("a.b.c.d.example", 0.2),
        ("a.b.c.d.e.example", None),
        ("мост.рф", 0.2),
        ("bridge.xn--p1ai", 0.2),
        ("bridge.1", None),
        ("YouTube", 0.2),
        ("X (formerly Twitter)", 0.2),
        ("РИА Новости", 0.2),
        ("дзен", 0.2),
        ("Harbour Daily", 2.2),
        ("The Harbour’s Daily Voice", 2.2),
        ("The Harbour Daily Voice Today", None),
        ("harbour daily", None),
        ("Harbour: daily", None),
        ("1st of May", None),
        ("H" * 32, 2.2),
        ("H" * 33, None),
        ("h" * 63 + ".example.org", 0.2),
        (f"{'h' * 63}.{'o' * 16}", 0.2),
        (f"{'h' * 63}.{'o' * 17}", None),
        ("", None),
    ],
)
def test_what_may_be_the_name_of_a_site(line: str, cost: float | None) -> None:
    assert site_names.cost(line) == cost


SITES = """
YouTube, Telegram, Telegraph, X (formerly Twitter), Twitter, VK, ВКонтакте, VK Видео, RuTube
Instagram, Facebook, TikTok, Medium, Google Docs, Wikipedia, Spotify, SoundCloud, GitHub, Дзен
Яндекс Диск, TASS, ТАСС, РИА Новости, RT на русском, RT International, Reuters, BBC News, CNN
Bloomberg.com, The Guardian, The New York Times, Xinhua, Интерфакс
"""


@pytest.mark.parametrize("line", SITES.strip().split("\n"))
def test_sites_that_are_linked_most_are_known(line: str) -> None:
    for name in line.split(", "):
        assert site_names.cost(name) == site_names.cost(name.lower()) == 0.2, name
