"""Which proxy is used, and that a session never stands at two addresses."""

import asyncio
import math
import time

import pytest

from bot.proxies import route as routes
from bot.proxies.links import read_proxies
from bot.proxies.route import Route

FIRST, SECOND, THIRD = PROXIES = read_proxies("socks5://a:1 socks5://b:2 socks5://c:3")


class Line:
    """Stands for a connection."""

    def __init__(self) -> None:
        self.is_cut = False

    def cut(self) -> None:
        self.is_cut = True


def test_without_proxies_there_is_nothing_to_leave() -> None:
    route = Route()
    route.seek("user")
    route.leave(route.present)
    assert (route.present, route.left("user"), str(route)) == (None, math.inf, "")


def test_a_single_one_is_kept_whatever_happens() -> None:
    route = Route([FIRST], patience=0.0)
    route.seek("user")
    assert route.left("user") == math.inf
    route.leave(FIRST)
    assert (route.present, str(route)) == (FIRST, "socks5://a:1")


def test_they_are_used_in_turn_and_the_first_comes_after_the_last() -> None:
    route = Route(PROXIES)
    seen = []
    for _ in range(4):
        seen.append(str(route))
        route.leave(route.present, "it is dead")
    assert seen == [
        "socks5://a:1 (1/3)",
        "socks5://b:2 (2/3)",
        "socks5://c:3 (3/3)",
        "socks5://a:1 (1/3)",
    ]


def test_the_second_account_to_give_one_up_does_not_skip_the_next() -> None:
    route = Route(PROXIES)
    route.leave(FIRST)
    route.leave(FIRST)
    assert route.present == SECOND


def test_time_runs_from_the_first_attempt_and_ends_with_an_answer() -> None:
    route = Route(PROXIES, patience=1000.0)
    assert route.left("user") == math.inf
    route.seek("user")
    left = route.left("user")
    route.seek("user")
    assert 999.0 < route.left("user") <= left <= 1000.0
    assert route.left("bot") == math.inf
    route.serve("user")
    assert route.left("user") == math.inf


def test_each_proxy_has_its_time_anew() -> None:
    route = Route(PROXIES, patience=0.0)
    route.seek("user")
    assert route.left("user") <= 0
    route.leave(FIRST)
    assert route.left("user") == math.inf


async def test_what_is_open_is_cut_and_settles_before_the_next_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(routes, "SETTLING", 0.2)
    route = Route(PROXIES)
    user, bot, ended = Line(), Line(), Line()
    for line in (user, bot, ended):
        route.add(line)
    route.drop(ended)
    begun_at = time.monotonic()
    route.leave(FIRST)
    assert (user.is_cut, bot.is_cut, ended.is_cut) == (True, True, False)
    assert await route.settle() == SECOND
    assert time.monotonic() - begun_at >= 0.2
    route.drop(user)
    route.drop(bot)
    waiting = asyncio.create_task(route.settle())
    assert await asyncio.wait_for(waiting, 0.1) == SECOND


def test_why_one_failed_is_said_once() -> None:
    route = Route(PROXIES)
    assert str(route.fail(FIRST, "it hung up")) == "socks5://a:1: it hung up"
    assert [route.take_reason(), route.take_reason()] == ["it hung up", ""]
