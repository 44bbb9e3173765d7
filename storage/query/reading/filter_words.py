"""The names and values of filters in every language, with other spellings of them."""

from storage.languages.vocabulary import Vocabulary

OPERATORS = Vocabulary("query.operator", {"or": "OR", "and": "AND", "not": "NOT", "near": "NEAR"})
"""In capital letters; in small ones they are words."""

NAMES = Vocabulary(
    "query.filter",
    {
        name: name
        for name in (
            *("channel", "from", "by", "who", "lang", "has", "is", "place", "link", "in", "title"),
            *("after", "before", "on"),
        )
    },
)
HAS = Vocabulary(
    "query.has",
    {
        value: value
        for value in (
            *("photo", "video", "link", "forward", "album", "poll", "audio", "voice", "document"),
            *("sticker", "location", "contact", "webpage", "story", "checklist", "invoice"),
            *("giveaway", "game", "dice", "media"),
        )
    },
)
IS = Vocabulary("query.is", {value: value for value in ("edited", "deleted", "original")})
WHERE = Vocabulary("query.where", {"text": "text"})
LANG = Vocabulary(
    "query.language",
    {
        code: code
        for code in (
            *("ar", "be", "bg", "cs", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hy", "it"),
            *("ja", "ka", "kk", "ko", "mk", "nl", "pl", "pt", "ro", "ru", "sr", "sv", "tr", "uk"),
            "zh",
        )
    },
)
DAYS = Vocabulary("query.day", {"today": "today", "yesterday": "yesterday"})
UNITS = Vocabulary(
    "query.unit",
    {
        "d": "d, day, days",
        "w": "w, week, weeks",
        "m": "m, month, months",
        "y": "y, year, years",
        "h": "h, hour, hours",
    },
)
"""A number stands before them; the first is a letter: ``7d``."""

FILTERS_MEANT = Vocabulary(
    "query.meant.filter",
    {
        "after": "newer, since",
        "before": "older, to, until",
        "by": "author, sender, user",
        "channel": "chat, source",
        "from": "origin",
        "has": "filter, type",
        "lang": "language",
        "link": "domain, site, url",
        "on": "date, day",
        "place": "city",
        "who": "quote, quotes, said, speaker",
    },
)
"""Names that other search engines have, or that come to mind: the error suggests ours."""

VALUES_MEANT = Vocabulary(
    "query.meant.value",
    {
        "audio": "music",
        "checklist": "todo",
        "deleted": "removed",
        "document": "file",
        "edited": "changed",
        "forward": "repost",
        "giveaway": "prize",
        "link": "url, urls",
        "location": "geo, map",
        "original": "own",
        "photo": "image, images, picture, pictures",
        "poll": "quiz",
        "video": "gif",
        "voice": "recording",
        "webpage": "preview",
    },
)
LANGUAGES_MEANT = Vocabulary(
    "query.meant.language",
    {
        "ar": "arabic",
        "be": "by",
        "cs": "cz",
        "de": "ger, german",
        "el": "gr",
        "en": "en-us, eng, english, gb, us",
        "es": "spanish",
        "fa": "ir, persian",
        "fr": "french",
        "he": "hebrew, il",
        "it": "italian",
        "ja": "japanese, jp",
        "ka": "georgian",
        "kk": "kz",
        "nl": "dutch",
        "pl": "polish",
        "ru": "rus, russian",
        "sr": "rs, serbian",
        "tr": "turkish",
        "uk": "ua, ukr, ukrainian",
        "zh": "chinese, cn",
    },
)
TITLE_MEANT = Vocabulary("query.meant.title", {"title": "title, heading, headline"})
DATES_MEANT = Vocabulary(
    "query.meant.date", {"today": "now", "7d": "week", "30d": "month", "1y": "year"}
)
