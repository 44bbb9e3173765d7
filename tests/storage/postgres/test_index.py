"""PostgreSQL's index finds what SQLite's finds, and weighs it alike."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

import pytest

from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Document
from storage.documents import documents, search, time_order
from storage.postgres import asking, index, lexemes, schema, weighing, words
from storage.query.reading.syntax import parse
from storage.query.words import analysis

MakeDocument = Callable[..., Document]

TEXTS = (
    "Grain ship\ngrain grain export",
    "Harbour\nthe ship with grain left the harbour",
    "Export of steel\nsteel is exported by ship",
    "Grain grain\nno ship",
    "Ships\nships and harbours and harbours without cargo of any kind at all",
    "Rails\nnothing of it",
)
ASKED = (
    "grain", "ship", "ship harbour", '"grain export"', "=ships", "har*", "grain OR steel",
    "ship -grain", "title:grain", "grain NEAR/3 ship", "nothing",
    '"grain grain"', '"left the harbour"', 'title:"grain ship"', 'ship -"grain export"',
    '"grain export" OR steel', '"grain export" "grain ship"', "grain NEAR/50 ship",
    "grain NEAR/1 ship -steel", '"ship with" NEAR/3 harbour', "grain NEAR/2 grain",
    "shi*", "steel OR expo*", "and* -cargo", "grain* OR ship* OR exp*",
    '"grain export" OR "ship with"', '"grain ship" OR (grain NEAR/1 ship)',
    '"of steel" OR "no steel"',
    '(grain NEAR/1 export) OR (ship NEAR/3 harbour)', '("grain export" OR steel) -ship',
    '("export grain" OR harbour NEAR/2 left) ("ship with" OR the)',
    'title:"grain ship" OR "the ship"',
    '"grain export" OR (grain NEAR/50 steel)', 'own:("grain export" OR "left the")',
)  # fmt: skip


LONG = " ".join(f"word{number}" for number in range(17_000))


class UndoneError(Exception):
    """Nothing of a transaction is to stay."""


@pytest.fixture(params=["postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def sqlite(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def store(database: Database, made: Sequence[Document], now: datetime) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)


async def find(conn: Connection, text: str, sort: str = "newest") -> list[str]:
    page = await search.search(conn, parse(text), limit=50, sort=sort)  # type: ignore[arg-type]
    return [hit.document.doc_id for hit in page.hits]


@pytest.mark.parametrize("few", [weighing.FEW, 0])
async def test_both_engines_find_and_weigh_alike(
    database: Database,
    sqlite: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    """Where there are more documents than are counted one by one, a sample (here of all) tells."""
    monkeypatch.setattr(weighing, "FEW", few)
    monkeypatch.setattr(weighing, "SAMPLE", 2 * len(TEXTS))
    made = [make_document(text, message_id=at) for at, text in enumerate(TEXTS * 2, 1)]
    for one in (database, sqlite):
        await store(one, made, now)
    async with database.reader() as conn, sqlite.reader() as other:
        for text in ASKED:
            for sort in ("newest", "relevance"):
                assert await find(conn, text, sort) == await find(other, text, sort), text
            compiled = [one.index.compile(parse(text).root) for one in (conn, other)]  # type: ignore[arg-type]
            scored = [
                {row["id"]: row["value"] for row in await one.index.score(asked, 0, 1 << 62, 50)}
                for one, asked in zip((conn, other), compiled, strict=True)
            ]
            assert compiled[0].exact == compiled[1].exact
            if not few and scored[0] and len({*index._of(compiled[0]).phrases}) == 1:
                # That one is so rare is only reckoned: all weigh more by it, or less.
                gain = max(scored[0].values()) / max(scored[1].values())
                scored[1] = {id: gain * value for id, value in scored[1].items()}
            assert scored[0] == pytest.approx(scored[1]), text


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        (text, (f"{a} {b}", f"{a} {b} и {a} без всего того {a}", f"{b} {a} и всё {b}", b))
        for a, b in (("зерно", "стекло"), ("стали", "стекло"))
        for text in (
            f"{a} NEAR/2 {b}",
            f"{b} NEAR/2 {a}",
            f"{a} NEAR/2 {b} channel:harbour",
        )
    ],
)
@pytest.mark.parametrize("is_spilled", [False, True])
async def test_a_reading_that_no_post_has_adds_nothing_to_what_is_near(
    database: Database,
    sqlite: Database,
    make_document: MakeDocument,
    now: datetime,
    text: str,
    texts: tuple[str, ...],
    is_spilled: bool,
) -> None:
    """Though it stands among the forms of each that has the word."""
    made = [make_document(one, message_id=at) for at, one in enumerate((*texts, *["rails"] * 9), 1)]
    scored = []
    for one in (database, sqlite):
        await store(one, made, now)
        if is_spilled:
            async with one.transaction() as tx:
                await tx.execute("INSERT INTO spilled SELECT id, id - id % 256 FROM document")
        async with one.reader() as conn:
            asked = conn.index.compile(parse(text).root)  # type: ignore[arg-type]
            stretch = time_order.Stretch(asked, 0, time_order.HIGHEST)
            rows = await time_order.fetch_scores(conn, stretch, 50)
            assert len(rows) == 3
            assert await time_order.fetch_scores(conn, stretch, 2) == rows[:2]
        scored.append(dict(rows))
    assert scored[0] == pytest.approx(scored[1])


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ('"a b" OR "c d e"', 1),
        ('"a b" OR c', 1),
        ('"a b" OR (c NEAR/3 d)', 1),
        ('("a b" OR "c d") ("e f" OR g) "h i"', 3),
        ("a OR b", 0),
        ('"a b" OR =c', 0),
        ('"a b" OR cde*', 0),
        ('"a b" OR 2026', 0),
        ('"a b" OR lang:ru', 0),
        ('"a b" OR (c d)', 0),
        ('"a b" OR (c NEAR/3 c)', 0),
        ('x -("a b" OR "c d")', 0),
        (" OR ".join(f'"a {chr(number)}x"' for number in range(98, 102)), 1),
        (" OR ".join(f'"a {chr(number)}x"' for number in range(98, 103)), 0),
    ],
)
async def test_the_phrases_of_an_or_are_checked_in_the_candidates_where_nothing_else_is_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch, text: str, groups: int
) -> None:
    monkeypatch.setattr(asking, "MOST_TOGETHER", 4)
    async with database.reader() as conn:
        asked = conn.index.compile(parse(text).root)  # type: ignore[arg-type]
    assert len(index._of(asked).groups) == groups


@pytest.mark.parametrize("window", [1, 2, 7, 2_000])
async def test_the_newest_are_found_whatever_lies_between(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    window: int,
) -> None:
    monkeypatch.setattr(index, "WINDOW", window)
    monkeypatch.setattr(index, "_AT_ONCE", 2)
    monkeypatch.setattr(index, "GROWTH", 2)
    made = [
        make_document(
            "grain" if number % 5 == 0 else "steel",
            message_id=number,
            published_at=f"2024-05-01T11:{number:02}:00Z",
        )
        for number in range(1, 31)
    ]
    await store(database, made, now)
    async with database.reader() as conn:
        found = await find(conn, "grain")
        assert found == [f"tg:77/{number}" for number in (30, 25, 20, 15, 10, 5)]
        assert await search.count(conn, parse("grain")) == 6
        assert await search.count(conn, parse("grain"), up_to=4) == 4
        first = await search.search(conn, parse("steel"), limit=5)
        second = await search.search(conn, parse("steel"), limit=5, cursor=first.following)
        ids = [hit.document.message_id for hit in (*first.hits, *second.hits)]
    assert ids == [29, 28, 27, 26, 24, 23, 22, 21, 19, 18]


@pytest.mark.parametrize("mistaken", [0, 3, 64])
async def test_words_in_a_row_are_found_among_many_that_hold_them_apart(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    mistaken: int,
) -> None:
    monkeypatch.setattr(index, "WINDOW", 3)
    monkeypatch.setattr(index, "_MISTAKEN", mistaken)
    made = [
        make_document(
            "grain export" if number % 10 == 0 else "export of much grain",
            message_id=number,
            published_at=f"2024-05-01T11:{number:02}:00Z",
        )
        for number in range(1, 41)
    ]
    await store(database, made, now)
    async with database.reader() as conn:
        assert await find(conn, '"grain export"') == [f"tg:77/{at}" for at in (40, 30, 20, 10)]
        assert await find(conn, "grain NEAR/1 export") == await find(conn, '"grain export"')
        assert len(await find(conn, "grain NEAR/2 export")) == 40
        assert await search.count(conn, parse('"grain export"'), up_to=3) == 3
        first = await search.search(conn, parse('"grain export"'), limit=3)
        second = await search.search(conn, parse('"grain export"'), cursor=first.following)
        assert [hit.document.message_id for hit in second.hits] == [10]


async def test_both_engines_weigh_alike_between_dates(
    database: Database, sqlite: Database, make_document: MakeDocument, now: datetime
) -> None:
    """What stands before or behind them tells of how rare a word is too."""
    made = [
        make_document(text, message_id=at, published_at=f"2024-04-{1 + at:02}T11:00:00Z")
        for at, text in enumerate(TEXTS * 4, 1)
    ]
    for one in (database, sqlite):
        await store(one, made, now)
    kept = 0
    async with database.reader() as conn, sqlite.reader() as other:
        for text in ASKED:
            for dates in ("before:2024-04-12", "after:2024-04-09", "on:2024-04-08"):
                asked = f"{text} {dates}" if " OR " not in text else f"({text}) {dates}"
                pages = [await find(one, asked, "relevance") for one in (conn, other)]
                assert pages[0] == pages[1], asked
                kept += 0 < len(pages[0]) < len(await find(conn, text))
    assert kept > len(ASKED)


async def test_a_phrase_that_many_could_hold_is_counted_by_a_sample(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("grain export", "export of grain", "rails", "rails")
    made = [
        make_document(
            texts[number % 4], message_id=number, published_at=f"2024-05-01T11:{number:02}:00Z"
        )
        for number in range(48)
    ]
    await store(database, made, now)
    async with database.reader() as conn:
        asked = conn.index.compile(parse('"grain export" -steel').root)  # type: ignore[arg-type]
        exact = await conn.index.score(asked, 0, 1 << 62, 50)
        monkeypatch.setattr(weighing, "LOOKED_AT", 6)
        reckoned = await conn.index.score(asked, 0, 1 << 62, 50)
        monkeypatch.setattr(weighing, "LOOKED_AT", 1)
        crude = await conn.index.score(asked, 0, 1 << 62, 50)
    assert len(exact) == 12
    assert [*map(dict, reckoned)] == [
        {"id": row["id"], "value": pytest.approx(row["value"], rel=0.1)} for row in exact
    ]
    assert [row["id"] for row in crude] == [row["id"] for row in exact]


ODD = (
    "Grain's \\\\ ship\n1 000 ёлок ёлок 1.5%",
    "𠀀𠀁 🚢🌾\n𐌰𐌱𐌲𐌳𐌴𐌵 𐌰𐌱 🏳️‍🌈 🇺🇸 a b cd efg hijk الكتاب",
    f"{'ж' * 450} grain\n{'grain ' * 256}{'ж' * 450} стали",
    " ".join(f"w{number}" for number in range(16_383)),
)


@pytest.mark.parametrize(("version", "held"), [(88, "words"), (91, "signs"), (111, "pairs")])
async def test_an_upgrade_reads_the_words_of_what_is_indexed(
    database: Database, make_document: MakeDocument, now: datetime, version: int, held: str
) -> None:
    made = [make_document(text, message_id=number) for number, text in enumerate((*TEXTS, *ODD), 1)]
    await store(database, made, now)
    script = next(one.sql for one in schema.list_missing(set()) if one.version == version)
    (filling,) = [one for one in script.split(";\n\n") if one.startswith("INSERT")]
    everything = f"SELECT id, {held} FROM document_index_{held} ORDER BY id"  # noqa: S608
    async with database.transaction() as tx:
        written = await tx.fetch_all(everything)
        await tx.execute(f"DELETE FROM document_index_{held}")  # noqa: S608
        await tx.execute(filling)
        assert [*map(dict, await tx.fetch_all(everything))] == [*map(dict, written)]
    assert len(written) == len(made)


async def test_signs_that_words_share_hide_nothing_and_show_nothing(
    database: Database,
    sqlite: Database,
    make_document: MakeDocument,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With so few signs that most words share theirs."""
    monkeypatch.setattr(words, "sign", lambda column, word: chr(0x100 + len(word) % 2))
    made = [make_document(text, message_id=at) for at, text in enumerate(TEXTS * 9, 1)]
    for one in (database, sqlite):
        await store(one, made, now)
    async with database.reader() as conn, sqlite.reader() as other:
        for text in ASKED:
            for sort in ("newest", "relevance"):
                pages = [await find(one, text, sort) for one in (conn, other)]
                assert pages[0] == pages[1], text


UNSPACED = (
    "上海港口恢复运行\n粮食出口增加，上海港口的船只很多。",
    "港口上海\n出口粮食的船",
    "小麦の輸出が再開\n東京湾の港で小麦の輸出船が待つ。",
    "輸出の小麦\n港は東京にある",
    "ท่าเรือกรุงเทพเปิดอีกครั้ง\nเรือขนข้าวออกจากท่าเรือกรุงเทพ",
    "กรุงเทพท่าเรือ\nข้าวในเรือ",
    "부산항 수출\n부산항에서 곡물 수출이 늘었다",
)
ASKED_OF_UNSPACED = (
    '"上海港口"', '"粮食出口"', "上海港口", "港口 NEAR/3 粮食", '"上海 港口"', '船 -"粮食出口"',
    '"小麦の輸出"', "小麦 NEAR/2 輸出", "輸出船", '"東京 港"', "港", "東京湾",
    '"ท่าเรือกรุงเทพ"', "กรุงเทพ NEAR/4 ข้าว", "ท่าเรือ", '"เรือขนข้าว"', 'เรือ -"ท่าเรือกรุงเทพ"',
    '"부산항 수출"', "부산항 NEAR/2 수출", '"곡물 수출"',
)  # fmt: skip


async def test_phrases_of_scripts_without_spaces_are_found_alike(
    database: Database, sqlite: Database, make_document: MakeDocument, now: datetime
) -> None:
    made = [make_document(text, message_id=at) for at, text in enumerate(UNSPACED * 2, 1)]
    for one in (database, sqlite):
        await store(one, made, now)
    found = 0
    async with database.reader() as conn, sqlite.reader() as other:
        for text in ASKED_OF_UNSPACED:
            for sort in ("newest", "relevance"):
                pages = [await find(one, text, sort) for one in (conn, other)]
                assert pages[0] == pages[1], text
            found += 0 < len(pages[0]) < len(made)
    assert found >= len(ASKED_OF_UNSPACED) // 2


@pytest.fixture
def few_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nearly all are looked up by their pairs: none of the first few is what is asked."""
    monkeypatch.setattr(index, "WIDER", 4)
    monkeypatch.setattr(index, "_MISTAKEN", 0)


PAIRED = ("no grain", "export", "grain of export", "export grain export", "grain grain exported")
ASKED_OF_PAIRED = (
    '"grain export"', '"export grain"', '"grain of export"', '"grain grain export"', '"no grain"',
    '"export grain export"', '"grain grain grain"', '"of steel"',
)  # fmt: skip


@pytest.mark.usefixtures("few_at_first")
async def test_phrases_are_looked_up_by_their_pairs(
    database: Database, sqlite: Database, make_document: MakeDocument, now: datetime
) -> None:
    """Also those of what another version added, which has none, and between dates."""
    made = [
        make_document(
            PAIRED[number % 5] if number < 50 else "rails\nnothing",
            message_id=number,
            published_at=f"2024-05-{1 + number // 4:02}T11:{number:02}:00Z",
        )
        for number in range(60)
    ]
    for one in (database, sqlite):
        await store(one, made, now)
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE document_index_signs SET paired = DEFAULT WHERE id IN"
            " (SELECT id FROM document WHERE message_id % 3 = 0)"
        )
        await tx.execute(
            "DELETE FROM document_index_pairs AS p USING document_index_signs AS g"
            " WHERE g.id = p.id AND NOT g.paired"
        )
    found = 0
    async with database.reader() as conn, sqlite.reader() as other:
        for text in ASKED_OF_PAIRED:
            asked = [one.index.compile(parse(text).root) for one in (conn, other)]  # type: ignore[arg-type]
            for low, high in ((0, 1 << 62), await ends(conn)):
                for limit in (1, 2, 3, 50):
                    ids = [
                        await one.index.list_ids(compiled, low, high, limit)
                        for one, compiled in zip((conn, other), asked, strict=True)
                    ]
                    assert ids[0] == ids[1], text
                found += len(ids[0])
    assert found > 60


_BY_PAIRS = """
    CREATE OR REPLACE FUNCTION reckon_rows(asked TEXT, held TEXT) RETURNS FLOAT LANGUAGE plpgsql
    VOLATILE AS $$ BEGIN
        PERFORM set_config('test.reckoned', 'yes', true);
        RETURN CASE WHEN asked LIKE '%pairs%' THEN 0 ELSE 1000 END;
    END $$
"""
ASKED_BESIDE_PAIRED = (
    '"grain export" -of', '"grain export" no', '"export grain" "grain export"', 'export "no grain"',
    '"grain of" after:2024-05-04', '"grain export" channel:harbour', '"grain export" lang:ru',
    '"of export" (grain OR rails)', '"grain exp" OR export', '"no grain" -export',
    'exp* "of export"',
    'title:"grain of export"', 'own:"grain grain"', '"grain export" "of steel"', '=of "of export"',
    '"export grain" (grain NEAR/1 export)', '"no grain" "grain grain" -"no steel"',
)  # fmt: skip


@pytest.mark.usefixtures("few_at_first")
async def test_phrases_beside_other_conditions_are_looked_up_by_their_pairs(
    database: Database, sqlite: Database, make_document: MakeDocument, now: datetime
) -> None:
    """Also what has no pairs, and what is beyond a tsvector."""
    texts = (*PAIRED, "grain of export\nno grain export", "no grain grain\nexported")
    made = [
        make_document(
            f"{LONG} grain export" if number == 20 else texts[number % 7],
            message_id=number,
            published_at=f"2024-05-{1 + number // 4:02}T11:{number:02}:00Z",
        )
        for number in range(46)
    ]
    made += [
        make_document("rails", message_id=at, published_at=f"2024-05-20T11:00:{at - 50:02}Z")
        for at in range(50, 90)
    ]
    for one in (database, sqlite):
        await store(one, made, now)
    found = 0
    with pytest.raises(UndoneError):
        async with database.transaction() as tx, sqlite.reader() as other:
            await tx.execute(_BY_PAIRS)
            await tx.execute(
                "UPDATE document_index_signs SET paired = DEFAULT WHERE id IN"
                " (SELECT id FROM document WHERE message_id % 3 = 0)"
            )
            await tx.execute(
                "DELETE FROM document_index_pairs AS p USING document_index_signs AS g"
                " WHERE g.id = p.id AND NOT g.paired"
            )
            for text in ASKED_BESIDE_PAIRED:
                asked = [one.index.compile(parse(text).root) for one in (tx, other)]  # type: ignore[arg-type]
                for low, high in ((0, 1 << 62), await ends(tx)):
                    for limit in (2, 6):
                        ids = [
                            await one.index.list_ids(compiled, low, high, limit)
                            for one, compiled in zip((tx, other), asked, strict=True)
                        ]
                        assert ids[0] == ids[1], text
                    found += len(ids[0])
            row = await tx.fetch_one("SELECT current_setting('test.reckoned', true) AS it")
            assert row is not None
            assert row["it"] == "yes"
            raise UndoneError
    assert found > 60


async def ends(conn: Connection) -> tuple[int, int]:
    row = await conn.fetch_one("SELECT min(id) AS low, max(id) AS high FROM document")
    assert row is not None
    return row["low"] + 1, row["high"] - (row["high"] - row["low"]) // 3


@pytest.mark.usefixtures("few_at_first")
async def test_what_is_beyond_a_tsvector_or_spilled_is_told_without_pairs(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    texts = (f"{LONG} grain export", f"{LONG} export of grain", "grain export", *["rails"] * 20)
    made = [
        make_document(text, message_id=n, published_at=f"2024-05-01T11:{n:02}:00Z")
        for n, text in enumerate(texts, 1)
    ]
    await store(database, made, now)
    async with database.transaction() as tx:
        asked = tx.index.compile(parse('"grain export"').root)  # type: ignore[arg-type]
        await tx.execute("DELETE FROM document_index_pairs WHERE pairs = '{}'")
        ids = await tx.index.list_ids(asked, 0, 1 << 62, 2)
        assert await tx.index.list_ids(asked, 0, 1 << 62, 1) == ids[:1]
        assert len(ids) == 2
        await tx.execute(
            "INSERT INTO spilled SELECT id, id - id % 256 FROM document WHERE id = ?", ids[:1]
        )
        assert await tx.index.list_ids(asked, 0, 1 << 62, 2) == ids[1:]


@pytest.mark.parametrize("lost", [("signs",), ("words", "signs")])
@pytest.mark.parametrize("places", [(1, 2), (1, 2, 3, 4)])
async def test_a_document_that_had_no_signs_before_an_upgrade_is_found_after_it(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    lost: Sequence[str],
    places: Sequence[int],
) -> None:
    """It gets them, or is looked at itself; none is found whose words stand otherwise."""
    texts = ("grain export", "export of grain", "grain export", "export of grain")
    made = [make_document(text, message_id=number) for number, text in enumerate(texts, 1)]
    await store(database, made, now)
    script = next(one.sql for one in schema.list_missing(set()) if one.version == 109)
    which = "WHERE id IN (SELECT id FROM document WHERE message_id = ANY(?))"
    async with database.transaction() as tx:
        for what in lost:
            await tx.execute(f"DELETE FROM document_index_{what} {which}", ([*places],))  # noqa: S608
        await tx.execute(script)
    async with database.reader() as conn:
        for sort in ("newest", "relevance"):
            for text in ('"grain export"', "grain NEAR/1 export -of"):
                assert await find(conn, text, sort) == ["tg:77/3", "tg:77/1"]


@pytest.mark.parametrize("is_spilled", [False, True])
async def test_what_was_beyond_a_tsvector_before_its_words_were_kept_is_looked_at_itself(
    database: Database, make_document: MakeDocument, now: datetime, is_spilled: bool
) -> None:
    """Of all else the words are there, and the signs: upgrades fill both."""
    texts = (f"{LONG} grain export", f"{LONG} export of grain")
    await store(database, [make_document(one, message_id=n) for n, one in enumerate(texts, 1)], now)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document_index_words")
        await tx.execute("DELETE FROM document_index_signs")
        if is_spilled:
            await tx.execute("INSERT INTO spilled SELECT id, id - id % 256 FROM document")
    async with database.reader() as conn:
        for sort in ("newest", "relevance"):
            assert await find(conn, '"grain export"', sort) == ["tg:77/1"]


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        (f"{LONG} grain export", '"grain export"', '"export grain"'),
        (f"{'grain ' * 300} export", '"grain export"', '"export grain"'),
        (f"{LONG} grain", "grain -steel", "grain -word16999"),
        ("ж" * 450, f"={'ж' * 450}", f"={'ж' * 449}"),
    ],
)
async def test_what_a_tsvector_cannot_hold_is_decided_on_the_document(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    text: str,
    found: str,
    not_found: str,
) -> None:
    made = [make_document(text), make_document("steel", message_id=2)]
    await store(database, made, now)
    async with database.reader() as conn:
        assert await find(conn, found) == ["tg:77/1"]
        assert await find(conn, found, "relevance") == ["tg:77/1"]
        assert await find(conn, not_found) == []
        assert await search.count(conn, parse(not_found)) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "is_beyond"),
    [
        ("grain", False),
        ("grain " * 256, False),
        ("grain " * 257, True),
        (" ".join(f"w{number}" for number in range(16_384)), True),
        (" ".join(f"w{number}" for number in range(16_383)), False),
    ],
)
def test_how_much_a_tsvector_holds(make_document: MakeDocument, text: str, is_beyond: bool) -> None:
    document = make_document(f"title\n{text.strip()}")
    _, told, vector = lexemes.write_vector(1 << 40, analysis.analyse_document(document))
    assert told == is_beyond == vector.startswith("'x' ")


@pytest.mark.parametrize(
    ("held", "written"), [("a", "'a'"), ("it's", "'it''s'"), ("a\\b", "'a\\\\b'")]
)
def test_lexemes_are_quoted(held: str, written: str) -> None:
    assert lexemes.quoted(held) == written


async def test_what_is_taken_out_is_in_no_table_of_the_index(
    tx: Connection, make_document: MakeDocument, now: datetime
) -> None:
    async def held() -> list[int]:
        counted = (
            await tx.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
            for table in (
                "document_index", "document_index_words", "document_index_signs",
                "document_index_pairs",
            )
        )  # fmt: skip
        return [row["n"] async for row in counted if row is not None]

    made = [make_document(text, message_id=number) for number, text in enumerate(TEXTS, 1)]
    stored = await documents.store_documents(tx, made, stored_at=now, live=True)
    assert await held() == [len(TEXTS)] * 4
    await tx.index.remove([(stored[0].id, analysis.analyse_document(made[0]))])
    assert await held() == [len(TEXTS) - 1] * 4
    await tx.index.clear()
    assert await held() == [0] * 4
