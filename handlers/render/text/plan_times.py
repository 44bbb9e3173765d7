"""When a plan comes, in words: ``every day at 8:00 and 18:00``, ``по будням каждые 3 часа``."""

from handlers.render.text.dates import clock
from handlers.texts.digests.planning import PlanWords, plan_words
from handlers.times.plan_times import EVERY_DAY, WEEKDAYS, WEEKENDS, PlanTimes
from storage.languages import formats


def times_text(when: PlanTimes, language: str) -> str:
    """As it stands behind "a digest comes"."""
    said = plan_words(language)
    often = _often(when, said)
    if often is not None:
        if when.days == EVERY_DAY:
            return often
        return said.only.replace("{often}", often).replace("{days}", _days(when, said))
    first = ", ".join(map(clock, when.times[:-1]))
    last = clock(when.times[-1])
    times = f"{first}{said.and_}{last}" if first else last
    named = {EVERY_DAY: said.daily, WEEKDAYS: said.weekdays, WEEKENDS: said.weekends}
    template = named.get(when.days, said.on_days)
    return template.replace("{days}", _days(when, said)).replace("{times}", times)


def _often(when: PlanTimes, said: PlanWords) -> str | None:
    if when.step is not None:
        return said.each_hour if when.step == 1 else said.count(said.every, when.step)
    if when.hours is None:
        return None
    first, last = map(clock, when.hours)
    return said.hourly.replace("{first}", first).replace("{last}", last)


def _days(when: PlanTimes, said: PlanWords) -> str:
    named = {WEEKDAYS: said.days_weekdays, WEEKENDS: said.days_weekends}
    names = formats.weekdays(said.language)
    short = (names[day][1] for day in sorted(when.days))
    english = said.language == "en"
    return named.get(when.days) or ", ".join(day.title() if english else day for day in short)
