"""What happens to a post on its way through other channels, by a seeded generator.

``SAME`` are edits after which it is still the same story: each takes a post, all the posts, and a
source of chance. The functions below make posts that look like it and are another story.
"""

import random
import re
from collections.abc import Callable, Sequence

Edit = Callable[[str, Sequence[str], random.Random], str]

SIGNATURES = (
    "Подписаться на канал",
    "Подписывайтесь на «Гавань» | Прислать новость",
    "👉 Наш канал: @harbour_daily",
    "Подписаться | Обсудить в чате | Прислать новость",
    "#порт #новости #главное",
    "t.me/harbour_daily",
    "🌊 Гавань. Новости без лишнего",
    "Subscribe to @harbour_daily",
    "🇷🇺 Follow us: t.me/harbour_daily\n#news",
    "Источник: Вечерняя гавань",
    "© Harbour Daily",
    "✉️ Написать в редакцию\n📲 Подписаться на «Гавань»",
)
HEADERS = (
    "⚡️ ",
    "❗️Срочно: ",
    "‼️ МОЛНИЯ ‼️\n",
    "Гавань сообщает:\n\n",
    "МОСКВА, 4 декабря. /ТАСС/. ",
    "Forwarded from Harbour Daily\n",
    "🔴 Пишут коллеги:\n",
    "Breaking: ",
    "💬 Главное за утро\n\n",
    "Из новостей:\n",
)
MORE = ("Read in full", "Читать далее", "Читать полностью →", "…", "... Read more", "Подробнее")
COMMENTS = (
    "Что тут скажешь, ждали и дождались.",
    "UPD: ведомство подтвердило эти сведения.",
    "Следим за развитием событий.",
    "UPD 14:05: details will follow.",
    "Фото: пресс-служба",
)
_WORD = re.compile(r"\w[\w-]*")


def _changed(share: float) -> Edit:
    """That share of the words, at least one, is replaced, left out or has one put beside it."""

    def edit(text: str, posts: Sequence[str], chance: random.Random) -> str:
        places = list(_WORD.finditer(text))
        count = max(1, round(share * len(places)))
        picked = sorted(chance.sample(range(len(places)), min(count, len(places))), reverse=True)
        for index in picked:
            match = places[index]
            other = chance.choice(_WORD.findall(chance.choice(posts)))
            how = chance.random()
            new = other if how < 0.6 else "" if how < 0.8 else f"{match[0]} {other}"
            text = text[: match.start()] + new + text[match.end() :]
        return text

    return edit


def _start(text: str, share: float) -> str:
    places = list(_WORD.finditer(text))
    return text[: places[max(1, round(share * len(places))) - 1].end()]


def _signature(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return f"{text}\n\n{chance.choice(SIGNATURES)}"


def _header(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return chance.choice(HEADERS) + text


def _comment(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return f"{text}\n\n{chance.choice(COMMENTS)}"


def _truncated(text: str, posts: Sequence[str], chance: random.Random) -> str:
    between = chance.choice((" ", "\n", "\n\n"))
    return _start(text, chance.uniform(0.4, 0.8)) + between + chance.choice(MORE)


def _cut(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return _start(text, 0.3)


def _cut_middle(text: str, posts: Sequence[str], chance: random.Random) -> str:
    places = list(_WORD.finditer(text))
    length = max(1, round(0.5 * len(places)))
    first = chance.randrange(len(places) - length + 1)
    return text[places[first].start() : places[first + length - 1].end()]


def _repeated(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return text + chance.choice(("\n", "\n\n", " ")) + text


def _headline_repeated(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0] + "\n" + text


def _retyped(text: str, posts: Sequence[str], chance: random.Random) -> str:
    for old, new in (
        ("ё", "е"),
        ("«", '"'),
        ("»", '"'),
        ("—", "-"),
        (" - ", " — "),
        ("\n\n", "\n"),
    ):
        if chance.random() < 0.7:
            text = text.replace(old, new)
    pictures = chance.choice(("", "❗️", "🔻", "📍 "))
    return pictures + (
        text.upper() if chance.random() < 0.1 else text.replace("❗️", "").strip("⚡️ ")
    )


def _mixed(text: str, posts: Sequence[str], chance: random.Random) -> str:
    text = _changed(0.05)(text, posts, chance)
    text = _signature(text, posts, chance)
    return _header(text, posts, chance) if chance.random() < 0.5 else text


def _cut_and_signed(text: str, posts: Sequence[str], chance: random.Random) -> str:
    return _signature(_start(text, 0.5), posts, chance)


SAME: dict[str, Edit] = {
    "signature added": _signature,
    "header added": _header,
    "comment added": _comment,
    "retyped": _retyped,
    "1% changed": _changed(0.01),
    "5% changed": _changed(0.05),
    "10% changed": _changed(0.10),
    "20% changed": _changed(0.20),
    "truncated, read in full": _truncated,
    "cut to 30%": _cut,
    "cut to 50%, middle": _cut_middle,
    "cut to 50%, signed": _cut_and_signed,
    "repeated twice": _repeated,
    "headline repeated": _headline_repeated,
    "5% changed, signed, headed": _mixed,
}


def quote(text: str, posts: Sequence[str], chance: random.Random) -> str:
    """Another post that quotes a quarter of this one."""
    places = list(_WORD.finditer(text))
    length = max(1, round(0.25 * len(places)))
    first = chance.randrange(len(places) - length + 1)
    part = text[places[first].start() : places[first + length - 1].end()]
    other = chance.choice([post for post in posts if post != text])
    return f"{part}\n{other}" if chance.random() < 0.5 else f"{other}\n{part}"


def sign_both(text: str, posts: Sequence[str], chance: random.Random) -> tuple[str, str]:
    """This post and another one that is as short as can be, under one signature."""
    others = sorted((post for post in posts if post != text), key=len)
    signature = chance.choice(SIGNATURES)
    return f"{text}\n\n{signature}", f"{chance.choice(others[:40])}\n\n{signature}"


def change_number(text: str, chance: random.Random) -> str | None:
    """Another number in the place of one."""
    numbers = list(re.finditer(r"\d+", text))
    if not numbers:
        return None
    match = chance.choice(numbers)
    new = str(int(match[0]) + chance.choice((1, 2, 3, 7, 10)))
    return text[: match.start()] + new + text[match.end() :]


def change_name(text: str, chance: random.Random) -> str | None:
    """Another name in the place of one: what has a capital within a sentence."""
    names = list(re.finditer(r"(?<=[а-яa-z,] )[А-ЯA-Z][а-яa-z]{3,}", text))
    if not names:
        return None
    match = chance.choice(names)
    return text[: match.start()] + chance.choice(NAMES) + text[match.end() :]


def negate(text: str, chance: random.Random) -> str | None:
    """The opposite: a "not" before a word, or taken away."""
    match = re.search(r"\b(?:не|not) ", text)
    if match:
        return text[: match.start()] + text[match.end() :]
    verb = re.search(r"(?<= )[а-я]+(?:ет|ит|ла|ли|ил|ал)(?= )", text)
    return f"{text[: verb.start()]}не {text[verb.start() :]}" if verb else None


NAMES = (
    "Зотов", "Гришина", "Тула", "Омск", "Марсель", "Оттава", "Липин", "Верхов", "Сочи", "Казань",
    "Harlow", "Brandt", "Leeds", "Quito",
)  # fmt: skip
