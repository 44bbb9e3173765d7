"""Words that make another statement of a short text: figures, dates, opposites, negations."""

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

_NEGATIONS = frozenset(("не", "not"))

# Each line: things that exclude each other. What a word begins with, or the word where "$" ends it.
# Words that stand beside others of a line ("passed a bill that bans") need one of their own: where
# both sides were told neither is news.
_OPPOSITES = tuple(
    tuple(re.compile(side) for side in line.split())
    for line in """
        вв[её]л|введ|ввод|введен отмен|сня[лт]
        откры закры
        нача|стартов заверш|законч|окончи|прекра
        повыс|повыш|поднял|увелич|вырос|рост сниз|сниж|пониз|упал|сократ|уменьш|паден
        больше$|более$ меньше$|менее$
        подтверд опроверг|опровер
        арест|задерж освобо[дж]|отпуст
        разреш|одобр запре[тщ]|отклон
        одобр|приня[лт] отклон|отверг
        подпис разорв|расторг
        победил|выигра проигра
        въезд выезд
        ввоз|импорт вывоз|экспорт
        до$ после$
        за$ против$
        вчера сегодня завтра
        утр ноч|вечер
        север юг|южн запад восто
        жив погиб|убит|умер
        opens?$|opened|reopen clos
        impos|introduc lift|cancel
        start|beg[aiu]n end(?:s|ed)?$|finish|stop
        ris(?:e|es|ing)$|rose$|rais|increas fall|fell$|drop|decreas|cut(?:s|ting)?$
        grow|grew shr[aiu]nk
        higher$|up$ lower|down$
        more$ less$
        confirm den(?:y|ies|ied)$
        arrest|detain releas|freed$
        approv|allow|permit reject|ban(?:s|ned)?$|forbid
        allow|permit|pass(?:ed|es)?$|adopt|accept reject|refus
        attend boycot
        will$ may$|might$
        agree disagree
        wins?$|won$|beats?$ loses?$|lost$
        import export
        before$ after$
        for$ against$
        yesterday today tomorrow
        morning evening|night
        north south west east
        alive$|surviv dead$|dies?$|died$|killed$
    """.strip().splitlines()
)  # fmt: skip


def is_number(word: str) -> bool:
    """Whether a folded word is a figure, a small numeral, a day of the week or a month."""
    return _NUMBER.match(word) is not None


def is_negation(word: str) -> bool:
    """Whether a folded word turns a statement round."""
    return word in _NEGATIONS


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
    """What a folded word stands for of what excludes each other: which opposites, which side."""
    return frozenset(
        (pair, place)
        for pair, sides in enumerate(_OPPOSITES)
        for place, side in enumerate(sides)
        if side.match(word)
    )
