"""What people type: commands and their words, in any language."""

from handlers.texts.words import Words
from storage.languages.vocabulary import Vocabulary

COMMANDS = Vocabulary("typed.command", {name: name for name in Words().summaries})
"""Commands by Telegram's own names, which have Latin letters only."""

ALSO = Vocabulary(
    "typed.also",
    {
        "search": "find, look, query, google",
        "latest": "last, new, newest, recent, news, posts",
        "alert": "notify, subscribe, follow, track, monitor, keyword, add, tell me",
        "alerts": "delete, remove, unsubscribe, unalert, list",
        "digest": "summary, briefing, roundup, newsletter",
        "catchup": "what happened, what's new, what did i miss",
        "channels": "sources, channel",
        "settings": "config, options, preferences, setup",
        "quiet": "mute, dnd, quiet hours, do not disturb",
        "stop": "pause, exit, quit, off",
        "help": "menu, commands, info, howto, hello, hi, hey",
        "timezone": "tz, zone, time zone, time",
        "language": "lang",
    },
)
"""What people take for names of commands, and is offered as the command that is meant."""

BETWEEN = Vocabulary(
    "typed.between",
    {
        "before": "please, show, show me, give me, my",
        "between": "me, us, about, on, of, for, to, from, when, if, there is, there are, there's,"
        " news, anything, something, posts, posts with, the",
    },
)
"""What people say around the name of a command that they mean: ``my alerts``, ``alert me on``."""

QUESTION = Vocabulary("typed.question", {"cancel": "cancel"})
"""What ends a question in place of answering it."""

HELP = Vocabulary("typed.help", {"query": "query, queries"})
DIGEST = Vocabulary(
    "typed.digest",
    {
        "now": "now",
        "off": "off, stop",
        "new": "new, add",
        "name": "name",
        "query": "query",
        "time": "time, times",
    },
)
SINCE = Vocabulary(
    "typed.since",
    {
        "since": "since, from, for, for the last, in the last, last",
        "today": "today",
        "yesterday": "yesterday",
        "week": "week, a week, one week, the week",
        "month": "month, a month, one month, the month",
        "digest": "last digest, the last digest",
        "mon": "monday, mon",
        "tue": "tuesday, tue",
        "wed": "wednesday, wed",
        "thu": "thursday, thu",
        "fri": "friday, fri",
        "sat": "saturday, sat",
        "sun": "sunday, sun",
    },
)
"""From when on one was away; languages with cases have them here."""
ALERT = Vocabulary("typed.alert", {"once": "per:event, once:event", "everything": "per:post"})
"""How an alert tells, in ``/alert`` before or behind its query."""

REMOVING = Vocabulary("typed.removing", {"remove": "remove, delete, off, stop, cancel"})
"""What stands before an alert that is to be removed."""

SIGNAL = Vocabulary("typed.signal", {"off": "off, stop, none"})
"""What ends ``/silence`` and ``/surge`` of something."""

QUIET = Vocabulary(
    "typed.quiet", {"off": "off, none, stop", "urgent": "urgent", "from": "from", "to": "to"}
)
SETTINGS = Vocabulary(
    "typed.settings", {"language": "language, lang", "timezone": "timezone, zone, time"}
)
INVITATION = Vocabulary(
    "typed.invitation",
    {"people": "people, person, persons", "until": "until, till", "days": "day, days"},
)
CLOCK = Vocabulary(
    "typed.clock",
    {
        "at": "at",
        "noon": "noon, midday",
        "midnight": "midnight",
        "hour": "o'clock",
        "morning": "in the morning",
        "afternoon": "in the afternoon",
        "evening": "in the evening",
        "night": "at night",
    },
)
"""Times of day: ``8 in the morning``; some languages have a case for ``8 hours``."""

PLAN_DAYS = Vocabulary(
    "typed.plan_days",
    {
        "daily": "daily, every day, everyday",
        "weekdays": "weekdays, on weekdays, workdays, on workdays",
        "weekends": "weekends, on weekends, at weekends",
        "weekly": "weekly, every week",
        "mon": "mon, monday, mondays, on monday, on mondays, every monday",
        "tue": "tue, tues, tuesday, tuesdays, on tuesday, on tuesdays, every tuesday",
        "wed": "wed, wednesday, wednesdays, on wednesday, on wednesdays, every wednesday",
        "thu": "thu, thur, thurs, thursday, thursdays, on thursday, on thursdays, every thursday",
        "fri": "fri, friday, fridays, on friday, on fridays, every friday",
        "sat": "sat, saturday, saturdays, on saturday, on saturdays, every saturday",
        "sun": "sun, sunday, sundays, on sunday, on sundays, every sunday",
    },
)
"""Days on which a plan comes."""

PLAN_HOURS = Vocabulary(
    "typed.plan_hours",
    {"hourly": "hourly, every hour", "every": "every", "from": "from", "to": "to, till, until"},
)
"""Times of a plan that come often: ``hourly from 9 to 18``, ``every 3h``."""

ABOUT = Vocabulary("typed.about", {"about": "about"})
"""Between the times of a plan and its query."""

PLAN_NONE = Vocabulary("typed.plan_none", {"none": "none, all, -"})
"""What is written for no name of a plan, and for no query: all posts."""

PLAN_AND = Vocabulary("typed.plan_and", {"and": "and"})
"""Between days and between times, where no comma is."""
