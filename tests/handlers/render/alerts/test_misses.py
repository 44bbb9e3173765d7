"""What keeps a post from matching a query, in words."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.render.alerts.misses import faults_text
from handlers.render.text.dates import Here
from handlers.texts.alerts.why import why_words
from handlers.texts.languages import words_of
from storage.document import Block, Channel, Document, Forward, Link, Source
from storage.query.explain import explain
from storage.query.reading import syntax
from storage.query.words import analysis

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POST: dict[str, Any] = {
    "kind": "post",
    "doc_id": "tg:100/5",
    "source": Source(type="telethon"),
    "channel": Channel(id=100, username="harbour", title="Harbour News"),
    "message_id": 5,
    "published_at": "2026-11-22T10:00:00Z",
    "published_precision": "second",
    "published_basis": "api",
    "title": "The ferry is late",
    "body": (Block(type="para", text="Boats wait at the nato pier for the grain."),),
    "links": (Link(text="map", url="https://maps.example/a"),),
    "lang": "en",
    "content_hash": "",
}


def said(query: str, **fields: Any) -> str:
    document = Document(**{**POST, **fields})
    asked = syntax.parse(query, now=NOW)
    faults = explain(asked, document, analysis.analyse_document(document))
    return faults_text(
        faults,
        asked,
        document,
        here=Here(ZoneInfo("UTC"), NOW),
        words=words_of("en"),
        said=why_words("en"),
    ).text


MAST = Forward(channel_id=16, username="mast", name="Mast")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("crane", "“crane” is not in it"),
        ('"grain pier"', "the words of “grain pier” are in it, but not one after the other"),
        ("ferry NEAR/1 grain", "ferry NEAR/1 grain: they stand further apart"),
        ("cran*", "no word in it begins with “cran”"),
        ("=ferries", "=ferries: this very form is not in it"),
        ("==NATO", "==NATO: the word is in it, but not with these capitals"),
        ("title:grain", "“grain” is not in the title, only below it"),
        ("title:crane", "“crane” is not in the title"),
        ("pier -ferry", "excluded by -ferry"),
        ("ferry -grain", "excluded by -grain"),
        ("crane OR quay", "none of these is in it: “crane”, “quay”"),
        (
            "ant OR bee OR crab OR dove OR emu",
            "none of these is in it: “ant”, “bee”, “crab”, “dove”, “emu”",
        ),
        (
            "ant OR bee OR crab OR dove OR emu OR fox",
            "none of these is in it: “ant”, “bee”, “crab”, “dove”, “emu” …",
        ),
        ("t-72", "“t 72” is not in it"),
        ("t-72 OR t-80", "none of these is in it: “t 72”, “t 80”"),
        ("crane quay", "“crane” is not in it; “quay” is not in it"),
        ("a1 b1 c1", "“a1” is not in it; “b1” is not in it; “c1” is not in it"),
        ("a1 b1 c1 d1", "“a1” is not in it; “b1” is not in it; “c1” is not in it …"),
        ("ferry before:2026-11-01", "before:2026-11-01: published today 10:00"),
        ("channel:city", "channel:city: it stands in Harbour News"),
        ("channel:city OR channel:quay", "channel:city, channel:quay: it stands in Harbour News"),
        ("from:mast", "from:mast: it is no forward"),
        ("lang:ru", "lang:ru: the post is in English"),
        ("has:photo", "has:photo: it has none"),
        ("is:edited", "is:edited: it has not been edited"),
        ("is:deleted", "is:deleted: it has not been deleted"),
        ("place:Oslo", "place:oslo: it is not datelined there"),
        ("link:example.org", "link:example.org: no link in it leads there"),
        ("who:Kalen", "who:kalen: nobody of that name is quoted in it"),
        ("#ferry", "#ferry is not in it"),
    ],
)
def test_what_is_missing_is_said(query: str, text: str) -> None:
    assert said(query) == text


@pytest.mark.parametrize(
    ("query", "fields", "text"),
    [
        ("from:quay", {"forwarded_from": MAST}, "from:quay: it is forwarded from Mast"),
        ("is:original", {"forwarded_from": MAST}, "is:original: it is a forward"),
        ("lang:ru", {"lang": None}, "lang:ru: its language is not known"),
        ("lang:ru", {"lang": "xx"}, "lang:ru: its language is not known"),
    ],
)
def test_what_a_post_is_instead(query: str, fields: dict[str, Any], text: str) -> None:
    assert said(query, **fields) == text
