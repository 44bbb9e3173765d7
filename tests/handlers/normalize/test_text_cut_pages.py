"""A channel page as text, whole, shuffled and cut after any line. All texts are invented."""

from dataclasses import dataclass

import pytest

from handlers.normalize.text import read_text
from storage.document import Document, Event


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A post as such a page prints it, and the kinds of its blocks."""

    title: str
    body: tuple[tuple[str, str], ...]
    forward: str | None = None
    event: Event | None = None
    hashtags: tuple[str, ...] = ()

    @property
    def rows(self) -> list[str]:
        """Its lines: where it is from, the title, and the rest of it twice."""
        told = [f"Forwarded from {self.forward}"] if self.forward else []
        rest = [text for _, text in self.body]
        return [*told, self.title, *rest, *rest]


TOWN = "Old Town Hall 🏘"
POSTS = (
    Printed(
        forward=TOWN,
        title="🤝 The yearly meeting of the #Ports took place on December 26",
        body=(
            ("quote", "💬 Mayor Jane Roe: This year our towns have worked together well."),
            ("para", "The towns have built a bridge, a pier and two lamps without any help."),
            ("para", "I am sure that more of it serves everybody who lives by the water."),
            ("cta", "Read in full"),
        ),
        hashtags=("#Ports",),
    ),
    Printed(
        forward=TOWN,
        title="⚡️Main outcomes of the year⚡️",
        body=(
            ("para", "The year saw a flood, two fairs and a new ferry."),
            ("bullet", "✍️ The harbours signed a paper about fog."),
            ("bullet", "✍️ The fishers agreed on their nets."),
            ("bullet", "✅ The #Pier was mended."),
            ("para", "We have walked far this year, and shall walk on."),
            ("cta", "Read in full"),
        ),
        hashtags=("#Pier",),
    ),
    Printed(
        forward="Harbour Office",
        title="🎙 Remarks by the harbour master at the sixth meeting about fog",
        body=(
            ("location", "📍 Springfield, March 13, 2023"),
            ("quote", "💬 The fog has changed more than we thought."),
            ("bullet", "🤝 We welcome those towns that have bought a horn."),
            ("para", "Does this sound like care for those at sea?"),
        ),
        event=Event(place="Springfield", date="2023-03-13", basis="pin_line"),
    ),
    Printed(
        title="🗓 On July 19, the town will hold a debate about the tide.",
        body=(
            ("subhead", "Three evenings have been planned for it:"),
            ("bullet", "🔹 July 16 – the tide and the pier."),
            ("bullet", "🔹 July 17 – the tide and the ferry."),
            ("hashtags", "#Tide #Ferry"),
        ),
        hashtags=("#Tide", "#Ferry"),
    ),
    Printed(
        forward="Lighthouse",
        title="The keeper of the lamp met with the keeper of the bell.",
        body=(
            ("quote", "💬 Keeper Ann Lee: Thank you for asking me to come."),
            ("para", "We should like to hear the bell in the north as well."),
            ("hashtags", "#LampAndBell"),
        ),
        hashtags=("#LampAndBell",),
    ),
)


def read(rows: list[str]) -> list[Document]:
    return read_text("\n".join(rows), file="page.txt", file_hash="ab" * 32)


def check(document: Document, post: Printed) -> None:
    """The document is that post, whole."""
    assert document.title == post.title
    assert [(block.type, block.text) for block in document.body] == list(post.body)
    assert (document.forwarded_from and document.forwarded_from.name) == post.forward
    assert document.event == post.event
    assert document.hashtags == post.hashtags
    assert (document.lang, document.kind, document.published_at) == ("en", "post", None)
    assert document.artefact.copy == "exact"
    assert document.flags == ("body_repeated",)


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("start", range(len(POSTS)))
def test_the_posts_of_a_page_read_the_same_in_any_order(start: int, step: int) -> None:
    order = [POSTS[(start + step * number) % len(POSTS)] for number in range(len(POSTS))]
    documents = read([row for post in order for row in post.rows])
    first = 1
    for document, post in zip(documents, order, strict=True):
        check(document, post)
        assert document.source.lines == (first, first + len(post.rows) - 1)
        first += len(post.rows)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.title[:12])
def test_a_post_reads_the_same_alone_and_thrice(post: Printed, times: int) -> None:
    documents = read(post.rows * times)
    assert len(documents) == times
    for document in documents:
        check(document, post)


def test_a_page_cut_after_any_line_says_of_the_cut_post_what_is_left_of_it() -> None:
    rows = [row for post in POSTS for row in post.rows]
    first = 0
    for number, post in enumerate(POSTS):
        for count in range(1, len(post.rows)):
            *before, cut = read(rows[: first + count])
            for document, known in zip(before, POSTS[:number], strict=True):
                check(document, known)
            assert cut.source.lines == (first + 1, first + count)
            check_cut(cut, post, count)
        first += len(post.rows)


def check_cut(document: Document, post: Printed, count: int) -> None:
    """The document is what so many lines show of a post."""
    told = 1 if post.forward else 0
    whole = [post.title, *(text for _, text in post.body)]
    copied = max(0, count - told - len(whole))
    assert document.texts() == whole[: max(0, count - told)]
    assert document.title == (post.title if count > told else None)
    assert (document.forwarded_from and document.forwarded_from.name) == post.forward
    types = [kind for kind, _ in post.body][: max(0, count - told - 1)]
    assert [block.type for block in document.body] == types
    assert document.artefact.keep == tuple((at, None) for at in range(copied))
    assert document.artefact.copy == ("cut" if copied else "none")
    # Without its copy nothing says where it begins, but for where it is from and what is before it.
    flags = {"body_repeated", "copy_cut"} if copied else set(document.flags) & {"boundary_unsure"}
    assert set(document.flags) == flags
