"""Whatever a folder of evidence says, signed or not, is judged, and none of it is our error."""

import json
from collections.abc import Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.evidence import layout, proving
from storage.chain import entries, heads

NOTHING = entries.NOTHING.hex()
POST = layout.post_folder(1)


def head(number: int, first: Any, last: Any, before: str, *, form: Any = heads.FORM) -> str:
    return json.dumps([form, number, "", "", first, last, "root", "", before])


def hash_of(line: str) -> str:
    return sha256(line.encode()).hexdigest()


def proven(lines: list[str], posts: Any = (), files: Mapping[str, str] | None = None) -> list[str]:
    """What is said of a folder; of what never ends the first lines."""
    told = {
        layout.MANIFEST: json.dumps({"posts": posts}),
        layout.HEADS: "\n".join(lines),
        **(files or {}),
    }
    content = {Path(name): text.encode() for name, text in told.items()}
    return list(islice(proving.prove(Path(), set(), content.get), 50))


FIRST = head(1, 1, 3, NOTHING)
SECOND = head(2, 4, 9, hash_of(FIRST))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([FIRST, SECOND], []),
        ([], ["it holds no heads"]),
        ([SECOND], ["head 1 does not follow the one before"]),
        ([FIRST, head(2, 5, 9, hash_of(FIRST))], ["head 2 does not follow the one before"]),
        ([FIRST, head(2, 4, 9, NOTHING)], ["head 2 does not follow the one before"]),
        ([FIRST, head(3, 4, 9, hash_of(FIRST))], ["head 2 does not follow the one before"]),
        ([head(1, 1, 3, NOTHING, form="other")], ["head 1 does not follow the one before"]),
        *(
            ([head(1, *ends, NOTHING), SECOND], ["head 1 is none"])
            for odd in ("3", None, [3], {}, 1.5)
            for ends in ((1, odd), (odd, 3))
        ),
        (["[1, 1, 1]"], ["head 1 is none"]),
    ],
)
def test_each_head_follows_the_one_before(lines: list[str], said: list[str]) -> None:
    assert proven(lines) == [f"changed: {layout.HEADS}: {what}" for what in said]


@pytest.mark.parametrize("line", ["[1, 1e999]", "[1]", "{}", "7", "[1, []]", '[1, "x"]'])
def test_heads_that_cannot_be_read_are_said_to_be_so(line: str) -> None:
    (said,) = proven([FIRST, line])
    assert said == f"changed: {layout.MANIFEST} or {layout.HEADS}: they cannot be read"


def test_versions_that_are_not_there_are_named_once_however_many_are_said_to_be() -> None:
    post = {"folder": POST, "doc_id": "tg:7/1", "versions": 10**9}
    told = {"doc_id": "tg:7/1", "entries": [], "doubts": False}
    said = proven([FIRST], [post], {f"{POST}/{layout.POST}": json.dumps(told)})
    assert f"changed: {POST}/{layout.version_file(1)}: no entry recorded it" in said
    assert len(said) < 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "line": st.builds(json.dumps, st.lists(ANYTHING, min_size=7, max_size=9)) | ANYTHING,
        "head": st.just(1) | ANYTHING,
        "file": st.sampled_from(["version-1.json", "../x", "version-x"]) | ANYTHING,
        "path": st.lists(st.just("00" * 32) | ANYTHING, max_size=3) | ANYTHING,
        "what": ANYTHING,
        "at": ANYTHING,
    },
)
TOLD = st.fixed_dictionaries(
    {"doc_id": st.just("tg:7/1")},
    optional={"entries": st.lists(ENTRY, max_size=3) | ANYTHING, "doubts": ANYTHING},
)


@pytest.mark.slow
@given(
    lines=st.lists(
        st.just(FIRST) | st.builds(json.dumps, st.lists(ANYTHING, min_size=9, max_size=9))
    ),
    post=st.fixed_dictionaries(
        {"folder": st.just(POST)}, optional={"doc_id": st.just("tg:7/1"), "versions": ANYTHING}
    ),
    told=TOLD | ANYTHING,
)
def test_whatever_is_said_is_judged(lines: list[str], post: Any, told: Any) -> None:
    files = {f"{POST}/{layout.POST}": json.dumps(told)}
    for said in proven([FIRST, *lines], [post], files):
        assert said.startswith("changed: ")
