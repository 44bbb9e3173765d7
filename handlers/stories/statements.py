"""Words that turn a short text into another statement: figures, dates, opposites, negations."""

import functools
import re

_NUMBER = re.compile(
    r"\w*\d"
    r"|(?:январ|феврал|апрел|июн|июл|август|сентябр|октябр|ноябр|декабр)|марта?$|марте$|ма[йяе]$"
    r"|понедельник|вторник|сред[аыу]$|четверг|пятниц|суббот|воскресень"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december)$"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day$"
    r"|(?:од(?:ин|на|ного|ной)|дв[ае]|двух|тр[ие]|трех|четыре|четырех|пять|пяти|шесть|шести)$"
    r"|(?:семь|семи|восемь|восьми|девять|девяти|десять|десяти)$|перв[оыу]|втор[оыу]|трет(?:ь|и)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|first|second|third)$"
)

_NEGATION_WORDS = """
не ни нет нельзя без not no never nor none without cannot ні немає нема nicht nichts kein keine
keinen keinem keiner keines nie niemals ohne pas aucun aucune non jamais rien sans ningún ninguna
nunca nada sin não nem değil yok لا لم لن ليس ليست غير بدون نه نیست نمی نشده نمي
bez brak żaden żadna niet geen niets לא אין ללא
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
BEHIND = frozenset({"нет", "немає", "нема", "değil", "yok"})
"""Negations that may stand behind what they deny."""
_NEGATED_WITHIN = re.compile("[不没]|未(?!来|來)|无(?!人机|人艇|线)|否(?!则)")
"""For writing without spaces between words; not in the words for drone, future and radio."""


def _write_forms(side: str, form: tuple[str, str]) -> str:
    sign, endings = form
    return side.replace(sign, endings)


_FORMS = (("~", "(?:e[sd]?|s|ed|ing)?$"), ("=", "(?:[аеоу]|ом)?$"))
# A line for each pair of opposites: beginnings of words, or whole words where "$" ends them; "~"
# stands for the endings of an English word, "=" for those of a Russian one. Words that only begin
# like one are excluded: Rostov is not growth, breakfast not tomorrow, animals not alive. A word
# that stands beside another of its line ("passed a bill that bans") has a line of its own: if both
# sides were shown, neither is news.
_OPPOSITES = tuple(
    tuple(re.compile(functools.reduce(_write_forms, _FORMS, side)) for side in line.split())
    for line in r"""
        вв[её]л|введ(?!енск)|ввод|введен(?!ск) отмен|сня[лт]
        откры(?!т(?:о?к|ост)) закры|перекры(?!тн)
        нача(?!льн)|стартов заверш|законч|окончи|прекра[тщ]
        повыс|повыш|поднял|увелич|вырос|рост= сниз(?!у$)|сниж|пониз|упал|сократ|уменьш|паден
        профицит дефицит
        больше$|более$ меньше$|менее$
        подтверд опроверг|опровер
        арест(?!ович)|задерж(?!к|ек|\w*с[яь]$) освобо[дж]|отпуст
        разреш|одобр запре[тщ](?!гр)|отклон
        одобр|приня[лт](?!\w*с[яь]$) отклон|отверг
        подпис(?!к|ок|чи|\w*с[яь]$) разорв|расторг
        победил|выигра проигра
        въезд выезд(?!н)
        ввоз|импорт(?!оз) вывоз|экспорт
        до$ после$
        за$ против$
        вчера сегодня завтра(?!к)
        утр(?!а[тч]) ноч(?:[ьи]|ью|ей|ами?|ах)$|ночн|вечер(?!ин)
        север=|северн|североко юг=|южн запад=|западн восток=|восточн
        жив(?:[аоы][йяем]?|ого|ому|ую|ы[мх]|ыми)?$|выжи[влт] погиб|убит|умер(?!ен|ов|щ)
        opens?$|opened$|reopen clos~|closure
        impos~|imposition|introduc~|introduction lift~|cancel
        start~|beg[aiu]n(?:s|ning)?$ end(?:s|ed)?$|finish|stop(?:s|ped|ping|page)?$
        ris~|rose$|rais~|increas~ fall~|fallen$|fell$|dropp?~|decreas|cut(?:s|ting)?$
        grow(?:s|n|ing|th)?$|grew$ shr[aiu]nk
        higher$|up$ lower~|down$
        more$ less$
        confirm den(?:y|ies|ied)$
        arrest|detain releas|freed$
        approv|allow(?!an)|permit reject|ban(?:s|ned)?$|forbid
        allow(?!an)|permit|pass(?:ed|es)?$|adopt|accept(?!ab) reject|refus
        attend(?!an|ee) boycot
        will$ may$|might$
        agree disagree
        wins?$|won$|beats?$ loses?$|lost$
        surplus deficit
        import(?!an) export
        before$ after$
        for$ against$
        yesterday today tomorrow
        mornings?$ evenings?$|nights?$
        north south(?!paw) west(?!mi) east(?!er(?:s|$))
        alive$|surviv dead$|dies?$|died$|killed$
    """.strip().splitlines()
)  # fmt: skip


def is_number(word: str) -> bool:
    """Whether a folded word is a figure, a small numeral, a day of the week or a month."""
    return _NUMBER.match(word) is not None


def is_negation(word: str) -> bool:
    """Whether a folded word is a negation, in any of the languages above."""
    return word in _NEGATIONS or word.endswith("n't") or _NEGATED_WITHIN.search(word) is not None


def are_opposed(one: str, other: str) -> bool:
    """Whether two folded words exclude each other."""
    first, second = sides_of(one), sides_of(other)
    pairs = {pair for pair, _ in first} & {pair for pair, _ in second}
    return any(
        not {one for one in first if one[0] == pair} & {one for one in second if one[0] == pair}
        for pair in pairs
    )


@functools.lru_cache(maxsize=4_000)
def sides_of(word: str) -> frozenset[tuple[int, int]]:
    """The sides that a folded word stands for: (number of the pair of opposites, side)."""
    return frozenset(
        (pair, place)
        for pair, sides in enumerate(_OPPOSITES)
        for place, side in enumerate(sides)
        if side.match(word)
    )
