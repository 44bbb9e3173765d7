"""Finds quotations in a text: the speaker by name, and the words with their places.

It reads a name and a colon at the beginning of a line (``💬 Name: …``), a dash and a name at its
end, «…», said X; X said that …; according to X. One sentence at a time. What an office, a newspaper
or a pronoun says is left out; so is what is denied, doubted, or said by somebody about what
somebody else said.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from storage.query.words import name_keys, russian, saying, sentences
from storage.query.words.folding import fold
from storage.query.words.speakers import Case, People, Speaker, is_office, name_in, runs

FEWEST_WORDS = 4
"""The fewest words of a statement without quotation marks."""
FEWEST_LETTERS = 10
"""A line in which somebody says something has more."""
_REACH = 120  # characters in which a speaker is looked for
_MOST_VERBS = 4  # of a sentence
_MOST_SAID = 700  # characters of a statement without quotation marks
_LONGEST_LINE = 4_000

_HEAD = re.compile(r"(?m)^[^\w\n«\"“]{0,12}(?P<who>[^\W\d_][^:\n«»\"!?]{2,100}):(?=[\s«\"“])")
_TAIL = re.compile(r"\s?[—–-][ \u00a0](?P<who>[^—–:;«»\"!?\n]{3,90})")
_HARD = re.compile(r"[,;:()«»\"“”!?…\n]|\s[—–-]\s")
_OTHER_CASE = re.compile(
    r"\b(?:с|со|о|об|обо|к|ко|для|от|про|у|против|with|to|about|of|from|by|for|что|как)\b"
)
_ADVERB = re.compile(
    r"\s(?:также|ранее|затем|позже|вчера|сегодня|тогда|уже|later|also|earlier|then|has|had)\s*\Z"
)
_THAT = re.compile(r"(?P<mid>[^,:;.«»\"“”—]{0,90}?)(?:, что\s+|:\s*(?=[«\"“])|,?\s*(?=[«\"“]))")
_THAT_ENGLISH = re.compile(
    r"(?P<mid>(?:\s(?:on|in|at|to|during|after|before|today|yesterday|late|early|earlier|reporters"
    r"|journalists|later|a|an|the|his|her|[A-Z]\w+)\b[^,:;.\"“”—]{0,60}?)?)"
    r"(?:\sthat\s+|[,:]?\s*(?=[\"“]))"
)
_PLAIN_ENGLISH = re.compile(
    r"\s+(?!(?:in|on|at|to|for|of|as|with|during|after|before|from|by|about|when|while|it|so|no|yes"
    r"|goodbye|nothing|something|little|more|much|what|how|why|hello|sorry|us|me|him|her|them|you"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|his|their|reporters|this|that"
    r"|today|yesterday|last|earlier|later|through|via|because|only|exactly|enough|not|again)\b)[\"“]?(?=\w)"
)
_OF_OTHERS = re.compile(
    r"(?:\b(?:то|том|тем|того|тому)\s*\Z|\b(?:слов|сообщени|заявлени|информаци|данны|слух|вопрос"
    r"|публикаци|утверждени|на то)\w*)"
)
_ENDS_ENGLISH = re.compile(
    r"\s*(?:[.,;:!?…\n)*_]|\Z|(?:in|on|at|of|from|during|after|before|to|as|who|and|last|this)\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
)
_FORMULA = re.compile(
    r"\b(?P<formula>[Пп]о (?:словам|мнению|утверждению|убеждению)|[Aa]ccording to)\s"
)
_SIGNS = "".join(set(" \u00a0*_❗\ufe0f⚡‼🔴—–-"))
_AFTER_TAIL = re.compile(r"[.!?…»\"”)*_\s]*\Z")


_RUSSIAN = re.compile(r"[А-Яа-яЁё]+")
_FINITE = frozenset(["VERB", "PRED", "ADJS", "PRTS"])


class _Verb(NamedTuple):
    start: int
    end: int
    word: str


class Quote(Struct, frozen=True):
    """What somebody is quoted with: ``start`` and ``end`` are the text's offsets of the words,
    ``who`` those of the name as it is written, and ``name`` its words, folded, in full where the
    text has it in full."""

    name: tuple[str, ...]
    who: tuple[int, int]
    start: int
    end: int

    def is_by(self, asked: Iterable[frozenset[str]]) -> bool:
        """Whether its speaker has one of each group of marks, as ``who:`` asks for them."""
        held = {f"who:{key}" for key in name_keys.held_of(self.name)}
        return not any(held.isdisjoint(group) for group in asked)


def find_quotes(text: str) -> list[Quote]:
    """The quotes of a text, in order; none of them lies over another."""
    found: list[Quote] = []
    people = People(text)
    speaks = _says(text)
    at = 0
    for line in text.split("\n"):
        found += _in_line(text, line, at, people, speaks=speaks)
        at += len(line) + 1
    return found


def list_speakers(text: str) -> set[tuple[str, ...]]:
    """The names of all who are quoted in a text."""
    return {quote.name for quote in find_quotes(text)}


def may_tell(chunk: str) -> bool:
    """Whether a text with this chunk may have quotes: the chunk is a verb of saying, or a sign that
    stands beside names. Texts without such a chunk have none."""
    return ":" in chunk or chunk[-1] in "—–-" or chunk in saying.WORDS


def _in_line(text: str, line: str, at: int, people: People, *, speaks: bool) -> Iterable[Quote]:
    end = at + len(line)
    if not FEWEST_LETTERS < len(line) <= _LONGEST_LINE:
        return ()
    one = _head(text, at, end, people) if ":" in line else None
    if one is None and ("— " in line or "– " in line or " - " in line):
        one = _tail(text, at, end, people)
    if one is not None:
        return (one,)
    present = saying.WORDS.intersection(line.split()) if speaks else ()
    return _in_sentences(text, at, end, people, present) if present else ()


def _head(text: str, at: int, end: int, people: People) -> Quote | None:
    """``Name: what is said``, to the end of the line."""
    match = _HEAD.match(text, at, end)
    if match is None or _says(match["who"]):
        return None
    speaker = _subject_before(text, *match.span("who"), people, "")
    marked = any(mark in match[0] for mark in "💬🎙🗣")
    start, stop = sentences.stripped(text, match.end(), end)
    if speaker is None or not (marked or _is_statement(text, start, stop)):
        return None
    return (
        _quote(text, speaker, *sentences.unquoted(text, start, stop), people)
        if stop > start
        else None
    )


def _tail(text: str, at: int, end: int, people: People) -> Quote | None:
    """``What is said — Name``: all of the line before the dash."""
    dash = max(text.rfind("— ", at, end), text.rfind("– ", at, end), text.rfind(" - ", at, end))
    match = _TAIL.match(text, dash, end) if dash > at and end - dash < _REACH else None
    if match is None or _says(match["who"]):
        return None
    speaker = _subject_before(text, *match.span("who"), people, "")
    if speaker is None or _has_verb(text, match.start("who"), speaker.start):
        return None
    start, stop = sentences.stripped(text, at, match.start())
    inside = _direct_before(text, start, stop)
    said_by_other = saying.VERB.search(text, start, stop)
    if inside is None and (said_by_other or not _is_statement(text, start, stop)):
        return None
    return _quote(text, speaker, *(inside or (start, stop)), people)


def _says(text: str) -> bool:
    """Whether somebody is said to say something."""
    return not saying.WORDS.isdisjoint(text.split())


def _in_sentences(
    text: str, at: int, end: int, people: People, present: Set[str]
) -> Iterator[Quote]:
    verbs = sorted(_find_verbs(text, at, end, present))
    has_formula = any(word.strip(",:.").lower() in saying.FORMULAS for word in present)
    for start, stop in sentences.split(text, at, end):
        found = _by_formula(text, start, stop, people) if has_formula else None
        here = [verb for verb in verbs if start <= verb.start < stop][:_MOST_VERBS]
        found = found or (_by_verb(text, start, stop, here, people) if here else None)
        if found is not None:
            yield found


def _find_verbs(text: str, at: int, end: int, present: Set[str]) -> Iterator[_Verb]:
    for word in {one.strip(",:.") for one in present} & saying.VERBS.keys():
        start = text.find(word, at, end)
        while start >= 0:
            stop = start + len(word)
            if not (text[start - 1 : start].isalnum() or text[stop : stop + 1].isalnum()):
                yield _Verb(start, stop, word)
            start = text.find(word, stop, end)


def _by_formula(text: str, start: int, end: int, people: People) -> Quote | None:
    """``According to X, …`` or ``…, according to X``."""
    match = _FORMULA.search(text, start, end)
    if match is None:
        return None
    case: Case = "nomn" if match["formula"].endswith("to") else "gent"
    hard = _HARD.search(text, match.end(), end)
    limit = (
        hard.start()
        if hard
        else end - len(text[match.end() : end]) + len(text[match.end() : end].rstrip(" .!?…*_"))
    )
    speaker = _subject_before(text, match.end(), limit, people, "", case)
    if speaker is None:
        return None
    if not text[start : match.start()].strip(_SIGNS):
        if hard is None or hard[0] != ",":
            return None
        found = sentences.stripped(text, hard.end(), end)
        if is_office(text[found[0] : found[1]].partition(" ")[0]):
            return None  # more is said of who it is
    elif _AFTER_TAIL.match(text, limit, end) and text[start : match.start()].rstrip().endswith(","):
        found = sentences.stripped(text, start, match.start())
    else:
        return None
    if not _is_long(text, *found) or _is_doubted(text, start, end, *found):
        return None
    return _quote(text, speaker, *sentences.unquoted(text, *found), people)


def _by_verb(text: str, start: int, end: int, verbs: list[_Verb], people: People) -> Quote | None:
    outside = [verb for verb in verbs if not sentences.is_inside(text, start, verb.start)]
    for number, verb in enumerate(outside):
        found = _postposed(text, start, end, verb, people)
        if found is None and number == 0:
            found = _preposed(text, start, end, verb, people)
        if found is not None:
            doubted = _is_doubted(text, start, end, found.start, found.end)
            return None if doubted or _names_itself(text, found) else found
    return None


def _postposed(text: str, start: int, end: int, verb: _Verb, people: People) -> Quote | None:
    """``…, said X``."""
    stop = sentences.before_dash(text, start, verb.start)
    inside = _direct_before(text, start, stop)
    if inside is None and text[stop - 1 : stop] != ",":
        return None
    speaker = _subject_after(text, verb, end, people)
    if speaker is None or (verb.word.isascii() and not _ENDS_ENGLISH.match(text, speaker.end, end)):
        return None
    if inside is not None:
        return _quote(text, speaker, *inside, people)
    found = sentences.stripped(text, start, stop)
    if not _is_long(text, *found) or saying.VERB.search(text, *found):
        return None
    if not (verb.word.isascii() or _has_verb(text, *found)):
        return None
    return _quote(text, speaker, *found, people)


def _preposed(text: str, start: int, end: int, verb: _Verb, people: People) -> Quote | None:
    """``X said that …``, and ``"…," X said``."""
    before = text[max(start, verb.start - _REACH) : verb.start]
    adverb = _ADVERB.search(before)
    limit = verb.start - (len(before) - adverb.start() if adverb else 0)
    hard = [match.end() for match in _HARD.finditer(text, max(start, limit - _REACH), limit)]
    first = hard[-1] if hard else max(start, limit - _REACH)
    speaker = _subject_before(text, first, limit, people, saying.VERBS[verb.word])
    if speaker is None:
        return None
    found = _said_after(text, verb, end)
    if found is None:
        stop = sentences.before_dash(text, start, first)
        found = _direct_before(text, start, stop)
        closed = verb.end >= end or _AFTER_TAIL.match(text, verb.end, end)
        if found is None and closed and text[first - 1] == "," and _is_long(text, start, first):
            found = sentences.stripped(text, start, first)
    return None if found is None else _quote(text, speaker, *found, people)


def _said_after(text: str, verb: _Verb, end: int) -> tuple[int, int] | None:
    """The statement behind a verb: the rest of the sentence, or what is in quotation marks."""
    english = verb.word.isascii()
    match = (_THAT_ENGLISH if english else _THAT).match(text, verb.end, end)
    if match is not None and _OF_OTHERS.search(match["mid"]):
        return None
    if match is None and english:
        plain = verb.word in saying.PLAIN
        match = _PLAIN_ENGLISH.match(text, verb.end, end) if plain else None
    if match is None:
        return None
    start, stop = sentences.stripped(text, match.end(), end)
    closes = (
        sentences.closing_of(text, start, end)
        if text[start : start + 1] in sentences.OPENING
        else None
    )
    if closes is None:
        return (start, stop) if _is_long(text, start, stop) else None
    if match[0].rstrip().endswith(("что", "that")) and text[closes + 1 : end].strip(" .!?*_"):
        return (start, stop) if _is_long(text, start, stop) else None  # it begins with a title
    about = _OTHER_CASE.search(match[0].rstrip().removesuffix("что").removesuffix("that"))
    return None if about or not _is_long(text, start, closes) else (start + 1, closes)


def _subject_before(
    text: str, start: int, end: int, people: People, gender: str, case: Case = "nomn"
) -> Speaker | None:
    """The speaker whose name ends a stretch."""
    found = deque(runs(text, start, end), 1)
    if not found:
        return None
    run, office = found[0]
    if text[run[-1].end : end].strip(" \u00a0*_.") or _is_mixed(text, start, run[0].start):
        return None
    speaker = name_in(run, people, case, gender, office=office)
    if speaker is None or _is_of_somebody(text, start, speaker, gender):
        return None
    return speaker


def _subject_after(text: str, verb: _Verb, end: int, people: People) -> Speaker | None:
    """The speaker who is named behind a verb."""
    hard = _HARD.search(text, verb.end, end)
    gender = saying.VERBS[verb.word]
    for run, office in runs(text, verb.end, hard.start() if hard else end):
        if run[0].start >= verb.end + _REACH:
            return None
        if not office and _OTHER_CASE.search(text, verb.end, run[0].start):
            return None
        speaker = name_in(run, people, "nomn", gender, office=office)
        if speaker is not None:
            return None if _is_of_somebody(text, verb.end, speaker, gender) else speaker
    return None


def _is_of_somebody(text: str, start: int, speaker: Speaker, gender: str) -> bool:
    """Whether a woman's name may be a man's in another case: мать Иванова."""
    if len(speaker.words) > 1 or speaker.office or gender == "masc":
        return False
    between = text[start : speaker.start].strip(_SIGNS)
    tags = [tags for _, tags in russian.grammemes(speaker.words[0])]
    return bool(between) and any("Surn" in one and "gent" in one for one in tags)


def _is_mixed(text: str, start: int, end: int) -> bool:
    """Whether the words before a name are more than an office."""
    return _OTHER_CASE.search(text, start, end) is not None


def _quote(text: str, speaker: Speaker, start: int, end: int, people: People) -> Quote:
    name = people.full_name(speaker.words)
    if text[end - 1] in sentences.CLOSING and not any(
        mark in text[start:end] for mark in sentences.OPENING[:3]
    ):
        end -= 1  # it was opened on a line before
    return Quote(name, (speaker.start, speaker.end), start, end)


def _is_statement(text: str, start: int, end: int) -> bool:
    """Whether a stretch is a sentence: words enough, or in marks, with a finite verb."""
    if text[start : start + 1] in sentences.OPENING:
        return end - start >= 12
    if not _is_long(text, start, end):
        return False
    return _has_verb(text, start, end)


def _has_verb(text: str, start: int, end: int) -> bool:
    """Whether a stretch has a Russian finite verb, or a word that stands for one."""
    words = islice(_RUSSIAN.finditer(text, start, end), 40)
    return any(_is_finite(fold(match[0])) for match in words)


def _is_finite(form: str) -> bool:
    return any(tags & _FINITE for known, tags in russian.grammemes(form)[:1] if known)


def _is_long(text: str, start: int, end: int) -> bool:
    return end - start <= _MOST_SAID and len(text[start:end].split()) >= FEWEST_WORDS


def _is_doubted(text: str, start: int, end: int, quoted: int, quote_end: int) -> bool:
    outside = f"{text[start:quoted]} {text[quote_end:end]}"
    return saying.NOT_SO.search(outside) is not None


def _names_itself(text: str, quote: Quote) -> bool:
    """Whether the speaker is named within the statement: then it has somebody else's words."""
    name = text[slice(*quote.who)].split()[-1]
    return re.search(rf"\b{re.escape(name)}\b", text[quote.start : quote.end]) is not None


def _direct_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """What stands in quotation marks just before a place, between them."""
    piece = text[start:end].rstrip(" ,.!?…*_—–-\u00a0")
    close = start + len(piece) - 1
    if close <= start or text[close] not in '»”"':
        return None
    opening = sentences.opening_of(text, start, close)
    if opening is None or len(text[opening + 1 : close].split()) < FEWEST_WORDS - 1:
        return None
    if re.search(r"\w[^.!?:…]*\Z", text[start:opening]):
        return sentences.stripped(text, start, close + 1)  # a piece of what is said stands in marks
    return sentences.stripped(text, opening + 1, close)
