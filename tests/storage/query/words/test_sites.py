import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.document import Document, Link, Media, Source
from storage.query.words import sites
from storage.query.words.sites import Site


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.Example.org/News/", "example.org/news"),
        ("example.org", "example.org"),
        ("//example.org?a=1#b", "example.org/?a=1"),
        ("HTTP://example.org:8080/a%20b", "example.org/a%20b"),
        ("https://example.org./x", "example.org/x"),
        ("https://xn--e1aybc.xn--p1ai/", "тест.рф"),
        ("https://ТЕСТ.рф/Новости", "тест.рф/новости"),
        ("https://example\u3002org", "example.org"),
        ("https://example.org@mill.test/x", "mill.test/x"),
        ("https://mill.test\\@example.org/", "mill.test/@example.org"),
        ("https://exam\tple.org", "example.org"),
        ("https://example.org.mill.test", "example.org.mill.test"),
        ("https://еxample.org", "еxample.org"),  # its first letter is Cyrillic
        ("192.0.2.7/x", "192.0.2.7/x"),
        ("https://a_b.example.org", "a_b.example.org"),
        ("mailto:ann@example.org", None),
        ("tg://resolve?domain=example", None),
        ("geo:59.9,30.2", None),
        ("javascript:alert(1)", None),
        ("javascript://example.org/%0aalert(1)", None),
        ("https://[::1]/", None),
        ("localhost", None),
        ("Read in full", None),
        ("", None),
    ],
)
def test_an_address_is_read_as_browsers_read_it(address: str, site: str | None) -> None:
    found = sites.read(address)
    assert (None if found is None else str(found).replace("//", "/")) == site


@pytest.mark.parametrize(
    ("address", "asked", "leads"),
    [
        ("https://example.org", "example.org", True),
        ("https://www.example.org/x", "example.org", True),
        ("https://news.example.org/x", "www.example.org", True),
        ("https://news.example.org/x", "example.org", True),
        ("https://example.org/x", "news.example.org", False),
        ("https://notexample.org", "example.org", False),
        ("https://example.org.evil.test", "example.org", False),
        ("https://t.me/Harbour/12", "t.me/harbour", True),
        ("https://t.me/harbour_news/12", "t.me/harbour", False),
        ("https://example.org/watch?v=a&t=1", "example.org/watch?v=a", True),
        ("https://example.org/watch?v=ab", "example.org/watch?v=a", False),
        ("https://example.org/", "example.org/x", False),
    ],
)
def test_a_link_leads_to_a_site_and_what_is_above_it(address: str, asked: str, leads: bool) -> None:
    site, wanted = sites.read(address), sites.read(asked)
    assert site is not None
    assert wanted is not None
    assert sites.leads_to(site, wanted) is leads
    if not wanted.rest:
        assert (wanted.host in sites.names(site.host)) is leads


def test_of_many_labels_the_last_few_are_names() -> None:
    host = ".".join(["a"] * 60) + ".example.org"
    found = sites.names(host)
    assert host in found
    assert "example.org" in found
    assert "org" not in found
    assert len(found) == sites.MOST_LABELS
    assert max(one.count(".") for one in found if one != host) == sites.MOST_LABELS - 1


@pytest.mark.parametrize("count", [2, 7, 8, 9])
def test_every_ending_of_a_site_is_a_name_up_to_a_number_of_labels(count: int) -> None:
    labels = [*"abcdefghij"[-count:]]
    endings = {".".join(labels[-size:]) for size in range(2, count + 1)}
    assert set(sites.names(".".join(labels))) == endings


def test_of_a_long_address_the_beginning_is_read() -> None:
    found = sites.read(f"example.org/{'a' * sites.LONGEST}")
    assert found is not None
    assert len(str(found)) == sites.LONGEST


def test_links_and_linked_pages_lead_somewhere() -> None:
    document = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        links=(
            Link(text="In full", url="https://example.org/full"),
            Link(text="mill.test"),
            Link(text="again", url="http://www.example.org/full/"),
        ),
        media=(
            Media(type="webpage", url="https://news.test/1"),
            Media(type="location", url="geo:1,2"),
        ),
        content_hash="0" * 16,
    )
    assert sites.list_sites(document) == (
        Site("example.org", "full"),
        Site("mill.test", ""),
        Site("news.test", "1"),
    )


@given(st.text(max_size=600))
def test_whatever_is_written_is_read_or_left(address: str) -> None:
    found = sites.read(address)
    if found is not None:
        assert "." in found.host
        assert found.host in sites.names(found.host)
        assert sites.leads_to(found, Site(found.host, ""))
