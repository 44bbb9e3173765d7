"""Word forms: what each way of reducing a word finds, what it finds wrongly, and what it costs.

    pip install pystemmer 'pymorphy3[fast]' simplemma lemminflect
    python benchmarks/forms.py [--posts DIR] [--english FILE] [--seed N]

A candidate gives a text's form one term and a query's word a set of terms. A query means a lexeme
and is typed as its lemma or as another of its forms. Recall is the share of the lexeme's forms that
are found. Precision is the share of the found forms that share a lexeme with the word as it is
typed. Both are means over queries.

- ``dictionary``: every word under seeded four-letter beginnings, with its neighbours that could be
  confused with it; OpenCorpora's lexemes for Russian, lemminflect's for English.
- ``news``: the lexemes that occur in the posts of DIR (``*.jsonl`` with ``text``) or, for English,
  in the words of FILE.
- ``in text``: lemmas asked of those posts themselves, every occurrence counted by how likely it is
  (OpenCorpora's frequencies) a form of the lexeme that is meant.
- ``unknown``: names of the dictionary, treated as if it lacked them.

Each candidate runs in a process of its own. µs a post is for seeded Zipfian posts of 1,100
characters behind a dict per surface form: live after a thousand such posts, warm when every form
has been met. µs a form is for one that is met first, MB what loading adds, terms asked how many a
query's word asks for (mean, 99th percentile, largest).
"""

import argparse
import csv
import gzip
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from statistics import fmean
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SHARED = ROOT.parent / "shared" / "corpus"
LETTERS = "абвгдежзийклмнопрстуфхцчшщэюя"
WORD = re.compile(r"\w+")
CYRILLIC = re.compile("[а-я]+")
LATIN = re.compile("[a-z]+")
CONTENT = {"NOUN", "ADJF", "ADJS", "VERB", "INFN", "PRTF", "PRTS", "GRND", "COMP"}

Term = Callable[[str], str]
Ask = Callable[[str], Iterable[str]]
Candidate = Callable[[], tuple[Term, Ask]]


def fold(word: str) -> str:
    """A form as the analysis gives it."""
    return word.lower().replace("ё", "е")


def same(term: Term) -> tuple[Term, Ask]:
    """A candidate that asks for the term under which it would index the word."""
    return term, lambda word: (term(word),)


def snowball(language: str) -> tuple[Term, Ask]:
    """PyStemmer."""
    return same(import_module("Stemmer").Stemmer(language, 0).stemWord)


def simplemma(language: str) -> tuple[Term, Ask]:
    """simplemma's dictionary."""
    lemmatize = import_module("simplemma").lemmatize
    lemmatize("дом", language)
    return same(lambda word: fold(lemmatize(word, language)))


def lemminflect() -> tuple[Term, Ask]:
    """lemminflect: its first lemma, of a noun, a verb, an adjective in this order."""
    lemmas = import_module("lemminflect").getAllLemmas
    lemmas("houses")

    def term(word: str) -> str:
        found = lemmas(word)
        return next(
            (found[kind][0].lower() for kind in ("NOUN", "VERB", "ADJ") if kind in found), word
        )

    return same(term)


class Lemmas:
    """pymorphy3: the likeliest lemma of a form in a text."""

    def __init__(self, *, known: bool = True) -> None:
        pymorphy3 = import_module("pymorphy3")
        units = None
        if not known:
            by_analogy = import_module("pymorphy3.units.by_analogy")
            units = [by_analogy.KnownSuffixAnalyzer()]
        self.analyzer = pymorphy3.MorphAnalyzer(lang="ru", units=units)

    def term(self, word: str) -> str:
        """The lemma of the first parse."""
        parses = self.analyzer.parse(word)
        return fold(parses[0].normal_form) if parses else word

    def all_terms(self, word: str) -> str:
        """The lemmas of all parses, as one term."""
        return "|".join(sorted({fold(parse.normal_form) for parse in self.analyzer.parse(word)}))

    def lexeme(self, word: str) -> set[str]:
        """Every form of every lexeme that the word may belong to."""
        return {fold(form.word) for parse in self.analyzer.parse(word) for form in parse.lexeme} | {
            word
        }


def first_lemma() -> tuple[Term, Ask]:
    """The likeliest lemma on both sides."""
    return same(Lemmas().term)


def guessed_lemma() -> tuple[Term, Ask]:
    """The lemma that pymorphy3 guesses from a word's end."""
    return same(Lemmas(known=False).term)


def first_lemma_expanded() -> tuple[Term, Ask]:
    """The likeliest lemma in the index; a query asks for those of all forms of its lexemes."""
    lemmas = Lemmas()
    return lemmas.term, lambda word: {lemmas.term(form) for form in lemmas.lexeme(word)}


def all_lemmas_expanded() -> tuple[Term, Ask]:
    """All lemmas as one term in the index; a query asks for those of all forms of its lexemes."""
    lemmas = Lemmas()

    def ask(word: str) -> set[str]:
        meant = set(lemmas.all_terms(word).split("|"))
        terms = {lemmas.all_terms(form) for form in lemmas.lexeme(word)}
        return {term for term in terms if not meant.isdisjoint(term.split("|"))}

    return lemmas.all_terms, ask


def forms() -> tuple[Term, Ask]:
    """storage.query.words.forms, as Dateline uses it; loading is done by the first Russian word."""
    module = import_module("storage.query.words.forms")
    return module.normal_form, module.expand


def endings() -> tuple[Term, Ask]:
    """storage.query.words.russian's endings for words that the dictionary lacks."""
    module = import_module("storage.query.words.russian")
    return module.stem, module.guess


def english_rules() -> tuple[Term, Ask]:
    """storage.query.words.english without its table."""
    return same(import_module("storage.query.words.english").stem)


CANDIDATES: dict[str, dict[str, Candidate]] = {
    "russian": {
        "Snowball": lambda: snowball("russian"),
        "simplemma": lambda: simplemma("ru"),
        "pymorphy3, one lemma": first_lemma,
        "… query expanded": first_lemma_expanded,
        "… all lemmas": all_lemmas_expanded,
        "forms": forms,
    },
    "unknown": {
        "Snowball": lambda: snowball("russian"),
        "pymorphy3's guess": guessed_lemma,
        "forms": endings,
    },
    "english": {
        "Snowball": lambda: snowball("english"),
        "simplemma": lambda: simplemma("en"),
        "lemminflect": lemminflect,
        "rules alone": english_rules,
        "forms": forms,
    },
}


@dataclass(frozen=True, slots=True)
class Material:
    """Lexemes as lists of forms, lemma first; queries as (lexeme, word); a text's words."""

    lexemes: list[list[str]]
    queries: list[tuple[int, str]]
    counts: list[tuple[str, int, dict[str, float]]]


def queries_of(lexemes: list[list[str]], chance: random.Random, limit: int) -> Material:
    """Each of at most ``limit`` lexemes asked for by its lemma and by another form."""
    chosen = chance.sample(range(len(lexemes)), min(limit, len(lexemes)))
    queries = [(number, lexemes[number][0]) for number in chosen]
    queries += [(number, chance.choice(lexemes[number])) for number in chosen]
    return Material(lexemes, queries, [])


def paradigms(analyzer: Any, words: Iterable[str], kind: str | None = None) -> list[list[str]]:
    """The folded lexemes that the dictionary has of these words."""
    found: dict[tuple[str, str], list[str]] = {}
    for word in words:
        for parse in analyzer.parse(word):
            named = {"Surn", "Name", "Geox"} & set(parse.tag.grammemes)
            if not parse.is_known or (kind == "names" and not named):
                continue
            normal = parse.normalized
            key = (normal.word, str(normal.tag))
            if key not in found:
                forms = [fold(form.word) for form in parse.lexeme]
                found[key] = list(dict.fromkeys([fold(normal.word), *forms]))
    return [forms for forms in found.values() if all(map(CYRILLIC.fullmatch, forms))]


def dictionary_words(analyzer: Any, chance: random.Random, beginnings: int) -> list[str]:
    """Every word under ``beginnings`` four-letter beginnings that have any."""
    words: list[str] = []
    while beginnings:
        start = "".join(chance.choices(LETTERS, k=4))
        under = analyzer.dictionary.words.keys(start)
        words += under
        beginnings -= bool(under)
    return words


def read_posts(folder: Path) -> list[str]:
    """The folded texts of a folder's posts."""
    return [
        fold(json.loads(line)["text"])
        for path in sorted(folder.glob("nktkln_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def russian_material(seed: int, posts: Path) -> dict[str, Material]:
    """What the Russian candidates are held to."""
    analyzer = import_module("pymorphy3").MorphAnalyzer(lang="ru")
    chance = random.Random(seed)
    words = dictionary_words(analyzer, chance, 600)
    names = paradigms(analyzer, words, "names")
    material = {
        "dictionary": queries_of(paradigms(analyzer, words), chance, 2000),
        "unknown": queries_of(names, chance, 2000),
    }
    counts = Counter(
        word
        for text in read_posts(posts)
        for word in WORD.findall(text)
        if CYRILLIC.fullmatch(word)
    )
    if counts:
        news = queries_of(paradigms(analyzer, sorted(counts)), chance, 2000)
        material["news"] = news
        material["text"] = Material([], [], [likely(analyzer, item) for item in counts.items()])
    return material


def likely(analyzer: Any, item: tuple[str, int]) -> tuple[str, int, dict[str, float]]:
    """A word of the text, how often it occurs, and how likely it is a form of which lemma."""
    shares: dict[str, float] = defaultdict(float)
    for parse in analyzer.parse(item[0]):
        if parse.is_known and parse.tag.POS in CONTENT:
            shares[fold(parse.normal_form)] += parse.score
    return *item, dict(shares)


def english_material(seed: int, text: Path) -> dict[str, Material]:
    """What the English candidates are held to."""
    chance = random.Random(seed)
    folder = Path(import_module("lemminflect").__file__ or "").parent
    by_lemma: dict[str, dict[str, None]] = defaultdict(dict)
    with gzip.open(folder / "resources" / "infl_lu.csv.gz", "rt", encoding="utf-8") as file:
        for lemma, _, *cells in csv.reader(file):
            words = [lemma, *(word for cell in cells for word in cell.split("/"))]
            if lemma.islower():
                by_lemma[lemma].update(dict.fromkeys(filter(LATIN.fullmatch, words)))
    lexemes = [list(words) for words in by_lemma.values() if len(words) > 1]
    starts = {words[0][:4] for words in chance.sample(lexemes, 1500)}
    near = [words for words in lexemes if words[0][:4] in starts]
    material = {"dictionary": queries_of(near, chance, 2000)}
    if text.is_file():
        seen = set(LATIN.findall(text.read_text(encoding="utf-8").lower()))
        news = [words for words in lexemes if not seen.isdisjoint(words)]
        material["news"] = queries_of(news, chance, 2000)
    return material


def measure_found(material: Material, term: Term, ask: Ask) -> tuple[float, float]:
    """Mean recall and precision over the queries."""
    lexemes_of: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(material.lexemes):
        for form in words:
            lexemes_of[form].add(number)
    under: dict[str, list[str]] = defaultdict(list)
    for form in lexemes_of:
        under[term(form)].append(form)
    recalls, precisions = [], []
    for number, word in material.queries:
        found = [form for asked in set(ask(word)) for form in under.get(asked, ())]
        wanted = material.lexemes[number]
        recalls.append(len(set(wanted).intersection(found)) / len(wanted))
        meant = lexemes_of[word]
        right = sum(not meant.isdisjoint(lexemes_of[form]) for form in found)
        precisions.append(right / len(found) if found else 1.0)
    return fmean(recalls), fmean(precisions)


def measure_text(material: Material, term: Term, ask: Ask) -> tuple[float, float]:
    """Recall and precision over the occurrences in a text, for its content words' lemmas."""
    under: dict[str, list[int]] = defaultdict(list)
    wanted: dict[str, float] = defaultdict(float)
    for number, (word, count, shares) in enumerate(material.counts):
        under[term(word)].append(number)
        for lemma, share in shares.items():
            wanted[lemma] += share * count
    right = found = total = 0.0
    for lemma, amount in wanted.items():
        if amount < 0.5:
            continue
        total += amount
        for asked in set(ask(lemma)):
            for number in under.get(asked, ()):
                _, count, shares = material.counts[number]
                found += count
                right += count * shares.get(lemma, 0.0)
    return right / total, right / found


def resident() -> float:
    """This process's memory in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


def synthetic_posts(words: list[str], seed: int, number: int) -> list[str]:
    """Posts of 1,100 characters whose words follow Zipf's law."""
    chance = random.Random(seed)
    words = chance.sample(words, len(words))
    drawn = iter(
        chance.choices(words, [1 / rank for rank in range(1, len(words) + 1)], k=number * 220)
    )
    posts = []
    for _ in range(number):
        post = ""
        while len(post) < 1100:
            post += next(drawn) + " "
        posts.append(post)
    return posts


class Cache(dict[str, str]):
    """Surface → term, remembered."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def __missing__(self, surface: str) -> str:
        found = self[surface] = self.term(surface)
        return found


def measure_cost(words: list[str], seed: int, term: Term, ask: Ask) -> dict[str, Any]:
    """µs a post and a new form, and terms a query."""
    words = random.Random(seed).sample(words, len(words))
    new, words = words[:2000], words[2000:]
    start = time.perf_counter()
    for word in new:
        term(word)
    cold = (time.perf_counter() - start) / len(new)
    sizes = sorted(len(set(ask(word))) for word in new)
    posts = synthetic_posts(words, seed, 2000)
    cache = Cache(term)
    analyse(posts[:1000], cache)
    return {
        "live": analyse(posts[1000:], cache) * 1e6,
        "warm": min(analyse(posts[1000:], cache) for _ in range(5)) * 1e6,
        "form": cold * 1e6,
        "terms": (fmean(sizes), sizes[len(sizes) * 99 // 100], sizes[-1]),
    }


def analyse(posts: list[str], cache: Cache) -> float:
    """Seconds a post."""
    start = time.perf_counter()
    for post in posts:
        list(map(cache.__getitem__, WORD.findall(post.lower())))
    return (time.perf_counter() - start) / len(posts)


def run_candidate(group: str, name: str, file: Path, seed: int) -> dict[str, Any]:
    """All that is measured of one candidate."""
    before, start = resident(), time.perf_counter()
    term, ask = CANDIDATES[group][name]()
    list(map(term, ("дом", "после") if group != "english" else ("house", "went")))
    result: dict[str, Any] = {"load": time.perf_counter() - start, "mb": resident() - before}
    materials = {
        key: Material(**value)
        for key, value in json.loads(file.read_text(encoding="utf-8")).items()
    }
    if group != "unknown":
        words = {form for lexeme in materials["dictionary"].lexemes for form in lexeme}
        result |= measure_cost(sorted(words), seed, term, ask)
    for key, material in materials.items():
        if (key == "unknown") == (group == "unknown"):
            measure = measure_text if key == "text" else measure_found
            result[key] = measure(material, term, ask)
    return result


def print_group(group: str, material: dict[str, Material], folder: Path, seed: int) -> None:
    """A table: each candidate measured in its own process."""
    file = folder / f"{group}.json"
    file.write_text(json.dumps({key: asdict(value) for key, value in material.items()}))
    pairs = [key for key in ("dictionary", "news", "text", "unknown") if key in material]
    if group == "russian":
        pairs.remove("unknown")
    elif group == "unknown":
        pairs = ["unknown"]
    for key in pairs:
        one = material[key]
        sizes = f"{len(one.lexemes)} lexemes, {len(one.queries)} queries, {len(one.counts)} words"
        print(f"{key}: {sizes}")
    heads = "".join(f"{key:>18}" for key in pairs)
    print(f"{group:22}{heads}   live/warm µs/post  µs/form     MB  load s   terms asked")
    for name in CANDIDATES[group]:
        command = [sys.executable, __file__, "--seed", str(seed), "--candidate", group, name]
        command.append(str(file))
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(row(name, pairs, json.loads(output)), flush=True)
    print()


def row(name: str, pairs: Sequence[str], result: dict[str, Any]) -> str:
    """A candidate's line of the table."""
    cells = "".join(f"{result[key][0]:11.4f} {result[key][1]:.4f}" for key in pairs)
    line = f"{name:22}{cells}"
    if "live" not in result:
        return line
    mean, high, most = result["terms"]
    return (
        f"{line} {result['live']:9.1f} / {result['warm']:5.1f} {result['form']:8.1f}"
        f" {result['mb']:6.1f} {result['load']:7.2f}   {mean:.2f} / {high} / {most}"
    )


def main() -> None:
    """Print the tables: recall and precision of each, then what it costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=Path, default=SHARED / "telethon")
    parser.add_argument("--english", type=Path, default=SHARED / "articles" / "openings.jsonl")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--candidate", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.candidate:
        group, name, file = options.candidate
        print(json.dumps(run_candidate(group, name, Path(file), options.seed)))
        return
    with tempfile.TemporaryDirectory() as folder:
        russian = russian_material(options.seed, options.posts)
        print_group("russian", russian, Path(folder), options.seed)
        print_group("unknown", russian, Path(folder), options.seed)
        english = english_material(options.seed, options.english)
        print_group("english", english, Path(folder), options.seed)


if __name__ == "__main__":
    main()
