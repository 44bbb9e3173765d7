"""What explain says agrees with what the evaluator decides."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Block, Document, Media, Source
from storage.query import evaluate
from storage.query.explain import Fault, count_met, explain
from storage.query.reading.syntax import parse
from storage.query.tree import And, Node, Not, Or, Own
from storage.query.words import analysis
from storage.structs import replace

WORDS = ("ferry", "grain", "port", "storm")
LEAVES = (
    *WORDS, '"grain port"', "ferry NEAR/1 storm", "=ports", "gra*", "title:storm", "lang:en",
    "link:example.org", "link:example.org/press",
)  # fmt: skip
ATTACHED = (
    (),
    (Media(type="document", name="grain_ports.pdf"),),
    (Media(type="webpage", title="Ferry storm", url="https://www.example.org/press"),),
)

atoms = st.sampled_from(LEAVES)
queries = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        st.builds("{} -({})".format, inner, inner),
        st.builds("({}) OR -({})".format, inner, inner),
        inner.map("({})".format),
        inner.map("({} in:text)".format),
    ),
    max_leaves=6,
)
texts = st.lists(st.sampled_from((*WORDS, "ports", "and", "wombat")), max_size=6).map(" ".join)


def post(text: str, title: str | None = None, **fields: object) -> Document:
    made = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        published_at="2026-11-20T10:00:00Z",
        published_precision="second",
        title=title,
        body=(Block(type="para", text=text),) if text else (),
        content_hash="0" * 16,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def said(query: str, document: Document) -> list[str]:
    found = explain(parse(query), document, analysis.analyse_document(document))
    return [" ".join([fault.how, *map(str, fault.parts), fault.nearly]).strip() for fault in found]


def silent(document: Document) -> Document:
    """The document without the words of what is attached."""
    media = (replace(one, title=None, name=None) for one in document.media)
    return replace(document, media=tuple(media))


def holds(node: Node, document: Document, met: set[int]) -> bool:
    """Whether a query would match if the parts named (by identity) were as they are wanted."""
    if id(node) in met:
        return True
    match node:
        case And(parts):
            return all(holds(part, document, met) for part in parts)
        case Or(parts):
            return any(holds(part, document, met) for part in parts)
        case Not(part):
            return not lacks(part, document, met)
    if isinstance(node, Own):
        return holds(node.part, silent(document), met)
    return evaluate.node_matches(node, analysis.analyse_document(document))


def lacks(node: Node, document: Document, met: set[int]) -> bool:
    """Whether a part that is refused would match all the same."""
    if id(node) in met:
        return False
    match node:
        case And(parts):
            return all(lacks(part, document, met) for part in parts)
        case Or(parts):
            return any(lacks(part, document, met) for part in parts)
        case Not(part):
            return not holds(part, document, met)
    return evaluate.node_matches(node, analysis.analyse_document(document))


def choices(faults: tuple[Fault, ...]) -> list[set[int]]:
    """Every way to meet the faults: one part of each."""
    return [{id(part) for part in way} for way in product(*(fault.parts for fault in faults))]


@given(queries, texts, texts, st.sampled_from(ATTACHED))
def test_what_is_named_is_what_it_takes_and_no_more(
    asked: str, text: str, title: str, attached: tuple[Media, ...]
) -> None:
    query = parse(f"({asked}) wombat")  # never only a refusal
    assert query.root is not None
    lang = "en" if "and" in text else None
    document = post(text, title or None, lang=lang, media=attached)
    analysed = analysis.analyse_document(document)
    faults = explain(query, document, analysed)
    assert (not faults) == evaluate.matches(query, document, analysed)
    for way in choices(faults):
        assert holds(query.root, document, way)
    for left_out in range(len(faults)):
        fewer = faults[:left_out] + faults[left_out + 1 :]
        for way in choices(fewer):
            assert not holds(query.root, document, way)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("grain", "The ferry sails", ["missing grain"]),
        ("grain ferry", "The ferry sails", ["missing grain"]),
        ("grain port", "The ferry sails", ["missing grain", "missing port"]),
        ("grain", "Grains", []),
        ("grain OR port", "The ferry sails", ["missing grain port"]),
        ("(grain OR port) ferry", "The ferry sails", ["missing grain port"]),
        ("(grain wheat port) OR (storm ferry)", "The ferry sails", ["missing storm"]),
        ('"storm ferry" OR (grain port)', "A ferry, a storm", ['missing "storm ferry" apart']),
        ("(ferry -storm) OR grain", "A ferry, a storm", ["refused storm"]),
        ("(grain port) OR (ferry -storm)", "A ferry, a storm", ["refused storm"]),
        ("(grain port) OR (storm wheat) OR (ferry oil)", "A ferry, a storm", ["missing wheat oil"]),
        ("ferry -storm", "The ferry sails in a storm", ["refused storm"]),
        ("ferry -(storm OR rain)", "A ferry, a storm", ["refused storm"]),
        ("ferry -(storm rain)", "A ferry, a storm, rain", ["refused storm rain"]),
        ("ferry -(storm -rain)", "A ferry, a storm", ["refused storm -rain"]),
        ('"storm ferry"', "The ferry sails in a storm", ['missing "storm ferry" apart']),
        ('"storm grain"', "The ferry sails in a storm", ['missing "storm grain"']),
        ("ferry NEAR/1 storm", "Ferry: it will be a storm", ["missing ferry NEAR/1 storm apart"]),
        ("title:ferry", "The ferry sails", ["missing title:ferry below"]),
        ("=ferries", "The ferry sails", ["missing =ferries"]),
        ("==FERRY", "The ferry sails", ["missing ==FERRY small"]),
        ("==Ferry", "The ferry sails", ["missing ==Ferry small"]),
        ("==FERRY", "The FERRY sails", []),
        ("F.E.", "The fe sails", ["missing ==FE small"]),
        ("ferry -==US", "A US ferry", ["refused ==US"]),
        ("ferry lang:en", "The ferry sails", ["missing lang:en"]),
        ("ferry after:2026-11-21", "The ferry sails", ["dates"]),
        ("grain after:2026-11-21", "The ferry sails", ["dates", "missing grain"]),
    ],
)
def test_faults(query: str, text: str, found: list[str]) -> None:
    assert said(query, post(text)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("storm", []),
        ("storm in:text", ["missing storm attached"]),
        ("(storm OR grain) in:text", ["missing storm grain"]),
        ("(ferry -storm) in:text", []),
        ("ferry -storm", ["refused storm"]),
        ("ferry -(ferry in:text)", ["refused ferry in:text"]),
        ("link:mill.test", ["missing link:mill.test"]),
        ("link:example.org", []),
        ("link:example.org/news", ["missing link:example.org/news"]),
    ],
)
def test_faults_of_a_post_with_something_attached(query: str, found: list[str]) -> None:
    assert said(query, post("The ferry sails", media=ATTACHED[2])) == found


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ("grain", (0, 1)),
        ("ferry grain -storm", (2, 3)),
        ("ferry after:2026-11-21", (1, 2)),
        ("after:2026-11-01", (1, 1)),
        ("ferry grain -storm in:text", (2, 3)),
    ],
)
def test_conditions_that_are_met_are_counted(query: str, met: tuple[int, int]) -> None:
    document = post("The ferry sails")
    assert count_met(parse(query), document, analysis.analyse_document(document)) == met
