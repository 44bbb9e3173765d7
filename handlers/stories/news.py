"""What a post of an event says that a reader was not told: a number, a name, a negation, a turn.

For readers who want one message per event, however many channels report it in their own words. A
difference in any of these is news, and so is a post that cannot be compared: one message too many
is better than one too few. Pure but for the dictionary.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile, zip_longest
from typing import Literal, TypeAlias

from msgspec import Struct

from handlers.stories import shapes, statements, tokens
from handlers.stories.leads import lead, names, sides, wordings
from handlers.stories.leads.lead import Lead
from handlers.stories.leads.sides import Side
from handlers.stories.tokens import Token

NewsKind: TypeAlias = Literal["number", "name", "negation", "turn", "unclear"]
Ranges: TypeAlias = tuple[tuple[int, int], ...]
Claim: TypeAlias = tuple[NewsKind, str]

FEW = 5
"""A post of fewer own words cannot be compared."""
LONGEST = 6000
"""Nor can a post of more characters."""
AROUND = 3
"""A figure is known if one of this many words on each side of it, in its clause, stood near it
before."""
ALIKE = 0.4
LEAST = 4
"""A post is compared with texts that have at least ``ALIKE`` (a share) of its words of at least
``LEAST`` letters."""

_CLAUSE = re.compile(r"[,;:.!…—–()\n]|\s-\s")
_IN_ROW = re.compile("[ \t]*[:—–-][ \t]*")
_JOINTS = frozenset({"и", "а", "но", "или", "and", "but", "or", "?"})
"""Tokens between clauses."""
_CYRILLIC = re.compile("[а-я]")
# A line for each turn that an event can take without a number, a name or a negation.
_TURNS = tuple(
    re.compile("|".join(line.split()))
    for line in r"""
        опроверг опровер фейк неправд ложн вброс den(?:y|ies|ied|ial)$ fake hoax false$ untrue
        якобы слух неподтвержд reportedly alleg(?!ia) unconfirm rumou?r
        уточн исправ(?!ит) поправк ошиб ошибк correct(?!ional) retract clarif mistak
        отказ бойкот refus declin boycot
        учебн(?!ик) учени(?:я|й|ях|ям|ями)$ тренировк тестов drills?$ exerci[sz]e rehears simulat
        архив archiv
        бывш экс(?:$|през|прем|мин|глав|губ|мэр|деп) former ex$
        подтверд confirm
        погиб убит скончал унес умер(?!ен|ов|щ) смерт жертв dead$ died$ dies$ death kill fatal
        пропа(?:л|вш) missing$
        ранен пострада травм injur wound hurt$
        арест(?!ович) задерж(?!к|ек|\w*с[яь]$) detain arrest
        отмен отозва cancel revok withdr
        off$
        отложи отложен[аоы]?$ перенес перенос postpon delay
        приостан suspend
        возобнов resum
        отставк resign
        уволен увольн dismiss fired$ sacked$
        зам$ заммин замглав замест вице$ вице(?:през|прем|мэр|губ|спик) врио deputy$ vice$ acting$
        повторн снова$ вновь$ опять$ again$ another$
        взрыв explo(?=[ds]) blast$
        потуш ликвид(?!н) локализ сбит extingu contain(?!er)
        сдал(?!ек) сдач капитул surrend
        перемир ceasefire truce
        приговор осужд sentenc convict
        оправда acquit
        позади минова чисто$
    """.strip().splitlines()
)  # fmt: skip
_IS = frozenset({"is", "are", "was", "were", "be", "been", "now", "all"})
_STILL = frozenset({"still", "again", "already", "partly", "fully", "finally", "not"})
_AFTER_IS = frozenset({"over", "back", "on", "out", "up", "down", "clear", "safe", "gone", "done"})
_BEHIND_THAT = frozenset({"again", "now", "in", "at", "for", "across", "around", "after", "and"})
"""Small words that are a turn behind one of the others, where these or nothing come behind: the
alert is over, power is back in Marby; but not: the port is on fire, prices are up 3 percent."""
_MAY_BE = re.compile(
    r"(?:may|might|could|would|will|plan(?:s|ned|ning)|expected|likely|perhaps)$|intend|propos|possib"
    r"|probabl|(?:мо(?:жет|гут)|возможно|буд(?:ет|ут))$|вероятн|планир|намер(?:ен|ева)|собира[ею]т"
    r"|предл(?:ага|ожи)|ожида"
)
"""Words for something that has not happened yet; they count as a turn."""
_BY_SOURCES = re.compile(r"источник(?!ик)|sources?$")
_SOURCED: Claim = ("turn", "sources")
_DOUBTS = frozenset({*map(str, range(6)), "may be", "sources"})
"""The turns by which a text is doubtful: the first ones above, from denied to archived, "may be"
and "sources say", which is itself no news. A post that states plainly what was shown with one of
them is."""
_LANGUAGES = frozenset({"ru", "en"})
_OF_OTHERS = re.compile(
    r"(?:(?<=\s)|^)[a-z]*[ß-öø-ɏ][a-zß-öø-ɏ]*(?!\w)|[іїєґўћђљњџјѕ\u048a-\u052f\u0370-\u03ff\u0530-\u1fff"
    "\u3040-\ufaff]"
)
"""Words in small letters of other languages, or in other scripts."""


class Claims(Struct, frozen=True, kw_only=True):
    """What is compared of a text. ``places``: where each figure, name, negation and turn stands;
    ``beside``: the words near each figure; ``words``: stems of all words that are not negated;
    ``long``: those of at least ``LEAST`` letters; ``names``, ``denied``, ``doubts``: of ``places``,
    the names, the negated stems, and the turns that make the text doubtful; ``sides``: the sides of
    opposites that it is on; ``lead``: its first sentence; ``russian``: most words are in Cyrillic;
    ``asks``: it has a question; ``is_clear``: it is neither too short nor too long."""

    places: Mapping[Claim, tuple[int, int]]
    beside: Mapping[str, frozenset[str]]
    words: frozenset[str]
    long: frozenset[str]
    names: tuple[str, ...]
    denied: frozenset[str]
    doubts: frozenset[Claim]
    sides: frozenset[Side]
    lead: Lead
    russian: bool
    asks: bool
    is_clear: bool


class News(Struct, frozen=True, kw_only=True):
    """The first kind of what is new, and the ranges of the text (characters) where it stands."""

    kind: NewsKind
    fresh: Ranges = ()


UNCLEAR = News(kind="unclear")


@functools.lru_cache(maxsize=256)
def read(text: str, *, start: int = 0) -> Claims:
    """The claims of a post's own words; ``start`` is where they begin in the post."""
    found = tokens.once(tokens.read(text[:LONGEST]))
    words = [token for token in found if not _is_address(token)]
    places = dict(_claims(text, words, start))
    cyrillic = sum(_CYRILLIC.match(token.key) is not None for token in words)
    plain = frozenset(_plain(words))
    return Claims(
        places=places,
        beside=_beside(text, words),
        words=plain,
        long=frozenset(word for word in plain if len(word) >= LEAST),
        names=tuple(key for kind, key in places if kind == "name"),
        denied=frozenset(key for kind, key in places if kind == "negation"),
        doubts=frozenset(claim for claim in places if claim[0] == "turn" and claim[1] in _DOUBTS),
        sides=sides.read(text[:LONGEST], words),
        lead=lead.read(text, words, start),
        asks=any(token.key == "?" for token in words),
        russian=2 * cyrillic > len(words),
        is_clear=len(words) >= FEW and len(text) <= LONGEST,
    )


def is_known(language: str | None, text: str) -> bool:
    """Whether we know negations, turns and opposites of a text's language. If the language of a
    short text is unknown (None), its letters decide."""
    return language in _LANGUAGES or (language is None and _OF_OTHERS.search(text) is None)


def what_is_new(shown: Sequence[Claims], post: Claims) -> News | None:
    """What a post says that a reader who was shown these texts was not told: a number, a name, a
    negation or a turn.

    None: nothing; all of it stands in one of them about the same thing. ``UNCLEAR``: it cannot be
    compared.
    """
    alike = [one for one in shown if one.russian == post.russian and _share(one, post) >= ALIKE]
    if not post.is_clear or not alike:
        return UNCLEAR
    found = [_compare(one, post) for one in alike]
    if None not in found:
        return min(filter(None, found), key=_length)
    fresh = _unsaid([one for one in alike if _has_names(one, post)], post)
    is_new = fresh or _is_of_others(alike, post)
    return News(kind="turn", fresh=_merged(fresh)) if is_new else None


def _unsaid(shown: Sequence[Claims], post: Claims) -> list[tuple[int, int]]:
    """The places of words in the lead that say what happened and that, like their synonyms, are in
    none of these texts. A text that reports something as possible does not count for a post that
    states it."""
    shown = [one for one in shown if one.doubts.issubset(post.places)]
    said = frozenset[str]().union(*(one.words for one in shown))
    told = frozenset[Side]().union(*(one.sides for one in shown))
    known = set[Claim]().union(*(one.places for one in shown))
    return [
        place
        for key, place in post.lead.words.items()
        if statements.sides_of(key).isdisjoint(told)
        and known.isdisjoint(turns_of(key))
        and not wordings.is_said(key, said)
    ]


def _is_of_others(shown: Sequence[Claims], post: Claims) -> bool:
    """Whether the post's lead quotes other people than these texts do, or names the same two people
    in reverse order, compared with the text that is most like it."""
    told = frozenset[str]().union(*(one.lead.speakers for one in shown))
    mine = post.lead.speakers
    if mine and told and not any(_is_one_of(one, told) for one in mine):
        return True
    if not mine and post.lead.offices:
        offices = frozenset[str]().union(*(one.lead.offices for one in shown))
        if offices and offices.isdisjoint(post.lead.offices):
            return True
    shares = [_share(one, post) for one in shown]
    nearest = [one for one, share in zip(shown, shares, strict=True) if share == max(shares)]
    return all(_is_turned_round(one.lead.names, post.lead.names) for one in nearest)


def _is_turned_round(told: Sequence[str], said: Sequence[str]) -> bool:
    """Whether the first name of each text stands later in the other one ("A attacked B", "B
    attacked A"). Names that both begin with, in the same order, are skipped."""
    both = zip(told, said, strict=False)
    same = sum(1 for _ in takewhile(lambda two: _is_one_of(two[0], two[1:]), both))
    told, said = told[same:], said[same:]
    if not told or not said:
        return False
    return _is_one_of(told[0], said[1:]) and _is_one_of(said[0], told[1:])


def _is_one_of(name: str, others: Iterable[str]) -> bool:
    return any(name == other or names.are_akin(name, other) for other in others)


def _share(shown: Claims, post: Claims) -> float:
    """The share of a post's words that are also in another text."""
    return len(post.long & shown.words) / len(post.long) if post.long else 0.0


def _length(found: News) -> int:
    return sum(end - start for start, end in found.fresh)


def _compare(one: Claims, post: Claims) -> News | None:
    """What a post says that another does not; None for nothing."""
    shown = [one]
    new = [claim for claim in post.places if not _is_known(claim, shown, post)]
    turned = [("negation", stem) for stem in _turned(shown, post)]
    is_turned = turned or _is_opposed(shown, post) or _is_believed(one, post)
    if not new and not is_turned:
        return None
    fresh = _merged(post.places[claim] for claim in new)
    return News(kind=new[0][0] if new else "negation", fresh=fresh)


def _is_known(claim: Claim, shown: Sequence[Claims], post: Claims) -> bool:
    kind, key = claim
    if claim == _SOURCED:
        return True
    if kind == "name":
        return any(_is_named(key, one) for one in shown)
    same = [one for one in shown if claim in one.places]
    if kind != "number" or not same:
        return bool(same)
    mine = post.beside.get(key, frozenset())
    theirs = [one.beside.get(key, frozenset()) for one in same]
    return not mine or any(not other or mine & other for other in theirs)


def _has_names(shown: Claims, post: Claims) -> bool:
    """Whether a text has all names of a post's lead: what happened to somebody else, or in another
    place, is not what a text said of them."""
    return all(_is_named(name, shown) for name in post.lead.names)


def _is_named(name: str, shown: Claims) -> bool:
    """Whether a name is in a text, in any grammatical case."""
    if ("name", name) in shown.places:
        return True
    return any(names.are_akin(name, other) for other in shown.names)


def _turned(shown: Sequence[Claims], post: Claims) -> frozenset[str]:
    """The stems that were shown only with a negation and are now said without one."""
    denied = frozenset[str]().union(*(one.denied for one in shown))
    said = frozenset[str]().union(*(one.words for one in shown))
    return (denied - said) & post.words


def _is_believed(one: Claims, post: Claims) -> bool:
    """Whether the post states what was shown as doubtful, or one of the two asks and the other does
    not."""
    return one.asks != post.asks or not one.doubts.issubset(post.places)


def _is_opposed(shown: Sequence[Claims], post: Claims) -> bool:
    """Whether the post has one of two opposites where only the other was shown."""
    told = frozenset[Side]().union(*(one.sides for one in shown))
    pairs = {pair for pair, _ in told}
    return any(side not in told and side[0] in pairs for side in post.sides)


def _claims(
    text: str, found: Sequence[Token], start: int
) -> Iterator[tuple[Claim, tuple[int, int]]]:
    written = shapes.of(text, found)
    negates: Token | None = None
    behind = [*found[1:], None]
    for before, token, shape, after in zip([None, *found], found, written, behind, strict=False):
        place = (start + token.start, start + token.end)
        if negates is not None and not _is_negation(token):
            yield ("negation", wordings.stem(token.key)), (start + negates.start, place[1])
        negates = token if _is_negation(token) else None
        if before is not None and token.key in statements.BEHIND:
            yield ("negation", wordings.stem(before.key)), (start + before.start, place[1])
        if token.is_figure or statements.is_number(token.key):
            yield ("number", token.key), place
        elif before is None and token.key == "end":
            yield ("turn", token.key), place
        elif names.is_name(token, shape):
            yield ("name", token.key.removesuffix("'s")), place
        if _is_small_turn(text, before, token, after):
            yield ("turn", token.key), place
        if not (token.key == "may" and token.is_name):  # the month
            yield from ((claim, place) for claim in turns_of(token.key))


def _is_small_turn(text: str, before: Token | None, token: Token, after: Token | None) -> bool:
    if before is None or token.key not in _AFTER_IS:
        return False
    if not (before.key in _IS or before.key in _STILL or before.key.endswith("'s")):
        return False
    return (
        after is None
        or after.key in _BEHIND_THAT
        or text[token.end : after.start].strip() != ""  # the clause ends here
    )


@functools.lru_cache(maxsize=4_000)
def turns_of(key: str) -> tuple[Claim, ...]:
    """The turns that a folded word stands for."""
    turns = tuple(str(number) for number, turn in enumerate(_TURNS) if turn.match(key))
    turns = (*turns, _SOURCED[1]) if _BY_SOURCES.match(key) else turns
    found = (*turns, "may be") if _MAY_BE.match(key) else turns
    return tuple(("turn", turn) for turn in found)


def _is_negation(token: Token) -> bool:
    return statements.is_negation(token.key)


def _plain(found: Sequence[Token]) -> Iterator[str]:
    """The stems of all words except figures and negated words."""
    negated = False
    for token, behind in zip_longest(found, found[1:]):
        is_missing = behind is not None and behind.key in statements.BEHIND
        if not (negated or is_missing or token.is_figure):
            yield wordings.stem(token.key)
        negated = _is_negation(token)


def _beside(text: str, found: Sequence[Token]) -> dict[str, frozenset[str]]:
    """The stems beside each figure, in its clause."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for index, token in enumerate(found):
        if token.is_figure:
            beside[token.key] |= set(_walk(text, found, index, 1))
            beside[token.key] |= set(_walk(text, found, index, -1))
    return {key: frozenset(stems) for key, stems in beside.items()}


def _walk(text: str, found: Sequence[Token], index: int, step: int) -> Iterator[str]:
    for place in range(index + step, index + (AROUND + 1) * step, step):
        if not 0 <= place < len(found) or found[place].is_figure:
            return
        near, far = sorted((found[place - step], found[place]), key=lambda token: token.start)
        # In a table a figure stands behind a dash or a colon: Ships — 5.
        in_row = place == index - 1 and _IN_ROW.fullmatch(text, near.end, far.start)
        parted = _CLAUSE.search(text, near.end, far.start) and not in_row
        if found[place].key in _JOINTS or parted:
            return
        if found[place].key.isalnum():  # no sign of a table, that each row has
            yield wordings.stem(found[place].key)


def _is_address(token: Token) -> bool:
    return "/" in token.key or ("." in token.key and not token.is_figure)


def _merged(places: Iterable[tuple[int, int]]) -> Ranges:
    """Places in ascending order; places close to each other are merged. A place is a word or two
    neighbouring words, so none contains another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start - merged[-1][1] <= 2:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
