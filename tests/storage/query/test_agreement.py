"""Matcher, FTS5 and a naive reading of the language give the same answers."""

import asyncio
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.connection import Database
from storage.database import open_database
from storage.document import Author, Block, Channel, Document, Forward, Link, Media, Source
from storage.documents import documents, search
from storage.documents.authors import Authors
from storage.errors import QueryError
from storage.query import compile_fts5
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse
from storage.query.tree import (
    And,
    Cased,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Own,
    Prefix,
    Query,
    Words,
)
from storage.query.words import analysis, forms, sites

VOCABULARY = (
    "посол", "посла", "послами", "после", "Ёлка", "елки", "сталь", "стали", "стал", "газ",
    "газовый", "grain", "Grains", "export", "exports", "exported", "don't", "dont", "Russia's",
    "Russia", "train",
    "training", "trains", "мир", "МИРА", "за́мок", "🚢", "🇷🇺", "👍🏽", "№", "2024", "5G", "#BRICS",
    "#мир_труд", "brics", "финансово-экономический", "o’neil", "\u202eabc", "naïve", "Erdoğan",
    "石油价格", "हिन्दी", "И", "or", "NEAR", "ﬁsh", "us", "US", "U.S.", "F-16", "f16", "C-300",
    "С-300", "С300", "15 000", "15,000", "15000", "тeплоход",
    "secim", "secimde", "Praha", "Praze", "ринок", "ринку", "ממשלה", "ממשלות",
    "7 кг", "7кг", "대통령은", "Вучић", "Vučić", "#GrainExport", "covid19", "Müller", "неееет",
)  # fmt: skip
ALSO = {
    "#GrainExport": [["grain", "export"]], "covid19": [["covid", "19"]], "7кг": [["7", "кг"]],
    "Вучић": [["vucic"]], "неееет": [["нет"], ["неет"]],
}  # fmt: skip
"""What words of the vocabulary also say."""
ASKED = (
    "посол", "после", "елка", "ёлки", "сталь", "train", "газ", "grain", "export", "don’t", "russia",
    "мира", "замок", "🚢", "🇷🇺", "👍", "2024", "5g", "brics", "финансово-экономический",
    "oneil", "abc", "naïve", "erdogan", "石油", "价",
    "हिन्दी", "fish", "or", "us", "U.S.", "f-16", "F16", "с-300", "15,000", "15000", "теплоход",
    "7 кг", "7кг",
    "secim", "praha", "ринок", "ממשלה",
    "대통령", "Вучић", "Vučić", "covid", "covid-19", "кг", "vucic", "Mueller", "Müller", "нет",
)  # fmt: skip
DATES = ("2024-03-09T23:59:59Z", "2024-03-10T00:00:00Z", "2024-03-12", "2024-04", "--03-10", None)

AUTHORS = (
    None,
    Author(kind="user", id=501, name="Ann Mast 🚢", username="Ann_Mast"),
    Author(kind="user", name="anon4c1f9a0e2b7d5566"),
    Author(kind="group", id=77, name="Harbour"),
)

LINKS = (
    (),
    (Link(text="here", url="https://www.Example.org/Press/2024?id=7"),),
    (Link(text="https://news.example.org/", url="https://news.example.org/"), Link(text="so")),
    (Link(text="x", url="https://notexample.org/press"), Link(text="x", url="tg://example.org")),
    (Link(text="x", url="https://example.org.mill.test/press"), Link(text="EXAMPLE.ORG/pressroom")),
    (Link(text="x", url="https://ann:example.org@xn--e1aybc.xn--p1ai/a\\b"),),
)
SPOKEN = {
    'Sergey Pavlov: "the grain is sold"': {"pavlov", "sergey pavlov", "павловым", "pavlova"},
    "Сталь подорожала за год, заявил Сергей Павлов.":
        {"pavlov", "sergey pavlov", "павловым", "pavlova"},
    "По словам Анны Павловой, газ подешевел на треть.": {"pavlov", "павловым", "pavlova"},
    "Павлов молчит, как сообщила пресс-служба порта.": set(),
}  # fmt: skip
"""What somebody says or does not say, and the speakers that are found by it."""

few = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4)
MEDIA = st.one_of(
    st.just(()),
    st.just((Media(type="photo"),)),
    few.map(lambda words: (Media(type="document", name=f"{'_'.join(words)}.pdf"),)),
    few.map(lambda words: (Media(type="audio", title=" – ".join(words)), Media(type="photo"))),
    st.just((Media(type="webpage", title="Grain", url="https://example.org/press"),)),
)

texts = st.lists(st.sampled_from(VOCABULARY), min_size=10, max_size=30).map(" ".join)


@st.composite
def made_documents(draw: st.DrawFn) -> list[Document]:
    made = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        forward = draw(st.sampled_from([None, Forward(name="Port Office", username="port")]))
        made.append(
            Document(
                kind="post",
                doc_id=f"tg:77/{number}",
                source=Source(type="telethon"),
                channel=Channel(id=77, username=draw(st.sampled_from(["harbour", "Mill"]))),
                message_id=number,
                published_at=draw(st.sampled_from(DATES)),
                published_precision="second",
                forwarded_from=forward,
                author=draw(st.sampled_from(AUTHORS)),
                title=draw(st.none() | texts),
                body=tuple(
                    Block(type="para", text=text, place=draw(st.sampled_from([None, "Вене"])))
                    for text in draw(
                        st.lists(texts | st.sampled_from([*SPOKEN]), min_size=1, max_size=2)
                    )
                ),
                lang=draw(st.sampled_from([None, "ru", "en"])),
                media=draw(MEDIA),
                links=draw(st.sampled_from(LINKS)),
                content_hash=f"{number:016x}",
            )
        )
    return made


phrases = st.lists(st.sampled_from(ASKED), min_size=1, max_size=3).map(" ".join)
near = st.builds(
    "{} NEAR/{} {}".format, st.sampled_from(ASKED), st.integers(1, 5), st.sampled_from(ASKED)
)
leaves = st.one_of(
    st.sampled_from(ASKED),
    st.sampled_from(ASKED),
    phrases.map('"{}"'.format),
    phrases.map('title:"{}"'.format),
    near,
    near.map("({})".format),
    st.sampled_from(["=сталь", "=стали", "=exports", "=Елка", "=dont", "=🚢", "=us", "==US",
                     "==us", "==Елка", "=f16", "=15,000", "US"]),
    st.sampled_from(["пос*", "газ*", "exp*", "ста*", "финан*", "202*", "naï*", "150*", "f16*"]),
    st.sampled_from(["#brics", "#мир_труд", "channel:harbour", "channel:77", "from:@port",
                     'from:"port office"', "by:501",
                     "by:@ann_mast", 'by:"ann mast"', "автор:anon4c1f9a0e2b7d5566", "by:harbour",
                     "who:pavlov", 'who:"sergey pavlov"', "кто:Павловым", "who:pavlova|smith",
                     "by:ann", "lang:ru", "has:photo", "is:original", "place:Вена",
                     "link:example.org", "ссылка:EXAMPLE.org/press",
                     "link:org.mill.test,example.com", "link:https://www.news.example.org",
                     "link:тест.рф", "link:xn--e1aybc.xn--p1ai/a",
                     "link:example.org/press/2024?id=7"]),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=4).map(" OR ".join),
        st.lists(inner, min_size=2, max_size=4).map(" ИЛИ ".join),
        st.builds("{} -({})".format, inner, inner),
        st.builds("{} -({} OR ({} {}))".format, inner, leaves, leaves, leaves),
        st.builds("{} OR (НЕ {} {})".format, inner, leaves, inner),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("({} in:text)".format),
        inner.map("({}) в:тексте".format),
    ),
    max_leaves=6,
)
groups = st.lists(
    st.one_of(leaves, leaves, leaves, st.builds("({} {})".format, leaves, leaves)),
    min_size=2,
    max_size=7,
).map(lambda either: f"({' OR '.join(either)})")
wide = st.builds(
    lambda either, refused: " ".join([*either, *(f"-{one}" for one in refused)]),
    st.lists(groups, min_size=1, max_size=3),
    st.lists(leaves, max_size=3),
)
dated = st.builds(
    "({}) {}".format,
    trees,
    st.sampled_from(["after:2024-03-10", "before:2024-03-10", "on:2024-03", "before:2025"]),
)


def fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    for accented, plain in (("ï", "i"), ("ğ", "g"), ("č", "c"), ("ć", "c"), ("ü", "u")):
        text = unicodedata.normalize("NFKC", text).replace(accented, plain)
    text = {"тeплоход": "теплоход", "с300": "c300", "हिन्दी": "हिंदी"}.get(text, text)
    kept = "िंदी"  # vowels and the like in the one word of the vocabulary that has some
    return "".join(char for char in text if char.isalnum() or char in kept)


TOKEN = re.compile(
    r"U\.S\.|[\U0001f1e6-\U0001f1ff]{2}|🚢|👍|हिन्दी|[\u4e00-\u9fff]"
    r"|[^\W_\u4e00-\u9fff]+(?:[\u0301'’]+[^\W_]+)*"
)


def split(text: str) -> list[str]:
    """The form of each word, the slow and plain way."""
    surfaces = TOKEN.findall(text)
    return [fold(re.sub("['’]s$", "", surface)) or surface for surface in surfaces]


def beside(text: str) -> set[str]:
    """Numbers and codes as one word."""
    found = {"15000"} if re.search(r"(?<!_)15,000|(?<!2024 )(?<!№ )\b15 000", text) else set()
    codes = {"F-16": "f16", "C-300": "c300", "С-300": "c300"}
    stands = "(?<![-\\w]){}(?!\\w|-\\d)"  # alone, or as the name of a file: F-16.pdf
    return found | {one for code, one in codes.items() if re.search(stands.format(code), text)}


def also(text: str) -> list[str]:
    """What the words of a text also say, far behind it, each in a row that stands apart."""
    said = [row for word in re.findall(r"#?[^\W_]+", text) for row in ALSO.get(word, ())]
    rows = [said[at] for at in range(len(said)) if said[at] not in said[:at]]
    return [
        *"·" * (analysis.FAR - 1 if rows else 0),
        *(word for row in rows for word in ("·", *row)),
    ]


def is_form_of(asked: str, form: str, *, alone: bool) -> bool:
    meant = forms.lexemes_alone(asked) if alone else forms.lexemes(asked)
    return bool(set(forms.readings(form)) & meant)


def is_surely(asked: str, form: str) -> bool:
    """Whether a form hides a text where a word is refused."""
    if meant := forms.list_meant(asked):
        return form in meant
    return forms.normal_form(form) in forms.surely(asked)


class Reference:
    """The language read literally: a list of words, looked through from end to end."""

    def __init__(self, document: Document) -> None:
        self.document = document
        names = [(medium.title or "", medium.name or "") for medium in document.media]
        texts = [
            document.title or "",
            "\n".join(block.text for block in document.body),
            "\n".join("\n".join(pair) for pair in names),
        ]
        self.title, self.body, self.attached = ([*split(text), *also(text)] for text in texts)
        self.columns = [self.title, self.body, self.attached]
        self.texts = dict(zip(map(id, self.columns), texts, strict=True))
        self.whole = "\n".join(document.texts())

    def answers(self, query: Query) -> bool:
        known = re.match(r"\d{4}", self.document.published_at or "")
        if query.after or query.before:
            if not known:
                return False
            full = (self.document.published_at or "")[:19]
            padded = full + "0000-01-01T00:00:00"[len(full) :]
            moment = datetime.fromisoformat(padded).replace(tzinfo=UTC)
            if (query.after and moment < query.after) or (query.before and moment >= query.before):
                return False
        return query.root is None or self.holds(query.root)

    def holds(self, node: Node, *, refused: bool = False) -> bool:
        match node:
            case And(parts):
                return all(self.holds(part, refused=refused) for part in parts)
            case Or(parts):
                return any(self.holds(part, refused=refused) for part in parts)
            case Not(part):
                return not self.holds(part, refused=not refused)
            case Own(part):
                only = Reference(self.document)
                only.columns = only.columns[:2]
                return only.holds(part, refused=refused)
            case Words(asked, title, sure):
                columns = [self.title] if title else self.columns
                return any(
                    self.places(column, asked, sure=sure)
                    or (not sure and (*asked,) in zip(self.beside(column)))
                    for column in columns
                )
            case Exact(form):
                return any(form in [*column, *self.beside(column)] for column in self.columns)
            case Cased(text):
                shown = [self.texts[id(column)] for column in self.columns]
                surfaces = [one for text in shown for one in TOKEN.findall(text)]
                return text in [one.replace(".", "").replace("Ё", "Е") for one in surfaces]
            case Prefix(form):
                return any(
                    word.startswith(form)
                    for column in self.columns
                    for word in [*column, *self.beside(column)]
                )
            case Near(left, right, distance):
                written = [[*takewhile("·".__ne__, one)] for one in self.columns]
                columns = written if refused else self.columns
                return any(self.near(column, left, right, distance) for column in columns)
            case Filter(name, value, _):
                return self.filtered(name, value)

    def beside(self, column: list[str]) -> set[str]:
        return beside(self.texts[id(column)])

    @staticmethod
    def places(column: list[str], asked: tuple[str, ...], *, sure: bool = False) -> list[int]:
        alone = len(asked) == 1
        holds = is_surely if sure else partial(is_form_of, alone=alone)
        return [
            at
            for at in range(len(column) - len(asked) + 1)
            if all(holds(one, column[at + ahead]) for ahead, one in enumerate(asked))
        ]

    def near(self, column: Any, left: Words, right: Words, distance: int) -> bool:
        for one in self.places(column, left.forms, sure=left.sure):
            for other in self.places(column, right.forms, sure=right.sure):
                first, second = sorted([(one, len(left.forms)), (other, len(right.forms))])
                if second[0] - (first[0] + first[1]) <= distance:
                    return True
        return False

    def filtered(self, name: str, value: str) -> bool:
        document = self.document
        if name == "tag":
            return value in {tag.lower() for tag in re.findall(r"#(\w+)", self.whole)}
        if name == "channel":
            assert document.channel is not None
            return value in ("77", (document.channel.username or "").lower())
        if name == "by":
            author = document.author
            told = (author.id, author.username, author.name) if author else ()
            return value in {str(one).lower().replace(" 🚢", "") for one in told if one}
        if name == "who":
            return any(value in SPOKEN.get(block.text, ()) for block in document.body)
        if name == "link":
            return any(map(self.leads(value).search, self.targets()))
        facts = {
            "from": document.forwarded_from is not None and value in ("port", "port office"),
            "lang": document.lang == value,
            "has": any(medium.type == value for medium in document.media),
            "is": document.forwarded_from is None,
            "place": any(block.place for block in document.body),
        }
        return facts[name]

    def targets(self) -> list[str]:
        found = [link.url or link.text for link in self.document.links]
        found += [medium.url for medium in self.document.media if medium.url]
        plain = [one.lower().replace("xn--e1aybc.xn--p1ai", "тест.рф") for one in found]
        return [one.replace("\\", "/").replace("ann:example.org@", "") for one in plain]

    @staticmethod
    def leads(value: str) -> re.Pattern[str]:
        """A link to the site asked for, or below it."""
        host, _, rest = value.partition("/")
        below = f"/{re.escape(rest)}(?=[/?&]|$)" if rest else "(?=[/?]|$)"
        return re.compile(rf"^(?:https?://)?(?:[^/@?]+\.)?{re.escape(host)}{below}")


class Index:
    """A database for one set of documents after another: to open a new one each time is slow."""

    def __init__(self, opening: Coroutine[Any, Any, Database]) -> None:
        self._runner = asyncio.Runner()
        self._database = self._runner.run(opening)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._database.close())
        self._runner.close()

    def find(self, given_documents: list[Document], query: Query) -> set[str]:
        """The names of those of the documents that search finds."""
        return self._runner.run(self._find(given_documents, query))

    async def _find(self, given_documents: list[Document], query: Query) -> set[str]:
        async with self._database.transaction() as tx:
            for table in ("document", "channel_name"):
                await tx.execute(f"DELETE FROM {table}")  # noqa: S608
            await tx.index.clear()
            now = datetime(2024, 5, 1, tzinfo=UTC)
            await documents.store_documents(
                tx, given_documents, stored_at=now, live=True, authors=Authors(keep="full")
            )
        async with self._database.reader() as reader:
            listed = [document.doc_id async for document in search.iterate(reader, query)]
            page = await search.search(reader, query, limit=50)
            ranked = await search.search(reader, query, limit=50, sort="relevance")
            assert await search.count(reader, query) == len(listed)
        assert [hit.document.doc_id for hit in page.hits] == listed
        assert sorted(hit.document.doc_id for hit in ranked.hits) == sorted(listed)
        return set(listed)


def check_agreement(index: Index, given_documents: list[Document], query: Query) -> Counter[str]:
    expected = {doc.doc_id for doc in given_documents if Reference(doc).answers(query)}
    matcher = Matcher()
    matcher.add(1, query)
    fired = {doc.doc_id for doc in given_documents if matcher.match(doc)}
    assert fired == expected
    assert index.find(given_documents, query) == expected
    found = [doc for doc in given_documents if doc.doc_id in expected]
    counts = Counter({"pairs": len(given_documents), "matched": len(found)})
    for document in found:
        counts.update(kind for leaf in leaves_of(query.root) for kind in kinds_of(leaf, document))
    return counts


def kinds_of(leaf: Node, document: Document) -> set[str]:
    """What is tried where a document answers a query with this leaf in it."""
    text = "\n".join(document.texts())
    kinds = {type(leaf).__name__}
    if isinstance(leaf, Filter) and leaf.name == "link":
        kinds.add("page" if leaf.site else "site")
    if isinstance(leaf, Words):
        present = split(text)
        kinds |= {"phrase"} if len(leaf.forms) > 1 else set()
        kinds |= {"emoji"} if not any(char.isalnum() for char in "".join(leaf.forms)) else set()
        kinds |= {"form"} if not set(leaf.forms) & set(present) else set()
        kinds |= {"ё"} if {"елка", "елки"} & {*leaf.forms} and "Ёлка" in text else set()
    return kinds


def leaves_of(node: Node | None) -> list[Node]:
    match node:
        case None:
            return []
        case And(parts) | Or(parts):
            return [leaf for part in parts for leaf in leaves_of(part)]
        case Not(part):
            return leaves_of(part)
        case Own(part):
            return [node, *leaves_of(part)]
    return [node]


pairs = {"given_documents": made_documents(), "text": st.one_of(trees, trees, wide, dated)}


REFUSED = (
    "only says what to leave out",
    "NEAR joins",
    "than 40 terms",
    "than 8 levels of brackets",
)


def agree(index: Index, seen: Counter[str], given_documents: list[Document], text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert any(what in error.what for what in REFUSED)
        return
    assert parse(query.text) == query
    seen.update(check_agreement(index, given_documents, query))


KINDS = (
    *("Words", "phrase", "form", "ё", "emoji", "Near", "Prefix", "Exact", "Filter"),
    *("Own", "site", "page"),
)
OF_EACH_KIND = (
    "grain export",
    '"grain export"',
    "ship NEAR/3 grain",
    "gra*",
    "=exports",
    "lang:en",
    "елки",
    "🚢",
    "dredging",
    "(grain -dredging) in:text",
    "link:example.org",
    "link:example.org/press",
    "grain -(crane OR (ship truck))",
    "grain -(crane NEAR/9 ship)",
    "f16*",
)


def document_of_each_kind() -> Document:
    texts = ["grain export of a ship", "exports by ship of grain, Ёлка 🚢"]
    return Document(
        kind="post",
        doc_id="tg:77/1",
        source=Source(type="telethon"),
        channel=Channel(id=77, username="harbour"),
        message_id=1,
        title=texts[0],
        body=(Block(type="para", text=texts[1]),),
        lang="en",
        links=LINKS[1],
        media=(
            Media(type="document", name="dredging_plan.pdf"),
            Media(type="document", name="F-16.pdf"),
        ),
        content_hash=f"{1:016x}",
    )


@pytest.fixture(params=["sqlite", "postgres"])
def tried(request: pytest.FixtureRequest) -> Iterator[tuple[Index, int]]:
    """Each engine's index, and how many examples it is tried with."""
    if request.param == "sqlite":
        opening, number = open_database(request.getfixturevalue("database_url")), 40
    else:
        import postgresql

        url = request.getfixturevalue("postgres_url")
        opening, number = postgresql.open_database(url), 20
    with Index(opening) as index:
        yield index, number


def test_matcher_index_and_reference_agree(tried: tuple[Index, int]) -> None:
    index, number = tried
    examples(number)(given(**pairs)(agree))(index, Counter())


@pytest.mark.slow
def test_they_agree_where_phrases_cannot_be_asked_for_exactly(
    tried: tuple[Index, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile_fts5, "MOST_PHRASES", 1)
    index, number = tried
    examples(number)(given(**pairs)(agree))(index, Counter())


@pytest.mark.slow
def test_matcher_index_and_reference_agree_where_much_matches(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    always_the_same = settings(examples(150), derandomize=True, database=None)
    with Index(open_database(f"sqlite:///{tmp_path / 'agreement.db'}")) as index:
        for text in OF_EACH_KIND:
            agree(index, seen, [document_of_each_kind()], text)
        assert seen["matched"] == len(OF_EACH_KIND)
        assert all(seen[kind] for kind in ("Words", "Near", "Prefix", "Exact", "Filter"))
        always_the_same(given(**pairs)(agree))(index, seen)
    assert not [kind for kind in KINDS if not seen[kind]], seen
    print(dict(seen))  # noqa: T201
    assert seen["matched"] >= seen["pairs"] / 5


@pytest.mark.slow
@examples(60)
@given(given_documents=made_documents(), asked=st.lists(trees | wide, min_size=1, max_size=12),
       dropped=st.sets(st.integers(0, 11)))  # fmt: skip
def test_many_queries_at_once_fire_as_each_would_alone(
    given_documents: list[Document], asked: list[str], dropped: set[int]
) -> None:
    matcher = Matcher()
    kept: dict[int, Query] = {}
    for number, text in enumerate(asked):
        try:
            kept[number] = parse(text)
        except QueryError:
            continue
        matcher.add(number, kept[number])
    for number in dropped:
        matcher.remove(number)
        kept.pop(number, None)
    assert len(matcher) == len(kept)
    for document in given_documents:
        reference = Reference(document)
        expected = [number for number, query in kept.items() if reference.answers(query)]
        assert sorted(matcher.match(document)) == expected
    for number in kept:
        matcher.remove(number)
    assert not any(matcher.match(document) for document in given_documents)


def real_posts(texts: list[str]) -> list[Document]:
    """Posts of real texts, their first line as title, with a file called by words of the text
    before, and a link."""
    return [
        Document(
            kind="post",
            doc_id=f"tg:5/{number}",
            source=Source(type="telethon"),
            channel=Channel(id=5),
            message_id=number,
            published_at=f"2024-03-01T00:{number // 60:02}:{number % 60:02}Z",
            title=text.partition("\n")[0] or None,
            body=tuple(Block(type="para", text=part) for part in text.split("\n")[1:] if part),
            media=(Media(type="document", name="_".join(texts[number - 2].split()[:6])),),
            links=(Link(text="here", url=f"https://n{number % 7}.example.org/{number % 5}/x"),),
            content_hash=f"{number:016x}",
        )
        for number, text in enumerate(texts, 1)
    ]


def asked_of(post: Document, chance: random.Random) -> list[str]:
    """A word, a phrase, two words near each other, a beginning and a form out of a post, also in
    its own words alone; what is attached, and where its link leads."""
    found = [word.form for word in analysis.words("\n".join(post.texts()))]
    if len(found) < 8:
        return found[:1]
    at = chance.randrange(len(found) - 6)
    one, two, three = found[at : at + 3]
    return [
        one,
        f'"{one} {two} {three}"',
        f"{two} NEAR/4 {found[at + 5]}",
        f"{one} {found[-1]} -{chance.choice(VOCABULARY[:3])}",
        f"={three}",
        f"{one} ={three} in:text",
        f"{two} -({one} in:text)",
        *(
            f'"{" ".join(name.form for name in analysis.words(one.name or "")[:2])}"'
            for one in post.media
        ),
        *(f"link:{site.host}/{site.rest[0]}" for site in sites.list_sites(post)),
        *([f"{two[:4]}*"] if len(two) > 3 else []),
    ]


@pytest.mark.slow
async def test_real_posts_are_found_as_they_are_matched(
    shared_files: Callable[[str], list[Path]], database: Database, now: datetime
) -> None:
    lines = [
        json.loads(line)["text"]
        for path in shared_files("corpus/telethon/nktkln_*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    await check_real_posts([text for text in lines if text], database, now)


@pytest.mark.slow
async def test_our_own_texts_are_found_as_they_are_matched(
    database: Database, now: datetime
) -> None:
    root = Path(__file__).parents[3]
    whole = [(root / name).read_text("utf-8") for name in ("README.md", "README.ru.md")]
    texts = [part.strip() for text in whole for part in re.split(r"\n\s*\n", text)]
    await check_real_posts([text for text in texts if text], database, now)


async def check_real_posts(texts: list[str], database: Database, now: datetime) -> None:
    posts = real_posts(texts)
    assert len(posts) > 50
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
    chance = random.Random(11)  # noqa: S311
    asked = {text for post in posts[::3] for text in asked_of(post, chance)}
    queries = dict(enumerate(map(parse, sorted(asked))))
    matcher = Matcher()
    for number, query in queries.items():
        matcher.add(number, query)
    fired = {(post.doc_id, number) for post in posts for number in matcher.match(post)}
    async with database.reader() as reader:
        found = {
            (document.doc_id, number)
            for number, query in queries.items()
            async for document in search.iterate(reader, query)
        }
    assert found == fired
    assert len(fired) >= len(queries)
