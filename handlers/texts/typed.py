"""What people type: commands and their words, in any language."""

from handlers.texts.words import Words
from storage.languages.vocabulary import Vocabulary

COMMANDS = Vocabulary("typed.command", {name: name for name in Words().summaries})
"""Commands by Telegram's own names, which have Latin letters only."""

QUESTION = Vocabulary("typed.question", {"cancel": "cancel"})
"""What ends a question in place of answering it."""

HELP = Vocabulary("typed.help", {"query": "query, queries"})
DIGEST = Vocabulary("typed.digest", {"now": "now", "daily": "daily, everyday", "off": "off, stop"})
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
