"""Words that are also written with a hyphen, and so as two: ``ceasefire``, cease-fire.

Only words that are surely written both ways, by a list and by a few beginnings: for these a query
asks for the phrase of the two parts, too.
"""

import re
from functools import cache

from storage.query.words import english, russian

_WRITTEN = """
air-base air-lift air-space air-strike bail-out black-out break-through build-up cease-fire
check-point clamp-down co-operate co-operation co-operative co-ordinate co-ordination co-ordinator
crack-down eye-witness fire-fighter follow-up front-line gun-fire hand-over hard-line
hard-liner health-care land-mine law-maker lay-off lock-down mine-field mine-sweeper
off-line off-shore oil-field on-line on-shore pay-out peace-keeper peace-keeping peace-maker
pipe-line policy-maker pull-back pull-out roll-out run-off set-back shake-up shoot-out short-fall
show-down shut-down stand-off start-up take-over time-line turn-out under-way walk-out war-head
war-ship war-time water-way web-site whistle-blower work-force
"""
_ENGLISH = "anti|counter|cyber|multi|non|semi"
_RUSSIAN = "экс|вице|кибер|медиа|интернет|онлайн|веб|пресс|контр|мини|супер|нарко"
_BEGINNINGS = re.compile(f"(?:({_ENGLISH})|({_RUSSIAN}))(?=.{{4}})")


def parted(form: str) -> tuple[str, str] | None:
    """The two words that a folded word is also written as; None of others."""
    if form[:3] not in _first_letters():
        return None
    begun = _BEGINNINGS.match(form)
    if begun is not None:
        is_word = begun[2] is not None and russian.is_word(form)
        return None if is_word else (begun[0], form[begun.end() :])
    if not form.isascii():
        return None
    for reading in english.readings(form):
        first = _joined().get(reading)
        if first is not None and form.startswith(first):
            return first, form[len(first) :]
    return None


@cache
def _joined() -> dict[str, str]:
    """The lexeme of each of these words, written as one: its first part."""
    pairs = [word.partition("-") for word in _WRITTEN.split()]
    return {
        reading: first
        for first, _, second in pairs
        for reading in english.readings(f"{first}{second}")
    }


@cache
def _first_letters() -> frozenset[str]:
    """The three letters that one of them begins with: most words have others."""
    beginnings = f"{_ENGLISH}|{_RUSSIAN}".split("|")
    return frozenset(word[:3] for word in (*_joined(), *beginnings))
