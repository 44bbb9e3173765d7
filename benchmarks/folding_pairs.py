"""Makes pairs of posts that differ in one thing, under footers and headers, and copies of them.

``folding_pairs.py -o FILE.json`` writes cases for ``folding.py``, which runs them through the
service; without ``-o`` they are judged here, as one story each, in seconds: ``hidden N/M``,
``doubled N/M``, and a line for each that went wrong. ``--count`` and ``--seed`` choose them.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from telethon.tl import types

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

import folding_words as words  # noqa: E402

from handlers.normalize.telethon import message as telethon  # noqa: E402
from handlers.stories import placing, standing  # noqa: E402
from handlers.stories.placing import Judge, Wording  # noqa: E402
from storage.document import Channel  # noqa: E402
from storage.query import snippet  # noqa: E402
from storage.query.words import russian  # noqa: E402
from storage.records import Told  # noqa: E402

COUNT = 400
SEED = 11
_CHOICE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_SYLLABLES = {
    "en": ["tor", "vel", "mar", "dun", "bri", "ost", "hel", "kar", "wen", "pol"],
    "ru": ["тор", "вел", "мар", "дун", "бри", "ост", "хел", "кар", "вен", "пол"],
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Change = Callable[[str, str, random.Random], tuple[str, str]]


def lines(text: str) -> list[str]:
    """The lines of a table of words."""
    return text.strip().split("\n")


def kinds(lang: str) -> list[str]:
    """The kinds of change there are in a language."""
    return [*words.SENTENCES[lang], *_CHANGES]


def case(number: int, kind: str, lang: str, chance: random.Random) -> dict[str, Any]:
    """One pair and a copy of one of the two, as ``folding.py`` reads them."""
    token = "".join(chance.sample(_SYLLABLES[lang], 3)).capitalize() + _letters(number, lang)
    first, second = _pair(kind, lang, token, chance)
    channels = [_Channel(lang, chance), _Channel(lang, chance)]
    other = chance.choice([0, 0, 1])
    original, of_second = chance.choice([(first, False), (second, True)])
    copies = 0 if kind == "emoji" else chance.choice([0, 1])
    posts = [
        {"channel": 0, "text": channels[0].dress(first), "want": "send"},
        {"channel": other, "text": channels[other].dress(second), "want": "follow"},
    ]
    copy = _copy(original, lang, chance) if copies else f"❗️{original}"
    copied = channels[1].dress(copy)
    posts.insert(
        2 if of_second else chance.choice([1, 2]), {"channel": 1, "text": copied, "want": "fold"}
    )
    return {
        "id": f"{lang}{number:03}",
        "kind": kind,
        "lang": lang,
        "token": token,
        "history": [
            {"channel": place, "text": text}
            for place, channel in enumerate(channels)
            for text in channel.history()
        ],
        "posts": posts,
    }


def _letters(number: int, lang: str) -> str:
    alphabet = "bdfgklmnprstvz" if lang == "en" else "бдфгклмнпрствз"
    return f"a{alphabet[number % 14]}" if lang == "en" else f"а{alphabet[number % 14]}"


def _pair(kind: str, lang: str, token: str, chance: random.Random) -> tuple[str, str]:
    """Two texts that differ by one change, in a random order."""
    tables = words.SENTENCES[lang]
    others = [name for name in tables if name not in (kind, "emoji", "question", "comma")]
    rest = [
        _CHOICE.sub(lambda m: m[1], chance.choice(lines(tables[name])))
        for name in chance.sample(others, chance.choice([0, 0, 1, 2, 4]))
    ]
    rest.append(chance.choice(lines(words.FILLERS[lang])).format(token=token))
    chance.shuffle(rest)
    if kind in _CHANGES:
        return _CHANGES[kind](" ".join(rest), lang, chance)
    sentence = chance.choice(lines(tables[kind]))
    place = len(rest) if kind == "emoji" else chance.randrange(len(rest) + 1)
    joint = chance.choice([" ", "\n\n"])
    both = [
        joint.join([*rest[:place], _CHOICE.sub(lambda m, n=n: m[n], sentence), *rest[place:]])
        for n in (1, 2)
    ]
    if chance.random() < 0.5:
        both.reverse()
    return both[0], both[1]


def _added(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    return text, f"{text} {chance.choice(lines(words.ADDED[lang]))}"


def _added_in_front(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    return text, f"{chance.choice(lines(words.ADDED[lang]))}\n{text}"


def _refuted(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    head = "Fake:" if lang == "en" else "Фейк:"
    return f"{head}\n{text}", text


def _said(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    head = "Spokesman Marko Pell:" if lang == "en" else "Представитель Марко Пелл:"
    both = (f"{head} {text}", text)
    return both if chance.random() < 0.5 else both[::-1]


def _headed(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    head = "News from the harbour town" if lang == "en" else "Новости портового города"
    body = lines(words.ADDED[lang])
    one, other = chance.sample(body, 2)
    return f"{head}\n\n{text} {one}", f"{head}\n\n{text} {other}"


def _item_gone(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    items = ["Torsk", "Lund", "Pelm"] if lang == "en" else ["Торск", "Лунд", "Пельм"]
    head = "Closed at once:" if lang == "en" else "Закрыты сразу:"
    both = [
        f"{text}\n{head}\n" + "\n".join(f"• {one}" for one in part) for part in (items, items[:2])
    ]
    return both[0], both[1]


def _sentence_gone(text: str, lang: str, chance: random.Random) -> tuple[str, str]:
    middle = chance.choice(lines(words.ADDED[lang]))
    end = "The search goes on." if lang == "en" else "Поиски продолжаются."
    return f"{text} {middle} {end}", f"{text} {end}"


_CHANGES: dict[str, Change] = {
    "sentence added": _added,
    "sentence added in front": _added_in_front,
    "refutation left out": _refuted,
    "attribution": _said,
    "headline kept": _headed,
    "list item left out": _item_gone,
    "sentence left out": _sentence_gone,
}


def _copy(text: str, lang: str, chance: random.Random) -> str:
    """The text as another channel copies it."""
    return chance.choice(_COPIES)(text, lang, chance)


def _cut(text: str, lang: str, chance: random.Random) -> str:
    place = text.find(" ", len(text) // 2)
    more = "Read more" if lang == "en" else "Читать далее"
    return f"{text[: place + 3]}… {more}"


def _misprint(text: str, lang: str, chance: random.Random) -> str:
    found = [match for match in re.finditer(r"\b[а-я]{9,}\b", text) if russian.is_word(match[0])]
    for match in found:
        wrong = match[0][:4] + match[0][5:]
        if not russian.is_word(wrong):
            return text[: match.start()] + wrong + text[match.end() :]
    return f"{text}\n\n{text}"


_COPIES: list[Change] = [  # type: ignore[assignment]
    lambda text, lang, chance: f"⚡️⚡️ {text}",
    lambda text, lang, chance: f"BREAKING: {text}" if lang == "en" else f"СРОЧНО\n\n{text}",
    lambda text, lang, chance: text.replace("ё", "е").replace("—", "–").replace(". ", ".\n\n"),
    lambda text, lang, chance: f"«{text.replace('«', '“').replace('»', '”')}»",
    lambda text, lang, chance: f"{text}\n\n{text}",
    lambda text, lang, chance: f"{text} 🌾",
    lambda text, lang, chance: text.replace(" ", "\u00a0", 3),
    _cut,
    _misprint,
]


class _Channel:
    """What a channel writes above and below its posts."""

    def __init__(self, lang: str, chance: random.Random) -> None:
        self._lang = lang
        self._header = chance.choice(lines(words.HEADERS[lang])) if chance.random() < 0.3 else ""
        self._footer = chance.choice(lines(words.FOOTERS[lang])) if chance.random() < 0.7 else ""

    def dress(self, text: str) -> str:
        parts = (self._header, text, self._footer.replace(" / ", "\n"))
        return "\n\n".join(part for part in parts if part)

    def history(self) -> list[str]:
        plain = not self._header and not self._footer
        return [] if plain else [self.dress(text) for text in lines(words.HISTORY[self._lang])]


def make(count: int = COUNT, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """The cases: both languages and every kind by turns."""
    chance = random.Random(seed)
    for number in range(count):
        lang = ("en", "ru")[number % 2]
        names = kinds(lang)
        yield case(number, names[number // 2 % len(names)], lang, chance)


@dataclass(slots=True)
class Tally:
    """What came of the cases: how many, and which went wrong, by kind."""

    must_reach: int = 0
    must_fold: int = 0
    hidden: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def judge(cases: list[dict[str, Any]]) -> Tally:
    """Judge cases as if each were one story: no post is saved from being hidden by being none."""
    tally = Tally()
    for one in cases:
        _judge(one, tally)
    return tally


def _judge(one: dict[str, Any], tally: Tally) -> None:
    written: dict[int, list[str]] = {}
    for item in one["history"]:
        written.setdefault(item["channel"], []).append(_stored(item, 0))
    wordings: dict[str, Wording] = {}
    got: list[Told] = []
    for number, item in enumerate(one["posts"]):
        texts = written.setdefault(item["channel"], [])
        texts.append(_stored(item, number))
        learned = standing.learn([standing.lines_of(text) for text in texts])
        name, now = str(number), NOON + timedelta(seconds=number)
        wordings[name] = placing.word(_stored(item, number), item["channel"], learned)
        placed = Judge(wordings, russian.is_word).place(name, got, now=now)
        came = placed.action != "fold"
        if came:
            got.append(Told(post=name, at=now, follows=placed.action == "follow", is_open=True))
        _count(tally, one, item, came=came)


def _stored(item: dict[str, Any], number: int) -> str:
    """The text of a post as it is stored and looked at."""
    peer = types.PeerChannel(item["channel"] + 1)
    message = types.Message(id=number + 1, peer_id=peer, date=NOON, message=item["text"])
    channel = Channel(id=item["channel"] + 1, title="Channel")
    return snippet.searchable_text(telethon.normalize([message], channel=channel))


def _count(tally: Tally, one: dict[str, Any], item: dict[str, Any], *, came: bool) -> None:
    place = f"{one['id']} {one['kind']}"
    if item["want"] == "fold":
        tally.must_fold += 1
        tally.doubled[one["kind"]] += came
    else:
        tally.must_reach += 1
        tally.hidden[one["kind"]] += not came
    if came == (item["want"] == "fold"):
        tally.wrong.append(f"{place} {'doubled' if came else 'hidden'}: {item['text']!r}")


def main() -> None:
    """Write the cases, or judge them and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE.json")
    options = parser.parse_args()
    cases = list(make(options.count, options.seed))
    if options.output:
        text = json.dumps(cases, ensure_ascii=False, indent=1)
        options.output.write_text(text, encoding="utf-8")
        return
    tally = judge(cases)
    for line in sorted(tally.wrong):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"kinds {len({case['kind'] for case in cases})}\n")
    sys.stdout.write(f"hidden {tally.hidden.total()}/{tally.must_reach}\n")
    sys.stdout.write(f"doubled {tally.doubled.total()}/{tally.must_fold}\n")


if __name__ == "__main__":
    main()
