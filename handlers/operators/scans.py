"""How often channels are scanned. Pure: intervals in seconds, requests a minute.

A scan of a channel that missed little is one request, so the account's budget of requests says how
soon every channel can have had its turn.
"""

from collections.abc import Iterable

POSTS_A_SCAN = 10
"""A busy channel is scanned again when about this many posts should have come."""

PUNCTUAL_SHARE = 0.9
"""Planned a little early, where the budget allows it, a scan is done when its interval ends."""

SHORTEST_SHARE = 0.25
"""No channel is scanned oftener than this share of the effective interval allows."""

LEAST_SHARE = 0.05
"""This share of the budget is for what is not urgent, however much the scans need."""


def effective_interval(interval: float, *, channels: int, requests: int) -> float:
    """Seconds within which every channel is scanned: what was asked for, if the budget allows."""
    return max(interval, round_length(channels=channels, requests=requests))


def round_length(*, channels: int, requests: int) -> float:
    """Seconds that one request for each channel takes."""
    return channels * 60.0 / requests


def turn_interval(interval: float, *, channels: int, requests: int, rate: float) -> float:
    """Seconds from the start of a channel's scan to its next; ``rate`` is its posts a second.

    Requests that the round of all channels leaves over go to those with more traffic: even if all
    were busy, the round would still fit into the budget.
    """
    shared = round_length(channels=channels, requests=requests)
    longest = max(PUNCTUAL_SHARE * interval, shared)
    shortest = max(SHORTEST_SHARE * max(interval, shared), 1.25 * shared)
    wanted = POSTS_A_SCAN / rate if rate > 0 else longest
    return min(longest, max(shortest, wanted))


def spare_requests(interval: float, *, channels: int, requests: int) -> float:
    """Requests a minute for what is not urgent: half of what the round of all channels leaves, so
    that it keeps its interval; some in any case, or there would be no end."""
    needed = channels * 60.0 / effective_interval(interval, channels=channels, requests=requests)
    return max(LEAST_SHARE * requests, (requests - needed) / 2)


def free_time(wanted: float, taken: Iterable[float], *, apart: float, earliest: float) -> float:
    """The latest time up to ``wanted`` that is ``apart`` from all that are taken, in seconds, so
    that what came together does not fall due together; ``wanted`` where there is none after
    ``earliest``."""
    at = wanted
    for other in sorted((time for time in taken if time < wanted + apart), reverse=True):
        if at - other >= apart:
            break
        if other - at < apart:
            at = other - apart
    return at if at >= earliest else wanted


def smoothed_rate(before: float | None, posts: int, seconds: float) -> float:
    """Posts a second, after ``posts`` in ``seconds``; the last measurement counts half."""
    now = posts / max(seconds, 1.0)
    return now if before is None else (before + now) / 2
