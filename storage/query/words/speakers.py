"""Recognizes speakers: persons by their names, and nobody else.

Whatever may be an office, a place, a newspaper or an authority is not a speaker; nor is a name in
another case than its position requires. Doubtful names are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from storage.query.words import name_keys, russian
from storage.query.words.folding import fold

Case = Literal["nomn", "gent"]

_PART = "[A-ZА-ЯЁІЇЄ][a-zа-яёіїє’'ʼ]+"
TOKEN = re.compile(r"[^\s,:;«»\"“”„()\[\]…—–]+")
_CAPITALIZED = re.compile(rf"{_PART}(?:-(?:{_PART}|[a-zа-яё]+))*|[A-ZА-ЯЁ]\.(?:-?[A-ZА-ЯЁ]\.)*")
_INITIALS = re.compile(r"(?:[A-ZА-ЯЁ]\.-?)+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OFFICES = _words(
    """
    президент премьер премьер-министр министр глава губернатор депутат сенатор мэр посол
    постпред представитель представительница канцлер генсек генсекретарь секретарь
    пресс-секретарь помощник помощница советник директор гендиректор руководитель председатель
    спикер замглавы зампред врио вице-премьер вице-президент вице-спикер экс-президент
    экс-премьер замминистра замдиректора замруководителя командующий генерал полковник адвокат
    политолог эксперт аналитик экономист журналист актер актёр актриса певец певица режиссер
    режиссёр тренер врач основатель сооснователь миллиардер бизнесмен предприниматель лидер
    координатор уполномоченный омбудсмен обозреватель госсекретарь конгрессмен военкор блогер
    профессор академик патриарх писатель историк дипломат замгубернатора экс-глава
    экс-министр главком главнокомандующий политик ректор
    правозащитник правозащитница
    """
)
_TITLES = _words(
    """
    president minister secretary senator sen rep representative governor gov mr mrs ms dr sir
    king queen judge justice general gen colonel col captain capt lt lieutenant sgt chief
    chancellor ambassador spokesman spokeswoman spokesperson speaker chairman chairwoman chair
    pope mayor premier director ceo professor prof detective sheriff officer commissioner
    congressman prince attorney prosecutor coach executive analyst economist lawyer leader
    officer founder co-founder sergeant inspector envoy coordinator superintendent commander
    """
)
_NO_NAMES = _words(
    """
    ministry department house police court news times post party council union bank university
    inc corp company group agency association office service committee commission federal
    national international united states state white foreign american russian chinese british
    european ukrainian french german israeli iranian japanese indian press street journal herald
    guardian the a an this that these his her their our its it he she they we you i who one some
    many most but and or if when while after before as in on at by for from with of to meanwhile
    however also officials authorities sources experts analysts doctors researchers scientists
    investigators prosecutors lawyers witnesses critics others people fans reports report
    according another north south east west new monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november
    december today yesterday google apple microsoft facebook twitter amazon reuters bloomberg
    nasa fbi cia nato eu un uk us prime deputy vice first former acting official senior defense
    defence finance interior trade everyone everybody nobody nothing city county security
    intelligence health world global asia europe america russia china ukraine israel iran
    germany france india japan korea london moscow washington beijing kiev kyiv berlin paris
    tokyo what which where why how there here then now army navy force forces military guard
    systems technologies games studios entertainment media airlines motors foundation institute
    center centre school college hospital church museum club league cup team board panel jury
    study data act law bill samsung sony intel nintendo tesla
    """
)
_GIVEN = _words(
    """
    илон кир юн джо ким си кеир энтони бенджамин эммануэль олаф урсула жозеп реджеп биньямин
    йоав каллас кая фридрих аннален анналена джорджа ян эндрю дэвид пэм тулси джей джейк стив
    скотт aaron adam adrian alan albert alex alexander alexei alexey alice alison allen amanda
    amy andrea andrei andrew andrey andy angela angus ann anna anne annie anthony antonio arthur
    ashley barack barbara barry ben benjamin bernie beth betty bill billy bob boris brad bradley
    brandon brian bruce bryan carl carlos carol caroline catherine charles charlie chris
    christian christina christine christopher chuck claire colin craig cynthia dan daniel danny
    dave david dean deborah debra denis dennis derek diana diane dick dmitry dmitri don donald
    donna doug douglas ed eddie edward elaine elena eli elizabeth ellen emily emma emmanuel eric
    erik ethan eugene eva evan evgeny felix frances francis francois frank fred gary gavin
    geoffrey george gerald gerry gina glenn gordon graham grant greg gregory guy hannah harold
    harry heather helen henry hillary howard hugh ian igor irina isaac ivan jack jacob jake
    james jamie jan jane janet jared jason jay jean jeff jeffrey jennifer jenny jeremy jerry
    jesse jessica jill jim jimmy joan joe joel john johnny jon jonathan jordan jose joseph josh
    joshua juan judith judy julia julian julie justin karen karl kate katherine kathleen kathy
    katie keith kelly ken kenneth kevin kim kirill konstantin kyle larry laura lauren lawrence
    lee leo leon leonard leonid lesley leslie liam lisa liz louis louise lucy luke lynn marc
    marcus margaret maria mariano marie mario mark martha martin marvin mary matt matthew maxim
    megan melissa michael michel michelle miguel mike mikhail mitch mohamed mohammed molly nancy
    natalia nathan neil nicholas nick nicola nicolas nicole nigel nikita nikolai nina noah
    norman oleg olga oliver oscar patricia patrick paul paula pavel pedro peter phil philip
    phillip rachel ralph ray raymond rebecca ricardo richard rick rob robert roberta robin
    rodney roger roland roman ron ronald rosemary ross roy rupert russell ruth ryan sally sam
    samuel sandra sara sarah scott sean sebastian sergei sergey seth sharon shaun shawn shinzo
    simon sophie stan stanley stephanie stephen steve steven stuart sue susan suzanne svetlana
    sylvia tanya tatiana ted teresa terry theresa thomas tim timothy tina todd tom tommy tony
    tracy trevor tyler ursula valentina valery vera victor victoria viktor vincent vitaly
    vladimir volodymyr walter warren wayne wendy will william xavier yulia yuri zachary elon
    keir antony olaf josep jens ismail hassan ali recep benjamin xi narendra viktor lloyd marco
    pete kamala joanna kirsten
    """
)
_WELL_KNOWN = _words(
    """
    lavrov putin peskov zakharova medvedev mishustin shoigu volodin matvienko ryabkov ushakov
    sobyanin kadyrov lukashenko zelensky yermak sybiha umerov trump biden blinken austin
    sullivan harris vance musk macron scholz starmer rutte stoltenberg borrell orban fico
    erdogan fidan netanyahu merkel leyen kallas guterres pashinyan aliyev tokayev putin nebenzya
    obama nabiullina siluanov patrushev naryshkin antonov szijjarto vucic maduro modi johnson
    kellogg waltz
    """
)


class NameWord(NamedTuple):
    """A word of a name, folded, and its place."""

    form: str
    start: int
    end: int


class Speaker(Struct, frozen=True):
    """A person: the words of the name, and its place in the text. ``office``: a title or an office
    stands before it."""

    words: tuple[str, ...]
    start: int
    end: int
    office: bool = False


@dataclass(slots=True)
class People:
    """Whom a text names in full, by the last word's keys: they are known by that one alone then."""

    text: str
    _full: dict[str, tuple[str, ...]] | None = field(default=None)

    def full_name(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The full name of a person that a text calls by a single word; else the words
        themselves."""
        if len(words) > 1:
            return words
        return next(
            (self._known()[k] for k in name_keys.held(words[0]) if k in self._known()), words
        )

    def is_known(self, word: str) -> bool:
        """Whether the text has a full name that ends so."""
        return not self._known().keys().isdisjoint(name_keys.held(word))

    def _known(self) -> dict[str, tuple[str, ...]]:
        if self._full is None:
            self._full = {}
            for match in _FULL_NAME.finditer(self.text):
                first, last = fold(match[1]), fold(match[2])
                if _is_given(first, None) and _may_be_surname(last):
                    self._full.update((key, (first, last)) for key in name_keys.held(last))
        return self._full


_AWAY = frozenset(["в", "во", "на", "из", "in", "at", "on"])
_OTHER_ENDINGS = ("а", "я", "у", "ю", "ы", "и", "ой", "ом", "ем")
_LIKE_SURNAMES = ("ов", "ова", "ев", "ева", "ин", "ина", "ский", "ская", "цкий", "цкая", "енко")
_FULL_NAME = re.compile(rf"(?<![\w-])({_PART}(?:-{_PART})?)[ \u00a0]({_PART}(?:-{_PART})?)")


def runs(text: str, start: int, end: int) -> Iterator[tuple[list[NameWord], bool]]:
    """The runs of capitalized words of a stretch, and whether an office stands before each."""
    run: list[NameWord] = []
    office = False
    for match in TOKEN.finditer(text, start, end):
        token = match[0].rstrip(".!?") if not _INITIALS.fullmatch(match[0]) else match[0]
        apart = bool(run) and text[run[-1].end : match.start()].strip(" \u00a0") != ""
        if run and (apart or not (_CAPITALIZED.fullmatch(token) or token in name_keys.PARTICLES)):
            yield run, office
            run = []
        if _CAPITALIZED.fullmatch(token) and token.lower() not in _OFFICES:
            run.append(NameWord(_form(token), match.start(), match.start() + len(token)))
        elif run and token in name_keys.PARTICLES:
            run.append(NameWord(token, match.start(), match.start() + len(token)))
        else:
            office = (
                (office and token not in _AWAY)
                or token.lower() in _OFFICES
                or token.lower() in _TITLES
            )
    if run:
        yield run, office


def is_office(word: str) -> bool:
    """Whether a word, in any form, names an office or a profession."""
    lower = word.lower()
    last = fold(lower.rpartition("-")[2])
    lexemes = russian.readings(last) if _is_russian(last) else (last,)
    return not _OFFICES.isdisjoint((lower, *lexemes)) or lower in _TITLES


def _form(token: str) -> str:
    return token if _INITIALS.fullmatch(token) else fold(token)


def name_in(
    run: Sequence[NameWord], people: People, case: Case, gender: str, *, office: bool
) -> Speaker | None:
    """The name at the end of a run of capitalized words, if there is one."""
    titled = max((n + 1 for n, word in enumerate(run) if word.form in _TITLES), default=0)
    office = office or titled > 0
    for first in _beginnings(run, titled, case):
        words = run[first:]
        spoken = [word.form for word in words if not _INITIALS.fullmatch(word.form)]
        if len(spoken) < len(words) and _is_initialled(words, case, gender):
            return Speaker((spoken[-1],), words[0].start, words[-1].end, office)
        if len(spoken) == len(words) and _is_name(spoken, people, case, gender, office, first):
            return Speaker(tuple(spoken), words[0].start, words[-1].end, office)
    return None


def _beginnings(run: Sequence[NameWord], titled: int, case: Case) -> list[int]:
    """The indexes at which a name may begin in a run: at a first name rather than at what stands
    before it; at the last word only if nothing but places and authorities stand before it."""
    places = list(range(titled, len(run)))
    given = [at for at in places[:-1] if _is_given(run[at].form, case)]
    if given:  # the last: советник Джо Байдена Джейк Салливан
        return [at for at in given if at - 1 not in given][-1:]
    while len(places) > 1 and _is_oblique(run[places[0]].form):  # глава Ростеха Иванов
        del places[0]
    before = [run[at] for at in places[:-1]]
    return places if all(_is_other(word.form) for word in before) else places[:-1]


def _is_oblique_in(form: str, case: Case, gender: str) -> bool:
    """Whether a word that no dictionary has may be no name in the first case: Минпромторга."""
    return case == "nomn" and _is_oblique(form) and not (gender == "femn" and form.endswith("а"))


def _is_oblique(form: str) -> bool:
    """Whether a word that no dictionary has looks like another case than a name's."""
    return _is_russian(form) and not _is_word(form) and form.endswith(_OTHER_ENDINGS)


def _is_initialled(words: Sequence[NameWord], case: Case, gender: str) -> bool:
    last = words[-1].form
    return (
        len(words) <= 3
        and all(_INITIALS.fullmatch(word.form) for word in words[:-1])
        and not _INITIALS.fullmatch(last)
        and last not in _NO_NAMES
        and (not _is_russian(last) or _agrees(last, case, gender, "Surn") or not _is_word(last))
    )


def _is_name(
    words: list[str], people: People, case: Case, gender: str, office: bool, first: int
) -> bool:
    if (
        not 1 <= len(words) <= 4
        or not _NO_NAMES.isdisjoint(words)
        or words[-1] in name_keys.PARTICLES
    ):
        return False
    if _is_russian(words[-1]):
        return _is_russian_name(words, people, case, gender, office)
    if len(words) == 1:
        return (office and first > 0) or people.is_known(words[0]) or _is_well_known(words[0])
    return office or words[0] in _GIVEN


def _is_russian_name(
    words: list[str], people: People, case: Case, gender: str, office: bool
) -> bool:
    *given, last = words
    if not given:
        if _is_given(last, case) and not _agrees(last, case, gender, "Surn"):
            return _is_well_known(last)
        if _agrees(last, case, gender, "Surn"):
            return not _is_other(last) or office or people.is_known(last)
        known = people.is_known(last) or _is_well_known(last)
        alone = office and not _is_word(last) and not _is_oblique_in(last, case, gender)
        return (known or alone) and _may_stand(last, case, gender)
    if _is_given(given[0], case):
        return _may_be_surname(last) and _may_stand(last, case, gender)
    foreign = [word for word in given if not _is_word(word) or word in name_keys.PARTICLES]
    if len(foreign) < len(given):
        return False
    return _agrees(last, case, gender, "Surn") or (
        office and not _is_word(last) and _may_stand(last, case, gender)
    )


def _is_russian(form: str) -> bool:
    return "а" <= form[:1] <= "я"


def _is_well_known(form: str) -> bool:
    return not _well_known().isdisjoint(name_keys.held(form)) and len(form) > 2


@lru_cache(maxsize=1)
def _well_known() -> frozenset[str]:
    return frozenset(key for name in _WELL_KNOWN for key in name_keys.held(name))


@lru_cache(maxsize=8_000)
def _is_word(form: str) -> bool:
    """Whether the dictionary has it as anything else than a person's name."""
    return any(
        known and not tags & {"Name", "Surn", "Patr"} for known, tags in russian.grammemes(form)
    )


@lru_cache(maxsize=8_000)
def _is_other(form: str) -> bool:
    """Whether it may be a place or an authority."""
    if not _is_russian(form):
        return form in _NO_NAMES
    return any(known and tags & {"Geox", "Orgn"} for known, tags in russian.grammemes(form))


@lru_cache(maxsize=8_000)
def _agrees(form: str, case: Case | None, gender: str, kind: str) -> bool:
    """Whether a form can be a name of this kind in this case and gender."""
    return any(
        kind in tags
        and (case is None or (case in tags and "sing" in tags))
        and (not gender or gender in tags or "ms-f" in tags)
        for _, tags in russian.grammemes(form)
    )


@lru_cache(maxsize=8_000)
def _may_stand(form: str, case: Case, gender: str) -> bool:
    """Whether a name that the dictionary may lack can stand in the case."""
    if _agrees(form, None, "", "Surn"):
        return _agrees(form, case, gender, "Surn")
    if case == "nomn":
        return not form.endswith(("ого", "ому", "ым", "ом", "ой", "ую"))
    return form.endswith(("а", "я", "ы", "и", "о", "е", "у", "ого", "ой"))


def _is_given(form: str, case: Case | None) -> bool:
    if form in _GIVEN:
        return case != "gent" or not _is_russian(form)
    return _is_russian(form) and any(
        known and "Name" in tags and (case is None or (case in tags and "sing" in tags))
        for known, tags in russian.grammemes(form)
    )


@lru_cache(maxsize=8_000)
def _may_be_surname(form: str) -> bool:
    if not _is_russian(form):
        return form not in _NO_NAMES and form not in _TITLES
    tags = russian.grammemes(form)
    if form.endswith(_LIKE_SURNAMES):
        return True
    return (
        any("Surn" in one or "Patr" in one for _, one in tags)
        or not any(known for known, _ in tags)
        or _is_well_known(form)
    )
